//! What is wrong with a response that has a success status.
//!
//! The readers of responses return one of these as the error of a body, so that the SDK drops the response, and
//! [`failure`](super::failure) takes it out of the SDK's error again.
//!
//! Invariant: of a foreign response only the description by [`looks`](super::looks) is kept, of a refusal only code and
//! message. They are foreign text, like every failure's message.

use std::error::Error;

use super::{errors::error_sources, looks::looks_like, refusal::Refusal, xml::XmlFault};
use crate::domain::{failure::Service, listing::PageFault};

/// Why a response cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReplyFault {
    /// A page that breaks a promise of the protocol.
    #[error(transparent)]
    Promise(#[from] PageFault),
    /// It stops before its end.
    #[error("it ends too early")]
    CutOff,
    /// It is not XML, or not XML that this program accepts.
    #[error("it is malformed: {0}")]
    Xml(&'static str),
    /// It has a field twice that may occur once: which one counts is unknown.
    #[error("it has {0} twice")]
    Twice(String),
    /// Something else than the service answered.
    #[error("{0}")]
    Foreign(String),
    /// A refusal with the status of a success.
    #[error("it is a refusal: {}", .0.code)]
    Refused(Refusal),
}

impl From<XmlFault> for ReplyFault {
    fn from(fault: XmlFault) -> Self {
        match fault {
            XmlFault::CutOff => Self::CutOff,
            XmlFault::Malformed(what) => Self::Xml(what),
        }
    }
}

impl ReplyFault {
    /// A response that does not start like one of the service; `first` is its beginning.
    pub(super) fn not_the_service(first: &[u8]) -> Self {
        Self::Foreign(looks_like(first))
    }

    /// The fault with which a reader ended a body, if that is what `error` holds.
    pub(super) fn find_in_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        error_sources(error).find_map(|source| source.downcast_ref())
    }

    /// The message, for a response of `service`.
    pub(super) fn told_of(&self, service: Service) -> String {
        let whole = if service == Service::S3 { "the page" } else { "the response" };
        match self {
            Self::Promise(fault) => fault.to_string(),
            Self::CutOff => format!("{whole} is incomplete: {self}"),
            Self::Xml(what) => format!("{whole} is malformed: {what}"),
            Self::Twice(_) => format!("{whole} is malformed: {self}"),
            Self::Foreign(_) | Self::Refused(_) => format!("this is not a response from {service}: {self}"),
        }
    }
}

/// The first bytes of an answer, to say what it is if it is not what was requested.
#[derive(Debug, Default)]
pub(super) struct ReplyHead(Vec<u8>);

impl ReplyHead {
    /// Bytes kept: the title of a web page is among them.
    const KEPT: usize = 2048;

    pub(super) fn append_chunk(&mut self, chunk: &[u8]) {
        let room = Self::KEPT - self.0.len();
        self.0.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }

    pub(super) fn is_blank(&self) -> bool {
        self.0.trim_ascii().is_empty()
    }

    /// The fault of a response with this beginning.
    pub(super) fn not_the_service(&self) -> ReplyFault {
        ReplyFault::not_the_service(&self.0)
    }
}
