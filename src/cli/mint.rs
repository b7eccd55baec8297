//! `ebbtide mint`: mint and hand the credentials to other tools.
//!
//! Invariant: the secret key and the session token are written only where `-o json` or `-o ndjson` asks for them, in the
//! form of the AWS CLI's `credential_process`.

use std::{io::Write, process::ExitCode};

use clap::Args;
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
        duration::SessionDuration,
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
    expiration: Option<jiff::Timestamp>,
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
        ("session", format!("{} with profile {}", request.mode().noun(), source.profile())),
        ("identity", arn.to_owned()),
        ("rights", request.rights()),
        ("service", format!("{} in {}", source.endpoint().unwrap_or("AWS"), source.region())),
        ("key id", minted.credentials.access_key_id.clone()),
    ];
    match minted.credentials.expiration {
        None => rows.push(("expires", "never".into())),
        Some(expiration) => {
            let lifetime = Lifetime { issued: minted.issued, expiration };
            let left = countdown(lifetime.remaining(Clock::system().now()));
            rows.push(("expires", format!("{}, in {left}", output::moment(Some(expiration)))));
            rows.extend(granted_less(request.duration(), &lifetime).map(|text| ("note", text)));
        }
    }
    rows
}

/// Said when the service granted another length than was asked for; a few seconds pass on the way.
fn granted_less(requested: Option<SessionDuration>, lifetime: &Lifetime) -> Option<String> {
    let (requested, granted) = (requested?, lifetime.length().as_secs());
    let differs = i64::from(requested.as_secs()).abs_diff(granted) > 30;
    differs.then(|| format!("{requested} was asked for, {} granted", countdown(lifetime.length())))
}
