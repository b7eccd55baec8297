//! Which row is selected, and which rows are on screen.
//!
//! Invariant: the selected row is on screen; moving past the last one requests more.

use super::Browser;
use crate::{
    app::{cx::Cx, layout::rows_on_screen, wish::Wish},
    domain::listing::{Entry, Rest},
};

/// Rows that are looked at for the next object: prefixes between objects may be many.
const MOST_ROWS_BETWEEN: usize = 10_000;

impl Browser {
    /// Keeps the selected row on screen; called whenever rows, selection or size have changed.
    pub(in crate::app) fn scroll_into_view(&mut self, size: (u16, u16)) {
        let (rows, place) = (rows_on_screen(size.1), &mut self.place);
        let count = place.count();
        place.selected = place.selected.min(count.saturating_sub(1));
        place.offset = place.offset.clamp((place.selected + 1).saturating_sub(rows), place.selected);
        place.offset = place.offset.min(count.saturating_sub(rows));
    }

    /// Selects the row that `to` gives for the selected one.
    pub(super) fn select(&mut self, cx: &mut Cx, to: impl FnOnce(usize) -> usize) -> Vec<Wish> {
        let last = self.place.count().saturating_sub(1);
        let wanted = to(self.place.selected);
        self.place.choose(wanted.min(last));
        if let Some(everything) = &mut self.everything {
            everything.at_the_end = false;
        }
        // Going on past the last row requests more, also where loading had been stopped.
        let more = matches!(self.place.listing.rest, Rest::Stopped(_) | Rest::Next(_));
        if wanted > last && more && self.refreshing.is_none() && cx.live_session().is_some() {
            return self.load(cx);
        }
        self.read_ahead(cx)
    }

    /// Selects the object so many objects further on among the rows that are loaded, if there is one.
    pub(in crate::app) fn step_to_object(&mut self, cx: &mut Cx, steps: isize) -> Vec<Wish> {
        let (mut at, mut left) = (self.place.selected, steps.unsigned_abs());
        let mut found = None;
        for _ in 0..MOST_ROWS_BETWEEN {
            let Some(next) = at.checked_add_signed(steps.signum()).filter(|_| left > 0) else { break };
            match self.place.get(next) {
                Some(Entry::Object(_)) => (found, left) = (Some(next), left - 1),
                Some(_) => {}
                None => break,
            }
            at = next;
        }
        match found {
            Some(row) => self.select(cx, |_| row),
            None => {
                vec![Wish::warn(if steps > 0 { "no object follows here" } else { "no object comes before this one" })]
            }
        }
    }

    /// Selects the row at `row` of the list on screen; opens it if it is selected.
    pub(super) fn click(&mut self, cx: &mut Cx, row: usize) -> Vec<Wish> {
        let at = self.place.offset + row;
        if at >= self.place.count() {
            return vec![];
        }
        if at == self.place.selected { self.open_row(cx) } else { self.select(cx, |_| at) }
    }
}
