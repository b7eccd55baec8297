//! One call to STS.
//!
//! Invariant: a request holds everything that is sent except the MFA code, so sending it again mints the same session.
//! It holds no secret.

use super::{Mode, SessionTag};
use crate::domain::{duration::SessionDuration, policy::SessionPolicy};

/// One call to STS, complete but for an MFA device's code; or none, for [`Mode::Direct`]. Minting again means sending
/// the same one again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MintRequest {
    /// `GetSessionToken`, which takes no policy.
    SessionToken(SessionToken),
    /// `GetFederationToken`, which takes no MFA.
    FederationToken(Box<FederationToken>),
    /// `AssumeRole`.
    AssumeRole(Box<AssumeRole>),
    /// The profile's credentials as they are.
    Direct,
}

/// What `GetSessionToken` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionToken {
    /// The requested duration.
    pub duration: SessionDuration,
    /// The MFA device whose code goes along: its ARN, or a hardware device's serial number.
    pub mfa_serial: Option<String>,
}

/// What `GetFederationToken` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederationToken {
    /// The federated user's name.
    pub name: String,
    /// The requested duration.
    pub duration: SessionDuration,
    /// Without one, and without [`policy_arns`](Self::policy_arns), the session has no permissions of its own.
    pub policy: Option<SessionPolicy>,
    /// Managed policies that narrow it too; at most ten.
    pub policy_arns: Vec<String>,
    /// What the session carries for policies to ask about.
    pub tags: Vec<SessionTag>,
}

/// What `AssumeRole` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumeRole {
    /// `arn:aws:iam::ACCOUNT:role/NAME`.
    pub role_arn: String,
    /// Shown in the audit trail of the role's account.
    pub session_name: String,
    /// The requested duration.
    pub duration: SessionDuration,
    /// Without one, and without [`policy_arns`](Self::policy_arns), the session has all the role's rights.
    pub policy: Option<SessionPolicy>,
    /// Managed policies that narrow it too; at most ten.
    pub policy_arns: Vec<String>,
    /// What the session carries for policies to ask about.
    pub tags: Vec<SessionTag>,
    /// Keys of tags that also the sessions carry that are assumed from this one.
    pub transitive_tags: Vec<String>,
    /// What the role's trust policy may ask for, where somebody else's account owns the role.
    pub external_id: Option<String>,
    /// Source identity: who uses the session; it stays set in every session assumed from it.
    pub source_identity: Option<String>,
    /// The MFA device whose code goes along: its ARN, or a hardware device's serial number.
    pub mfa_serial: Option<String>,
}

impl SessionToken {
    /// A call with nothing but its duration.
    pub const fn new(duration: SessionDuration) -> Self {
        Self { duration, mfa_serial: None }
    }
}

impl FederationToken {
    /// A call with what it needs, and nothing that narrows it: the session may do nothing.
    pub fn new(name: impl Into<String>, duration: SessionDuration) -> Self {
        Self { name: name.into(), duration, policy: None, policy_arns: vec![], tags: vec![] }
    }
}

impl AssumeRole {
    /// A call with what it needs, and nothing that it may take besides.
    pub fn new(role_arn: impl Into<String>, session_name: impl Into<String>, duration: SessionDuration) -> Self {
        Self {
            role_arn: role_arn.into(),
            session_name: session_name.into(),
            duration,
            policy: None,
            policy_arns: vec![],
            tags: vec![],
            transitive_tags: vec![],
            external_id: None,
            source_identity: None,
            mfa_serial: None,
        }
    }
}

impl MintRequest {
    /// The mode this is a request of.
    pub const fn mode(&self) -> Mode {
        match self {
            Self::SessionToken(_) => Mode::Session,
            Self::FederationToken(_) => Mode::Federation,
            Self::AssumeRole(_) => Mode::Role,
            Self::Direct => Mode::Direct,
        }
    }

    /// What was requested; a service may grant less.
    pub const fn duration(&self) -> Option<SessionDuration> {
        match self {
            Self::SessionToken(call) => Some(call.duration),
            Self::FederationToken(call) => Some(call.duration),
            Self::AssumeRole(call) => Some(call.duration),
            Self::Direct => None,
        }
    }

    /// The same request with another duration; of [`Mode::Direct`], the same.
    #[must_use]
    pub fn with_duration(mut self, wanted: SessionDuration) -> Self {
        match &mut self {
            Self::SessionToken(call) => call.duration = wanted,
            Self::FederationToken(call) => call.duration = wanted,
            Self::AssumeRole(call) => call.duration = wanted,
            Self::Direct => {}
        }
        self
    }

    /// The session policy that goes with it.
    pub const fn policy(&self) -> Option<&SessionPolicy> {
        match self {
            Self::FederationToken(call) => call.policy.as_ref(),
            Self::AssumeRole(call) => call.policy.as_ref(),
            Self::SessionToken(_) | Self::Direct => None,
        }
    }

    /// The managed policies that go with it.
    pub fn policy_arns(&self) -> &[String] {
        match self {
            Self::FederationToken(call) => &call.policy_arns,
            Self::AssumeRole(call) => &call.policy_arns,
            Self::SessionToken(_) | Self::Direct => &[],
        }
    }

    /// The session tags that go with it.
    pub fn tags(&self) -> &[SessionTag] {
        match self {
            Self::FederationToken(call) => &call.tags,
            Self::AssumeRole(call) => &call.tags,
            Self::SessionToken(_) | Self::Direct => &[],
        }
    }

    /// The MFA device whose code must go along.
    pub fn mfa_serial(&self) -> Option<&str> {
        match self {
            Self::SessionToken(call) => call.mfa_serial.as_deref(),
            Self::AssumeRole(call) => call.mfa_serial.as_deref(),
            Self::FederationToken(_) | Self::Direct => None,
        }
    }

    /// What the session may reach, in a few words: `read s3://tide-logs/app/*`, `all the role's rights`.
    pub fn rights_in_words(&self) -> String {
        let managed = match self.policy_arns() {
            [] => None,
            [one] => Some(format!("managed policy {}", one.rsplit('/').next().unwrap_or(one))),
            several => Some(format!("{} managed policies", several.len())),
        };
        match (self, self.policy(), managed) {
            (_, Some(policy), None) => policy.summary_line(),
            (_, Some(policy), Some(managed)) => format!("{}, and {managed}", policy.summary_line()),
            (_, None, Some(managed)) => managed,
            (Self::FederationToken(_), ..) => "nothing: no session policy".into(),
            (Self::AssumeRole(_), ..) => "all the role's rights".into(),
            (Self::SessionToken(_), ..) => "all the user's rights".into(),
            (Self::Direct, ..) => "all the profile's rights".into(),
        }
    }
}
