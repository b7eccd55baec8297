//! The sources of credentials before anything is minted.
//!
//! Invariant: nothing here is secret; a [`Profile`] says how to get its credentials, not what they are.

use std::fmt;

/// How a profile gets its credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProfileKind {
    /// `aws_access_key_id` and `aws_secret_access_key`.
    Keys,
    /// The same with `aws_session_token`: temporary keys.
    SessionKeys,
    /// `role_arn`, assumed with the credentials of `source_profile` or `credential_source`.
    Role,
    /// IAM Identity Center, from the token `aws sso login` left.
    Sso,
    /// `credential_process`.
    Process,
    /// `web_identity_token_file` and `role_arn`, here or in the environment.
    WebIdentity,
    /// `AWS_ACCESS_KEY_ID` and its companions in the environment.
    Environment,
    /// The role of the container that this runs in, by `AWS_CONTAINER_CREDENTIALS_*_URI`.
    Container,
    /// The role of the EC2 instance that this runs on.
    Instance,
    /// Says nothing about credentials.
    #[default]
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
            Self::Container => "container",
            Self::Instance => "instance",
            Self::Nothing => "none",
        }
    }
}

/// A named source of credentials, as files and environment describe it. Every text in it is foreign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// As in the shared config files; for an ambient one, our word for it.
    pub name: String,
    /// How it gets credentials.
    pub kind: ProfileKind,
    /// Whether files or environment show that a session token comes with its keys.
    pub has_session_token: bool,
    /// Whether this process's surroundings give it, and no section of a file is called so.
    pub ambient: bool,
    /// Where requests are signed for with it, by environment and config files; `None` if neither says.
    pub region: Option<String>,
    /// The account whose credentials it gives, where the files tell: `sso_account_id`, the role's, `aws_account_id`, the
    /// MFA device's.
    pub account: Option<String>,
    /// The STS endpoint for it, by environment and config files, unless an option overrides it; `None` is AWS.
    pub sts_endpoint: Option<String>,
    /// What named [`sts_endpoint`](Self::sts_endpoint): a variable, or the profile's own setting.
    pub sts_endpoint_origin: Option<String>,
    /// The S3 endpoint for it, likewise.
    pub s3_endpoint: Option<String>,
    /// What named [`s3_endpoint`](Self::s3_endpoint).
    pub s3_endpoint_origin: Option<String>,
    /// A role to offer for [`Mode::Role`](super::mint::Mode::Role).
    pub role_arn: Option<String>,
    /// `source_profile`: the profile whose credentials assume the role.
    pub source_profile: Option<String>,
    /// `credential_source`: what else assumes the role.
    pub credential_source: Option<String>,
    /// `external_id`, which the role's trust policy may ask for.
    pub external_id: Option<String>,
    /// `role_session_name`.
    pub role_session_name: Option<String>,
    /// `duration_seconds`, where it is a number.
    pub duration_seconds: Option<u32>,
    /// `mfa_serial`: the device whose code the role asks for.
    pub mfa_serial: Option<String>,
    /// `mfa_process`: a command that prints the device's code. It runs only when that code is needed.
    pub mfa_process: Option<String>,
    /// `credential_process`: the command that is run for this profile's credentials, here or at the start of its chain.
    pub command: Option<String>,
    /// Why the end that is stated for its keys, by a variable or a line of a file, is not known; it is told wherever the
    /// keys are used.
    pub unreadable_end: Option<ProfileProblem>,
    /// Whether its own role is surely assumed with temporary credentials, as far as files and environment tell: role
    /// chaining, as AWS calls it, whatever gives those.
    pub chains_roles: bool,
    /// What is wrong with it, as far as files tell.
    pub problem: Option<ProfileProblem>,
}

impl Profile {
    /// Whose credentials these are, for a sentence: a profile can be called `environment` too. Foreign text.
    pub fn in_words(&self) -> String {
        match (self.ambient, self.kind) {
            (false, _) => format!("profile {}", self.name),
            (true, ProfileKind::WebIdentity) => "the web identity in the environment".into(),
            (true, ProfileKind::Container) => "the IAM role of the container".into(),
            (true, ProfileKind::Instance) => "the IAM role of the instance".into(),
            (true, _) => "the keys in the environment".into(),
        }
    }

    /// Whether its credentials are surely temporary, as far as files and environment tell: what a `credential_process`
    /// prints they do not.
    pub const fn is_temporary(&self) -> bool {
        self.has_session_token
            || matches!(
                self.kind,
                ProfileKind::SessionKeys
                    | ProfileKind::Role
                    | ProfileKind::Sso
                    | ProfileKind::WebIdentity
                    | ProfileKind::Container
                    | ProfileKind::Instance
            )
    }

    /// How to ask for it again.
    pub fn choice(&self) -> ProfileChoice {
        match (self.ambient, self.kind) {
            (false, _) => ProfileChoice::Named(self.name.clone()),
            (true, ProfileKind::WebIdentity) => ProfileChoice::WebIdentity,
            (true, ProfileKind::Container) => ProfileChoice::Container,
            (true, ProfileKind::Instance) => ProfileChoice::Instance,
            (true, _) => ProfileChoice::Environment,
        }
    }

    /// What keeps it from being used at all.
    pub fn obstacle(&self) -> Option<&ProfileProblem> {
        self.problem.as_ref().filter(|problem| problem.blocks)
    }
}

/// What is wrong with a profile, and where that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileProblem {
    /// What, and if possible what to do. Foreign text.
    pub text: String,
    /// The line at fault; `None` where it is not a line that is.
    pub place: Option<FileLine>,
    /// Whether nothing can be minted with the profile until it is corrected. Otherwise the problem is only shown.
    pub blocks: bool,
}

/// A line of a shared config file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// The file's path. Foreign text.
    pub file: String,
    /// The first is 1.
    pub line: usize,
}

impl fmt::Display for FileLine {
    /// `/home/ana/.aws/config, line 7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)
    }
}

impl fmt::Display for ProfileProblem {
    /// `/home/ana/.aws/config, line 7: no profile is called ops`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.text)
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
    /// The role that `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` name.
    WebIdentity,
    /// The role of the container that this runs in.
    Container,
    /// The role of the EC2 instance that this runs on.
    Instance,
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

/// Where requests are signed for unless something says otherwise.
pub const FALLBACK_REGION: &str = "us-west-2";

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
