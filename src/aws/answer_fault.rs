//! What is wrong with an answer that has the status of a success.
//!
//! The readers of answers end a body with one of these as its error, so that the SDK gives up the answer, and
//! [`failure`](super::failure) takes it out of the SDK's error again.
//!
//! Invariant: of a foreign answer no more is kept than what [`looks`](super::looks) says of it, of a refusal its code and
//! message. They are foreign text, as every failure's message may be.

use std::error::Error;

use super::{errors::sources, looks::looks_like, refusal::Refusal, xml::XmlFault};
use crate::domain::{failure::Service, listing::PageFault};

/// Why an answer is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AnswerFault {
    /// A page that breaks a promise of the protocol.
    #[error(transparent)]
    Promise(#[from] PageFault),
    /// It stops midway.
    #[error("it ends midway")]
    CutOff,
    /// It is no XML, or none that this program follows.
    #[error("it is malformed: {0}")]
    Xml(&'static str),
    /// It says something twice that can be said once: nobody can tell which of the two holds.
    #[error("it says {0} twice")]
    Twice(String),
    /// Something else than the service answered.
    #[error("{0}")]
    Foreign(String),
    /// A refusal with the status of a success.
    #[error("it is a refusal: {}", .0.code)]
    Refused(Refusal),
}

impl From<XmlFault> for AnswerFault {
    fn from(fault: XmlFault) -> Self {
        match fault {
            XmlFault::CutOff => Self::CutOff,
            XmlFault::Malformed(what) => Self::Xml(what),
        }
    }
}

impl AnswerFault {
    /// An answer that does not begin as one of the service does; `first` is its beginning.
    pub(super) fn foreign(first: &[u8]) -> Self {
        Self::Foreign(looks_like(first))
    }

    /// The fault that a reader ended a body with, if that is what became of a request.
    pub(super) fn inside<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        sources(error).find_map(|source| source.downcast_ref())
    }

    /// What it means, said of an answer of `service`.
    pub(super) fn told_of(&self, service: Service) -> String {
        let whole = if service == Service::S3 { "the page" } else { "the answer" };
        match self {
            Self::Promise(fault) => fault.to_string(),
            Self::CutOff => format!("{whole} is incomplete: {self}"),
            Self::Xml(what) => format!("{whole} is malformed: {what}"),
            Self::Twice(_) => format!("{whole} is malformed: {self}"),
            Self::Foreign(_) | Self::Refused(_) => format!("this is not an answer of {service}: {self}"),
        }
    }
}

/// The first bytes of an answer, to say what it is if it is not what was asked for.
#[derive(Debug, Default)]
pub(super) struct Beginning(Vec<u8>);

impl Beginning {
    /// Bytes kept: the title of a web page is among them.
    const KEPT: usize = 2048;

    pub(super) fn note(&mut self, chunk: &[u8]) {
        let room = Self::KEPT - self.0.len();
        self.0.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }

    pub(super) fn is_blank(&self) -> bool {
        self.0.trim_ascii().is_empty()
    }

    /// The fault of an answer that begins so.
    pub(super) fn foreign(&self) -> AnswerFault {
        AnswerFault::foreign(&self.0)
    }
}
