//! What is done with one session among the others: used, dropped, taken as a pattern.
//!
//! Invariant: a session is forgotten by the person's own key, pressed twice.

use super::{Effect, Model, Screen, Tone, View, browsing};

/// Goes to the session so many rows further on, around the ends.
pub(super) fn cycle(model: &mut Model, steps: isize) -> Vec<Effect> {
    let count = model.sessions.len();
    if count < 2 {
        return vec![];
    }
    let to = (model.sessions.row_in_use().cast_signed() + steps).rem_euclid(count.cast_signed()).cast_unsigned();
    switch(model, to)
}

/// Uses the session in this row: what it last showed is shown again, without a request where it was complete.
pub(super) fn switch(model: &mut Model, to: usize) -> Vec<Effect> {
    model.screen = Screen::Browser;
    if model.sessions.use_row(to) { browsing(model, |browser, cx| browser.take_up(cx)) } else { vec![] }
}

const FORGOTTEN: &str = "forgotten: its credentials are dropped here; at AWS they stay valid until they expire";
const FORGOTTEN_KEYS: &str = "forgotten here; these are the profile's own keys, which stay valid";

/// Drops a session and its credentials. If it was in use, the next one is; without another, the form is in front.
pub(super) fn forget(model: &mut Model, row: usize) -> Vec<Effect> {
    let was_in_use = row == model.sessions.row_in_use();
    let Some(removed) = model.sessions.remove(row) else { return vec![] };
    let forgotten = if removed.session.temporary { FORGOTTEN } else { FORGOTTEN_KEYS };
    let mut effects = vec![Effect::Forget(removed.session.id)];
    if was_in_use {
        effects.push(Effect::CancelListing(View::Browser));
        effects.extend(browsing(model, |browser, cx| browser.take_up(cx)));
    }
    if model.sessions.is_empty() {
        model.screen = Screen::MintForm;
    }
    model.say(Tone::Good, forgotten);
    effects
}

/// Opens the form as it was filled in for this session.
pub(super) fn vary(model: &mut Model, row: usize) {
    let Some(held) = model.sessions.row(row) else { return };
    let (wishes, profile) = (held.wishes.clone(), held.source.profile.clone());
    super::fill_form(model, &wishes, &profile);
    model.screen = Screen::MintForm;
}
