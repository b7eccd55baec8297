//! One checked response of a listing call.
//!
//! Invariant: rows ascend. A page that breaks the protocol is never built; the reader of the wire checks that.

use super::rows::block::Block;

/// Opaque; continues a listing where the last page ended. Not tied to the credentials that got it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContinuationToken(pub String);

/// Called with the token that follows a page, perhaps while the rest of the page still arrives.
pub type TokenListener = Box<dyn FnOnce(ContinuationToken) + Send>;

/// Rows that arrived together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// In ascending order of UTF-8 bytes.
    pub rows: Block,
    /// `None`: the service said that this is all.
    pub next: Option<ContinuationToken>,
    /// Where the bucket lives, if it is not where it was looked for.
    pub elsewhere: Option<String>,
}

/// How an answer broke the protocol's promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    /// `IsTruncated` without a token to go on with, or not said at all.
    #[error("the page does not say whether it is the last")]
    NoEnd,
    /// `KeyCount` differs from the rows that came.
    #[error("the page has another number of keys than it says")]
    KeyCount,
    /// A key outside the prefix that was requested.
    #[error("the page has a key outside the prefix")]
    OutsidePrefix,
    /// A key from before where the listing was to go on.
    #[error("the page repeats keys of the page before")]
    NotBehind,
    /// The token was given before: following it would go round in circles.
    #[error("the service gave the same continuation token twice")]
    RepeatedToken,
    /// More rows than were requested.
    #[error("the page has more rows than requested")]
    TooMany,
    /// An object whose size is below zero.
    #[error("the page has an object with a negative size")]
    NegativeSize,
    /// An object whose size is not written in digits.
    #[error("the page has an object whose size is not a number")]
    SizeNoNumber,
    /// An object of 2⁶⁴ bytes or more: S3 keeps none of more than a millionth of that.
    #[error("the page has an object of an impossible size")]
    HugeSize,
    /// Pages that bring nothing new, each with a token to go on with, and no end of them.
    #[error("the service sends only empty pages, each with a continuation token")]
    Endless,
    /// Rows that do not ascend.
    #[error("the page's keys are not in ascending order")]
    Order,
}
