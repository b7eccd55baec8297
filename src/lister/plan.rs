//! What is to be listed, and what is reported meanwhile.
//!
//! Invariant: [`Ended::Complete`] means that the service itself said that this is all.

use crate::domain::{
    listing::{Block, keyspace::RowOrder},
    location::Location,
};

/// What is to be listed, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where.
    pub location: Location,
    /// Whether keys are rolled up to the next `/`.
    pub delimited: bool,
    /// After which row to begin.
    pub behind: Option<String>,
    /// Requests at a time, at most; 1 asks for one page after another.
    pub most_in_flight: usize,
    /// In which order the rows are wanted.
    pub order: RowOrder,
    /// Bytes of rows after which to stop.
    pub most_memory: usize,
}

/// What a listing reports while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Rows; in the order of keys they follow those before.
    Rows(Block),
    /// How far it is, after each answer.
    Progress(ListProgress),
    /// The session has expired; no request is sent until there is another one.
    Paused,
}

/// How far a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListProgress {
    /// Rows that came, also those that wait for others before them.
    pub found: u64,
    /// Requests that were sent, retries included.
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
        /// The last row; after it is what has not come. `None` if the rows were in no order.
        behind: Option<String>,
    },
    /// The receiver of the events is gone.
    Unwanted,
}
