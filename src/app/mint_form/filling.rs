//! Which fields a person filled in, and what fills the others.
//!
//! Invariant: a field that is typed changes by the person's own key alone. The others hold, after every change, what
//! [`Wishes::filled`] derives, as the command line derives it.

use super::{MintForm, TextInput, wrapped};
use crate::domain::{
    mint::{Checked, Draft, Field, Mode, Note, Origin, Wishes},
    policy::{SessionPolicy, Verbs},
    profile::{Profile, SourceOptions},
};

/// Fields that a profile may fill in.
const PREFILLED: [Field; 5] = [Field::RoleArn, Field::Duration, Field::Name, Field::ExternalId, Field::MfaSerial];

impl MintForm {
    /// What it asks for.
    pub fn draft(&self) -> Draft {
        let mut draft = self.values();
        let blank = Draft::default();
        for field in Field::OPTIONAL.into_iter().filter(|field| !self.mode.takes(*field)) {
            draft.take(field, &blank);
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
        unsent.map(|note| Note { field: Field::Mode, text: note.to_string() }).collect()
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
        self.further.fill(&mut draft);
        draft
    }

    /// What a person typed or chose in it.
    pub fn wishes(&self) -> Wishes {
        let typed = self.typed.iter().copied();
        Wishes::new(self.values(), typed).implying(self.implied)
    }

    /// Whether a person typed or chose the value of a field.
    pub fn is_typed(&self, field: Field) -> bool {
        self.typed.contains(&field)
    }

    /// Where the value of a field comes from.
    pub fn origin(&self, field: Field, told: &SourceOptions) -> Origin {
        self.wishes().origin(field, &self.blank, self.chosen(), self.asked_temporary(told))
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
        let wider = wider.map(|note| format!("{} is not sent in mode {}", note.field.name(), self.mode));
        let risks = checked.request.policy().map(SessionPolicy::risks).unwrap_or_default();
        wider.chain(risks.into_iter().map(str::to_owned)).collect()
    }

    /// Notes that a person typed or chose the value of a field.
    pub(in crate::app) fn typed(&mut self, field: Field) {
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

    /// Chooses a mode.
    pub(in crate::app) fn choose_mode(&mut self, mode: Mode, told: &SourceOptions) {
        self.mode = mode;
        self.typed(Field::Mode);
        self.refill(told);
    }

    /// Goes to another place.
    pub(in crate::app) fn choose_location(&mut self, location: TextInput) {
        self.location = location;
        self.typed(Field::Location);
    }

    /// Chooses which role.
    pub(in crate::app) fn choose_role(&mut self, role_arn: &str, told: &SourceOptions) {
        self.role_arn = TextInput::new(role_arn);
        self.typed(Field::RoleArn);
        self.choose_mode(Mode::Role, told);
    }

    /// Chooses how far the session is narrowed; a policy of one's own is out of force.
    pub(in crate::app) fn choose_scope(&mut self, verbs: Option<Verbs>) {
        self.verbs = verbs;
        self.policy = None;
        self.typed.retain(|field| *field != Field::Policy);
        self.typed(Field::Scope);
    }

    /// Chooses a policy of one's own.
    pub(in crate::app) fn choose_policy(&mut self, policy: String) {
        self.policy = Some(policy);
        self.typed(Field::Policy);
    }

    /// Chooses what the policy builder made.
    pub(in crate::app) fn take_policy(&mut self, location: TextInput, verbs: Verbs, own: Option<String>) {
        self.choose_scope(Some(verbs));
        if let Some(own) = own {
            self.choose_policy(own);
        }
        self.choose_location(location);
        self.confirming = false;
        self.focus = Field::Scope;
    }

    /// Goes on to another choice of the field in focus.
    pub(super) fn choose(&mut self, steps: isize, told: &SourceOptions) {
        match self.focus {
            Field::Mode => {
                let at = Mode::ALL.iter().position(|mode| *mode == self.mode).unwrap_or(0);
                self.choose_mode(Mode::ALL[wrapped(at, steps, Mode::ALL.len())], told);
            }
            Field::Scope => {
                let choices = [None].into_iter().chain(Verbs::PRESETS.map(Some)).collect::<Vec<_>>();
                let at = choices.iter().position(|verbs| *verbs == self.verbs).unwrap_or(0);
                self.choose_scope(choices[wrapped(at, steps, choices.len())]);
            }
            _ => {}
        }
    }

    /// Chooses a profile.
    pub(in crate::app) fn choose_profile(&mut self, at: usize, told: &SourceOptions) {
        self.profile = at.min(self.profiles.all().len().saturating_sub(1));
        // Another user has other devices.
        self.mfa_devices.clear();
        self.refill(told);
    }

    /// Fills in what no person typed.
    pub(in crate::app) fn refill(&mut self, told: &SourceOptions) {
        let draft = self.wishes().filled(&self.blank, self.chosen(), self.asked_temporary(told));
        (self.mode, self.verbs) = (draft.mode, draft.verbs);
        for field in PREFILLED {
            let text = draft.text(field);
            if let Some(input) = self.text_mut(field)
                && input.text() != text
            {
                *input = TextInput::new(text);
            }
        }
    }

    /// Whether a session token comes with the profile's credentials, where they were asked for.
    fn asked_temporary(&self, told: &SourceOptions) -> Option<bool> {
        self.preflight.caller(&self.source(told)).map(|caller| caller.temporary)
    }

    /// What fills the fields that the profile fills, for a sentence. Foreign text.
    pub fn filled_by(&self, field: Field, told: &SourceOptions) -> Option<String> {
        (self.origin(field, told) == Origin::Prefilled).then(|| self.chosen().map(Profile::in_words)).flatten()
    }
}
