//! `ebbtide mint`: mint and hand the credentials to other tools.
//!
//! Invariant: the secret key and the session token are written only where `-o json` or `-o ndjson` asks for them, in the
//! form of the AWS CLI's `credential_process`.

use std::{io::Write, process::ExitCode};

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::{
    exit::Exit,
    output::{self, Form},
    problem::Problem,
    session::{self, Opened},
    session_args::SessionArgs,
};
use crate::{
    clock::Clock,
    domain::{
        credentials::{Credentials, ExposeSecret},
        lifetime::{Lifetime, countdown},
        safe_text::printable,
    },
};

/// Mint a session and print it: for people without its secrets, with -o json as other tools read it.
#[derive(Debug, Clone, Args)]
pub struct MintArgs {
    /// Form of the output; json is what the AWS CLI's `credential_process` reads, secrets included
    #[arg(
        short,
        long,
        value_enum,
        default_value = "text",
        hide_possible_values = true,
        value_name = "text|json|ndjson"
    )]
    output: Form,

    #[command(flatten)]
    session: SessionArgs,
}

impl MintArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CredentialProcess<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<Timestamp>,
}

impl<'a> From<&'a Credentials> for CredentialProcess<'a> {
    fn from(credentials: &'a Credentials) -> Self {
        Self {
            version: 1,
            access_key_id: &credentials.access_key_id,
            secret_access_key: credentials.secret_access_key.expose_secret(),
            session_token: credentials.session_token.as_ref().map(ExposeSecret::expose_secret),
            expiration: credentials.expiration,
        }
    }
}

pub(super) async fn run(args: &MintArgs) -> Result<ExitCode, Problem> {
    let opened = session::open(&args.session).await?;
    let mut out = std::io::stdout();
    match args.output {
        Form::Json | Form::Ndjson => {
            args.output.write_value(&mut out, &CredentialProcess::from(&opened.minted.credentials))?;
        }
        Form::Text => {
            let identity = opened.source.caller_identity(&opened.minted.credentials).await?;
            for (name, value) in rows(&opened, &identity.arn) {
                writeln!(out, "{name:<10}  {}", printable(&value))?;
            }
        }
    }
    Ok(Exit::Done.into())
}

/// What a person wants to know of a session; nothing secret.
pub(super) fn rows(opened: &Opened, arn: &str) -> Vec<(&'static str, String)> {
    let Opened { source, checked, minted } = opened;
    let request = &checked.request;
    let mut rows = vec![
        ("mode", request.mode().name().to_owned()),
        ("profile", source.profile().to_owned()),
        ("identity", arn.to_owned()),
        ("rights", request.rights()),
        ("service", format!("{} in {}", source.endpoint().unwrap_or("AWS"), source.region())),
        ("key id", minted.credentials.access_key_id.clone()),
    ];
    rows.push(("expires", expires(&minted.credentials, source.service_time(Clock::system().now()))));
    let asked = request.duration();
    let lifetime = minted.credentials.expiration.map(|expiration| Lifetime { issued: minted.issued, expiration });
    if let (Some(asked), Some(granted)) = (asked, lifetime.and_then(|lifetime| lifetime.granted_less(asked))) {
        rows.push(("note", format!("{asked} was asked for, {granted} granted")));
    }
    rows
}

/// When the session ends, and how far off that is at `now`, by the service's clock.
fn expires(credentials: &Credentials, now: Timestamp) -> String {
    match credentials.expiration {
        Some(end) if end <= now => format!("{}, over", output::moment(Some(end))),
        Some(end) => format!("{}, in {}", output::moment(Some(end)), countdown(end.duration_since(now))),
        // A session token says that they end; not every source says when.
        None if credentials.are_temporary() => "unknown".into(),
        None => "never".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_told_by_the_services_clock_and_never_made_up() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        for (token, expiration, text) in [
            (Some("t"), Some("2026-11-22T12:42:17Z"), "2026-11-22 12:42:17Z, in 42:17"),
            (Some("t"), Some("2026-11-22T11:59:59Z"), "2026-11-22 11:59:59Z, over"),
            (Some("t"), None, "unknown"),
            (None, None, "never"),
        ] {
            let credentials = Credentials {
                access_key_id: "ASIA".into(),
                secret_access_key: "s".into(),
                session_token: token.map(Into::into),
                expiration: expiration.map(|expiration| expiration.parse().unwrap()),
            };
            assert_eq!(expires(&credentials, now), text);
        }
    }
}
