//! What a part may read besides itself.
//!
//! Invariant: a part of the state changes itself alone. What it reads of the rest is in here, and it can change nothing of
//! that but take the next number for a request.

use jiff::Timestamp;

use super::{effect::Generation, setup::Setup};
use crate::domain::{credentials::SessionId, lifetime::Phase, moment::Moment};

/// What is so at the moment, outside of the part that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// The newest moment, by which sessions end.
    pub(super) moment: Moment,
    /// Columns and rows of the terminal.
    pub(super) size: (u16, u16),
    /// The session in use.
    pub(super) session: Option<SessionId>,
    /// How urgent its end is; [`Phase::Fresh`] where nothing ends.
    pub(super) phase: Phase,
    /// Whether a call to STS is waited for.
    pub(super) minting: bool,
    /// How many sessions are held.
    pub(super) sessions: usize,
}

/// The numbers of requests: each is given once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Generations(Generation);

/// What a part may read, and the numbers that it may take.
pub(super) struct Cx<'a> {
    pub(super) facts: Facts,
    pub(super) setup: &'a Setup,
    pub(super) generations: &'a mut Generations,
}

impl Generations {
    /// A number that no request has had.
    pub(super) const fn next(&mut self) -> Generation {
        self.0.0 += 1;
        self.0
    }
}

impl Cx<'_> {
    /// The time at which the newest message was handled, by this machine's clock.
    pub(super) const fn now(&self) -> Timestamp {
        self.facts.moment.local
    }

    /// The newest moment, by which sessions end.
    pub(super) const fn moment(&self) -> Moment {
        self.facts.moment
    }

    /// The time by the services' clock.
    pub(super) fn service_now(&self) -> Timestamp {
        self.facts.moment.by_the_services()
    }

    /// Columns and rows of the terminal.
    pub(super) const fn size(&self) -> (u16, u16) {
        self.facts.size
    }

    /// A number that no request has had.
    pub(super) const fn next_generation(&mut self) -> Generation {
        self.generations.next()
    }

    /// The session in use, if it has not expired.
    pub(super) fn live_session(&self) -> Option<SessionId> {
        self.facts.session.filter(|_| self.facts.phase != Phase::Expired)
    }
}

/// Builds what a part may read; the part itself stays free to be changed.
macro_rules! cx {
    ($model:ident) => {{
        let facts = $model.facts();
        $crate::app::cx::Cx { facts, setup: &$model.setup, generations: &mut $model.generations }
    }};
}
pub(super) use cx;
