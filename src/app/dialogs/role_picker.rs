//! The account's roles to choose from; what is typed filters them.
//!
//! Invariant: an answer to a picker that was closed changes nothing. What is taken is a role that IAM listed.

use jiff::Timestamp;

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::{Action, Edit, FormAction, ListAction, TextAction},
        cx::Cx,
        effect::{Effect, Generation},
        key_row::KeyRow,
        text_input::TextInput,
        wish::Wish,
    },
    domain::{failure::Failure, iam::OfferedRole, profile::SourceOptions},
};

/// How far the list of roles has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offering {
    /// There is more, asked for since then.
    Loading(Timestamp),
    /// That is all.
    Complete,
    /// The rest was refused.
    Failed(Failure),
}

/// The picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolePicker {
    /// What a role's ARN must contain to be shown.
    pub filter: TextInput,
    /// What has arrived, in IAM's order.
    pub roles: Vec<OfferedRole>,
    /// How far that is.
    pub offering: Offering,
    /// Which of the shown ones is selected.
    pub selected: usize,
    generation: Generation,
}

impl RolePicker {
    /// Opens it, and what it asks IAM for.
    pub(in crate::app) fn asking(cx: &mut Cx<'_>, source: SourceOptions) -> (Self, Effect) {
        let generation = cx.next_generation();
        let (filter, offering) = (TextInput::default(), Offering::Loading(cx.now()));
        (Self { filter, roles: vec![], offering, selected: 0, generation }, Effect::ListRoles { generation, source })
    }

    /// The roles that fit the filter, whatever the case of letters.
    pub fn shown(&self) -> Vec<&OfferedRole> {
        let wanted = self.filter.text().to_lowercase();
        self.roles.iter().filter(|role| role.arn.to_lowercase().contains(&wanted)).collect()
    }

    pub(super) fn arrived(&mut self, generation: Generation, outcome: Result<(Vec<OfferedRole>, bool), Failure>) {
        if self.generation != generation {
            return;
        }
        match outcome {
            Ok((roles, more)) => {
                self.roles.extend(roles);
                if !more {
                    self.offering = Offering::Complete;
                }
            }
            Err(failure) => self.offering = Offering::Failed(failure),
        }
    }

    fn select(&mut self, rows: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
    }

    fn take(&self) -> Outcome {
        match self.shown().get(self.selected).copied().cloned() {
            Some(role) => Outcome::Close(vec![Effect::CancelRoles.into(), Wish::TakeRole(role)]),
            None => Outcome::STAY,
        }
    }

    fn edit(&mut self, edit: Edit) {
        self.filter.edit(edit);
        if matches!(edit, Edit::InsertChar(_) | Edit::DeletePrevChar | Edit::DeleteNextChar | Edit::DeleteLine) {
            self.selected = 0;
        }
    }
}

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "use this role", Action::Submit),
    KeyRow::hinted(&["↓"], "down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑"], "up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn"], "ten down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "ten up", Action::List(ListAction::MoveHalfScreens(-2))),
    KeyRow::hinted(&["F6"], "look up the IAM user", Action::Form(FormAction::AskIam)),
];

impl DialogPart for RolePicker {
    fn title(&self) -> &'static str {
        "roles"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Type
    }

    fn holds_text(&self) -> bool {
        !self.filter.text().is_empty()
    }

    fn can(&self, action: &Action) -> bool {
        !matches!(action, Action::Submit | Action::List(ListAction::Move(_))) || !self.shown().is_empty()
    }

    fn busy_since(&self) -> Option<Timestamp> {
        match self.offering {
            Offering::Loading(since) => Some(since),
            Offering::Complete | Offering::Failed(_) => None,
        }
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => return self.take(),
            Action::List(ListAction::Click(row)) if row == self.selected => return self.take(),
            Action::List(ListAction::Click(row)) => self.selected = row,
            Action::Form(FormAction::AskIam) => {
                return Outcome::Close(vec![Effect::CancelRoles.into(), Wish::LookUpUser]);
            }
            Action::List(ListAction::Move(rows)) => self.select(rows),
            Action::List(ListAction::MoveHalfScreens(halves)) => self.select(halves * 5),
            Action::Text(TextAction::Edit(edit)) => self.edit(edit),
            Action::Text(TextAction::Paste(text)) => {
                self.filter.paste(&text);
                self.selected = 0;
            }
            _ => {}
        }
        self.select(0);
        Outcome::STAY
    }

    fn dismiss(&mut self) -> Outcome {
        Outcome::Close(vec![Effect::CancelRoles.into()])
    }
}
