//! The fields of a draft, and notes about them.
//!
//! Invariant: a field has one name on the command line and one label on screen, and whatever is said of it uses that.

use std::fmt;

use super::Limits;

/// Something a person fills in before minting. The names are those of the command line's flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Whose credentials to start from.
    Profile,
    /// [`Mode`].
    Mode,
    /// [`SessionDuration`].
    Duration,
    /// Federated user or role session name.
    Name,
    /// Which role.
    RoleArn,
    /// Bucket and prefix: where the browser opens and what the session is narrowed to.
    Location,
    /// How far the session is narrowed.
    Scope,
    /// A session policy of one's own.
    Policy,
    /// Managed policies that narrow the session too.
    PolicyArns,
    /// Session tags.
    Tags,
    /// Keys of tags that go on to the sessions assumed from this one.
    TransitiveTags,
    /// What the role's trust policy may ask for.
    ExternalId,
    /// Source identity: who uses the session.
    SourceIdentity,
    /// The MFA device.
    MfaSerial,
    /// The code it shows.
    MfaCode,
}

impl Field {
    /// Those by which nothing is requested unless they are filled in.
    pub const OPTIONAL: [Self; 8] = [
        Self::Policy,
        Self::Scope,
        Self::PolicyArns,
        Self::Tags,
        Self::TransitiveTags,
        Self::ExternalId,
        Self::SourceIdentity,
        Self::MfaSerial,
    ];

    /// What the field is called on the command line and in its errors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Mode => "mode",
            Self::Duration => "duration",
            Self::Name => "name",
            Self::RoleArn => "role-arn",
            Self::Location => "location",
            Self::Scope => "scope",
            Self::Policy => "policy",
            Self::PolicyArns => "policy-arn",
            Self::Tags => "tag",
            Self::TransitiveTags => "transitive-tag",
            Self::ExternalId => "external-id",
            Self::SourceIdentity => "source-identity",
            Self::MfaSerial => "mfa-serial",
            Self::MfaCode => "mfa-code",
        }
    }
}

impl Field {
    /// What the field is called beside it on screen, and in what the interface says of it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Mode => "Mode",
            Self::Duration => "Duration",
            Self::Name => "Name",
            Self::RoleArn => "Role",
            Self::Location => "Location",
            Self::Scope => "Scope",
            Self::Policy => "Policy",
            Self::PolicyArns => "Managed policies",
            Self::Tags => "Session tags",
            Self::TransitiveTags => "Transitive tags",
            Self::ExternalId => "External ID",
            Self::SourceIdentity => "Source identity",
            Self::MfaSerial => "MFA device",
            Self::MfaCode => "MFA code",
        }
    }
}

/// A remark about one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which field.
    pub field: Field,
    /// Why it cannot be, or what AWS would say.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.name(), self.text)
    }
}

impl Note {
    /// The remark, for display beside the field and its label.
    pub fn in_words(&self) -> String {
        format!("{}: {}", self.field.label(), self.text)
    }
}

/// Remarks being collected.
pub(super) struct Notes {
    refused: Vec<Note>,
    advised: Vec<Note>,
    limits: Limits,
}

impl Notes {
    pub(super) fn under_limits(limits: Limits) -> Self {
        Self { refused: vec![], advised: vec![], limits }
    }

    pub(super) fn add_refusal(&mut self, field: Field, text: String) {
        self.refused.push(Note { field, text });
    }

    pub(super) fn add_advice(&mut self, field: Field, text: String) {
        self.advised.push(Note { field, text });
    }

    /// A limit of AWS: a refusal where AWS answers, advice elsewhere.
    pub(super) fn add_limit(&mut self, field: Field, text: String) {
        match self.limits {
            Limits::Enforced => self.add_refusal(field, text),
            Limits::Advised => self.add_advice(field, text),
        }
    }

    /// The advice, or every refusal.
    pub(super) fn into_result(self) -> Result<Vec<Note>, Vec<Note>> {
        if self.refused.is_empty() { Ok(self.advised) } else { Err(self.refused) }
    }
}
