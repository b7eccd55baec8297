//! Everything that a location holds, by many requests at a time.
//!
//! Invariant: what comes is what one page after another would bring: every row once and none left out, in the order of the
//! keys if that is asked for; [`Ended::Complete`] is said by the service and by nobody else. Dropping the future ends every
//! request.
//!
//! | file | what it does |
//! |---|---|
//! | [`keyspace`](crate::domain::listing::keyspace) | which requests there are to make, and what their answers amount to |
//! | `plan`, `pages` | what is wanted and told, and what is asked |
//! | `pace` | how many of them are under way at a time |
//! | `run` | makes them |
//! | `s3` | S3 as what is asked |

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
