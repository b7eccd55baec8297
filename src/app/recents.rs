//! Requests that were made before: a list to choose from, and what completes a name or a role being typed.
//!
//! Invariant: what cannot be remembered is said once and keeps nothing from working.

use super::{Effect, Model, Tone};
use crate::domain::{
    failure::Failure,
    mint::{Draft, Field},
    profile::ProfileChoice,
    recent::{Recent, remember},
    safe_text::printable,
};

/// What is remembered, and whether that works.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recents {
    /// The newest first.
    pub all: Vec<Recent>,
    /// Whether it was said that it does not.
    complained: bool,
}

impl Recents {
    /// What a text in this field could go on with: the rest of the newest one that begins so.
    pub fn completion(&self, field: Field, typed: &str) -> Option<&str> {
        self.all
            .iter()
            .filter_map(|recent| match field {
                Field::RoleArn => Some(recent.draft.role_arn.as_str()),
                Field::Name => Some(recent.draft.name.as_str()),
                Field::Location => Some(recent.draft.location.as_str()),
                _ => None,
            })
            .filter_map(|known| known.strip_prefix(typed))
            .find(|rest| !rest.is_empty() && !typed.is_empty())
    }
}

/// Keeps in mind, and in the file if there is one, what has just minted.
pub(super) fn note(model: &mut Model, profile: &ProfileChoice, draft: &Draft) -> Vec<Effect> {
    let recent = Recent::of(profile, draft);
    remember(&mut model.form.recents.all, recent.clone());
    if model.setup.remembers { vec![Effect::Remember(recent)] } else { vec![] }
}

/// The file says what is remembered, or why it cannot.
pub(super) fn remembered(model: &mut Model, outcome: Result<Vec<Recent>, Failure>) {
    match outcome {
        Ok(all) => model.form.recents.all = all,
        Err(failure) => {
            if !std::mem::replace(&mut model.form.recents.complained, true) {
                let why = printable(&failure.to_string()).into_owned();
                model.say(Tone::Warning, format!("recent requests are not remembered: {why}"));
            }
        }
    }
}
