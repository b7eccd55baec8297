//! Environment variables that decide which credentials are used, and where they are sent.
//!
//! Invariant: an empty variable counts as not set, and a variable that cannot be read is an error.

use std::env::VarError;

use aws_types::os_shim_internal::Env;

use crate::domain::failure::{Failure, FailureKind};

/// By what a profile is named, the first one first.
///
/// The AWS CLI v2 goes by this order. boto3 asks them the other way round; where both are set and differ, that is told.
/// <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html>
pub(super) const PROFILE_VARIABLES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/// The variables of a key pair.
pub(super) const KEY: &str = "AWS_ACCESS_KEY_ID";
pub(super) const SECRET: &str = "AWS_SECRET_ACCESS_KEY";

/// The old name comes first, as for the AWS CLI and boto3.
pub(super) const TOKENS: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];

/// Variables that decide whose credentials are used, and where they go.
const DECISIVE: [&str; 18] = [
    KEY,
    SECRET,
    TOKENS[0],
    TOKENS[1],
    PROFILE_VARIABLES[0],
    PROFILE_VARIABLES[1],
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_IAM",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_SESSION_NAME",
];

/// A variable that is empty is one that is not set.
pub(super) fn variable(env: &Env, name: &str) -> Option<String> {
    env.get(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Refuses a variable that cannot be read: passed over, it would leave the choice to what comes after it.
pub(super) fn check_variables(env: &Env) -> Result<(), Failure> {
    let odd = DECISIVE.into_iter().find(|name| matches!(env.get(name), Err(VarError::NotUnicode(_))));
    odd.map_or(Ok(()), |name| {
        Err(Failure::local(FailureKind::Invalid, "read the variable", name, "it is not UTF-8")
            .with_hint("set it again, or unset it"))
    })
}

/// The profile that the environment names, and the variable that does.
pub(super) fn profile_named(env: &Env) -> Option<(String, &'static str)> {
    PROFILE_VARIABLES.into_iter().find_map(|name| Some((variable(env, name)?, name)))
}
