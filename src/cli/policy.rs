//! `ebbtide policy`: write a session policy and what it means, without asking anybody.
//!
//! Invariant: no service is asked and no credentials are read; what is printed is what `--scope` and `--policy` of the
//! other commands would send.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;

use super::{
    exit::Exit,
    output::{Form, OutputArgs},
    problem::{self, Problem},
    session_args::{ScopeArg, read_policy},
};
use crate::domain::{
    mint::{Draft, Known, Limits, Mode},
    policy::{SessionPolicy, Verbs},
    safe_text::printable,
};

/// Write a session policy and what it means; nobody is asked.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// Bucket and prefix that it is about
    #[arg(value_name = "s3://BUCKET[/PREFIX]")]
    location: String,

    /// What it allows: one of these words, or several of list, get, get-version, put, delete, tags with commas
    #[arg(long, value_name = "list|read|write", default_value = "read")]
    scope: ScopeArg,

    /// Explain this one instead: JSON, @ and the name of a file, or a template
    #[arg(long, conflicts_with = "scope", value_name = "JSON|@FILE|template:NAME")]
    policy: Option<String>,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &PolicyArgs) -> Result<ExitCode, Problem> {
    let policy = policy(args)?;
    let mut out = std::io::stdout().lock();
    if args.output.form == Form::Text {
        write_text(&mut out, &policy)?;
    } else {
        // As it is sent; another spelling could have characters that AWS does not take.
        writeln!(out, "{}", policy.as_json())?;
    }
    Ok(Exit::Done.into())
}

fn write_text(out: &mut impl Write, policy: &SessionPolicy) -> io::Result<()> {
    let (length, most) = (policy.as_json().len(), SessionPolicy::MOST_CHARACTERS);
    writeln!(out, "{}", printable(&policy.in_words()))?;
    for risk in policy.risks() {
        writeln!(out, "risky: {risk}")?;
    }
    writeln!(out, "{length} of {most} characters\n")?;
    writeln!(out, "{}", policy.pretty())
}

/// What a federated user would be minted with.
fn policy(args: &PolicyArgs) -> Result<SessionPolicy, Problem> {
    let ScopeArg(verbs) = args.scope;
    let draft = Draft {
        mode: Mode::Federation,
        policy: args.policy.as_deref().map(|text| read_policy(text, &args.location)).transpose()?,
        location: args.location.clone(),
        verbs: Some(verbs.unwrap_or(Verbs::NONE)),
        ..Draft::default()
    };
    // Too long is said, and not refused: a role's policy may be.
    let checked =
        draft.check(Limits::Advised, Known::default()).map_err(|notes| problem::refused(&notes, Known::default()))?;
    for advice in &checked.advice {
        problem::note(&problem::by_flag(advice));
    }
    Ok(checked.request.policy().expect("a draft that says how to narrow is narrowed").clone())
}
