//! How long a link works, and what limits that.
//!
//! A presigned URL is signed by the session, so it works no longer than the session lives, whatever lifetime is written
//! into it. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html>
//!
//! Invariant: no plan is longer than what was asked for, than what the session has left by the service's clock, or than
//! seven days; and there is none for a session that is over.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::address::ObjectAddress;
use crate::domain::{duration::SessionDuration, lifetime::Lifetime, mint::Mode, moment::Moment};

/// What a signature of version 4 lasts at most.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
const LONGEST: i64 = 7 * 24 * 3600;

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkMethod {
    /// Gives the content.
    #[default]
    Get,
    /// Tells of the object without its content.
    Head,
}

impl LinkMethod {
    /// As HTTP writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

/// A link that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignRequest {
    /// To which object.
    pub address: ObjectAddress,
    /// What it does.
    pub method: LinkMethod,
    /// How long it should work.
    pub asked: SessionDuration,
}

/// What decides how long a link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PresignLimit {
    /// It is as long as was asked for.
    Asked,
    /// The session ends before.
    Session,
    /// No signature lasts longer.
    SevenDays,
}

impl fmt::Display for PresignLimit {
    /// The word of the JSON output.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Asked => "asked",
            Self::Session => "session",
            Self::SevenDays => "7 days",
        })
    }
}

/// A link before it is signed. Times are the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresignPlan {
    /// For which time it is signed: a whole second.
    pub signed_at: Timestamp,
    /// How long it works from then on.
    pub seconds: u32,
    /// How long was asked for.
    pub asked_seconds: u32,
    /// What decided.
    pub limited_by: PresignLimit,
    /// Whether the session ends, at a time that is not known: then the link may end earlier.
    pub end_is_unknown: bool,
}

impl PresignPlan {
    /// A link that is asked for at this moment, signed by a session of this lifetime. `temporary` is whether a session
    /// token comes with its keys. `None` if the session has less than a second left.
    pub fn for_session(
        asked: SessionDuration,
        lifetime: Option<Lifetime>,
        temporary: bool,
        at: Moment,
    ) -> Option<Self> {
        // Signatures have whole seconds. Rounded down, so that no service finds it in the future.
        let now = at.by_the_services();
        let signed_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let session = lifetime.map(|lifetime| {
            let left: SignedDuration = lifetime.remaining(at) + now.duration_since(signed_at);
            left.as_secs()
        });
        let wanted = i64::from(asked.as_secs());
        let (seconds, limited_by) = match session {
            Some(left) if left < wanted.min(LONGEST) => (left, PresignLimit::Session),
            _ if wanted > LONGEST => (LONGEST, PresignLimit::SevenDays),
            _ => (wanted, PresignLimit::Asked),
        };
        // The second that has begun counts for nothing: a session that has less than one left is over.
        let is_over = lifetime.is_some_and(|lifetime| lifetime.remaining(at) < SignedDuration::from_secs(1));
        let seconds = u32::try_from(seconds).ok().filter(|seconds| *seconds > 0 && !is_over)?;
        Some(Self {
            signed_at,
            seconds,
            asked_seconds: asked.as_secs(),
            limited_by,
            end_is_unknown: temporary && lifetime.is_none(),
        })
    }

    /// Until when it works.
    pub fn expires_at(&self) -> Timestamp {
        self.signed_at.checked_add(SignedDuration::from_secs(self.seconds.into())).unwrap_or(self.signed_at)
    }
}

/// What can end a link before its time, by how the session was minted. Sentences.
pub fn earlier_ends(mode: Mode) -> Vec<&'static str> {
    let of_the_signer = match mode {
        Mode::Role => "the role's sessions are revoked, or the role loses the permission",
        Mode::Federation | Mode::Session => "the user's access keys are deleted, or the user loses the permission",
        Mode::Direct => "these keys are deleted or deactivated, or their identity loses the permission",
    };
    vec![of_the_signer, "the bucket's policy denies it or refuses old signatures", "the object is deleted"]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(millis: i64, offset: i64) -> Moment {
        Moment { local: Timestamp::from_millisecond(millis).unwrap(), offset: SignedDuration::from_secs(offset) }
    }

    fn lifetime(ends: i64, from: Moment) -> Lifetime {
        Lifetime::until_expiration(Timestamp::from_second(ends).unwrap(), from)
    }

    #[test]
    fn a_link_lasts_as_long_as_what_ends_first() {
        let week: u32 = 7 * 24 * 3600;
        for (asked, left, seconds, limit) in [
            (3600, None, 3600, PresignLimit::Asked),
            (3600, Some(7200), 3600, PresignLimit::Asked),
            (3600, Some(3600), 3600, PresignLimit::Asked),
            (3600, Some(20), 20, PresignLimit::Session),
            (week, Some(20), 20, PresignLimit::Session),
            (week + 1, None, week, PresignLimit::SevenDays),
            (week + 1, Some(i64::from(week)), week, PresignLimit::SevenDays),
            (week, None, week, PresignLimit::Asked),
            (u32::MAX, Some(1), 1, PresignLimit::Session),
        ] {
            let at = moment(1_000_000_000, 0);
            let session = left.map(|left| lifetime(1_000_000 + left, at));
            let plan = PresignPlan::for_session(SessionDuration::from_secs(asked), session, true, at).unwrap();
            assert_eq!((plan.seconds, plan.limited_by), (seconds, limit), "{asked} {left:?}");
            assert_eq!(plan.expires_at().as_second(), 1_000_000 + i64::from(seconds));
            assert_eq!(plan.end_is_unknown, left.is_none());
        }
    }

    #[test]
    fn a_session_that_is_over_signs_nothing() {
        for left in [0, -1, -100_000] {
            let at = moment(1_000_000_000, 0);
            let session = lifetime(1_000_000 + left, at);
            assert_eq!(PresignPlan::for_session(SessionDuration::HOUR, Some(session), true, at), None, "{left}");
        }
    }

    #[test]
    fn the_services_clock_decides_when_a_link_starts_and_ends() {
        // This machine's clock is three hours fast, and slow.
        for offset in [-10_800, 10_800] {
            let at = moment(2_000_000_400, offset);
            let session = lifetime(2_000_000 + offset + 20, at);
            let plan = PresignPlan::for_session(SessionDuration::HOUR, Some(session), true, at).unwrap();
            assert_eq!(plan.signed_at.as_second(), 2_000_000 + offset);
            assert_eq!(plan.expires_at().as_second(), 2_000_000 + offset + 20);
        }
    }

    proptest! {
        #[test]
        fn no_link_outlives_its_session_or_what_was_asked_for(
            asked in 1u32..2_000_000, left in -5_000i64..700_000_000, millis in 0i64..1000, offset in -20_000i64..20_000,
        ) {
            let at = moment(3_000_000_000 + millis, offset);
            let ends = 3_000_000 + offset + left / 1000;
            let session = lifetime(ends, at);
            match PresignPlan::for_session(SessionDuration::from_secs(asked), Some(session), true, at) {
                Some(plan) => {
                    prop_assert!(plan.seconds >= 1 && plan.seconds <= asked && plan.seconds <= 604_800);
                    prop_assert!(plan.expires_at().as_second() <= ends);
                    prop_assert!(plan.signed_at <= at.by_the_services());
                }
                None => prop_assert!(session.remaining(at) < SignedDuration::from_secs(1)),
            }
        }
    }
}
