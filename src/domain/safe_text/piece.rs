//! A run of text with one look, and how an escape is written.
//!
//! Invariant: what is escaped says which character it stands for, and nothing else is changed.

use std::{borrow::Cow, fmt::Write, ops::Range};

use crate::domain::name_text;

/// A run of text with one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPiece<'a> {
    /// Safe to draw as it is.
    pub text: Cow<'a, str>,
    /// Not the text itself but a picture of it: escapes, or the ellipsis. Drawn differently, so that it is not confused with a backslash
    /// or an ellipsis for a part of the name.
    pub escaped: bool,
}

/// Appends the part of `text` at `range` to the last piece if it looks the same, else as a new one.
pub(super) fn push_piece<'a>(pieces: &mut Vec<TextPiece<'a>>, text: &'a str, range: Range<usize>, escaped: bool) {
    let part = &text[range.clone()];
    match pieces.last_mut() {
        Some(last) if last.escaped && escaped => part.chars().for_each(|c| write_escape(last.text.to_mut(), c)),
        Some(TextPiece { text: Cow::Borrowed(before), escaped: false }) if !escaped => {
            // Plain parts follow each other without a gap: the last piece only grows.
            *before = &text[range.start - before.len()..range.end];
        }
        _ if escaped => {
            let mut shown = String::new();
            part.chars().for_each(|c| write_escape(&mut shown, c));
            pieces.push(TextPiece { text: Cow::Owned(shown), escaped });
        }
        _ => pieces.push(TextPiece { text: Cow::Borrowed(part), escaped }),
    }
}

pub(super) fn write_escape(shown: &mut String, c: char) {
    let written = match c {
        '\\' => write!(shown, "\\\\"),
        '\n' => write!(shown, "\\n"),
        '\r' => write!(shown, "\\r"),
        '\t' => write!(shown, "\\t"),
        c if c.is_ascii() => write!(shown, "\\x{:02x}", u32::from(c)),
        c => match name_text::byte_of(c) {
            Some(byte) => write!(shown, "\\x{byte:02x}"),
            None => write!(shown, "\\u{{{:x}}}", u32::from(c)),
        },
    };
    written.expect("writing to a String cannot fail");
}
