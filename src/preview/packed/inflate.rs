//! gzip, bzip2 and Zstandard by one loop with one limit.

use std::io::{self, BufRead, ErrorKind, Read};

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
        ContentFormat::Gzip => unpack_with(input, MultiGzDecoder::new, |decoder| decoder.get_ref().rest.len()),
        ContentFormat::Bzip2 => unpack_with(input, MultiBzDecoder::new, |decoder| decoder.get_ref().rest.len()),
        ContentFormat::Zstd => unpack_zstd(input),
        _ => Unpacked { bytes: vec![], read: 0, end: UnpackEnd::Damaged },
    }
}

/// Bytes given out in pieces.
struct InputPieces<'a> {
    rest: &'a [u8],
    longest: usize,
}

impl Read for InputPieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for InputPieces<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(&self.rest[..self.rest.len().min(self.longest)])
    }

    fn consume(&mut self, count: usize) {
        self.rest = &self.rest[count.min(self.rest.len())..];
    }
}

fn unpack_with<'a, D: Read>(
    input: &'a [u8],
    begin: impl Fn(InputPieces<'a>) -> D,
    left: impl Fn(&D) -> usize,
) -> Unpacked {
    let read = |longest| {
        let (mut decoder, mut bytes) = (begin(InputPieces { rest: input, longest }), vec![]);
        let end = read_steps(&mut decoder, &mut bytes, input.len(), &left);
        bytes.truncate(MOST_UNPACKED);
        Unpacked { read: input.len() - left(&decoder), bytes, end }
    };
    let unpacked = read(usize::MAX);
    // A decoder that fails keeps what it made of the same piece of input: given byte by byte, all comes out that was right.
    if unpacked.end == UnpackEnd::Damaged { read(1) } else { unpacked }
}

/// Reads until something ends it: the content, its input, damage or a limit.
fn read_steps<D: Read>(decoder: &mut D, bytes: &mut Vec<u8>, length: usize, left: impl Fn(&D) -> usize) -> UnpackEnd {
    let mut step = [0; STEP];
    loop {
        if bytes.len() >= MOST_UNPACKED {
            return UnpackEnd::Limit;
        }
        if is_bomb(bytes.len(), length - left(decoder)) {
            return UnpackEnd::Bomb;
        }
        match decoder.read(&mut step) {
            Ok(0) => return UnpackEnd::Whole,
            Ok(count) => bytes.extend_from_slice(&step[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return UnpackEnd::Cut,
            Err(_) => return UnpackEnd::Damaged,
        }
    }
}

/// Whether so much came out of so little that it is no use to go on.
pub(super) fn is_bomb(unpacked: usize, read: usize) -> bool {
    unpacked >= RATIO_FROM && unpacked / read.max(1) > LARGEST_RATIO
}
