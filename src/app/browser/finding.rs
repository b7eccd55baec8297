//! Finding and sorting among the rows that are loaded.
//!
//! Invariant: no work on all rows is done here: it is requested, the newest request wins, and its reply counts only if
//! nothing else is wanted by then. Pages that come while a filter is set are filtered as they come.

use std::sync::Arc;

use super::{
    Browser,
    place::{Arranged, Asked, Place},
};
use crate::{
    app::{
        action::{Action, Edit, TextAction},
        cx::Cx,
        effect::{Effect, Generation},
        text_input::TextInput,
        wish::Wish,
    },
    domain::{
        failure::Failure,
        listing::{Arrangement, Arranging, Rest},
        name_text::bytes_of,
        safe_text::printable,
    },
};

/// Rows that may be filtered here: a good deal more than a page, and a millisecond's work.
const AT_ONCE: usize = 65_536;
/// Rows are sorted anew when they are more by one in so many.
const GROWTH: usize = 8;

impl Browser {
    /// Opens the line that filters, with what filters now.
    pub(super) fn open_filter_line(&mut self) {
        self.filter_line = Some(TextInput::new(&self.place.wanted.filter));
    }

    /// What a key does in the line that filters, if it is for the line.
    pub(super) fn act_in_filter_line(&mut self, cx: &mut Cx, action: &Action) -> Option<Vec<Wish>> {
        let line = self.filter_line.as_mut()?;
        match action {
            Action::Submit => self.filter_line = None,
            Action::Text(TextAction::Edit(Edit::DeletePrevChar)) if line.text().is_empty() => self.filter_line = None,
            Action::Text(action) => line.act(action),
            Action::Dismiss => {
                self.filter_line = None;
                return Some(self.clear_filter(cx));
            }
            _ => return None,
        }
        let Some(filter) = self.filter_line.as_ref().map(|line| line.text().to_owned()) else {
            return Some(vec![]);
        };
        self.want(Arrangement { filter, ..self.place.wanted.clone() });
        Some(self.read_ahead(cx))
    }

    /// Shows every row again.
    pub(super) fn clear_filter(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if self.place.wanted.filter.is_empty() {
            return vec![];
        }
        self.want(Arrangement { filter: String::new(), ..self.place.wanted.clone() });
        self.read_ahead(cx)
    }

    /// Goes to the next order.
    pub(super) fn sort(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let wanted = &self.place.wanted;
        let order = wanted.order.next_order(self.place.listing.location.bucket.is_none());
        self.want(Arrangement { order, reversed: false, ..wanted.clone() });
        self.read_ahead(cx)
    }

    /// Turns the order round.
    pub(super) fn reverse(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let wanted = &self.place.wanted;
        self.want(Arrangement { reversed: !wanted.reversed, ..wanted.clone() });
        self.read_ahead(cx)
    }

    /// To show all takes no work.
    fn want(&mut self, wanted: Arrangement) {
        let place = &mut self.place;
        place.wanted = wanted;
        if place.wanted.is_plain() {
            place.asked = None;
            if place.shown().is_some() {
                place.show(None);
            }
        }
    }

    /// Requests what is wanted and not shown; called whenever rows or filter or order may have changed.
    pub(in crate::app) fn keep_up(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let place = &mut self.place;
        let asked = place.asked.as_ref().is_some_and(|asked| asked.arrangement == place.wanted);
        if place.wanted.is_plain() || asked {
            return vec![];
        }
        let count = place.listing.rows.len();
        if count == 0 {
            return vec![];
        }
        if let Some(shown) = place.shown().filter(|shown| shown.arrangement == place.wanted) {
            let (of, new) = (shown.of, count.saturating_sub(shown.of));
            let loading = matches!(place.listing.rest, Rest::Loading { .. });
            // Whatever else was wanted meanwhile is wanted no more.
            place.asked = None;
            match step(&place.wanted, of, new, loading) {
                Step::Wait => return vec![],
                Step::Extend => {
                    place.extend();
                    return vec![];
                }
                Step::Ask => {}
            }
        }
        vec![request(place, cx.next_generation()).into()]
    }

    /// Shows what was arranged, if nothing else is wanted by now.
    pub(in crate::app) fn arranged(&mut self, generation: Generation, outcome: Result<Vec<u32>, Failure>) -> Vec<Wish> {
        let Some(asked) = self.place.asked.take_if(|asked| asked.generation == generation) else { return vec![] };
        match outcome {
            Ok(rows) => {
                let arranged = Arranged { arrangement: asked.arrangement, rows: Arc::new(rows), of: asked.of };
                self.place.show(Some(arranged));
                vec![]
            }
            Err(failure) => {
                self.want(Arrangement::default());
                vec![Wish::warn(format!("all rows are shown: {}", printable(&failure.to_string())))]
            }
        }
    }
}

/// What to do about rows that came since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing, or not yet.
    Wait,
    /// Filter them here: they come last.
    Extend,
    /// Arrange everything anew.
    Ask,
}

/// `new` rows came since `of` were arranged. A long listing is not sorted page by page: that would take longer and longer.
fn step(wanted: &Arrangement, of: usize, new: usize, loading: bool) -> Step {
    match wanted.keeps_the_order() {
        _ if new == 0 => Step::Wait,
        true if new <= AT_ONCE => Step::Extend,
        false if loading && new * GROWTH < of => Step::Wait,
        _ => Step::Ask,
    }
}

fn request(place: &mut Place, generation: Generation) -> Effect {
    let rows = place.listing.rows.clone();
    let narrowed = place.shown().filter(|shown| shown.of == rows.len() && place.wanted.narrows(&shown.arrangement));
    let among = narrowed.map(|shown| Arc::clone(&shown.rows));
    let arrangement = place.wanted.clone();
    place.asked = Some(Asked { generation, arrangement: arrangement.clone(), of: rows.len() });
    let unshown = bytes_of(place.listing.location.directory()).len();
    Effect::Arrange { generation, arranging: Arranging { rows, unshown, arrangement, among } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::SortOrder;

    #[test]
    fn new_rows_are_filtered_at_once_and_sorted_in_by_the_eighth() {
        let by = |order| Arrangement { order, ..Arrangement::default() };
        for (order, of, new, loading, wanted) in [
            (SortOrder::Name, 1_000_000, 0, true, Step::Wait),
            (SortOrder::Name, 1_000_000, 1000, true, Step::Extend),
            (SortOrder::Name, 0, 65_536, true, Step::Extend),
            (SortOrder::Name, 0, 65_537, true, Step::Ask),
            (SortOrder::Size, 800, 99, true, Step::Wait),
            (SortOrder::Size, 800, 100, true, Step::Ask),
            (SortOrder::Time, 800, 99, false, Step::Ask),
            (SortOrder::Time, 800, 0, false, Step::Wait),
            (SortOrder::Size, 0, 1, true, Step::Ask),
        ] {
            assert_eq!(step(&by(order), of, new, loading), wanted, "{order:?}: {new} after {of}");
        }
    }
}
