//! Timestamps of rows, millions of them.
//!
//! Invariant: the output is the same as jiff's; the date is computed once for consecutive rows of one day.

use std::fmt::Write;

use jiff::{Timestamp, tz::TimeZone};

/// Writes times. The date is kept for the next one.
#[derive(Debug, Default)]
pub(super) struct TimeWriter {
    day: Option<i64>,
    date: String,
    text: String,
}

const DAY: i64 = 24 * 60 * 60;

impl TimeWriter {
    /// `2026-11-01T10:00:00Z`, with fractions of a second where there are any.
    pub(super) fn exact_time(&mut self, time: Timestamp) -> &str {
        let whole = time.subsec_nanosecond() == 0 && time.as_second() >= 0;
        if whole {
            self.write_seconds(time.as_second(), 'T');
        } else {
            self.text.clear();
            let _ = write!(self.text, "{time}"); // a String takes everything
        }
        &self.text
    }

    /// `2026-11-01 10:00:00Z`.
    pub(super) fn in_seconds(&mut self, time: Timestamp) -> &str {
        if time.as_second() >= 0 && time.subsec_nanosecond() >= 0 {
            self.write_seconds(time.as_second(), ' ');
        } else {
            self.text.clear();
            let _ = write!(self.text, "{}", time.strftime("%Y-%m-%d %H:%M:%SZ"));
        }
        &self.text
    }

    /// A time since 1970, whose year has four digits as jiff's calendar ends with 9999.
    fn write_seconds(&mut self, seconds: i64, separator: char) {
        let (day, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        if self.day != Some(day) {
            self.day = Some(day);
            self.date.clear();
            let midnight = Timestamp::from_second(day * DAY).unwrap_or_default();
            let _ = write!(self.date, "{}", TimeZone::UTC.to_datetime(midnight).date());
        }
        self.text.clear();
        self.text.push_str(&self.date);
        for (before, number) in [(separator, second / 3600), (':', second / 60 % 60), (':', second % 60)] {
            self.text.extend([before, digit_char(number / 10), digit_char(number % 10)]);
        }
        self.text.push('Z');
    }
}

fn digit_char(number: i64) -> char {
    u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_are_written_as_jiff_writes_them(
            times in prop::collection::vec(
                prop_oneof![
                    -377_705_023_201_000..253_402_207_200_000_i64,
                    0..200_000_000_i64,
                    (0..4_000_000_000_i64).prop_map(|seconds| seconds * 1000),
                    prop::sample::select(vec![0, 86_399_999, 86_400_000, -1, -86_400_000, 951_782_400_000]),
                ],
                1..8,
            ),
        ) {
            let mut moments = TimeWriter::default();
            for time in times {
                let time = Timestamp::from_millisecond(time).unwrap();
                prop_assert_eq!(moments.exact_time(time), time.to_string());
                prop_assert_eq!(moments.in_seconds(time), time.strftime("%Y-%m-%d %H:%M:%SZ").to_string());
            }
        }
    }
}
