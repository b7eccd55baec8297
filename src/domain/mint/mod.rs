//! Requests to STS, checked before they are sent.
//!
//! [`RequestedSession`] are what a person typed, in the form or on the command line. Filled in from the profile they become a
//! [`Draft`], and [`Draft::check`] turns that into a [`MintRequest`], or says for each field what is wrong.
//!
//! Invariant: AWS's limits refuse a draft only if AWS will respond; for another endpoint they are advice, and its server
//! decides. What no server could read (an invalid duration, invalid JSON) is always refused.

mod chain;
mod check;
mod cli_command;
mod draft;
mod extra_fields;
mod field;
mod limits;
mod mfa;
mod mode;
mod preflight;
mod request;
mod requested_session;
mod tags;

pub use chain::{DurationCap, SessionChain, SessionChainStep, StepKind, shorter_duration};
pub use check::Checked;
pub(in crate::domain) use cli_command::CliCommand;
pub use cli_command::CommandTarget;
pub use draft::Draft;
pub use field::{Field, Note};
pub use limits::Limits;
pub use mfa::{DIGITS, MfaCode, NotACode, SpentCode, conventional_serial, next_code_in};
pub use mode::Mode;
pub use preflight::{LongestSession, MintFacts, SourceKind, Verdict, closed_to_temporary};
pub use request::{AssumeRole, FederationToken, MintRequest, SessionToken};
pub use requested_session::{RequestedSession, ValueOrigin};
pub use tags::{MOST_TAGS, SessionTag};
