//! The panel that lists the sessions, and what is done with the one that is selected there.
//!
//! Invariant: a session is forgotten by the person's own key, pressed twice.

use super::{Action, Effect, Model, Overlay, Screen, Tone, View, browsing};

/// The panel that lists the sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LedgerPanel {
    /// Which row is selected.
    pub selected: usize,
    /// Whether the key that forgets was pressed once; the second press does it.
    pub forgets: bool,
}

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

/// Opens the panel on the session in use.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if !model.sessions.is_empty() {
        let panel = LedgerPanel { selected: model.sessions.row_in_use(), forgets: false };
        model.overlay = Some(Overlay::Ledger(panel));
    }
    vec![]
}

/// What a key does in the panel, which stays open unless it is left.
pub(super) fn act(model: &mut Model, panel: LedgerPanel, action: &Action) -> Vec<Effect> {
    let last = model.sessions.len().saturating_sub(1);
    let stay = |model: &mut Model, selected: usize, forgets: bool| {
        model.overlay = Some(Overlay::Ledger(LedgerPanel { selected, forgets }));
    };
    let row = panel.selected.min(last);
    match *action {
        Action::Move(rows) => stay(model, row.saturating_add_signed(rows).min(last), false),
        Action::Top => stay(model, 0, false),
        Action::Bottom => stay(model, last, false),
        Action::Open => return switch(model, row),
        Action::Forget if panel.forgets => {
            let effects = forget(model, row);
            if !model.sessions.is_empty() {
                stay(model, row.min(last.saturating_sub(1)), false);
            }
            return effects;
        }
        Action::Forget => stay(model, row, true),
        Action::Vary => vary(model, row),
        Action::NewSession => super::open_form(model),
        Action::Renew | Action::ChooseRenewal => {
            stay(model, row, false);
            let Some(id) = model.sessions.row(row).map(|held| held.session.id) else { return vec![] };
            if *action == Action::Renew {
                return super::renew(model, id);
            }
            return super::switch_renewal(model, id);
        }
        Action::Compare => return super::compare_with(model, row),
        _ => stay(model, row, false),
    }
    vec![]
}

/// Opens the form as it was filled in for this session.
fn vary(model: &mut Model, row: usize) {
    let Some(held) = model.sessions.row(row) else { return };
    let (wishes, profile) = (held.wishes.clone(), held.source.profile.clone());
    super::fill_form(model, &wishes, &profile);
    model.screen = Screen::MintForm;
}
