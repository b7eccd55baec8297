//! `ebbtide history`: prints the mint log in the data directory.
//!
//! Invariant: no request is sent, and the log holds no secret.

use std::{io::Write, process::ExitCode};

use clap::Args;
use jiff::Timestamp;

use super::{
    exit::Exit,
    output::{self, OutputArgs, OutputForm},
    problem::{self, Problem},
};
use crate::{
    domain::safe_text::printable,
    store::{LoggedMint, Store},
};

/// Show the sessions that were minted on this machine
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_history(args: &HistoryArgs) -> Result<ExitCode, Problem> {
    let logged =
        Store::of_person().map_or_else(|| Ok(crate::store::Logged::default()), |store| store.logged_mints())?;
    if logged.unread > 0 {
        problem::write_note(&format!("{} lines of the log could not be read and are not shown", logged.unread));
    }
    let mut out = std::io::stdout().lock();
    match args.output.form {
        OutputForm::Text => {
            for mint in &logged.mints {
                writeln!(out, "{}", history_line(mint))?;
            }
        }
        OutputForm::Json => OutputForm::Json.write_value(&mut out, &logged.mints)?,
        OutputForm::Ndjson => {
            for mint in &logged.mints {
                OutputForm::Ndjson.write_value(&mut out, mint)?;
            }
        }
    }
    Ok(Exit::Done.into())
}

/// `2026-11-22 14:00:00Z  sts:AssumeRole  ana  arn:…/reader as ebbtide  until 2026-11-22 15:00:00Z`.
fn history_line(mint: &LoggedMint) -> String {
    let moment = |time: Timestamp| output::format_time(Some(time));
    let of = match &mint.name {
        Some(name) => format!("{} as {name}", mint.profile),
        None => mint.profile.clone(),
    };
    let policy = mint.policy_sha256.as_ref().map(|hash| format!("policy {}", hash.get(..12).unwrap_or(hash)));
    let until = mint.expiration.map(|end| format!("until {}", moment(end)));
    let parts = [Some(mint.api.clone()), Some(of), mint.role_arn.clone(), policy, until];
    let mut words: Vec<String> = parts.iter().flatten().map(|part| printable(part).into_owned()).collect();
    words.push(format!("…{}", printable(&mint.key_id_end)));
    format!("{}  {}", moment(mint.time), words.join("  "))
}
