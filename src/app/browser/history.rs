//! Where the person has been: back, and forth again.
//!
//! Invariant: each place comes back as it was left, with cursor, filter and order; and the rows of all places that are kept
//! take [`MOST_MEMORY`] at most.

use jiff::Timestamp;

use super::Place;
use crate::domain::location::Location;

/// Bytes of rows that the places behind the one on screen may hold together.
///
/// Ten million rows take some 400 MB. Who leaves them expects that memory back, not that it is held for a step back that
/// may never come; and a million rows or two, which most steps back lead to, fit in here all the same. A place that has to
/// give its rows up keeps its location, filter, order and the name of the row the person was at, and is read anew.
pub(super) const MOST_MEMORY: usize = 64 << 20;

/// The places before and after the one on screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct History {
    /// Where the person came from, the newest last.
    past: Vec<Place>,
    /// Where the person came back from, the nearest last.
    future: Vec<Place>,
}

impl History {
    pub(super) fn has_past(&self) -> bool {
        !self.past.is_empty()
    }

    pub(super) fn has_future(&self) -> bool {
        !self.future.is_empty()
    }

    /// Goes on from `here` to somewhere new: what was ahead is not any more.
    pub(super) fn leave(&mut self, here: Place) {
        self.future.clear();
        self.past.push(here);
        self.keep_within(MOST_MEMORY);
    }

    /// Goes out of `here` to where the person has not been: that comes before everything.
    pub(super) fn leave_outwards(&mut self, here: Place) {
        self.future.push(here);
        self.keep_within(MOST_MEMORY);
    }

    /// One place back, which there is.
    pub(super) fn back(&mut self, here: Place) -> Option<Place> {
        let earlier = self.past.pop()?;
        self.future.push(here);
        self.keep_within(MOST_MEMORY);
        Some(earlier)
    }

    /// One place forth, which there is.
    pub(super) fn forth(&mut self, here: Place) -> Option<Place> {
        let later = self.future.pop()?;
        self.past.push(here);
        self.keep_within(MOST_MEMORY);
        Some(later)
    }

    /// The nearest place before for which this is so, if there is one; what lies between is ahead then, as is `here`.
    pub(super) fn back_to(&mut self, here: Place, is_wanted: impl Fn(&Place) -> bool) -> Option<Place> {
        let at = self.past.iter().rposition(is_wanted)?;
        self.future.push(here);
        self.future.extend(self.past.drain(at + 1..).rev());
        let earlier = self.past.pop();
        self.keep_within(MOST_MEMORY);
        earlier
    }

    /// Whether one place forth is `location` at this time with something in it.
    pub(super) fn leads_to(&self, location: &Location, time: Option<Timestamp>) -> bool {
        let is_there = |next: &Place| next.listing.location == *location && next.time() == time;
        self.future.last().is_some_and(|next| is_there(next) && next.is_worth_returning_to())
    }

    /// The biggest give up their rows first: fewest have to.
    fn keep_within(&mut self, limit: usize) {
        let memory = |history: &Self| history.past.iter().chain(&history.future).map(Place::memory).sum::<usize>();
        while memory(self) > limit {
            let biggest = self.past.iter_mut().chain(&mut self.future).max_by_key(|place| place.memory());
            if let Some(place) = biggest {
                place.give_up_rows();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::{Arrangement, Block, Entry, Page};

    fn place(prefix: &str, rows: usize) -> Place {
        let mut place = Place::new(Location::new("tide-logs", prefix));
        let rows = Block::from_entries((0..rows).map(|n| Entry::Prefix(format!("{prefix}{n:04}/")))).unwrap();
        place.listing.add_page(Page { rows, ..Page::default() }, Timestamp::UNIX_EPOCH).unwrap();
        place
    }

    fn kept(history: &History) -> Vec<usize> {
        history.past.iter().chain(&history.future).map(|place| place.listing.rows.len()).collect()
    }

    #[test]
    fn the_biggest_places_give_their_rows_up_until_the_rest_fit() {
        let mut history = History { past: vec![place("a", 10), place("b", 2000)], future: vec![place("c", 1000)] };
        let all = [10, 2000, 1000].map(|rows| place("x", rows).memory());
        history.keep_within(all.iter().sum());
        assert_eq!(kept(&history), [10, 2000, 1000]);
        history.keep_within(all[0] + all[2]);
        assert_eq!(kept(&history), [10, 0, 1000]);
        history.keep_within(0);
        assert_eq!(kept(&history), [0, 0, 0]);
    }

    #[test]
    fn a_place_without_rows_knows_what_it_is_and_which_row_to_find() {
        let mut place = place("a", 100);
        place.wanted = Arrangement { filter: "0".into(), ..Arrangement::default() };
        place.choose(42);
        place.give_up_rows();
        assert_eq!((place.memory(), place.listing.location.prefix.as_str()), (0, "a"));
        assert_eq!((place.seek.as_deref(), place.wanted.filter.as_str()), (Some("a0042/"), "0"));
    }
}
