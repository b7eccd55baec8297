//! The line that asks S3 itself for what begins with a prefix: one request, also among millions that are not loaded.
//!
//! Invariant: what is asked for is what was typed, byte for byte.

use super::{DialogPart, Moves, Outcome};
use crate::app::{action::Action, cx::Cx, key_row::KeyRow, text_input::TextInput, wish::Wish};

/// The line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskPrefix {
    /// What is typed.
    pub input: TextInput,
}

impl AskPrefix {
    pub(in crate::app) fn from(typed: &str) -> Self {
        Self { input: TextInput::new(typed) }
    }
}

const KEYS: &[KeyRow] = &[KeyRow::hinted(&["Enter"], "list", Action::Submit)];

impl DialogPart for AskPrefix {
    fn title(&self) -> &'static str {
        "list a prefix"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Type
    }

    fn holds_text(&self) -> bool {
        true
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => return Outcome::Close(vec![Wish::ListPrefix(self.input.text().to_owned())]),
            Action::Text(action) => self.input.act(&action),
            _ => {}
        }
        Outcome::STAY
    }
}
