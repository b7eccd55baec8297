//! The sign that stops work on all rows.
//!
//! Invariant: it is looked at often enough that nobody waits for work that is no longer wanted.

use std::sync::atomic::{AtomicBool, Ordering};

/// Nothing once the work is to stop.
pub(super) fn go_on(stop: &AtomicBool) -> Option<()> {
    (!stop.load(Ordering::Relaxed)).then_some(())
}
