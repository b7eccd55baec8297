//! How many requests are made at a time.
//!
//! Invariant: between one and as many as were allowed; more only after answers, half as many once the service asks for
//! fewer.

use std::time::Duration;

/// Requests at a time to begin with.
const FIRST: usize = 8;

/// The first wait after the service asked for fewer, and the longest.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Refusals without an answer between them after which it is no use to go on.
const MOST_REFUSALS: u32 = 10;

/// What may be under way.
#[derive(Debug)]
pub(super) struct Pace {
    limit: usize,
    most: usize,
    /// Once the service has asked for fewer, one more only after as many answers as there are requests.
    wary: bool,
    answers: usize,
    /// Requests made before belong to an older round: what becomes of them says nothing of the pace now.
    round: u64,
    refusals: u32,
}

impl Pace {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { limit: FIRST.min(most), most, wary: false, answers: 0, round: 0, refusals: 0 }
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
    pub(super) fn answered(&mut self) {
        self.refusals = 0;
        self.answers += 1;
        if !self.wary || self.answers >= self.limit {
            self.answers = 0;
            self.limit = (self.limit + 1).min(self.most);
        }
    }

    /// The service asked for fewer in answer to a request of this round: how long to wait before the next one, `jitter`
    /// being any number from 0 to 1. The requests of one round count once.
    pub(super) fn refused(&mut self, round: u64, jitter: f64) -> Option<Duration> {
        if round < self.round {
            return None;
        }
        self.round += 1;
        self.refusals += 1;
        (self.wary, self.answers) = (true, 0);
        self.limit = (self.limit / 2).max(1);
        let wait = SHORTEST_WAIT * 2_u32.pow(self.refusals.min(MOST_REFUSALS));
        Some(wait.min(LONGEST_WAIT).mul_f64(0.5 + jitter / 2.0))
    }

    /// Whether the service has asked for fewer again and again, and answered nothing.
    pub(super) fn is_hopeless(&self) -> bool {
        self.refusals >= MOST_REFUSALS
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
            (0..pace.limit()).for_each(|_| pace.answered());
        }
        assert_eq!(limits, [8, 16, 32, 64, 64]);
        assert_eq!(Pace::new(1).limit(), 1);
    }

    #[test]
    fn a_refusal_halves_it_once_a_round_and_it_grows_slowly_from_then_on() {
        let mut pace = Pace::new(64);
        (0..100).for_each(|_| pace.answered());
        let round = pace.round();
        assert!(pace.refused(round, 0.0).is_some());
        assert_eq!((pace.refused(round, 0.0), pace.limit()), (None, 32));
        (0..32).for_each(|_| pace.answered());
        assert_eq!(pace.limit(), 33);
    }

    #[test]
    fn waits_grow_and_end_when_nothing_is_answered() {
        let mut pace = Pace::new(64);
        let mut waits = vec![];
        while !pace.is_hopeless() {
            let round = pace.round();
            waits.extend(pace.refused(round, 1.0).map(|wait| wait.as_millis()));
        }
        assert_eq!(waits, [200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000, 20_000]);
        assert_eq!(pace.limit(), 1);
        pace.answered();
        assert!(!pace.is_hopeless());
    }
}
