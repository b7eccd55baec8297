//! Exit codes: the part of the command line that scripts rely on.
//!
//! Invariant: a code means one thing for every command; the table stands in `ebbtide --help` and in the README.

use std::process::ExitCode;

use crate::domain::failure::FailureKind;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command succeeded.
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
    /// The command of `ebbtide exec` cannot be run. As in shells.
    NotExecutable = 126,
    /// There is no such command for `ebbtide exec` to run. As in shells.
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

/// As shells report the end by a signal: 128 and its number.
pub(super) fn by_signal(number: i32) -> ExitCode {
    ExitCode::from(u8::try_from(128 + number).unwrap_or(u8::MAX))
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
