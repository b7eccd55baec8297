//! Translates a service's refusal: what it means and what to do next.
//!
//! The same code means different things to different sessions. An `AccessDenied` usually comes from a policy; for a
//! session with a session policy it may be that policy; if the same was allowed a minute ago, the session was revoked.
//! Where the message names the policy that denied ([`PolicyDenial`]), that is used instead. STS answers a session of the
//! wrong kind as if its key were unknown. All of this is one table, [`ROWS`]; the first row that fits is used.
//!
//! Invariant: every refusal that AWS documents has a row. Its kind does not depend on the session, so exit codes and the
//! state of a session do not either. The next move names options on the command line and fields in the interface.

mod denial;
mod plain;
mod rows;

use std::borrow::Cow;

use jiff::SignedDuration;

pub use denial::{DenyingPolicy, PolicyDenial};
pub use plain::Meaning;
pub use rows::{ROWS, RowCondition, TranslatorRow};

use super::{
    failure::{Failure, FailureKind, Service},
    lifetime::format_countdown,
    mint::{MintRequest, Mode},
    safe_text::printable,
};

/// From here on a clock is the likely reason for a refused signature: signatures are accepted for 15 minutes, and the
/// SDK corrects from 4 minutes on.
const SUSPICIOUS_OFFSET: SignedDuration = SignedDuration::from_mins(4);

/// What is known of the session that was refused. The default knows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErrorContext {
    /// How the credentials that were refused had been minted; `None` for a profile's own.
    pub minted: Option<Mode>,
    /// Whether a session policy limits them: one of their own, or managed ones.
    pub narrowed: bool,
    /// Whether the same was allowed to them before, and they have not expired.
    pub worked: bool,
    /// How far the services' clock is ahead of this machine's.
    pub clock_offset: SignedDuration,
    /// Whether the next move is shown in the interface, which has fields and keys instead of options.
    pub in_interface: bool,
}

impl ErrorContext {
    /// For a session minted by `request`. For [`Mode::Direct`] the credentials are the profile's own.
    pub fn of_request(request: &MintRequest, worked: bool, clock_offset: SignedDuration) -> Self {
        let mode = request.mode();
        let minted = (mode != Mode::Direct).then_some(mode);
        let narrowed = request.policy().is_some() || !request.policy_arns().is_empty();
        Self { minted, narrowed, worked, clock_offset, in_interface: false }
    }

    /// The same, shown in the interface.
    #[must_use]
    pub const fn in_interface(self) -> Self {
        Self { in_interface: true, ..self }
    }
}

/// The kind of failure that a code and its message stand for; `None` for an unknown code.
pub fn failure_kind(code: &str, message: &str) -> Option<FailureKind> {
    // The service does not change the kind: who answers is known from the words.
    ROWS.iter().find(|row| row.speaks_of(code, message)).map(|row| row.kind)
}

/// What a failure means for this session. A hint of the failure itself replaces the table's next move.
pub fn explain_failure(failure: &Failure, context: &ErrorContext) -> Meaning {
    let meaning = by_the_table(failure, context);
    if !context.in_interface {
        return meaning;
    }
    let next = IN_INTERFACE.iter().fold(meaning.next, |next, (option, field)| next.replace(option, field));
    Meaning { next, ..meaning }
}

/// What the next moves call by its option on the command line, as the interface calls it. An option that the interface
/// has no field for stays: ebbtide is started with it.
const IN_INTERFACE: &[(&str, &str)] = &[
    ("use another --scope", "mint one with another scope (n)"),
    ("--mode ", "mode "),
    ("--duration ", "duration "),
    (" (--external-id)", ""),
    (" (--mfa-serial)", ""),
    ("--mfa-serial", "F4"),
];

fn by_the_table(failure: &Failure, context: &ErrorContext) -> Meaning {
    // The code of a refusal says nothing about a session that has expired.
    let code = failure.code.as_deref().filter(|_| failure.ended.is_none());
    let row = code.and_then(|code| {
        ROWS.iter().find(|row| {
            row.from.is_none_or(|service| service == failure.service)
                && row.speaks_of(code, &failure.message)
                && row.when.is_true(context)
        })
    });
    let filled = |text: &str| fill_values(text, failure, context);
    match (&failure.hint, row) {
        (Some(hint), _) => Meaning { sentence: None, next: printable(hint).into_owned() },
        (None, Some(row)) if let Some(denial) = PolicyDenial::of_failure(failure) => {
            let meaning = denial.explain_denial(failure.service, context.worked, context.narrowed);
            // A row for these very words has the better next move.
            let next = if row.says.is_empty() { meaning.next } else { filled(row.next) };
            Meaning { next, ..meaning }
        }
        (None, Some(row)) => {
            let sentence = Some(filled(row.sentence)).filter(|sentence| !sentence.is_empty());
            let next = if row.next.is_empty() { row.kind.next_move(failure.service).into() } else { filled(row.next) };
            Meaning { sentence, next }
        }
        (None, None) => {
            // A session that was minted here has expired, whichever service says so.
            let of_the_session = failure.ended.is_some() && context.minted.is_some();
            let service = if of_the_session { Service::S3 } else { failure.service };
            Meaning { sentence: None, next: failure.kind.next_move(service).into() }
        }
    }
}

impl Failure {
    /// What it means and the next move, in one line, if nothing is known of the session. Safe to print.
    pub fn next_move(&self) -> String {
        explain_failure(self, &ErrorContext::default()).in_one_line()
    }
}

impl TranslatorRow {
    fn speaks_of(&self, code: &str, message: &str) -> bool {
        let coded = self.codes.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => code.starts_with(start),
            None => code == *pattern,
        });
        coded && message.contains(self.says)
    }
}

impl RowCondition {
    fn is_true(self, context: &ErrorContext) -> bool {
        match self {
            Self::Always => true,
            Self::Worked => context.worked,
            Self::Narrowed => context.narrowed,
            Self::Minted(modes) => context.minted.is_some_and(|mode| modes.contains(&mode)),
            Self::Skewed => context.clock_offset.abs() > SUSPICIOUS_OFFSET,
        }
    }
}

/// Puts measured values in the places of `{offset}` and `{percent}`.
fn fill_values(text: &str, failure: &Failure, context: &ErrorContext) -> String {
    let offset = || {
        let direction = if context.clock_offset.is_negative() { "ahead of" } else { "behind" };
        Cow::from(format!("{} {direction}", format_countdown(context.clock_offset.abs())))
    };
    let percent = || find_percentage(&failure.message).map_or(Cow::from("more than 100%"), Cow::from);
    let values: [(&str, &dyn Fn() -> Cow<'static, str>); 2] = [("{offset}", &offset), ("{percent}", &percent)];
    values.iter().fold(
        text.to_owned(),
        |text, (place, value)| {
            if text.contains(place) { text.replace(place, &value()) } else { text }
        },
    )
}

/// The percentage that a message names: `Packed size of session tags consumes 112% of allotted space.`
fn find_percentage(message: &str) -> Option<String> {
    let (before, _) = message.split_once('%')?;
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (1..=6).contains(&digits).then(|| format!("{}%", &before[before.len() - digits..]))
}

#[cfg(test)]
mod tests;
