//! Lists everything in a location, with many requests at a time.
//!
//! Invariant: the result is the same as from one page after another: every row exactly once, in the order of keys if
//! that is requested. Only the service can make it [`Ended::Complete`]. Dropping the future ends every request.
//!
//! | file | what it does |
//! |---|---|
//! | [`keyspace`](crate::domain::listing::keyspace) | which requests to send, and what their responses add up to |
//! | `pace` | how many of them are in flight at a time |
//! | `run` | sends them |
//! | `s3` | S3 as the source of pages |

mod pace;
mod run;
mod s3;
#[cfg(test)]
mod tests;

pub use crate::domain::listing::keyspace::Order;

use std::time::Duration;

use tokio::sync::mpsc;

use crate::domain::{
    failure::Failure,
    listing::{Block, ListRequest, Page, TokenListener},
    location::Location,
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

/// What is to be listed, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where.
    pub location: Location,
    /// Whether keys are rolled up to the next `/`.
    pub delimited: bool,
    /// Behind which row to begin.
    pub behind: Option<String>,
    /// Requests at a time, at most; 1 asks for one page after another.
    pub most_in_flight: usize,
    /// In which order the rows are wanted.
    pub order: Order,
    /// Bytes of rows after which to stop.
    pub most_memory: usize,
}

/// What a listing tells on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Rows; in the order of keys they follow those before.
    Rows(Block),
    /// How far it is, after each answer.
    Progress(Progress),
    /// The session has expired; nothing is asked until there is another one.
    Paused,
}

/// How far a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows that came, also those that wait for others before them.
    pub found: u64,
    /// Requests that were made.
    pub requests: u64,
    /// Requests under way.
    pub in_flight: usize,
}

/// How a listing ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The service said that this is all.
    Complete,
    /// There is more, but the rows take as much memory as they may.
    Full {
        /// The last row; behind it is what has not come. `None` if the rows were in no order.
        behind: Option<String>,
    },
    /// Nobody takes the events any more.
    Unwanted,
}

/// Lists everything; rows and progress go to `events`.
///
/// # Errors
/// Whatever a request ended with, if it did so twice; rows that came before stay valid.
pub async fn list_all(pages: impl Pages, plan: Plan, events: mpsc::Sender<Event>) -> Result<Ended, Failure> {
    run::Run::new(pages, plan, events).finish().await
}
