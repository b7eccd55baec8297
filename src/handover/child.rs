//! The environment of a child process that has one session's credentials and no others.
//!
//! Invariant: variables that select other credentials or another endpoint are removed; no argument and no file holds a
//! secret.

use std::{ffi::OsString, process::Command};

use super::{Services, credential_variables};
use crate::domain::credentials::Credentials;

/// By what an SDK could find other credentials than those it is given, or an older part of them.
const OTHER_CREDENTIALS: [&str; 12] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
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

/// The person's shell.
pub fn preferred_shell() -> Command {
    let named = std::env::var_os("SHELL").filter(|shell| !shell.is_empty());
    Command::new(named.unwrap_or_else(|| OsString::from(DEFAULT_SHELL)))
}

/// Makes these credentials the only ones that `child` finds in its environment.
pub fn set_environment(child: &mut Command, credentials: &Credentials, services: Services<'_>) {
    for variable in OTHER_CREDENTIALS {
        child.env_remove(variable);
    }
    for (variable, value) in credential_variables(credentials).into_iter().chain(services.of_a_child()) {
        match value {
            Some(value) => child.env(variable, value.as_ref()),
            None => child.env_remove(variable),
        };
    }
}
