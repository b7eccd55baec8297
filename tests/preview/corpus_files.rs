//! What the tests read: files made by `corpus/make.py`, and packed content made here.

use std::{fmt::Write as _, fs, io::Write, path::Path};

use bzip2::write::BzEncoder;
use flate2::{Compression, write::GzEncoder};

/// A file of the corpus.
pub(crate) fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/preview/corpus").join(name)).unwrap()
}

/// All files of the corpus with their names.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/preview/corpus");
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".parquet"));
    names.sort();
    names.into_iter().map(|name| (name.clone(), file(&name))).collect()
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn bzip2(content: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(vec![], bzip2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(content: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A zstd block: its kind (0 raw, 1 one byte repeated), size and content.
pub(crate) fn zstd_block(last: bool, kind: u32, size: u32, content: &[u8]) -> Vec<u8> {
    let head = u32::from(last) | kind << 1 | size << 3;
    [&head.to_le_bytes()[..3], content].concat()
}

/// A zstd frame with this window byte and blocks, without checksum and size.
pub(crate) fn zstd_frame(window: u8, blocks: &[Vec<u8>]) -> Vec<u8> {
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, window], blocks.concat().as_slice()].concat()
}

/// A log that packs about four to one.
pub(crate) fn log(lines: u32) -> String {
    let mut text = String::new();
    for line in 0..lines {
        let (minute, second, reading) = (line / 60 % 60, line % 60, line.wrapping_mul(2_654_435_761));
        let station = line % 40;
        writeln!(text, "2026-11-02T06:{minute:02}:{second:02}Z INFO SEA-{station:02} {reading} readings").unwrap();
    }
    text
}

/// A tar of these names and contents.
pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = vec![];
    for (name, content) in members {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[136..147].copy_from_slice(format!("{:011o}", 1_793_577_600).as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A zip of these names, each with a content of this many bytes that is stored.
pub(crate) fn zip(members: &[(&str, usize)]) -> Vec<u8> {
    let (mut archive, mut list) = (vec![], vec![]);
    for (name, size) in members {
        let offset = u32::try_from(archive.len()).unwrap();
        let (size32, length) = (u32::try_from(*size).unwrap(), u16::try_from(name.len()).unwrap());
        archive.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\x5d\0\0\0\0");
        archive.extend([size32.to_le_bytes(), size32.to_le_bytes()].concat());
        archive.extend([length.to_le_bytes(), [0, 0]].concat());
        archive.extend(name.bytes());
        archive.resize(archive.len() + size, b'x');
        list.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\x21\x5d\0\0\0\0");
        list.extend([size32.to_le_bytes(), size32.to_le_bytes()].concat());
        list.extend([length.to_le_bytes(), [0; 2], [0; 2], [0; 2], [0; 2]].concat());
        list.extend([[0; 4], offset.to_le_bytes()].concat());
        list.extend(name.bytes());
    }
    let (start, length) = (u32::try_from(archive.len()).unwrap(), u32::try_from(list.len()).unwrap());
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    archive.extend(list);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    archive.extend([0, 0]);
    archive
}
