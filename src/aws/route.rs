//! How a profile comes to its credentials: where they begin, and the roles assumed on the way.
//!
//! Invariant: a route is followed in the order of precedence of the AWS SDKs, and never without end; whoever lists
//! profiles and whoever uses them go by the same one. Nothing is read or asked.

use std::fmt;

use aws_config::profile::{Profile as Section, ProfileSet};
use aws_sdk_sts::config::Credentials as SdkCredentials;

use super::lines::Kind;

/// From what a profile's credentials are made.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// Where they begin.
    pub(super) base: Base,
    /// The profile that says so; `None` for the surroundings.
    pub(super) base_profile: Option<String>,
    /// Roles assumed from there, the first one first.
    pub(super) roles: Vec<Hop>,
}

/// Credentials that need no others.
#[derive(Debug, Clone)]
pub(super) enum Base {
    /// Keys of a file.
    Keys(SdkCredentials),
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

/// A role for whoever shows the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) role_arn: String,
    pub(super) token_file: String,
    pub(super) session_name: Option<String>,
}

/// One role on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    /// The profile that names the role.
    pub(super) profile: String,
    pub(super) role_arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) duration_seconds: Option<i32>,
    pub(super) mfa_serial: Option<String>,
}

/// Why there is no route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// In which section.
    pub(super) section: (Kind, String),
    /// Which line of it.
    pub(super) key: Option<&'static str>,
    pub(super) text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A setting, unless it is empty.
pub(super) fn said<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    section.get(key).filter(|value| !value.is_empty())
}

fn owned(section: &Section, key: &str) -> Option<String> {
    said(section, key).map(str::to_owned)
}

fn fault(section: &Section, key: Option<&'static str>, text: impl Into<String>) -> Fault {
    Fault { section: (Kind::Profile, section.name().to_owned()), key, text: text.into() }
}

impl Route {
    /// The surroundings themselves.
    pub(super) fn ambient(base: Base) -> Self {
        Self { base, base_profile: None, roles: vec![] }
    }

    /// That of a profile which is in the files.
    pub(super) fn of(sections: &ProfileSet, first: &Section) -> Result<Self, Fault> {
        let mut roles = vec![];
        let mut visited: Vec<&str> = vec![];
        let mut section = first;
        let base = loop {
            visited.push(section.name());
            // A source's keys come before any role that it names too.
            if visited.len() > 1
                && let Some(keys) = keys(section).ok().flatten()
            {
                break Base::Keys(keys);
            }
            let Some(hop) = hop(section) else { break base(sections, section)? };
            roles.push(hop);
            match source(section)? {
                None => break base(sections, section)?,
                Some(name) => {
                    if visited.contains(&name) {
                        let circle = format!("{}, {name}", visited.join(", "));
                        let text = format!("each takes its credentials from the next: {circle}");
                        return Err(fault(first, Some("source_profile"), text));
                    }
                    section = sections.get_profile(name).ok_or_else(|| {
                        fault(section, Some("source_profile"), format!("no profile is called {name}"))
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

    /// The first role but the last that asks for an MFA code: nobody can be asked for it midway.
    pub(super) fn mfa_midway(&self) -> Option<&Hop> {
        let (_, midway) = self.roles.split_last()?;
        midway.iter().find(|hop| hop.mfa_serial.is_some())
    }
}

/// The role a section assumes, unless it is one of a web identity.
fn hop(section: &Section) -> Option<Hop> {
    if said(section, "web_identity_token_file").is_some() {
        return None;
    }
    Some(Hop {
        profile: section.name().to_owned(),
        role_arn: owned(section, "role_arn")?,
        external_id: owned(section, "external_id"),
        session_name: owned(section, "role_session_name"),
        duration_seconds: said(section, "duration_seconds").and_then(|seconds| seconds.parse().ok()),
        mfa_serial: owned(section, "mfa_serial"),
    })
}

/// The profile whose credentials assume a section's role; `None` if they are its own.
fn source(section: &Section) -> Result<Option<&str>, Fault> {
    match (said(section, "source_profile"), said(section, "credential_source")) {
        (Some(_), Some(_)) => {
            Err(fault(section, Some("credential_source"), "source_profile and credential_source exclude each other"))
        }
        (None, None) => {
            Err(fault(section, Some("role_arn"), "role_arn needs a source_profile or a credential_source beside it"))
        }
        (Some(name), None) => Ok((name != section.name()).then_some(name)),
        (None, Some(_)) => Ok(None),
    }
}

fn base(sections: &ProfileSet, section: &Section) -> Result<Base, Fault> {
    if let Some(name) = said(section, "credential_source") {
        return named_source(section, name);
    }
    if let Some(file) = said(section, "web_identity_token_file") {
        return web_identity(section, file).map(Base::WebIdentity);
    }
    if let Some(login) = sso(sections, section)? {
        return Ok(Base::Sso(login));
    }
    if said(section, "login_session").is_some() {
        let name = section.name();
        let text = format!(
            "logins of `aws login` are not read here: write credential_process = aws configure export-credentials --profile {name} --format process in a profile of its own"
        );
        return Err(fault(section, Some("login_session"), text));
    }
    if let Some(command) = said(section, "credential_process") {
        return Ok(Base::Process(command.to_owned()));
    }
    let nothing = || fault(section, None, "it says nothing about credentials");
    keys(section)?.map(Base::Keys).ok_or_else(nothing)
}

fn named_source(section: &Section, name: &str) -> Result<Base, Fault> {
    let known = [
        ("Environment", Base::Environment),
        ("Ec2InstanceMetadata", Base::Instance),
        ("EcsContainer", Base::Container),
    ];
    known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, base)| base).ok_or_else(|| {
        let text = format!("{name} is none of Environment, Ec2InstanceMetadata, EcsContainer");
        fault(section, Some("credential_source"), text)
    })
}

fn web_identity(section: &Section, token_file: &str) -> Result<WebIdentity, Fault> {
    let lone = || fault(section, Some("web_identity_token_file"), "web_identity_token_file needs a role_arn beside it");
    Ok(WebIdentity {
        role_arn: owned(section, "role_arn").ok_or_else(lone)?,
        token_file: token_file.to_owned(),
        session_name: owned(section, "role_session_name"),
    })
}

/// Both keys, none, or a complaint about the half that is there.
fn keys(section: &Section) -> Result<Option<SdkCredentials>, Fault> {
    const KEY: &str = "aws_access_key_id";
    const SECRET: &str = "aws_secret_access_key";
    match (said(section, KEY), said(section, SECRET)) {
        (Some(key), Some(secret)) => {
            Ok(Some(SdkCredentials::new(key, secret, owned(section, "aws_session_token"), None, "ebbtide")))
        }
        (Some(_), None) => Err(fault(section, Some(KEY), format!("half a key pair: {SECRET} is missing"))),
        (None, Some(_)) => Err(fault(section, Some(SECRET), format!("half a key pair: {KEY} is missing"))),
        (None, None) if said(section, "aws_session_token").is_some() => {
            Err(fault(section, Some("aws_session_token"), "a session token without its key pair"))
        }
        (None, None) => Ok(None),
    }
}

/// The login a section names, in its own words or in those of an `[sso-session]`.
fn sso(sections: &ProfileSet, section: &Section) -> Result<Option<SsoLogin>, Fault> {
    let own = |key| said(section, key);
    let [session, start_url] = ["sso_session", "sso_start_url"].map(own);
    if session.is_none() && start_url.is_none() {
        return Ok(None);
    }
    let (start_url, region) = match session {
        None => (start_url, own("sso_region")),
        Some(name) => {
            let no_session = || fault(section, Some("sso_session"), format!("there is no [sso-session {name}]"));
            let shared = sections.sso_session(name).ok_or_else(no_session)?;
            (shared.get("sso_start_url"), shared.get("sso_region"))
        }
    };
    let at = session.map_or((Kind::Profile, section.name()), |name| (Kind::SsoSession, name));
    let missing = |key: &str| Fault { section: (at.0, at.1.to_owned()), key: None, text: format!("{key} is missing") };
    let (Some(account_id), Some(role_name)) = (own("sso_account_id"), own("sso_role_name")) else {
        let text = "sso_account_id and sso_role_name are needed, both";
        return Err(fault(section, session.map_or(Some("sso_start_url"), |_| Some("sso_session")), text));
    };
    Ok(Some(SsoLogin {
        session: session.map(str::to_owned),
        start_url: start_url.ok_or_else(|| missing("sso_start_url"))?.to_owned(),
        region: region.ok_or_else(|| missing("sso_region"))?.to_owned(),
        account_id: account_id.to_owned(),
        role_name: role_name.to_owned(),
        profile: section.name().to_owned(),
    }))
}
