//! What is asked about one object, and what is answered: plain data between the interface and the worker.
//!
//! Invariant: a request names the object and its `ETag`, never a row of a listing; a reply says what it cost.

use jiff::Timestamp;

use crate::{
    domain::{
        failure::Failure,
        object::{
            Annotation, ObjectAction, ObjectAddress, ObjectAttributes, ObjectHead, ObjectTag, ReadCost, RetentionRule,
        },
    },
    preview::{FIRST_WINDOW, LARGEST_BUDGET, LARGEST_FOOTER, NextWindow, Preview, PreviewView, USUAL_BUDGET},
};

/// Bytes that one press of the key for more adds.
pub const STEP: u64 = 256 * 1024;

/// Which bytes of a content are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LookPart {
    /// Those at its beginning; the end of a Parquet file, which says where everything is.
    #[default]
    Beginning,
    /// Those from here on.
    Onward(NextWindow),
    /// The last ones.
    End,
    /// Samples from all over it.
    Map,
}

/// Content that one object, or one version of it, has: what is known of it before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookSource {
    /// Which object.
    pub address: ObjectAddress,
    /// The `ETag` that it must still have; `None` takes whatever is there.
    pub etag: Option<String>,
    /// Bytes, where that is known.
    pub size: Option<u64>,
}

/// What of an object is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LookTarget {
    /// Its content.
    #[default]
    Content,
    /// How its content differs from this one, which is older.
    Difference(LookSource),
    /// What the annotation of this name holds.
    Annotation(String),
}

/// A look at an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookRequest {
    /// Of which object.
    pub source: LookSource,
    /// What of it.
    pub target: LookTarget,
    /// Which bytes.
    pub part: LookPart,
    /// How often more was asked for.
    pub steps: u32,
    /// How it is shown.
    pub view: PreviewView,
    /// The encoding to read text with, instead of a guess.
    pub encoding: Option<&'static str>,
    /// Bytes of a Parquet footer that may be read besides.
    pub long_footer: Option<u64>,
    /// Whether what was read before is read anew.
    pub fresh: bool,
    /// Whether no request may be sent: what was read before is shown in another way.
    pub offline: bool,
    /// When this was asked.
    pub asked_at: Timestamp,
}

impl LookRequest {
    /// Bytes from the beginning that are shown at once.
    pub fn window(&self) -> u64 {
        // What is compared is read as far as a look goes: a difference is rarely in the first lines.
        let first = if matches!(self.target, LookTarget::Difference(_)) { USUAL_BUDGET } else { FIRST_WINDOW };
        first.saturating_add(STEP.saturating_mul(self.steps.into())).min(LARGEST_BUDGET)
    }

    /// Whether asking for more once again would read no more.
    pub fn is_at_limit(&self) -> bool {
        let next = Self { steps: self.steps + 1, ..self.clone() };
        next.allowance() == self.allowance() && next.window() == self.window()
    }

    /// Bytes of the object that may be read.
    pub fn allowance(&self) -> u64 {
        let more = USUAL_BUDGET.saturating_add(STEP.saturating_mul(self.steps.into())).min(LARGEST_BUDGET);
        // The footer's length is what the content claims.
        more.saturating_add(self.long_footer.unwrap_or(0).min(LARGEST_FOOTER))
    }
}

/// What a look shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookReply {
    /// The content as rows of text.
    pub preview: Preview,
    /// What reading this object has cost so far.
    pub cost: ReadCost,
    /// Bytes of the object.
    pub size: Option<u64>,
    /// The `ETag` of what was read.
    pub etag: Option<String>,
    /// When the first of it was read.
    pub read_at: Timestamp,
    /// Where in the object the bytes begin that are shown.
    pub begins: u64,
    /// Whether every byte of the object is here.
    pub is_whole: bool,
}

/// A call that tells a part of the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailCall {
    /// `HeadObject`.
    Head,
    /// `GetObjectAttributes`.
    Attributes,
    /// `GetObjectTagging`.
    Tags,
    /// `GetObjectRetention`.
    Retention,
    /// `GetObjectLegalHold`.
    LegalHold,
    /// `ListObjectAnnotations`.
    Annotations,
}

impl DetailCall {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Head, Self::Attributes, Self::Tags, Self::Retention, Self::LegalHold, Self::Annotations];

    /// What it does, for a prediction.
    pub const fn predicted_as(self) -> ObjectAction {
        match self {
            Self::Head => ObjectAction::Read,
            Self::Attributes => ObjectAction::ReadAttributes,
            Self::Tags => ObjectAction::ReadTags,
            Self::Retention => ObjectAction::ReadRetention,
            Self::LegalHold => ObjectAction::ReadLegalHold,
            Self::Annotations => ObjectAction::ListAnnotations,
        }
    }
}

/// The answer to one of those calls; `None` is that the object has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetailReply {
    /// To `HeadObject`.
    Head(Result<Box<ObjectHead>, Failure>),
    /// To `GetObjectAttributes`.
    Attributes(Result<Box<ObjectAttributes>, Failure>),
    /// To `GetObjectTagging`.
    Tags(Result<Vec<ObjectTag>, Failure>),
    /// To `GetObjectRetention`.
    Retention(Result<Option<RetentionRule>, Failure>),
    /// To `GetObjectLegalHold`.
    LegalHold(Result<Option<bool>, Failure>),
    /// To `ListObjectAnnotations`.
    Annotations(Result<Vec<Annotation>, Failure>),
}
