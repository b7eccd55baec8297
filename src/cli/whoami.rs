//! `ebbtide whoami`: mint, then show the identity of the minted credentials.
//!
//! Invariant: the identity comes from the service: from `GetCallerIdentity`, or, where the service has none, from the
//! reply that granted the session. It is never guessed from the profile.

use std::{io::Write, process::ExitCode};

use clap::Args;
use serde_json::json;

use super::{
    exit::Exit,
    mint,
    output::{self, OutputArgs, OutputForm},
    problem::Problem,
    session,
    session_args::SessionArgs,
};
use crate::domain::{duration::SessionDuration, safe_text::printable};

/// Mint a session, then show its identity
#[derive(Debug, Clone, Args)]
pub struct WhoamiArgs {
    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    session: SessionArgs,
}

impl WhoamiArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

pub(super) async fn run_whoami(args: &WhoamiArgs) -> Result<ExitCode, Problem> {
    let opened = session::open_session(&args.session).await?;
    let identity = opened.known_identity().await?;
    let mut out = std::io::stdout();
    if args.output.form == OutputForm::Text {
        for (name, value) in mint::session_rows(&opened, &identity.arn) {
            writeln!(out, "{name:<10}  {}", printable(&value))?;
        }
        writeln!(out, "{:<10}  {}", "account", printable(output::account_of(&identity).unwrap_or("unknown")))?;
        writeln!(out, "{:<10}  {}", "user id", printable(&identity.user_id))?;
    } else {
        let (source, grant) = (&opened.source, &opened.minted.grant);
        let answer = json!({
            "arn": identity.arn,
            "account": output::account_of(&identity),
            "user_id": identity.user_id,
            "mode": opened.checked.request.mode().name(),
            "profile": source.profile(),
            "region": source.region(),
            "endpoint": source.endpoint(),
            "expiration": opened.minted.credentials.expiration,
            "asked_seconds": opened.checked.request.duration().map(SessionDuration::as_secs),
            "granted_seconds": opened.minted.lifetime.map(|lifetime| lifetime.length().as_secs()),
            "session_id": grant.user_id,
            "session_arn": grant.arn,
            "source_identity": grant.source_identity,
            "packed_percent": grant.packed_percent,
            "token_size": grant.token_size,
        });
        args.output.form.write_value(&mut out, &answer)?;
    }
    Ok(Exit::Done.into())
}
