//! Keys that several places have in common.

use crate::app::{Action, Edit, KeyRow, ListAction, TextAction};

/// In a line of text.
pub(super) const TEXT: &[KeyRow] = &[
    KeyRow::listed(&["←"], "one character left", Action::Text(TextAction::Edit(Edit::GoToPrevChar))),
    KeyRow::listed(
        &["→"],
        "one character right; at the end, accept the suggestion",
        Action::Text(TextAction::Edit(Edit::GoToNextChar)),
    ),
    KeyRow::listed(&["Home", "Ctrl-a"], "start of the line", Action::Text(TextAction::Edit(Edit::GoToStart))),
    KeyRow::listed(&["End", "Ctrl-e"], "end of the line", Action::Text(TextAction::Edit(Edit::GoToEnd))),
    KeyRow::listed(
        &["Backspace", "Ctrl-h"],
        "delete to the left",
        Action::Text(TextAction::Edit(Edit::DeletePrevChar)),
    ),
    KeyRow::listed(&["Del"], "delete to the right", Action::Text(TextAction::Edit(Edit::DeleteNextChar))),
    KeyRow::listed(&["Ctrl-w"], "delete a word", Action::Text(TextAction::Edit(Edit::DeletePrevWord))),
    KeyRow::listed(&["Ctrl-u"], "delete the line", Action::Text(TextAction::Edit(Edit::DeleteLine))),
];

/// In a dialog whose text may be longer than its frame.
pub(super) const SCROLL: &[KeyRow] = &[
    KeyRow::listed(&["↓", "j"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑", "k"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::listed(&["Ctrl-d"], "half a screen down", Action::List(ListAction::MoveHalfScreens(1))),
    KeyRow::listed(&["Ctrl-u"], "half a screen up", Action::List(ListAction::MoveHalfScreens(-1))),
    KeyRow::listed(&["Home"], "to the top", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "to the end", Action::List(ListAction::Bottom)),
    KeyRow::listed(&["←", "Backspace"], "close", Action::Dismiss),
];

/// In a dialog where text is typed, and which says more than there may be room for.
pub(super) const SCROLL_TYPED: &[KeyRow] = &[
    KeyRow::listed(&["↓"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
];

/// In a dialog with a list.
pub(super) const SELECT: &[KeyRow] = &[
    KeyRow::listed(&["↓", "j"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑", "k"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn", "Ctrl-f"], "ten down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp", "Ctrl-b"], "ten up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::listed(&["Ctrl-d"], "five down", Action::List(ListAction::MoveHalfScreens(1))),
    KeyRow::listed(&["Ctrl-u"], "five up", Action::List(ListAction::MoveHalfScreens(-1))),
    KeyRow::listed(&["Home"], "first row", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "last row", Action::List(ListAction::Bottom)),
    KeyRow::listed(&["←", "Backspace"], "close", Action::Dismiss),
];

/// In a dialog where no text is typed.
pub(super) const CLOSE: &[KeyRow] = &[KeyRow::hinted(&["Esc", "q"], "close", Action::Dismiss)];

/// In a dialog where text is typed.
pub(super) const CLOSE_TYPED: &[KeyRow] = &[KeyRow::hinted(&["Esc"], "close", Action::Dismiss)];

/// Wherever letters are not text.
pub(super) const HELP: &[KeyRow] = &[KeyRow::hinted(&["?", "F1"], "help", Action::Help)];

/// The same on a screen.
pub(super) const QUIT: &[KeyRow] = &[KeyRow::hinted(&["q", "Ctrl-c"], "quit", Action::Quit)];

/// Everywhere.
pub(super) const EVERYWHERE: &[KeyRow] = &[
    KeyRow::hinted(&["F1"], "help", Action::Help),
    KeyRow::listed(&["Ctrl-l"], "redraw", Action::Redraw),
    KeyRow::listed(&["Ctrl-z"], "suspend", Action::Suspend),
    KeyRow::hinted(&["Ctrl-c"], "quit", Action::Quit),
];
