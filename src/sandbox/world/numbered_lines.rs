//! A log without end whose bytes are computed: lines of 64 bytes, each of which follows from its number alone.
//!
//! Invariant: any part of it is made in time that depends on the part's length only, wherever it lies, and the same part is
//! the same bytes every time. So the sandbox can hold an object of gigabytes.

use std::ops::Range;

use jiff::{
    ToSpan,
    civil::{Date, date},
};

/// Bytes of a line, its line feed included.
const LINE: u64 = 64;
const TEMPLATE: &[u8; 64] = b"000000000000 0000-00-00T00:00:00Z gauge-0000 height_m=00.000 ok\n";
/// The day of the first line; each line is a second later than the one before.
const FIRST_DAY: Date = date(2024, 1, 1);
const SECONDS_OF_DAY: u64 = 86_400;

/// Bytes of the log.
pub(super) fn numbered_lines(range: Range<u64>) -> Vec<u8> {
    let first = range.start / LINE;
    let mut text = Vec::new();
    // Most lines are of the same day as the one before; a calendar is slow.
    let (mut known, mut day) = (0, FIRST_DAY);
    for number in first..range.end.div_ceil(LINE) {
        let since = number / SECONDS_OF_DAY;
        if since != known {
            (known, day) = (since, day_after_first(since));
        }
        text.extend_from_slice(&write_line(number, day));
    }
    // Both are less than what is in memory.
    let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
    text.truncate(at(range.end - first * LINE));
    text.drain(..at(range.start - first * LINE));
    text
}

fn day_after_first(days: u64) -> Date {
    // No object is so long that its last day would leave the calendar.
    FIRST_DAY.saturating_add(i64::try_from(days).unwrap_or(i64::MAX).min(1_000_000).days())
}

/// Number, time, gauge, height.
fn write_line(number: u64, day: Date) -> [u8; 64] {
    let mut line = *TEMPLATE;
    let second = number % SECONDS_OF_DAY;
    let whole = |value: i16| u64::from(value.unsigned_abs());
    for (end, digits, value) in [
        (12, 12, number),
        (17, 4, whole(day.year())),
        (20, 2, whole(day.month().into())),
        (23, 2, whole(day.day().into())),
        (26, 2, second / 3600),
        (29, 2, second / 60 % 60),
        (32, 2, second % 60),
        (44, 4, number % 60 + 1),
        (56, 2, number * 7919 % 9000 / 1000),
        (60, 3, number * 7919 % 9000 % 1000),
    ] {
        write_digits(&mut line[end - digits..end], value);
    }
    if number % 997 == 996 {
        line[61..63].copy_from_slice(b"??");
    }
    line
}

fn write_digits(place: &mut [u8], mut value: u64) {
    for digit in place.iter_mut().rev() {
        *digit = b"0123456789"[usize::try_from(value % 10).unwrap_or_default()];
        value /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_part_is_cut_out_of_the_same_log() {
        let whole = numbered_lines(0..6400);
        let text = std::str::from_utf8(&whole).unwrap();
        assert!(
            text.starts_with("000000000000 2024-01-01T00:00:00Z gauge-0001 height_m=00.000 ok\n00000000000"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.len() == 63));
        for (start, end) in [(0, 0), (0, 1), (63, 65), (64, 128), (100, 101), (1, 6399), (6400, 6400)] {
            let (from, to) = (usize::try_from(start).unwrap(), usize::try_from(end).unwrap());
            assert_eq!(numbered_lines(start..end), &whole[from..to], "{start}..{end}");
        }
        let last = numbered_lines((5 << 30) - 64..5 << 30);
        assert_eq!(last, b"000083886079 2026-08-28T21:41:19Z gauge-0020 height_m=07.601 ok\n");
    }
}
