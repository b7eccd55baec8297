//! The layout: one value a line, two spaces a level; short arrays of plain values on one line.

use super::{
    tokens::{JsonToken, JsonTokenKind, JsonTokens},
    walk::{JsonPlace, JsonWalk},
};
use crate::preview::{
    note::{ContentNote, MOST_INDENT},
    plain::{first_line, lay_out_lines, lines_as_preview},
    reply::{Preview, RowNumbering, SpanRole},
    request::PreviewRequest,
    rows::LineBuilder,
};

/// Spaces for a level.
const INDENT: &str = "  ";

/// Bytes of a text that are read to guess whether it is JSON.
const GUESSED_FROM: usize = 16 * 1024;

/// Bytes of an array that stays on one line.
const LONGEST_INLINE: usize = 60;

/// How JSON stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonShape {
    /// One document.
    Document,
    /// A document on each line.
    Lines,
}

/// Whether a text is JSON: its beginning is, as far as it goes.
pub(crate) fn guess_json(text: &str) -> Option<JsonShape> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let sample = &text[..text.floor_char_boundary(GUESSED_FROM)];
    let mut walk = JsonWalk::new();
    for token in JsonTokens::of(sample) {
        if walk.is_complete() {
            let lines = sample[..token.start].trim_end_matches([' ', '\t', '\r']).ends_with('\n');
            let opens = token.kind == JsonTokenKind::Open;
            return (lines && opens).then_some(JsonShape::Lines);
        }
        match walk.take(token) {
            JsonPlace::Invalid => return None,
            JsonPlace::Cut(_) => break,
            _ => {}
        }
    }
    Some(JsonShape::Document)
}

/// A document, laid out anew.
pub(crate) fn show_json(text: &str) -> Preview {
    let mut layout = JsonLayout::new();
    let mut invalid = None;
    let mut tokens = JsonTokens::of(text).peekable();
    while let Some(token) = tokens.next() {
        if layout.rows.is_full() {
            break;
        }
        let place = if layout.walk.is_complete() { JsonPlace::Invalid } else { layout.walk.take(token) };
        if place == JsonPlace::Invalid {
            invalid = Some(token.start);
            break;
        }
        let inline = place == JsonPlace::Opens && layout.push_inline(text, token, &mut tokens);
        if !inline {
            layout.push(token, place);
        }
    }
    let deepest = layout.walk.deepest();
    let mut rows = layout.rows;
    if let Some(start) = invalid {
        push_rest(&text[start..], &mut rows);
    }
    let full = rows.is_full();
    let count = rows.count() + usize::from(full);
    let mut preview = lines_as_preview(rows, count, RowNumbering::Lines);
    if let Some(start) = invalid {
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count() as u64 + 1;
        preview.notes.push(ContentNote::InvalidJson(line).line());
    }
    if deepest > MOST_INDENT {
        preview.notes.push(ContentNote::DeepJson(deepest).line());
    }
    preview
}

/// What follows valid JSON, as it is.
fn push_rest(rest: &str, rows: &mut LineBuilder) {
    for line in rest.split_terminator('\n') {
        if rows.is_full() {
            return;
        }
        rows.begin_line(Some(rows.count() as u64 + 1));
        rows.push(line.trim_end_matches('\r'), SpanRole::Invalid);
        rows.end_line();
    }
}

/// Lays out a document.
struct JsonLayout {
    walk: JsonWalk,
    rows: LineBuilder,
    /// Whether the current line is without text.
    fresh: bool,
}

impl JsonLayout {
    fn new() -> Self {
        let mut rows = LineBuilder::default();
        rows.begin_line(Some(1));
        Self { walk: JsonWalk::new(), rows, fresh: true }
    }

    fn push(&mut self, token: JsonToken<'_>, place: JsonPlace) {
        match place {
            JsonPlace::Opens => {
                self.indent_if_fresh(self.walk.depth().saturating_sub(1));
                self.rows.push(token.text, SpanRole::Punctuation);
                self.break_line();
            }
            JsonPlace::Closes { empty } => {
                if !empty && !self.fresh {
                    self.break_line();
                }
                self.indent_if_fresh(self.walk.depth());
                self.rows.push(token.text, SpanRole::Punctuation);
            }
            JsonPlace::Key | JsonPlace::Value(_) | JsonPlace::Cut(_) => {
                self.indent_if_fresh(self.walk.depth());
                let role = match place {
                    JsonPlace::Value(role) | JsonPlace::Cut(role) => role,
                    _ => SpanRole::Key,
                };
                self.rows.push(token.text, role);
            }
            JsonPlace::Colon => self.rows.push(": ", SpanRole::Punctuation),
            JsonPlace::Comma => {
                self.rows.push(",", SpanRole::Punctuation);
                self.break_line();
            }
            JsonPlace::Invalid => {}
        }
    }

    fn indent_if_fresh(&mut self, depth: usize) {
        if std::mem::take(&mut self.fresh) {
            self.rows.push(&INDENT.repeat(depth.min(MOST_INDENT)), SpanRole::Plain);
        }
    }

    fn break_line(&mut self) {
        self.rows.end_line();
        self.rows.begin_line(Some(self.rows.count() as u64 + 1));
        self.fresh = true;
    }

    /// An array or object that is empty, or a short array of plain values, on one line: whether it was one.
    fn push_inline<'a>(
        &mut self,
        text: &str,
        open: JsonToken<'a>,
        tokens: &mut std::iter::Peekable<JsonTokens<'a>>,
    ) -> bool {
        let ahead = &text[open.start..text.floor_char_boundary(open.start + LONGEST_INLINE)];
        let Some(length) = inline_length(ahead) else { return false };
        self.indent_if_fresh(self.walk.depth() - 1);
        self.rows.push(open.text, SpanRole::Punctuation);
        let end = open.start + length;
        let spaced = length > 2 && JsonTokens::of(&text[open.start + 1..end]).count() > 1;
        if spaced {
            self.rows.push(" ", SpanRole::Plain);
        }
        while let Some(token) = tokens.next_if(|token| token.start < end) {
            match self.walk.take(token) {
                JsonPlace::Value(role) => self.rows.push(token.text, role),
                JsonPlace::Comma => self.rows.push(", ", SpanRole::Punctuation),
                _ => {
                    let closing = if spaced { format!(" {}", token.text) } else { token.text.to_owned() };
                    self.rows.push(&closing, SpanRole::Punctuation);
                }
            }
        }
        true
    }
}

/// The length of the array at the beginning of `text`, if it is empty or has plain values alone and ends there.
fn inline_length(text: &str) -> Option<usize> {
    let mut walk = JsonWalk::new();
    for token in JsonTokens::of(text) {
        match walk.take(token) {
            JsonPlace::Opens if walk.depth() > 1 => return None,
            JsonPlace::Opens | JsonPlace::Value(_) | JsonPlace::Comma => {}
            JsonPlace::Closes { .. } => return Some(token.start + token.text.len()),
            _ => return None,
        }
    }
    None
}

/// A document on each line, as it is, coloured.
pub(crate) fn show_json_lines(text: &str, request: &PreviewRequest) -> Preview {
    lay_out_lines(text, first_line(request), draw_json_line)
}

/// One line of JSON as it is written, coloured.
fn draw_json_line(line: &str, rows: &mut LineBuilder) {
    let mut walk = JsonWalk::new();
    let mut drawn = 0;
    for token in JsonTokens::of(line) {
        let place = if walk.is_complete() { JsonPlace::Invalid } else { walk.take(token) };
        rows.push(&line[drawn..token.start], SpanRole::Plain);
        if place == JsonPlace::Invalid {
            drawn = token.start;
            rows.push(&line[drawn..], SpanRole::Invalid);
            return;
        }
        rows.push(token.text, span_role(place));
        drawn = token.start + token.text.len();
    }
    rows.push(&line[drawn..], SpanRole::Plain);
}

fn span_role(place: JsonPlace) -> SpanRole {
    match place {
        JsonPlace::Key => SpanRole::Key,
        JsonPlace::Value(role) | JsonPlace::Cut(role) => role,
        JsonPlace::Invalid => SpanRole::Invalid,
        _ => SpanRole::Punctuation,
    }
}
