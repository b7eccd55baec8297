//! What a person typed or chose, and the defaults for the rest.
//!
//! Invariant: a value that a person typed or chose is never replaced. Every other value is derived anew each time: from
//! the profile, else from the defaults. So neither the order of edits, nor whether they are made in the form or on the
//! command line, changes what is sent.

use super::{Draft, Field, Mode, Note};
use crate::domain::{
    duration::SessionDuration,
    profile::{Profile, ProfileKind},
};

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueOrigin {
    /// A person typed or chose it, perhaps by emptying the field.
    Typed,
    /// The profile says so.
    Prefilled,
    /// Neither: it is what one begins with.
    Default,
}

/// What a person typed or chose, separate from the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestedSession {
    /// The values; of a field that is not among the typed ones its value means nothing.
    values: Draft,
    typed: Vec<Field>,
    implied: Option<Mode>,
}

impl RequestedSession {
    /// Those of a person who typed or chose these fields of `values`.
    pub fn new(values: Draft, typed: impl IntoIterator<Item = Field>) -> Self {
        let mut requested = Self { values, ..Self::default() };
        for field in typed {
            requested.add_field(field);
        }
        requested
    }

    /// A whole request that a person chose as it is: every field that its mode has.
    pub fn whole_request(values: &Draft) -> Self {
        let narrowing = if values.policy.is_some() { Field::Scope } else { Field::Policy };
        let always = [Field::Mode, Field::Duration, Field::Name, Field::RoleArn, Field::Location];
        let typed = always.into_iter().chain(Field::OPTIONAL).filter(|field| values.mode.takes_field(*field));
        Self::new(values.clone(), typed.filter(|field| *field != narrowing))
    }

    /// The same, with the mode that an option implies where neither a person nor a profile's role says more: `--user`
    /// federates.
    #[must_use]
    pub fn with_implied_mode(self, implied: Option<Mode>) -> Self {
        Self { implied, ..self }
    }

    /// The mode that an option implies.
    pub const fn implied_mode(&self) -> Option<Mode> {
        self.implied
    }

    fn add_field(&mut self, field: Field) {
        if !self.typed.contains(&field) {
            self.typed.push(field);
        }
    }

    /// Whether a person typed or chose the value of this field.
    pub fn has_typed(&self, field: Field) -> bool {
        self.typed.contains(&field)
    }

    /// Which fields a person typed or chose.
    pub fn typed_fields(&self) -> &[Field] {
        &self.typed
    }

    /// What is requested with `profile`: what was typed, else what the profile says, else what is in `blank`.
    /// `temporary` says whether a session token comes with what the profile's command prints, where that has been learnt
    /// by running it.
    pub fn fill_draft(&self, blank: &Draft, profile: Option<&Profile>, temporary: Option<bool>) -> Draft {
        let mut draft = blank.clone();
        for field in &self.typed {
            draft.take_field(*field, &self.values);
        }
        let fill = |field: Field, slot: &mut String, said: Option<String>| {
            if let (false, Some(said)) = (self.has_typed(field), said) {
                *slot = said;
            }
        };
        fill(Field::RoleArn, &mut draft.role_arn, profile.and_then(|profile| profile.role_arn.clone()));
        if !self.has_typed(Field::Mode) {
            draft.mode = self.choose_mode(blank, profile, temporary);
        }
        if !self.has_typed(Field::Scope) {
            draft.verbs = if draft.mode == blank.mode { blank.verbs } else { draft.mode.default_verbs() };
        }
        let Some(profile) = profile else { return draft };
        let of_its_role = profile.role_arn.as_deref().is_some_and(|arn| arn == draft.role_arn.trim());
        let of_its_user = profile.kind == ProfileKind::Keys;
        if of_its_role {
            let seconds = profile.duration_seconds.map(|seconds| SessionDuration::from_secs(seconds).to_string());
            fill(Field::Duration, &mut draft.duration, seconds);
            fill(Field::Name, &mut draft.name, profile.role_session_name.clone());
        }
        if of_its_role && draft.mode == Mode::Role {
            fill(Field::ExternalId, &mut draft.external_id, profile.external_id.clone());
        }
        if (of_its_role || of_its_user) && draft.mode.takes_mfa() {
            fill(Field::MfaSerial, &mut draft.mfa_serial, profile.mfa_serial.clone());
        }
        draft
    }

    /// The default mode: a profile with a role is there to assume it, and credentials that are temporary
    /// already create no session token.
    fn choose_mode(&self, blank: &Draft, profile: Option<&Profile>, temporary: Option<bool>) -> Mode {
        let names_role = |profile: &Profile| profile.kind == ProfileKind::Role && profile.role_arn.is_some();
        // Of other profiles the files tell.
        let printed = |profile: &Profile| profile.kind == ProfileKind::Process && temporary == Some(true);
        let is_temporary = |profile: &Profile| profile.is_temporary() || printed(profile);
        match profile {
            Some(profile) if names_role(profile) => Mode::Role,
            Some(profile) if is_temporary(profile) => self.implied.unwrap_or(Mode::Direct),
            _ => self.implied.unwrap_or(blank.mode),
        }
    }

    /// Where the value of a field comes from, of [`filled`](Self::filled) with the same profile.
    pub fn origin_of(
        &self,
        field: Field,
        blank: &Draft,
        profile: Option<&Profile>,
        temporary: Option<bool>,
    ) -> ValueOrigin {
        if self.has_typed(field) {
            return ValueOrigin::Typed;
        }
        let [with, without] = [profile, None].map(|profile| self.fill_draft(blank, profile, temporary));
        let mut changed = with.clone();
        changed.take_field(field, &without);
        if changed == with { ValueOrigin::Default } else { ValueOrigin::Prefilled }
    }

    /// What was typed and `mode` does not take, with the reason.
    pub fn ignored_by(&self, mode: Mode) -> Vec<Note> {
        let given = |field: &&Field| self.values.asks_for(**field) && !mode.takes_field(**field);
        let note = |field: &Field| Note { field: *field, text: mode.refuse_field(*field).to_owned() };
        self.typed.iter().filter(given).map(note).collect()
    }
}

#[cfg(test)]
mod tests;
