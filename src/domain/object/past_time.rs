//! A time in the past, as a person types it: `2026-11-01T12:00:00Z`, `2026-11-01 12:00`, `2026-11-01`, `1d ago`.
//!
//! Invariant: now and the zone are arguments. A time that has not come yet is refused, since nothing can be said of it.

use jiff::{Span, Timestamp, civil, tz::TimeZone};

/// Text that is no time in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPastTime {
    /// It is no time.
    #[error("not a time: write 2026-11-01T12:00:00Z, \"2026-11-01 12:00\", 2026-11-01 or \"1d ago\"")]
    Form,
    /// It has not come yet.
    #[error("this time is in the future")]
    Future,
    /// It is outside of the calendar.
    #[error("this time is too long ago")]
    TooLongAgo,
}

/// The time that a text means at `now`. One without a zone is in this one; a day means its beginning.
///
/// # Errors
/// If it is no time, or not past.
pub fn parse_past_time(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, NotAPastTime> {
    let text = text.trim();
    let at = match text {
        "" => return Err(NotAPastTime::Form),
        "now" => now,
        _ => match parse_absolute(text, zone) {
            Some(at) => at,
            None => before_now(text.parse().map_err(|_| NotAPastTime::Form)?, now, zone)?,
        },
    };
    if at > now { Err(NotAPastTime::Future) } else { Ok(at) }
}

fn parse_absolute(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let at: civil::DateTime = text.parse().ok()?;
    at.to_zoned(zone.clone()).ok().map(|at| at.timestamp())
}

/// `1d ago` and `1d` are the same: a time to come makes no sense here.
fn before_now(span: Span, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, NotAPastTime> {
    let back = if span.is_negative() { span } else { -span };
    let at = now.to_zoned(zone.clone()).checked_add(back).map_err(|_| NotAPastTime::TooLongAgo)?;
    Ok(at.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, NotAPastTime> {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        parse_past_time(text, now, &zone).map(|at| at.to_string())
    }

    #[test]
    fn a_time_is_read_in_every_form_that_is_documented() {
        for (text, at) in [
            ("2026-11-01T12:00:00Z", "2026-11-01T12:00:00Z"),
            ("2026-11-01 12:00:00Z", "2026-11-01T12:00:00Z"),
            ("2026-11-01T12:00:00+01:00", "2026-11-01T11:00:00Z"),
            ("2026-11-01 12:00", "2026-11-01T10:00:00Z"),
            ("2026-11-01T12:00:30", "2026-11-01T10:00:30Z"),
            ("2026-11-01", "2026-10-31T22:00:00Z"),
            ("1d ago", "2026-11-21T12:00:00Z"),
            (" 1 day ago ", "2026-11-21T12:00:00Z"),
            ("1d", "2026-11-21T12:00:00Z"),
            ("90m ago", "2026-11-22T10:30:00Z"),
            ("1h30m ago", "2026-11-22T10:30:00Z"),
            ("2 weeks ago", "2026-11-08T12:00:00Z"),
            ("1 month ago", "2026-10-22T12:00:00Z"),
            ("1y ago", "2025-11-22T12:00:00Z"),
            ("now", "2026-11-22T12:00:00Z"),
        ] {
            assert_eq!(read(text), Ok(at.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_past_time_is_refused() {
        for (text, why) in [
            ("", NotAPastTime::Form),
            ("soon", NotAPastTime::Form),
            ("2026-13-01", NotAPastTime::Form),
            ("2026-02-30", NotAPastTime::Form),
            ("12", NotAPastTime::Form),
            ("2026-11-22T12:00:01Z", NotAPastTime::Future),
            ("2027-01-01", NotAPastTime::Future),
            ("15000y ago", NotAPastTime::TooLongAgo),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), digits in "[0-9dhmyw: -]{0,20}") {
            let _ = (read(&text), read(&digits), read(&format!("{digits} ago")));
        }
    }
}
