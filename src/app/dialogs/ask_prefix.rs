//! Asking S3 itself for names with a prefix: one request, also among millions that are not loaded.
//!
//! Invariant: what is asked for is where the names on screen begin and what was typed, byte for byte.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{Action, KeyRow, TextInput, cx::Cx, wish::Wish},
    domain::location::Location,
};

/// The line that asks for a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskPrefix {
    /// What is typed.
    pub input: TextInput,
    here: Location,
}

impl AskPrefix {
    /// Opens the line where one stands. In the answer to such a question it begins with what was asked for.
    pub(in crate::app) fn from(here: &Location) -> Self {
        let asked = &here.prefix[here.directory().len()..];
        let input = Some(TextInput::new(asked)).filter(|input| input.text() == asked).unwrap_or_default();
        Self { input, here: here.clone() }
    }

    /// Below what the names lie that are asked for.
    pub fn below(&self) -> Location {
        Location { prefix: self.here.directory().to_owned(), ..self.here.clone() }
    }
}

const KEYS: &[KeyRow] = &[KeyRow::hinted(&["Enter"], "ask S3", Action::Submit)];

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
            Action::Submit => {
                let prefix = format!("{}{}", self.here.directory(), self.input.text());
                let wanted = Location { prefix, ..self.here.clone() };
                // What is on screen anyway is not asked for again.
                let wish = (wanted != self.here).then_some(Wish::GoTo(wanted));
                return Outcome::Close(wish.into_iter().collect());
            }
            Action::Edit(edit) => self.input.edit(edit),
            Action::Paste(text) => self.input.paste(&text),
            _ => {}
        }
        Outcome::STAY
    }
}
