//! The modes that turn a profile into a session, and the fields that each takes.
//!
//! Invariant: the numbers are AWS's, whatever the endpoint.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html> and its siblings.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use super::Field;
use crate::domain::policy::Verbs;

/// How a profile's credentials become a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `GetSessionToken`: the user's own rights, for a while.
    Session,
    /// `GetFederationToken`: a named user, limited by a session policy.
    Federation,
    /// `AssumeRole`: the role's rights, limited by a session policy if there is one.
    Role,
    /// No minting: the profile's credentials as they are.
    Direct,
}

impl Mode {
    /// Every mode, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Session, Self::Federation, Self::Role, Self::Direct];

    /// The word for it on the command line and on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Federation => "federation",
            Self::Role => "role",
            Self::Direct => "direct",
        }
    }

    /// What the mode yields, for sentences.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Session => "session token",
            Self::Federation => "federated user",
            Self::Role => "role session",
            Self::Direct => "profile",
        }
    }

    /// The STS action that mints it; `None` if nothing is minted.
    pub const fn api(self) -> Option<&'static str> {
        match self {
            Self::Session => Some("sts:GetSessionToken"),
            Self::Federation => Some("sts:GetFederationToken"),
            Self::Role => Some("sts:AssumeRole"),
            Self::Direct => None,
        }
    }

    /// Seconds AWS accepts. A role's own maximum, an account's root keys and a chained role allow less.
    pub const fn allowed_durations(self) -> RangeInclusive<u32> {
        match self {
            Self::Role => 900..=43_200,
            Self::Session | Self::Federation | Self::Direct => 900..=129_600,
        }
    }

    /// Whether a session policy can narrow it.
    pub const fn takes_policy(self) -> bool {
        matches!(self, Self::Federation | Self::Role)
    }

    /// Whether it carries a name: of the federated user, or of the role session.
    pub const fn takes_name(self) -> bool {
        matches!(self, Self::Federation | Self::Role)
    }

    /// Whether an MFA device's code can go along.
    pub const fn takes_mfa(self) -> bool {
        matches!(self, Self::Session | Self::Role)
    }

    /// The default scope: a federated user without a policy may do nothing, a role
    /// without one may do all the role may.
    pub const fn default_verbs(self) -> Option<Verbs> {
        match self {
            Self::Federation => Some(Verbs::READ),
            Self::Session | Self::Role | Self::Direct => None,
        }
    }

    /// Whether a request of this mode holds the field.
    pub const fn takes_field(self, field: Field) -> bool {
        match field {
            Field::Profile | Field::Mode | Field::Location => true,
            Field::Duration => !matches!(self, Self::Direct),
            Field::Name => self.takes_name(),
            Field::Scope | Field::Policy | Field::PolicyArns | Field::Tags => self.takes_policy(),
            Field::RoleArn | Field::TransitiveTags | Field::ExternalId | Field::SourceIdentity => {
                matches!(self, Self::Role)
            }
            Field::MfaSerial | Field::MfaCode => self.takes_mfa(),
        }
    }

    /// Why it does not take a field.
    pub(super) const fn refuse_field(self, field: Field) -> &'static str {
        match (field, self) {
            (Field::Name, Self::Direct) => "mode direct has no name",
            (Field::Name, _) => "mode session has no name",
            (Field::RoleArn, Self::Direct) => "mode direct assumes no role",
            (Field::RoleArn, Self::Federation) => "mode federation assumes no role",
            (Field::RoleArn, _) => "mode session assumes no role",
            (Field::Duration, _) => "mode direct uses the credentials as they are; their expiration cannot be chosen",
            (Field::Scope | Field::Policy, Self::Direct) => {
                "mode direct takes no session policy: use mode federation or role"
            }
            (Field::Scope | Field::Policy, _) => "a session token takes no session policy: use mode federation or role",
            (Field::PolicyArns, _) => "only a federated user or a role session takes managed policies",
            (Field::Tags, _) => "only a federated user or a role session takes session tags",
            (Field::TransitiveTags, _) => "only a role session takes transitive tags",
            (Field::ExternalId, _) => "only a role takes an external ID",
            (Field::SourceIdentity, _) => "only a role session takes a source identity",
            (Field::MfaSerial, Self::Federation) => "a federated user takes no MFA code: use mode session or role",
            _ => "mode direct makes no STS call, so it takes no MFA code",
        }
    }

    /// Characters AWS takes in the name.
    pub(super) const fn name_lengths(self) -> RangeInclusive<usize> {
        match self {
            Self::Federation => 2..=32,
            Self::Session | Self::Role | Self::Direct => 2..=64,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| "not a mode: session, federation, role or direct".into())
    }
}
