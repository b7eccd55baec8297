//! How the program was started.
//!
//! Invariant: nothing in here changes while the program runs.

use jiff::tz::TimeZone;

use crate::domain::{
    mint::{Draft, RequestedSession},
    profile::SourceOptions,
    totp::Seed,
};

/// How the program is set up for its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What the command line said about credentials and services.
    pub source: SourceOptions,
    /// What was typed about the session on the command line.
    pub wishes: RequestedSession,
    /// What the form holds of which neither a person nor a profile says anything.
    pub draft: Draft,
    /// Whether this is the embedded sandbox: it says so on screen.
    pub sandbox: bool,
    /// The embedded sandbox's MFA device, whose codes nobody else could read: its serial number and seed.
    pub device: Option<(String, Seed)>,
    /// Whether requests are remembered for the next run.
    pub remembers: bool,
    /// Bytes of rows that the list keeps at most.
    pub most_memory: usize,
    /// In which times are shown.
    pub time_zone: TimeZone,
}

/// What a laptop has to spare: thirty million rows and more.
const MOST_MEMORY: usize = 1 << 30;

impl Default for Setup {
    /// Nothing said, nothing embedded, times in UTC.
    fn default() -> Self {
        Self {
            source: SourceOptions::default(),
            wishes: RequestedSession::default(),
            draft: Draft::default(),
            sandbox: false,
            device: None,
            remembers: false,
            most_memory: MOST_MEMORY,
            time_zone: TimeZone::UTC,
        }
    }
}
