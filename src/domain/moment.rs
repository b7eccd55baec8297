//! A point in time by two clocks: this machine's and the services'.
//!
//! Invariant: this machine's clock is the monotonic one (see [`clock`](crate::clock)): it cannot be set while the
//! program runs, so it alone measures how long ago something was. The clock of a service only shifts it.

use jiff::{SignedDuration, Timestamp};

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
