//! The list of sessions: which one is used, renewed, compared, dropped, or the pattern for another.
//!
//! Invariant: no session is dropped but by a key pressed twice. It holds which row is selected, not the sessions: those end
//! and are renewed below it.

use super::{DialogPart, Moves, Outcome};
use crate::app::{
    action::{Action, DialogAction, ListAction, SessionAction},
    cx::Cx,
    key_row::KeyRow,
    wish::Wish,
};

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionList {
    /// Which row is selected.
    pub selected: usize,
    /// Whether the key that forgets was pressed once; the second press does it.
    pub forgets: bool,
}

impl SessionList {
    /// Opens it on a row.
    pub(in crate::app) const fn at(selected: usize) -> Self {
        Self { selected, forgets: false }
    }
}

const FORGET: Action = Action::Dialog(DialogAction::Own("forget"));
const VARY: Action = Action::Dialog(DialogAction::Own("vary"));

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "use", Action::List(ListAction::Open)),
    KeyRow::hinted(&["R"], "renew", Action::Sessions(SessionAction::Renew)),
    KeyRow::hinted(&["d", "Del"], "forget", FORGET),
    KeyRow::hinted(&["c"], "compare", Action::Sessions(SessionAction::Compare)),
    KeyRow::hinted(&["v"], "new like this", VARY),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::Sessions(SessionAction::ChooseRenewal)),
    KeyRow::listed(&["n"], "new session", Action::Sessions(SessionAction::New)),
    KeyRow::listed(&["S"], "close", Action::Dismiss),
];

impl DialogPart for SessionList {
    fn title(&self) -> &'static str {
        "sessions"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Select
    }

    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome {
        let last = cx.facts.sessions.saturating_sub(1);
        let forgets = std::mem::take(&mut self.forgets);
        let row = self.selected.min(last);
        match action {
            Action::List(ListAction::Click(clicked)) if clicked != row => self.selected = clicked.min(last),
            Action::List(ListAction::Click(_) | ListAction::Open) => {
                return Outcome::Close(vec![Wish::UseSession(row)]);
            }
            FORGET if forgets => {
                self.selected = row.min(last.saturating_sub(1));
                let wishes = vec![Wish::ForgetSession(row)];
                return if last == 0 { Outcome::Close(wishes) } else { Outcome::Stay(wishes) };
            }
            FORGET => self.forgets = true,
            VARY => return Outcome::Close(vec![Wish::VarySession(row)]),
            Action::Sessions(SessionAction::New) => return Outcome::pass(action),
            Action::Sessions(SessionAction::Renew) => return Outcome::Stay(vec![Wish::RenewSession(row)]),
            Action::Sessions(SessionAction::ChooseRenewal) => return Outcome::Stay(vec![Wish::AskForRenewal(row)]),
            Action::Sessions(SessionAction::Compare) => return Outcome::Close(vec![Wish::CompareSession(row)]),
            action => self.selected = super::selected(row, last, &action),
        }
        Outcome::STAY
    }
}
