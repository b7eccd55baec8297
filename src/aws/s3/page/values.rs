//! The texts of a page as values.
//!
//! Invariant: every way through here gives the same value; the short ones only give it sooner.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use memchr::memchr;

use super::fault::Fault;

/// The longest reference to a character: `&#x0010FFFF;`.
const LONGEST_REFERENCE: usize = 12;

/// Appends `raw` with its references to characters replaced; returns how much of it that was. The rest is the beginning of
/// a reference.
pub(super) fn unescape(raw: &[u8], into: &mut Vec<u8>) -> Result<usize, Fault> {
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest) {
        into.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        // Around every `ETag`.
        if let Some(behind) = rest.strip_prefix(b"&quot;") {
            into.push(b'"');
            rest = behind;
            continue;
        }
        let Some((character, length)) = reference(rest)? else { return Ok(raw.len() - rest.len()) };
        into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[length..];
    }
    into.extend_from_slice(rest);
    Ok(raw.len())
}

/// The character that is referred to, and the length of the reference; `None` if it is not whole.
fn reference(bytes: &[u8]) -> Result<Option<(char, usize)>, Fault> {
    let unknown = Fault::Xml("a reference to an unknown character");
    let Some(end) = memchr(b';', &bytes[..bytes.len().min(LONGEST_REFERENCE)]) else {
        return if bytes.len() < LONGEST_REFERENCE { Ok(None) } else { Err(unknown) };
    };
    let character = match &bytes[1..end] {
        b"quot" => Some('"'),
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"apos" => Some('\''),
        [b'#', b'x', digits @ ..] => code_point(digits, 16),
        [b'#', digits @ ..] => code_point(digits, 10),
        _ => None,
    };
    character.map(|character| Some((character, end + 1))).ok_or(unknown)
}

fn code_point(digits: &[u8], radix: u32) -> Option<char> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
}

/// A number without sign.
pub(super) fn number(text: &[u8]) -> Option<u64> {
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
pub(super) fn etag(text: &[u8]) -> Option<&str> {
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
pub(super) fn word(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text.trim_ascii()).ok()
}

/// A point in time as RFC 3339 writes it; `None` if it is none.
pub(super) fn time(text: &[u8]) -> Option<Timestamp> {
    let text = text.trim_ascii();
    fixed(text).or_else(|| std::str::from_utf8(text).ok()?.parse().ok())
}

/// `2026-11-22T10:00:00.000Z` or `2026-11-22T10:00:00Z`, as nearly all services write it.
fn fixed(text: &[u8]) -> Option<Timestamp> {
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
    fn references_are_read_and_those_to_nothing_refused() {
        for (raw, text) in [
            ("a&amp;b&lt;&gt;&quot;&apos;", Some("a&b<>\"'")),
            ("&#233;&#xe9;&#xE9;&#x0001F30A;", Some("ééé🌊")),
            ("&amp;amp;", Some("&amp;")),
            ("&nbsp;", None),
            ("&;", None),
            ("&#;", None),
            ("&#x;", None),
            ("&#+7;", None),
            ("&#xD800;", None),
            ("&#x110000;", None),
            ("& and so on;", None),
        ] {
            let mut read = vec![];
            let taken = unescape(raw.as_bytes(), &mut read);
            assert_eq!(taken.is_ok().then_some(read), text.map(|text| text.as_bytes().to_vec()), "{raw}");
        }
    }

    #[test]
    fn a_reference_that_is_not_whole_is_left() {
        let mut read = vec![];
        assert_eq!((unescape(b"ab&#x1F3", &mut read), &read[..]), (Ok(2), &b"ab"[..]));
    }

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
            assert_eq!(time(text.as_bytes()), text.trim().parse().ok(), "{text}");
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
            assert_eq!(number(text.as_bytes()), expected, "{text}");
        }
    }
}
