//! Zstandard by its blocks: of a cut stream all whole blocks come out, and no more memory is needed than for them.
//!
//! The decoder holds back a window's worth of output until a frame ends. So the whole blocks of a frame are given to it as
//! a frame of their own that ends there. <https://www.rfc-editor.org/rfc/rfc8878>

use std::io::Read;

use ruzstd::decoding::StreamingDecoder;

use super::limits::{MOST_UNPACKED, UnpackEnd, Unpacked, is_bomb};

/// The largest window, in bytes, that is unpacked.
const LARGEST_WINDOW: u64 = 128 * 1024 * 1024;

/// Blocks of a frame that are unpacked at first, and at most. Each may become 128 KiB.
const FIRST_BLOCKS: usize = 8;
const MOST_BLOCKS: usize = 512;

/// Frames that are looked at.
const MOST_FRAMES: usize = 65_536;

/// The beginning of a frame.
#[derive(Debug, PartialEq, Eq)]
enum FrameStart {
    /// The frame's header has this length.
    Header(usize),
    /// A skippable frame has this length.
    Skippable(usize),
    /// It is not whole.
    Cut,
    /// No frame.
    Damaged,
    /// It cannot be unpacked.
    Refused(UnpackEnd),
}

/// Unpacks all frames, as far as they go.
pub(crate) fn unpack_zstd(input: &[u8]) -> Unpacked {
    let mut unpacked = Unpacked { bytes: vec![], read: 0, end: UnpackEnd::Whole };
    for _ in 0..MOST_FRAMES {
        let rest = &input[unpacked.read..];
        if rest.is_empty() {
            return unpacked;
        }
        match read_start(rest) {
            FrameStart::Skippable(length) if length <= rest.len() => unpacked.read += length,
            FrameStart::Skippable(_) | FrameStart::Cut => {
                unpacked.end = UnpackEnd::Cut;
                return unpacked;
            }
            FrameStart::Damaged => {
                unpacked.end = UnpackEnd::Damaged;
                return unpacked;
            }
            FrameStart::Refused(end) => {
                unpacked.end = end;
                return unpacked;
            }
            FrameStart::Header(length) => {
                if let Some(end) = unpack_frame(rest, length, &mut unpacked) {
                    unpacked.end = end;
                    unpacked.bytes.truncate(MOST_UNPACKED);
                    return unpacked;
                }
            }
        }
    }
    unpacked.end = UnpackEnd::Limit;
    unpacked
}

/// Unpacks one frame: why to stop, or nothing if the next may follow.
fn unpack_frame(frame: &[u8], header: usize, unpacked: &mut Unpacked) -> Option<UnpackEnd> {
    let mut most = FIRST_BLOCKS;
    loop {
        let blocks = walk_blocks(frame, header, most);
        let mut bytes = vec![];
        let damaged = decode_blocks(frame, header, &blocks, &mut bytes).is_err();
        let room = MOST_UNPACKED - unpacked.bytes.len().min(MOST_UNPACKED);
        let stopped_early = blocks.end == BlocksEnd::Stopped && !damaged;
        if stopped_early && bytes.len() < room && most < MOST_BLOCKS && !is_bomb(bytes.len(), blocks.length) {
            most *= 2;
            continue;
        }
        unpacked.bytes.append(&mut bytes);
        unpacked.read += blocks.length;
        return if damaged || blocks.end == BlocksEnd::Damaged {
            Some(UnpackEnd::Damaged)
        } else if is_bomb(unpacked.bytes.len(), unpacked.read) {
            Some(UnpackEnd::Bomb)
        } else if unpacked.bytes.len() >= MOST_UNPACKED || blocks.end == BlocksEnd::Stopped {
            Some(UnpackEnd::Limit)
        } else if blocks.end == BlocksEnd::Cut {
            Some(UnpackEnd::Cut)
        } else {
            None
        };
    }
}

/// The whole blocks of a frame and how they end.
#[derive(Debug)]
struct WholeBlocks {
    /// Bytes from the frame's beginning to the last block's end, with the checksum if that is there.
    length: usize,
    /// Bytes to the last block's end.
    blocks_end: usize,
    end: BlocksEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlocksEnd {
    /// With the last block.
    Last,
    /// With the input.
    Cut,
    /// With as many blocks as were asked for.
    Stopped,
    /// With a block of no known type.
    Damaged,
}

fn walk_blocks(frame: &[u8], header: usize, most: usize) -> WholeBlocks {
    let mut at = header;
    let ended = |at: usize, end: BlocksEnd| WholeBlocks { length: at, blocks_end: at, end };
    for _ in 0..most {
        let Some(&[low, middle, high]) = frame.get(at..at + 3) else { return ended(at, BlocksEnd::Cut) };
        let field = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
        let length = match field >> 1 & 3 {
            0 | 2 => field >> 3,
            1 => 1,
            _ => return ended(at, BlocksEnd::Damaged),
        };
        let next = at + 3 + length;
        if next > frame.len() {
            return ended(at, BlocksEnd::Cut);
        }
        at = next;
        if field & 1 == 1 {
            let checksum = if frame[4] & 4 == 0 { 0 } else { 4 };
            return WholeBlocks { length: frame.len().min(at + checksum), blocks_end: at, end: BlocksEnd::Last };
        }
    }
    ended(at, BlocksEnd::Stopped)
}

/// Unpacks whole blocks as a frame without checksum that ends with the last of them.
fn decode_blocks(frame: &[u8], header: usize, blocks: &WholeBlocks, out: &mut Vec<u8>) -> Result<(), ()> {
    let mut whole = frame[..blocks.blocks_end].to_vec();
    whole[4] &= !4;
    if blocks.end != BlocksEnd::Last {
        whole.extend_from_slice(&[1, 0, 0]);
    }
    debug_assert!(header <= blocks.blocks_end);
    let decoder = StreamingDecoder::new(whole.as_slice()).map_err(|_| ())?;
    // A block holds 128 KiB at most, so this ends.
    let limit = (MOST_BLOCKS as u64) * 128 * 1024;
    decoder.take(limit).read_to_end(out).map(|_| ()).map_err(|_| ())
}

/// The header at the beginning of a frame.
fn read_start(frame: &[u8]) -> FrameStart {
    let number = |at: usize, length: usize| -> Option<u64> {
        let bytes = frame.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    };
    let Some(magic) = number(0, 4) else { return FrameStart::Cut };
    if magic & 0xffff_fff0 == 0x184d_2a50 {
        let length = number(4, 4).and_then(|length| usize::try_from(length).ok());
        return length.map_or(FrameStart::Cut, |length| FrameStart::Skippable(length + 8));
    }
    if magic != 0xfd2f_b528 {
        return FrameStart::Damaged;
    }
    let Some(&descriptor) = frame.get(4) else { return FrameStart::Cut };
    let single = descriptor & 0x20 != 0;
    let window_length = usize::from(!single);
    let dictionary_length = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size_length = match descriptor >> 6 {
        0 => usize::from(single),
        1 => 2,
        2 => 4,
        _ => 8,
    };
    let header = 5 + window_length + dictionary_length + size_length;
    if frame.len() < header {
        return FrameStart::Cut;
    }
    let window = if single {
        number(5 + dictionary_length, size_length).unwrap_or(0)
    } else {
        let base = 1_u64 << (10 + (frame[5] >> 3));
        base + base / 8 * u64::from(frame[5] & 7)
    };
    let dictionary = number(5 + window_length, dictionary_length).unwrap_or(0);
    if window > LARGEST_WINDOW {
        return FrameStart::Refused(UnpackEnd::WindowTooLarge(window));
    }
    match u32::try_from(dictionary) {
        Ok(id) if id > 0 => FrameStart::Refused(UnpackEnd::NeedsDictionary(id)),
        _ => FrameStart::Header(header),
    }
}

/// Where the first block of the first frame ends, if its beginning is there.
pub(crate) fn first_block_end(input: &[u8]) -> Option<usize> {
    let FrameStart::Header(header) = read_start(input) else { return None };
    let &[low, middle, high] = input.get(header..header + 3)? else { return None };
    let field = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
    Some(header + 3 + if field >> 1 & 3 == 1 { 1 } else { field >> 3 })
}
