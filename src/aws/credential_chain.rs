//! How a profile gets its credentials: the first source, and the roles assumed from there.
//!
//! Invariant: a route follows the precedence of the AWS SDKs, and always ends. Listing profiles and using them follow
//! the same route. No file is read and no request is sent.

use aws_runtime::env_config::file::EnvConfigFileKind;

use super::{
    endpoint::check_region,
    fault::{ChainFault, section_fault},
    file_keys,
    lines::SectionKind,
    sections::{Section, Sections},
};
use crate::domain::{credentials::Credentials, profile::ProfileKind};

/// The longest that a role's ARN may be; names and ids are shorter.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
const LONGEST_PARAMETER: usize = 2048;

/// How a profile's credentials are made.
#[derive(Debug, Clone)]
pub(super) struct CredentialChain {
    /// The first source.
    pub(super) base: BaseCredentials,
    /// The profile that says so; `None` for the surroundings.
    pub(super) base_profile: Option<String>,
    /// Roles assumed from there, the first one first.
    pub(super) roles: Vec<ChainStep>,
}

/// Credentials that need no others.
#[derive(Debug, Clone)]
pub(super) enum BaseCredentials {
    /// Keys of a file.
    Keys(Credentials),
    /// A command that prints them.
    Process(String),
    /// IAM Identity Center.
    Sso(SsoLogin),
    /// A token that another identity provider wrote into a file.
    WebIdentity(WebIdentity),
    /// The environment's keys.
    Environment,
    /// The container's metadata service.
    Container,
    /// The instance's metadata service.
    Instance,
}

/// One account and role of IAM Identity Center, and the login that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SsoLogin {
    pub(super) session: Option<String>,
    pub(super) start_url: String,
    pub(super) region: String,
    pub(super) account_id: String,
    pub(super) role_name: String,
    /// Whose settings these are.
    pub(super) profile: String,
}

/// A role that is assumed with the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) role_arn: String,
    pub(super) token_file: String,
    pub(super) session_name: Option<String>,
}

/// One role on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainStep {
    /// The profile that names the role.
    pub(super) profile: String,
    pub(super) role_arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) duration_seconds: Option<i32>,
    pub(super) mfa_serial: Option<String>,
}

impl CredentialChain {
    /// The surroundings themselves.
    pub(super) fn ambient(base: BaseCredentials) -> Self {
        Self { base, base_profile: None, roles: vec![] }
    }

    /// That of a profile which is in the files.
    pub(super) fn of_profile(sections: &Sections, first: Section<'_>) -> Result<Self, ChainFault> {
        let mut roles = vec![];
        let mut visited: Vec<&str> = vec![];
        let mut section = first;
        let base = loop {
            visited.push(section.name());
            // The first profile is asked for its role; a source that has keys is asked for its identity without one.
            let Some(hop) = role_step(section).filter(|_| visited.len() == 1 || !file_keys::has_any_key(section))
            else {
                break base_of_section(sections, section)?;
            };
            check_hop(section, &hop)?;
            roles.push(hop);
            match find_assumer(section)? {
                Assumer::Named(name) => break named_source(section, name)?,
                Assumer::Itself => break base_of_section(sections, section)?,
                Assumer::Profile(name) => {
                    if visited.contains(&name) {
                        let circle = format!("{}, {name}", visited.join(", "));
                        let text = format!("the source profiles form a circle: {circle}");
                        return Err(section_fault(first, Some("source_profile"), text));
                    }
                    section = sections.find_profile(name).ok_or_else(|| {
                        section_fault(section, Some("source_profile"), format!("there is no profile {name}"))
                    })?;
                }
            }
        };
        roles.reverse();
        Ok(Self { base, base_profile: Some(section.name().to_owned()), roles })
    }

    /// The way up to the last role, and that role.
    pub(super) fn before_last_role(&self) -> Option<Self> {
        let mut before = self.clone();
        before.roles.pop()?;
        Some(before)
    }

    /// The first role, except the last, that needs an MFA code: only the last role of a chain can take one.
    pub(super) fn mfa_midway(&self) -> Option<&ChainStep> {
        let (_, midway) = self.roles.split_last()?;
        midway.iter().find(|hop| hop.mfa_serial.is_some())
    }
}

/// The role a section assumes, unless it is one of a web identity.
fn role_step(section: Section<'_>) -> Option<ChainStep> {
    if section.setting("web_identity_token_file").is_some() {
        return None;
    }
    Some(ChainStep {
        profile: section.name().to_owned(),
        role_arn: section.setting_owned("role_arn")?,
        external_id: section.setting_owned("external_id"),
        session_name: section.setting_owned("role_session_name"),
        duration_seconds: section.setting("duration_seconds").and_then(|seconds| seconds.parse().ok()),
        mfa_serial: section.setting_owned("mfa_serial"),
    })
}

/// What a call for a role would send has to be text that a line can hold. Whether the service takes it, it says itself.
fn check_hop(section: Section<'_>, hop: &ChainStep) -> Result<(), ChainFault> {
    let sent = [
        ("role_arn", Some(&hop.role_arn)),
        ("role_session_name", hop.session_name.as_ref()),
        ("external_id", hop.external_id.as_ref()),
        ("mfa_serial", hop.mfa_serial.as_ref()),
    ];
    let odd = sent.into_iter().find_map(|(key, text)| Some((key, unsendable_character(text?)?)));
    odd.map_or(Ok(()), |(key, why)| Err(section_fault(section, Some(key), format!("{key} cannot be used: {why}"))))
}

/// Why a text cannot be a parameter of a call.
pub(super) fn unsendable_character(text: &str) -> Option<String> {
    if text.len() > LONGEST_PARAMETER {
        return Some(format!("it is {} bytes long; AWS allows {LONGEST_PARAMETER}", text.len()));
    }
    let at = text.chars().position(char::is_control)?;
    Some(format!("character {} is a control character, such as a line break", at + 1))
}

/// Whose credentials assume a section's role.
enum Assumer<'a> {
    /// Those of another profile.
    Profile(&'a str),
    /// `credential_source`.
    Named(&'a str),
    /// Its own keys, by a `source_profile` that names the section itself.
    Itself,
}

fn find_assumer(section: Section<'_>) -> Result<Assumer<'_>, ChainFault> {
    match (section.setting("source_profile"), section.setting("credential_source")) {
        (Some(_), Some(_)) => Err(section_fault(
            section,
            Some("credential_source"),
            "source_profile and credential_source exclude each other",
        )),
        (None, None) => {
            Err(section_fault(section, Some("role_arn"), "role_arn needs a source_profile or a credential_source"))
        }
        (Some(name), None) if name == section.name() => {
            let why = "source_profile names the profile itself, which has no keys";
            if file_keys::has_any_key(section) {
                Ok(Assumer::Itself)
            } else {
                Err(section_fault(section, Some("source_profile"), why))
            }
        }
        (Some(name), None) => Ok(Assumer::Profile(name)),
        (None, Some(name)) => Ok(Assumer::Named(name)),
    }
}

/// What gives a section's own credentials, its role aside, in the order of the AWS CLI and boto3: a web identity, IAM
/// Identity Center, keys of the credentials file, `aws login`, a process, keys of the config file. What only ebbtide
/// takes, a `credential_source` without a role, comes last.
/// <https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html#configure-precedence>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Provider<'a> {
    WebIdentity(&'a str),
    Sso,
    CredentialsFile,
    Login,
    Process(&'a str),
    ConfigFile,
    Named(&'a str),
    /// The half of a key pair, or a token by itself.
    Half,
    Nothing,
}

fn find_provider(section: Section<'_>) -> Provider<'_> {
    let has = |key: &str| section.setting(key).is_some();
    if let Some(file) = section.setting("web_identity_token_file") {
        Provider::WebIdentity(file)
    } else if has("sso_account_id") || has("sso_role_name") {
        Provider::Sso
    } else if file_keys::are_in(EnvConfigFileKind::Credentials, section) {
        Provider::CredentialsFile
    } else if has("login_session") {
        Provider::Login
    } else if let Some(command) = section.setting("credential_process") {
        Provider::Process(command)
    } else if file_keys::are_in(EnvConfigFileKind::Config, section) {
        Provider::ConfigFile
    } else if let Some(name) = section.setting("credential_source") {
        Provider::Named(name)
    } else if file_keys::partial_keys(section).is_some() {
        Provider::Half
    } else if has("sso_session") || has("sso_start_url") {
        Provider::Sso
    } else {
        Provider::Nothing
    }
}

/// How a section's credentials would be got, by the same order.
pub(super) fn profile_kind(section: Section<'_>) -> ProfileKind {
    if role_step(section).is_some() {
        return ProfileKind::Role;
    }
    let keys = |file| {
        if file_keys::token_in(file, section).is_some() { ProfileKind::SessionKeys } else { ProfileKind::Keys }
    };
    match find_provider(section) {
        Provider::WebIdentity(_) => ProfileKind::WebIdentity,
        Provider::Sso => ProfileKind::Sso,
        Provider::CredentialsFile => keys(EnvConfigFileKind::Credentials),
        Provider::ConfigFile => keys(EnvConfigFileKind::Config),
        Provider::Half => ProfileKind::Keys,
        Provider::Process(_) => ProfileKind::Process,
        Provider::Named(name) => match credential_source(name) {
            Some(BaseCredentials::Environment) => ProfileKind::Environment,
            Some(BaseCredentials::Instance) => ProfileKind::Instance,
            Some(BaseCredentials::Container) => ProfileKind::Container,
            _ => ProfileKind::Nothing,
        },
        Provider::Login | Provider::Nothing => ProfileKind::Nothing,
    }
}

/// Whether neither a role nor credentials of its own are in a section.
pub(super) fn says_nothing(section: Section<'_>) -> bool {
    role_step(section).is_none() && find_provider(section) == Provider::Nothing
}

fn base_of_section(sections: &Sections, section: Section<'_>) -> Result<BaseCredentials, ChainFault> {
    match find_provider(section) {
        Provider::WebIdentity(file) => web_identity(section, file).map(BaseCredentials::WebIdentity),
        Provider::Sso => sso_login(sections, section).map(BaseCredentials::Sso),
        Provider::CredentialsFile => {
            file_keys::read_keys(EnvConfigFileKind::Credentials, section).map(BaseCredentials::Keys)
        }
        Provider::ConfigFile => file_keys::read_keys(EnvConfigFileKind::Config, section).map(BaseCredentials::Keys),
        Provider::Process(command) => Ok(BaseCredentials::Process(command.to_owned())),
        Provider::Named(name) => named_source(section, name),
        Provider::Half => Err(file_keys::partial_keys(section).unwrap_or_else(|| no_credentials_fault(section))),
        Provider::Nothing => Err(no_credentials_fault(section)),
        Provider::Login => {
            let name = section.name();
            let text = format!(
                "ebbtide cannot read logins of `aws login`: write credential_process = aws configure export-credentials --profile {name} --format process into another profile"
            );
            Err(section_fault(section, Some("login_session"), text))
        }
    }
}

fn no_credentials_fault(section: Section<'_>) -> ChainFault {
    section_fault(section, None, "it has no credentials")
}

/// What `credential_source` names, by any case.
fn credential_source(name: &str) -> Option<BaseCredentials> {
    let known = [
        ("Environment", BaseCredentials::Environment),
        ("Ec2InstanceMetadata", BaseCredentials::Instance),
        ("EcsContainer", BaseCredentials::Container),
    ];
    known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, base)| base)
}

fn named_source(section: Section<'_>, name: &str) -> Result<BaseCredentials, ChainFault> {
    credential_source(name).ok_or_else(|| {
        let text = format!("{name} is not one of Environment, Ec2InstanceMetadata, EcsContainer");
        section_fault(section, Some("credential_source"), text)
    })
}

fn web_identity(section: Section<'_>, token_file: &str) -> Result<WebIdentity, ChainFault> {
    let lone = || section_fault(section, Some("web_identity_token_file"), "web_identity_token_file needs a role_arn");
    let identity = WebIdentity {
        role_arn: section.setting_owned("role_arn").ok_or_else(lone)?,
        token_file: token_file.to_owned(),
        session_name: section.setting_owned("role_session_name"),
    };
    for (key, text) in [("role_arn", Some(&identity.role_arn)), ("role_session_name", identity.session_name.as_ref())] {
        if let Some(why) = text.and_then(|text| unsendable_character(text)) {
            return Err(section_fault(section, Some(key), format!("{key} cannot be used: {why}")));
        }
    }
    Ok(identity)
}

/// The login a section names, in its own words and in those of an `[sso-session]`, which must not contradict each other.
fn sso_login(sections: &Sections, section: Section<'_>) -> Result<SsoLogin, ChainFault> {
    let session = section.setting("sso_session");
    let shared = match session {
        None => None,
        Some(name) => Some(sections.sso_session(name).ok_or_else(|| {
            section_fault(section, Some("sso_session"), format!("there is no section [sso-session {name}]"))
        })?),
    };
    let at = session.map_or((SectionKind::Profile, section.name()), |name| (SectionKind::SsoSession, name));
    let missing =
        |key: &str| ChainFault { section: (at.0, at.1.to_owned()), key: None, text: format!("{key} is missing") };
    let setting = |key: &'static str| {
        let of_session = shared.and_then(|shared| shared.get(key)).filter(|value| !value.is_empty());
        match (section.setting(key), of_session) {
            (Some(own), Some(of_session)) if own != of_session => {
                let text = format!("{key} is {own} in the profile, but {of_session} in its sso-session");
                Err(section_fault(section, Some(key), text))
            }
            (own, of_session) => Ok(of_session.or(own)),
        }
    };
    let (start_url, region) = (setting("sso_start_url")?, setting("sso_region")?);
    let (Some(account_id), Some(role_name)) =
        (section.setting_owned("sso_account_id"), section.setting_owned("sso_role_name"))
    else {
        let text = "both sso_account_id and sso_role_name are needed";
        return Err(section_fault(section, session.map_or(Some("sso_start_url"), |_| Some("sso_session")), text));
    };
    let region = region.ok_or_else(|| missing("sso_region"))?;
    // It becomes part of the name of the host that is shown the login's token.
    check_region(region).map_err(|why| ChainFault {
        section: (at.0, at.1.to_owned()),
        key: Some("sso_region"),
        text: format!("sso_region {region:?} is {}", why.message),
    })?;
    Ok(SsoLogin {
        session: session.map(str::to_owned),
        start_url: start_url.ok_or_else(|| missing("sso_start_url"))?.to_owned(),
        region: region.to_owned(),
        account_id,
        role_name,
        profile: section.name().to_owned(),
    })
}
