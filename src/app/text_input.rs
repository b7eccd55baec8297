//! A line of text being typed.
//!
//! Invariant: never longer than its cap and never with a control character in it, whatever is pasted.

use tui_input::{Input, InputRequest};

use super::action::TextAction;
use crate::domain::location::Location;

/// One-line text with a cursor.
#[derive(Debug, Clone, Default)]
pub struct TextInput {
    input: Input,
}

/// A pasted book stays outside: no field needs more than an ARN or a key of 1,024 bytes.
const MOST_CHARACTERS: usize = 2048;

impl TextInput {
    /// A line holding `text`, as if it were pasted, its cursor at the end.
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.paste(text);
        line
    }

    /// A line that names `location`; its bucket's top, where the prefix has characters that no line takes.
    pub fn of(location: &Location) -> Self {
        let whole = Self::new(&location.to_string());
        if whole.text() == location.to_string() {
            return whole;
        }
        Self::new(&Location { prefix: String::new(), ..location.clone() }.to_string())
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Where the next character goes, counted in characters.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Does what a key or the clipboard does in it.
    pub fn act(&mut self, action: &TextAction) {
        match action {
            TextAction::Edit(edit) => self.edit(*edit),
            TextAction::Paste(text) => self.paste(text),
            TextAction::NewLine => {}
        }
    }

    /// Applies one change.
    pub fn edit(&mut self, request: InputRequest) {
        if let InputRequest::InsertChar(c) = request
            && (c.is_control() || self.text().chars().count() >= MOST_CHARACTERS)
        {
            return;
        }
        self.input.handle(request);
    }

    /// Inserts the first line of pasted text without its control characters: a line break in it never submits.
    pub fn paste(&mut self, text: &str) {
        let line = text.trim_start_matches(['\r', '\n']).split(['\r', '\n']).next().unwrap_or_default();
        for c in line.chars().take(MOST_CHARACTERS) {
            self.edit(InputRequest::InsertChar(c));
        }
    }
}

impl PartialEq for TextInput {
    fn eq(&self, other: &Self) -> bool {
        (self.text(), self.cursor()) == (other.text(), other.cursor())
    }
}

impl Eq for TextInput {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_that_cannot_be_typed_is_not_turned_into_another() {
        for (prefix, text) in [("a b/", "s3://tide-oddities/a b/"), ("a\nb/", "s3://tide-oddities/")] {
            assert_eq!(TextInput::of(&Location::new("tide-oddities", prefix)).text(), text);
        }
    }

    #[test]
    fn a_paste_brings_neither_control_characters_nor_a_book() {
        let mut input = TextInput::default();
        input.paste("\ns3://tide\u{1b}[201~-logs\r\nrm -rf");
        assert_eq!(input.text(), "s3://tide[201~-logs");
        input.paste(&"x".repeat(10_000));
        assert_eq!(input.text().chars().count(), MOST_CHARACTERS);
    }
}
