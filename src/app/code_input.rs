//! The code of an MFA device being typed.
//!
//! Invariant: digits only, six at most, never in `Debug`; the memory they stood in is overwritten when they go.

use std::fmt;

use secrecy::zeroize::{Zeroize, Zeroizing};

use super::action::{Edit, TextAction};
use crate::domain::mint::{DIGITS, MfaCode};

/// Up to six digits, shown as `•`.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeInput(Zeroizing<String>);

impl Default for CodeInput {
    fn default() -> Self {
        // Room for all: growing would leave a copy behind.
        Self(Zeroizing::new(String::with_capacity(DIGITS)))
    }
}

impl fmt::Debug for CodeInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} digits", self.0.len())
    }
}

impl CodeInput {
    /// How many digits there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The code, once it is whole.
    pub fn code(&self) -> Option<MfaCode> {
        MfaCode::parse_code(&self.0).ok()
    }

    /// Does what a key or the clipboard does in it.
    pub(super) fn act(&mut self, action: &TextAction) {
        match action {
            TextAction::Edit(edit) => self.edit(*edit),
            TextAction::Paste(text) => self.paste(text),
            TextAction::NewLine => {}
        }
    }

    /// Applies one change; the cursor is always at the end.
    pub(super) fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::InsertChar(c) if c.is_ascii_digit() && self.0.len() < DIGITS => self.0.push(c),
            Edit::DeletePrevChar | Edit::DeleteNextChar => drop(self.0.pop()),
            Edit::DeletePrevWord | Edit::DeleteLine => self.clear(),
            _ => {}
        }
    }

    /// Takes the digits of pasted text; a line break in it never submits.
    pub(super) fn paste(&mut self, text: &str) {
        text.chars().take(64).for_each(|c| self.edit(Edit::InsertChar(c)));
    }

    pub(super) fn clear(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_six_digits_and_shows_none() {
        let mut input = CodeInput::default();
        input.paste("73 04\n6x");
        assert_eq!((input.len(), input.code()), (5, None));
        input.paste("199");
        assert_eq!(input.code(), MfaCode::parse_code("730461").ok());
        assert_eq!(format!("{input:?}"), "6 digits");
        input.edit(Edit::DeletePrevChar);
        assert_eq!(input.len(), 5);
        input.clear();
        assert!(input.is_empty());
    }
}
