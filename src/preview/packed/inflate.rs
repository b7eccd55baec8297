//! gzip, bzip2 and Zstandard by one loop with one limit.

use std::io::{self, BufRead, ErrorKind, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;

use super::{
    frames::unpack_zstd,
    limits::{MOST_UNPACKED, UnpackEnd, Unpacked, is_bomb},
};
use crate::preview::kind::ContentFormat;

/// Bytes unpacked at once.
const STEP: usize = 16 * 1024;

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
