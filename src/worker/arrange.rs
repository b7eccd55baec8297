//! Filtering and sorting, on a thread of its own.
//!
//! Invariant: one arrangement runs at a time; a new one stops it, and a stopped one sends no result.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::task::spawn_blocking;

use super::hands::Hands;
use crate::{
    app::{Generation, Message},
    domain::{
        failure::{Failure, FailureKind},
        listing::Arranging,
    },
};

/// Tells the work it belongs to to stop, as soon as it is dropped.
#[derive(Default)]
pub(super) struct StopSign(Arc<AtomicBool>);

impl Drop for StopSign {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Hands {
    /// Begins to arrange, until the sign that comes back is dropped.
    pub(super) fn arrange(self, generation: Generation, arranging: Arranging) -> StopSign {
        let sign = StopSign::default();
        let stop = Arc::clone(&sign.0);
        drop(tokio::spawn(async move {
            let work = move || {
                let shown = arranging.run(&stop);
                // The rows are let go of before the answer is told, which may change what is shared with them.
                drop(arranging);
                shown
            };
            let outcome = match spawn_blocking(work).await {
                Ok(shown) => shown.map(Ok),
                Err(_) => Some(Err(Failure::local(FailureKind::Other, "arrange", "the rows", "a bug in ebbtide"))),
            };
            if let Some(outcome) = outcome {
                self.reply(Message::Arranged { generation, outcome }).await;
            }
        }));
        sign
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing_a_sign_stops_the_work_it_belonged_to() {
        let mut sign = StopSign::default();
        let older = Arc::clone(&sign.0);
        assert!(!older.load(Ordering::Relaxed));
        sign = StopSign::default();
        assert_eq!((older.load(Ordering::Relaxed), sign.0.load(Ordering::Relaxed)), (true, false));
    }
}
