//! The line that asks where to go.
//!
//! Invariant: an answer that names no location stays in the line with its reason.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{action::Action, cx::Cx, key_row::KeyRow, proposed_text::ProposedText, text_input::TextInput, wish::Wish},
    domain::location::Location,
};

/// The line. It begins with where one is, as if selected: typing replaces it, moving keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoTo {
    /// What is typed.
    pub input: ProposedText,
    /// Why it cannot be.
    pub refusal: Option<String>,
}

impl GoTo {
    pub(in crate::app) fn from(location: &Location) -> Self {
        Self { input: ProposedText::new(TextInput::of(location)), refusal: None }
    }
}

const KEYS: &[KeyRow] = &[KeyRow::hinted(&["Enter"], "go", Action::Submit)];

impl DialogPart for GoTo {
    fn title(&self) -> &'static str {
        "go to"
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
            Action::Submit => match Location::parse_typed(self.input.text()) {
                Ok(location) => return Outcome::Close(vec![Wish::GoTo(location)]),
                Err(refusal) => self.refusal = Some(refusal.to_string()),
            },
            Action::Text(action) => {
                self.refusal = None;
                self.input.act(&action);
            }
            _ => {}
        }
        Outcome::STAY
    }
}
