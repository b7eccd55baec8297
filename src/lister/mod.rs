//! Lists everything in a location, with many requests at a time.
//!
//! Invariant: the result is the same as from one page after another: every row exactly once, in the order of keys if
//! that is requested. Only the service can make it [`Ended::Complete`]. Dropping the future ends every request.
//!
//! | file | what it does |
//! |---|---|
//! | [`keyspace`](crate::domain::listing::keyspace) | which requests to send, and what their responses add up to |
//! | `plan`, `pages` | what is to be listed and what is reported; where pages come from |
//! | `pace` | how many of them are in flight at a time |
//! | `run` | sends them |
//! | `s3` | S3 as the source of pages |

mod pace;
mod pages;
mod plan;
mod run;
mod s3;
#[cfg(test)]
mod tests;

pub use self::{
    pages::Pages,
    plan::{Ended, Event, Plan, Progress},
};
pub use crate::domain::listing::keyspace::Order;

use tokio::sync::mpsc;

use crate::domain::failure::Failure;

/// Lists everything; rows and progress go to `events`.
///
/// # Errors
/// Whatever a request ended with, if it did so twice; rows that came before stay valid.
pub async fn list_all(pages: impl Pages, plan: Plan, events: mpsc::Sender<Event>) -> Result<Ended, Failure> {
    run::Run::new(pages, plan, events).finish().await
}
