//! The session options that few sessions need: MFA, external id, source identity, managed policies, tags.
//!
//! Invariant: no option carries a code: arguments can be read by every process, and stay in a shell's history.

use std::{convert::Infallible, str::FromStr};

use clap::Args;

use super::problem::Problem;

/// How a code is given, for hints.
pub(super) const THREE_WAYS: &str =
    "type it when asked on a terminal, give it with --mfa-code-stdin, or name a command as the profile's mfa_process";

/// What else a session may be asked for with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Further session options")]
pub struct FurtherArgs {
    /// MFA device whose code goes along: its ARN, or a hardware device's serial number [default: the profile's]
    #[arg(long, value_name = "ARN")]
    pub mfa_serial: Option<String>,

    /// Read the device's code from standard input, six digits in one line [default: the profile's `mfa_process`, else
    /// ask on the terminal]
    #[arg(long)]
    pub mfa_code_stdin: bool,

    /// Send no code, although the profile names a device
    #[arg(long, conflicts_with_all = ["mfa_serial", "mfa_code_stdin"])]
    pub no_mfa: bool,

    /// What the trust policy of somebody else's role asks for [default: the role profile's]
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,

    /// Who is behind the session: stays with every session that is assumed from it
    #[arg(long, value_name = "NAME")]
    pub source_identity: Option<String>,

    /// Managed policy that narrows the session too; up to ten
    #[arg(long, value_name = "ARN")]
    pub policy_arn: Vec<String>,

    /// Session tag; up to fifty
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<String>,

    /// Key of a tag that goes on to the sessions assumed from this one
    #[arg(long, value_name = "KEY")]
    pub transitive_tag: Vec<String>,

    /// Refused: where a code does not belong.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "", aliases = ["mfa-token", "token-code"])]
    pub mfa_code: Option<NotHere>,
}

/// An argument that is not looked at, for it may be a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotHere;

impl FromStr for NotHere {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl FurtherArgs {
    /// Refuses a code that was given as an argument.
    pub(super) fn refuse_codes(&self) -> Result<(), Problem> {
        if self.mfa_code.is_none() {
            return Ok(());
        }
        Err(Problem::typed(
            "an MFA code is not taken as an argument: every process can read it there, and the shell keeps it",
            THREE_WAYS,
        ))
    }
}
