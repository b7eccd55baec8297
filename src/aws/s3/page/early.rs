//! Tells where the next page begins before this one has been read to its end.
//!
//! Invariant: a token is told once, however often the answer is asked for again.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use crate::domain::listing::{ContinuationToken, TokenListener};

/// Tells a continuation token before the page that it came with has been read: once, whichever attempt reads it first.
#[derive(Clone, Default)]
pub(in crate::aws::s3) struct Early(Arc<Mutex<Option<TokenListener>>>);

impl fmt::Debug for Early {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Early")
    }
}

impl Early {
    pub(in crate::aws::s3) fn new(listener: Option<TokenListener>) -> Self {
        Self(Arc::new(Mutex::new(listener)))
    }

    pub(super) fn tell(&self, token: &ContinuationToken) {
        if let Some(listener) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            listener(token.clone());
        }
    }
}
