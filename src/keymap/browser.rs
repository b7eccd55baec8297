//! The browser's keys.

use crate::app::{Action, BrowserAction, KeyRow, ListAction, ObjectTab, RowAction, SessionAction, ViewerAction};

/// Where no object is selected.
pub(super) const CONTAINER: &[KeyRow] = &[KeyRow::hinted(&["Enter", "→", "l"], "open", Action::List(ListAction::Open))];

/// Wherever the list is in front.
pub(super) const BROWSER: &[KeyRow] = &[
    KeyRow::hinted(&["←", "h", "Backspace"], "back", Action::List(ListAction::Back)),
    KeyRow::hinted(&["/"], "filter", Action::Browser(BrowserAction::Filter)),
    KeyRow::hinted(&["g"], "go to", Action::Browser(BrowserAction::GoTo)),
    KeyRow::listed(&["["], "back to the earlier location", Action::Browser(BrowserAction::Earlier)),
    KeyRow::listed(&["]"], "forward to the later location", Action::Browser(BrowserAction::Later)),
    KeyRow::listed(&["P"], "list a prefix on the server", Action::Browser(BrowserAction::AskPrefix)),
    KeyRow::hinted(&["R"], "renew", Action::Sessions(SessionAction::Renew)),
    KeyRow::hinted(&["n"], "new session", Action::Sessions(SessionAction::New)),
    KeyRow::hinted(&["i"], "details", Action::Browser(BrowserAction::Details)),
    KeyRow::hinted(&["Tab"], "next session", Action::Sessions(SessionAction::Switch(1))),
    KeyRow::listed(&["Shift-Tab"], "previous session", Action::Sessions(SessionAction::Switch(-1))),
    KeyRow::hinted(&["Y"], "copy as", Action::Row(RowAction::CopyMenu)),
    KeyRow::hinted(&["u"], "link", Action::Row(RowAction::Link)),
    KeyRow::hinted(&["a"], "may I?", Action::Row(RowAction::Access)),
    KeyRow::listed(&["@"], "this location as of a time", Action::Row(RowAction::AsOfHere)),
    KeyRow::listed(&["V"], "as of a time", Action::Row(RowAction::AsOfRow)),
    KeyRow::hinted(&["S"], "sessions", Action::Sessions(SessionAction::List)),
    KeyRow::listed(&["s"], "sort: by name, size, time; prefixes first", Action::Browser(BrowserAction::Sort)),
    KeyRow::listed(&["o"], "reverse the order", Action::Browser(BrowserAction::ReverseOrder)),
    KeyRow::listed(&["c"], "compare with another session", Action::Sessions(SessionAction::Compare)),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::Sessions(SessionAction::ChooseRenewal)),
    KeyRow::listed(&["x"], "export credentials", Action::Sessions(SessionAction::Export)),
    KeyRow::listed(&["p"], "new session for this location", Action::Sessions(SessionAction::NewForLocation)),
    KeyRow::listed(&["y"], "copy the s3:// address", Action::Browser(BrowserAction::CopyUri)),
    KeyRow::listed(&["r", "F5"], "reload", Action::Refresh),
    KeyRow::listed(&["e"], "explain what went wrong", Action::Explain),
    KeyRow::listed(&["F9"], "retry with 1h after a refused duration", Action::Sessions(SessionAction::RetryWithLess)),
    KeyRow::listed(&["Esc"], "stop loading; show all; leave a time; dismiss a message", Action::Dismiss),
    KeyRow::listed(&["↓", "j"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑", "k"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::listed(&["Ctrl-d"], "half a screen down", Action::List(ListAction::MoveHalfScreens(1))),
    KeyRow::listed(&["Ctrl-u"], "half a screen up", Action::List(ListAction::MoveHalfScreens(-1))),
    KeyRow::listed(&["Home"], "first row", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "last row, and load all", Action::List(ListAction::Bottom)),
];

/// Where an object is selected.
pub(super) const OBJECT: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "look", Action::List(ListAction::Open)),
    KeyRow::listed(&["V"], "versions", Action::Object(ViewerAction::Show(ObjectTab::Versions))),
];

/// Where a pane beside the list has no room.
pub(super) const NARROW: &[KeyRow] =
    &[KeyRow::listed(&["v"], "look; from 100 columns on, a pane beside the list", Action::Object(ViewerAction::Pane))];

/// Where one can be shown.
pub(super) const WIDE: &[KeyRow] = &[KeyRow::hinted(&["v"], "pane", Action::Object(ViewerAction::Pane))];

/// While it is shown.
pub(super) const PANE: &[KeyRow] = &[
    KeyRow::hinted(&["v"], "pane off", Action::Object(ViewerAction::Pane)),
    KeyRow::listed(&["m"], "read more of the object beside the list", Action::Object(ViewerAction::ReadMore)),
];

/// The line that filters the rows.
pub(super) const FILTER_LINE: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "keep the filter", Action::Submit),
    KeyRow::hinted(&["Esc"], "show all", Action::Dismiss),
    KeyRow::hinted(&["↓"], "down; past the last row, load more", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
];
