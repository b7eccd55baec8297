//! Where the pages of a listing come from.
//!
//! Invariant: a source waits as long as the service asks, and sends requests only with valid sessions.

use std::time::Duration;

use crate::domain::{
    failure::Failure,
    listing::{ListRequest, Page, RequestCounter, TokenListener},
};

/// A source of pages. A clone has the same pages.
pub trait Pages: Clone + Send + Sync + 'static {
    /// Requests one page. `early` may get the token of the next page while the rest of this one still arrives; `sent`
    /// counts every request that this takes.
    fn get_page(
        &self,
        request: ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> impl Future<Output = Result<Page, Failure>> + Send;

    /// Waits before this attempt, because of `failure`. Meanwhile the wait is reported to whoever waits for the listing.
    fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) -> impl Future<Output = ()> + Send;

    /// Waits for another session after the one that `ended`.
    ///
    /// # Errors
    /// If there will be none; the listing ends with this failure.
    fn wait_for_renewal(&self, ended: Failure) -> impl Future<Output = Result<(), Failure>> + Send;
}
