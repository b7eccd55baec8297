//! How results are printed.
//!
//! Invariant: JSON holds text as the service sent it, escaped so that it is [harmless](super::json); text for people
//! goes through [`printable`](crate::domain::safe_text::printable).

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json as value};

use super::{json, problem};
use crate::domain::identity::Identity;

/// The option that says in which form; `mint` has its own, whose help says more.
#[derive(Debug, Clone, Args)]
pub(super) struct OutputArgs {
    /// Output format
    #[arg(
        short = 'o',
        long = "output",
        value_enum,
        default_value = "text",
        hide_possible_values = true,
        value_name = "text|json|ndjson"
    )]
    pub(super) form: OutputForm,
}

/// The form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum OutputForm {
    /// Lines for people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// One JSON object a line
    Ndjson,
}

impl OutputForm {
    /// Writes a value that is one document in either form of JSON.
    pub(super) fn write_value(self, out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
        if self == Self::Ndjson {
            json::write_compact(out, value)?;
        } else {
            json::write_pretty(out, value)?;
        }
        writeln!(out)
    }
}

/// The last line of a list. It is for people, so where something else reads standard output it goes to standard error.
pub(super) fn write_summary(out: &mut impl Write, summary: &str) -> io::Result<()> {
    if io::stdout().is_terminal() {
        writeln!(out, "{summary}")?;
        return out.flush();
    }
    out.flush()?;
    problem::write_error_lines(&[summary.to_owned()]);
    Ok(())
}

pub(super) fn identity_json(identity: &Identity) -> Value {
    value!({ "arn": identity.arn, "account": account_of(identity) })
}

/// `None` where the service has no accounts.
pub(super) fn account_of(identity: &Identity) -> Option<&str> {
    Some(identity.account.as_str()).filter(|account| !account.is_empty())
}

/// `2026-11-01 10:00:00Z`, or as many dashes.
pub(super) fn format_time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".repeat(20), |time| time.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}
