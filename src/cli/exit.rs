//! Exit codes: the part of the command line that scripts rely on.
//!
//! Invariant: a code means one thing for every command; the table stands in `ebbtide --help` and in the README.

use crate::domain::failure::FailureKind;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// What was asked for was done.
    Done = 0,
    /// Any failure without a code of its own.
    Failed = 1,
    /// Something typed or configured cannot be right.
    Usage = 2,
    /// Access denied.
    Denied = 3,
    /// Credentials expired or invalid.
    Credentials = 4,
    /// No such bucket, key, prefix, profile, user or role.
    NotFound = 5,
    /// The service could not be reached, or did not answer in time.
    Unreachable = 6,
    /// Interrupted, with what there was by then. As shells tell it.
    Interrupted = 130,
    /// The command of `ebbtide exec` cannot be run. As shells tell it.
    NotExecutable = 126,
    /// There is no such command for `ebbtide exec` to run. As shells tell it.
    NoCommand = 127,
}

impl From<FailureKind> for Exit {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Invalid => Self::Usage,
            FailureKind::Denied => Self::Denied,
            FailureKind::Expired | FailureKind::InvalidCredentials => Self::Credentials,
            FailureKind::NotFound => Self::NotFound,
            FailureKind::Network | FailureKind::Timeout => Self::Unreachable,
            FailureKind::WrongRegion
            | FailureKind::Throttled
            | FailureKind::Clock
            | FailureKind::Malformed
            | FailureKind::Unsupported
            | FailureKind::Other => Self::Failed,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
