//! What pages are asked of.
//!
//! Invariant: one that asks waits as long as the service says, and goes on with a session that lives or not at all.

use std::time::Duration;

use crate::domain::{
    failure::Failure,
    listing::{ListRequest, Page, TokenListener},
};

/// What pages are asked of. A clone asks the same.
pub trait Pages: Clone + Send + Sync + 'static {
    /// One page. The token of the next one may be told through `early`, while the rest of this one still arrives.
    fn page(
        &self,
        request: ListRequest,
        early: Option<TokenListener>,
    ) -> impl Future<Output = Result<Page, Failure>> + Send;

    /// Returns after a wait that the service asked for, before this attempt; until then it is told to whoever waits for
    /// the listing.
    fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) -> impl Future<Output = ()> + Send;

    /// Returns when there is another session after the one that `ended`.
    ///
    /// # Errors
    /// If there will be none; the listing ends with that.
    fn renewed(&self, ended: Failure) -> impl Future<Output = Result<(), Failure>> + Send;
}
