//! The environment of a child that has one session's credentials and no others.
//!
//! Invariant: what the parent's environment said of other credentials, or of where to send them, is gone from the child's;
//! no argument and no file carries a secret.

use std::{borrow::Cow, ffi::OsString, process::Command};

use super::{Variable, variables};
use crate::domain::credentials::Credentials;

/// By what an SDK could find other credentials than those it is given, or an older part of them.
const OTHER_CREDENTIALS: [&str; 13] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// Runs where nothing says which shell a person likes.
const DEFAULT_SHELL: &str = "/bin/sh";

/// The services that the credentials are for, as flags, environment and profile said together.
#[derive(Debug, Clone, Copy)]
pub struct Services<'a> {
    /// Where requests are signed for.
    pub region: &'a str,
    /// The custom endpoint that minted; `None` is AWS.
    pub sts: Option<&'a str>,
    /// The custom endpoint that is browsed; `None` is AWS.
    pub s3: Option<&'a str>,
}

/// The person's shell.
pub fn shell() -> Command {
    let named = std::env::var_os("SHELL").filter(|shell| !shell.is_empty());
    Command::new(named.unwrap_or_else(|| OsString::from(DEFAULT_SHELL)))
}

/// Makes these credentials the only ones that `child` finds in its environment.
pub fn give(child: &mut Command, credentials: &Credentials, services: Services<'_>) {
    for variable in OTHER_CREDENTIALS {
        child.env_remove(variable);
    }
    for (variable, value) in variables(credentials).into_iter().chain(said_of(services)) {
        match value {
            Some(value) => child.env(variable, value.as_ref()),
            None => child.env_remove(variable),
        };
    }
}

/// What the environment says of services.
fn said_of(Services { region, sts, s3 }: Services<'_>) -> impl Iterator<Item = Variable<'_>> {
    let (general, sts, s3) = if sts == s3 { (s3, None, None) } else { (None, sts, s3) };
    // What was minted at AWS is for AWS alone: the config file's `[default]` must not lead it elsewhere.
    let ignored = if general.or(sts).or(s3).is_some() { None } else { Some("true") };
    let variables = [
        ("AWS_REGION", Some(region)),
        ("AWS_DEFAULT_REGION", Some(region)),
        ("AWS_ENDPOINT_URL", general),
        ("AWS_ENDPOINT_URL_STS", sts),
        ("AWS_ENDPOINT_URL_S3", s3),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", ignored),
    ];
    variables.into_iter().map(|(name, value)| (name, value.map(Cow::from)))
}
