//! Where IAM's next page begins.
//!
//! Invariant: pages that lead nowhere are an error, so that no list is requested without end, and none that was cut short looks
//! whole.

use crate::{
    aws::failure::Attempt,
    domain::{
        failure::Failure,
        listing::{NextPage, PageFault, Paging},
    },
};

/// Where IAM's next page begins.
#[derive(Debug, Default)]
pub(super) struct Markers {
    paging: Paging,
    after: Option<String>,
    is_done: bool,
}

impl Markers {
    pub(super) fn has_more(&self) -> bool {
        !self.is_done
    }

    /// What the next page is requested with; `None` for the first.
    pub(super) fn after(&self) -> Option<String> {
        self.after.clone()
    }

    /// Goes on after a page with so many rows that were not there before.
    pub(super) fn record_page(
        &mut self,
        attempt: Attempt<'_>,
        new_rows: usize,
        is_truncated: bool,
        marker: Option<String>,
    ) -> Result<(), Failure> {
        let next = marker.filter(|marker| is_truncated && !marker.is_empty());
        if is_truncated && next.is_none() {
            return Err(attempt.malformed_reply("there is more, but the response has no marker for the next page"));
        }
        let onward = self.paging.next_page(new_rows, next.as_deref());
        if onward.map_err(|fault| attempt.malformed_reply(fault.to_string()))? == NextPage::Stop {
            return Err(attempt.malformed_reply(PageFault::Endless.to_string()));
        }
        self.paging.record_page(new_rows, next.as_deref());
        (self.is_done, self.after) = (next.is_none(), next);
        Ok(())
    }
}
