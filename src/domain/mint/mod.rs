//! What can be asked of STS, checked before it is asked.
//!
//! [`Wishes`] are what somebody typed, in the form or on the command line; filled in with what the profile says they are a
//! [`Draft`], and [`Draft::check`] turns that into a [`MintRequest`] or says, field by field, why not.
//!
//! Invariant: AWS's own limits refuse a draft only where AWS will answer; for another endpoint they are advice and its
//! server decides. What no server could read (a duration that is none, JSON that is none) is always refused.

mod aws_cli;
mod chain;
mod draft;
mod field;
mod further;
mod limits;
mod mfa;
mod mode;
mod preflight;
mod request;
mod tags;
mod wishes;

pub use aws_cli::CommandTarget;
pub use chain::{Cap, Route, Step, StepKind, shorter};
pub use draft::{Checked, Draft};
pub use field::{Field, Note};
pub use limits::Limits;
pub use mfa::{DIGITS, MfaCode, NotACode, SpentCode, conventional_serial, next_code_in};
pub use mode::Mode;
pub use preflight::{Known, Most, SourceKind, Verdict, closed_to_temporary};
pub use request::{AssumeRole, FederationToken, MintRequest, SessionToken};
pub use tags::{MOST_TAGS, Tag};
pub use wishes::{Origin, Wishes};
