//! The time that a session has left, and how urgent that is.
//!
//! The time left is the granted duration minus the time that has passed since, by this machine's monotonic clock, which
//! cannot be set and continues while the machine sleeps. A later date from a service can make it shorter, if this
//! machine was suspended unnoticed, but never longer.
//!
//! Invariant: every function takes the current time as an argument.

use jiff::{SignedDuration, Timestamp};

use super::{duration::SessionDuration, moment::Moment};

/// Seconds to which a length that was granted is known.
const UNCERTAIN: i64 = 2;

/// From when to when a session lives, by the service's clock, and when that was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// When it was granted.
    pub issued: Timestamp,
    /// `Expiration` of the reply: the truth, whatever was requested.
    pub expiration: Timestamp,
    /// When it was requested.
    asked: Moment,
    /// How long the answer took: it was granted somewhere between.
    took: SignedDuration,
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
    /// Of what ends at `expiration` by the services' clock, as it is known at `from`.
    pub fn until_expiration(expiration: Timestamp, from: Moment) -> Self {
        Self { issued: from.by_the_services(), expiration, asked: from, took: SignedDuration::ZERO }
    }

    /// The same of what was granted by a service whose own clock is `ahead` of this machine's, whatever others show, and
    /// whose answer took so long.
    pub fn of_grant(expiration: Timestamp, asked: Moment, ahead: SignedDuration, took: SignedDuration) -> Self {
        Self { issued: Moment { offset: ahead, ..asked }.by_the_services(), expiration, asked, took }
    }

    /// The whole length that was granted, at least zero.
    pub fn length(&self) -> SignedDuration {
        self.expiration.duration_since(self.issued).max(SignedDuration::ZERO)
    }

    /// The length that was granted, to the second, where that is not what was `asked` for.
    ///
    /// What is measured here rests on two clocks, one of them in whole seconds, so another length means one that differs
    /// by more than a hundredth and by more than 2 s; services that shorten or stretch a session do so by far more.
    pub fn granted_instead(&self, asked: Option<SessionDuration>) -> Option<SessionDuration> {
        let asked = i64::from(asked?.as_secs());
        let rounded = |length: SignedDuration| (length + SignedDuration::from_millis(500)).as_secs();
        let (most, least) = (rounded(self.length()), rounded(self.length() - self.took));
        let tolerated = (asked / 100).max(UNCERTAIN);
        let granted = if asked - most > tolerated {
            most
        } else if least - asked > tolerated {
            least
        } else {
            return None;
        };
        let minutes = (granted + 30) / 60 * 60;
        let granted = if minutes > 0 && (granted - minutes).abs() <= UNCERTAIN { minutes } else { granted };
        Some(SessionDuration::from_secs(u32::try_from(granted).ok()?))
    }

    /// When it ends by this machine's clock, where the services' is `offset` ahead as far as is known now.
    pub fn end(&self, offset: SignedDuration) -> Timestamp {
        let more_has_passed = (offset - self.asked.offset).max(SignedDuration::ZERO);
        let left = self.expiration.duration_since(self.issued) - more_has_passed;
        // Only a clock set to the calendar's end could leave it.
        self.asked.local.checked_add(left).unwrap_or(self.asked.local)
    }

    /// When it ends by this machine's clock if nothing but the time that passes there counts.
    pub fn latest_end(&self) -> Timestamp {
        self.end(self.asked.offset)
    }

    /// When it was requested, by this machine's clock.
    pub fn asked_at(&self) -> Timestamp {
        self.asked.local
    }

    /// What is left at a moment; negative after the end.
    pub fn remaining(&self, at: Moment) -> SignedDuration {
        self.end(at.offset).duration_since(at.local)
    }

    /// What is left as a share of the length, from 0.0 to 1.0.
    pub fn share_left(&self, at: Moment) -> f64 {
        let length = self.length().as_secs_f64();
        if length <= 0.0 { 0.0 } else { (self.remaining(at).as_secs_f64() / length).clamp(0.0, 1.0) }
    }

    /// The phase at a moment.
    pub fn phase(&self, at: Moment) -> Phase {
        let (remaining, length) = (self.remaining(at), self.length());
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
pub fn format_countdown(remaining: SignedDuration) -> String {
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

    fn moment(second: i64) -> Moment {
        Moment { local: at(second), offset: SignedDuration::ZERO }
    }

    fn hour() -> Lifetime {
        Lifetime::until_expiration(at(3600), moment(0))
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
            assert_eq!(hour().phase(moment(now)), phase, "{now}");
        }
    }

    #[test]
    fn a_session_that_never_lived_is_expired() {
        let stillborn = Lifetime::until_expiration(at(10), moment(10));
        assert_eq!(stillborn.phase(moment(10)), Phase::Expired);
        assert!(stillborn.share_left(moment(10)).abs() < f64::EPSILON);
    }

    #[test]
    fn another_length_than_was_asked_for_is_told_from_what_clocks_and_wires_take() {
        for (asked, millis, instead) in [
            ("1h", 900_000, Some("15m")),
            ("1h", 899_600, Some("15m")),
            ("1h", 3_597_000, None),
            ("1h", 3_564_000, None),
            ("1h", 3_563_000, Some("59m23s")),
            ("1h", 3_636_000, None),
            ("1h", 3_700_000, Some("1h1m40s")),
            ("15m", 43_200_000, Some("12h")),
            ("15m", 43_199_000, Some("12h")),
            ("15m", 891_000, None),
            ("15m", 890_000, Some("14m50s")),
            ("10s", 8_000, None),
            ("10s", 7_000, Some("7s")),
            ("10s", 900_000, Some("15m")),
            ("1h", -5_000, Some("0s")),
        ] {
            let lifetime = Lifetime::until_expiration(Timestamp::from_millisecond(millis).unwrap(), moment(0));
            let granted = lifetime.granted_instead(asked.parse().ok()).map(|granted| granted.to_string());
            assert_eq!(granted.as_deref(), instead, "{asked} {millis}");
        }
        assert_eq!(hour().granted_instead(None), None);
        let slow =
            |took| Lifetime { took: SignedDuration::from_secs(took), ..Lifetime::until_expiration(at(14), moment(0)) };
        let instead = |took| slow(took).granted_instead("10s".parse().ok()).map(SessionDuration::as_secs);
        assert_eq!(
            [0, 1, 2, 4].map(instead),
            [Some(14), Some(13), None, None],
            "it was granted while the answer was awaited"
        );
    }

    #[test]
    fn what_is_left_is_what_was_granted_less_what_has_passed() {
        let hours = SignedDuration::from_hours;
        // This machine is 13 hours slow; the service that granted is known to be ahead by them, or all others are not.
        for asked in [Moment { offset: hours(13), ..moment(0) }, moment(0)] {
            let lifetime = Lifetime::of_grant(at(13 * 3600 + 3600), asked, hours(13), SignedDuration::ZERO);
            let later = Moment { local: at(600), ..asked };
            assert_eq!((lifetime.length(), lifetime.remaining(later).as_secs()), (hours(1), 3000), "{asked:?}");
            assert_eq!(lifetime.issued, at(13 * 3600));
        }
    }

    proptest! {
        /// Whatever services say of their clock later.
        #[test]
        fn what_is_left_never_exceeds_what_was_granted_less_what_has_passed(
            length in 0i64..200_000, passed in 0i64..400_000, first in -50_000i64..50_000, later in -50_000i64..50_000,
        ) {
            let offset = SignedDuration::from_secs;
            let lifetime = Lifetime::until_expiration(at(first + length), Moment { local: at(0), offset: offset(first) });
            let left = lifetime.remaining(Moment { local: at(passed), offset: offset(later) });
            prop_assert!(left <= offset(length - passed));
            prop_assert_eq!(left, offset(length - passed - (later - first).max(0)));
        }
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
            assert_eq!(format_countdown(SignedDuration::from_millis(millis)), text, "{millis}");
        }
    }

    proptest! {
        /// Drawing again before the change would be work for nothing; drawing after it would show the past.
        #[test]
        fn the_text_stands_still_until_the_announced_change(millis in -90_000_000i64..90_000_000) {
            let now = SignedDuration::from_millis(millis);
            let until = countdown_changes(now);
            prop_assert!(until > SignedDuration::ZERO && until <= SignedDuration::from_secs(60));
            prop_assert_eq!(format_countdown(now), format_countdown(now - until + SignedDuration::from_nanos(1)));
            prop_assert_ne!(format_countdown(now), format_countdown(now - until));
        }
    }
}
