//! Which fields a person filled in, and what fills the others.
//!
//! Invariant: a field that is typed changes by the person's own key alone. The others hold, after every change, what
//! [`RequestedSession::fill_draft`] derives, as the command line derives it.

use super::{SessionForm, wrapped};
use crate::{
    app::text_input::TextInput,
    domain::{
        iam::OfferedRole,
        location::Location,
        mint::{Checked, Draft, Field, Mode, Note, RequestedSession, ValueOrigin},
        policy::{SessionPolicy, Verbs},
        profile::{Profile, ProfileChoice},
    },
};

/// Fields that a profile may fill in.
const PREFILLED: [Field; 5] = [Field::RoleArn, Field::Duration, Field::Name, Field::ExternalId, Field::MfaSerial];

impl SessionForm {
    /// What it asks for.
    pub fn draft(&self) -> Draft {
        let mut draft = self.values();
        let blank = Draft::default();
        for field in Field::OPTIONAL.into_iter().filter(|field| !self.mode.takes_field(*field)) {
            draft.take_field(field, &blank);
        }
        draft
    }

    /// What was typed and the mode does not take, though nobody chose that mode: it is refused, as on the command line. A
    /// name gives no rights, and may have been meant for another profile.
    pub(super) fn unsent_unasked(&self) -> Vec<Note> {
        if self.is_typed(Field::Mode) {
            return vec![];
        }
        let unsent = self.not_sent().into_iter().filter(|note| note.field != Field::Name);
        unsent.map(|note| Note { field: Field::Mode, text: note.in_words() }).collect()
    }

    /// What its fields hold, also those that the mode does not show.
    fn values(&self) -> Draft {
        let mut draft = Draft {
            mode: self.mode,
            duration: self.duration.text().into(),
            name: self.name.text().into(),
            role_arn: self.role_arn.text().into(),
            location: self.location.text().into(),
            verbs: self.verbs,
            policy: self.policy.clone(),
            ..Draft::default()
        };
        self.extra.fill(&mut draft);
        draft
    }

    /// What a person typed or chose in it.
    pub fn wishes(&self) -> RequestedSession {
        let typed = self.typed.iter().copied();
        RequestedSession::new(self.values(), typed).with_implied_mode(self.implied)
    }

    /// Whether a person typed or chose the value of a field.
    pub fn is_typed(&self, field: Field) -> bool {
        self.typed.contains(&field)
    }

    /// Where the value of a field comes from.
    pub fn origin(&self, field: Field) -> ValueOrigin {
        self.wishes().origin_of(field, &self.blank, self.chosen(), self.asked_temporary())
    }

    /// What was typed and is not sent, for the mode that was chosen does not take it.
    pub fn not_sent(&self) -> Vec<Note> {
        self.wishes().ignored_by(self.mode)
    }

    /// Why what would be minted takes a second `Enter`: a policy that is risky, or rights that were to be narrowed and are
    /// not.
    pub fn risks(&self, checked: &Checked) -> Vec<String> {
        let narrows = |field| matches!(field, Field::Scope | Field::Policy | Field::PolicyArns);
        let wider = self.not_sent().into_iter().filter(|note| narrows(note.field));
        let wider = wider.map(|note| format!("{} is not sent in mode {}", note.field.label(), self.mode));
        let risks = checked.request.policy().map(SessionPolicy::find_risks).unwrap_or_default();
        wider.chain(risks.into_iter().map(str::to_owned)).collect()
    }

    /// Notes that a person typed or chose the value of a field.
    pub(super) fn typed(&mut self, field: Field) {
        if !self.is_typed(field) {
            self.typed.push(field);
        }
    }

    /// Changes the text in focus. It is typed if it is another afterwards.
    pub(super) fn change_text(&mut self, change: impl FnOnce(&mut TextInput)) {
        let field = self.focus;
        let Some(input) = self.text_mut(field) else { return };
        let before = input.text().to_owned();
        change(input);
        if input.text() != before {
            self.typed(field);
        }
        if field == Field::RoleArn && self.is_typed(field) {
            // As with `--role-arn`: a role that is named is there to be assumed.
            self.typed(Field::Mode);
        }
    }

    fn choose_mode(&mut self, mode: Mode) {
        self.mode = mode;
        self.typed(Field::Mode);
        self.refill();
    }

    /// A policy of one's own is out of force then.
    fn choose_scope(&mut self, verbs: Option<Verbs>) {
        self.verbs = verbs;
        self.policy = None;
        self.typed.retain(|field| *field != Field::Policy);
        self.typed(Field::Scope);
    }

    /// Goes on to another choice of the field in focus.
    pub(super) fn choose(&mut self, steps: isize) {
        match self.focus {
            Field::Mode => {
                let at = Mode::ALL.iter().position(|mode| *mode == self.mode).unwrap_or(0);
                self.choose_mode(Mode::ALL[wrapped(at, steps, Mode::ALL.len())]);
            }
            Field::Scope => {
                let choices = [None].into_iter().chain(Verbs::PRESETS.map(Some)).collect::<Vec<_>>();
                let at = choices.iter().position(|verbs| *verbs == self.verbs).unwrap_or(0);
                self.choose_scope(choices[wrapped(at, steps, choices.len())]);
            }
            _ => {}
        }
    }

    pub(super) fn choose_profile(&mut self, at: usize) {
        self.profile = at.min(self.profiles.all().len().saturating_sub(1));
        if let Some(chosen) = self.chosen() {
            // From here on the person's choice counts, not the command line's.
            self.options.profile = chosen.choice();
        }
        // Another user has other devices.
        self.mfa_devices.clear();
        self.devices_asked = None;
        self.refill();
    }

    /// Fills in what no person typed.
    pub(super) fn refill(&mut self) {
        let draft = self.wishes().fill_draft(&self.blank, self.chosen(), self.asked_temporary());
        (self.mode, self.verbs) = (draft.mode, draft.verbs);
        for field in PREFILLED {
            let text = draft.text_of(field);
            if let Some(input) = self.text_mut(field)
                && input.text() != text
            {
                *input = TextInput::new(text);
            }
        }
    }

    /// Whether a session token comes with the profile's credentials, where they were asked for.
    fn asked_temporary(&self) -> Option<bool> {
        self.preflight.caller(&self.source()).map(|caller| caller.temporary)
    }

    /// What fills the fields that the profile fills, for a sentence. Foreign text.
    pub fn filled_by(&self, field: Field) -> Option<String> {
        (self.origin(field) == ValueOrigin::Prefilled).then(|| self.chosen().map(Profile::in_words)).flatten()
    }
}

/// What other parts fill in, where a person chose it there.
impl SessionForm {
    /// Fills it in with what was typed for another session, for the profile of this choice where it is still there. What
    /// is known besides stays.
    pub(in crate::app) fn fill(&mut self, wishes: &RequestedSession, profile: &ProfileChoice) {
        let (options, blank) = (self.options.clone(), self.blank.clone());
        let known = std::mem::replace(self, Self::new(&options, &blank, wishes));
        let at = known.profiles.all().iter().position(|offered| offered.choice() == *profile);
        self.profile = at.unwrap_or(known.profile);
        if self.profile == known.profile {
            self.mfa_devices = known.mfa_devices;
            self.devices_asked = known.devices_asked;
        }
        self.focus = Field::Duration;
        self.profiles = known.profiles;
        self.recents = known.recents;
        self.preflight = known.preflight;
        self.roles = known.roles;
        self.roles_asked = known.roles_asked;
        self.roles_missing = known.roles_missing;
        self.shows_command = known.shows_command;
        if let Some(chosen) = self.chosen() {
            self.options.profile = chosen.choice();
        }
        self.refill();
        self.recheck();
    }

    /// Goes to another place.
    pub(in crate::app) fn choose_location(&mut self, location: TextInput) {
        self.location = location;
        self.typed(Field::Location);
        self.recheck();
    }

    /// Assumes a role that was offered.
    pub(in crate::app) fn choose_role(&mut self, role: OfferedRole) {
        self.role_arn = TextInput::new(&role.arn);
        self.typed(Field::RoleArn);
        let facts = role.role_facts();
        self.roles.insert(role.arn, facts);
        self.focus = Field::RoleArn;
        self.choose_mode(Mode::Role);
        self.recheck();
    }

    /// Narrows the session to a place: by verbs, or by a policy of one's own.
    pub(in crate::app) fn choose_policy(&mut self, location: TextInput, verbs: Verbs, own: Option<String>) {
        self.choose_scope(Some(verbs));
        if own.is_some() {
            self.policy = own;
            self.typed(Field::Policy);
        }
        self.confirming = false;
        self.focus = Field::Scope;
        self.choose_location(location);
    }

    /// Narrows the session to where a person stands: in the mode that was chosen or else the one in use, where that takes a
    /// policy, and to `verbs`, else as far as was chosen, where something was. Says whether the place could be written down whole.
    pub(in crate::app) fn narrow_to(&mut self, here: &Location, in_use: Option<Mode>, verbs: Option<Verbs>) -> bool {
        let input = TextInput::of(here);
        let whole = input.text() == here.to_string();
        let chosen = Some(self.mode).filter(|_| self.is_typed(Field::Mode));
        let narrows = [chosen, in_use, Some(self.mode)].into_iter().flatten().find(|mode| mode.takes_policy());
        let is_temporary = self.chosen().is_some_and(Profile::is_temporary);
        self.choose_mode(narrows.unwrap_or(if is_temporary { Mode::Role } else { Mode::Federation }));
        self.choose_scope(Some(verbs.or(self.verbs).unwrap_or(Verbs::READ)));
        self.focus = Field::Scope;
        self.choose_location(input);
        whole
    }
}
