//! Pages unpacked as far as they were read.
//!
//! Invariant: of a cut page comes out what can; never more than [`MOST_UNPACKED`] bytes, whatever its header says.
//! Snappy: <https://github.com/google/snappy/blob/main/format_description.txt>,
//! LZ4: <https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use crate::preview::packed::unpack_frames;

/// Bytes of a page that are unpacked.
pub(super) const MOST_UNPACKED: usize = 1024 * 1024;

/// What came out of a page's beginning. `None` if no codec is known by this number.
pub(super) fn unpack_page(codec: i32, input: &[u8]) -> Option<Vec<u8>> {
    Some(match codec {
        0 => input[..input.len().min(MOST_UNPACKED)].to_vec(),
        1 => unpack_snappy(input),
        2 => unpack_gzip(input),
        5 => unpack_hadoop_lz4(input),
        6 => unpack_frames(input),
        7 => unpack_lz4(input, vec![]),
        _ => return None,
    })
}

/// Whether pages of this codec can be unpacked.
pub(super) fn is_known_codec(codec: i32) -> bool {
    matches!(codec, 0 | 1 | 2 | 5 | 6 | 7)
}

fn unpack_gzip(input: &[u8]) -> Vec<u8> {
    let (mut out, mut step) = (vec![], [0; 8192]);
    let mut decoder = MultiGzDecoder::new(input);
    while out.len() < MOST_UNPACKED {
        match decoder.read(&mut step) {
            Ok(0) | Err(_) => break,
            Ok(count) => out.extend_from_slice(&step[..count]),
        }
    }
    out
}

fn unpack_snappy(input: &[u8]) -> Vec<u8> {
    // The length comes first; it is not believed.
    let head = input.iter().take(5).take_while(|byte| **byte & 0x80 != 0).count() + 1;
    let (mut out, mut at) = (vec![], head);
    while let Some(&tag) = input.get(at) {
        if out.len() >= MOST_UNPACKED {
            break;
        }
        at += 1;
        let number = |at: usize, length: usize| -> Option<usize> {
            let bytes = input.get(at..at + length)?;
            Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
        };
        let high = usize::from(tag >> 2);
        let step = match tag & 3 {
            0 => {
                let extra = high.saturating_sub(59);
                let length = if extra == 0 { Some(high) } else { number(at, extra) };
                length.map(|length| {
                    at += extra;
                    let end = at.saturating_add(length).saturating_add(1);
                    out.extend_from_slice(&input[at.min(input.len())..end.min(input.len())]);
                    at = end;
                })
            }
            1 => number(at, 1).and_then(|low| {
                at += 1;
                copy_back(&mut out, (high >> 3) << 8 | low, (high & 7) + 4)
            }),
            kind => {
                let width = if kind == 2 { 2 } else { 4 };
                number(at, width).and_then(|distance| {
                    at += width;
                    copy_back(&mut out, distance, high + 1)
                })
            }
        };
        if step.is_none() {
            break;
        }
    }
    out.truncate(MOST_UNPACKED);
    out
}

/// Repeats what came out `distance` bytes ago; the copy may overlap what it makes.
fn copy_back(out: &mut Vec<u8>, distance: usize, length: usize) -> Option<()> {
    let start = out.len().checked_sub(distance).filter(|_| distance > 0)?;
    let length = length.min(MOST_UNPACKED.saturating_sub(out.len()));
    for at in start..start + length {
        out.push(out[at]);
    }
    Some(())
}

fn unpack_lz4(input: &[u8], mut out: Vec<u8>) -> Vec<u8> {
    let mut at = 0;
    while let Some(&token) = input.get(at) {
        if out.len() >= MOST_UNPACKED {
            break;
        }
        at += 1;
        let Some(literals) = lz4_length(input, &mut at, token >> 4) else { break };
        let end = at.saturating_add(literals).min(input.len());
        out.extend_from_slice(&input[at..end]);
        at = end;
        let Some(&[low, high]) = input.get(at..at + 2) else { break };
        at += 2;
        let Some(length) = lz4_length(input, &mut at, token & 15) else { break };
        if copy_back(&mut out, usize::from(low) | usize::from(high) << 8, length.saturating_add(4)).is_none() {
            break;
        }
    }
    out.truncate(MOST_UNPACKED);
    out
}

fn lz4_length(input: &[u8], at: &mut usize, nibble: u8) -> Option<usize> {
    let mut length = usize::from(nibble);
    if nibble == 15 {
        loop {
            let byte = *input.get(*at)?;
            *at += 1;
            length = length.checked_add(usize::from(byte))?;
            if byte != 255 {
                break;
            }
        }
    }
    Some(length)
}

/// Hadoop's LZ4: before each block its unpacked and its packed length, both big-endian. Some writers left them out.
fn unpack_hadoop_lz4(input: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (vec![], input);
    let number = |bytes: &[u8]| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    while rest.len() > 8 && out.len() < MOST_UNPACKED {
        let (unpacked, packed) = (number(rest), number(&rest[4..]));
        if packed == 0 || packed > unpacked.saturating_add(unpacked / 255).saturating_add(16) {
            break;
        }
        let block = &rest[8..rest.len().min(packed.saturating_add(8))];
        out.extend(unpack_lz4(block, vec![]));
        rest = &rest[8 + block.len()..];
    }
    if out.is_empty() { unpack_lz4(input, vec![]) } else { out }
}
