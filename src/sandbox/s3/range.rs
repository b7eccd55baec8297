//! The `Range` header of a read.
//!
//! Invariant: a range that is handed out lies within the object; one that S3 does not understand (another unit, several
//! ranges, no numbers) is as if it had not been sent. <https://www.rfc-editor.org/rfc/rfc9110#section-14.2>

use std::ops::Range;

/// What a `Range` header means for an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RequestedBytes {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Nothing,
}

/// Reads a `Range` header for an object of `size` bytes.
pub(super) fn parse_range(header: Option<&str>, size: u64) -> RequestedBytes {
    let Some((first, last)) = header.and_then(|header| header.strip_prefix("bytes=")?.split_once('-')) else {
        return RequestedBytes::Whole;
    };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first > last => RequestedBytes::Whole,
        (Ok(first), _) if first >= size && (last.is_empty() || last.parse::<u64>().is_ok()) => RequestedBytes::Nothing,
        (Ok(first), Ok(last)) => RequestedBytes::Part(first..last.saturating_add(1).min(size)),
        (Ok(first), Err(_)) if last.is_empty() => RequestedBytes::Part(first..size),
        (Err(_), Ok(0)) if first.is_empty() => RequestedBytes::Nothing,
        (Err(_), Ok(_)) if first.is_empty() && size == 0 => RequestedBytes::Nothing,
        (Err(_), Ok(count)) if first.is_empty() => RequestedBytes::Part(size.saturating_sub(count)..size),
        _ => RequestedBytes::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_within_the_object_or_is_none() {
        for (header, size, expected) in [
            ("bytes=0-0", 10, RequestedBytes::Part(0..1)),
            ("bytes=2-5", 10, RequestedBytes::Part(2..6)),
            ("bytes=2-", 10, RequestedBytes::Part(2..10)),
            ("bytes=-3", 10, RequestedBytes::Part(7..10)),
            ("bytes=-30", 10, RequestedBytes::Part(0..10)),
            ("bytes=5-99999999999999", 10, RequestedBytes::Part(5..10)),
            ("bytes=0-18446744073709551615", 10, RequestedBytes::Part(0..10)),
            ("bytes=10-", 10, RequestedBytes::Nothing),
            ("bytes=10-20", 10, RequestedBytes::Nothing),
            ("bytes=-0", 10, RequestedBytes::Nothing),
            ("bytes=0-", 0, RequestedBytes::Nothing),
            ("bytes=-5", 0, RequestedBytes::Nothing),
            ("bytes=5-2", 10, RequestedBytes::Whole),
            ("bytes=0-1,4-5", 10, RequestedBytes::Whole),
            ("bytes=-", 10, RequestedBytes::Whole),
            ("lines=0-1", 10, RequestedBytes::Whole),
        ] {
            assert_eq!(parse_range(Some(header), size), expected, "{header} of {size}");
        }
        assert_eq!(parse_range(None, 10), RequestedBytes::Whole);
    }
}
