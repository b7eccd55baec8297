//! Bytes of an object: those that are asked for, and those that came.
//!
//! Invariant: a range that was served is believed only as far as the service says which bytes it sent.
//! <https://www.rfc-editor.org/rfc/rfc9110#section-14>

use std::fmt;

/// Bytes to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteRange {
    /// All of them: no range is sent.
    Whole,
    /// From here to the end.
    From(u64),
    /// From the first of these to the last, both included.
    Between(u64, u64),
    /// So many at the end. An empty object has none: services answer 416.
    Last(u64),
}

impl ByteRange {
    /// The first bytes, so many.
    pub const fn first(count: u64) -> Self {
        Self::Between(0, count.saturating_sub(1))
    }

    /// The value of the `Range` header; `None` for all bytes.
    pub fn header(self) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::From(first) => Some(format!("bytes={first}-")),
            Self::Between(first, last) => Some(format!("bytes={first}-{last}")),
            Self::Last(count) => Some(format!("bytes=-{count}")),
        }
    }

    /// How many bytes are asked for, where that is said.
    pub const fn length(self) -> Option<u64> {
        match self {
            Self::Whole | Self::From(_) => None,
            Self::Between(first, last) => Some(last.saturating_sub(first).saturating_add(1)),
            Self::Last(count) => Some(count),
        }
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.header().as_deref().unwrap_or("all bytes"))
    }
}

/// Bytes that a service says it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedRange {
    /// Position of the first byte.
    pub first: u64,
    /// How many there are to come, where the service says so.
    pub length: Option<u64>,
    /// The size of the whole object, where the service says so.
    pub total: Option<u64>,
}

impl ServedRange {
    /// Reads `bytes 0-65535/17196646`, where `*` stands for a size that is not known. Of an empty object some services
    /// send a part, `bytes 0--1/0`, where others refuse the range.
    pub fn parse_header(text: &str) -> Option<Self> {
        let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
        if total.trim() == "0" {
            return Some(Self { first: 0, length: Some(0), total: Some(0) });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (parse_digits(first)?, parse_digits(last)?);
        let total = if total.trim() == "*" { None } else { Some(parse_digits(total)?) };
        let length = last.checked_sub(first)?.checked_add(1)?;
        total.is_none_or(|total| last < total).then_some(Self { first, length: Some(length), total })
    }

    /// The size in `bytes */17196646`, with which a range beyond the end is refused.
    pub fn parse_unsatisfied(text: &str) -> Option<u64> {
        parse_digits(text.trim().strip_prefix("bytes")?.trim_start().strip_prefix("*/")?)
    }

    /// Behind the last of these bytes, where the service says so.
    pub fn end(&self) -> Option<u64> {
        self.length.map(|length| self.first.saturating_add(length))
    }

    /// Whether these are bytes that `asked` asks for: they begin with its first, and none is behind its last. They may be
    /// fewer: a service may send a part of a range alone. <https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7>
    pub fn is_within(&self, asked: ByteRange) -> bool {
        match asked {
            ByteRange::Whole => self.first == 0,
            ByteRange::From(first) => self.first == first,
            ByteRange::Between(first, until) => {
                self.first == first && self.end().is_none_or(|end| end.saturating_sub(1) <= until)
            }
            ByteRange::Last(count) => {
                self.total.is_none_or(|total| self.first == total.saturating_sub(count))
                    && self.length.is_none_or(|length| length <= count)
            }
        }
    }

    /// Behind the last byte of `asked`, whether that is among these or not, as far as the request and the size of the
    /// object tell. An object whose size is not known may end before.
    pub fn end_of(&self, asked: ByteRange) -> Option<u64> {
        let asked_end = match asked {
            ByteRange::Whole | ByteRange::From(_) => None,
            ByteRange::Between(_, until) => until.checked_add(1),
            ByteRange::Last(count) => self.first.checked_add(count),
        };
        asked_end.into_iter().chain(self.total).min()
    }
}

fn parse_digits(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// What reading has cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadCost {
    /// Requests that were sent.
    pub requests: u32,
    /// Bytes of content that came.
    pub bytes: u64,
}

impl ReadCost {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { requests: self.requests.saturating_add(other.requests), bytes: self.bytes.saturating_add(other.bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_asked_for_as_the_standard_writes_them() {
        for (range, header, length) in [
            (ByteRange::Whole, None, None),
            (ByteRange::first(65_536), Some("bytes=0-65535"), Some(65_536)),
            (ByteRange::From(10), Some("bytes=10-"), None),
            (ByteRange::Last(5), Some("bytes=-5"), Some(5)),
            (ByteRange::Between(3, 3), Some("bytes=3-3"), Some(1)),
        ] {
            assert_eq!((range.header().as_deref(), range.length()), (header, length));
        }
    }

    #[test]
    fn what_was_served_is_read_and_held_against_what_was_asked_for() {
        let served = |first, length, total| Some(ServedRange { first, length: Some(length), total });
        for (text, range) in [
            ("bytes 0-9/100", served(0, 10, Some(100))),
            ("bytes 90-99/*", served(90, 10, None)),
            ("bytes 0-0/1", served(0, 1, Some(1))),
            ("bytes 0--1/0", served(0, 0, Some(0))),
            ("bytes 0-100/100", None),
            ("bytes 9-0/100", None),
            ("bytes */100", None),
            ("bytes 0-+9/100", None),
            ("bytes 0-18446744073709551615/*", None),
            ("items 0-9/100", None),
            ("", None),
        ] {
            assert_eq!(ServedRange::parse_header(text), range, "{text}");
        }
        for (asked, header, within) in [
            (ByteRange::first(10), "bytes 0-9/100", true),
            (ByteRange::first(10), "bytes 0-4/5", true),
            (ByteRange::first(10), "bytes 0-99/100", false),
            (ByteRange::first(10), "bytes 1-10/100", false),
            (ByteRange::Last(10), "bytes 90-99/100", true),
            (ByteRange::Last(10), "bytes 0-4/5", true),
            (ByteRange::Last(10), "bytes 0--1/0", true),
            (ByteRange::first(10), "bytes 0--1/0", true),
            (ByteRange::Last(10), "bytes 0-9/100", false),
            (ByteRange::Last(10), "bytes 95-99/100", false),
            (ByteRange::Last(10), "bytes 90-94/100", true),
            (ByteRange::Last(10), "bytes 80-99/*", false),
            (ByteRange::From(90), "bytes 90-94/100", true),
            (ByteRange::From(90), "bytes 90-99/100", true),
            (ByteRange::From(90), "bytes 0-99/100", false),
            (ByteRange::Whole, "bytes 0-99/100", true),
        ] {
            assert_eq!(ServedRange::parse_header(header).unwrap().is_within(asked), within, "{asked} {header}");
        }
        for (asked, header, end) in [
            (ByteRange::first(10), "bytes 0-4/100", Some(10)),
            (ByteRange::first(10), "bytes 0-4/5", Some(5)),
            (ByteRange::first(10), "bytes 0-4/*", Some(10)),
            (ByteRange::From(90), "bytes 90-94/100", Some(100)),
            (ByteRange::From(90), "bytes 90-94/*", None),
            (ByteRange::Last(10), "bytes 90-94/100", Some(100)),
            (ByteRange::Last(10), "bytes 90-94/*", Some(100)),
            (ByteRange::Whole, "bytes 0-9/100", Some(100)),
        ] {
            assert_eq!(ServedRange::parse_header(header).unwrap().end_of(asked), end, "{asked} {header}");
        }
        assert_eq!(ServedRange::parse_unsatisfied("bytes */0"), Some(0));
        assert_eq!(ServedRange::parse_unsatisfied("bytes 0-1/2"), None);
    }
}
