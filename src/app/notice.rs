//! A line in the status bar that goes by itself.
//!
//! Invariant: its text is safe to print.

use jiff::Timestamp;

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something went as wished.
    Good,
    /// Something to know.
    Warning,
}

/// A line that goes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says; safe to print.
    pub text: String,
    /// How grave it is.
    pub tone: Tone,
    /// When it goes.
    pub until: Timestamp,
}
