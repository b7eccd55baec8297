//! The list of sessions: which one is used, renewed, compared, dropped, or the pattern for another.
//!
//! Invariant: no session is dropped but by a key pressed twice. It holds which row is selected, not the sessions: those end
//! and are renewed below it.

use super::{DialogPart, Moves, Outcome};
use crate::app::{action::Action, cx::Cx, key_row::KeyRow, wish::Wish};

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

const FORGET: Action = Action::Own("forget");
const VARY: Action = Action::Own("vary");

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "use", Action::Open),
    KeyRow::hinted(&["R"], "renew", Action::Renew),
    KeyRow::hinted(&["d", "Del"], "forget", FORGET),
    KeyRow::hinted(&["c"], "compare", Action::Compare),
    KeyRow::hinted(&["v"], "new from this", VARY),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::ChooseRenewal),
    KeyRow::listed(&["n"], "new session", Action::NewSession),
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
            Action::Click(clicked) if clicked != row => self.selected = clicked.min(last),
            Action::Click(_) | Action::Open => return Outcome::Close(vec![Wish::UseSession(row)]),
            FORGET if forgets => {
                self.selected = row.min(last.saturating_sub(1));
                let wishes = vec![Wish::ForgetSession(row)];
                return if last == 0 { Outcome::Close(wishes) } else { Outcome::Stay(wishes) };
            }
            FORGET => self.forgets = true,
            VARY => return Outcome::Close(vec![Wish::VarySession(row)]),
            Action::NewSession => return Outcome::pass(action),
            Action::Renew => return Outcome::Stay(vec![Wish::RenewSession(row)]),
            Action::ChooseRenewal => return Outcome::Stay(vec![Wish::AskForRenewal(row)]),
            Action::Compare => return Outcome::Close(vec![Wish::CompareSession(row)]),
            action => self.selected = super::selected(row, last, &action),
        }
        Outcome::STAY
    }
}
