//! The form's keys.

use crate::app::{Action, DialogName, Edit, FieldAction, FormAction, KeyRow, ListAction, SessionAction, TextAction};

pub(super) const FORM: &[KeyRow] = &[
    KeyRow::hinted(&["Tab"], "next field", Action::Fields(FieldAction::Next)),
    KeyRow::listed(&["Shift-Tab"], "previous field", Action::Fields(FieldAction::Previous)),
    KeyRow::listed(&["↓"], "next field or profile", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑"], "previous field or profile", Action::List(ListAction::Move(-1))),
    KeyRow::hinted(&["Enter"], "mint", Action::Submit),
    KeyRow::hinted(&["F3"], "policy", Action::Form(FormAction::BuildPolicy)),
    KeyRow::listed(&["F5"], "reload the config files", Action::Refresh),
    KeyRow::listed(&["F8"], "recent requests", Action::Form(FormAction::Recents)),
    KeyRow::listed(&["F2"], "explain what went wrong", Action::Explain),
    KeyRow::listed(&["F4"], "more fields, or fewer", Action::Form(FormAction::MoreFields)),
    KeyRow::listed(&["F7"], "role chain", Action::Show(DialogName("RoleChain"))),
    KeyRow::listed(&["F9"], "retry with 1h after a refused duration", Action::Sessions(SessionAction::RetryWithLess)),
    KeyRow::hinted(&["F6"], "roles, users", Action::Form(FormAction::AskIam)),
    KeyRow::listed(&["Ctrl-o"], "profiles", Action::Form(FormAction::Profiles)),
    KeyRow::listed(&["Ctrl-y"], "copy the AWS CLI command", Action::Form(FormAction::CopyCommand)),
    KeyRow::listed(&["Ctrl-t"], "show or hide the AWS CLI command", Action::Form(FormAction::FoldCommand)),
    KeyRow::hinted(&["Esc"], "back", Action::Dismiss),
];

/// In a field with choices, besides.
pub(super) const CHOICE: &[KeyRow] = &[
    KeyRow::hinted(&["→", "l", "Space"], "change", Action::Fields(FieldAction::Choose(1))),
    KeyRow::listed(&["←", "h"], "previous choice", Action::Fields(FieldAction::Choose(-1))),
    KeyRow::listed(&["j"], "next field or profile", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["k"], "previous field or profile", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn"], "a screen of profiles down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "a screen of profiles up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::hinted(&["/"], "find a profile", Action::Form(FormAction::FindProfile)),
    KeyRow::listed(&["Home"], "first profile", Action::List(ListAction::Top)),
    KeyRow::listed(&["End", "G"], "last profile", Action::List(ListAction::Bottom)),
];

/// Where there is no profile: nothing can be filled in.
pub(super) const NO_PROFILE: &[KeyRow] = &[KeyRow::hinted(&["F5"], "reload the config files", Action::Refresh)];

/// Besides, in a program that has the demo.
pub(super) const DEMO: &[KeyRow] = &[KeyRow::hinted(&["d"], "try the demo", Action::Form(FormAction::Demo))];

/// In the line that finds a profile.
pub(super) const FIND: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "choose", Action::Submit),
    KeyRow::hinted(&["Esc"], "show all", Action::Dismiss),
    KeyRow::hinted(&["↓"], "next match", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑"], "previous match", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn"], "a screen of matches down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "a screen of matches up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::listed(&["Backspace", "Ctrl-h"], "delete a letter", Action::Text(TextAction::Edit(Edit::DeletePrevChar))),
    KeyRow::listed(&["Ctrl-u"], "delete all letters", Action::Text(TextAction::Edit(Edit::DeleteLine))),
    KeyRow::listed(&["Tab"], "choose, and next field", Action::Fields(FieldAction::Next)),
];
