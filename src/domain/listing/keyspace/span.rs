//! A part of the key space, listed from its beginning towards its end.
//!
//! Invariant: every row that was taken lies in the span, after the one before; what has not been taken comes after them.
//! A continuation token is followed once.

use std::{borrow::Cow, sync::Arc};

use crate::domain::{
    listing::{Block, ContinuationToken, NextPage, Page, PageFault, Paging},
    name_text::text_of,
};

/// After which key a span begins, in bytes, as keys are sorted; `None` before the first.
pub(super) type SpanStart = Option<Arc<[u8]>>;

/// What is after `start` (see [`SpanStart`]) up to a key.
#[derive(Debug, Default)]
pub(super) struct Span {
    /// The last key that can be in it; `None` is the end of everything.
    pub(super) upto: Option<Arc<[u8]>>,
    /// The name of the last row, or the start.
    at: Vec<u8>,
    /// Where the last page ended.
    pub(super) token: Option<ContinuationToken>,
    paging: Paging,
    /// The name of the first row.
    pub(super) first: Option<String>,
    /// How many rows came.
    pub(super) keys: f64,
    /// How many are thought to be still to come.
    pub(super) rest: f64,
    /// Directories that were passed when that was estimated: what one of them holds.
    pub(super) passed: usize,
    /// Pages that came although no more rows were expected.
    pub(super) overdue: f64,
    /// No place for a cut is known.
    pub(super) whole: bool,
    /// It was cut off, and nothing of it has come yet: whether there is anything in it is a guess.
    pub(super) is_guess: bool,
    /// The request under way.
    pub(super) asked: Option<u64>,
    /// The request for the page after that.
    pub(super) ahead: Option<PageAhead>,
    /// The token of the page after that, before it was requested.
    pub(super) early: Option<ContinuationToken>,
    /// Failures since the last page.
    pub(super) failures: u32,
    /// Rows that wait for those of the spans before.
    pub(super) rows: Vec<Block>,
    /// Nothing is still to come.
    pub(super) done: bool,
}

/// A page that was requested while the one before it still arrives.
#[derive(Debug)]
pub(super) struct PageAhead {
    pub(super) id: u64,
    pub(super) token: ContinuationToken,
    pub(super) page: Option<Page>,
    /// The token that came early in it.
    pub(super) early: Option<ContinuationToken>,
}

impl Span {
    pub(super) fn new(start: &SpanStart, upto: Option<Arc<[u8]>>, rest: f64) -> Self {
        let at = start.as_ref().map(|start| start.to_vec()).unwrap_or_default();
        Self { upto, at, rest, ..Self::default() }
    }

    /// Where the rows end: the last name or the start.
    pub(super) fn position(&self) -> Cow<'_, str> {
        text_of(&self.at)
    }

    /// The last name, or the start, to go on after if there is no token. None begins at the very beginning.
    pub(super) fn last_name(&self) -> Option<String> {
        (!self.at.is_empty()).then(|| self.position().into_owned())
    }

    /// Whether all rows that came, and not only they, are before a cut.
    pub(super) fn can_end_at(&self, cut: &[u8]) -> bool {
        self.at.as_slice() < cut && self.upto.as_deref().is_none_or(|upto| cut < upto)
    }

    /// The rows of the next page that belong here.
    ///
    /// # Errors
    /// If the page does not go on where the last one ended. The span is unchanged then.
    pub(super) fn take_page(&mut self, page: Page) -> Result<Block, PageFault> {
        // Requested by name, a common prefix may come again.
        let by_name = self.token.is_none() && !page.rows.is_empty();
        let repeated = usize::from(by_name && page.rows.name(0) == self.at);
        let (new_rows, next) = (page.rows.len() - repeated, page.next.as_ref().map(|token| token.0.as_str()));
        let onward = self.paging.next_page(new_rows, next)?;
        if repeated < page.rows.len() && page.rows.name(repeated) <= self.at && !self.at.is_empty() {
            return Err(PageFault::Order);
        }
        if onward == NextPage::Stop {
            return Err(PageFault::Endless);
        }
        self.paging.record_page(new_rows, next);
        let end = self.upto.as_ref().map_or(page.rows.len(), |upto| rank_behind(&page.rows, upto));
        self.done = page.next.is_none() || end < page.rows.len() || self.reaches_end(&page.rows);
        if self.done {
            self.paging = Paging::default();
        }
        self.token = page.next;
        self.failures = 0;
        let from = repeated.min(end);
        let rows = if (from, end) == (0, page.rows.len()) { page.rows } else { page.rows.slice_rows(from, end) };
        self.note_rows(&rows);
        Ok(rows)
    }

    fn note_rows(&mut self, rows: &Block) {
        let Some(last) = rows.len().checked_sub(1) else { return };
        self.at = rows.name(last);
        if self.first.is_none() {
            self.first = Some(text_of(&rows.name(0)).into_owned());
        }
        #[expect(clippy::cast_precision_loss, reason = "a page has a thousand rows")]
        let count = rows.len() as f64;
        self.keys += count;
    }

    fn reaches_end(&self, rows: &Block) -> bool {
        let last = rows.len().checked_sub(1).map(|last| rows.name(last));
        self.upto.as_ref().zip(last).is_some_and(|(upto, last)| *last >= **upto)
    }
}

/// How many rows have this name or one before it.
fn rank_behind(rows: &Block, name: &[u8]) -> usize {
    let rank = rows.rank_of(name);
    rank + usize::from(rank < rows.len() && rows.name(rank) == name)
}
