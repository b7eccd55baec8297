//! The time: the only module that asks for it.
//!
//! Invariant: everything else is told the time, or handed a [`Clock`]; so a test can let an hour pass in no time.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Tells the time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Simulated { origin: Timestamp, since: Instant },
}

impl Clock {
    /// The machine's wall clock, which goes on while a laptop sleeps.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `origin` now and advances with the runtime's timers: under paused time, exactly as far as the
    /// test lets it.
    pub fn starting_at(origin: Timestamp) -> Self {
        Self(Source::Simulated { origin, since: Instant::now() })
    }

    /// What it shows.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Simulated { origin, since } => {
                // A test does not run for the 292 years at which the conversion saturates.
                *origin + SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX)
            }
        }
    }
}
