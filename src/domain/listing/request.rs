//! What is asked for a page with.
//!
//! Invariant: a token says it all; without one, going on begins behind the last row that came.

use super::ContinuationToken;
use crate::domain::location::Location;

/// One page to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListRequest {
    /// Where; without a bucket, the list of buckets.
    pub location: Location,
    /// Whether to roll keys up to the next `/`.
    pub delimited: bool,
    /// Where the last page ended.
    pub after: Option<ContinuationToken>,
    /// The last row that came: where to go on if the token is refused, as by a service that has forgotten it.
    pub last: Option<String>,
    /// Rows at most; S3 gives 1000 at most.
    pub max_keys: Option<u32>,
}
