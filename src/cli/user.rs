//! `ebbtide user`: shows an IAM user, or creates it with `--create`.
//!
//! Invariant: nothing is created without `--create`, and a note says that a created user stays.

use std::{io::Write, process::ExitCode};

use clap::Args;
use serde_json::json;

use super::{
    exit::Exit,
    output::{OutputArgs, OutputForm},
    problem::{self, Problem},
    progress,
    source_args::SourceArgs,
};
use crate::{
    aws::Iam,
    domain::{
        failure::{Failure, FailureKind, Service},
        iam::{EnsuredUser, is_name},
        safe_text::printable,
    },
};

/// Show or create an IAM user
#[derive(Debug, Clone, Args)]
pub struct UserArgs {
    /// Name of the user, without its path
    #[arg(value_name = "NAME", value_parser = check_name)]
    name: String,

    /// Create the user if it does not exist, and wait until IAM finds it; it has no rights and no keys, and stays until
    /// you delete it
    #[arg(long)]
    create: bool,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    pub(super) source: SourceArgs,
}

/// Checks a user's name.
pub(super) fn check_name(text: &str) -> Result<String, String> {
    is_name(text).then(|| text.to_owned()).ok_or_else(|| "1 to 64 letters, digits and _+=,.@-".into())
}

pub(super) async fn run_user(args: &UserArgs) -> Result<ExitCode, Problem> {
    let iam = args.source.resolve_source().await?.iam().await?;
    let EnsuredUser { user, created } = ensure_user(&iam, &args.name, args.create).await?;
    let mut out = std::io::stdout();
    if args.output.form == OutputForm::Text {
        for (name, value) in [("user", &user.name), ("arn", &user.arn), ("user id", &user.id)] {
            writeln!(out, "{name:<10}  {}", printable(value))?;
        }
    } else {
        let answer = json!({ "name": user.name, "arn": user.arn, "user_id": user.id, "created": created });
        args.output.form.write_value(&mut out, &answer)?;
    }
    Ok(Exit::Done.into())
}

/// The user; with `create`, created if it does not exist, with a note.
///
/// # Errors
/// `NotFound` if it does not exist and is not to be created. Any failure of IAM.
pub(super) async fn ensure_user(iam: &Iam, name: &str, create: bool) -> Result<EnsuredUser, Failure> {
    if !create {
        let user = progress::patiently("waiting for IAM", iam.get_user(name)).await?;
        return user.map(|user| EnsuredUser { user, created: false }).ok_or_else(|| no_such_user(name));
    }
    let ensured =
        progress::patiently("creating the user, and waiting until IAM finds it", iam.create_user(name)).await?;
    if ensured.created {
        problem::write_note(&format!(
            "created the IAM user {name}; to delete it: aws iam delete-user --user-name {name}"
        ));
    }
    Ok(ensured)
}

fn no_such_user(name: &str) -> Failure {
    let failure = Failure::local(FailureKind::NotFound, "find the user", name, "there is no such user in this account");
    Failure { service: Service::Iam, ..failure }
        .with_hint("check the name and the account; `ebbtide user NAME --create` creates the user")
}
