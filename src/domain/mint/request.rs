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
    /// How long it is asked to live.
    pub duration: SessionDuration,
    /// The MFA device whose code goes along: its ARN, or a hardware device's serial number.
    pub mfa_serial: Option<String>,
}

/// What `GetFederationToken` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederationToken {
    /// The federated user's name.
    pub name: String,
    /// How long it is asked to live.
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
    /// How long it is asked to live.
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
    /// Who is behind the session; stays with every session that is assumed from it.
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

    /// What was asked for; a service may grant less.
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

    /// The same call with the AWS CLI, for a person to read; a long policy is named, not repeated, and of tags and
    /// managed policies only that there are some. Without a profile, the environment's keys are used.
    pub fn by_hand(&self, profile: Option<&str>, endpoint: Option<&str>) -> Option<String> {
        let call = match self {
            Self::SessionToken(_) => "get-session-token".to_owned(),
            Self::FederationToken(call) => format!("get-federation-token --name {}", call.name),
            Self::AssumeRole(call) => {
                format!("assume-role --role-arn {} --role-session-name {}", call.role_arn, call.session_name)
            }
            Self::Direct => return None,
        };
        let seconds = self.duration()?.as_secs();
        let policy = if self.policy().is_some() { " --policy file://policy.json" } else { "" };
        let further = self.further_by_hand();
        let profile = profile.map(|name| format!(" --profile {name}")).unwrap_or_default();
        let endpoint = endpoint.map(|url| format!(" --endpoint-url {url}")).unwrap_or_default();
        Some(format!("aws sts {call} --duration-seconds {seconds}{policy}{further}{profile}{endpoint}"))
    }

    /// The options of [`by_hand`](Self::by_hand) that few calls have.
    fn further_by_hand(&self) -> String {
        let mut options = String::new();
        let mut add = |given: bool, option: &str, value: &str| {
            if given {
                options.extend([" ", option, " ", value]);
            }
        };
        add(!self.policy_arns().is_empty(), "--policy-arns", "…");
        match self {
            Self::FederationToken(call) => add(!call.tags.is_empty(), "--tags", "…"),
            Self::AssumeRole(call) => {
                add(!call.tags.is_empty(), "--tags", "…");
                add(!call.transitive_tags.is_empty(), "--transitive-tag-keys", "…");
                add(call.external_id.is_some(), "--external-id", call.external_id.as_deref().unwrap_or_default());
                let identity = call.source_identity.as_deref().unwrap_or_default();
                add(call.source_identity.is_some(), "--source-identity", identity);
            }
            Self::SessionToken(_) | Self::Direct => {}
        }
        let serial = self.mfa_serial().unwrap_or_default();
        add(self.mfa_serial().is_some(), "--serial-number", &format!("{serial} --token-code CODE"));
        options
    }
}
