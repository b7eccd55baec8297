//! The keys of an object's screen: those of each side of it, and those that all sides have.

use crate::app::{Action, KeyRow, ListAction, ObjectTab, RowAction, SessionAction, ViewerAction};

/// At its content.
pub(super) const LOOK: &[KeyRow] = &[
    KeyRow::hinted(&["m"], "more", Action::Object(ViewerAction::ReadMore)),
    KeyRow::hinted(&["G", "End"], "end", Action::List(ListAction::Bottom)),
    KeyRow::hinted(&["f"], "view", Action::Object(ViewerAction::NextView)),
    KeyRow::hinted(&["w"], "wrap", Action::Object(ViewerAction::Wrap)),
    KeyRow::hinted(&["/"], "find", Action::Object(ViewerAction::Find)),
    KeyRow::hinted(&["E"], "encoding", Action::Object(ViewerAction::NextEncoding)),
    KeyRow::listed(&["Home"], "the beginning", Action::List(ListAction::Top)),
    KeyRow::listed(&["Space", "PgDn", "Ctrl-f"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&[">"], "to the right; in a table, the next column", Action::Object(ViewerAction::Sideways(1))),
    KeyRow::listed(&["<"], "to the left", Action::Object(ViewerAction::Sideways(-1))),
    KeyRow::listed(&["M"], "map of entropy; says its price first", Action::Object(ViewerAction::Map)),
    KeyRow::listed(&["F"], "read a long Parquet footer", Action::Object(ViewerAction::LongFooter)),
    KeyRow::listed(&["y"], "copy the s3:// address", Action::Object(ViewerAction::CopyValue)),
    KeyRow::hinted(&["i"], "details", Action::Object(ViewerAction::Show(ObjectTab::Details))),
    KeyRow::hinted(&["V"], "versions", Action::Object(ViewerAction::Show(ObjectTab::Versions))),
];

/// At its details.
pub(super) const DETAILS: &[KeyRow] = &[
    KeyRow::hinted(&["y"], "copy the value", Action::Object(ViewerAction::CopyValue)),
    KeyRow::hinted(&["v"], "look", Action::Object(ViewerAction::Show(ObjectTab::Look))),
    KeyRow::hinted(&["V"], "versions", Action::Object(ViewerAction::Show(ObjectTab::Versions))),
    KeyRow::listed(&["Enter", "→", "l"], "read an annotation", Action::List(ListAction::Open)),
    KeyRow::listed(&["Home"], "first row", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "last row", Action::List(ListAction::Bottom)),
];

/// At its versions.
pub(super) const VERSIONS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "v", "→", "l"], "look", Action::List(ListAction::Open)),
    KeyRow::hinted(&["i"], "details", Action::Object(ViewerAction::Show(ObjectTab::Details))),
    KeyRow::hinted(&["Space"], "mark", Action::Object(ViewerAction::Space)),
    KeyRow::hinted(&["D", "="], "difference", Action::Object(ViewerAction::Compare)),
    KeyRow::listed(&["y"], "copy the version's id", Action::Object(ViewerAction::CopyValue)),
    KeyRow::listed(&["Home"], "newest version", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "oldest version", Action::List(ListAction::Bottom)),
];

/// At each of them, before what one of them has.
pub(super) const BACK: &[KeyRow] =
    &[KeyRow::hinted(&["Esc", "←", "h", "Backspace"], "back", Action::List(ListAction::Back))];

/// At each of them.
pub(super) const OBJECT: &[KeyRow] = &[
    KeyRow::listed(&["J"], "next object", Action::Object(ViewerAction::Neighbour(1))),
    KeyRow::listed(&["K"], "previous object", Action::Object(ViewerAction::Neighbour(-1))),
    KeyRow::hinted(&["Y"], "copy as", Action::Row(RowAction::CopyMenu)),
    KeyRow::hinted(&["u"], "link", Action::Row(RowAction::Link)),
    KeyRow::listed(&["a"], "may I?", Action::Row(RowAction::Access)),
    KeyRow::hinted(&["r", "F5"], "again", Action::Refresh),
    KeyRow::hinted(&["R"], "renew", Action::Sessions(SessionAction::Renew)),
    KeyRow::listed(&["n"], "new session", Action::Sessions(SessionAction::New)),
    KeyRow::listed(&["p"], "new session for this location", Action::Sessions(SessionAction::NewForLocation)),
    KeyRow::listed(&["S"], "sessions", Action::Sessions(SessionAction::List)),
    KeyRow::listed(&["A"], "renewal: manual or automatic", Action::Sessions(SessionAction::ChooseRenewal)),
    KeyRow::listed(&["x"], "export credentials", Action::Sessions(SessionAction::Export)),
    KeyRow::listed(&["e"], "explain what went wrong", Action::Explain),
    KeyRow::listed(&["↓", "j"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑", "k"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::listed(&["Ctrl-d"], "half a screen down", Action::List(ListAction::MoveHalfScreens(1))),
    KeyRow::listed(&["Ctrl-u"], "half a screen up", Action::List(ListAction::MoveHalfScreens(-1))),
];

/// The line that finds text.
pub(super) const FIND_LINE: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "keep it", Action::Submit),
    KeyRow::hinted(&["Esc"], "end", Action::Dismiss),
    KeyRow::hinted(&["↓"], "next match", Action::List(ListAction::Move(1))),
    KeyRow::hinted(&["↑"], "previous match", Action::List(ListAction::Move(-1))),
];
