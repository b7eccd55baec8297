//! Keys in the AWS config files, and their expiration.
//!
//! Invariant: keys come from one file, together with that file's session token and expiration. An error about an
//! unusable value names the setting and never quotes the value. An unreadable expiration is a note; the keys are used.

use aws_runtime::env_config::file::EnvConfigFileKind;
use jiff::Timestamp;

use super::{
    fault::{Fault, fault},
    sections::Section,
};
use crate::domain::{
    credentials::{Credentials, KeyPart},
    stated_end::stated_end,
};

const KEY: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";

/// The old name comes first, as for the AWS CLI and boto3.
const TOKENS: [&str; 2] = ["aws_security_token", "aws_session_token"];

/// By what the tools that write keys into files say when these end: saml2aws and okta-aws-cli, gimme-aws-creds,
/// aws-azure-login, aws-mfa.
const ENDS: [&str; 4] = ["x_security_token_expires", "aws_credential_expiration", "aws_expiration", "expiration"];

const FILES: [EnvConfigFileKind; 2] = [EnvConfigFileKind::Credentials, EnvConfigFileKind::Config];

/// Whether a file holds keys, by the key id, as for the AWS CLI and boto3: a secret alone is passed over.
pub(super) fn are_in(file: EnvConfigFileKind, section: Section<'_>) -> bool {
    section.said_in(file, KEY).is_some()
}

/// Whether there is any part of a key pair.
pub(super) fn any(section: Section<'_>) -> bool {
    [KEY, SECRET].into_iter().any(|key| section.said(key).is_some())
}

/// The session token beside a file's keys.
pub(super) fn token_in(file: EnvConfigFileKind, section: Section<'_>) -> Option<&str> {
    TOKENS.into_iter().find_map(|key| section.said_in(file, key))
}

/// The keys of a file that [holds](are_in) some.
pub(super) fn read(file: EnvConfigFileKind, section: Section<'_>) -> Result<Credentials, Fault> {
    let (Some(key), Some(secret)) = (section.said_in(file, KEY), section.said_in(file, SECRET)) else {
        return Err(fault(section, Some(KEY), format!("incomplete keys: {SECRET} is missing")));
    };
    let keys = Credentials {
        access_key_id: key.into(),
        secret_access_key: secret.into(),
        session_token: token_in(file, section).map(Into::into),
        expiration: end_in(file, section).and_then(Result::ok),
    };
    match keys.oddity() {
        None => Ok(keys),
        Some((part, why)) => {
            let setting = match part {
                KeyPart::KeyId => KEY,
                KeyPart::Secret => SECRET,
                KeyPart::Token => {
                    TOKENS.into_iter().find(|key| section.said_in(file, key).is_some()).unwrap_or(TOKENS[1])
                }
            };
            Err(fault(section, Some(setting), format!("{setting} cannot be used: {why}")))
        }
    }
}

/// What is there of a key pair without its key id.
pub(super) fn half(section: Section<'_>) -> Option<Fault> {
    if section.said(SECRET).is_some() {
        return Some(fault(section, Some(SECRET), format!("incomplete keys: {KEY} is missing")));
    }
    let token = TOKENS.into_iter().find(|key| section.said(key).is_some())?;
    Some(fault(section, Some(token), "a session token without its keys"))
}

/// A date beside the keys that cannot be read: the setting, and what is wrong.
pub(super) fn odd_end(section: Section<'_>) -> Option<(&'static str, String)> {
    let file = FILES.into_iter().find(|file| are_in(*file, section))?;
    end_in(file, section)?.err()
}

/// The end that a file says of its keys; of several the first that can be read, or else what is wrong.
fn end_in(file: EnvConfigFileKind, section: Section<'_>) -> Option<Result<Timestamp, (&'static str, String)>> {
    let said = ENDS.into_iter().filter_map(|key| Some((key, section.said_in(file, key)?)));
    let read = said.map(|(key, text)| stated_end(text).map_err(|why| (key, format!("{key}: {why}"))));
    read.reduce(Result::or)
}
