//! The session options: profile, kind of session, service. The same for every command.
//!
//! Invariant: this file knows the options, [`Draft`] the rules; no rule is in both.

use std::{ffi::OsString, fs, os::unix::ffi::OsStrExt, path::Path, str::FromStr};

use clap::{
    Args, ValueEnum,
    builder::{OsStringValueParser, TypedValueParser},
};

use super::{
    further_args::ExtraArgs,
    problem::{self, Problem},
};
use crate::{
    clock::Clock,
    domain::{
        location::{Location, NotALocation, check_bucket_name},
        mint::{Draft, Field, Mode, RequestedSession},
        name_text::text_of,
        policy::{SessionPolicy, Template, Verbs},
        profile::{PathStyle, ProfileChoice, SourceOptions},
    },
    store::Store,
};

/// The value of `--scope`: `none`, or as [`Verbs`] are written.
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

/// The value of `--source`: credentials that do not come from a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SourceArg {
    /// `AWS_ACCESS_KEY_ID` and its companions
    Environment,
    /// The role that `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` name
    WebIdentity,
    /// The IAM role of this container
    Container,
    /// The IAM role of this EC2 instance
    Instance,
}

/// A name as it was typed, also one that is not UTF-8.
#[expect(clippy::needless_pass_by_value, reason = "what clap calls")]
fn typed_name(typed: OsString) -> String {
    text_of(typed.as_bytes()).into_owned()
}

/// Whose credentials, which session, against which service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Session options")]
pub struct SessionArgs {
    /// Bucket and prefix; --scope and policy templates are limited to them
    #[arg(value_name = "s3://BUCKET[/PREFIX]", help_heading = "Arguments", value_parser = OsStringValueParser::new().map(typed_name))]
    pub location: Option<String>,

    /// Profile in the AWS config files [default: keys in the environment, `AWS_PROFILE`, `default`]
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Credentials from the environment, a web identity token, the container or the EC2 instance, instead of a profile
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "environment|web-identity|container|instance",
        conflicts_with = "profile"
    )]
    pub source: Option<SourceArg>,

    /// AWS region [default: `AWS_REGION`, the profile's region, us-west-2]
    #[arg(short, long)]
    pub region: Option<String>,

    /// Service endpoint instead of AWS [default: from the environment, the profile]
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// Address buckets by path instead of by host name; auto: only on a custom endpoint
    #[arg(long, value_enum, default_value = "auto", hide_possible_values = true, value_name = "auto|always|never")]
    pub path_style: PathStyleArg,

    /// What to mint: session (a session token), federation (a federated user), role (an assumed role), or direct
    /// (nothing: use the profile's own credentials) [default: role with --role-arn or a role profile; federation with
    /// --user; direct for a profile with temporary credentials; else session]
    #[arg(short, long, value_name = "MODE")]
    pub mode: Option<Mode>,

    /// Duration of the session: 15m, 1h30m, 7200 or 7200s [default: 1h]
    #[arg(short = 't', long, value_name = "TIME")]
    pub duration: Option<String>,

    /// Name of the federated user, or role session name [default: ebbtide]
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<String>,

    /// ARN of the role to assume
    #[arg(long, value_name = "arn:aws:iam::ACCOUNT:role/NAME")]
    pub role_arn: Option<String>,

    /// Bucket, if it is not given as a location
    #[arg(short, long, conflicts_with = "location")]
    pub bucket: Option<String>,

    /// Prefix in --bucket
    #[arg(long, requires = "bucket", conflicts_with = "location", value_parser = OsStringValueParser::new().map(typed_name))]
    pub prefix: Option<String>,

    /// Limit a federated user or role to the bucket and prefix, by a session policy: list, read, write or none; or a
    /// comma-separated list of list, get, get-version, put, delete, tags [default: read for a federated user, none for a
    /// role]
    #[arg(long, value_name = "list|read|write|none")]
    pub scope: Option<ScopeArg>,

    /// Session policy instead of --scope: JSON, @FILE, or template:NAME for the bucket and prefix; `ebbtide policy
    /// --help` lists the templates
    #[arg(long, conflicts_with = "scope", value_name = "JSON|@FILE|template:NAME")]
    pub policy: Option<String>,

    /// Options that few sessions need.
    #[command(flatten)]
    pub further: ExtraArgs,

    /// Allow plain http:// to a remote endpoint
    #[arg(long)]
    pub allow_plain_http: bool,

    /// Do not log this session for `ebbtide history`
    #[arg(long)]
    pub no_mint_log: bool,

    /// Write a debug log; its path is printed on standard error
    #[arg(short, long)]
    pub debug: bool,
}

impl SessionArgs {
    /// The files in the data directory, unless options turn them off.
    pub(super) fn store(&self) -> Option<Store> {
        let store = Store::of_person()?;
        Some(if self.no_mint_log { store.without_mint_log() } else { store })
    }

    /// The options that choose credentials and service.
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

    /// The session options as typed, unchecked.
    ///
    /// # Errors
    /// If the mode does not take one of the options, or if the policy cannot be read.
    pub fn requested_session(&self) -> Result<RequestedSession, Problem> {
        self.further.refuse_codes()?;
        let location = self.location_text()?;
        let policy = self.policy.as_deref().map(|policy| read_policy(policy, &location)).transpose()?;
        let (further, blank) = (&self.further, Draft::default());
        let text = |typed: &Option<String>| typed.clone().unwrap_or_default();
        let values = Draft {
            // A role that is named is there to be assumed.
            mode: self.mode.unwrap_or(Mode::Role),
            duration: self.duration.clone().unwrap_or(blank.duration),
            name: self.user.clone().unwrap_or(blank.name),
            role_arn: text(&self.role_arn),
            verbs: self.scope.and_then(|ScopeArg(verbs)| verbs),
            policy,
            location,
            policy_arns: further.policy_arn.clone(),
            tags: further.tag.clone(),
            transitive_tags: further.transitive_tag.clone(),
            external_id: text(&further.external_id),
            source_identity: text(&further.source_identity),
            mfa_serial: text(&further.mfa_serial),
        };
        let typed = [
            (Field::Mode, self.mode.is_some() || self.role_arn.is_some()),
            (Field::Duration, self.duration.is_some()),
            (Field::Name, self.user.is_some()),
            (Field::RoleArn, self.role_arn.is_some()),
            (Field::Location, !values.location.is_empty()),
            (Field::Scope, self.scope.is_some()),
            (Field::Policy, self.policy.is_some()),
            (Field::PolicyArns, !further.policy_arn.is_empty()),
            (Field::Tags, !further.tag.is_empty()),
            (Field::TransitiveTags, !further.transitive_tag.is_empty()),
            (Field::ExternalId, further.external_id.is_some()),
            (Field::SourceIdentity, further.source_identity.is_some()),
            (Field::MfaSerial, further.mfa_serial.is_some() || further.no_mfa),
        ];
        let typed = typed.into_iter().filter(|(_, typed)| *typed).map(|(field, _)| field);
        let implied = self.user.is_some().then_some(Mode::Federation);
        let requested = RequestedSession::new(values, typed).with_implied_mode(implied);
        if let Some(mode) = self.mode {
            refuse_what_the_mode_ignores(&requested, mode)?;
        }
        Ok(requested)
    }

    /// The location that was typed; a bucket without a prefix is its top.
    pub(super) fn typed_location(&self) -> Result<Location, Problem> {
        let text = self.location_text()?;
        if text.is_empty() {
            return Ok(Location::all_buckets());
        }
        text.parse().map_err(|refusal: NotALocation| Problem::typed(refusal.to_string(), "write s3://BUCKET/KEY"))
    }

    /// A positional location needs `s3://`, as with the AWS CLI.
    fn location_text(&self) -> Result<String, Problem> {
        match (&self.location, &self.bucket) {
            (Some(location), _) if !location.starts_with("s3://") => {
                let reason = format!("\"{location}\" does not start with s3://");
                Err(Problem::typed(reason, "write s3://BUCKET, or s3://BUCKET/PREFIX"))
            }
            (Some(location), _) => Ok(location.clone()),
            (None, Some(bucket)) => {
                check_bucket_name(bucket).map_err(|refusal| {
                    Problem::typed(format!("--bucket: {refusal}"), "`ebbtide ls` lists your buckets")
                })?;
                Ok(format!("s3://{bucket}/{}", self.prefix.as_deref().unwrap_or_default()))
            }
            (None, None) => Ok(String::new()),
        }
    }
}

/// Refuses options that would have no effect in this mode.
pub(super) fn refuse_what_the_mode_ignores(requested: &RequestedSession, mode: Mode) -> Result<(), Problem> {
    let ignored = requested.ignored_by(mode);
    if ignored.is_empty() {
        return Ok(());
    }
    let hint = match (requested.has_typed(Field::Mode), mode) {
        (false, Mode::Direct) => {
            "the profile's credentials are temporary, so the mode is direct: remove this option, or assume a role with --role-arn"
        }
        _ => "remove this option, or use another --mode",
    };
    Err(Problem::Typed { reasons: ignored.iter().map(problem::by_flag).collect(), hint: Some(hint.into()) })
}

/// The text of a policy. A policy in a file is checked here, because only here the file's name is known.
pub(super) fn read_policy(argument: &str, location: &str) -> Result<String, Problem> {
    if let Some(name) = argument.strip_prefix("template:") {
        return fill_template(name, location);
    }
    let Some(file) = argument.strip_prefix('@') else { return Ok(argument.to_owned()) };
    let text = fs::read_to_string(Path::new(file)).map_err(|error| {
        let hint = "write --policy @FILE with the path of a policy file, or the policy itself as JSON";
        Problem::typed(format!("--policy: could not read {file}: {error}"), hint)
    })?;
    // Editors on Windows write a byte order mark; JSON has none (RFC 8259, section 8.1).
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    SessionPolicy::parse_typed(&text).map_err(|fault| {
        Problem::typed(format!("--policy: {file}, {fault}"), "correct the file, or let --scope write the policy")
    })?;
    Ok(text)
}

fn fill_template(name: &str, location: &str) -> Result<String, Problem> {
    let template = Template::find_template(name).map_err(|refusal| {
        Problem::typed(format!("--policy: {refusal}"), "`ebbtide policy --help` lists the templates")
    })?;
    let location = Location::parse_typed(location)
        .map_err(|refusal| Problem::typed(refusal.to_string(), "a template needs a bucket: s3://BUCKET/PREFIX"))?;
    Ok(template.fill_template(&location, Clock::system().now()).pretty_json())
}
