//! Finding text in what was read.
//!
//! Invariant: rows that were not read are never said not to match. Upper case in what is typed tells case apart.

use crate::{
    app::text_input::TextInput,
    preview::{Preview, PreviewBody},
};

/// What is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finding {
    /// The line, while it is typed in.
    pub line: Option<TextInput>,
    /// What is sought.
    pub text: String,
    /// The rows that have it.
    pub rows: Vec<usize>,
    /// Which of them is the current one.
    pub at: usize,
}

impl Finding {
    /// Opens the line, with what is sought now.
    pub(super) fn open(&mut self) {
        self.line = Some(TextInput::new(&self.text));
    }

    /// Seeks nothing any more.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is typed is sought from now on, from this row.
    pub(super) fn seek(&mut self, text: &str, preview: &Preview, from: usize) {
        text.clone_into(&mut self.text);
        self.find_in(preview);
        self.at = self.rows.partition_point(|row| *row < from);
        if self.at == self.rows.len() {
            self.at = 0;
        }
    }

    /// Finds the rows anew: the content is another one.
    pub(super) fn find_in(&mut self, preview: &Preview) {
        let sought = &self.text;
        self.rows.clear();
        if sought.is_empty() {
            return;
        }
        let exact = sought.chars().any(char::is_uppercase);
        let has = |text: &str| {
            if exact { text.contains(sought.as_str()) } else { contains_in_any_case(text, sought) }
        };
        self.rows = match &preview.body {
            PreviewBody::Lines(lines) => {
                let has_line = |at: &usize| match lines[*at].spans.as_slice() {
                    [span] => has(&span.text),
                    _ => has(&lines[*at].text()),
                };
                (0..lines.len()).filter(has_line).collect()
            }
            PreviewBody::Table(table) => {
                let has_row = |at: &usize| table.rows[*at].cells.iter().any(|cell| has(&cell.text));
                (0..table.rows.len()).filter(has_row).collect()
            }
        };
        self.at = self.at.min(self.rows.len().saturating_sub(1));
    }

    /// The next match, or one before; around the ends.
    pub(super) fn step(&mut self, steps: isize) {
        let count = self.rows.len().max(1).cast_signed();
        self.at = (self.at.cast_signed() + steps).rem_euclid(count).cast_unsigned();
    }

    /// The row of the current match.
    pub fn current(&self) -> Option<usize> {
        self.rows.get(self.at).copied()
    }
}

/// ASCII in either case, without a copy; other letters as they are.
fn contains_in_any_case(text: &str, sought: &str) -> bool {
    let (text, sought) = (text.as_bytes(), sought.as_bytes());
    let Some(first) = sought.first() else { return true };
    let begins = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    let is_there = |at: usize| text.get(at..at + sought.len()).is_some_and(|part| part.eq_ignore_ascii_case(sought));
    begins.into_iter().any(is_there)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::{PreviewLine, SpanRole, TextSpan};

    #[test]
    fn what_is_typed_in_lower_case_matches_either_case() {
        let line = |parts: &[&str]| PreviewLine {
            spans: parts.iter().map(|text| TextSpan { text: (*text).into(), role: SpanRole::Plain }).collect(),
            ..PreviewLine::default()
        };
        let lines = vec![line(&["tide"]), line(&["T", "ide"]), line(&[]), line(&["grün TIDE"])];
        let preview = Preview { body: PreviewBody::Lines(lines), ..Preview::default() };
        for (sought, from, rows, current) in [
            ("tide", 0, vec![0, 1, 3], Some(0)),
            ("tide", 2, vec![0, 1, 3], Some(3)),
            ("tide", 4, vec![0, 1, 3], Some(0)),
            ("Tide", 0, vec![1], Some(1)),
            ("grün", 0, vec![3], Some(3)),
            ("nothing", 0, vec![], None),
            ("", 0, vec![], None),
        ] {
            let mut finding = Finding::default();
            finding.seek(sought, &preview, from);
            assert_eq!((&finding.rows, finding.current()), (&rows, current), "{sought} from {from}");
        }
    }
}
