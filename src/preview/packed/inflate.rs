//! gzip, bzip2 and Zstandard by one loop with one limit.

use std::io::{ErrorKind, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;

use super::frames::unpack_zstd;
use crate::preview::kind::ContentFormat;

/// Bytes that come out at most.
pub(crate) const MOST_UNPACKED: usize = 1024 * 1024;

/// Bytes that come out however little went in, before the ratio counts.
const RATIO_FROM: usize = 256 * 1024;

/// Bytes that come out for each that went in.
const LARGEST_RATIO: usize = 100;

/// Bytes unpacked at once.
const STEP: usize = 16 * 1024;

/// What came out, and why no more.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// What came out.
    pub(crate) bytes: Vec<u8>,
    /// Bytes that were consumed.
    pub(crate) read: usize,
    /// Why no more.
    pub(crate) end: UnpackEnd,
}

/// Why no more came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnpackEnd {
    /// That is all.
    Whole,
    /// The input ended.
    Cut,
    /// The input is damaged.
    Damaged,
    /// [`MOST_UNPACKED`] came out.
    Limit,
    /// Too much came out of too little.
    Bomb,
    /// zstd with a window of this size.
    WindowTooLarge(u64),
    /// zstd that needs this dictionary.
    NeedsDictionary(u32),
}

/// Unpacks what is there.
pub(crate) fn unpack(format: ContentFormat, input: &[u8]) -> Unpacked {
    match format {
        ContentFormat::Gzip => unpack_with(MultiGzDecoder::new(input), input.len(), |decoder| decoder.get_ref().len()),
        ContentFormat::Bzip2 => unpack_with(MultiBzDecoder::new(input), input.len(), |decoder| decoder.get_ref().len()),
        ContentFormat::Zstd => unpack_zstd(input),
        _ => Unpacked { bytes: vec![], read: 0, end: UnpackEnd::Damaged },
    }
}

fn unpack_with<D: Read>(mut decoder: D, length: usize, left: impl Fn(&D) -> usize) -> Unpacked {
    let (mut bytes, mut step) = (vec![], [0; STEP]);
    let end = loop {
        if bytes.len() >= MOST_UNPACKED {
            break UnpackEnd::Limit;
        }
        if is_bomb(bytes.len(), length - left(&decoder)) {
            break UnpackEnd::Bomb;
        }
        match decoder.read(&mut step) {
            Ok(0) => break UnpackEnd::Whole,
            Ok(count) => bytes.extend_from_slice(&step[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break UnpackEnd::Cut,
            Err(_) => break UnpackEnd::Damaged,
        }
    };
    bytes.truncate(MOST_UNPACKED);
    Unpacked { read: length - left(&decoder), bytes, end }
}

/// Whether so much came out of so little that it is no use to go on.
pub(super) fn is_bomb(unpacked: usize, read: usize) -> bool {
    unpacked >= RATIO_FROM && unpacked / read.max(1) > LARGEST_RATIO
}
