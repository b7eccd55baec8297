//! Why a command failed, and how that is printed.
//!
//! Invariant: every problem is printed as lines `error: …` and, if there is a next move, `hint: …` on standard error. No
//! foreign text in them can act on a terminal.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::exit::{Exit, by_signal};
use crate::domain::{
    failure::Failure,
    mint::{Field, MintFacts, Mode, Note},
    safe_text::printable,
};

/// Why a command failed.
#[derive(Debug)]
pub enum Problem {
    /// The arguments are wrong; one line for each reason.
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
    /// A signal of this number ended it, mostly `Ctrl-C`. Nothing is printed.
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

    /// Prints it on standard error. Returns the exit code.
    ///
    /// A closed pipe is not an error: the reader has read enough.
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
        write_error_lines(&lines);
        exit.into()
    }
}

fn failure_lines(failure: &Failure) -> Vec<String> {
    let mut lines = vec![format!("error: {failure}")];
    lines.extend(failure.request_id.iter().map(|id| format!("request id: {}", printable(id))));
    // It is safe to print; escaped twice, it would show other names than there are.
    lines.push(format!("hint: {}", failure.next_move()));
    lines
}

/// Writes lines to standard error; a failure of that cannot be reported anywhere.
pub(super) fn write_error_lines(lines: &[String]) {
    let mut stderr = io::stderr().lock();
    for line in lines {
        let _ = writeln!(stderr, "{line}");
    }
}

/// A remark that stops nothing.
pub(super) fn write_note(text: &str) {
    write_error_lines(&[format!("note: {}", printable(text))]);
}

/// What [`Draft::check`](crate::domain::mint::Draft::check) refused, under the names of the flags.
pub(super) fn refused_draft(notes: &[Note], facts: MintFacts) -> Problem {
    let hint = notes.first().map(|note| {
        match note.field {
            Field::Mode => return open_modes(facts),
            Field::Duration => "the default is --duration 1h",
            Field::Name => "use 2 to 32 letters, digits and _+=,.@-",
            Field::RoleArn => "`ebbtide roles` lists the roles with their ARNs, `ebbtide role NAME` shows one",
            Field::Location => "write s3://BUCKET/PREFIX, or --bucket BUCKET --prefix PREFIX",
            Field::Scope => "remove --scope, or use --mode federation or --mode role",
            Field::Policy => "correct the policy, or let --scope write one",
            Field::PolicyArns => "the IAM console shows the ARN on the policy's page",
            Field::Tags | Field::TransitiveTags => {
                "write --tag KEY=VALUE, and --transitive-tag KEY for the key of one of these tags"
            }
            Field::ExternalId => "the owner of the role knows the external ID",
            Field::SourceIdentity => "use 2 to 64 letters, digits and _+=,.@-",
            Field::MfaSerial => "`aws iam list-mfa-devices` lists your devices; --no-mfa sends no code",
            Field::MfaCode => "use the six digits that the device shows",
            Field::Profile => "`ebbtide profiles` lists the profiles",
        }
        .to_owned()
    });
    Problem::Typed { reasons: notes.iter().map(by_flag).collect(), hint }
}

/// The modes that are possible with these credentials.
fn open_modes(facts: MintFacts) -> String {
    let options: Vec<&str> = facts
        .open_modes()
        .map(|mode| match mode {
            Mode::Session => "--mode session",
            Mode::Federation => "--mode federation",
            Mode::Role => "--mode role with --role-arn ARN",
            Mode::Direct => "--mode direct (use them as they are)",
        })
        .collect();
    format!("possible with these credentials: {}; or choose another --profile", options.join(", "))
}

/// A remark about a field, under the name of its flag.
pub(super) fn by_flag(note: &Note) -> String {
    format!("{}: {}", flag_name(note.field), note.text)
}

const fn flag_name(field: Field) -> &'static str {
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

/// Only writing results fails with a bare [`io::Error`]: every other place says what failed.
impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureKind;

    #[test]
    fn foreign_text_in_a_hint_is_escaped_once() {
        let failure = Failure::local(FailureKind::NotFound, "read", "s3://b/a\x1b[31mb", "gone");
        let lines = failure_lines(&failure.with_hint("look at a\x1b[31mb"));
        assert!(lines[0].contains("s3://b/a\\x1b[31mb"), "{lines:?}");
        assert_eq!(lines[1], "hint: look at a\\x1b[31mb");
    }
}
