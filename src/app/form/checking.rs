//! What is wrong with the form, and what is known of whoever would mint.
//!
//! Invariant: the form is checked once a change, and what views, hints and `Enter` read is the result of that.

use super::{Preflight, Profiles, SessionForm};
use crate::domain::{
    duration::SessionDuration,
    mint::{Checked, Draft, Field, Limits, MintFacts, Mode, Note, SourceKind, Verdict},
    profile::{Profile, ProfileChoice},
};

impl SessionForm {
    /// What would be sent, or why nothing can be, in the order of the fields.
    pub const fn checked(&self) -> &Result<Checked, Vec<Note>> {
        &self.checked
    }

    /// What the role's trust policy asks for and the form does not have, where the endpoint decides whether that is refused.
    pub fn lacking(&self) -> Option<&Note> {
        let asked = |note: &&Note| {
            matches!(note.field, Field::MfaSerial | Field::ExternalId)
                && self.text(note.field).is_some_and(|text| text.text().trim().is_empty())
        };
        self.checked.as_ref().ok()?.advice.iter().find(asked)
    }

    /// How long the session is asked to last, as far as that can be read.
    pub fn asked_duration(&self) -> Option<SessionDuration> {
        (self.mode != Mode::Direct).then(|| self.duration.text().parse().ok()).flatten()
    }

    /// Checks what the form holds by now. Ends every change to it.
    pub(super) fn recheck(&mut self) {
        self.checked = self.check();
    }

    pub(super) fn check(&self) -> Result<Checked, Vec<Note>> {
        let checked = self.draft().check_fields(self.limits(), self.known());
        let trouble = self.profile_trouble().map(|text| Note { field: Field::Profile, text });
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

    /// Whether AWS will answer, whose limits then hold.
    pub fn limits(&self) -> Limits {
        Limits::of_endpoint(self.sts_endpoint())
    }

    /// What is known, before the call, of whoever would sign it and of the role that is asked for.
    pub fn known(&self) -> MintFacts {
        self.known_in(self.mode)
    }

    /// Whether a mode is open to the profile, and for how long. In another mode a role profile's credentials are others:
    /// its own role is assumed by its source, every other call is signed by the role.
    pub fn verdict(&self, mode: Mode) -> Verdict {
        self.known_in(mode).judge_mode(mode)
    }

    fn known_in(&self, mode: Mode) -> MintFacts {
        let draft = Draft { mode, ..self.draft() };
        let by_files = self.chosen().map(|profile| MintFacts::of_profile(profile, &draft)).unwrap_or_default();
        // Of a profile with a role, only whoever assumes that role was asked.
        let asked_about = self.chosen().is_none_or(|profile| profile.role_arn.is_none() || draft.is_of(profile));
        let caller = self.preflight.caller(&self.source()).filter(|_| asked_about);
        let source =
            caller.and_then(|caller| SourceKind::from_arn(&caller.identity.arn, caller.temporary)).or(by_files.source);
        let role = self.roles.get(draft.role_arn.trim()).copied().unwrap_or_default();
        let temporary = source.map(SourceKind::is_temporary);
        MintFacts {
            source,
            role_maximum: role.longest,
            role_needs_mfa: role.needs_mfa.holds_for(temporary),
            role_needs_external_id: role.needs_external_id,
        }
    }

    /// Whether the role is one of the caller's own account, and IAM has none such there.
    pub fn lacks_role(&self) -> bool {
        let role_arn = self.role_arn.text().trim();
        let question = (self.source(), role_arn.to_owned());
        let is_of_account = |preflight: &Preflight| {
            let caller = preflight.caller(&question.0)?;
            Some(role_arn.split(':').nth(4) == Some(caller.identity.account.as_str()))
        };
        self.mode == Mode::Role
            && self.roles_missing.contains(&question)
            && is_of_account(&self.preflight).unwrap_or(false)
    }

    /// The longest session of the role that would be assumed, where IAM has told.
    pub fn role_longest(&self) -> Option<SessionDuration> {
        (self.mode == Mode::Role).then(|| self.roles.get(self.role_arn.text().trim())?.longest).flatten()
    }

    fn code_missing(&self, checked: Option<&Checked>) -> Option<Note> {
        checked?.request.mfa_serial()?;
        let text = "six digits, as the device shows them".into();
        self.extra.code.code().is_none().then_some(Note { field: Field::MfaCode, text })
    }

    fn profile_trouble(&self) -> Option<String> {
        match &self.profiles {
            Profiles::Loading => Some("reading the config files".into()),
            Profiles::Failed(failure) => Some(failure.to_string()),
            Profiles::Ready(profiles) if profiles.is_empty() => {
                let demo = if self.offers_demo() { " · d tries the demo" } else { "" };
                Some(format!("none found{demo} · F5 reloads"))
            }
            Profiles::Ready(profiles) => match &self.options.profile {
                ProfileChoice::Named(name) if !profiles.iter().any(|profile| profile.name == *name) => {
                    Some(format!("no profile is called {name:?}: choose another"))
                }
                _ => self.chosen().and_then(Profile::obstacle).map(ToString::to_string),
            },
        }
    }
}
