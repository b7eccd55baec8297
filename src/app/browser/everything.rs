//! Everything that a location holds: asked for by many requests at a time, told in the order of keys.
//!
//! Invariant: rows are only added behind the last one, so that where this is stopped, by whomever, asking goes on behind
//! that row. An end of the session pauses it once; whoever has a new one hands it over.

use jiff::Timestamp;

use super::reading::load;
use crate::{
    app::{Effect, Generation, Loaded, Model, Tone, View, browser::Browser, session},
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        lifetime::Phase,
        listing::{Block, Rest},
    },
};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Everything {
    /// Rows that came, also those that wait for others before them.
    pub found: u64,
    /// Requests that were made.
    pub requests: u64,
    /// When it began.
    pub since: Timestamp,
    /// Whether it waits for another session.
    pub(super) paused: bool,
    /// Whether the last row stays selected as more come.
    pub(super) at_the_end: bool,
}

impl Everything {
    /// Rows a second, once there is a second to speak of.
    pub fn rate(&self, now: Timestamp) -> Option<u64> {
        let elapsed =
            u64::try_from(now.duration_since(self.since).as_millis()).ok().filter(|elapsed| *elapsed >= 1000)?;
        Some(self.found.saturating_mul(1000) / elapsed)
    }
}

/// Selects the last row, and asks for all that follow it.
pub(super) fn to_the_end(model: &mut Model) -> Vec<Effect> {
    let place = &mut model.browser.place;
    place.choose(place.count().saturating_sub(1));
    let effects = load_everything(model);
    if let Some(everything) = &mut model.browser.everything {
        everything.at_the_end = true;
    }
    effects
}

fn load_everything(model: &mut Model) -> Vec<Effect> {
    let Some(session) = model.current.as_ref().map(|current| current.session.id) else { return vec![] };
    let browser = &model.browser;
    let listing = &browser.place.listing;
    let asked = browser.everything.is_some() || browser.refreshing.is_some();
    if asked || listing.rest == Rest::Complete || model.phase() == Phase::Expired {
        return vec![];
    }
    // The list of buckets cannot be entered in the middle.
    if listing.location.bucket.is_none() {
        return load(model);
    }
    let Some(most_memory) = model.setup.most_memory.checked_sub(listing.rows.memory()).filter(|left| *left > 0) else {
        say_that_it_is_full(model);
        return vec![];
    };
    let (location, behind, since) = (listing.location.clone(), listing.last(), model.now);
    let generation = model.next_generation();
    model.browser.generation = generation;
    model.browser.place.listing.start_loading_everything(since);
    model.browser.everything = Some(Everything { found: 0, requests: 0, since, paused: false, at_the_end: false });
    vec![Effect::ListEverything { generation, session, location, behind, most_memory }]
}

/// The newest rows, and how many were found by how many requests.
pub(in crate::app) fn rows_arrived(
    model: &mut Model,
    generation: Generation,
    rows: Vec<Block>,
    (found, requests): (u64, u64),
) -> Vec<Effect> {
    let Some(everything) = under_way(&mut model.browser, generation) else { return vec![] };
    (everything.found, everything.requests) = (found, requests);
    let at_the_end = everything.at_the_end;
    let now = model.now;
    let place = &mut model.browser.place;
    for block in rows {
        if let Err(fault) = place.listing.join(block, now) {
            let failure =
                Failure::local(FailureKind::Malformed, "list", place.listing.location.in_words(), fault.to_string());
            return break_off(model, Err(failure));
        }
    }
    // The listing knows what its rows take as they come; what they take where they are kept is known here.
    if place.listing.rows.memory() >= model.setup.most_memory {
        return break_off(model, Ok(Loaded::AsMuchAsFits));
    }
    if at_the_end {
        place.choose(place.count().saturating_sub(1));
    }
    place.find_sought();
    vec![]
}

/// It has ended, one way or the other.
pub(in crate::app) fn everything_arrived(
    model: &mut Model,
    generation: Generation,
    session: SessionId,
    outcome: Result<Loaded, Failure>,
) -> Vec<Effect> {
    if under_way(&mut model.browser, generation).is_none() {
        return vec![];
    }
    ended(model, Some(session), outcome)
}

/// Ends it here; what is still being asked for is not wanted.
fn break_off(model: &mut Model, outcome: Result<Loaded, Failure>) -> Vec<Effect> {
    model.browser.generation = model.next_generation();
    let mut effects = vec![Effect::CancelListing(View::Browser)];
    effects.extend(ended(model, None, outcome));
    effects
}

/// `refused` is the session that signed what ended it, if that was a request.
fn ended(model: &mut Model, refused: Option<SessionId>, outcome: Result<Loaded, Failure>) -> Vec<Effect> {
    model.browser.everything = None;
    let listing = &mut model.browser.place.listing;
    match outcome {
        Ok(Loaded::Everything) => listing.rest = Rest::Complete,
        Ok(Loaded::AsMuchAsFits) => {
            listing.stop_loading();
            say_that_it_is_full(model);
        }
        Err(failure) => {
            let effects = refused.map(|session| session::refused(model, session, &failure)).unwrap_or_default();
            model.browser.place.listing.fail(failure);
            return effects;
        }
    }
    vec![]
}

/// A session is over; what was asked for with it waits for another one, unless that has been handed over already.
pub(in crate::app) fn listing_paused(
    model: &mut Model,
    generation: Generation,
    session: SessionId,
    failure: Failure,
) -> Vec<Effect> {
    let is_in_use = model.current.as_ref().is_some_and(|current| current.session.id == session);
    let Some(everything) = under_way(&mut model.browser, generation).filter(|_| is_in_use) else { return vec![] };
    everything.paused = true;
    let effects = session::refused(model, session, &failure);
    model.browser.place.listing.fail(failure);
    effects
}

/// Hands the session in use to the listing that is under way, if one is.
pub(super) fn go_on(model: &mut Model) -> Option<Vec<Effect>> {
    let session = model.current.as_ref().map(|current| current.session.id)?;
    let now = model.now;
    let everything = model.browser.everything.as_mut()?;
    if std::mem::take(&mut everything.paused) {
        model.browser.place.listing.start_loading_everything(now);
    }
    Some(vec![Effect::ResumeListing { session }])
}

fn under_way(browser: &mut Browser, generation: Generation) -> Option<&mut Everything> {
    if generation == browser.generation { browser.everything.as_mut() } else { None }
}

fn say_that_it_is_full(model: &mut Model) {
    let most = bytesize::ByteSize::b(model.setup.most_memory as u64).display().iec();
    let text = format!("stopped at {most} of rows, the most that are kept (--max-memory); P lists a part of them");
    model.say(Tone::Warning, text);
}
