//! One call to STS.
//!
//! Invariant: a request holds all that is sent, so that sending it again mints the same.

use super::Mode;
use crate::domain::{duration::SessionDuration, policy::SessionPolicy};

/// One call to STS, complete; or none, for [`Mode::Direct`]. Minting again means sending the same one again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MintRequest {
    /// `GetSessionToken`, which takes no policy.
    SessionToken {
        /// How long it is asked to live.
        duration: SessionDuration,
    },
    /// `GetFederationToken`.
    FederationToken {
        /// The federated user's name.
        name: String,
        /// How long it is asked to live.
        duration: SessionDuration,
        /// Without one the session has no permissions of its own.
        policy: Option<SessionPolicy>,
    },
    /// `AssumeRole`.
    AssumeRole {
        /// `arn:aws:iam::ACCOUNT:role/NAME`.
        role_arn: String,
        /// Shown in the audit trail of the role's account.
        session_name: String,
        /// How long it is asked to live.
        duration: SessionDuration,
        /// Without one the session has all the role's rights.
        policy: Option<SessionPolicy>,
    },
    /// The profile's credentials as they are.
    Direct,
}

impl MintRequest {
    /// The mode this is a request of.
    pub const fn mode(&self) -> Mode {
        match self {
            Self::SessionToken { .. } => Mode::Session,
            Self::FederationToken { .. } => Mode::Federation,
            Self::AssumeRole { .. } => Mode::Role,
            Self::Direct => Mode::Direct,
        }
    }

    /// What was asked for; a service may grant less.
    pub const fn duration(&self) -> Option<SessionDuration> {
        match self {
            Self::SessionToken { duration }
            | Self::FederationToken { duration, .. }
            | Self::AssumeRole { duration, .. } => Some(*duration),
            Self::Direct => None,
        }
    }

    /// The session policy that goes with it.
    pub const fn policy(&self) -> Option<&SessionPolicy> {
        match self {
            Self::FederationToken { policy, .. } | Self::AssumeRole { policy, .. } => policy.as_ref(),
            Self::SessionToken { .. } | Self::Direct => None,
        }
    }

    /// What the session may reach, in a few words: `read s3://tide-logs/app/*`, `all the role's rights`.
    pub fn rights(&self) -> String {
        match (self, self.policy()) {
            (_, Some(policy)) => policy.summary(),
            (Self::FederationToken { .. }, None) => "nothing: no session policy".into(),
            (Self::AssumeRole { .. }, None) => "all the role's rights".into(),
            (Self::SessionToken { .. }, None) => "all the user's rights".into(),
            (Self::Direct, None) => "all the profile's rights".into(),
        }
    }

    /// The same call with the AWS CLI, for a person to read; a long policy is named, not repeated. Without a
    /// profile, the environment's keys are used.
    pub fn by_hand(&self, profile: Option<&str>, endpoint: Option<&str>) -> Option<String> {
        let (call, duration) = match self {
            Self::SessionToken { duration } => ("get-session-token".to_owned(), duration),
            Self::FederationToken { name, duration, .. } => (format!("get-federation-token --name {name}"), duration),
            Self::AssumeRole { role_arn, session_name, duration, .. } => {
                (format!("assume-role --role-arn {role_arn} --role-session-name {session_name}"), duration)
            }
            Self::Direct => return None,
        };
        let policy = if self.policy().is_some() { " --policy file://policy.json" } else { "" };
        let profile = profile.map(|name| format!(" --profile {name}")).unwrap_or_default();
        let endpoint = endpoint.map(|url| format!(" --endpoint-url {url}")).unwrap_or_default();
        let seconds = duration.as_secs();
        Some(format!("aws sts {call} --duration-seconds {seconds}{policy}{profile}{endpoint}"))
    }
}
