//! Who may sign in to the console.
//!
//! Invariant: a sign-in is found by its token alone, and says nothing of the credentials that it was given for.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

/// Somebody who may sign in.
#[derive(Clone)]
pub(super) struct SignIn {
    pub(super) arn: String,
    /// When the console session ends.
    pub(super) end: Timestamp,
    /// Until when the URL can be opened.
    pub(super) open: Timestamp,
}

/// Every [`SignIn`] by its token.
#[derive(Default)]
pub(super) struct SignIns(Mutex<HashMap<String, SignIn>>);

impl SignIns {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<String, SignIn>> {
        // Nothing that holds the lock can leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
