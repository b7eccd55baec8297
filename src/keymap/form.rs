//! The form's keys.

use crate::app::{Action, DialogName, Edit, KeyRow};

pub(super) const FORM: &[KeyRow] = &[
    KeyRow::hinted(&["Tab"], "next field", Action::NextField),
    KeyRow::listed(&["Shift-Tab"], "previous field", Action::PreviousField),
    KeyRow::listed(&["↓"], "next field or profile", Action::Move(1)),
    KeyRow::listed(&["↑"], "previous field or profile", Action::Move(-1)),
    KeyRow::hinted(&["Enter"], "mint", Action::Submit),
    KeyRow::hinted(&["F3"], "policy", Action::BuildPolicy),
    KeyRow::listed(&["F5"], "reload the config files", Action::Refresh),
    KeyRow::listed(&["F8"], "recent requests", Action::Recents),
    KeyRow::listed(&["F2"], "explain what went wrong", Action::Explain),
    KeyRow::listed(&["F4"], "more fields, or fewer", Action::MoreFields),
    KeyRow::listed(&["F7"], "role chain", Action::Show(DialogName("RoleChain"))),
    KeyRow::listed(&["F9"], "retry with 1h after a refused duration", Action::AskForLess),
    KeyRow::hinted(&["F6"], "roles, users", Action::AskIam),
    KeyRow::listed(&["Ctrl-o"], "profiles", Action::Profiles),
    KeyRow::listed(&["Ctrl-y"], "copy the AWS CLI command", Action::CopyCommand),
    KeyRow::listed(&["Ctrl-t"], "show or hide the AWS CLI command", Action::FoldCommand),
    KeyRow::hinted(&["Esc"], "back", Action::Dismiss),
];

/// In a field with choices, besides.
pub(super) const CHOICE: &[KeyRow] = &[
    KeyRow::hinted(&["d"], "try the demo", Action::Demo),
    KeyRow::hinted(&["→", "l", "Space"], "change", Action::Choose(1)),
    KeyRow::listed(&["←", "h"], "previous choice", Action::Choose(-1)),
    KeyRow::listed(&["j"], "next field or profile", Action::Move(1)),
    KeyRow::listed(&["k"], "previous field or profile", Action::Move(-1)),
    KeyRow::listed(&["PgDn"], "a screen of profiles down", Action::MoveHalfScreens(2)),
    KeyRow::listed(&["PgUp"], "a screen of profiles up", Action::MoveHalfScreens(-2)),
    KeyRow::hinted(&["/"], "find a profile", Action::Find),
    KeyRow::listed(&["Home"], "first profile", Action::Top),
    KeyRow::listed(&["End", "G"], "last profile", Action::Bottom),
];

/// In the line that finds a profile.
pub(super) const FIND: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "choose", Action::Submit),
    KeyRow::hinted(&["Esc"], "show all", Action::Dismiss),
    KeyRow::hinted(&["↓"], "next match", Action::Move(1)),
    KeyRow::listed(&["↑"], "previous match", Action::Move(-1)),
    KeyRow::listed(&["PgDn"], "a screen of matches down", Action::MoveHalfScreens(2)),
    KeyRow::listed(&["PgUp"], "a screen of matches up", Action::MoveHalfScreens(-2)),
    KeyRow::listed(&["Backspace", "Ctrl-h"], "delete a letter", Action::Edit(Edit::DeletePrevChar)),
    KeyRow::listed(&["Ctrl-u"], "delete all letters", Action::Edit(Edit::DeleteLine)),
    KeyRow::listed(&["Tab"], "choose, and next field", Action::NextField),
];
