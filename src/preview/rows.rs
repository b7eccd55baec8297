//! Collects rows up to the limits of a reply.
//!
//! Invariant: what was collected can be sent: never more rows, longer lines or more bytes than a reply may have.

use super::reply::{LONGEST_LINE, MOST_ROWS, PreviewLine, SpanRole, TableRow, TextSpan};

/// Bytes that all rows may take in the reply's frame.
const MOST_BYTES: usize = 6 * 1024 * 1024;

/// Pieces that one line is cut into: a frame is not filled with punctuation alone.
const MOST_SPANS: usize = 4096;

/// What one row and one piece take beside their text.
const ROW_COST: usize = 32;
const SPAN_COST: usize = 24;

/// Collects lines.
#[derive(Debug, Default)]
pub(super) struct LineBuilder {
    lines: Vec<PreviewLine>,
    current: PreviewLine,
    length: usize,
    spent: usize,
    full: bool,
}

impl LineBuilder {
    /// Begins a line with this number. The line before it is finished.
    pub(super) fn begin_line(&mut self, number: Option<u64>) {
        self.finish_line();
        self.current.number = number;
    }

    /// Adds text to the current line; what is too long for a line is counted.
    pub(super) fn push(&mut self, text: &str, role: SpanRole) {
        if text.is_empty() || self.full {
            return;
        }
        let room = if self.current.more > 0 { 0 } else { LONGEST_LINE - self.length };
        let shown = &text[..text.floor_char_boundary(room)];
        self.current.more += (text.len() - shown.len()) as u64;
        if shown.is_empty() {
            return;
        }
        self.length += shown.len();
        self.spent += encoded_length(shown);
        let many = self.current.spans.len() >= MOST_SPANS;
        match self.current.spans.last_mut() {
            Some(last) if last.role == role => last.text.push_str(shown),
            Some(last) if many => {
                last.text.push_str(shown);
                last.role = SpanRole::Plain;
            }
            _ => {
                self.spent += SPAN_COST;
                self.current.spans.push(TextSpan { text: shown.to_owned(), role });
            }
        }
    }

    /// Ends the current line.
    pub(super) fn end_line(&mut self) {
        let line = std::mem::take(&mut self.current);
        self.length = 0;
        self.spent += ROW_COST;
        if self.is_full() {
            self.full = true;
            return;
        }
        self.lines.push(line);
    }

    fn finish_line(&mut self) {
        if !self.current.spans.is_empty() || self.current.number.is_some() {
            self.end_line();
        }
    }

    /// Whether no more rows fit.
    pub(super) fn is_full(&self) -> bool {
        self.full || self.lines.len() >= MOST_ROWS || self.spent >= MOST_BYTES
    }

    /// Lines that are finished.
    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// The lines, and whether some did not fit.
    pub(super) fn finish(mut self) -> (Vec<PreviewLine>, bool) {
        self.finish_line();
        (self.lines, self.full)
    }
}

/// Collects rows of cells.
#[derive(Debug, Default)]
pub(super) struct RowBuilder {
    rows: Vec<TableRow>,
    spent: usize,
}

impl RowBuilder {
    /// Adds a row, unless no more fit.
    pub(super) fn push(&mut self, number: Option<u64>, cells: Vec<TextSpan>) -> bool {
        let cost: usize = cells.iter().map(|cell| SPAN_COST + encoded_length(&cell.text)).sum();
        if self.rows.len() >= MOST_ROWS || self.spent + ROW_COST + cost > MOST_BYTES {
            return false;
        }
        self.spent += ROW_COST + cost;
        self.rows.push(TableRow { number, cells });
        true
    }

    /// The rows.
    pub(super) fn finish(self) -> Vec<TableRow> {
        self.rows
    }
}

/// A cell, cut where it is too long.
pub(super) fn cell(text: &str, role: SpanRole) -> TextSpan {
    /// Bytes of a cell that are shown, well below the limit: a table has many.
    const LONGEST_CELL: usize = 4096;
    if text.len() <= LONGEST_CELL {
        return TextSpan { text: text.to_owned(), role };
    }
    let shown = &text[..text.floor_char_boundary(LONGEST_CELL)];
    TextSpan { text: format!("{shown}… ({} bytes)", text.len()), role }
}

/// The bytes that a text takes in JSON.
fn encoded_length(text: &str) -> usize {
    text.bytes().map(|byte| if byte < 0x20 { 6 } else { 1 + usize::from(matches!(byte, b'"' | b'\\')) }).sum()
}
