//! What a location holds, page by page, in the order in which S3 lists it.
//!
//! Invariant: a [`Listing`] never looks complete unless the service said so: [`Rest`] has one value for each thing that
//! can follow the last row, and a page that breaks the protocol's promises becomes a failure behind the rows, which stay.

mod entry;
mod page;

pub use entry::{Bucket, Entry, Object};
pub use page::{ContinuationToken, Page, PageFault};

use jiff::Timestamp;

use super::{failure::Failure, location::Location};

/// What follows the last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: the service said that this is all.
    Complete,
    /// More, to be asked for with this token; `None` asks for the first page.
    Next(Option<ContinuationToken>),
    /// More, being asked for.
    Loading {
        /// The token it was asked for with.
        after: Option<ContinuationToken>,
        /// When it was asked.
        since: Timestamp,
    },
    /// More, but asking failed.
    Failed {
        /// The token to ask with again.
        after: Option<ContinuationToken>,
        /// Why.
        failure: Failure,
    },
}

/// The rows of one location that have arrived, and what follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Where.
    pub location: Location,
    /// Rows in S3's order: UTF-8 bytes ascending, prefixes among objects.
    pub entries: Vec<Entry>,
    /// What follows them.
    pub rest: Rest,
    /// When the newest page arrived.
    pub read_at: Option<Timestamp>,
    /// How many pages have arrived.
    pub pages: usize,
    tokens_seen: Vec<ContinuationToken>,
}

impl Listing {
    /// An unread listing of `location`.
    pub fn new(location: Location) -> Self {
        Self { location, entries: vec![], rest: Rest::Next(None), read_at: None, pages: 0, tokens_seen: vec![] }
    }

    /// The token to ask with next, if something is still to be asked for and nobody is asking.
    pub fn wanted(&self) -> Option<Option<ContinuationToken>> {
        match &self.rest {
            Rest::Next(after) | Rest::Failed { after, .. } => Some(after.clone()),
            Rest::Complete | Rest::Loading { .. } => None,
        }
    }

    /// Marks the next page as asked for.
    pub fn start_loading(&mut self, now: Timestamp) {
        if let Some(after) = self.wanted() {
            self.rest = Rest::Loading { after, since: now };
        }
    }

    /// Gives up asking; what has arrived stays, and asking again continues from the same token.
    pub fn stop_loading(&mut self) {
        if let Rest::Loading { after, .. } = &self.rest {
            self.rest = Rest::Next(after.clone());
        }
    }

    /// Keeps what has arrived and says why no more came.
    pub fn fail(&mut self, failure: Failure) {
        let (Rest::Loading { after, .. } | Rest::Next(after) | Rest::Failed { after, .. }) = &self.rest else { return };
        self.rest = Rest::Failed { after: after.clone(), failure };
    }

    /// Joins the next page to the rows.
    ///
    /// # Errors
    /// If the page does not continue this listing: a token that was used before, or rows that do not follow the last
    /// one. The listing is unchanged then.
    pub fn add(&mut self, page: Page, now: Timestamp) -> Result<(), PageFault> {
        if let (Some(last), Some(first)) = (self.entries.last(), page.entries.first())
            && first.name() <= last.name()
        {
            return Err(PageFault::Order);
        }
        if let Some(next) = &page.next
            && self.tokens_seen.contains(next)
        {
            return Err(PageFault::RepeatedToken);
        }
        self.entries.extend(page.entries);
        self.tokens_seen.extend(page.next.clone());
        self.rest = page.next.map_or(Rest::Complete, |token| Rest::Next(Some(token)));
        self.read_at = Some(now);
        self.pages += 1;
        Ok(())
    }
}
