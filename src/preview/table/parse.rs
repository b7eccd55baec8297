//! Records and fields.
//!
//! Invariant: one pass; no record holds more than [`MOST_COLUMNS`] fields, the others are counted. A quote inside an
//! unquoted field is text. <https://www.rfc-editor.org/rfc/rfc4180>

use std::borrow::Cow;

use crate::preview::reply::MOST_COLUMNS;

/// Lines that a record may have: a quote that is open for longer is taken to be none.
pub(super) const MOST_LINES: u64 = 64;

/// How fields are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableDialect {
    /// Between two fields.
    pub(crate) delimiter: char,
    /// Around a field, if quotes are used.
    pub(crate) quote: Option<char>,
}

/// A record.
#[derive(Debug, Default)]
pub(super) struct TableRecord<'a> {
    /// The fields, up to the limit.
    pub(super) fields: Vec<Cow<'a, str>>,
    /// How many it has.
    pub(super) count: usize,
    /// Lines in it.
    pub(super) lines: u64,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Whether its end came: a line end, not the end of the text.
    pub(super) ended: bool,
    /// Whether a quote was open at the end of the text.
    pub(super) open_quote: bool,
}

/// Reads records from a text.
pub(super) struct TableReader<'a> {
    text: &'a str,
    at: usize,
    dialect: TableDialect,
}

/// How a field ended.
#[derive(PartialEq, Eq)]
enum FieldEnd {
    Delimiter,
    Line,
    Text { open_quote: bool },
}

impl<'a> TableReader<'a> {
    pub(super) fn of(text: &'a str, dialect: TableDialect) -> Self {
        Self { text, at: 0, dialect }
    }

    fn read_field(&mut self, lines: &mut u64) -> (Cow<'a, str>, FieldEnd) {
        let quoted = self.dialect.quote.filter(|quote| self.text[self.at..].starts_with(*quote));
        if let Some(quote) = quoted {
            return self.read_quoted(quote, lines);
        }
        let (field, end) = self.read_plain();
        (Cow::Borrowed(field), end)
    }

    fn read_plain(&mut self) -> (&'a str, FieldEnd) {
        let rest = &self.text[self.at..];
        let end = rest.find([self.dialect.delimiter, '\n']).unwrap_or(rest.len());
        self.at += end;
        let end_kind = self.take_end();
        let field = &rest[..end];
        let field = if end_kind == FieldEnd::Delimiter { field } else { field.strip_suffix('\r').unwrap_or(field) };
        (field, end_kind)
    }

    /// Steps over what ends a field.
    fn take_end(&mut self) -> FieldEnd {
        let Some(next) = self.text[self.at..].chars().next() else {
            return FieldEnd::Text { open_quote: false };
        };
        self.at += next.len_utf8();
        if next == '\n' { FieldEnd::Line } else { FieldEnd::Delimiter }
    }

    fn read_quoted(&mut self, quote: char, lines: &mut u64) -> (Cow<'a, str>, FieldEnd) {
        self.at += quote.len_utf8();
        let mut field = Cow::Borrowed("");
        loop {
            let rest = &self.text[self.at..];
            let found = rest.find(quote);
            let piece = &rest[..found.unwrap_or(rest.len())];
            *lines += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
            append(&mut field, piece);
            let Some(end) = found else {
                self.at = self.text.len();
                return (field, FieldEnd::Text { open_quote: true });
            };
            self.at += end + quote.len_utf8();
            if self.text[self.at..].starts_with(quote) {
                // A doubled quote is one.
                append(&mut field, &self.text[self.at..self.at + quote.len_utf8()]);
                self.at += quote.len_utf8();
            } else {
                // What follows a closing quote belongs to the field.
                let (more, end) = self.read_plain();
                append(&mut field, more);
                return (field, end);
            }
        }
    }
}

fn append<'a>(field: &mut Cow<'a, str>, piece: &'a str) {
    match field {
        Cow::Borrowed("") => *field = Cow::Borrowed(piece),
        _ => field.to_mut().push_str(piece),
    }
}

impl<'a> Iterator for TableReader<'a> {
    type Item = TableRecord<'a>;

    fn next(&mut self) -> Option<TableRecord<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut record = TableRecord { start: self.at, lines: 1, ..TableRecord::default() };
        loop {
            let (field, end) = self.read_field(&mut record.lines);
            record.count += 1;
            if record.count <= MOST_COLUMNS {
                record.fields.push(field);
            }
            match end {
                FieldEnd::Delimiter => {}
                FieldEnd::Line => {
                    record.ended = true;
                    return Some(record);
                }
                FieldEnd::Text { open_quote } => {
                    record.open_quote = open_quote;
                    return Some(record);
                }
            }
        }
    }
}
