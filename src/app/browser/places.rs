//! Going from place to place: in, out, elsewhere, and back.
//!
//! Invariant: going back costs no request; whatever was being asked for is abandoned when its place is left.

use super::{
    Place,
    reading::{go_on, load, pause},
};
use crate::{
    app::{Effect, Model, Overlay, View},
    domain::{listing::Entry, location::Location},
};

/// Begins anew at `location`, with nowhere to go back to but outwards.
pub(in crate::app) fn start_at(model: &mut Model, location: Location) -> Vec<Effect> {
    model.browser.trail.clear();
    model.browser.left = None;
    enter(model, Place::new(location))
}

/// Follows what was typed into the go-to line; an answer that names no location stays in the line with its reason.
pub(in crate::app) fn go_to(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let location = Location::typed(text).map_err(|refusal| refusal.to_string())?;
    leave(model);
    Ok(enter(model, Place::new(location)))
}

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let Some(entry) = place.entry() else {
        // Nothing to open: where nothing has been read yet, Enter asks for it.
        return load(model);
    };
    if matches!(entry, Entry::Object(_)) {
        model.overlay = Some(Overlay::Details);
        return vec![];
    }
    let location = place.listing.location.of(&entry);
    let known = model.browser.left.take_if(|left| left.listing.location == location && left.entry().is_some());
    leave(model);
    match known {
        Some(place) => return_to(model, place),
        None => enter(model, Place::new(location)),
    }
}

/// Puts the current place on the trail as it is; a page that was being asked for is asked for again on return.
pub(super) fn leave(model: &mut Model) {
    let browser = &mut model.browser;
    pause(browser);
    let here = std::mem::replace(&mut browser.place, Place::new(Location::buckets()));
    browser.trail.push(here);
}

/// Begins to read a place; whatever was being asked for is abandoned.
pub(super) fn enter(model: &mut Model, place: Place) -> Vec<Effect> {
    pause(&mut model.browser);
    (model.browser.refresh_failure, model.browser.filter_line) = (None, None);
    model.browser.place = place;
    load(model)
}

pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if !model.browser.can_go_back() {
        return vec![];
    }
    pause(&mut model.browser);
    model.browser.refresh_failure = None;
    if let Some(place) = model.browser.trail.pop() {
        model.browser.left = Some(std::mem::replace(&mut model.browser.place, Place::new(Location::buckets())));
        return return_to(model, place);
    }
    let here = &model.browser.place.listing.location;
    let Some(parent) = here.parent() else { return vec![] };
    let seek = if here.prefix.is_empty() { here.bucket.clone() } else { Some(here.prefix.clone()) };
    enter(model, Place::new(parent).seeking(seek))
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
