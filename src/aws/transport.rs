//! What every client of a service shares: the clock, the connections, how far the services' clock is ahead, and the
//! listener for waits.
//!
//! Invariant: clones share what is measured and reported, so that all requests of the program use one clock.

use jiff::SignedDuration;

use super::{calls::CallContext, http::Connections, offset::ClockOffset, waits::Waits};
use crate::{
    clock::Clock,
    domain::{listing::RequestCounter, moment::Moment},
};

/// What requests are made with. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    pub(super) clock: Clock,
    pub(super) connections: Connections,
    pub(super) offset: ClockOffset,
    pub(super) waits: Waits,
}

impl Transport {
    /// Nothing is measured yet, and nothing is reported.
    pub(super) fn new(clock: Clock, connections: Connections) -> Self {
        Self { clock, connections, offset: ClockOffset::default(), waits: Waits::default() }
    }

    /// What calls of services are made with.
    pub(super) fn call_context(&self) -> CallContext {
        CallContext {
            clock: self.clock.clone(),
            offset: self.offset.clone(),
            waits: self.waits.clone(),
            sent: RequestCounter::default(),
        }
    }

    /// Now, and the offset of the services' clock as far as it is known.
    pub(super) fn moment(&self) -> Moment {
        Moment { local: self.clock.now(), offset: self.clock_offset().unwrap_or_default() }
    }

    /// How far the services' clock is ahead of ours, by the `Date` headers seen so far.
    pub(super) fn clock_offset(&self) -> Option<SignedDuration> {
        self.offset.get()
    }
}
