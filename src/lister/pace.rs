//! How many requests are in flight at a time.
//!
//! Invariant: at least one, at most as many as allowed; one more only after responses, half as many after the service
//! asks for fewer.

use std::time::Duration;

use crate::domain::patience::{Patience, Retry};

/// Requests at a time to begin with.
const FIRST: usize = 8;

/// What may be under way.
#[derive(Debug)]
pub(super) struct Pace {
    limit: usize,
    most: usize,
    /// Once the service has asked for fewer, one more only after as many responses as there are requests in flight.
    wary: bool,
    answers: usize,
    /// Requests made before belong to an older round: what becomes of them says nothing of the pace now.
    round: u64,
    /// With the service since its last answer.
    patience: Patience,
}

/// What follows when the service asks for fewer requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slower {
    /// Nothing: the request belongs to a round that is over.
    Already,
    /// A wait before the next request, which is this attempt since the last answer.
    Wait(Duration, u32),
    /// The end: it asked for fewer many times in a row, without any other response.
    Hopeless,
}

impl Pace {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { limit: FIRST.min(most), most, wary: false, answers: 0, round: 0, patience: Patience::default() }
    }

    /// How many requests may be under way.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// What to mark a request with.
    pub(super) fn round(&self) -> u64 {
        self.round
    }

    /// A request was answered.
    pub(super) fn note_answer(&mut self) {
        self.patience = Patience::default();
        self.answers += 1;
        if !self.wary || self.answers >= self.limit {
            self.answers = 0;
            self.limit = (self.limit + 1).min(self.most);
        }
    }

    /// The service asked for fewer, in response to a request of this round. `asked` is how long it asked to wait, `jitter`
    /// any number from 0 to 1. The requests of one round count once.
    pub(super) fn note_refusal(&mut self, round: u64, asked: Option<Duration>, jitter: f64) -> Slower {
        if round < self.round {
            return Slower::Already;
        }
        self.round += 1;
        (self.wary, self.answers) = (true, 0);
        self.limit = (self.limit / 2).max(1);
        // The waits alone are counted: requests of many rounds are under way at a time.
        match self.patience.next_wait(Retry::Throttled, asked, Duration::ZERO, jitter) {
            Some(wait) => Slower::Wait(wait, self.patience.attempts() + 1),
            None => Slower::Hopeless,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_with_every_round_of_answers_up_to_what_is_allowed() {
        let mut pace = Pace::new(64);
        let mut limits = vec![];
        for _ in 0..5 {
            limits.push(pace.limit());
            (0..pace.limit()).for_each(|_| pace.note_answer());
        }
        assert_eq!(limits, [8, 16, 32, 64, 64]);
        assert_eq!(Pace::new(1).limit(), 1);
    }

    #[test]
    fn a_refusal_halves_it_once_a_round_and_it_grows_slowly_from_then_on() {
        let mut pace = Pace::new(64);
        (0..100).for_each(|_| pace.note_answer());
        let round = pace.round();
        assert!(matches!(pace.note_refusal(round, None, 0.0), Slower::Wait(..)));
        assert_eq!((pace.note_refusal(round, None, 0.0), pace.limit()), (Slower::Already, 32));
        (0..32).for_each(|_| pace.note_answer());
        assert_eq!(pace.limit(), 33);
    }

    #[test]
    fn waits_grow_and_end_when_nothing_is_answered_for_half_a_minute() {
        let mut pace = Pace::new(64);
        let mut waits = vec![];
        while let Slower::Wait(wait, _) = pace.note_refusal(pace.round(), None, 1.0) {
            waits.push(wait.as_millis());
        }
        assert_eq!(waits, [200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
        assert_eq!(pace.limit(), 1);
        pace.note_answer();
        assert!(matches!(pace.note_refusal(pace.round(), None, 1.0), Slower::Wait(..)), "an answer gives hope");
    }

    #[test]
    fn a_wait_that_the_service_asks_for_is_kept_to() {
        let mut pace = Pace::new(64);
        let asked = Some(Duration::from_secs(3));
        assert_eq!(pace.note_refusal(0, asked, 0.5), Slower::Wait(Duration::from_secs(3), 2));
    }
}
