//! `ebbtide profiles`: the profiles in the AWS config files and the environment.
//!
//! Invariant: no request is sent and no command is run. A profile that cannot be used is listed with the reason; that is
//! no failure of this command.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;
use serde_json::{Value, json as value};

use super::{
    exit::Exit,
    json,
    output::{OutputArgs, OutputForm},
    problem::Problem,
};
use crate::{
    aws::{Aws, Setting},
    clock::Clock,
    domain::{profile::Profile, safe_text::printable},
};

/// List the profiles and what is wrong with them; sends no request
#[derive(Debug, Clone, Args)]
pub struct ProfilesArgs {
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) async fn run_profiles(args: &ProfilesArgs) -> Result<ExitCode, Problem> {
    let profiles = Aws::new(Clock::system(), Setting::Process).profiles().await?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.output.form {
        OutputForm::Text => write_text(&mut out, &profiles)?,
        OutputForm::Json => {
            let all: Vec<Value> = profiles.iter().map(as_json).collect();
            OutputForm::Json.write_value(&mut out, &value!({ "profiles": all, "count": all.len() }))?;
        }
        OutputForm::Ndjson => {
            for profile in &profiles {
                json::write_compact(&mut out, &as_json(profile))?;
                writeln!(out)?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done.into())
}

fn cell_width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(&*printable(text))
}

fn write_text(out: &mut impl Write, profiles: &[Profile]) -> io::Result<()> {
    let widest = profiles.iter().map(|profile| cell_width(&profile.name)).max().unwrap_or(0).min(40);
    for profile in profiles {
        let gap = " ".repeat(widest.saturating_sub(cell_width(&profile.name)));
        let said = |text: &Option<String>| printable(text.as_deref().unwrap_or("-")).into_owned();
        write!(
            out,
            "{}{gap}  {:<9}  {:<14}  {:<12}",
            printable(&profile.name),
            profile.kind.name(),
            said(&profile.region),
            said(&profile.account)
        )?;
        if let Some(problem) = &profile.problem {
            write!(out, "  {}", printable(&problem.to_string()))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Profiles ({})", profiles.len())
}

fn as_json(profile: &Profile) -> Value {
    let problem = profile.problem.as_ref().map(|problem| {
        value!({
            "text": problem.text,
            "file": problem.place.as_ref().map(|place| &place.file),
            "line": problem.place.as_ref().map(|place| place.line),
            "usable": !problem.blocks,
        })
    });
    value!({
        "name": profile.name,
        "kind": profile.kind.name(),
        "source": if profile.ambient { "surroundings" } else { "files" },
        "region": profile.region,
        "account": profile.account,
        "role_arn": profile.role_arn,
        "source_profile": profile.source_profile,
        "mfa_serial": profile.mfa_serial,
        "command": profile.command,
        "endpoint_url": profile.sts_endpoint,
        "problem": problem,
    })
}
