//! Pages: asked for, arrived, refused, asked for anew.
//!
//! Invariant: a page is asked for at most once at a time, and an answer to an abandoned question changes nothing; rows on
//! screen are never lost to an error.

use super::{Browser, Place, everything, finding, places::enter, selecting::rows_on_screen};
use crate::{
    app::{Effect, Generation, Model, Tone, View, session},
    domain::{
        failure::{Failure, FailureKind},
        lifetime::Phase,
        listing::{Listing, Page, Rest},
    },
};

/// Goes on where an ended session left off: the same page, from the same continuation token. A page that was asked for
/// with the old session is asked for again: its refusal would be taken for one of the new session.
pub(in crate::app) fn resume(model: &mut Model) -> Vec<Effect> {
    let interrupted = model.browser.refresh_failure.take().is_some();
    if interrupted || model.browser.refreshing.is_some() {
        return refresh(model);
    }
    if let Some(effects) = everything::go_on(model) {
        return effects;
    }
    if model.browser.loading_since().is_some() {
        pause(&mut model.browser);
        return load(model);
    }
    go_on(model)
}

/// Asks again for a page that failed for want of a living session, if there is one now; else reads ahead.
pub(in crate::app) fn go_on(model: &mut Model) -> Vec<Effect> {
    if model.phase() != Phase::Expired
        && let Some(effects) = everything::go_on(model)
    {
        return effects;
    }
    let for_want_of_a_session = match &model.browser.place.listing.rest {
        Rest::Failed { failure, .. } => {
            matches!(failure.kind, FailureKind::Expired | FailureKind::InvalidCredentials)
        }
        _ => false,
    };
    if for_want_of_a_session && model.phase() != Phase::Expired { load(model) } else { read_ahead(model) }
}

pub(in crate::app) fn page_arrived(
    model: &mut Model,
    generation: Generation,
    outcome: Result<Page, Failure>,
) -> Vec<Effect> {
    if generation != model.browser.generation {
        return vec![];
    }
    let now = model.now;
    let outcome = outcome.and_then(|page| {
        let listing = model.browser.active_mut();
        listing.add(page, now).map_err(|fault| {
            Failure::local(FailureKind::Malformed, "list", listing.location.in_words(), fault.to_string())
        })
    });
    match outcome {
        Ok(()) => {
            if let Some(listing) = model.browser.refreshing.take() {
                model.browser.place.replace(listing);
                // A warning that came with it, as of its date, is worth more.
                if model.notice.as_ref().is_none_or(|notice| notice.tone != Tone::Warning) {
                    model.say(Tone::Good, "read again");
                }
            }
            model.browser.place.find_sought();
            read_ahead(model)
        }
        Err(failure) => {
            // A page is asked for anew as soon as another session is in use.
            let in_use = model.current.as_ref().map(|current| current.session.id);
            let effects = in_use.map(|session| session::refused(model, session, &failure)).unwrap_or_default();
            if model.browser.refreshing.take().is_some() {
                model.browser.refresh_failure = Some(failure);
            } else {
                model.browser.place.listing.fail(failure);
            }
            effects
        }
    }
}

/// Abandons whatever is being asked for, without the person having said stop.
pub(in crate::app) fn pause(browser: &mut Browser) {
    (browser.refreshing, browser.everything) = (None, None);
    browser.place.listing.pause();
    // An answer that comes in another place is none.
    browser.place.asked = None;
}

/// Asks again for the page that failed; a listing without trouble is read anew, its rows staying until then.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    model.browser.refresh_failure = None;
    pause(&mut model.browser);
    let place = &mut model.browser.place;
    if place.listing.rows.is_empty() {
        let location = place.listing.location.clone();
        let anew = Place::new(location).arranged_like(place);
        return enter(model, anew);
    }
    if matches!(place.listing.rest, Rest::Failed { .. } | Rest::Stopped(_)) {
        return load(model);
    }
    place.seek = place.entry().map(|entry| entry.name().to_owned());
    model.browser.refreshing = Some(Listing::new(place.listing.location.clone()));
    load(model)
}

/// Puts away news of a failure that has been seen; else stops what is under way; else shows every row again.
pub(super) fn dismiss(model: &mut Model) -> Vec<Effect> {
    let seen = model.mint_failure.take().or_else(|| model.browser.refresh_failure.take()).is_some();
    if seen {
        return vec![];
    }
    if model.browser.loading_since().is_none() {
        return finding::clear(model);
    }
    if model.browser.refreshing.take().is_none() {
        model.browser.place.listing.stop_loading();
    }
    model.browser.everything = None;
    model.browser.generation = model.next_generation();
    model.say(Tone::Warning, "stopped; ↓ past the last row goes on");
    vec![Effect::CancelListing(View::Browser)]
}

/// Asks for the next page.
pub(super) fn load(model: &mut Model) -> Vec<Effect> {
    let Some(session) = model.current.as_ref().map(|current| current.session.id) else { return vec![] };
    let now = model.now;
    let Some(after) = model.browser.active().wanted() else { return vec![] };
    model.browser.everything = None;
    let generation = model.next_generation();
    model.browser.generation = generation;
    let listing = model.browser.active_mut();
    listing.start_loading(now);
    let last = listing.last();
    let view = View::Browser;
    vec![Effect::List { view, generation, session, location: listing.location.clone(), after, last }]
}

/// Asks for the next page before the person reaches the last row: two screenfuls ahead, and never with a session that
/// is known to be over.
pub(super) fn read_ahead(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    // Rows that are filtered or sorted have no next page: how many it would add to them, nobody knows.
    let near_the_end = if place.wanted.is_plain() {
        place.selected + 2 * rows_on_screen(model.size.1) >= place.count()
    } else {
        place.listing.rows.is_empty()
    };
    let near_the_end = near_the_end || place.seeks_further();
    let wanted = model.browser.refreshing.is_none() && matches!(place.listing.rest, Rest::Next(_));
    if wanted && near_the_end && model.phase() != Phase::Expired { load(model) } else { vec![] }
}
