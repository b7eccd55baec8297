//! A service's date that is not believed.
//!
//! Invariant: every report of one says that the date is not used.

use std::fmt;

use jiff::SignedDuration;

use super::{failure::Service, lifetime::format_countdown};

/// A reply whose `Date` contradicts what is known of the services' clock. It is reported, and not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockDoubt {
    /// Whose reply.
    pub service: Service,
    /// How far the `Date` is ahead of the services' clock as it is known.
    pub ahead: SignedDuration,
}

impl fmt::Display for ClockDoubt {
    /// `the date of a response from S3 is 13h 00m ahead of the service's clock; it is ignored`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.ahead.is_negative() { "behind" } else { "ahead of" };
        let off = format_countdown(self.ahead.abs());
        write!(
            f,
            "the date of a response from {} is {off} {direction} the service's clock; it is ignored",
            self.service
        )
    }
}
