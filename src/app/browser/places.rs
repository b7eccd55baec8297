//! Going from place to place: in, out, elsewhere, and back.
//!
//! Invariant: going back costs no request, unless the rows there were too many to keep; whatever was being asked for is
//! abandoned when its place is left.

use super::{
    Place,
    history::History,
    reading::{go_on, load, pause},
};
use crate::{
    app::{Effect, Model, Tone, View, fulfil, wish::Wish},
    domain::{listing::Entry, location::Location},
};

/// Begins anew at `location`, with nowhere to go back to but outwards.
pub(in crate::app) fn start_at(model: &mut Model, location: Location) -> Vec<Effect> {
    model.browser.history = History::default();
    enter(model, Place::new(location))
}

/// Goes to another location.
pub(in crate::app) fn go_to(model: &mut Model, location: Location) -> Vec<Effect> {
    leave(model);
    enter(model, Place::new(location))
}

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let Some(entry) = place.entry() else {
        // Nothing to open: where nothing has been read yet, Enter asks for it.
        return load(model);
    };
    if matches!(entry, Entry::Object(_)) {
        return fulfil(model, vec![Wish::ShowDetails]);
    }
    let location = place.listing.location.of(&entry);
    if model.browser.history.leads_to(&location) {
        return later(model);
    }
    leave(model);
    enter(model, Place::new(location))
}

/// Puts the current place behind the person as it is; a page that was being asked for is asked for again on return.
pub(super) fn leave(model: &mut Model) {
    let here = take_here(model);
    model.browser.history.leave(here);
}

fn take_here(model: &mut Model) -> Place {
    pause(&mut model.browser);
    (model.browser.refresh_failure, model.browser.filter_line) = (None, None);
    std::mem::replace(&mut model.browser.place, Place::new(Location::buckets()))
}

/// Begins to read a place; whatever was being asked for is abandoned.
pub(super) fn enter(model: &mut Model, place: Place) -> Vec<Effect> {
    pause(&mut model.browser);
    (model.browser.refresh_failure, model.browser.filter_line) = (None, None);
    model.browser.place = place;
    load(model)
}

/// Where the person came from; from where they began, one step out.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.browser.history.has_past() {
        return earlier(model);
    }
    let here = &model.browser.place.listing.location;
    let Some(parent) = here.parent() else { return vec![] };
    let seek = if here.prefix.is_empty() { here.bucket.clone() } else { Some(here.prefix.clone()) };
    let here = take_here(model);
    model.browser.history.leave_outwards(here);
    enter(model, Place::new(parent).seeking(seek))
}

/// One place back in history.
pub(super) fn earlier(model: &mut Model) -> Vec<Effect> {
    if !model.browser.history.has_past() {
        model.say(Tone::Warning, "nowhere was before this");
        return vec![];
    }
    let here = take_here(model);
    match model.browser.history.back(here) {
        Some(place) => return_to(model, place),
        None => vec![],
    }
}

/// One place forth again.
pub(super) fn later(model: &mut Model) -> Vec<Effect> {
    if !model.browser.history.has_future() {
        model.say(Tone::Warning, "nowhere was after this");
        return vec![];
    }
    let here = take_here(model);
    match model.browser.history.forth(here) {
        Some(place) => return_to(model, place),
        None => vec![],
    }
}

/// Shows a place as it was left.
fn return_to(model: &mut Model, place: Place) -> Vec<Effect> {
    model.browser.filter_line = None;
    model.browser.place = place;
    take_up(model)
}

/// Goes on with a place that was left; a page that was being asked for then is asked for again.
pub(in crate::app) fn take_up(model: &mut Model) -> Vec<Effect> {
    // A new number, so that the answer to the page that was left behind is not taken for this one's.
    model.browser.generation = model.next_generation();
    let mut effects = vec![Effect::CancelListing(View::Browser)];
    effects.extend(go_on(model));
    effects
}
