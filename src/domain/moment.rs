//! A point in time by two clocks: this machine's and the services'.
//!
//! Invariant: this machine's clock is the monotonic one (see [`clock`](crate::clock)): nobody can set it while the
//! program runs, so it alone measures how long ago something was. The clock of a service only shifts it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{failure::Service, lifetime::countdown};

/// Clocks that are further apart than this contradict each other: services refuse signatures that are older.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
pub const TOLERATED: SignedDuration = SignedDuration::from_mins(15);

/// One moment, and what is known of the services' clock at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// By this machine's clock.
    pub local: Timestamp,
    /// How far the services' clock is ahead of this machine's.
    pub offset: SignedDuration,
}

impl Moment {
    /// What the services' clock shows.
    pub fn by_the_services(self) -> Timestamp {
        // An offset is never so large; a clock set to the calendar's end could still leave it.
        self.local.checked_add(self.offset).unwrap_or(self.local)
    }
}

/// A reply whose `Date` contradicts what is known of the services' clock. It is told, and not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockDoubt {
    /// Whose reply.
    pub service: Service,
    /// How far the `Date` is ahead of the services' clock as it is known.
    pub ahead: SignedDuration,
}

impl fmt::Display for ClockDoubt {
    /// `a reply of S3 is dated 13h 00m ahead of the service's clock; that date is not used`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.ahead.is_negative() { "behind" } else { "ahead of" };
        let off = countdown(self.ahead.abs());
        write!(
            f,
            "the date of a response from {} is {off} {direction} the service's clock; it is ignored",
            self.service
        )
    }
}
