//! One location as the person left it.
//!
//! Invariant: what is selected and on screen are positions among the rows that are shown; which rows of the listing those are,
//! [`Place::row`] alone says.

use std::sync::Arc;

use jiff::Timestamp;

use super::past::PastView;
use crate::{
    app::effect::Generation,
    domain::{
        listing::{Arrangement, Entry, Listing, VisibleRows},
        location::Location,
        name_text::bytes_of,
    },
};

/// One location, now or as of a time, with its rows and the person's place among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The rows and what follows them.
    pub listing: Listing,
    /// Which row is selected, among those that are shown.
    pub selected: usize,
    /// The first row on screen, among those that are shown.
    pub offset: usize,
    /// Which rows are wanted, and in which order. What is shown may lag behind for a moment.
    pub wanted: Arrangement,
    /// Of which time it is; `None` is now.
    pub past: Option<PastView>,
    /// A row to select as soon as it arrives.
    pub(super) seek: Option<String>,
    /// What is shown, unless that is every row as S3 lists them.
    shown: Option<Arranged>,
    /// What is being arranged.
    pub(super) asked: Option<Asked>,
    /// The row of the listing that the person was at and that is not shown, or that was sought: selected when it is shown.
    kept: Option<usize>,
}

/// A row that was left may be a million rows away by now.
const MOST_PAGES_TO_SEEK: usize = 20;

/// Rows that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arranged {
    pub(super) arrangement: Arrangement,
    pub(super) rows: VisibleRows,
    /// How many rows of the listing were looked at.
    pub(super) of: usize,
}

/// A question to the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) generation: Generation,
    pub(super) arrangement: Arrangement,
    /// How many rows of the listing are being looked at.
    pub(super) of: usize,
}

impl Place {
    pub(super) fn new(location: Location) -> Self {
        Self {
            listing: Listing::new(location),
            selected: 0,
            offset: 0,
            wanted: Arrangement::default(),
            past: None,
            seek: None,
            shown: None,
            asked: None,
            kept: None,
        }
    }

    /// The same location as of a time.
    pub(super) fn at_time(self, at: Option<Timestamp>) -> Self {
        Self { past: at.map(PastView::at_time), ..self }
    }

    /// Of which time it is; `None` is now.
    pub(super) fn time(&self) -> Option<Timestamp> {
        self.past.as_ref().map(|past| past.at)
    }

    /// Which version the selected row is, where the list is one of versions.
    pub fn selected_version(&self) -> Option<String> {
        self.past.as_ref()?.version_of(self.row(self.selected)?)
    }

    /// The same, looking for a row.
    pub(super) fn seeking(self, seek: Option<String>) -> Self {
        Self { seek, ..self }
    }

    /// The same, its rows chosen and sorted like those of another place.
    pub(super) fn arranged_like(self, other: &Self) -> Self {
        let mut place = Self { wanted: other.wanted.clone(), ..self };
        place.filter_from_the_start();
        place
    }

    /// Lets the rows go, and keeps what is needed to read them anew and to find the person's row again.
    pub(super) fn give_up_rows(&mut self) {
        let seek = self.entry().map(|entry| entry.name().to_owned()).or(self.seek.take());
        let empty = Self::new(self.listing.location.clone()).at_time(self.time());
        *self = empty.seeking(seek).arranged_like(self);
    }

    /// Whether rows are here, or were and can be read anew.
    pub(super) fn is_worth_returning_to(&self) -> bool {
        !self.listing.rows.is_empty() || self.seek.is_some()
    }

    /// Bytes that its rows take.
    pub(super) fn memory(&self) -> usize {
        let shown = self.shown.as_ref().map_or(0, |shown| size_of_val(&**shown.rows));
        let past = self.past.as_ref().map_or(0, PastView::memory);
        if self.listing.rows.is_empty() { 0 } else { self.listing.rows.memory_bytes() + shown + past }
    }

    /// Whether the row that is sought lies beyond those that came, and not so far that nobody would wait for it.
    pub(super) fn seeks_further(&self) -> bool {
        let Some(sought) = &self.seek else { return false };
        let beyond = self.listing.rows.last_name().is_none_or(|last| *last < *bytes_of(sought));
        beyond && self.listing.pages < MOST_PAGES_TO_SEEK
    }

    /// How many rows are shown.
    pub fn count(&self) -> usize {
        self.shown.as_ref().map_or(self.listing.rows.len(), |shown| shown.rows.len())
    }

    /// How many of the loaded rows were looked at to show these.
    pub fn looked_at(&self) -> usize {
        self.shown.as_ref().map_or(self.listing.rows.len(), |shown| shown.of)
    }

    /// How the rows that are shown were chosen and sorted.
    pub fn arrangement(&self) -> Arrangement {
        self.shown.as_ref().map(|shown| shown.arrangement.clone()).unwrap_or_default()
    }

    /// The listing's row that is shown at `at`.
    pub fn row(&self, at: usize) -> Option<usize> {
        match &self.shown {
            Some(shown) => shown.rows.get(at).map(|row| *row as usize),
            None => Some(at).filter(|at| *at < self.listing.rows.len()),
        }
    }

    /// What is shown at `at`, as a value of its own.
    pub fn get(&self, at: usize) -> Option<Entry> {
        self.listing.rows.get(self.row(at)?)
    }

    /// The row that is selected.
    pub fn entry(&self) -> Option<Entry> {
        self.get(self.selected)
    }

    /// Whether what is wanted is not shown yet.
    pub fn is_arranging(&self) -> bool {
        self.asked.is_some()
    }

    pub(super) fn shown(&self) -> Option<&Arranged> {
        self.shown.as_ref()
    }

    /// The person's own choice of a row: no other is remembered any more.
    pub(super) fn choose(&mut self, at: usize) {
        (self.selected, self.seek, self.kept) = (at, None, None);
    }

    /// Selects the row that was sought, if it has come, or the one after where it would be; where that is not shown, as soon
    /// as it is.
    pub(super) fn find_sought(&mut self) {
        let Some(sought) = &self.seek else { return };
        let rank = self.listing.rows.rank_of(&bytes_of(sought));
        let Some(found) = Some(rank).filter(|rank| *rank < self.listing.rows.len()) else { return };
        (self.kept, self.seek) = (Some(found), None);
        self.selected = self.find(found).unwrap_or_else(|at| at);
    }

    /// Puts other rows in the place of all that were there.
    pub(super) fn replace(&mut self, listing: Listing) {
        self.listing = listing;
        (self.shown, self.asked, self.kept) = (None, None, None);
        self.filter_from_the_start();
    }

    /// So that no row is shown, for as long as it takes to filter the first, that does not match.
    fn filter_from_the_start(&mut self) {
        if self.wanted.keeps_the_order() && !self.wanted.filter.is_empty() {
            self.shown = Some(Arranged { arrangement: self.wanted.clone(), rows: Arc::default(), of: 0 });
        }
    }

    /// Shows other rows, or every one; the person stays at the same row, or where it would be. Who looks at the first rows
    /// of an order goes on to look at the first of the next.
    pub(super) fn show(&mut self, shown: Option<Arranged>) {
        let filter = shown.as_ref().map(|shown| shown.arrangement.filter.clone()).unwrap_or_default();
        let above = self.selected.saturating_sub(self.offset);
        let followed = self.kept.or_else(|| self.row(self.selected)).filter(|_| !self.is_at_the_top_of(&filter));
        self.shown = shown;
        let found = followed.map_or(Ok(0), |row| self.find(row));
        // A row that is not shown is remembered, for when it is again.
        self.kept = followed.filter(|_| found.is_err());
        self.selected = found.unwrap_or_else(|at| at);
        self.offset = self.selected.saturating_sub(above);
    }

    /// Whether the first of the rows that match `filter` is selected, and not for being a row that was sought.
    fn is_at_the_top_of(&self, filter: &str) -> bool {
        let sought = self.kept.is_some_and(|row| self.find(row).is_ok());
        self.selected == 0 && !sought && self.arrangement().filter == filter
    }

    /// Shows the rows that came since, where they come last.
    pub(super) fn extend(&mut self) {
        let (rows, unshown) = (&self.listing.rows, bytes_of(self.listing.location.directory()).len());
        if let Some(shown) = &mut self.shown {
            shown.arrangement.extend_shown(Arc::make_mut(&mut shown.rows), rows, shown.of, unshown);
            shown.of = rows.len();
        }
        if let Some(Ok(at)) = self.kept.map(|row| self.find(row)) {
            self.selected = at;
        }
    }

    fn find(&self, row: usize) -> Result<usize, usize> {
        match &self.shown {
            Some(shown) => shown.arrangement.find_row(&shown.rows, &self.listing.rows, row),
            None => Ok(row),
        }
    }
}
