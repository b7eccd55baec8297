//! IAM for the form: a role to choose from all there are, a user to look for.
//!
//! Invariant: nothing here is needed to mint, and nothing is created: a user that stays is made by a command of its own.
//! An answer to a panel that was closed changes nothing.

use jiff::Timestamp;

use super::{Action, Edit, Effect, Generation, Model, Overlay, TextInput, Tone};
use crate::domain::{
    failure::Failure,
    iam::{OfferedRole, User, is_name},
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

/// The panel that offers the account's roles.
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
    /// The roles that fit the filter, whatever the case of letters.
    pub fn shown(&self) -> Vec<&OfferedRole> {
        let wanted = self.filter.text().to_lowercase();
        self.roles.iter().filter(|role| role.arn.to_lowercase().contains(&wanted)).collect()
    }

    fn select(&mut self, rows: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
    }
}

/// What is known of the user that a panel is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserState {
    /// IAM is being asked since then.
    Asking(Timestamp),
    /// There is none.
    Missing,
    /// There is one.
    Exists(User),
    /// IAM did not tell.
    Failed(Failure),
}

/// The panel about the IAM user that the form's name names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPanel {
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub state: UserState,
    generation: Generation,
}

/// Since when a panel in front has been waiting for IAM.
pub(super) fn busy_since(overlay: Option<&Overlay>) -> Option<Timestamp> {
    match overlay? {
        Overlay::RolePicker(RolePicker { offering: Offering::Loading(since), .. })
        | Overlay::User(UserPanel { state: UserState::Asking(since), .. }) => Some(*since),
        _ => None,
    }
}

/// Opens the panel that offers roles.
pub(super) fn open_roles(model: &mut Model) -> Vec<Effect> {
    let generation = model.next_generation();
    model.overlay = Some(Overlay::RolePicker(RolePicker {
        filter: TextInput::default(),
        roles: vec![],
        offering: Offering::Loading(model.now),
        selected: 0,
        generation,
    }));
    vec![Effect::ListRoles { generation, source: model.form.source() }]
}

/// Opens the panel about the user that the form names.
pub(super) fn open_user(model: &mut Model) -> Vec<Effect> {
    let name = model.form.name.text().to_owned();
    if !is_name(&name) {
        model.say(Tone::Warning, "the Name field first: 1 to 64 letters, digits and _+=,.@-");
        return vec![];
    }
    let generation = model.next_generation();
    let state = UserState::Asking(model.now);
    model.overlay = Some(Overlay::User(UserPanel { name: name.clone(), state, generation }));
    vec![Effect::FindUser { generation, source: model.form.source(), name }]
}

pub(super) fn act_on_roles(model: &mut Model, mut picker: RolePicker, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => {
            if let Some(role) = picker.shown().get(picker.selected).copied().cloned() {
                take(model, role);
                return vec![Effect::CancelRoles];
            }
        }
        Action::AskIam => {
            let mut effects = vec![Effect::CancelRoles];
            effects.extend(open_user(model));
            return effects;
        }
        Action::Dismiss => return vec![Effect::CancelRoles],
        Action::Move(rows) => picker.select(rows),
        Action::MoveHalfScreens(halves) => picker.select(halves * 5),
        Action::Edit(edit) => {
            picker.filter.edit(edit);
            if matches!(edit, Edit::InsertChar(_) | Edit::DeletePrevChar | Edit::DeleteNextChar | Edit::DeleteLine) {
                picker.selected = 0;
            }
        }
        Action::Paste(text) => {
            picker.filter.paste(&text);
            picker.selected = 0;
        }
        _ => {}
    }
    picker.select(0);
    model.overlay = Some(Overlay::RolePicker(picker));
    vec![]
}

/// Puts a role into the form, which then assumes it.
fn take(model: &mut Model, role: OfferedRole) {
    model.form.choose_role(role);
    model.sessions.minting.dismiss_failure();
}

/// The panel in front, or the one below its help.
pub(super) fn in_front(overlay: &mut Option<Overlay>) -> Option<&mut Overlay> {
    match overlay.as_mut()? {
        Overlay::Help { below, .. } => below.as_deref_mut(),
        overlay => Some(overlay),
    }
}

pub(super) fn roles_arrived(
    model: &mut Model,
    generation: Generation,
    outcome: Result<(Vec<OfferedRole>, bool), Failure>,
) {
    let Some(Overlay::RolePicker(picker)) = in_front(&mut model.overlay) else { return };
    if picker.generation != generation {
        return;
    }
    match outcome {
        Ok((roles, more)) => {
            picker.roles.extend(roles);
            if !more {
                picker.offering = Offering::Complete;
            }
        }
        Err(failure) => picker.offering = Offering::Failed(failure),
    }
}

pub(super) fn user_found(model: &mut Model, generation: Generation, outcome: Result<Option<User>, Failure>) {
    let Some(Overlay::User(panel)) = in_front(&mut model.overlay) else { return };
    if panel.generation != generation {
        return;
    }
    panel.state = match outcome {
        Ok(Some(user)) => UserState::Exists(user),
        Ok(None) => UserState::Missing,
        Err(failure) => UserState::Failed(failure),
    };
}
