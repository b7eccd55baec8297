//! How long a session still lives, and how urgent that is.
//!
//! Invariant: every question takes the time as an argument, and that time is the *service's*: an expiration is a fact of
//! the clock that issued it, so the caller adds the measured offset first.

use jiff::{SignedDuration, Timestamp};

use super::duration::SessionDuration;

/// From when to when a session lives, by the service's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// When it was granted.
    pub issued: Timestamp,
    /// `Expiration` of the reply: the truth, whatever was requested.
    pub expiration: Timestamp,
}

/// How urgent the end is. Shares of the session's own length: a fifteen-minute session is not born in alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// More than a quarter left.
    Fresh,
    /// A quarter or less left.
    Expiring,
    /// A tenth or less left.
    Critical,
    /// Nothing left; services refuse it.
    Expired,
}

impl Lifetime {
    /// The whole length that was granted, at least zero.
    pub fn length(&self) -> SignedDuration {
        self.expiration.duration_since(self.issued).max(SignedDuration::ZERO)
    }

    /// The length that was granted, to the second, where that is less than was `asked` for.
    ///
    /// What is measured here rests on two clocks, one of them in whole seconds, so less means by more than a hundredth
    /// and by more than 2 s; services that shorten a session do so by far more.
    pub fn granted_less(&self, asked: Option<SessionDuration>) -> Option<SessionDuration> {
        let asked = i64::from(asked?.as_secs());
        let granted = (self.length() + SignedDuration::from_millis(500)).as_secs();
        let is_less = asked - granted > (asked / 100).max(2);
        is_less.then_some(SessionDuration::from_secs(u32::try_from(granted).ok()?))
    }

    /// What is left at `now`; negative after the end.
    pub fn remaining(&self, now: Timestamp) -> SignedDuration {
        self.expiration.duration_since(now)
    }

    /// What is left as a share of the length, from 0.0 to 1.0.
    pub fn share_left(&self, now: Timestamp) -> f64 {
        let length = self.length().as_secs_f64();
        if length <= 0.0 { 0.0 } else { (self.remaining(now).as_secs_f64() / length).clamp(0.0, 1.0) }
    }

    /// The phase at `now`.
    pub fn phase(&self, now: Timestamp) -> Phase {
        let (remaining, length) = (self.remaining(now), self.length());
        if remaining <= SignedDuration::ZERO {
            Phase::Expired
        } else if remaining * 10 <= length {
            Phase::Critical
        } else if remaining * 4 <= length {
            Phase::Expiring
        } else {
            Phase::Fresh
        }
    }
}

/// `59:07`, or `3h 05m` where more than an hour is left; what is left is rounded up, so that `00:00` means the end.
/// After the end, how long ago that was, in the same form.
pub fn countdown(remaining: SignedDuration) -> String {
    let nanos = remaining.as_nanos();
    let seconds = if nanos >= 0 { (nanos + 999_999_999) / 1_000_000_000 } else { -nanos / 1_000_000_000 };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}h {minutes:02}m") } else { format!("{minutes:02}:{seconds:02}") }
}

/// How long the text of [`countdown`] stands still: until the next whole second, or the next minute while hours are
/// shown.
pub fn countdown_changes(remaining: SignedDuration) -> SignedDuration {
    const SECOND: i128 = 1_000_000_000;
    const HOUR: i128 = 3600 * SECOND;
    let remaining = remaining.as_nanos();
    // Rounding up makes a minute last until one second below its mark; what has passed is rounded down.
    let until = if remaining > HOUR {
        (remaining + SECOND).rem_euclid(60 * SECOND)
    } else if remaining <= -HOUR {
        remaining.rem_euclid(60 * SECOND)
    } else {
        remaining.rem_euclid(SECOND)
    };
    let whole = if remaining.abs() > HOUR { 60 * SECOND } else { SECOND };
    SignedDuration::from_nanos_i128(if until == 0 { whole } else { until })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn hour() -> Lifetime {
        Lifetime { issued: at(0), expiration: at(3600) }
    }

    #[test]
    fn the_phase_follows_the_share_that_is_left() {
        for (now, phase) in [
            (0, Phase::Fresh),
            (2699, Phase::Fresh),
            (2700, Phase::Expiring),
            (3239, Phase::Expiring),
            (3240, Phase::Critical),
            (3599, Phase::Critical),
            (3600, Phase::Expired),
            (9999, Phase::Expired),
        ] {
            assert_eq!(hour().phase(at(now)), phase, "{now}");
        }
    }

    #[test]
    fn a_session_that_never_lived_is_expired() {
        let stillborn = Lifetime { issued: at(10), expiration: at(10) };
        assert_eq!(stillborn.phase(at(10)), Phase::Expired);
        assert!(stillborn.share_left(at(10)).abs() < f64::EPSILON);
    }

    #[test]
    fn less_than_was_asked_for_is_told_from_what_clocks_and_wires_take() {
        for (asked, millis, less) in [
            ("1h", 900_000, Some("15m")),
            ("1h", 899_600, Some("15m")),
            ("1h", 3_597_000, None),
            ("1h", 3_564_000, None),
            ("1h", 3_563_000, Some("59m23s")),
            ("15m", 891_000, None),
            ("15m", 890_000, Some("14m50s")),
            ("10s", 8_000, None),
            ("10s", 7_000, Some("7s")),
            ("10s", 3_600_000, None),
            ("1h", -5_000, Some("0s")),
        ] {
            let lifetime = Lifetime { issued: at(0), expiration: Timestamp::from_millisecond(millis).unwrap() };
            let granted = lifetime.granted_less(asked.parse().ok()).map(|granted| granted.to_string());
            assert_eq!(granted.as_deref(), less, "{asked} {millis}");
        }
        assert_eq!(hour().granted_less(None), None);
    }

    #[test]
    fn the_countdown_reads_like_a_clock() {
        for (millis, text) in [
            (10_000, "00:10"),
            (9_001, "00:10"),
            (9_000, "00:09"),
            (1, "00:01"),
            (0, "00:00"),
            (-37_500, "00:37"),
            (3_599_000, "59:59"),
            (3_600_000, "1h 00m"),
            (11_100_000, "3h 05m"),
        ] {
            assert_eq!(countdown(SignedDuration::from_millis(millis)), text, "{millis}");
        }
    }

    proptest! {
        /// Drawing again before the change would be work for nothing; drawing after it would show the past.
        #[test]
        fn the_text_stands_still_until_the_announced_change(millis in -90_000_000i64..90_000_000) {
            let now = SignedDuration::from_millis(millis);
            let until = countdown_changes(now);
            prop_assert!(until > SignedDuration::ZERO && until <= SignedDuration::from_secs(60));
            prop_assert_eq!(countdown(now), countdown(now - until + SignedDuration::from_nanos(1)));
            prop_assert_ne!(countdown(now), countdown(now - until));
        }
    }
}
