//! Text: JSON, tables, and lines as they are.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::{
    colours::guess_style,
    encoding::{DecodedText, decode_as, decode_text, encoding_name},
    json::{JsonShape, guess_json, show_json, show_json_lines},
    note::ContentNote,
    plain::{LineStop, PLAIN_VIEWS, end_of_lines, finish_window, first_line, lay_out_lines, shown_lines},
    reply::{MoreContent, NextWindow, Preview},
    request::{PreviewRequest, PreviewView},
    table::{TableDialect, guess_table, show_table},
};

/// What a text holds.
enum TextKind {
    Json(JsonShape),
    Table(TableDialect),
    Lines,
}

/// The first window as text, if it is text or was asked for as text.
pub(super) fn show_text(request: &PreviewRequest) -> Option<Preview> {
    let decoded = decode_window(request)?;
    let text = decoded.text.as_str();
    let kind = guess_kind(text, request);
    let mut preview = match (&kind, request.view) {
        (TextKind::Json(JsonShape::Document), PreviewView::Auto | PreviewView::Pretty) => pretty_json(text, request),
        (TextKind::Json(_), PreviewView::Auto | PreviewView::Pretty) => {
            let mut preview = show_json_lines(text, request);
            "JSON lines".clone_into(&mut preview.kind);
            preview.view = PreviewView::Pretty;
            preview
        }
        (TextKind::Table(dialect), PreviewView::Auto | PreviewView::Table) => table_rows(&decoded, *dialect, request),
        _ => plain_lines(text, &kind, request),
    };
    preview.views = PLAIN_VIEWS.to_vec();
    match &kind {
        TextKind::Json(_) => preview.views.insert(0, PreviewView::Pretty),
        TextKind::Table(_) => preview.views.insert(0, PreviewView::Table),
        TextKind::Lines => {}
    }
    preview.kind = format!("{} · {}", preview.kind, encoding_name(decoded.encoding));
    preview.encoding = Some(encoding_name(decoded.encoding));
    if decoded.invalid {
        preview.notes.push(ContentNote::InvalidBytes(decoded.encoding.name()).line());
    }
    if preview.next.is_none() && preview.more == MoreContent::Nothing {
        let is_laid_out = matches!(kind, TextKind::Json(JsonShape::Document)) && preview.view == PreviewView::Pretty;
        finish_text(&mut preview, &decoded, request, !is_laid_out);
    }
    Some(preview)
}

/// The text of the first window. A label that no encoding has is noted by the caller, and guessed past.
pub(super) fn decode_window(request: &PreviewRequest) -> Option<DecodedText> {
    let bytes = request.first_bytes();
    let asked = request.encoding.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    match asked {
        Some(encoding) => Some(decode_as(encoding, bytes, request.reaches_end())),
        None => decode_text(bytes, request.reaches_end()),
    }
}

/// Source code and prose are never taken for tables; JSON is recognised whatever it is called.
fn guess_kind(text: &str, request: &PreviewRequest) -> TextKind {
    let beginning = request.first_offset() == 0;
    let named = named_json(request).filter(|_| text.trim_start().starts_with(['{', '[']));
    if named == Some(JsonShape::Lines) {
        return TextKind::Json(JsonShape::Lines);
    }
    // What is called JSON is shown as JSON up to where it is none.
    let shape = guess_json(text).or(named);
    if let Some(shape) = shape.filter(|_| beginning && request.delimiter.is_none()) {
        return TextKind::Json(shape);
    }
    guess_table(text, request).map_or(TextKind::Lines, TextKind::Table)
}

/// What a name or a type says of JSON.
fn named_json(request: &PreviewRequest) -> Option<JsonShape> {
    let of_type = |part: &str| request.content_type.as_deref().is_some_and(|given| given.contains(part));
    match request.ending().as_str() {
        "ndjson" | "jsonl" | "jsonlines" => Some(JsonShape::Lines),
        "json" | "geojson" | "ipynb" | "har" => Some(JsonShape::Document),
        _ if of_type("ndjson") || of_type("jsonlines") || of_type("json-seq") => Some(JsonShape::Lines),
        _ if of_type("/json") || of_type("+json") => Some(JsonShape::Document),
        _ => None,
    }
}

fn pretty_json(text: &str, request: &PreviewRequest) -> Preview {
    let mut preview = show_json(text);
    "JSON, one document".clone_into(&mut preview.kind);
    preview.view = PreviewView::Pretty;
    if !request.reaches_end() {
        preview.notes.push(ContentNote::GoesOn.line());
        preview.more = MoreContent::ReadOn;
    }
    preview
}

fn table_rows(decoded: &DecodedText, dialect: TableDialect, request: &PreviewRequest) -> Preview {
    let start = request.first_offset();
    let shown = show_table(&decoded.text, dialect, start == 0, request.reaches_end());
    let mut preview = shown.preview;
    preview.kind = shown.kind;
    preview.view = PreviewView::Table;
    if !request.reaches_end() {
        preview.notes.push(ContentNote::GoesOn.line());
        preview.more = MoreContent::ReadOn;
        // Places in the text are places in the object where no byte was changed.
        let is_same = decoded.text.as_bytes() == request.first_bytes();
        let cut = shown.cut_at.filter(|cut| is_same && *cut > 0);
        preview.next = cut.map(|cut| NextWindow { offset: start.saturating_add(cut as u64), line: None });
    }
    preview
}

fn plain_lines(text: &str, kind: &TextKind, request: &PreviewRequest) -> Preview {
    if let TextKind::Json(_) = kind {
        let mut preview = show_json_lines(text, request);
        "JSON as it is".clone_into(&mut preview.kind);
        preview.view = PreviewView::Text;
        return preview;
    }
    let style = guess_style(text, &request.ending());
    let mut preview = lay_out_lines(text, first_line(request), |line, rows| style.draw(line, rows));
    style.label().clone_into(&mut preview.kind);
    preview.view = PreviewView::Text;
    preview
}

/// Says where the next window begins. In UTF-16 a line end is no single byte: there it begins where this one ends.
fn finish_text(preview: &mut Preview, decoded: &DecodedText, request: &PreviewRequest, by_line: bool) {
    let bytes = request.first_bytes();
    // A document laid out anew and a table have rows that are no lines.
    let lines = shown_lines(preview, &decoded.text).filter(|_| by_line);
    let stop = lines.map(|lines| LineStop { lines, bytes: end_of_decoded(decoded.encoding, bytes, lines) });
    finish_window(preview, request, bytes, stop);
    if stop.is_none() && (decoded.encoding == UTF_16LE || decoded.encoding == UTF_16BE) {
        let end = request.first_end() & !1;
        preview.next = preview.next.map(|_| NextWindow { offset: end, line: None });
    }
}

/// Where so many lines end in bytes of this encoding.
fn end_of_decoded(encoding: &'static Encoding, bytes: &[u8], lines: usize) -> usize {
    let unit: [u8; 2] = if encoding == UTF_16LE { [b'\n', 0] } else { [0, b'\n'] };
    if encoding != UTF_16LE && encoding != UTF_16BE {
        return end_of_lines(bytes, lines);
    }
    let ends = bytes.chunks_exact(2).enumerate().filter(|(_, pair)| *pair == unit.as_slice());
    ends.map(|(at, _)| 2 * at + 2).nth(lines.saturating_sub(1)).unwrap_or(bytes.len())
}
