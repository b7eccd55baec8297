//! What was requested, and so what a page must keep to.
//!
//! Invariant: a row outside of what was requested is never admitted.

use crate::domain::listing::{ContinuationToken, PageFault, RawRow, RowKind};

/// What a page must keep to.
#[derive(Debug, Clone, Default)]
pub(in crate::aws::s3) struct PageRequest {
    /// What every name begins with.
    pub(in crate::aws::s3) prefix: Vec<u8>,
    /// The name after which it begins.
    pub(in crate::aws::s3) behind: Option<Vec<u8>>,
    /// Whether that name was sent, in place of a token.
    pub(in crate::aws::s3) by_name: bool,
    /// Rows at most.
    pub(in crate::aws::s3) most: usize,
    /// The token it was requested with.
    pub(in crate::aws::s3) token: Option<ContinuationToken>,
}

impl PageRequest {
    pub(super) fn check_admitted(&self, row: RawRow<'_>) -> Result<(), PageFault> {
        // Comparing with nothing is slow: an empty slice points to no memory, and the processor stalls on it.
        if !self.prefix.is_empty() && !row.name.starts_with(&self.prefix) {
            return Err(PageFault::OutsidePrefix);
        }
        let is_behind = self.behind.as_deref().is_none_or(|behind| row.name > behind);
        // A common prefix comes again where the listing goes on among what it stands for.
        let is_around = || {
            self.by_name
                && row.kind == RowKind::Prefix
                && self.behind.as_deref().unwrap_or_default().starts_with(row.name)
        };
        if is_behind || is_around() { Ok(()) } else { Err(PageFault::NotBehind) }
    }
}
