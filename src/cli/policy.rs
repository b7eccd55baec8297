//! `ebbtide policy`: writes a session policy, and explains it.
//!
//! Invariant: no request is sent and no credentials are read; what is printed is what `--scope` and `--policy` of the
//! other commands would send.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;

use super::{
    exit::Exit,
    output::{OutputArgs, OutputForm},
    problem::{self, Problem},
    session_args::{ScopeArg, read_policy},
};
use crate::domain::{
    mint::{Draft, Limits, MintFacts, Mode},
    policy::{SessionPolicy, Verbs},
    safe_text::printable,
};

/// Write or explain a session policy; sends no request
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// Bucket and prefix of the policy
    #[arg(value_name = "s3://BUCKET[/PREFIX]")]
    location: String,

    /// What it allows: list, read or write; or a comma-separated list of list, get, get-version, put, delete, tags
    #[arg(long, value_name = "list|read|write", default_value = "read")]
    scope: ScopeArg,

    /// Explain this policy instead: JSON, @FILE or a template
    #[arg(long, conflicts_with = "scope", value_name = "JSON|@FILE|template:NAME")]
    policy: Option<String>,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_policy(args: &PolicyArgs) -> Result<ExitCode, Problem> {
    let policy = chosen_policy(args)?;
    let mut out = std::io::stdout().lock();
    if args.output.form == OutputForm::Text {
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
    for risk in policy.find_risks() {
        writeln!(out, "risk: {risk}")?;
    }
    writeln!(out, "{length} of {most} characters\n")?;
    writeln!(out, "{}", policy.pretty_json())
}

/// The policy that a federated user would get.
fn chosen_policy(args: &PolicyArgs) -> Result<SessionPolicy, Problem> {
    let ScopeArg(verbs) = args.scope;
    let draft = Draft {
        mode: Mode::Federation,
        policy: args.policy.as_deref().map(|text| read_policy(text, &args.location)).transpose()?,
        location: args.location.clone(),
        verbs: Some(verbs.unwrap_or(Verbs::NONE)),
        ..Draft::default()
    };
    // Too long is said, and not refused: a role's policy may be.
    let checked = draft
        .check_fields(Limits::Advised, MintFacts::default())
        .map_err(|notes| problem::refused_draft(&notes, MintFacts::default()))?;
    for advice in &checked.advice {
        problem::write_note(&problem::by_flag(advice));
    }
    Ok(checked.request.policy().expect("a draft that says how to narrow is narrowed").clone())
}
