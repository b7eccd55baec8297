//! Finding and sorting among the rows that are loaded.
//!
//! Invariant: no work on all rows is done here: it is asked for, the newest wish wins, and its answer counts only if
//! nothing else is wanted by then. Pages that come while a filter stands are filtered as they come.

use std::sync::Arc;

use super::{
    place::{Arranged, Asked, Place},
    reading::read_ahead,
};
use crate::{
    app::{Action, Edit, Effect, Generation, Model, Screen, TextInput, Tone},
    domain::{
        failure::Failure,
        listing::{Arrangement, Arranging, Order, Rest},
        name_text::bytes_of,
        safe_text::printable,
    },
};

/// Rows that may be filtered here: a good deal more than a page, and a millisecond's work.
const AT_ONCE: usize = 65_536;
/// Rows are sorted anew when they are more by one in so many.
const GROWTH: usize = 8;

impl Model {
    /// Whether what is typed goes into the line that filters the rows, unless something lies over it.
    pub fn is_filtering(&self) -> bool {
        self.screen == Screen::Browser && self.browser.filter_line.is_some()
    }
}

/// Opens the line that filters, with what filters now.
pub(super) fn open_line(model: &mut Model) -> Vec<Effect> {
    model.browser.filter_line = Some(TextInput::new(&model.browser.place.wanted.filter));
    vec![]
}

/// What a key does in the line, if it is for the line.
pub(super) fn act_in_line(model: &mut Model, action: &Action) -> Option<Vec<Effect>> {
    let line = model.browser.filter_line.as_mut()?;
    match action {
        Action::Submit => model.browser.filter_line = None,
        Action::Edit(Edit::DeletePrevChar) if line.text().is_empty() => model.browser.filter_line = None,
        Action::Edit(edit) => line.edit(*edit),
        Action::Paste(text) => line.paste(text),
        Action::Dismiss => {
            model.browser.filter_line = None;
            return Some(clear(model));
        }
        _ => return None,
    }
    let Some(filter) = model.browser.filter_line.as_ref().map(|line| line.text().to_owned()) else {
        return Some(vec![]);
    };
    let place = &mut model.browser.place;
    let wanted = Arrangement { filter, ..place.wanted.clone() };
    want(place, wanted);
    Some(read_ahead(model))
}

/// Shows every row again.
pub(super) fn clear(model: &mut Model) -> Vec<Effect> {
    let place = &mut model.browser.place;
    if place.wanted.filter.is_empty() {
        return vec![];
    }
    let wanted = Arrangement { filter: String::new(), ..place.wanted.clone() };
    want(place, wanted);
    read_ahead(model)
}

/// Goes to the next order.
pub(super) fn sort(model: &mut Model) -> Vec<Effect> {
    let place = &mut model.browser.place;
    let order = place.wanted.order.next(place.listing.location.bucket.is_none());
    let wanted = Arrangement { order, ..place.wanted.clone() };
    want(place, wanted);
    read_ahead(model)
}

/// To show all takes no work.
fn want(place: &mut Place, wanted: Arrangement) {
    place.wanted = wanted;
    if place.wanted.is_plain() {
        place.asked = None;
        if place.shown().is_some() {
            place.show(None);
        }
    }
}

/// Asks for what is wanted and not shown; called whenever rows or wishes may have changed.
pub(in crate::app) fn keep_up(model: &mut Model) -> Vec<Effect> {
    let place = &mut model.browser.place;
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
        match step(place.wanted.order, of, new, loading) {
            Step::Wait => return vec![],
            Step::Extend => {
                place.extend();
                return vec![];
            }
            Step::Ask => {}
        }
    }
    let generation = model.next_generation();
    vec![ask(&mut model.browser.place, generation)]
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
const fn step(order: Order, of: usize, new: usize, loading: bool) -> Step {
    match order {
        _ if new == 0 => Step::Wait,
        Order::Name if new <= AT_ONCE => Step::Extend,
        Order::Size | Order::Time if loading && new * GROWTH < of => Step::Wait,
        _ => Step::Ask,
    }
}

fn ask(place: &mut Place, generation: Generation) -> Effect {
    let rows = place.listing.rows.clone();
    let narrowed = place.shown().filter(|shown| shown.of == rows.len() && place.wanted.narrows(&shown.arrangement));
    let among = narrowed.map(|shown| Arc::clone(&shown.rows));
    let arrangement = place.wanted.clone();
    place.asked = Some(Asked { generation, arrangement: arrangement.clone(), of: rows.len() });
    let unshown = bytes_of(place.listing.location.directory()).len();
    Effect::Arrange { generation, arranging: Arranging { rows, unshown, arrangement, among } }
}

/// Shows what was arranged, if nothing else is wanted by now.
pub(in crate::app) fn arranged(model: &mut Model, generation: Generation, outcome: Result<Vec<u32>, Failure>) {
    let place = &mut model.browser.place;
    let Some(asked) = place.asked.take_if(|asked| asked.generation == generation) else { return };
    match outcome {
        Ok(rows) => {
            let arranged = Arranged { arrangement: asked.arrangement, rows: Arc::new(rows), of: asked.of };
            place.show(Some(arranged));
        }
        Err(failure) => {
            want(place, Arrangement::default());
            model.say(Tone::Warning, format!("all rows are shown: {}", printable(&failure.to_string())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_rows_are_filtered_at_once_and_sorted_in_by_the_eighth() {
        for (order, of, new, loading, wanted) in [
            (Order::Name, 1_000_000, 0, true, Step::Wait),
            (Order::Name, 1_000_000, 1000, true, Step::Extend),
            (Order::Name, 0, 65_536, true, Step::Extend),
            (Order::Name, 0, 65_537, true, Step::Ask),
            (Order::Size, 800, 99, true, Step::Wait),
            (Order::Size, 800, 100, true, Step::Ask),
            (Order::Time, 800, 99, false, Step::Ask),
            (Order::Time, 800, 0, false, Step::Wait),
            (Order::Size, 0, 1, true, Step::Ask),
        ] {
            assert_eq!(step(order, of, new, loading), wanted, "{order:?}: {new} after {of}");
        }
    }
}
