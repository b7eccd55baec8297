//! What is wrong with an answer that should be a page.
//!
//! Invariant: of a foreign answer no more than its beginning is kept, of a refusal its code and message. They are foreign
//! text, as every failure's message may be.

use crate::{
    aws::{failure::Attempt, refusal::Refusal},
    domain::{failure::Failure, listing::PageFault},
};

/// Why an answer is no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::aws::s3) enum Fault {
    /// It breaks a promise of the protocol.
    #[error(transparent)]
    Promise(#[from] PageFault),
    /// It stops midway.
    #[error("the page is incomplete: it ends midway")]
    CutOff,
    /// It is no XML, or none that this program follows.
    #[error("the page is malformed: {0}")]
    Xml(&'static str),
    /// Something else than S3 answered.
    #[error("this is not an answer of S3: {0}")]
    Foreign(String),
    /// A refusal with the status of a success.
    #[error("S3 refused: {}", .0.code)]
    Refused(Refusal),
}

/// Characters shown of an answer that is not S3's.
const SHOWN: usize = 40;

impl Fault {
    /// An answer that does not begin as a page does.
    pub(super) fn foreign(first: &[u8]) -> Self {
        let text = String::from_utf8_lossy(first);
        let text = text.trim();
        if text.is_empty() {
            return Self::Foreign("it is empty".into());
        }
        let shown: String = text.chars().take(SHOWN).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        Self::Foreign(format!("it begins with {shown}{more}"))
    }

    /// What became of the attempt that was answered so.
    pub(in crate::aws::s3) fn failure(&self, attempt: Attempt<'_>) -> Failure {
        match self {
            Self::Refused(refusal) => attempt.refused_with_success(refusal),
            fault => attempt.malformed(fault.to_string()),
        }
    }
}
