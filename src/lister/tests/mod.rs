//! A bucket in memory, listed in every way, against what one page after another brings.
//!
//! Invariant: time is simulated; a run with the same shelf is the same run.

mod equal;
mod faults;
mod shelf;
mod time;

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Ended, Event, ListProgress, Pages, Plan, RowOrder, list_all};
use crate::{
    clock::Clock,
    domain::{failure::Failure, listing::Block, location::Location},
};

/// Everything below a prefix of the shelf's bucket.
fn plan(prefix: &str) -> Plan {
    Plan {
        location: Location::new("shelf", prefix),
        delimited: false,
        behind: None,
        most_in_flight: 64,
        order: RowOrder::Keys,
        most_memory: usize::MAX,
    }
}

/// What a listing told, and how it ended.
#[derive(Debug)]
struct Listed {
    ended: Result<Ended, Failure>,
    blocks: Vec<Block>,
    progress: ListProgress,
    pauses: usize,
    took: Duration,
}

impl Listed {
    fn names(&self) -> Vec<String> {
        self.blocks.iter().flat_map(Block::names).map(|name| String::from_utf8(name).unwrap()).collect()
    }
}

async fn listed(pages: impl Pages, plan: Plan) -> Listed {
    let (events, mut told) = mpsc::channel(4);
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
    let listing = tokio::spawn(list_all(pages, plan, events));
    let (mut blocks, mut progress, mut pauses) = (vec![], ListProgress::default(), 0);
    while let Some(event) = told.recv().await {
        match event {
            Event::Rows(block) => blocks.push(block),
            Event::Progress(new) => progress = new,
            Event::Paused => pauses += 1,
        }
    }
    let ended = listing.await.unwrap();
    let took = clock.now().duration_since(Timestamp::UNIX_EPOCH).unsigned_abs();
    Listed { ended, blocks, progress, pauses, took }
}

/// Runs in simulated time.
fn simulated<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    // A listing that waits for nothing would wait without end.
    runtime.unwrap().block_on(async { tokio::time::timeout(Duration::from_hours(1000), work).await }).expect("it ends")
}
