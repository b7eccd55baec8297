//! The session options that few sessions need: MFA, external ID, source identity, managed policies, tags.
//!
//! Invariant: no option takes an MFA code: every process can read arguments, and the shell history keeps them.

use std::{convert::Infallible, str::FromStr};

use clap::Args;

use super::problem::Problem;

/// The ways to give an MFA code, for hints.
pub(super) const THREE_WAYS: &str =
    "type the code on the terminal when asked, pass it with --mfa-code-stdin, or set mfa_process in the profile";

/// The session options that few sessions need.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "More session options")]
pub struct ExtraArgs {
    /// MFA device: its ARN, or the serial number of a hardware device [default: the profile's `mfa_serial`]
    #[arg(long, value_name = "ARN")]
    pub mfa_serial: Option<String>,

    /// Read the MFA code from standard input, six digits on one line [default: run the profile's `mfa_process`, else ask
    /// on the terminal]
    #[arg(long)]
    pub mfa_code_stdin: bool,

    /// Send no MFA code, even if the profile has an `mfa_serial`
    #[arg(long, conflicts_with_all = ["mfa_serial", "mfa_code_stdin"])]
    pub no_mfa: bool,

    /// External ID that the role's trust policy requires [default: the profile's `external_id`]
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,

    /// Source identity: who uses the session; it stays set in every session assumed from this one
    #[arg(long, value_name = "NAME")]
    pub source_identity: Option<String>,

    /// Managed policy that limits the session; repeat for up to 10
    #[arg(long, value_name = "ARN")]
    pub policy_arn: Vec<String>,

    /// Session tag; repeat for up to 50
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Vec<String>,

    /// Transitive tag: the key of a --tag that sessions assumed from this one keep
    #[arg(long, value_name = "KEY")]
    pub transitive_tag: Vec<String>,

    /// Always refused: an MFA code does not belong into the arguments.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "", aliases = ["mfa-token", "token-code"])]
    pub mfa_code: Option<RejectedCode>,
}

/// An argument whose value is dropped unread: it may be an MFA code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedCode;

impl FromStr for RejectedCode {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl ExtraArgs {
    /// Refuses a code that was given as an argument.
    pub(super) fn refuse_codes(&self) -> Result<(), Problem> {
        if self.mfa_code.is_none() {
            return Ok(());
        }
        Err(Problem::typed(
            "the MFA code cannot be an argument: other processes can read arguments, and the shell history keeps them",
            THREE_WAYS,
        ))
    }
}
