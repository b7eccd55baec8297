//! The browser's keys.

use crate::app::{Action, KeyRow};

pub(super) const BROWSER: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "open", Action::Open),
    KeyRow::hinted(&["←", "h", "Backspace"], "back", Action::Back),
    KeyRow::hinted(&["/"], "filter", Action::Find),
    KeyRow::hinted(&["g"], "go to", Action::GoTo),
    KeyRow::listed(&["["], "back to the earlier location", Action::Earlier),
    KeyRow::listed(&["]"], "forward to the later location", Action::Later),
    KeyRow::listed(&["P"], "list a prefix on the server", Action::AskPrefix),
    KeyRow::hinted(&["R"], "renew", Action::Renew),
    KeyRow::hinted(&["n"], "new session", Action::NewSession),
    KeyRow::hinted(&["i"], "details", Action::Details),
    KeyRow::hinted(&["Tab"], "next session", Action::SwitchSession(1)),
    KeyRow::listed(&["Shift-Tab"], "previous session", Action::SwitchSession(-1)),
    KeyRow::hinted(&["S"], "sessions", Action::Sessions),
    KeyRow::listed(&["s"], "sort: by name, size, time; prefixes first", Action::Sort),
    KeyRow::listed(&["o"], "reverse the order", Action::ReverseOrder),
    KeyRow::listed(&["c"], "compare with another session", Action::Compare),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::ChooseRenewal),
    KeyRow::listed(&["x"], "export credentials", Action::HandOver),
    KeyRow::listed(&["p"], "new session for this location", Action::ScopeHere),
    KeyRow::listed(&["y"], "copy the s3:// address", Action::CopyUri),
    KeyRow::listed(&["r", "F5"], "reload", Action::Refresh),
    KeyRow::listed(&["e"], "explain what went wrong", Action::Explain),
    KeyRow::listed(&["F9"], "retry with 1h after a refused duration", Action::AskForLess),
    KeyRow::listed(&["Esc"], "stop loading; else show all rows; or dismiss a message", Action::Dismiss),
    KeyRow::listed(&["↓", "j"], "down", Action::Move(1)),
    KeyRow::listed(&["↑", "k"], "up", Action::Move(-1)),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "a screen down", Action::MoveHalfScreens(2)),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "a screen up", Action::MoveHalfScreens(-2)),
    KeyRow::listed(&["Ctrl-d"], "half a screen down", Action::MoveHalfScreens(1)),
    KeyRow::listed(&["Ctrl-u"], "half a screen up", Action::MoveHalfScreens(-1)),
    KeyRow::listed(&["Home"], "first row", Action::Top),
    KeyRow::listed(&["End", "G"], "last row, and load all", Action::Bottom),
];

/// Instead of the row that opens, where an object is selected.
pub(super) const OBJECT: &[KeyRow] = &[KeyRow::hinted(&["Enter", "→", "l", "i"], "details", Action::Open)];

/// The line that filters the rows.
pub(super) const FILTER_LINE: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "keep it", Action::Submit),
    KeyRow::hinted(&["Esc"], "show all", Action::Dismiss),
    KeyRow::hinted(&["↓"], "down; past the last row, load more", Action::Move(1)),
    KeyRow::listed(&["↑"], "up", Action::Move(-1)),
    KeyRow::listed(&["PgDn"], "a screen down", Action::MoveHalfScreens(2)),
    KeyRow::listed(&["PgUp"], "a screen up", Action::MoveHalfScreens(-2)),
];
