//! A note about a service whose `Date` contradicts others.
//!
//! Invariant: it is printed once, after the output of the command, because a progress line may stand there before.

use std::sync::{Mutex, PoisonError};

use super::{problem, progress};
use crate::{aws::Aws, domain::clock_doubt::ClockDoubt};

/// The first that was heard of.
static DOUBT: Mutex<Option<ClockDoubt>> = Mutex::new(None);

/// The way to AWS of a command.
pub(super) fn aws() -> Aws {
    progress::services().telling_doubts(|doubt| {
        DOUBT.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(doubt);
    })
}

/// Tells it, if there is one.
pub(super) fn tell() {
    if let Some(doubt) = DOUBT.lock().unwrap_or_else(PoisonError::into_inner).take() {
        problem::note(&doubt.to_string());
    }
}
