//! Waits between the attempts of a call, which are shown to the person who waits.
//!
//! Invariant: a wait is reported from its start until it ends or the call is dropped. A wait that is too short to notice
//! is not reported.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;

use crate::{
    clock::Clock,
    domain::{failure::Failure, patience::Wait},
};

/// Shorter waits are not reported.
const UNNOTICED: Duration = Duration::from_millis(800);

/// How often a wait is reported again, for the countdown.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// Called with the current waits: when one begins, each second, and when one ends.
pub(super) type WaitListener = dyn Fn(&[Wait]) + Send + Sync;

/// The waits of everything that one [`Aws`](super::Aws) does. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Waits {
    listener: Option<Arc<WaitListener>>,
    current: Arc<Mutex<Vec<(u64, Wait)>>>,
}

impl fmt::Debug for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waits")
    }
}

impl Waits {
    pub(super) fn told_to(listener: Arc<WaitListener>) -> Self {
        Self { listener: Some(listener), current: Arc::default() }
    }

    /// Waits for so long because of `failure`, after which comes this attempt.
    pub(super) async fn sit_out(&self, clock: &Clock, wait: Duration, failure: &Failure, attempt: u32) {
        if wait < UNNOTICED {
            return tokio::time::sleep(wait).await;
        }
        let until = SignedDuration::try_from(wait).ok().and_then(|wait| clock.now().checked_add(wait).ok());
        let _told = self.begin_wait(Wait::after_failure(failure, attempt, until.unwrap_or_else(|| clock.now())));
        let mut left = wait;
        while left > TOLD_EVERY {
            tokio::time::sleep(TOLD_EVERY).await;
            left -= TOLD_EVERY;
            self.notify_listener(&self.lock_current());
        }
        tokio::time::sleep(left).await;
    }

    fn begin_wait(&self, wait: Wait) -> AnnouncedWait<'_> {
        let mut current = self.lock_current();
        let id = current.last().map_or(0, |(last, _)| last + 1);
        current.push((id, wait));
        self.notify_listener(&current);
        AnnouncedWait { waits: self, id }
    }

    fn lock_current(&self) -> MutexGuard<'_, Vec<(u64, Wait)>> {
        // The list is whole after every single operation.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn notify_listener(&self, current: &[(u64, Wait)]) {
        if let Some(listener) = &self.listener {
            listener(&current.iter().map(|(_, wait)| wait.clone()).collect::<Vec<_>>());
        }
    }
}

/// A wait that is reported; it ends when dropped.
struct AnnouncedWait<'a> {
    waits: &'a Waits,
    id: u64,
}

impl Drop for AnnouncedWait<'_> {
    fn drop(&mut self) {
        let mut current = self.waits.lock_current();
        current.retain(|(id, _)| *id != self.id);
        self.waits.notify_listener(&current);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureKind;

    fn throttled() -> Failure {
        Failure { status: Some(503), ..Failure::local(FailureKind::Throttled, "list", "", "") }
    }

    /// Waits, and how many there were at each report.
    fn counted() -> (Waits, Arc<Mutex<Vec<usize>>>) {
        let seen: Arc<Mutex<Vec<usize>>> = Arc::default();
        let notes = Arc::clone(&seen);
        (Waits::told_to(Arc::new(move |waits| notes.lock().unwrap().push(waits.len()))), seen)
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_told_each_second_and_when_it_is_over() {
        let (waits, seen) = counted();
        waits.sit_out(&Clock::system(), Duration::from_millis(2500), &throttled(), 2).await;
        assert_eq!(*seen.lock().unwrap(), [1, 1, 1, 0]);
        waits.sit_out(&Clock::system(), Duration::from_millis(400), &throttled(), 2).await;
        assert_eq!(seen.lock().unwrap().len(), 4, "nobody notices so short a wait");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_given_up_is_told_no_more() {
        let (waits, seen) = counted();
        let (long, clock, failure) = (Duration::from_secs(10), Clock::system(), throttled());
        let given_up = tokio::time::timeout(Duration::from_secs(3), waits.sit_out(&clock, long, &failure, 2));
        let (given_up, ()) = tokio::join!(given_up, waits.sit_out(&clock, long, &failure, 5));
        assert!(given_up.is_err());
        let seen = seen.lock().unwrap();
        assert_eq!((seen.iter().max(), seen.last()), (Some(&2), Some(&0)));
    }
}
