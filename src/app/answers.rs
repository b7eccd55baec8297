//! What services really answered each session, for the panel that compares that with what its policies say.
//!
//! Invariant: only an answer of S3 is kept, the newest to each question, and no more than [`MOST`] of them. What was
//! never asked is not in here.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::domain::{
    credentials::SessionId,
    failure::{Failure, Service},
    location::Location,
    object::{ObjectAction, ObjectAddress},
};

/// Answers that are kept.
const MOST: usize = 256;

/// A question that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedAccess {
    /// Which session signed it.
    pub session: SessionId,
    /// What was to be done.
    pub action: ObjectAction,
    /// At which place, or with the object of which key.
    pub location: Location,
    /// Which version of it.
    pub version_id: Option<String>,
}

impl AskedAccess {
    /// About an object.
    pub fn of_object(session: SessionId, action: ObjectAction, address: &ObjectAddress) -> Self {
        let ObjectAddress { bucket, key, version_id } = address;
        // Which keys there are is a question to the bucket.
        let version_id = version_id.clone().filter(|_| action != ObjectAction::List);
        Self { session, action, location: Location::new(bucket, key), version_id }
    }

    /// About a place.
    pub fn of_place(session: SessionId, action: ObjectAction, location: &Location) -> Self {
        Self { session, action, location: location.clone(), version_id: None }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAnswer {
    /// To which question.
    pub asked: AskedAccess,
    /// Why it was refused, or failed otherwise.
    pub failure: Option<Failure>,
    /// When it came, by this machine's clock.
    pub at: Timestamp,
}

/// The newest answers, the latest last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerLog(VecDeque<SeenAnswer>);

impl AnswerLog {
    /// The newest answer to a question.
    pub fn find_answer(&self, asked: &AskedAccess) -> Option<&SeenAnswer> {
        self.0.iter().rev().find(|seen| seen.asked == *asked)
    }

    /// Keeps an answer. What failed on this machine, before anything was sent, is none.
    pub(super) fn note(&mut self, asked: AskedAccess, failure: Option<&Failure>, at: Timestamp) {
        if failure.is_some_and(|failure| failure.service != Service::S3) {
            return;
        }
        if let Some(seen) = self.find_answer(&asked)
            && seen.failure.as_ref() == failure
            && seen.at >= at
        {
            return;
        }
        self.0.retain(|seen| seen.asked != asked);
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(SeenAnswer { asked, failure: failure.cloned(), at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureKind;

    fn asked(key: &str) -> AskedAccess {
        AskedAccess::of_object(SessionId(1), ObjectAction::Read, &ObjectAddress::new("b", key))
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_newest_answer_of_the_service_counts_and_nothing_that_was_never_sent() {
        let mut log = AnswerLog::default();
        let local = Failure::local(FailureKind::Denied, "read", "", "no request was sent");
        log.note(asked("a"), Some(&local), second(1));
        assert_eq!(log.find_answer(&asked("a")), None);
        let refused = Failure { service: Service::S3, ..local };
        log.note(asked("a"), Some(&refused), second(2));
        log.note(asked("a"), None, second(3));
        assert_eq!(log.find_answer(&asked("a")).map(|seen| (seen.failure.is_none(), seen.at)), Some((true, second(3))));
        assert_eq!(log.find_answer(&asked("ab")), None);
    }

    #[test]
    fn the_oldest_answers_go_first() {
        let mut log = AnswerLog::default();
        for n in 0..=MOST {
            log.note(asked(&n.to_string()), None, second(1));
        }
        assert_eq!((log.0.len(), log.find_answer(&asked("0"))), (MOST, None));
        assert!(log.find_answer(&asked("1")).is_some());
    }
}
