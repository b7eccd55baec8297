//! What keys do, as rows of data: a part of the state lists its own, the keymap matches them to what was pressed.
//!
//! Invariant: a key is named by text, so that nothing here knows the terminal. The first name of a row is the one that hints
//! show; help shows all of them.

use super::action::Action;

/// One meaning, and the keys that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Names such as `Enter`, `Ctrl-s`, `F4`, `→`, `Space` or `x`; the first is the one that is shown in hints.
    pub keys: &'static [&'static str],
    /// What they do, in a word or three.
    pub help: &'static str,
    /// Whether the hint line shows it where there is room; help always does.
    pub hinted: bool,
    /// What is done.
    pub action: Action,
}

impl KeyRow {
    /// A row that the hint line and help show.
    pub const fn hinted(keys: &'static [&'static str], help: &'static str, action: Action) -> Self {
        Self { keys, help, hinted: true, action }
    }

    /// A row that only help shows.
    pub const fn listed(keys: &'static [&'static str], help: &'static str, action: Action) -> Self {
        Self { keys, help, hinted: false, action }
    }
}
