//! Why a command did not do what it was asked for, and how that is told.
//!
//! Invariant: every problem ends in lines `error: …` and, where there is a next move, `hint: …` on standard error; no
//! foreign text in them can act on a terminal.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::exit::{Exit, by_signal};
use crate::domain::{
    failure::Failure,
    mint::{Field, Known, Mode, Note},
    safe_text::printable,
};

/// What kept a command from its work.
#[derive(Debug)]
pub enum Problem {
    /// What was typed cannot be right; one line for each reason.
    Typed {
        /// Each names the flag.
        reasons: Vec<String>,
        /// The next move.
        hint: Option<String>,
    },
    /// A service, or this machine, refused.
    Failed(Box<Failure>),
    /// Standard output could not be written.
    Output(io::Error),
    /// A signal of this number ended it, mostly by `Ctrl-C`. Whoever sent it needs no words.
    Ended(i32),
    /// The command of `ebbtide exec` could not be started.
    NotRun {
        /// Names the command.
        reason: String,
        /// The next move.
        hint: &'static str,
        /// 126 or 127.
        exit: Exit,
    },
}

impl Problem {
    /// One reason, with the next move.
    pub fn typed(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Typed { reasons: vec![reason.into()], hint: Some(hint.into()) }
    }

    /// Tells it on standard error; the code to end with.
    ///
    /// A closed pipe is no problem: whoever read has read enough.
    pub fn report(&self) -> ExitCode {
        let (lines, exit) = match self {
            Self::Typed { reasons, hint } => {
                let errors = reasons.iter().map(|reason| format!("error: {}", printable(reason)));
                let hint = hint.iter().map(|hint| format!("hint: {}", printable(hint)));
                (errors.chain(hint).collect(), Exit::Usage)
            }
            Self::Failed(failure) => (failure_lines(failure), Exit::from(failure.kind)),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => (vec![], Exit::Done),
            Self::Output(error) => {
                (vec![format!("error: could not write the output: {}", printable(&error.to_string()))], Exit::Failed)
            }
            Self::Ended(number) => return by_signal(*number),
            Self::NotRun { reason, hint, exit } => {
                (vec![format!("error: {}", printable(reason)), format!("hint: {hint}")], *exit)
            }
        };
        say(&lines);
        exit.into()
    }
}

fn failure_lines(failure: &Failure) -> Vec<String> {
    let mut lines = vec![format!("error: {failure}")];
    lines.extend(failure.request_id.iter().map(|id| format!("request id: {}", printable(id))));
    lines.push(format!("hint: {}", printable(&failure.advice())));
    lines
}

/// Writes lines to standard error; nobody can be told if that fails.
pub(super) fn say(lines: &[String]) {
    let mut stderr = io::stderr().lock();
    for line in lines {
        let _ = writeln!(stderr, "{line}");
    }
}

/// A remark that stops nothing.
pub(super) fn note(text: &str) {
    say(&[format!("note: {}", printable(text))]);
}

/// What [`Draft::check`](crate::domain::mint::Draft::check) refused, under the names of the flags.
pub(super) fn refused(notes: &[Note], known: Known) -> Problem {
    let hint = notes.first().map(|note| {
        match note.field {
            Field::Mode => return open_modes(known),
            Field::Duration => "an hour is asked for unless told otherwise: --duration 1h",
            Field::Name => "a name of 2 to 32 letters, digits and _+=,.@- is taken everywhere",
            Field::RoleArn => "`ebbtide role NAME` shows a role's ARN, `ebbtide roles` lists them",
            Field::Location => "write s3://BUCKET/PREFIX, or --bucket BUCKET --prefix PREFIX",
            Field::Scope => "leave --scope out, or choose --mode federation or role",
            Field::Policy => "check the policy; --scope writes one",
            Field::PolicyArns => "the policy's page in the IAM console shows its ARN",
            Field::Tags | Field::TransitiveTags => {
                "write --tag KEY=VALUE, and --transitive-tag KEY for one of these keys"
            }
            Field::ExternalId => "whoever owns the role gives the external id",
            Field::SourceIdentity => "a name of 2 to 64 letters, digits and _+=,.@- is taken",
            Field::MfaSerial => "`aws iam list-mfa-devices` shows it; --no-mfa asks for no code",
            Field::MfaCode => "six digits, as the device shows them",
            Field::Profile => "`ebbtide profiles` lists them",
        }
        .to_owned()
    });
    Problem::Typed { reasons: notes.iter().map(by_flag).collect(), hint }
}

/// What else can be done with credentials that are kept from a mode.
fn open_modes(known: Known) -> String {
    let options: Vec<&str> = known
        .open_modes()
        .map(|mode| match mode {
            Mode::Session => "--mode session",
            Mode::Federation => "--user NAME federates",
            Mode::Role => "--role-arn ARN assumes a role",
            Mode::Direct => "--mode direct takes the credentials as they are",
        })
        .collect();
    format!("open to these credentials: {}; --profile chooses others", options.join(", "))
}

/// A remark about a field, under the name of its flag.
pub(super) fn by_flag(note: &Note) -> String {
    format!("{}: {}", flag(note.field), note.text)
}

const fn flag(field: Field) -> &'static str {
    match field {
        Field::Profile => "--profile",
        Field::Mode => "--mode",
        Field::Duration => "--duration",
        Field::Name => "--user",
        Field::RoleArn => "--role-arn",
        Field::Location => "s3://BUCKET[/PREFIX]",
        Field::Scope => "--scope",
        Field::Policy => "--policy",
        Field::PolicyArns => "--policy-arn",
        Field::Tags => "--tag",
        Field::TransitiveTags => "--transitive-tag",
        Field::ExternalId => "--external-id",
        Field::SourceIdentity => "--source-identity",
        Field::MfaSerial => "--mfa-serial",
        Field::MfaCode => "the MFA code",
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

/// Nothing but writing results fails with a bare [`io::Error`]: every other place says what it needed.
impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
