//! The sign that stops work on all rows.
//!
//! Invariant: it is checked so often that work stops soon after it is no longer wanted.

use std::sync::atomic::{AtomicBool, Ordering};

/// Nothing once the work is to stop.
pub(super) fn go_on(stop: &AtomicBool) -> Option<()> {
    (!stop.load(Ordering::Relaxed)).then_some(())
}
