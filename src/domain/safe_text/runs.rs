//! What is plain and what is escaped: the one place that decides.
//!
//! Invariant: the runs of a text are the text, cut without gap or overlap; the decision about a character depends only on
//! what stands before it and on whether it is the last.

use std::ops::Range;

use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory};
use unicode_width::UnicodeWidthChar;

/// Marks that may sit on one base. Written languages need two (Vietnamese, Thai); more would let one cell carry
/// kilobytes.
const MOST_MARKS: u8 = 2;

/// A part of the text: plain characters, or one character to escape.
pub(super) struct TextRun {
    pub(super) range: Range<usize>,
    pub(super) escaped: bool,
}

/// The runs of a text, in order.
pub(super) struct Runs<'a> {
    text: &'a str,
    at: usize,
    before: Before,
}

/// What stands to the left on the same line of cells: decides about marks and spaces.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// Nothing, or an escape: no mark may sit there.
    Edge,
    Space,
    Base {
        marks: u8,
    },
}

impl<'a> Runs<'a> {
    pub(super) fn of_text(text: &'a str) -> Self {
        Self { text, at: 0, before: Before::Edge }
    }

    /// What stands before the next character if `c` is shown as it is here, or `None` if it must be escaped. `last`
    /// says that nothing follows.
    fn next_before(&self, c: char, last: bool) -> Option<Before> {
        match c {
            '!'..='[' | ']'..='~' => Some(Before::Base { marks: 0 }),
            // Visible only between two others: `a  b`, ` a` and `a ` would pass for `a b` and `a`.
            ' ' => (!last && self.at > 0 && self.before != Before::Space).then_some(Before::Space),
            '\\' => None,
            c if is_unseen(c) => None,
            c if is_mark(c) => match self.before {
                Before::Base { marks } if marks < MOST_MARKS => Some(Before::Base { marks: marks + 1 }),
                _ => None,
            },
            _ => Some(Before::Base { marks: 0 }),
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = TextRun;

    fn next(&mut self) -> Option<TextRun> {
        let start = self.at;
        for c in self.text[start..].chars() {
            let after = self.at + c.len_utf8();
            let Some(before) = self.next_before(c, after == self.text.len()) else {
                if self.at == start {
                    (self.at, self.before) = (after, Before::Edge);
                    return Some(TextRun { range: start..after, escaped: true });
                }
                break;
            };
            (self.at, self.before) = (after, before);
        }
        (self.at > start).then_some(TextRun { range: start..self.at, escaped: false })
    }
}

/// What is shown as it is wherever it stands.
pub(super) fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'\\'
}

/// Characters that a terminal acts upon, draws as nothing or draws as a space.
pub(super) fn is_unseen(c: char) -> bool {
    match c.general_category() {
        Category::Control
        | Category::Format
        | Category::LineSeparator
        | Category::ParagraphSeparator
        | Category::SpaceSeparator
        | Category::Unassigned
        | Category::PrivateUse
        | Category::Surrogate => true,
        // Letters, marks and symbols that are drawn as nothing: Unicode's Default_Ignorable_Code_Point beyond the
        // categories above (grapheme joiner, Hangul fillers, Khmer inherent vowels, variation selectors), and the
        // Braille pattern without dots.
        _ => matches!(c,
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'),
    }
}

/// Characters that join the cell of the one before: combining marks, Hangul medials and finals, skin tones.
fn is_mark(c: char) -> bool {
    let category = c.general_category();
    matches!(category, Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark)
        || c.width() == Some(0)
        || matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}
