//! Values out of a page's bytes, as far as they go.

use super::{levels::HybridNumbers, schema::PhysicalType};

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum StoredValue<'a> {
    Boolean(bool),
    Int32(i32),
    Int64(i64),
    Int96([u8; 12]),
    Float(f32),
    Double(f64),
    /// Bytes, and how many there are: fewer may have been read.
    Bytes(&'a [u8], usize),
}

/// Encodings of values, by their numbers in the format.
pub(super) const PLAIN: i32 = 0;
pub(super) const PLAIN_DICTIONARY: i32 = 2;
pub(super) const RUN_LENGTHS: i32 = 3;
pub(super) const DELTA_BINARY: i32 = 5;
pub(super) const DELTA_LENGTHS: i32 = 6;
pub(super) const DELTA_BYTES: i32 = 7;
pub(super) const DICTIONARY: i32 = 8;
pub(super) const BYTE_STREAMS: i32 = 9;

/// What an encoding is called.
pub(super) fn encoding_label(encoding: i32) -> &'static str {
    match encoding {
        DELTA_BINARY => "delta",
        DELTA_LENGTHS => "delta lengths",
        DELTA_BYTES => "delta bytes",
        BYTE_STREAMS => "byte streams",
        _ => "unknown",
    }
}

/// Up to `most` values, one after another.
pub(super) fn read_plain(bytes: &[u8], kind: PhysicalType, most: usize) -> Vec<StoredValue<'_>> {
    let mut values = vec![];
    let mut rest = bytes;
    while values.len() < most {
        let value = match kind {
            PhysicalType::Boolean => {
                let (byte, bit) = (values.len() / 8, values.len() % 8);
                bytes.get(byte).map(|byte| StoredValue::Boolean(byte >> bit & 1 == 1))
            }
            PhysicalType::Bytes => take_bytes(&mut rest),
            PhysicalType::Fixed(length) => take(&mut rest, length).map(|bytes| StoredValue::Bytes(bytes, length)),
            _ => take_number(&mut rest, kind),
        };
        match value {
            Some(value) => values.push(value),
            None => break,
        }
    }
    values
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn take_number<'a>(rest: &mut &'a [u8], kind: PhysicalType) -> Option<StoredValue<'a>> {
    Some(match kind {
        PhysicalType::Int32 => StoredValue::Int32(i32::from_le_bytes(take(rest, 4)?.try_into().ok()?)),
        PhysicalType::Int64 => StoredValue::Int64(i64::from_le_bytes(take(rest, 8)?.try_into().ok()?)),
        PhysicalType::Int96 => StoredValue::Int96(take(rest, 12)?.try_into().ok()?),
        PhysicalType::Float => StoredValue::Float(f32::from_le_bytes(take(rest, 4)?.try_into().ok()?)),
        PhysicalType::Double => StoredValue::Double(f64::from_le_bytes(take(rest, 8)?.try_into().ok()?)),
        _ => return None,
    })
}

/// A length and as many bytes; of the last value perhaps only some were read.
fn take_bytes<'a>(rest: &mut &'a [u8]) -> Option<StoredValue<'a>> {
    let length = u32::from_le_bytes(take(rest, 4)?.try_into().ok()?) as usize;
    let (there, left) = rest.split_at(length.min(rest.len()));
    *rest = left;
    // Nothing of it is no beginning.
    (!there.is_empty() || length == 0).then_some(StoredValue::Bytes(there, length))
}

/// Up to `most` places in a dictionary.
pub(super) fn read_places(bytes: &[u8], most: usize) -> Option<Vec<u32>> {
    let (width, numbers) = bytes.split_first()?;
    Some(HybridNumbers::of(numbers, u32::from(*width))?.take(most).collect())
}

/// Up to `most` booleans in runs, which have a length before them.
pub(super) fn read_runs(bytes: &[u8], most: usize) -> Option<Vec<StoredValue<'_>>> {
    let numbers = HybridNumbers::of(bytes.get(4..)?, 1)?;
    Some(numbers.take(most).map(|number| StoredValue::Boolean(number == 1)).collect())
}

/// Values whose first bytes come first, then all second bytes: only of a whole page.
pub(super) fn join_streams(bytes: &[u8], kind: PhysicalType, count: usize, most: usize) -> Option<Vec<u8>> {
    let width = match kind {
        PhysicalType::Int32 | PhysicalType::Float => 4,
        PhysicalType::Int64 | PhysicalType::Double => 8,
        PhysicalType::Fixed(length) => length,
        _ => return None,
    };
    if bytes.len() != count.checked_mul(width)? {
        return None;
    }
    let values = count.min(most);
    Some((0..values).flat_map(|value| (0..width).map(move |stream| bytes[stream * count + value])).collect())
}

/// Up to `most` numbers by their differences.
/// <https://parquet.apache.org/docs/file-format/data-pages/encodings/#delta-encoding-delta_binary_packed--5>
pub(super) fn read_deltas(bytes: &[u8], most: usize) -> Option<Vec<i64>> {
    let mut at = 0;
    let varint = |at: &mut usize| -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *bytes.get(*at)?;
            *at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    };
    let zigzag = |number: u64| (number >> 1).cast_signed() ^ -(number & 1).cast_signed();
    let (block, parts, total) = (varint(&mut at)?, varint(&mut at)?, varint(&mut at)?);
    let mut last = zigzag(varint(&mut at)?);
    let most = most.min(usize::try_from(total).unwrap_or(usize::MAX));
    let in_part = usize::try_from(block.checked_div(parts)?).ok()?;
    if in_part == 0 || in_part % 32 != 0 || in_part > 65_536 || parts > 1024 {
        return None;
    }
    let mut numbers = vec![last];
    while numbers.len() < most {
        let Some(smallest) = varint(&mut at).map(zigzag) else { break };
        let parts_end = at + usize::try_from(parts).ok()?;
        let Some(widths) = bytes.get(at..parts_end) else { break };
        at = parts_end;
        for width in widths.iter().map(|width| usize::from(*width)) {
            let length = in_part / 8 * width;
            let part = bytes.get(at..).unwrap_or_default();
            for place in 0..in_part {
                if numbers.len() >= most || width > 64 || (place + 1) * width > part.len() * 8 {
                    break;
                }
                last = last.wrapping_add(smallest).wrapping_add(packed_number(part, place * width, width));
                numbers.push(last);
            }
            at = at.saturating_add(length);
        }
        if at >= bytes.len() {
            break;
        }
    }
    numbers.truncate(most);
    Some(numbers)
}

fn packed_number(bytes: &[u8], bit: usize, width: usize) -> i64 {
    let number = (0..width).fold(0_u64, |number, at| {
        let place = bit + at;
        number | u64::from(bytes[place / 8] >> (place % 8) & 1) << at
    });
    number.cast_signed()
}
