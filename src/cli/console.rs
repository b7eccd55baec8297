//! `ebbtide console`: a URL that signs in to the AWS console as the minted session.
//!
//! Invariant: the URL is as secret as the credentials. Only this command prints it, to standard output only.

use std::{io::Write, process::ExitCode};

use clap::Args;

use super::{exit::Exit, problem, problem::Problem, progress, session, session_args::SessionArgs};
use crate::domain::{
    console::{ConsolePage, closed_to},
    credentials::ExposeSecret,
};

/// Mint a session, then print a sign-in URL for the AWS console
#[derive(Debug, Clone, Args)]
pub struct ConsoleArgs {
    #[command(flatten)]
    pub(super) session: SessionArgs,
}

pub(super) async fn run_console(args: &ConsoleArgs) -> Result<ExitCode, Problem> {
    let resolved = session::resolve_options(&args.session).await?;
    if let Some(why) = closed_to(resolved.checked.request.mode()) {
        return Err(Problem::typed(format!("--mode: {why}"), "use --mode role or --mode federation"));
    }
    let opened = resolved.mint_session().await?;
    opened.log_mint(&args.session);
    let credentials = &opened.minted.credentials;
    let identity = opened.source.session_identity(&opened.minted).await?;
    opened.warn_of_contradiction(&identity);
    let page = ConsolePage::Location(opened.checked.location.clone());
    let url = opened.source.sign_in_url(credentials, &identity, &page);
    let url = progress::patiently("asking for a sign-in token", url).await?;
    if let Some(endpoint) = opened.source.sign_in_endpoint() {
        problem::write_note(&format!("this URL is from {endpoint}, not from AWS, and works only there"));
    }
    problem::write_note("anyone who opens this URL within 15 minutes is signed in as this session until it expires");
    writeln!(std::io::stdout(), "{}", url.expose_secret())?;
    Ok(Exit::Done.into())
}
