//! Passes on the token of the next page before this one has been read to its end.
//!
//! Invariant: a token is passed on once, however often the page is requested again.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use crate::domain::listing::{ContinuationToken, TokenListener};

/// Passes on a continuation token before its page has been read: once, whichever attempt reads it first.
#[derive(Clone, Default)]
pub(in crate::aws::s3) struct EarlyToken(Arc<Mutex<Option<TokenListener>>>);

impl fmt::Debug for EarlyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Early")
    }
}

impl EarlyToken {
    pub(in crate::aws::s3) fn new(listener: Option<TokenListener>) -> Self {
        Self(Arc::new(Mutex::new(listener)))
    }

    pub(super) fn tell_token(&self, token: &ContinuationToken) {
        if let Some(listener) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            listener(token.clone());
        }
    }
}
