//! Unpacking without a limit on length: a stream in, a stream out.
//!
//! Invariant: memory stays bounded whatever the stream says; what came out before an error was written, but for the last
//! [`STEP`].

use std::{
    fmt::{self, Display, Formatter},
    io::{self, BufRead, Chain, Cursor, ErrorKind, Read, Write},
};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use crate::domain::numbers::{format_bytes, group_digits};

/// Bytes unpacked at once. Of a step in which a decoder fails nothing comes out, so it is small.
const STEP: usize = 4 * 1024;

/// The largest window of zstd, as in the format's recommendation for decoders that take long ones.
const LARGEST_WINDOW: u64 = 128 * 1024 * 1024;

/// Why a stream was not unpacked to its end.
#[derive(Debug)]
pub enum StreamFault {
    /// It is neither gzip, nor zstd, nor bzip2.
    NotPacked,
    /// It is damaged, after so many bytes came out.
    Damaged(&'static str, u64),
    /// Its end is missing.
    Cut(&'static str, u64),
    /// zstd with this reason.
    Refused(String),
    /// Reading or writing failed.
    Io(io::Error),
}

impl Display for StreamFault {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::NotPacked => write!(f, "not gzip, zstd or bzip2"),
            Self::Damaged(format, bytes) => write!(f, "{format}: damaged after {} bytes", group_digits(bytes)),
            Self::Cut(format, bytes) => {
                write!(f, "{format}: its end is missing · {} bytes came out", group_digits(bytes))
            }
            Self::Refused(why) => write!(f, "zstd: {why} · not unpacked"),
            Self::Io(error) => write!(f, "{}", error.kind()),
        }
    }
}

/// The format that a stream begins with: `gzip`, `zstd` or `bzip2`. Four bytes are enough to tell.
pub fn packed_format(beginning: &[u8]) -> Option<&'static str> {
    match beginning {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [b'B', b'Z', b'h', ..] => Some("bzip2"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some("zstd"),
        _ => None,
    }
}

/// Unpacks `input` to `output`: how many bytes came out. To be called in the child alone.
pub fn unpack_stream(mut input: impl BufRead, output: &mut impl Write) -> Result<u64, StreamFault> {
    let mut beginning = vec![];
    input.by_ref().take(4).read_to_end(&mut beginning).map_err(StreamFault::Io)?;
    let format = packed_format(&beginning).ok_or(StreamFault::NotPacked)?;
    let input = Cursor::new(beginning).chain(input);
    match format {
        "gzip" => copy_all(&mut MultiGzDecoder::new(input), output, format, &mut 0),
        "bzip2" => copy_all(&mut MultiBzDecoder::new(input), output, format, &mut 0),
        _ => unpack_frames(input, output),
    }
}

fn copy_all(
    decoder: &mut impl Read,
    output: &mut impl Write,
    format: &'static str,
    written: &mut u64,
) -> Result<u64, StreamFault> {
    let mut step = vec![0; STEP];
    loop {
        match decoder.read(&mut step) {
            Ok(0) => return Ok(*written),
            Ok(count) => {
                output.write_all(&step[..count]).map_err(StreamFault::Io)?;
                *written += count as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(StreamFault::Cut(format, *written)),
            Err(_) => return Err(StreamFault::Damaged(format, *written)),
        }
    }
}

/// One frame after another; skippable ones are stepped over.
fn unpack_frames<R: BufRead>(
    mut input: Chain<Cursor<Vec<u8>>, R>,
    output: &mut impl Write,
) -> Result<u64, StreamFault> {
    let mut written = 0;
    while !input.fill_buf().map_err(StreamFault::Io)?.is_empty() {
        let mut magic = vec![];
        input.by_ref().take(4).read_to_end(&mut magic).map_err(StreamFault::Io)?;
        if let [0x50..=0x5f, 0x2a, 0x4d, 0x18] = magic[..] {
            let mut length = [0; 4];
            input.read_exact(&mut length).map_err(|_| StreamFault::Cut("zstd", written))?;
            let length = u64::from(u32::from_le_bytes(length));
            let skipped = io::copy(&mut input.by_ref().take(length), &mut io::sink()).map_err(StreamFault::Io)?;
            if skipped < length {
                return Err(StreamFault::Cut("zstd", written));
            }
            continue;
        }
        let frame = Cursor::new(magic).chain(input.by_ref());
        let mut decoder = StreamingDecoder::new_with_max_window_size(frame, LARGEST_WINDOW).map_err(|error| {
            use ruzstd::decoding::errors::FrameDecoderError as E;
            match error {
                E::WindowSizeTooBig { requested, .. } => {
                    StreamFault::Refused(format!("its window of {} is more than 128 MiB", format_bytes(requested)))
                }
                E::DictNotProvided { dict_id } => StreamFault::Refused(format!("it needs dictionary {dict_id}")),
                _ => StreamFault::Damaged("zstd", written),
            }
        })?;
        let copied = copy_all(&mut decoder, output, "zstd", &mut written);
        let decoder = decoder.into_frame_decoder();
        let sums = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
        match (copied, sums) {
            (Ok(_), (Some(stored), Some(found))) if stored != found => {
                return Err(StreamFault::Damaged("zstd", written));
            }
            (Ok(_), _) => {}
            // The decoder does not tell a missing end from damage.
            (Err(StreamFault::Damaged(..)), _) if input.fill_buf().map_err(StreamFault::Io)?.is_empty() => {
                return Err(StreamFault::Cut("zstd", written));
            }
            (Err(fault), _) => return Err(fault),
        }
    }
    Ok(written)
}
