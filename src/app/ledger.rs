//! The sessions that are held at once: one in use, the others laid aside with their place in the browser.
//!
//! Invariant: as soon as a session is held, one is in use. A session laid aside asks nothing, keeps its rows, and is
//! shown again as it was left; it leaves the ledger only by the person's own key, and its credentials with it.

use super::{Browser, Current, Effect, Model, Renewal, Screen, Tone, View, browser, mint_form};
use crate::domain::credentials::SessionId;

/// A session laid aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The session.
    pub current: Current,
    /// Where it stands, as it was left.
    pub browser: Browser,
}

/// The sessions that are not in use, in the order in which they were minted, and where among them the one in use belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    aside: Vec<Held>,
    at: usize,
}

impl Ledger {
    /// Where among all sessions the one in use stands, from zero.
    pub const fn in_use(&self) -> usize {
        self.at
    }
}

impl Model {
    /// Every session that is held with where it stands, in the order of the ledger.
    pub fn sessions(&self) -> impl Iterator<Item = (&Current, &Browser)> {
        let (before, behind) = self.ledger.aside.split_at(self.ledger.at.min(self.ledger.aside.len()));
        before
            .iter()
            .map(|held| (&held.current, &held.browser))
            .chain(self.current.as_ref().map(|current| (current, &self.browser)))
            .chain(behind.iter().map(|held| (&held.current, &held.browser)))
    }

    /// The session of this name, if it is held.
    pub fn session(&self, id: SessionId) -> Option<&Current> {
        self.sessions().map(|(current, _)| current).find(|current| current.session.id == id)
    }

    pub(super) fn session_mut(&mut self, id: SessionId) -> Option<&mut Current> {
        let aside = self.ledger.aside.iter_mut().map(|held| &mut held.current);
        aside.chain(self.current.as_mut()).find(|current| current.session.id == id)
    }
}

/// Takes in a session that was minted: in use at once if the person waited for it, or if there is no other.
pub(super) fn take_in(model: &mut Model, current: Current, browser: Browser, use_it: bool) {
    if use_it || model.current.is_none() {
        lay_aside(model);
        model.ledger.at = model.ledger.aside.len();
        (model.current, model.browser) = (Some(current), browser);
    } else {
        model.ledger.aside.push(Held { current, browser });
    }
}

/// Puts a renewed session in its predecessor's place, whose credentials are dropped; drops the new one if its
/// predecessor is not held any more.
pub(super) fn replace(model: &mut Model, old: SessionId, current: Current) -> Vec<Effect> {
    let now = model.moment();
    let Some(held) = model.session_mut(old) else { return vec![Effect::Forget(current.session.id)] };
    let (renewal, new) = (Renewal::of_successor(held, now), current.session.id);
    *held = Current { renewal, ..current };
    model.dialogs.renewed(old, new);
    vec![Effect::Forget(old)]
}

/// Goes to the session so many rows further on, around the ends.
pub(super) fn cycle(model: &mut Model, steps: isize) -> Vec<Effect> {
    let count = model.sessions().count();
    if count < 2 {
        return vec![];
    }
    let to = (model.ledger.at.cast_signed() + steps).rem_euclid(count.cast_signed()).cast_unsigned();
    switch(model, to)
}

/// Uses the session in this row: what it last showed is shown again, without a request where it was complete.
pub(super) fn switch(model: &mut Model, to: usize) -> Vec<Effect> {
    model.screen = Screen::Browser;
    if to == model.ledger.at || to > model.ledger.aside.len() {
        return vec![];
    }
    lay_aside(model);
    take_up(model, to)
}

const FORGOTTEN: &str = "forgotten: its credentials are dropped here; they live on at AWS until they expire";
const FORGOTTEN_KEYS: &str = "forgotten here; these are the profile's own keys, which stay valid";

/// Drops a session and its credentials. If it was in use, the next one is; without another, the form is in front.
pub(super) fn forget(model: &mut Model, row: usize) -> Vec<Effect> {
    let Some(session) = model.sessions().nth(row).map(|(current, _)| &current.session) else { return vec![] };
    let (id, forgotten) = (session.id, if session.temporary { FORGOTTEN } else { FORGOTTEN_KEYS });
    let mut effects = vec![Effect::Forget(id)];
    let at = model.ledger.at;
    if row == at {
        lay_aside(model);
        model.ledger.aside.remove(row);
        effects.push(Effect::CancelListing(View::Browser));
        if model.ledger.aside.is_empty() {
            model.ledger.at = 0;
            model.screen = Screen::MintForm;
        } else {
            effects.extend(take_up(model, row.min(model.ledger.aside.len() - 1)));
        }
    } else {
        // The one in use stands between those aside: rows behind it are one further on than their place aside.
        model.ledger.aside.remove(if row < at { row } else { row - 1 });
        model.ledger.at -= usize::from(row < at);
    }
    model.say(Tone::Good, forgotten);
    effects
}

fn lay_aside(model: &mut Model) {
    let Some(current) = model.current.take() else { return };
    let mut browser = std::mem::take(&mut model.browser);
    browser::pause(&mut browser);
    model.ledger.aside.insert(model.ledger.at, Held { current, browser });
}

fn take_up(model: &mut Model, at: usize) -> Vec<Effect> {
    let held = model.ledger.aside.remove(at);
    model.ledger.at = at;
    (model.current, model.browser) = (Some(held.current), held.browser);
    browser::take_up(model)
}

/// Opens the form as it was filled in for this session.
pub(super) fn vary(model: &mut Model, row: usize) {
    let Some((current, _)) = model.sessions().nth(row) else { return };
    let (wishes, profile) = (current.wishes.clone(), current.source.profile.clone());
    mint_form::fill(model, &wishes, &profile);
    model.screen = Screen::MintForm;
}
