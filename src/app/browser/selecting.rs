//! Which row is selected, and which rows are on screen.
//!
//! Invariant: the selected row is on screen; moving past the last one asks for more.

use super::{
    places::open,
    reading::{load, read_ahead},
};
use crate::{
    app::{Effect, Model},
    domain::{lifetime::Phase, listing::Rest},
};

/// Rows of the list that fit a terminal of `rows` rows: all but header (2), table head and borders (3), status and
/// hints (2).
pub fn rows_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(7)).max(1)
}

/// Keeps the selected row on screen; called whenever rows, selection or size have changed.
pub(in crate::app) fn scroll_into_view(model: &mut Model) {
    let rows = rows_on_screen(model.size.1);
    let place = &mut model.browser.place;
    let count = place.count();
    place.selected = place.selected.min(count.saturating_sub(1));
    place.offset = place.offset.clamp((place.selected + 1).saturating_sub(rows), place.selected);
    place.offset = place.offset.min(count.saturating_sub(rows));
}

pub(super) fn select(model: &mut Model, to: impl FnOnce(usize) -> usize) -> Vec<Effect> {
    let place = &mut model.browser.place;
    let last = place.count().saturating_sub(1);
    let wanted = to(place.selected);
    place.choose(wanted.min(last));
    // Going on past the last row is asking for more, also where asking had been stopped.
    let more = matches!(place.listing.rest, Rest::Stopped(_) | Rest::Next(_));
    if wanted > last && more && model.browser.refreshing.is_none() && model.phase() != Phase::Expired {
        return load(model);
    }
    read_ahead(model)
}

pub(super) fn click(model: &mut Model, row: usize) -> Vec<Effect> {
    let place = &model.browser.place;
    let at = place.offset + row;
    if at >= place.count() {
        return vec![];
    }
    if at == place.selected { open(model) } else { select(model, |_| at) }
}
