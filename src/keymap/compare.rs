//! The keys of a comparison.

use crate::app::{Action, KeyRow};

pub(super) const COMPARE: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "open in both", Action::Open),
    KeyRow::hinted(&["←", "h", "Backspace"], "up", Action::Back),
    KeyRow::hinted(&["Tab"], "another session", Action::SwitchSession(1)),
    KeyRow::listed(&["Shift-Tab"], "the one before", Action::SwitchSession(-1)),
    KeyRow::hinted(&["r", "F5"], "reload", Action::Refresh),
    KeyRow::listed(&["R"], "renew", Action::Renew),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::ChooseRenewal),
    KeyRow::listed(&["↓", "j"], "down", Action::Move(1)),
    KeyRow::listed(&["↑", "k"], "up", Action::Move(-1)),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "a screen down", Action::MoveHalfScreens(2)),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "a screen up", Action::MoveHalfScreens(-2)),
    KeyRow::listed(&["Home"], "first row", Action::Top),
    KeyRow::listed(&["End", "G"], "last loaded row, and more", Action::Bottom),
    KeyRow::hinted(&["Esc", "c"], "close", Action::Dismiss),
];
