//! What has arrived of a location, and what is still to come.
//!
//! Invariant: a [`Listing`] never looks complete unless the service said so: [`Rest`] has one value for each thing that
//! can follow the last row. A page that breaks the protocol becomes a failure after the rows, which stay.

use jiff::Timestamp;

use super::{
    page::{ContinuationToken, Page, PageFault},
    paging::{NextPage, Paging},
    rows::{Block, Rows},
};
use crate::domain::{failure::Failure, location::Location};

/// What follows the last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: the service said that this is all.
    Complete,
    /// More, to be requested with this token; `None` asks for the first page.
    Next(Option<ContinuationToken>),
    /// More, being requested.
    Loading {
        /// The token it was requested with.
        after: Option<ContinuationToken>,
        /// When it was requested.
        since: Timestamp,
    },
    /// More, but not requested automatically: the person stopped it, or the service sent nothing but empty
    /// pages.
    Stopped(Option<ContinuationToken>),
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
    pub rows: Rows,
    /// What follows them.
    pub rest: Rest,
    /// When the newest page arrived.
    pub read_at: Option<Timestamp>,
    /// How many pages have arrived.
    pub pages: usize,
    /// The bucket's region, if it is not the session's.
    pub elsewhere: Option<String>,
    paging: Paging,
}

impl Listing {
    /// An unread listing of `location`.
    pub fn new(location: Location) -> Self {
        Self {
            location,
            rows: Rows::default(),
            rest: Rest::Next(None),
            read_at: None,
            pages: 0,
            elsewhere: None,
            paging: Paging::default(),
        }
    }

    /// The token of the next request, if there is more and no request is in flight.
    pub fn wanted_token(&self) -> Option<Option<ContinuationToken>> {
        match &self.rest {
            Rest::Next(after) | Rest::Stopped(after) | Rest::Failed { after, .. } => Some(after.clone()),
            Rest::Complete | Rest::Loading { .. } => None,
        }
    }

    /// The same, if there is no person who could decide whether to go on.
    ///
    /// # Errors
    /// [`PageFault::Endless`] once the service has sent nothing but empty pages.
    pub fn to_follow(&self) -> Result<Option<Option<ContinuationToken>>, PageFault> {
        if matches!(self.rest, Rest::Stopped(_)) { Err(PageFault::Endless) } else { Ok(self.wanted_token()) }
    }

    /// The name of the last row, after which the next page begins.
    pub fn last_name(&self) -> Option<String> {
        self.rows.last().map(|entry| entry.name().to_owned())
    }

    /// For those who hand rows on as they come: only the last one is kept, which the next page must follow.
    pub fn forget_all_but_the_last(&mut self) {
        self.rows = self.rows.only_last();
    }

    /// Marks the next page as requested.
    pub fn start_loading(&mut self, now: Timestamp) {
        if let Some(after) = self.wanted_token() {
            self.rest = Rest::Loading { after, since: now };
        }
    }

    /// Marks all that follows the last row as requested. Tokens do not lead there: going on later begins after the last
    /// row.
    pub fn start_loading_everything(&mut self, now: Timestamp) {
        self.rest = Rest::Loading { after: None, since: now };
    }

    /// Joins rows of a listing that asks for everything.
    ///
    /// # Errors
    /// [`PageFault::Order`] if they do not follow the last row. The listing is unchanged then.
    pub fn join_rows(&mut self, rows: Block, now: Timestamp) -> Result<(), PageFault> {
        self.rows.push(rows)?;
        self.read_at = Some(now);
        self.pages += 1;
        Ok(())
    }

    /// Gives up asking; what has arrived stays, and asking again continues from the same token.
    pub fn stop_loading(&mut self) {
        if let Rest::Loading { after, .. } = &self.rest {
            self.rest = Rest::Stopped(after.clone());
        }
    }

    /// Treats the request under way as not sent, although it was not stopped.
    pub fn pause_request(&mut self) {
        if let Rest::Loading { after, .. } = &self.rest {
            self.rest = Rest::Next(after.clone());
        }
    }

    /// Keeps what has arrived and says why no more came.
    pub fn record_failure(&mut self, failure: Failure) {
        if let Rest::Loading { after, .. } = &self.rest {
            self.rest = Rest::Failed { after: after.clone(), failure };
        }
    }

    /// Joins the next page to the rows.
    ///
    /// # Errors
    /// If the page does not continue this listing: a token that was used before, or rows that do not follow the last
    /// one. The listing is unchanged then.
    pub fn add_page(&mut self, page: Page, now: Timestamp) -> Result<(), PageFault> {
        let (rows, next) = (page.rows.len(), page.next.as_ref().map(|token| token.0.as_str()));
        let onward = self.paging.next_page(rows, next)?;
        self.rows.push(page.rows)?;
        self.paging.record_page(rows, next);
        self.rest = match onward {
            NextPage::End => Rest::Complete,
            NextPage::Next => Rest::Next(page.next),
            NextPage::Stop => Rest::Stopped(page.next),
        };
        self.elsewhere = page.elsewhere;
        self.read_at = Some(now);
        self.pages += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::{Entry, MOST_FRUITLESS, Object};

    fn object(key: &str) -> Entry {
        Entry::Object(Object { key: key.into(), size: Some(0), modified: None, storage_class: None, etag: None })
    }

    fn page(keys: &[&str], next: Option<&str>) -> Page {
        Page {
            rows: Block::from_entries(keys.iter().map(|key| object(key))).unwrap(),
            next: next.map(|token| ContinuationToken(token.into())),
            ..Page::default()
        }
    }

    fn listing() -> Listing {
        Listing::new(Location::new("tide-logs", ""))
    }

    #[test]
    fn pages_join_in_order_until_the_service_says_that_this_is_all() {
        let mut listing = listing();
        listing.add_page(page(&["a", "b"], Some("1")), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(listing.rest, Rest::Next(Some(ContinuationToken("1".into()))));
        listing.add_page(page(&["c"], None), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((listing.rows.len(), listing.rest), (3, Rest::Complete));
    }

    #[test]
    fn a_page_that_does_not_continue_the_listing_changes_nothing() {
        for (second, fault) in [
            (page(&["b"], Some("2")), PageFault::Order),
            (page(&["a"], Some("2")), PageFault::Order),
            (page(&["c"], Some("1")), PageFault::RepeatedToken),
            (page(&[], Some("1")), PageFault::RepeatedToken),
        ] {
            let mut listing = listing();
            listing.add_page(page(&["a", "b"], Some("1")), Timestamp::UNIX_EPOCH).unwrap();
            let before = listing.clone();
            assert_eq!(listing.add_page(second, Timestamp::UNIX_EPOCH), Err(fault));
            assert_eq!(listing, before);
        }
    }

    #[test]
    fn empty_pages_without_end_are_not_followed_without_end() {
        let mut listing = listing();
        for n in 0..MOST_FRUITLESS {
            assert!(matches!(listing.rest, Rest::Next(_)), "after {n} empty pages");
            listing.add_page(page(&[], Some(&n.to_string())), Timestamp::UNIX_EPOCH).unwrap();
        }
        assert!(matches!(listing.rest, Rest::Stopped(Some(_))));
        // A person may say go on; a command may not.
        assert!(listing.wanted_token().is_some());
        assert_eq!(listing.to_follow(), Err(PageFault::Endless));
    }

    #[test]
    fn stopping_or_failing_keeps_the_token_to_go_on_with() {
        let token = Some(ContinuationToken("1".into()));
        let mut listing = listing();
        listing.add_page(page(&["a"], Some("1")), Timestamp::UNIX_EPOCH).unwrap();
        listing.start_loading(Timestamp::UNIX_EPOCH);
        listing.stop_loading();
        assert_eq!(listing.wanted_token(), Some(token.clone()));
        listing.start_loading(Timestamp::UNIX_EPOCH);
        listing.record_failure(Failure::local(crate::domain::failure::FailureKind::Network, "list", "", ""));
        assert_eq!(listing.wanted_token(), Some(token));
    }
}
