//! Requests that were made before: kept, offered as one types, written down for the next run.
//!
//! Invariant: what cannot be remembered is said once and keeps nothing from working.

use super::SessionForm;
use crate::{
    app::{cx::Cx, effect::Effect, wish::Wish},
    domain::{
        failure::Failure,
        mint::{Draft, Field},
        profile::ProfileChoice,
        recent::{Recent, remember_recent},
        safe_text::printable,
    },
};

/// What is remembered, and whether that works.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RememberedRequests {
    /// The newest first.
    pub all: Vec<Recent>,
    /// Whether it was said that it does not.
    complained: bool,
}

impl RememberedRequests {
    /// What a text in this field could go on with: the rest of the newest one that begins so.
    fn completion(&self, field: Field, typed: &str) -> Option<&str> {
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

impl SessionForm {
    /// What the text of a field could go on with, as it was typed before.
    pub fn completion(&self, field: Field) -> Option<&str> {
        let typed = self.text(field)?;
        let at_its_end = typed.cursor() == typed.text().chars().count();
        if at_its_end { self.recents.completion(field, typed.text()) } else { None }
    }

    /// Accepts that, if there is something.
    pub(super) fn complete(&mut self) -> bool {
        let Some(rest) = self.completion(self.focus).map(str::to_owned) else { return false };
        self.change_text(|input| input.paste(&rest));
        true
    }

    /// Keeps in mind, and in the file if there is one, what has just minted.
    pub(in crate::app) fn remember(&mut self, cx: &Cx<'_>, profile: &ProfileChoice, draft: &Draft) -> Option<Wish> {
        let recent = Recent::of_draft(profile, draft);
        remember_recent(&mut self.recents.all, recent.clone());
        cx.setup.remembers.then(|| Effect::Remember(recent).into())
    }

    /// The file says what is remembered, or why it cannot.
    pub(in crate::app) fn recents_loaded(&mut self, outcome: Result<Vec<Recent>, Failure>) -> Option<Wish> {
        match outcome {
            Ok(all) => {
                self.recents.all = all;
                None
            }
            Err(_) if std::mem::replace(&mut self.recents.complained, true) => None,
            Err(failure) => {
                let why = printable(&failure.to_string()).into_owned();
                Some(Wish::warn(format!("recent requests are not remembered: {why}")))
            }
        }
    }
}
