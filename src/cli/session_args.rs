//! The session options: whose credentials, which session, against which service. The same for every command.
//!
//! Invariant: this file knows what is typed, [`Draft`] what may be asked for; no rule stands in both.

use std::{fs, path::Path, str::FromStr};

use clap::{Args, ValueEnum};

use super::{further_args::FurtherArgs, problem::Problem};
use crate::{
    clock::Clock,
    domain::{
        duration::SessionDuration,
        location::{Location, check_bucket_name},
        mint::{Draft, Mode},
        policy::{SessionPolicy, Template, Verbs},
        profile::{PathStyle, Profile, ProfileChoice, ProfileKind, SourceOptions},
    },
    store::Store,
};

/// What narrows a session, on the command line: `none`, or as [`Verbs`] are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeArg(pub Option<Verbs>);

impl FromStr for ScopeArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" { Ok(Self(None)) } else { text.parse().map(|verbs| Self(Some(verbs))) }
    }
}

/// How buckets are addressed, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PathStyleArg {
    #[default]
    /// By path on a custom endpoint, by host name on AWS
    Auto,
    /// Always by path
    Always,
    /// Always by host name
    Never,
}

/// Sources of credentials that no profile names, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SourceArg {
    /// `AWS_ACCESS_KEY_ID` and its companions
    Environment,
    /// The role that `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` name
    WebIdentity,
    /// The role of the container that this runs in
    Container,
    /// The role of the EC2 instance that this runs on
    Instance,
}

/// Whose credentials, which session, against which service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Session options")]
pub struct SessionArgs {
    /// Bucket and prefix: where listing begins, and what the session is narrowed to
    #[arg(value_name = "s3://BUCKET[/PREFIX]", help_heading = "Arguments")]
    pub location: Option<String>,

    /// Profile of the shared AWS config files [default: the environment's keys, `AWS_PROFILE`, `default`]
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Credentials of the surroundings instead of a profile's
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "environment|web-identity|container|instance",
        conflicts_with = "profile"
    )]
    pub source: Option<SourceArg>,

    /// AWS region [default: `AWS_REGION`, the profile's, us-west-2]
    #[arg(short, long)]
    pub region: Option<String>,

    /// Ask this service instead of AWS, for STS and for S3 [default: the environment's, the profile's]
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// How buckets are addressed
    #[arg(long, value_enum, default_value = "auto", hide_possible_values = true, value_name = "auto|always|never")]
    pub path_style: PathStyleArg,

    /// How to mint: session, federation, role, or direct, which takes the profile's own credentials as they are
    /// [default: role with --role-arn or a role profile, federation with --user, else session]
    #[arg(short, long, value_name = "MODE")]
    pub mode: Option<Mode>,

    /// How long the session is asked to live: 15m, 1h30m, 7200 or 7200s [default: 1h]
    #[arg(short = 't', long, value_name = "TIME")]
    pub duration: Option<String>,

    /// Name of the federated user, or of the role session [default: ebbtide]
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<String>,

    /// Role to assume
    #[arg(long, value_name = "arn:aws:iam::ACCOUNT:role/NAME")]
    pub role_arn: Option<String>,

    /// Bucket, if it is not given by its s3:// form
    #[arg(short, long, conflicts_with = "location")]
    pub bucket: Option<String>,

    /// Prefix within --bucket
    #[arg(long, requires = "bucket", conflicts_with = "location")]
    pub prefix: Option<String>,

    /// Narrow a federated user or role to bucket and prefix: one of these words, or several of list, get, get-version,
    /// put, delete, tags with commas [default: read for a federated user, none for a role]
    #[arg(long, value_name = "list|read|write|none")]
    pub scope: Option<ScopeArg>,

    /// Session policy of one's own instead of a scope's: JSON, @ and the name of a file, or one of the templates that
    /// `ebbtide policy --help` names, for bucket and prefix
    #[arg(long, conflicts_with = "scope", value_name = "JSON|@FILE|template:NAME")]
    pub policy: Option<String>,

    /// What few sessions need.
    #[command(flatten)]
    pub further: FurtherArgs,

    /// Consent to an http:// endpoint on another machine
    #[arg(long)]
    pub allow_plain_http: bool,

    /// Leave no line of what is minted in the data directory's log, which `ebbtide history` shows
    #[arg(long)]
    pub no_mint_log: bool,

    /// Write a log file; its name is said on standard error
    #[arg(short, long)]
    pub debug: bool,
}

impl SessionArgs {
    /// What outlives the program, as far as it may.
    pub(super) fn store(&self) -> Option<Store> {
        let store = Store::of_person()?;
        Some(if self.no_mint_log { store.without_mint_log() } else { store })
    }

    /// Whose credentials, and against which service.
    pub fn source_options(&self) -> SourceOptions {
        SourceOptions {
            profile: match (self.source, &self.profile) {
                (Some(SourceArg::Environment), _) => ProfileChoice::Environment,
                (Some(SourceArg::WebIdentity), _) => ProfileChoice::WebIdentity,
                (Some(SourceArg::Container), _) => ProfileChoice::Container,
                (Some(SourceArg::Instance), _) => ProfileChoice::Instance,
                (None, Some(name)) => ProfileChoice::Named(name.clone()),
                (None, None) => ProfileChoice::Unsaid,
            },
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            path_style: match self.path_style {
                PathStyleArg::Auto => PathStyle::Auto,
                PathStyleArg::Always => PathStyle::Always,
                PathStyleArg::Never => PathStyle::Never,
            },
            allow_plain_http: self.allow_plain_http,
        }
    }

    /// The session that was asked for, unchecked.
    pub fn draft(&self) -> Result<Draft, Problem> {
        let mode = self.mode();
        self.further.refuse_codes()?;
        self.refuse_what_the_mode_ignores(mode)?;
        let blank = Draft::default();
        let location = self.location()?;
        Ok(Draft {
            mode,
            duration: self.duration.clone().unwrap_or(blank.duration),
            name: self.user.clone().unwrap_or(blank.name),
            role_arn: self.role_arn.clone().unwrap_or_default(),
            verbs: self.scope.map_or(mode.default_verbs(), |ScopeArg(verbs)| verbs),
            policy: self.policy.as_deref().map(|policy| read_policy(policy, &location)).transpose()?,
            location,
            policy_arns: self.further.policy_arn.clone(),
            tags: self.further.tag.clone(),
            transitive_tags: self.further.transitive_tag.clone(),
            external_id: self.further.external_id.clone().unwrap_or_default(),
            source_identity: self.further.source_identity.clone().unwrap_or_default(),
            mfa_serial: self.further.mfa_serial.clone().unwrap_or_default(),
        })
    }

    /// The draft with what the profile says and nobody typed: a role profile means its role, for as long, under the name,
    /// with the external id and with the MFA device that it names.
    pub fn complete(&self, mut draft: Draft, profile: &Profile) -> Draft {
        let names_role = profile.role_arn.as_deref().is_some_and(|arn| arn.starts_with("arn:"));
        if self.mode() == Mode::Session && self.mode.is_none() && profile.kind == ProfileKind::Role && names_role {
            draft.mode = Mode::Role;
        }
        if draft.mode == Mode::Role && draft.role_arn.is_empty() {
            draft.role_arn = profile.role_arn.clone().unwrap_or_default();
        }
        if !draft.is_of(profile) {
            return draft;
        }
        let fill = |field: &mut String, typed: bool, said: Option<String>| {
            if let (false, Some(said)) = (typed, said) {
                *field = said;
            }
        };
        let seconds = profile.duration_seconds.map(|seconds| SessionDuration::from_secs(seconds).to_string());
        fill(&mut draft.duration, self.duration.is_some(), seconds);
        fill(&mut draft.name, self.user.is_some(), profile.role_session_name.clone());
        fill(&mut draft.external_id, self.further.external_id.is_some(), profile.external_id.clone());
        let typed = self.further.mfa_serial.is_some() || self.further.no_mfa;
        fill(&mut draft.mfa_serial, typed, profile.mfa_serial.clone());
        draft
    }

    fn mode(&self) -> Mode {
        match (self.mode, &self.role_arn, &self.user) {
            (Some(mode), ..) => mode,
            (None, Some(_), _) => Mode::Role,
            (None, None, Some(_)) => Mode::Federation,
            (None, None, None) => Mode::Session,
        }
    }

    /// The positional form needs its scheme, as with the AWS CLI.
    fn location(&self) -> Result<String, Problem> {
        match (&self.location, &self.bucket) {
            (Some(location), _) if !location.starts_with("s3://") => {
                let reason = format!("{location:?} is not a location that begins with s3://");
                Err(Problem::typed(reason, "write s3://BUCKET, or s3://BUCKET/PREFIX"))
            }
            (Some(location), _) => Ok(location.clone()),
            (None, Some(bucket)) => {
                check_bucket_name(bucket).map_err(|refusal| {
                    Problem::typed(format!("--bucket: {refusal}"), "the S3 console shows the names of buckets")
                })?;
                Ok(format!("s3://{bucket}/{}", self.prefix.as_deref().unwrap_or_default()))
            }
            (None, None) => Ok(String::new()),
        }
    }

    /// A flag that would have no effect was meant for something.
    fn refuse_what_the_mode_ignores(&self, mode: Mode) -> Result<(), Problem> {
        let ignored = [
            ("--user", self.user.is_some() && !mode.takes_name(), "carries no name", "--mode federation or role"),
            ("--role-arn", self.role_arn.is_some() && mode != Mode::Role, "assumes no role", "--mode role"),
            (
                "--duration",
                self.duration.is_some() && mode == Mode::Direct,
                "takes the credentials as they are, with the end they have",
                "another mode",
            ),
        ];
        match ignored.iter().find(|(_, given, ..)| *given) {
            None => Ok(()),
            Some((flag, _, why, instead)) => {
                Err(Problem::typed(format!("{flag}: mode {mode} {why}"), format!("leave it out, or use {instead}")))
            }
        }
    }
}

/// The text of a policy. One in a file is checked here too, for only here its file's name is known.
pub(super) fn read_policy(argument: &str, location: &str) -> Result<String, Problem> {
    if let Some(name) = argument.strip_prefix("template:") {
        return fill_template(name, location);
    }
    let Some(file) = argument.strip_prefix('@') else { return Ok(argument.to_owned()) };
    let text = fs::read_to_string(Path::new(file)).map_err(|error| {
        let hint = "write the policy itself, or @ and the name of a file that holds it";
        Problem::typed(format!("--policy: could not read {file}: {error}"), hint)
    })?;
    // Editors on Windows write a byte order mark; JSON has none (RFC 8259, section 8.1).
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    SessionPolicy::parse(&text).map_err(|fault| {
        Problem::typed(format!("--policy: {file}, {fault}"), "correct the file; --scope writes a policy for you")
    })?;
    Ok(text)
}

fn fill_template(name: &str, location: &str) -> Result<String, Problem> {
    let template = Template::named(name).map_err(|refusal| {
        Problem::typed(format!("--policy: {refusal}"), "`ebbtide policy --help` says what each is for")
    })?;
    let location = Location::typed(location)
        .map_err(|refusal| Problem::typed(refusal.to_string(), "a template is filled in with s3://BUCKET/PREFIX"))?;
    Ok(template.fill(&location, Clock::system().now()).pretty())
}
