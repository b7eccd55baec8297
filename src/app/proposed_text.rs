//! A line that begins with a proposal, as if it were selected.
//!
//! Invariant: the first letter or paste replaces the proposal; moving the cursor or deleting keeps it and edits it.

use super::{
    action::{Edit, TextAction},
    text_input::TextInput,
};

/// The line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedText {
    line: TextInput,
    untouched: bool,
}

impl ProposedText {
    pub(super) fn new(line: TextInput) -> Self {
        Self { line, untouched: true }
    }

    /// What is typed, or proposed.
    pub fn text(&self) -> &str {
        self.line.text()
    }

    /// The line with its cursor.
    pub fn line(&self) -> &TextInput {
        &self.line
    }

    /// Whether it is still the proposal.
    pub fn is_untouched(&self) -> bool {
        self.untouched
    }

    pub(super) fn act(&mut self, action: &TextAction) {
        let replaces = matches!(action, TextAction::Edit(Edit::InsertChar(_)) | TextAction::Paste(_));
        if self.untouched && replaces {
            self.line = TextInput::default();
        }
        self.untouched = false;
        self.line.act(action);
    }
}
