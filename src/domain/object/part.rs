//! A part of an object's details that is asked for by a request of its own.
//!
//! Invariant: a part that failed says why, and never looks like one that is empty.

use crate::domain::failure::Failure;

/// What is known of one part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DetailPart<T> {
    /// Nobody has asked for it.
    #[default]
    NotRead,
    /// It was asked for, and the answer has not come.
    Loading,
    /// The service's answer; it may be an empty list.
    Read(T),
    /// The service has none for this object, or it is of no use here: a bucket without Object Lock has no retention.
    Absent,
    /// It was refused, or the answer could not be used.
    Failed(Box<Failure>),
}

impl<T> DetailPart<T> {
    /// The answer, if it has come and there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::NotRead | Self::Loading | Self::Absent | Self::Failed(_) => None,
        }
    }

    /// Why it is not known, where the service would not tell.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::NotRead | Self::Loading | Self::Read(_) | Self::Absent => None,
        }
    }

    /// The part that an answer gives; `None` is that there is none.
    pub fn from_answer(answer: Result<Option<T>, Failure>) -> Self {
        match answer {
            Ok(Some(value)) => Self::Read(value),
            Ok(None) => Self::Absent,
            Err(failure) => Self::Failed(Box::new(failure)),
        }
    }
}
