//! What can be asked of STS, checked before it is asked.
//!
//! A [`Draft`] is what somebody typed, in the form or on the command line; [`Draft::check`] turns it into a
//! [`MintRequest`] or says, field by field, why not.
//!
//! Invariant: AWS's own limits refuse a draft only where AWS will answer; for another endpoint they are advice and its
//! server decides. What no server could read (a duration that is none, JSON that is none) is always refused.

mod draft;
mod limits;
mod mode;
mod request;

pub use draft::{Checked, Draft, Field, Note};
pub use limits::Limits;
pub use mode::Mode;
pub use request::MintRequest;
