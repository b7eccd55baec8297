//! `ebbtide role` and `ebbtide roles`: existence and maximum duration of roles, and whether they would admit the caller.
//!
//! Invariant: whether a role admits the caller is a forecast from its trust policy, and is shown as one, with the
//! reason.

use std::{
    io::{BufWriter, Write},
    process::ExitCode,
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    exit::Exit,
    output::{self, OutputArgs, OutputForm},
    problem::Problem,
    progress,
    source_args::SourceArgs,
};
use crate::{
    aws::{Iam, Source},
    domain::{
        duration::SessionDuration,
        failure::{Failure, FailureKind, Service},
        iam::{Role, RoleName, could_admit},
        identity::Identity,
        safe_text::printable,
    },
};

/// Show an IAM role, and whether the profile can probably assume it
#[derive(Debug, Clone, Args)]
pub struct RoleArgs {
    /// The role's name, or its ARN
    #[arg(value_name = "NAME|ARN")]
    role: String,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    pub(super) source: SourceArgs,
}

/// List IAM roles, and whether the profile can probably assume them
#[derive(Debug, Clone, Args)]
pub struct RolesArgs {
    /// Only roles below this path, such as /teams/tide/
    #[arg(long, value_name = "PATH")]
    path_prefix: Option<String>,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    pub(super) source: SourceArgs,
}

pub(super) async fn run_role(args: &RoleArgs) -> Result<ExitCode, Problem> {
    let Some(wanted) = RoleName::parse(&args.role) else {
        let reason = format!("{:?} is not a role name or a role ARN", args.role);
        return Err(Problem::typed(reason, "write NAME, or arn:aws:iam::ACCOUNT:role/NAME"));
    };
    let (iam, caller) = open_iam(&args.source.resolve_source().await?).await?;
    let role = find_role(&iam, wanted).await?;
    let mut out = std::io::stdout();
    if args.output.form == OutputForm::Text {
        for (name, value) in role_rows(&role, &caller) {
            writeln!(out, "{name:<10}  {}", printable(&value))?;
        }
    } else {
        args.output.form.write_value(&mut out, &role_json(&role, &caller))?;
    }
    Ok(Exit::Done.into())
}

/// The role; a failure if it does not exist.
///
/// # Errors
/// `NotFound` if it does not exist. Any failure of IAM.
pub(super) async fn find_role(iam: &Iam, wanted: RoleName<'_>) -> Result<Role, Failure> {
    let role = progress::patiently("asking IAM", iam.get_role(wanted)).await?;
    role.ok_or_else(|| {
        let subject = wanted.arn.unwrap_or(wanted.name);
        let failure =
            Failure::local(FailureKind::NotFound, "find the role", subject, "there is no such role in this account");
        Failure { service: Service::Iam, ..failure }
            .with_hint("check name, path and account; IAM shows only roles in the caller's own account")
    })
}

/// IAM, and the identity of the caller.
async fn open_iam(source: &Source) -> Result<(Iam, Identity), Failure> {
    let credentials = source.own_credentials().await?;
    let caller = progress::patiently("checking the caller's identity", source.caller_identity(&credentials)).await?;
    Ok((source.iam_with(&credentials), caller))
}

fn role_rows(role: &Role, caller: &Identity) -> Vec<(&'static str, String)> {
    let admission = could_admit(&role.trust_policy, caller);
    let why = admission.reason().map(|why| format!(": {why}")).unwrap_or_default();
    let mut rows = vec![
        ("role", role.name.clone()),
        ("arn", role.arn.clone()),
        ("longest", longest_session(role)),
        ("admits", format!("{}, {}{why}", caller.arn, admission.word())),
    ];
    rows.extend(role.description.clone().map(|text| ("about", text)));
    rows
}

fn longest_session(role: &Role) -> String {
    role.longest.map_or_else(|| "unknown".into(), |longest| longest.to_string())
}

fn role_json(role: &Role, caller: &Identity) -> Value {
    let admission = could_admit(&role.trust_policy, caller);
    json!({
        "name": role.name,
        "arn": role.arn,
        "max_duration_seconds": role.longest.map(SessionDuration::as_secs),
        "description": role.description,
        "admits": { "caller": caller.arn, "forecast": admission.word(), "why": admission.reason() },
    })
}

pub(super) async fn run_list(args: &RolesArgs) -> Result<ExitCode, Problem> {
    let (iam, caller) = open_iam(&args.source.resolve_source().await?).await?;
    let form = args.output.form;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut pages, mut count, mut document) = (iam.role_pages(args.path_prefix.as_deref()), 0, vec![]);
    while let Some(roles) = progress::patiently("listing roles", pages.next_page()).await? {
        for role in &roles {
            count += 1;
            match form {
                OutputForm::Text => {
                    let word = could_admit(&role.trust_policy, &caller);
                    writeln!(out, "{:<8}  {:>6}  {}", word.word(), longest_session(role), printable(&role.arn))?;
                }
                OutputForm::Ndjson => form.write_value(&mut out, &role_json(role, &caller))?,
                OutputForm::Json => document.push(role_json(role, &caller)),
            }
        }
        out.flush()?;
    }
    match form {
        OutputForm::Text => output::write_summary(&mut out, &format!("Roles ({count})"))?,
        OutputForm::Ndjson => {}
        OutputForm::Json => {
            form.write_value(&mut out, &json!({ "roles": document, "count": count, "complete": true }))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done.into())
}
