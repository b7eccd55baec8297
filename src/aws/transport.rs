//! What every client of a service shares: the clock, the connections, how far the services' clock is ahead, and who hears
//! of waits.
//!
//! Invariant: clones share what is measured and what is told, so that all requests of the program go by one clock.

use jiff::SignedDuration;

use super::{calls::Calls, http::Connections, offset::ClockOffset, waits::Waits};
use crate::{clock::Clock, domain::moment::Moment};

/// What requests are made with. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    pub(super) clock: Clock,
    pub(super) connections: Connections,
    pub(super) offset: ClockOffset,
    pub(super) waits: Waits,
}

impl Transport {
    /// Nothing measured, and nobody told of anything.
    pub(super) fn new(clock: Clock, connections: Connections) -> Self {
        Self { clock, connections, offset: ClockOffset::default(), waits: Waits::default() }
    }

    /// What calls of services are made with.
    pub(super) fn calls(&self) -> Calls {
        Calls { clock: self.clock.clone(), offset: self.offset.clone(), waits: self.waits.clone() }
    }

    /// Now, and what is known of the services' clock.
    pub(super) fn moment(&self) -> Moment {
        Moment { local: self.clock.now(), offset: self.clock_offset().unwrap_or_default() }
    }

    /// How far the services' clock is ahead of ours, by the `Date` headers seen so far.
    pub(super) fn clock_offset(&self) -> Option<SignedDuration> {
        self.offset.get()
    }
}
