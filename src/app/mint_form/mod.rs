//! The form that says what to mint: profile, mode, duration, name, role, location, scope.
//!
//! Invariant: a value that a person typed or chose is never replaced by another; which fields those are is known
//! (`filling.rs`). What is wrong with the form is asked of [`Draft::check`] each time.

mod act;
mod filling;

pub(super) use act::{act, fill, profiles_loaded, submit_for};

use std::collections::BTreeMap;

use super::{Further, KeptText, Preflight, Recents, TextInput, further};
use crate::domain::{
    duration::SessionDuration,
    failure::Failure,
    iam::RoleFacts,
    mint::{Checked, Draft, Field, Known, Limits, Mode, Note, SourceKind, Verdict, Wishes},
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
pub struct MintForm {
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
    pub recents: Recents,
    /// What most sessions do without.
    pub further: Further,
    /// Why the code that was typed was not sent.
    pub code_refusal: Option<String>,
    /// Who the profile's credentials are, as far as it was asked.
    pub preflight: Preflight,
    /// What IAM has told of roles, by ARN.
    pub roles: BTreeMap<String, RoleFacts>,
    /// The serial numbers of the MFA devices that IAM knows of the profile's user: what the MFA serial may be.
    pub mfa_devices: Vec<String>,
    /// With which profile IAM was asked about which role: no question is repeated.
    pub(super) roles_asked: Vec<(ProfileChoice, String)>,
    /// Which roles IAM did not find, and who asked.
    pub(super) roles_missing: Vec<(SourceOptions, String)>,
    /// JSON typed in the builder and not taken.
    pub kept_policy: Option<KeptText>,
    /// Whether `Enter` has been pressed once on what is risky; the next one mints.
    pub confirming: bool,
    /// Which fields hold what a person typed or chose.
    typed: Vec<Field>,
    /// The mode that an option of the command line implies.
    implied: Option<Mode>,
    /// What fields hold of which neither a person nor the profile says anything.
    blank: Draft,
}

impl MintForm {
    /// A form that holds what was typed already, and else what is in `blank`.
    pub fn new(blank: &Draft, wishes: &Wishes) -> Self {
        let draft = wishes.filled(blank, None, None);
        Self {
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
            recents: Recents::default(),
            further: Further::new(&draft),
            code_refusal: None,
            preflight: Preflight::Unasked,
            roles: BTreeMap::new(),
            mfa_devices: vec![],
            roles_asked: vec![],
            roles_missing: vec![],
            kept_policy: None,
            confirming: false,
            typed: wishes.typed().to_vec(),
            implied: wishes.implied(),
            blank: blank.clone(),
        }
    }

    /// Fills it in with what was typed for another session, for the profile of this choice where it is still there. What
    /// is known besides stays.
    pub(super) fn fill(&mut self, wishes: &Wishes, profile: &ProfileChoice, told: &SourceOptions) {
        let blank = self.blank.clone();
        let known = std::mem::replace(self, Self::new(&blank, wishes));
        let at = known.profiles.all().iter().position(|offered| offered.choice() == *profile);
        self.profile = at.unwrap_or(known.profile);
        if self.profile == known.profile {
            self.mfa_devices = known.mfa_devices;
        }
        self.focus = Field::Duration;
        self.profiles = known.profiles;
        self.recents = known.recents;
        self.preflight = known.preflight;
        self.roles = known.roles;
        self.roles_asked = known.roles_asked;
        self.roles_missing = known.roles_missing;
        self.refill(told);
    }

    /// What the text of a field could go on with, as it was typed before.
    pub fn completion(&self, field: Field) -> Option<&str> {
        let typed = self.text(field)?;
        let at_its_end = typed.cursor() == typed.text().chars().count();
        if at_its_end { self.recents.completion(field, typed.text()) } else { None }
    }

    /// Takes that on, if there is something.
    fn complete(&mut self) -> bool {
        let Some(rest) = self.completion(self.focus).map(str::to_owned) else { return false };
        self.change_text(|input| input.paste(&rest));
        true
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
        if self.further.unfolded {
            fields.extend(further::fields(self.mode));
        }
        if self.further.filled(self.mode).any(|field| field == Field::MfaSerial) {
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
            _ => self.further.text(field),
        }
    }

    fn text_mut(&mut self, field: Field) -> Option<&mut TextInput> {
        match field {
            Field::Duration => Some(&mut self.duration),
            Field::Name => Some(&mut self.name),
            Field::RoleArn => Some(&mut self.role_arn),
            Field::Location => Some(&mut self.location),
            field => self.further.text_mut(field),
        }
    }

    /// Whether letters and digits go to the focused field.
    pub fn takes_text(&self) -> bool {
        self.focus == Field::MfaCode || self.focused_text().is_some()
    }

    /// What the profile and the command line together say about credentials and services.
    pub fn source(&self, told: &SourceOptions) -> SourceOptions {
        let profile = self.chosen().map_or_else(|| told.profile.clone(), Profile::choice);
        SourceOptions { profile, ..told.clone() }
    }

    /// Whether AWS will answer, whose limits then hold.
    pub fn limits(&self, told: &SourceOptions) -> Limits {
        Limits::at(self.sts_endpoint(told))
    }

    /// What is known, before the call, of whoever would sign it and of the role that is asked for.
    pub fn known(&self, told: &SourceOptions) -> Known {
        self.known_in(self.mode, told)
    }

    /// Whether a mode is open to the profile, and for how long. In another mode a role profile's credentials are others:
    /// its own role is assumed by its source, every other call is signed by the role.
    pub fn verdict(&self, mode: Mode, told: &SourceOptions) -> Verdict {
        self.known_in(mode, told).verdict(mode)
    }

    fn known_in(&self, mode: Mode, told: &SourceOptions) -> Known {
        let draft = Draft { mode, ..self.draft() };
        let by_files = self.chosen().map(|profile| Known::of_profile(profile, &draft)).unwrap_or_default();
        // Of a profile with a role, only whoever assumes that role was asked.
        let asked_about = self.chosen().is_none_or(|profile| profile.role_arn.is_none() || draft.is_of(profile));
        let caller = self.preflight.caller(&self.source(told)).filter(|_| asked_about);
        let source =
            caller.and_then(|caller| SourceKind::of(&caller.identity.arn, caller.temporary)).or(by_files.source);
        let role = self.roles.get(draft.role_arn.trim()).copied().unwrap_or_default();
        let temporary = source.map(SourceKind::is_temporary);
        Known { source, role_maximum: role.longest, role_needs_mfa: role.needs_mfa.holds_for(temporary) }
    }

    /// Whether the role is one of the caller's own account, and IAM has none such there.
    pub fn lacks_role(&self, told: &SourceOptions) -> bool {
        let role_arn = self.role_arn.text().trim();
        let question = (self.source(told), role_arn.to_owned());
        self.mode == Mode::Role
            && self.roles_missing.contains(&question)
            && self
                .preflight
                .caller(&question.0)
                .is_some_and(|caller| role_arn.split(':').nth(4) == Some(caller.identity.account.as_str()))
    }

    /// The custom endpoint that would mint; `None` is AWS.
    pub fn sts_endpoint<'a>(&'a self, told: &'a SourceOptions) -> Option<&'a str> {
        let configured = || self.chosen().and_then(|profile| profile.sts_endpoint.as_deref());
        told.endpoint_url.as_deref().or_else(configured)
    }

    /// What would be sent, or why nothing can be, in the order of the fields.
    pub fn check(&self, told: &SourceOptions) -> Result<Checked, Vec<Note>> {
        let checked = self.draft().check(self.limits(told), self.known(told));
        let trouble = self.profile_trouble(told).map(|text| Note { field: Field::Profile, text });
        let no_code = self.code_missing(checked.as_ref().ok());
        let unsent = self.unsent_unasked();
        if trouble.is_none() && no_code.is_none() && unsent.is_empty() && checked.is_ok() {
            return checked;
        }
        let refused = checked.err().unwrap_or_default();
        let mut notes: Vec<Note> = trouble.into_iter().chain(unsent).chain(refused).chain(no_code).collect();
        let fields = self.fields();
        for note in notes.iter_mut().filter(|note| note.field == Field::Policy) {
            // The form shows a policy where it shows what becomes one.
            note.field = Field::Scope;
        }
        notes.sort_by_key(|note| fields.iter().position(|field| *field == note.field));
        Err(notes)
    }

    fn code_missing(&self, checked: Option<&Checked>) -> Option<Note> {
        checked?.request.mfa_serial()?;
        let text = "six digits, as the device shows them".into();
        self.further.code.code().is_none().then_some(Note { field: Field::MfaCode, text })
    }

    /// The longest session of the role that would be assumed, where IAM has told.
    pub fn role_longest(&self) -> Option<SessionDuration> {
        (self.mode == Mode::Role).then(|| self.roles.get(self.role_arn.text().trim())?.longest).flatten()
    }

    fn profile_trouble(&self, told: &SourceOptions) -> Option<String> {
        match &self.profiles {
            Profiles::Loading => Some("reading the config files".into()),
            Profiles::Failed(failure) => Some(failure.to_string()),
            Profiles::Ready(profiles) if profiles.is_empty() => {
                Some("no profile: run `aws configure`, or try `ebbtide demo`".into())
            }
            Profiles::Ready(profiles) => match &told.profile {
                ProfileChoice::Named(name) if !profiles.iter().any(|profile| profile.name == *name) => {
                    Some(format!("no profile is called {name:?}: choose another"))
                }
                _ => self.chosen().and_then(Profile::obstacle).map(ToString::to_string),
            },
        }
    }

    fn move_focus(&mut self, steps: isize) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        self.focus = fields[wrapped(at, steps, fields.len())];
    }

    /// Shows the further fields, or folds them away; the focus goes to where something is to be filled in.
    fn toggle_further(&mut self) {
        let first = further::fields(self.mode).first();
        self.further.unfolded = !self.further.unfolded && first.is_some();
        if let (true, Some(first)) = (self.further.unfolded, first) {
            self.focus = *first;
        } else if !self.fields().contains(&self.focus) {
            self.focus = Field::Location;
        }
    }
}

fn wrapped(at: usize, steps: isize, length: usize) -> usize {
    let length = length.cast_signed();
    (at.cast_signed() + steps).rem_euclid(length).cast_unsigned()
}
