//! The values of the form or the command line.
//!
//! Invariant: each is kept as it was typed, whatever is wrong with it.

use super::{field::Field, mode::Mode};
use crate::domain::{duration::SessionDuration, policy::Verbs, profile::Profile};

/// The values as typed, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// How to mint.
    pub mode: Mode,
    /// As in [`SessionDuration`]'s text form.
    pub duration: String,
    /// Federated user or role session name.
    pub name: String,
    /// Used by [`Mode::Role`].
    pub role_arn: String,
    /// `s3://BUCKET/PREFIX`, `BUCKET/PREFIX`, or nothing.
    pub location: String,
    /// `None` sends no session policy.
    pub verbs: Option<Verbs>,
    /// A session policy as JSON, which then stands instead of the scope's.
    pub policy: Option<String>,
    /// Managed policies, by ARN.
    pub policy_arns: Vec<String>,
    /// Session tags, each `KEY=VALUE`.
    pub tags: Vec<String>,
    /// Keys of those that go on.
    pub transitive_tags: Vec<String>,
    /// Nothing sends none.
    pub external_id: String,
    /// Nothing sends none.
    pub source_identity: String,
    /// Nothing asks for no code.
    pub mfa_serial: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            mode: Mode::Session,
            duration: SessionDuration::HOUR.to_string(),
            name: "ebbtide".into(),
            role_arn: String::new(),
            location: String::new(),
            verbs: None,
            policy: None,
            policy_arns: vec![],
            tags: vec![],
            transitive_tags: vec![],
            external_id: String::new(),
            source_identity: String::new(),
            mfa_serial: String::new(),
        }
    }
}

impl Draft {
    /// Whether it asks for something by a field that may also ask for nothing.
    pub(super) fn asks(&self, field: Field) -> bool {
        match field {
            Field::Scope => self.verbs.is_some(),
            Field::Policy => self.policy.is_some(),
            Field::PolicyArns => !self.policy_arns.is_empty(),
            Field::Tags => !self.tags.is_empty(),
            Field::TransitiveTags => !self.transitive_tags.is_empty(),
            Field::ExternalId => !self.external_id.trim().is_empty(),
            Field::SourceIdentity => !self.source_identity.trim().is_empty(),
            Field::MfaSerial => !self.mfa_serial.trim().is_empty(),
            _ => true,
        }
    }

    /// The text of a field that is one text; of others nothing.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Duration => &self.duration,
            Field::Name => &self.name,
            Field::RoleArn => &self.role_arn,
            Field::Location => &self.location,
            Field::ExternalId => &self.external_id,
            Field::SourceIdentity => &self.source_identity,
            Field::MfaSerial => &self.mfa_serial,
            _ => "",
        }
    }

    /// Takes the value of one field over from another draft.
    pub fn take(&mut self, field: Field, from: &Self) {
        match field {
            Field::Profile | Field::MfaCode => {}
            Field::Mode => self.mode = from.mode,
            Field::Duration => self.duration.clone_from(&from.duration),
            Field::Name => self.name.clone_from(&from.name),
            Field::RoleArn => self.role_arn.clone_from(&from.role_arn),
            Field::Location => self.location.clone_from(&from.location),
            Field::Scope => self.verbs = from.verbs,
            Field::Policy => self.policy.clone_from(&from.policy),
            Field::PolicyArns => self.policy_arns.clone_from(&from.policy_arns),
            Field::Tags => self.tags.clone_from(&from.tags),
            Field::TransitiveTags => self.transitive_tags.clone_from(&from.transitive_tags),
            Field::ExternalId => self.external_id.clone_from(&from.external_id),
            Field::SourceIdentity => self.source_identity.clone_from(&from.source_identity),
            Field::MfaSerial => self.mfa_serial.clone_from(&from.mfa_serial),
        }
    }

    /// Whether it asks for the very role that `profile` names, which then says more about it.
    pub fn is_of(&self, profile: &Profile) -> bool {
        self.mode == Mode::Role && profile.role_arn.as_deref().is_some_and(|arn| arn == self.role_arn.trim())
    }
}
