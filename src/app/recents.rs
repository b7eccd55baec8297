//! The list of requests that were made before.
//!
//! Invariant: a request that is chosen fills the form as it was, and mints nothing.

use super::{Action, Effect, Model, Overlay, Tone};
use crate::domain::{mint::Wishes, recent::Recent};

/// Opens the list.
pub(super) fn open(model: &mut Model) {
    if model.form.recents.all.is_empty() {
        return model.say(Tone::Warning, "no recent requests yet: what you mint is listed here");
    }
    model.overlay = Some(Overlay::Recents(0));
}

pub(super) fn act(model: &mut Model, selected: usize, action: &Action) -> Vec<Effect> {
    let last = model.form.recents.all.len().saturating_sub(1);
    let selected = match *action {
        Action::Move(rows) => selected.saturating_add_signed(rows).min(last),
        Action::Top => 0,
        Action::Bottom => last,
        Action::Open => {
            if let Some(Recent { profile, draft }) = model.form.recents.all.get(selected).cloned() {
                // Nobody knows any more which of it was typed: the request was chosen as it is.
                super::fill_form(model, &Wishes::whole(&draft), &profile);
            }
            return vec![];
        }
        _ => selected,
    };
    model.overlay = Some(Overlay::Recents(selected));
    vec![]
}
