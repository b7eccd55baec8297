//! The keys of a comparison.

use crate::app::{Action, KeyRow, ListAction, SessionAction};

pub(super) const COMPARE: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "open in both", Action::List(ListAction::Open)),
    KeyRow::hinted(&["←", "h", "Backspace"], "up", Action::List(ListAction::Back)),
    KeyRow::hinted(&["Tab"], "another session", Action::Sessions(SessionAction::Switch(1))),
    KeyRow::listed(&["Shift-Tab"], "previous session", Action::Sessions(SessionAction::Switch(-1))),
    KeyRow::hinted(&["r", "F5"], "reload", Action::Refresh),
    KeyRow::listed(&["R"], "renew", Action::Sessions(SessionAction::Renew)),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::Sessions(SessionAction::ChooseRenewal)),
    KeyRow::listed(&["↓", "j"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑", "k"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::listed(&["Home"], "first row", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "last loaded row, and more", Action::List(ListAction::Bottom)),
    KeyRow::hinted(&["Esc", "c"], "close", Action::Dismiss),
];
