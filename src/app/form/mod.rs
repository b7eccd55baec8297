//! The form that says what to mint: profile, mode, duration, name, role, location, scope.
//!
//! Invariant: a value that a person typed or chose is never replaced by another; which fields those are is known
//! (`filling.rs`). What is wrong with the form is found once a change and kept (`checking.rs`). The form changes itself
//! alone: what it wants of others is a [`Wish`](super::wish::Wish).

mod act;
mod checking;
mod command;
mod extra_fields;
mod filling;
mod preflight;
mod profile_picker;
mod recents;
mod role_chain;
mod roles;
#[cfg(test)]
mod tests;

pub use extra_fields::{ExtraFields, extra_fields};
pub use preflight::Preflight;
pub use recents::RememberedRequests;

use std::collections::BTreeMap;

use super::text_input::TextInput;
use crate::domain::{
    failure::Failure,
    iam::RoleFacts,
    mint::{Checked, Draft, Field, Mode, Note, RequestedSession},
    policy::Verbs,
    profile::{Profile, ProfileChoice, SourceOptions},
};

/// The profiles to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profiles {
    /// The shared config files are being read.
    Loading,
    /// They hold these; perhaps none.
    Ready(Vec<Profile>),
    /// They could not be read.
    Failed(Failure),
}

impl Profiles {
    /// Why they could not be read.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::Loading | Self::Ready(_) => None,
        }
    }

    /// What there is to choose from so far.
    pub fn all(&self) -> &[Profile] {
        match self {
            Self::Ready(profiles) => profiles,
            Self::Loading | Self::Failed(_) => &[],
        }
    }
}

/// What has been filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionForm {
    /// What there is to choose from.
    pub profiles: Profiles,
    /// Which of them.
    pub profile: usize,
    /// What is searched for among them, while somebody searches.
    pub find: Option<TextInput>,
    /// The field that keys go to.
    pub focus: Field,
    /// How to mint.
    pub mode: Mode,
    /// For how long.
    pub duration: TextInput,
    /// Federated user or role session name.
    pub name: TextInput,
    /// Which role.
    pub role_arn: TextInput,
    /// Where browsing begins, and what the session is narrowed to.
    pub location: TextInput,
    /// How far it is narrowed.
    pub verbs: Option<Verbs>,
    /// A session policy of one's own: from the command line, or from the builder.
    pub policy: Option<String>,
    /// Requests that were made before.
    pub recents: RememberedRequests,
    /// What most sessions do without.
    pub extra: ExtraFields,
    /// Why the code that was typed was not sent.
    pub code_refusal: Option<String>,
    /// Who the profile's credentials are, as far as it was asked.
    pub preflight: Preflight,
    /// What IAM has told of roles, by ARN.
    pub roles: BTreeMap<String, RoleFacts>,
    /// The serial numbers of the MFA devices that IAM knows of the profile's user: what the MFA serial may be.
    pub mfa_devices: Vec<String>,
    /// Whether `Enter` has been pressed once on what is risky; the next one mints.
    pub confirming: bool,
    /// Whether the same as a command of the AWS CLI is shown.
    pub shows_command: bool,
    /// With which profile IAM was asked about which role: no question is repeated.
    roles_asked: Vec<(ProfileChoice, String)>,
    /// Which roles IAM did not find, and who asked.
    roles_missing: Vec<(SourceOptions, String)>,
    /// Of whose MFA devices IAM was asked.
    devices_asked: Option<SourceOptions>,
    /// What the command line said about credentials and services; once a profile is chosen, with that one.
    options: SourceOptions,
    /// Which fields hold what a person typed or chose.
    typed: Vec<Field>,
    /// The mode that an option of the command line implies.
    implied: Option<Mode>,
    /// What fields hold of which neither a person nor the profile says anything.
    blank: Draft,
    /// What would be sent, or why nothing can be: of the newest change.
    checked: Result<Checked, Vec<Note>>,
}

impl SessionForm {
    /// A form that holds what was typed already, and else what is in `blank`. `options` is what the command line says about
    /// credentials and services.
    pub fn new(options: &SourceOptions, blank: &Draft, wishes: &RequestedSession) -> Self {
        let draft = wishes.fill_draft(blank, None, None);
        let mut form = Self {
            profiles: Profiles::Loading,
            profile: 0,
            find: None,
            focus: Field::Profile,
            mode: draft.mode,
            duration: TextInput::new(&draft.duration),
            name: TextInput::new(&draft.name),
            role_arn: TextInput::new(&draft.role_arn),
            location: TextInput::new(&draft.location),
            verbs: draft.verbs,
            policy: draft.policy.clone(),
            recents: RememberedRequests::default(),
            extra: ExtraFields::new(&draft),
            code_refusal: None,
            preflight: Preflight::Unasked,
            roles: BTreeMap::new(),
            mfa_devices: vec![],
            confirming: false,
            shows_command: true,
            roles_asked: vec![],
            roles_missing: vec![],
            devices_asked: None,
            options: options.clone(),
            typed: wishes.typed_fields().to_vec(),
            implied: wishes.implied_mode(),
            blank: blank.clone(),
            checked: Err(vec![]),
        };
        form.recheck();
        form
    }

    /// The fields this mode has, in the order in which `Tab` visits them.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = vec![Field::Profile, Field::Mode];
        if self.mode == Mode::Role {
            fields.push(Field::RoleArn);
        }
        if self.mode != Mode::Direct {
            fields.push(Field::Duration);
        }
        if self.mode.takes_name() {
            fields.push(Field::Name);
        }
        fields.push(Field::Location);
        if self.mode.takes_policy() {
            fields.push(Field::Scope);
        }
        let extra = extra_fields(self.mode).iter().copied();
        fields.extend(extra.filter(|field| self.extra.unfolded || self.is_called_for(*field)));
        if self.extra.filled(self.mode).any(|field| field == Field::MfaSerial) {
            fields.push(Field::MfaCode);
        }
        fields
    }

    /// The profile that is chosen, once the files are read.
    pub fn chosen(&self) -> Option<&Profile> {
        self.profiles.all().get(self.profile)
    }

    /// The text of the field that keys go to, if it holds text.
    pub fn focused_text(&self) -> Option<&TextInput> {
        self.text(self.focus)
    }

    /// The text of a field, if it holds text.
    pub fn text(&self, field: Field) -> Option<&TextInput> {
        match field {
            Field::Duration => Some(&self.duration),
            Field::Name => Some(&self.name),
            Field::RoleArn => Some(&self.role_arn),
            Field::Location => Some(&self.location),
            _ => self.extra.text(field),
        }
    }

    fn text_mut(&mut self, field: Field) -> Option<&mut TextInput> {
        match field {
            Field::Duration => Some(&mut self.duration),
            Field::Name => Some(&mut self.name),
            Field::RoleArn => Some(&mut self.role_arn),
            Field::Location => Some(&mut self.location),
            field => self.extra.text_mut(field),
        }
    }

    /// Whether letters and digits go to the focused field.
    pub fn takes_text(&self) -> bool {
        self.focus == Field::MfaCode || self.focused_text().is_some()
    }

    /// What the profile and the command line together say about credentials and services.
    pub fn source(&self) -> SourceOptions {
        let profile = self.chosen().map_or_else(|| self.options.profile.clone(), Profile::choice);
        SourceOptions { profile, ..self.options.clone() }
    }

    /// The endpoint that the command line names.
    pub fn endpoint_option(&self) -> Option<&str> {
        self.options.endpoint_url.as_deref()
    }

    /// The custom endpoint that would mint; `None` is AWS.
    pub fn sts_endpoint(&self) -> Option<&str> {
        let configured = || self.chosen().and_then(|profile| profile.sts_endpoint.as_deref());
        self.endpoint_option().or_else(configured)
    }

    /// Whether there is no profile at all: neither in files nor in the environment.
    pub fn has_no_profiles(&self) -> bool {
        matches!(&self.profiles, Profiles::Ready(profiles) if profiles.is_empty())
    }

    /// Whether the demo is on offer: there is nothing else to begin with, and the program has it.
    pub fn offers_demo(&self) -> bool {
        cfg!(feature = "sandbox") && self.has_no_profiles()
    }

    fn move_focus(&mut self, steps: isize) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        self.focus = fields[wrapped(at, steps, fields.len())];
    }
}

fn wrapped(at: usize, steps: isize, length: usize) -> usize {
    let length = length.cast_signed();
    (at.cast_signed() + steps).rem_euclid(length).cast_unsigned()
}
