//! Where credentials come from before anything is minted.
//!
//! Invariant: nothing here is secret; a [`Profile`] says how its credentials would be got, not what they are.

/// How a profile gets its credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileKind {
    /// `aws_access_key_id` and `aws_secret_access_key`.
    Keys,
    /// The same with `aws_session_token`: somebody minted them before.
    SessionKeys,
    /// `role_arn`, assumed by aws-config from a source profile.
    Role,
    /// IAM Identity Center, from the token `aws sso login` left.
    Sso,
    /// `credential_process`.
    Process,
    /// `web_identity_token_file`.
    WebIdentity,
    /// `AWS_ACCESS_KEY_ID` and its companions in the environment.
    Environment,
    /// Says nothing about credentials.
    Nothing,
}

impl ProfileKind {
    /// One word for a narrow column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::SessionKeys => "session",
            Self::Role => "role",
            Self::Sso => "sso",
            Self::Process => "process",
            Self::WebIdentity => "web",
            Self::Environment => "env",
            Self::Nothing => "none",
        }
    }
}

/// A named source of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// As in the shared config files. Foreign text.
    pub name: String,
    /// How it gets credentials.
    pub kind: ProfileKind,
    /// Where STS would be asked with it, by environment and config files, unless a flag says otherwise; `None` is AWS.
    pub sts_endpoint: Option<String>,
    /// A role to offer for [`Mode::Role`](super::mint::Mode::Role).
    pub role_arn: Option<String>,
}

impl Profile {
    /// Whose credentials these are, for a sentence: a profile can be called `environment` too. Foreign text.
    pub fn in_words(&self) -> String {
        if self.kind == ProfileKind::Environment {
            "the environment's keys".into()
        } else {
            format!("profile {}", self.name)
        }
    }

    /// How to ask for it again.
    pub fn choice(&self) -> ProfileChoice {
        if self.kind == ProfileKind::Environment {
            ProfileChoice::Environment
        } else {
            ProfileChoice::Named(self.name.clone())
        }
    }
}

/// Which source of credentials is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ProfileChoice {
    /// The environment's keys if there are any, else `AWS_PROFILE`, else `default`.
    #[default]
    Unsaid,
    /// This profile, whatever the environment holds.
    Named(String),
    /// The environment's keys.
    Environment,
}

/// How buckets are addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathStyle {
    /// `bucket.host` on AWS, `host/bucket` on any custom endpoint.
    #[default]
    Auto,
    /// Always `host/bucket`.
    Always,
    /// Always `bucket.host`.
    Never,
}

/// Everything that decides which credentials are used, and against which service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceOptions {
    /// Whose credentials.
    pub profile: ProfileChoice,
    /// Else the environment's, the profile's, `us-west-2`.
    pub region: Option<String>,
    /// Else the environment's, the profile's, AWS.
    pub endpoint_url: Option<String>,
    /// How buckets are addressed.
    pub path_style: PathStyle,
    /// Consent to an `http://` endpoint that is not loopback.
    pub allow_plain_http: bool,
}
