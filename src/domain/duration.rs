//! The requested duration of a session.
//!
//! Invariant: whole seconds, at least one; [`mint`](super::mint) knows which durations a service allows.

use std::{fmt, str::FromStr};

use jiff::SignedDuration;

/// A length of time in whole seconds, `15m`, `1h30m`, `7d`, `7200` or `7200s` as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionDuration(u32);

/// Text that is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a duration: write 15m, 1h30m, 7200 or 7200s")]
pub struct NotADuration;

impl SessionDuration {
    /// One hour: the default of every mode.
    pub const HOUR: Self = Self(3600);

    /// A duration of `seconds`.
    pub const fn from_secs(seconds: u32) -> Self {
        Self(seconds)
    }

    /// The whole seconds, as STS counts them.
    pub const fn as_secs(self) -> u32 {
        self.0
    }
}

impl FromStr for SessionDuration {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let (days, rest) = split_days(text.trim());
        let seconds = match rest.parse::<i64>() {
            _ if rest.is_empty() && days > 0 => 0,
            Ok(seconds) if days == 0 => seconds,
            _ => whole_seconds(rest.parse().map_err(|_| NotADuration)?).ok_or(NotADuration)?,
        };
        match u32::try_from(seconds.saturating_add(i64::from(days) * 86_400)) {
            Ok(seconds) if seconds > 0 => Ok(Self(seconds)),
            _ => Err(NotADuration),
        }
    }
}

/// The days at the beginning of a text, 24 hours each, and the rest. [`SignedDuration`] reads no days, since those of a
/// calendar differ in length.
fn split_days(text: &str) -> (u32, &str) {
    let days = text.split_once('d').and_then(|(days, rest)| Some((days.trim().parse().ok()?, rest.trim_start())));
    days.unwrap_or((0, text))
}

fn whole_seconds(duration: SignedDuration) -> Option<i64> {
    (duration.subsec_nanos() == 0).then(|| duration.as_secs())
}

impl fmt::Display for SessionDuration {
    /// The shortest exact form: `1h30m`, `15m`, `90s` as `1m30s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        for (value, unit) in [(hours, 'h'), (minutes, 'm'), (seconds, 's')] {
            if value > 0 {
                write!(f, "{value}{unit}")?;
            }
        }
        if self.0 == 0 { f.write_str("0s") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_documented_form_is_read() {
        for (text, seconds) in [
            ("15m", 900),
            ("1h30m", 5400),
            ("7200", 7200),
            ("7200s", 7200),
            (" 36h ", 129_600),
            ("1h 5s", 3605),
            ("7d", 604_800),
            ("1d12h", 129_600),
        ] {
            assert_eq!(text.parse(), Ok(SessionDuration(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "0",
            "0s",
            "-5",
            "-1h",
            "1.5",
            "0.5s",
            "500ms",
            "abc",
            "1 fortnight",
            "99999999999",
            "1h\u{0}",
            "d",
            "0d",
            "1d60",
            "-1d",
            "1dd",
            "99999d",
        ] {
            assert_eq!(text.parse::<SessionDuration>(), Err(NotADuration), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(seconds in 1u32..200_000) {
            let duration = SessionDuration(seconds);
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        }
    }
}
