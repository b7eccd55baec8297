//! `ebbtide mint`: mint, then print the session or export its credentials.
//!
//! Invariant: the secret key and the session token are printed only if `-o` asks for a format that contains them.

use std::{io::Write, process::ExitCode};

use clap::Args;
use jiff::SignedDuration;

use super::{
    exit::Exit,
    handover::{self as forms, MintOutput},
    output::{self, OutputForm},
    problem::Problem,
    session::{self, MintedSession},
    session_args::SessionArgs,
};
use crate::{
    aws::Minted,
    domain::{lifetime::format_countdown, moment::Moment, safe_text::printable, session::Grant},
    handover::{self, CredentialProcess, Dialect},
};

/// Mint a session, then print it or export its credentials
#[derive(Debug, Clone, Args)]
pub struct MintArgs {
    /// Output format; all but text contain the secrets: json for `credential_process`, env, fish or powershell to export
    /// variables, ini for ~/.aws/credentials
    #[arg(
        short,
        long,
        value_enum,
        default_value = "text",
        hide_possible_values = true,
        value_name = "text|json|ndjson|env|fish|powershell|ini"
    )]
    output: MintOutput,

    /// Profile name for -o ini [default: ebbtide]
    #[arg(long = "as", value_name = "NAME", value_parser = forms::profile_name)]
    profile_name: Option<String>,

    #[command(flatten)]
    session: SessionArgs,
}

impl MintArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

pub(super) async fn run_mint(args: &MintArgs) -> Result<ExitCode, Problem> {
    if args.profile_name.is_some() && args.output != MintOutput::Ini {
        return Err(Problem::typed("--as works only with -o ini", "remove it, or add -o ini"));
    }
    let opened = session::resolve_options(&args.session).await?.mint_session().await?;
    opened.note_lasting_keys();
    let printed = print_session(args, &opened).await;
    // Not before: whoever waits for credentials does not wait for the data directory. Printed or not, they were minted.
    opened.log_mint(&args.session);
    printed?;
    Ok(Exit::Done.into())
}

async fn print_session(args: &MintArgs, opened: &MintedSession) -> Result<(), Problem> {
    let credentials = &opened.minted.credentials;
    let account = opened.known_account();
    let services = opened.source.services(account.as_deref());
    let mut out = std::io::stdout();
    if matches!(args.output, MintOutput::Env | MintOutput::Fish | MintOutput::Powershell | MintOutput::Ini) {
        handover::check_visible(credentials)?;
    }
    match args.output {
        MintOutput::Text => {
            let identity = opened.identity().await.map(|identity| identity.arn);
            for (name, value) in session_rows(opened, identity.as_deref().unwrap_or("unknown")) {
                writeln!(out, "{name:<10}  {}", printable(&value))?;
            }
        }
        MintOutput::Json => OutputForm::Json.write_value(&mut out, &CredentialProcess::from(credentials))?,
        MintOutput::Ndjson => OutputForm::Ndjson.write_value(&mut out, &CredentialProcess::from(credentials))?,
        MintOutput::Env => handover::write_lines(&mut out, Dialect::Posix, credentials, services)?,
        MintOutput::Fish => handover::write_lines(&mut out, Dialect::Fish, credentials, services)?,
        MintOutput::Powershell => handover::write_lines(&mut out, Dialect::PowerShell, credentials, services)?,
        MintOutput::Ini => {
            handover::write_profile(
                &mut out,
                args.profile_name.as_deref().unwrap_or(handover::PROFILE_NAME),
                credentials,
            )?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The rows of the text output; nothing secret.
pub(super) fn session_rows(opened: &MintedSession, arn: &str) -> Vec<(&'static str, String)> {
    let MintedSession { source, checked, minted } = opened;
    let request = &checked.request;
    let mut rows = vec![
        ("mode", request.mode().name().to_owned()),
        ("profile", source.profile().to_owned()),
        ("identity", arn.to_owned()),
        ("rights", request.rights_in_words()),
        ("service", format!("{} in {}", source.endpoint().unwrap_or("AWS"), source.region())),
        ("key id", minted.credentials.access_key_id.clone()),
    ];
    rows.extend(granted_rows(&minted.grant));
    rows.push(("expires", expiration_text(minted, source.moment())));
    rows.extend(granted_instead(opened).map(|note| ("note", note)));
    rows
}

/// `1h requested, 15m granted`, if they differ.
pub(super) fn granted_instead(MintedSession { checked, minted, .. }: &MintedSession) -> Option<String> {
    let asked = checked.request.duration()?;
    let granted = minted.lifetime?.granted_instead(Some(asked))?;
    Some(format!("{asked} requested, {granted} granted"))
}

/// What else STS returned.
fn granted_rows(grant: &Grant) -> impl Iterator<Item = (&'static str, String)> {
    let size = grant.token_size.map(|bytes| format!("{bytes} bytes"));
    [
        ("session id", grant.user_id.clone()),
        ("source id", grant.source_identity.clone()),
        ("packed", grant.packed_percent.map(|percent| format!("{percent}% of the limit for session policy and tags"))),
        ("token", size),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
}

/// When the session ends, by the service's clock, and how far off that is.
pub(super) fn expiration_text(minted: &Minted, at: Moment) -> String {
    match minted.lifetime.map(|lifetime| (lifetime.expiration, lifetime.remaining(at))) {
        Some((end, left)) if left <= SignedDuration::ZERO => format!("{}, over", output::format_time(Some(end))),
        Some((end, left)) => format!("{}, in {}", output::format_time(Some(end)), format_countdown(left)),
        // A session token says that they end; not every source says when.
        None if minted.credentials.are_temporary() => "unknown".into(),
        None => "never".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{credentials::Credentials, lifetime::Lifetime};

    #[test]
    fn the_end_is_told_by_the_services_clock_and_never_made_up() {
        let now = Moment { local: "2026-11-22T11:00:00Z".parse().unwrap(), offset: SignedDuration::from_hours(1) };
        for (token, expiration, text) in [
            (Some("t"), Some("2026-11-22T12:42:17Z"), "2026-11-22 12:42:17Z, in 42:17"),
            (Some("t"), Some("2026-11-22T11:59:59Z"), "2026-11-22 11:59:59Z, over"),
            (Some("t"), None, "unknown"),
            (None, None, "never"),
        ] {
            let expiration = expiration.map(|expiration| expiration.parse().unwrap());
            let credentials = Credentials {
                access_key_id: "ASIA".into(),
                secret_access_key: "s".into(),
                session_token: token.map(Into::into),
                expiration,
            };
            let lifetime = expiration.map(|expiration| Lifetime::until_expiration(expiration, now));
            let minted = Minted { credentials, issued: now.local, lifetime, grant: Grant::default() };
            assert_eq!(expiration_text(&minted, now), text);
        }
    }
}
