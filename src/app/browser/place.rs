//! One location as the person left it.
//!
//! Invariant: what is selected and on screen are positions among the rows that are shown.

use crate::domain::{
    listing::{Entry, Listing},
    location::Location,
};

/// One location with its rows and the person's place among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The rows and what follows them.
    pub listing: Listing,
    /// Which row is selected.
    pub selected: usize,
    /// The first row on screen.
    pub offset: usize,
    /// A row to select as soon as it arrives.
    pub(super) seek: Option<String>,
}

impl Place {
    pub(super) fn new(location: Location) -> Self {
        Self { listing: Listing::new(location), selected: 0, offset: 0, seek: None }
    }

    /// The row that is selected.
    pub fn entry(&self) -> Option<Entry> {
        self.listing.rows.get(self.selected)
    }
}
