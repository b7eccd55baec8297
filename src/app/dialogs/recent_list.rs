//! The list of recent requests, one of which fills the form.
//!
//! Invariant: what is filled in is the whole request, as it was made.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::{Action, ListAction},
        cx::Cx,
        key_row::KeyRow,
        wish::Wish,
    },
    domain::{mint::RequestedSession, recent::Recent},
};

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentList {
    /// The newest first.
    pub rows: Vec<Recent>,
    /// Which row is selected.
    pub selected: usize,
}

impl RecentList {
    pub(in crate::app) const fn of(rows: Vec<Recent>) -> Self {
        Self { rows, selected: 0 }
    }

    fn take(&self) -> Outcome {
        let Some(Recent { profile, draft }) = self.rows.get(self.selected).cloned() else { return Outcome::CLOSE };
        // Nobody knows any more which of it was typed: the request was chosen as it is.
        Outcome::Close(vec![Wish::FillForm { wishes: Box::new(RequestedSession::whole_request(&draft)), profile }])
    }
}

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "fill in the form", Action::List(ListAction::Open)),
    KeyRow::listed(&["F8"], "close", Action::Dismiss),
];

impl DialogPart for RecentList {
    fn title(&self) -> &'static str {
        "recent requests"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Select
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        let last = self.rows.len().saturating_sub(1);
        match action {
            Action::List(ListAction::Click(row)) if row != self.selected => self.selected = row.min(last),
            Action::List(ListAction::Click(_) | ListAction::Open) => return self.take(),
            action => self.selected = super::selected(self.selected, last, &action),
        }
        Outcome::STAY
    }
}
