//! Which of the loaded rows are shown, and in which order.
//!
//! Invariant: what is shown are positions in [`Rows`], each at most once; arranging page by page shows the same as arranging
//! at once. Work on all rows checks its stop sign between blocks, so that newer work never waits for older work.

mod order;
mod search;
mod stop;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
};

pub use order::SortOrder;
use search::Search;
use stop::go_on;

use super::rows::{Block, Rows};

/// Which rows, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrangement {
    /// What names hold, below the location; empty shows all. Without a capital letter, case does not matter.
    pub filter: String,
    /// Which row comes first.
    pub order: SortOrder,
    /// Whether it comes last instead.
    pub reversed: bool,
}

/// Positions in [`Rows`] that are shown, in the order in which they are. Shared with the work that arranges them anew.
pub type VisibleRows = Arc<Vec<u32>>;

/// All that arranging needs, to be carried to another thread: a clone of the rows costs one pointer a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Arranging {
    /// Of which rows.
    pub rows: Rows,
    /// Bytes at the start of every name that are not shown: where the location is.
    pub unshown: usize,
    /// Which of them, and how.
    pub arrangement: Arrangement,
    /// Only these can match, and they are in order: the rows shown before the filter grew.
    pub among: Option<VisibleRows>,
}

impl Arrangement {
    /// Whether all rows are shown as S3 lists them.
    pub fn is_plain(&self) -> bool {
        self.filter.is_empty() && self.keeps_the_order()
    }

    /// Whether rows are shown in the order in which S3 lists them, so that later ones come last.
    pub fn keeps_the_order(&self) -> bool {
        self.order == SortOrder::Name && !self.reversed
    }

    /// Whether whatever this shows, `wider` shows too, in the same order.
    pub fn narrows(&self, wider: &Self) -> bool {
        let grown = self.filter.contains(&wider.filter) && (wider.filter.is_empty() || !self.crosses_case(wider));
        (self.order, self.reversed) == (wider.order, wider.reversed) && grown
    }

    /// Whether one goes by ASCII's cases and the other by all of Unicode's, in which `K` may be the Kelvin sign.
    fn crosses_case(&self, other: &Self) -> bool {
        self.filter.is_ascii() != other.filter.is_ascii()
    }

    /// Adds the rows from `from` on to what is shown, where later rows come last ([`Arrangement::keeps_the_order`]).
    pub fn extend_shown(&self, shown: &mut Vec<u32>, rows: &Rows, from: usize, unshown: usize) {
        let mut search = Search::new(&self.filter, unshown);
        for (start, block) in rows.blocks().rev().take_while(|(start, block)| start + block.len() > from) {
            // Newest block first, so that a long listing is not walked through: what it adds goes before what is there.
            let at = shown.partition_point(|row| (*row as usize) < start.max(from));
            let mut found = vec![];
            search
                .search_block(block, |row| found.extend(Some(start + row).filter(|row| *row >= from).and_then(row_id)));
            shown.splice(at..at, found);
        }
    }

    /// Where `row` is among what is shown, or where it would be.
    ///
    /// # Errors
    /// The place where it would be.
    pub fn find_row(&self, shown: &[u32], rows: &Rows, row: usize) -> Result<usize, usize> {
        let key = |row| self.order.sort_key(self.reversed, rows, row);
        let wanted = key(row);
        shown.binary_search_by(|other| key(*other as usize).cmp(&wanted))
    }
}

impl Arranging {
    /// What is shown; `None` if `stop` was set meanwhile.
    pub fn arrange_rows(&self, stop: &AtomicBool) -> Option<Vec<u32>> {
        let mut search = Search::new(&self.arrangement.filter, self.unshown);
        match &self.among {
            Some(among) if among.len() * FEW < self.rows.len() => self.arrange_few(among, &mut search, stop),
            Some(among) => {
                let mut matching = vec![0_u64; self.rows.len().div_ceil(64)];
                self.each_match(&mut search, stop, |row| matching[row / 64] |= 1 << (row % 64))?;
                let matches = |row: &&u32| matching[(**row as usize) / 64] & (1 << (**row % 64)) != 0;
                Some(among.iter().filter(matches).copied().collect())
            }
            None => {
                let mut shown = vec![];
                self.each_match(&mut search, stop, |row| shown.extend(row_id(row)))?;
                self.arrangement.order.sort_rows(self.arrangement.reversed, &mut shown, &self.rows, stop)?;
                Some(shown)
            }
        }
    }

    fn each_match(&self, search: &mut Search, stop: &AtomicBool, mut found: impl FnMut(usize)) -> Option<()> {
        for (start, block) in self.rows.blocks() {
            go_on(stop)?;
            search.search_block(block, |row| found(start + row));
        }
        Some(())
    }

    /// Row by row: blocks are searched faster, but not a whole one for a few rows of it.
    fn arrange_few(&self, among: &[u32], search: &mut Search, stop: &AtomicBool) -> Option<Vec<u32>> {
        let mut shown = vec![];
        for chunk in among.chunks(BETWEEN_LOOKS) {
            go_on(stop)?;
            let matches = |row: &&u32| {
                let found: Option<(&Block, usize)> = self.rows.find_block(**row as usize);
                found.is_some_and(|(block, at)| search.matches_row(block, at))
            };
            shown.extend(chunk.iter().filter(matches));
        }
        Some(shown)
    }
}

impl fmt::Debug for Arranging {
    /// Without the rows: there may be millions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arranging").field("arrangement", &self.arrangement).finish_non_exhaustive()
    }
}

/// One row in so many is few.
const FEW: usize = 32;
/// Rows between two looks at the stop sign, where no blocks are gone through.
const BETWEEN_LOOKS: usize = 4096;

/// A row's position in four bytes: rows beyond four thousand million would not fit any memory.
fn row_id(row: usize) -> Option<u32> {
    u32::try_from(row).ok()
}
