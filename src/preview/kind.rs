//! What bytes look like, by how they begin.
//!
//! Invariant: only the beginning of an object is looked at for this, and at most a few hundred bytes of it.

use super::request::PreviewRequest;

/// What can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentFormat {
    /// gzip, also several members.
    Gzip,
    /// Zstandard, also with skippable frames.
    Zstd,
    /// bzip2.
    Bzip2,
    /// A tar archive.
    Tar,
    /// A zip archive.
    Zip,
    /// Parquet.
    Parquet,
    /// Something else: text, or bytes.
    Other,
}

/// The format of an object.
pub(super) fn recognise_format(request: &PreviewRequest) -> ContentFormat {
    let start = request.head_bytes();
    let ends = request.windows.iter().any(|window| {
        Some(window.end()) == request.size && (window.bytes.ends_with(b"PAR1") || window.bytes.ends_with(b"PARE"))
    });
    match start {
        [0x1f, 0x8b, 8, ..] => ContentFormat::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => ContentFormat::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if is_bzip2_block(rest) => ContentFormat::Bzip2,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => ContentFormat::Zip,
        [b'P', b'A', b'R', b'1' | b'E', ..] => ContentFormat::Parquet,
        [] if ends && request.ending() == "parquet" => ContentFormat::Parquet,
        _ if start.get(257..262) == Some(b"ustar") => ContentFormat::Tar,
        _ => ContentFormat::Other,
    }
}

/// A block, or the end of an empty stream.
fn is_bzip2_block(rest: &[u8]) -> bool {
    const BLOCK: [u8; 6] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
    const END: [u8; 6] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
    let length = rest.len().min(6);
    rest[..length] == BLOCK[..length] || rest[..length] == END[..length]
}

/// How some formats begin that the crate does not know, or names less well.
const BEGINNINGS: [(&[u8], &str); 38] = [
    (b"SQLite format 3\0", "SQLite database"),
    (b"ORC", "ORC file"),
    (b"Obj\x01", "Avro file"),
    (b"ARROW1", "Arrow file"),
    (b"\x89HDF\r\n\x1a\n", "HDF5 file"),
    (b"CDF\x01", "NetCDF file"),
    (b"CDF\x02", "NetCDF file"),
    (b"GRIB", "GRIB weather data"),
    (b"\x93NUMPY", "NumPy array"),
    (b"\x80\x02", "Python pickle"),
    (b"\x80\x03", "Python pickle"),
    (b"\x80\x04", "Python pickle"),
    (b"\x80\x05", "Python pickle"),
    (b"\x7fELF", "ELF program"),
    (b"\xca\xfe\xba\xbe", "Java class or universal Mach-O program"),
    (b"\xcf\xfa\xed\xfe", "Mach-O program"),
    (b"\0asm", "WebAssembly module"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x04\x22\x4d\x18", "LZ4 frame"),
    (b"\xff\x06\0\0sNaPpY", "snappy, framed"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"LUKS\xba\xbe", "LUKS encrypted volume"),
    (b"\xd4\xc3\xb2\xa1", "packet capture"),
    (b"\xa1\xb2\xc3\xd4", "packet capture"),
    (b"\x0a\x0d\x0d\x0a", "packet capture (pcapng)"),
    (b"Salted__", "encrypted by OpenSSL"),
    (b"age-encryption.org/", "encrypted by age"),
    (b"PGDMP", "PostgreSQL dump"),
    (b"GGUF", "GGUF model"),
    (b"BAM\x01", "BAM alignments"),
    (b"CRAM", "CRAM alignments"),
    (b"LASF", "LAS point cloud"),
    (b"glTF", "glTF model"),
    (b"DUCK", "DuckDB database"),
    (b"\x1f\x9d", "compress (.Z)"),
    (b"\x5d\0\0", "LZMA"),
    (b"TZif", "time zone"),
];

/// `bytes, no text · PNG image 1280×720`
pub(super) fn describe_bytes(request: &PreviewRequest) -> String {
    let start = request.head_bytes();
    match name_bytes(start) {
        Some(name) => format!("bytes, no text · {name}"),
        None if !start.is_empty() && start.iter().all(|byte| *byte == 0) => "bytes, no text · zeros".to_owned(),
        None => "bytes, no text".to_owned(),
    }
}

fn name_bytes(start: &[u8]) -> Option<String> {
    if let Some((width, height)) = picture_size(start) {
        let name = if start[0] == b'G' { "GIF" } else { "PNG" };
        return Some(format!("{name} image {width}×{height}"));
    }
    if start.get(4..8) == Some(b"DUCK") || start.get(8..12) == Some(b"DUCK") {
        return Some("DuckDB database".to_owned());
    }
    if start.get(128..132) == Some(b"DICM") {
        return Some("DICOM image".to_owned());
    }
    if let Some((_, name)) = BEGINNINGS.iter().find(|(beginning, _)| start.starts_with(beginning)) {
        return Some((*name).to_owned());
    }
    // A few bytes at the beginning suffice for what it knows.
    let known = infer::get(&start[..start.len().min(8192)])?;
    Some(format!("{} ({})", known.extension(), known.mime_type()))
}

fn picture_size(start: &[u8]) -> Option<(u32, u32)> {
    if start.starts_with(b"\x89PNG\r\n\x1a\n") && start.get(12..16)? == b"IHDR" {
        let number = |at: usize| Some(u32::from_be_bytes(start.get(at..at + 4)?.try_into().ok()?));
        return Some((number(16)?, number(20)?));
    }
    if start.starts_with(b"GIF8") {
        let number = |at: usize| Some(u32::from(u16::from_le_bytes(start.get(at..at + 2)?.try_into().ok()?)));
        return Some((number(6)?, number(8)?));
    }
    None
}
