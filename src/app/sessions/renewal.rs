//! Whether a session is renewed automatically, as the person chose, and how far that has come.
//!
//! Invariant: without a choice of the person's renewal is manual.

use jiff::Timestamp;

use crate::domain::failure::Failure;

/// What a person can choose for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RenewalChoice {
    /// It is renewed by a key alone.
    #[default]
    Manual,
    /// It is renewed ahead of its end.
    Automatic,
}

/// The choice, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewal {
    /// What was chosen.
    pub choice: RenewalChoice,
    /// Why the last attempt that nobody waited for has failed.
    pub failure: Option<Failure>,
    /// How many attempts in a row have failed.
    pub(super) failures: u32,
    /// No attempt before this time, by this machine's clock.
    pub(super) not_before: Option<Timestamp>,
    /// Whether the person was asked for the next MFA code ahead of the end.
    pub(super) asked: bool,
    /// Whether its predecessor was over before its time had passed: refused, or by what a service showed of its clock. What
    /// ends early twice in a row would do so for ever.
    pub(super) after_early_end: bool,
    /// Whether that is so of this one, when its successor was requested: the answer that grants that one shows another
    /// service's clock.
    pub(super) ends_early: bool,
}

impl Renewal {
    /// A session of this choice that nobody has tried to renew.
    pub(super) fn chosen(choice: RenewalChoice) -> Self {
        Self { choice, ..Self::default() }
    }
}
