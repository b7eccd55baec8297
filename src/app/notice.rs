//! A line in the status bar that goes by itself.
//!
//! Invariant: its text is safe to print.

use jiff::Timestamp;

use super::screen::Screen;

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
    /// The screen that it speaks of, with which it goes; `None` is no screen alone.
    pub screen: Option<Screen>,
}
