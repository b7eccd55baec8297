//! How often and how long a call is retried: one policy for every call.
//!
//! Invariant: every call ends. Throttled calls are retried for [`LONGEST`], with growing waits of at most
//! [`LONGEST_WAIT`], whatever the service asks for. If the service has trouble or cannot be reached, there are
//! [`MOST_TROUBLES`] attempts. A call that would fail the same way again is not retried.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    failure::{Failure, Service},
    safe_text::printable,
};

/// From the first answer of a service that asks for fewer requests to the last question.
const LONGEST: Duration = Duration::from_secs(30);

/// Between two questions at most. A service can ask for a day, by mistake or to be left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The first wait where the service names none, and the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How many attempts a service in trouble gets, and for how long after the first: a response that stops midway takes 15 s.
const MOST_TROUBLES: u32 = 3;
const LONGEST_TROUBLE: Duration = Duration::from_secs(20);

/// Whether the same call may end otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The service asks for fewer requests.
    Throttled,
    /// No answer, not all of it, or one that says the service is in trouble.
    Trouble,
    /// An answer that cannot be right, or a signature by a clock that is known by now: worth a second question at once.
    Once,
    /// It would end the same.
    No,
}

/// What has been done for one call so far.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    attempts: u32,
    throttled: u32,
    troubles: u32,
    has_asked_once_more: bool,
    /// All waits so far: a clock that stands still makes no call endless.
    waited: Duration,
}

impl Patience {
    /// How long to wait before the call is made again, `elapsed` after it was made first; `None` if its end stands.
    /// `asked` is what the service asked to wait, `jitter` any number from 0 to 1.
    pub fn next_wait(
        &mut self,
        again: Retry,
        asked: Option<Duration>,
        elapsed: Duration,
        jitter: f64,
    ) -> Option<Duration> {
        self.attempts += 1;
        let (wait, longest) = match again {
            Retry::Throttled => {
                self.throttled += 1;
                (asked.unwrap_or_default().max(backoff(self.throttled, jitter)).min(LONGEST_WAIT), LONGEST)
            }
            Retry::Trouble => {
                self.troubles += 1;
                if self.troubles >= MOST_TROUBLES {
                    return None;
                }
                (backoff(self.troubles, jitter), LONGEST_TROUBLE)
            }
            Retry::Once if !self.has_asked_once_more => {
                self.has_asked_once_more = true;
                (Duration::ZERO, LONGEST_TROUBLE)
            }
            Retry::Once | Retry::No => return None,
        };
        self.waited = self.waited.saturating_add(wait);
        (elapsed.saturating_add(wait).max(self.waited) <= longest).then_some(wait)
    }

    /// How often the call has been made.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// Twice as long each time, from half of it to all of it.
fn backoff(time: u32, jitter: f64) -> Duration {
    let pause = SHORTEST_PAUSE.saturating_mul(2_u32.saturating_pow(time.saturating_sub(1)));
    pause.min(LONGEST_PAUSE).mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
}

/// A wait before a retry, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Whose answer is waited out.
    pub service: Service,
    /// What it answered: `SlowDown (503)`. Safe to print.
    pub answer: String,
    /// Which attempt follows.
    pub attempt: u32,
    /// When, by this machine's clock.
    pub until: Timestamp,
}

impl Wait {
    /// The wait that `failure` is the reason for.
    pub fn after_failure(failure: &Failure, attempt: u32, until: Timestamp) -> Self {
        let answer = match (&failure.code, failure.status) {
            (Some(code), Some(status)) => format!("{} ({status})", printable(code)),
            (None, Some(status)) => status.to_string(),
            (_, None) => "nothing".into(),
        };
        Self { service: failure.service, answer, attempt, until }
    }

    /// `SlowDown (503), attempt 3 in 4 s`
    pub fn in_words(&self, now: Timestamp) -> String {
        let left = self.until.duration_since(now).max(SignedDuration::ZERO);
        let seconds = (left + SignedDuration::from_millis(999)).as_secs();
        format!("{}, attempt {} in {seconds} s", self.answer, self.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureKind;

    /// The moments, from the first question on, at which a call is made where each answer comes at once.
    fn made(again: Retry, asked: Option<Duration>) -> Vec<Duration> {
        let (mut patience, mut made) = (Patience::default(), vec![Duration::ZERO]);
        while let Some(wait) = patience.next_wait(again, asked, made[made.len() - 1], 1.0) {
            made.push(made[made.len() - 1] + wait);
        }
        assert_eq!(patience.attempts() as usize, made.len());
        made
    }

    #[test]
    fn a_service_that_asks_for_fewer_requests_is_asked_later_each_time_and_for_half_a_minute() {
        for asked in [None, Some(0), Some(1), Some(3000), Some(86_400_000), Some(u64::MAX)] {
            let made = made(Retry::Throttled, asked.map(Duration::from_millis));
            let waits: Vec<_> = made.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
            assert!(waits.is_sorted() && waits.iter().all(|wait| *wait <= LONGEST_WAIT), "{asked:?}: {waits:?}");
            assert!((20..=30).contains(&made[made.len() - 1].as_secs()), "{asked:?}: {made:?}");
            assert!(made.len() < 15, "{asked:?}: {made:?}");
            let least = Duration::from_millis(asked.unwrap_or_default()).min(LONGEST_WAIT);
            assert!(waits.iter().all(|wait| *wait >= least), "{asked:?}: {waits:?}");
        }
    }

    #[test]
    fn a_clock_that_stands_still_makes_no_call_endless() {
        let mut patience = Patience::default();
        let waits = std::iter::from_fn(|| patience.next_wait(Retry::Throttled, None, Duration::ZERO, 0.5));
        assert!(waits.take(100).count() < 20);
    }

    #[test]
    fn trouble_is_tried_three_times_and_what_cannot_be_right_twice() {
        assert_eq!(made(Retry::Trouble, None).len(), 3);
        assert_eq!(made(Retry::Once, None), [Duration::ZERO; 2]);
        assert_eq!(made(Retry::No, None).len(), 1);
    }

    #[test]
    fn a_call_that_took_long_is_not_made_again_for_ever() {
        for (again, elapsed, is_made) in [
            (Retry::Trouble, 15, true),
            (Retry::Trouble, 20, false),
            (Retry::Once, 15, true),
            (Retry::Once, 21, false),
            (Retry::Throttled, 29, true),
            (Retry::Throttled, 31, false),
        ] {
            let wait = Patience::default().next_wait(again, None, Duration::from_secs(elapsed), 0.0);
            assert_eq!(wait.is_some(), is_made, "{again:?} after {elapsed} s");
        }
    }

    #[test]
    fn a_wait_says_what_was_answered_and_counts_down() {
        let failure = Failure {
            code: Some("Slow\u{1b}Down".into()),
            status: Some(503),
            ..Failure::local(FailureKind::Throttled, "list", "", "")
        };
        let wait = Wait::after_failure(&failure, 3, Timestamp::from_second(10).unwrap());
        for (now, seconds) in [(6_000, 4), (6_001, 4), (9_999, 1), (10_000, 0), (12_000, 0)] {
            let told = wait.in_words(Timestamp::from_millisecond(now).unwrap());
            assert!(told.ends_with(&format!("(503), attempt 3 in {seconds} s")) && !told.contains('\u{1b}'), "{told}");
        }
    }
}
