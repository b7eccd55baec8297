//! Values as text.

use jiff::{SignedDuration, Timestamp, civil, tz::Offset};

use super::{
    schema::{ParquetMeaning, PhysicalType, SchemaElement, TimeUnit},
    values::{StoredValue, read_plain},
};
use crate::preview::{
    reply::{SpanRole, TextSpan},
    rows::cell,
};

/// Bytes of a value that is no text which are shown.
const SHOWN_BYTES: usize = 24;

/// The day of 1970-01-01 in the count of days that 96-bit timestamps use.
const JULIAN_1970: i64 = 2_440_588;

/// A value that is missing.
pub(super) fn null_cell() -> TextSpan {
    cell("null", SpanRole::Muted)
}

/// A value as a cell.
pub(super) fn value_cell(value: &StoredValue<'_>, element: &SchemaElement<'_>) -> TextSpan {
    match value {
        StoredValue::Boolean(truth) => cell(if *truth { "true" } else { "false" }, SpanRole::Keyword),
        StoredValue::Int32(number) => {
            integer_cell(i64::from(*number), element, |n| n.cast_unsigned() & u64::from(u32::MAX))
        }
        StoredValue::Int64(number) => integer_cell(*number, element, i64::cast_unsigned),
        StoredValue::Float(number) => cell(&format!("{number:?}"), SpanRole::Number),
        StoredValue::Double(number) => cell(&format!("{number:?}"), SpanRole::Number),
        StoredValue::Int96(bytes) => cell(&old_timestamp(bytes), SpanRole::Number),
        StoredValue::Bytes(bytes, length) => bytes_cell(bytes, *length, element),
    }
}

/// The smallest or largest value of a chunk, as the footer has it.
pub(super) fn statistic_cell(bytes: &[u8], element: &SchemaElement<'_>) -> TextSpan {
    match element.physical() {
        None => cell("", SpanRole::Plain),
        Some(PhysicalType::Bytes | PhysicalType::Fixed(_)) => bytes_cell(bytes, bytes.len(), element),
        Some(kind) => read_plain(bytes, kind, 1)
            .first()
            .map_or_else(|| cell("", SpanRole::Plain), |value| value_cell(value, element)),
    }
}

fn integer_cell(number: i64, element: &SchemaElement<'_>, unsigned: impl Fn(i64) -> u64) -> TextSpan {
    let text = match element.meaning {
        ParquetMeaning::Unsigned => Some(unsigned(number).to_string()),
        ParquetMeaning::Decimal { scale, .. } => Some(decimal(i128::from(number), scale)),
        ParquetMeaning::Date => date(number),
        ParquetMeaning::Time(unit) => time_of_day(number, unit),
        ParquetMeaning::Timestamp { unit, utc } => timestamp(number, unit, utc),
        _ => None,
    };
    cell(&text.unwrap_or_else(|| number.to_string()), SpanRole::Number)
}

fn date(days: i64) -> Option<String> {
    let day = civil::date(1970, 1, 1).checked_add(SignedDuration::from_hours(days.checked_mul(24)?)).ok()?;
    Some(day.to_string())
}

fn time_of_day(number: i64, unit: TimeUnit) -> Option<String> {
    let nanos = number.checked_mul(1_000_000_000 / unit.per_second())?;
    civil::Time::midnight().checked_add(SignedDuration::from_nanos(nanos)).ok().map(|time| time.to_string())
}

fn timestamp(number: i64, unit: TimeUnit, utc: bool) -> Option<String> {
    let nanos = i128::from(number) * i128::from(1_000_000_000 / unit.per_second());
    let time = Timestamp::from_nanosecond(nanos).ok()?;
    Some(if utc { time.to_string() } else { Offset::UTC.to_datetime(time).to_string() })
}

/// Nanoseconds of the day, and the day.
fn old_timestamp(bytes: &[u8; 12]) -> String {
    let (nanos, day) = bytes.split_at(8);
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
    let days = i128::from(number(day) - JULIAN_1970);
    let time = Timestamp::from_nanosecond(days * 86_400_000_000_000 + i128::from(number(nanos)));
    time.map_or_else(|_| hexadecimal(bytes, 12), |time| Offset::UTC.to_datetime(time).to_string())
}

fn decimal(number: i128, scale: i32) -> String {
    let Ok(scale) = usize::try_from(scale) else { return number.to_string() };
    if scale == 0 || scale > 100 {
        return number.to_string();
    }
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{}{whole}.{fraction}", if number < 0 { "-" } else { "" })
}

fn bytes_cell(bytes: &[u8], length: usize, element: &SchemaElement<'_>) -> TextSpan {
    let whole = bytes.len() == length;
    match element.meaning {
        ParquetMeaning::Text => text_cell(bytes, length),
        ParquetMeaning::Decimal { scale, .. } if whole && (1..=16).contains(&length) => {
            let sign = if bytes[0] & 0x80 == 0 { 0 } else { -1 };
            cell(
                &decimal(bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte)), scale),
                SpanRole::Number,
            )
        }
        ParquetMeaning::Uuid if whole && length == 16 => cell(&uuid(bytes), SpanRole::String),
        ParquetMeaning::HalfFloat if whole && length == 2 => {
            cell(&format!("{:?}", half_float(u16::from_le_bytes([bytes[0], bytes[1]]))), SpanRole::Number)
        }
        // Old files say nothing of text that is text.
        ParquetMeaning::Stored if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(char::is_control)) => {
            text_cell(bytes, length)
        }
        _ => cell(&hexadecimal(bytes, length), SpanRole::Muted),
    }
}

fn text_cell(bytes: &[u8], length: usize) -> TextSpan {
    let text = String::from_utf8_lossy(bytes);
    if bytes.len() == length {
        cell(&text, SpanRole::Plain)
    } else {
        cell(&format!("{text}… ({length} bytes)"), SpanRole::Plain)
    }
}

fn hexadecimal(bytes: &[u8], length: usize) -> String {
    let shown = hex::encode(&bytes[..bytes.len().min(SHOWN_BYTES)]);
    if length > SHOWN_BYTES { format!("{shown}… ({length} bytes)") } else { shown }
}

fn uuid(bytes: &[u8]) -> String {
    let digits = hexadecimal(bytes, 16);
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}

/// IEEE 754 binary16.
fn half_float(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let (exponent, fraction) = (u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    match exponent {
        0 => f32::from_bits(sign | (0x3880_0000 + (fraction << 13))) - f32::from_bits(sign | 0x3880_0000),
        31 => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}
