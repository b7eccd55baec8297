//! The texts of a page as values.
//!
//! Invariant: every path gives the same value; the short ones are only faster.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// A number without sign.
pub(in crate::aws::s3) fn parse_number(text: &[u8]) -> Option<u64> {
    let digits = text.trim_ascii();
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(digit_value(*digit)?))
}

fn digit_value(byte: u8) -> Option<u64> {
    byte.is_ascii_digit().then(|| u64::from(byte - b'0'))
}

/// An `ETag` without its quotes.
pub(in crate::aws::s3) fn parse_etag(text: &[u8]) -> Option<&str> {
    let mut etag = text.trim_ascii();
    while let Some(rest) = etag.strip_prefix(b"\"") {
        etag = rest;
    }
    while let Some(rest) = etag.strip_suffix(b"\"") {
        etag = rest;
    }
    std::str::from_utf8(etag).ok()
}

/// Text without the space around it.
pub(in crate::aws::s3) fn trim_word(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text.trim_ascii()).ok()
}

/// A point in time as RFC 3339 writes it; `None` if it is none.
pub(in crate::aws::s3) fn parse_time(text: &[u8]) -> Option<Timestamp> {
    let text = text.trim_ascii();
    parse_fixed_time(text).or_else(|| std::str::from_utf8(text).ok()?.parse().ok())
}

/// `2026-11-22T10:00:00.000Z` or `2026-11-22T10:00:00Z`, as nearly all services write it.
fn parse_fixed_time(text: &[u8]) -> Option<Timestamp> {
    let (time, fraction) = text.split_first_chunk::<19>()?;
    let [y0, y1, y2, y3, b'-', o0, o1, b'-', d0, d1, b'T', h0, h1, b':', m0, m1, b':', s0, s1] = *time else {
        return None;
    };
    let two = |tens: u8, ones: u8| Some(i8::try_from(digit_value(tens)? * 10 + digit_value(ones)?).unwrap_or(i8::MAX));
    let nanosecond = match *fraction {
        [b'Z'] => 0,
        [b'.', hundred, ten, one, b'Z'] => {
            let hundred = i32::try_from(digit_value(hundred)?).ok()?;
            (hundred * 100 + i32::from(two(ten, one)?)) * 1_000_000
        }
        _ => return None,
    };
    let year = i16::from(two(y0, y1)?) * 100 + i16::from(two(y2, y3)?);
    let (month, day, hour, minute, second) = (two(o0, o1)?, two(d0, d1)?, two(h0, h1)?, two(m0, m1)?, two(s0, s1)?);
    let time = DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_the_same_by_either_way() {
        for text in [
            "2026-11-22T10:00:00.000Z",
            "2026-11-22T23:59:59.999Z",
            "2026-11-22T00:00:00Z",
            "2026-11-22T10:00:00.123456Z",
            "2026-11-22T10:00:00+01:00",
            " 2026-11-22T10:00:00Z\n",
            "1969-12-31T23:59:59.999Z",
            "0001-01-01T00:00:00.001Z",
            "2024-02-29T12:30:01Z",
            "2025-02-29T12:30:01Z",
            "2026-11-22T23:59:60Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T10:60:00Z",
            "2026-11-22T10:00:00.+12Z",
            "2026-11-22",
            "yesterday",
            "",
        ] {
            assert_eq!(parse_time(text.as_bytes()), text.trim().parse().ok(), "{text}");
        }
    }

    #[test]
    fn only_digits_are_a_number() {
        for (text, expected) in [
            ("0", Some(0)),
            (" 12\n", Some(12)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("-1", None),
            ("+1", None),
            ("1.0", None),
            ("", None),
        ] {
            assert_eq!(parse_number(text.as_bytes()), expected, "{text}");
        }
    }
}
