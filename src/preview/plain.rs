//! Raw text and hexadecimal rows: what is shown without a decoder, in the process that holds credentials too.
//!
//! Invariant: nothing is parsed here. Bytes are cut into lines or into rows of sixteen, nothing else; time and memory are
//! proportional to the bytes given.

use std::fmt::Write;

use super::{
    note::ContentNote,
    reply::{MoreContent, NextWindow, Preview, PreviewBody, RowNumbering, SpanRole},
    request::{PreviewRequest, PreviewView},
    rows::LineBuilder,
};

/// Bytes in a row of hexadecimal numbers.
const BYTES_IN_ROW: usize = 16;

/// The views that any content has.
pub(super) const PLAIN_VIEWS: [PreviewView; 2] = [PreviewView::Text, PreviewView::Hex];

/// Shows the first window as hexadecimal numbers, or as text: bytes that are not UTF-8 show as U+FFFD.
pub fn show_plainly(request: &PreviewRequest) -> Preview {
    if request.view == PreviewView::Hex {
        return show_hex(request, "bytes".to_owned());
    }
    let bytes = request.first_bytes();
    let text = String::from_utf8_lossy(bytes);
    let mut preview = lay_out_lines(&text, first_line(request), |line, rows| rows.push(line, SpanRole::Plain));
    "text".clone_into(&mut preview.kind);
    preview.view = PreviewView::Text;
    preview.views = PLAIN_VIEWS.to_vec();
    let stop = shown_lines(&preview, &text).map(|lines| LineStop { lines, bytes: end_of_lines(bytes, lines) });
    finish_window(&mut preview, request, bytes, stop);
    preview
}

/// The number of the first line in the first window, where it is known.
pub(super) fn first_line(request: &PreviewRequest) -> Option<u64> {
    request.first_line.or((request.first_offset() == 0).then_some(1))
}

/// Cuts a text into lines, each given to `draw`.
pub(super) fn lay_out_lines(text: &str, first: Option<u64>, mut draw: impl FnMut(&str, &mut LineBuilder)) -> Preview {
    let mut rows = LineBuilder::default();
    for (at, line) in text.split_terminator('\n').enumerate() {
        if rows.is_full() {
            break;
        }
        rows.begin_line(first.map(|first| first.saturating_add(at as u64)));
        draw(line.strip_suffix('\r').unwrap_or(line), &mut rows);
        rows.end_line();
    }
    lines_as_preview(
        rows,
        text.split_terminator('\n').count(),
        first.map_or(RowNumbering::None, |_| RowNumbering::Lines),
    )
}

/// Lines as a preview, with a note if there were more.
pub(super) fn lines_as_preview(rows: LineBuilder, of: usize, numbering: RowNumbering) -> Preview {
    let (lines, _) = rows.finish();
    let left_out = lines.len() < of;
    let notes = left_out.then(|| ContentNote::TooManyRows(lines.len()).line()).into_iter().collect();
    Preview { body: PreviewBody::Lines(lines), numbering, notes, ..Preview::default() }
}

/// Where the lines of a window end that are shown, if the window has more of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineStop {
    /// How many there are.
    pub(super) lines: usize,
    /// How many bytes they take.
    pub(super) bytes: usize,
}

/// How many lines of a text are shown, where not all of them fit a reply.
pub(super) fn shown_lines(preview: &Preview, text: &str) -> Option<usize> {
    let PreviewBody::Lines(lines) = &preview.body else { return None };
    let shown = lines.len();
    (shown > 0 && shown < text.split_terminator('\n').count()).then_some(shown)
}

/// Where so many lines end.
pub(super) fn end_of_lines(bytes: &[u8], lines: usize) -> usize {
    memchr::memchr_iter(b'\n', bytes).nth(lines.saturating_sub(1)).map_or(bytes.len(), |at| at + 1)
}

/// Says where the next window begins: behind the last line that is shown, which is the last whole one unless the reply was
/// full before.
pub(super) fn finish_window(preview: &mut Preview, request: &PreviewRequest, bytes: &[u8], stop: Option<LineStop>) {
    let reaches_end = request.reaches_end();
    if bytes.is_empty() || reaches_end && stop.is_none() {
        return;
    }
    if !reaches_end {
        preview.notes.push(ContentNote::GoesOn.line());
    }
    preview.more = MoreContent::ReadOn;
    let LineStop { lines, bytes: end } = stop.unwrap_or_else(|| LineStop {
        lines: memchr::memchr_iter(b'\n', bytes).count(),
        bytes: memchr::memrchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1),
    });
    preview.next = Some(NextWindow {
        offset: request.first_offset().saturating_add(end as u64),
        line: first_line(request).map(|first| first.saturating_add(lines as u64)),
    });
}

/// The first window as rows of offset, sixteen bytes, and their characters.
pub(super) fn show_hex(request: &PreviewRequest, kind: String) -> Preview {
    let (start, bytes) = (request.first_offset(), request.first_bytes());
    let mut rows = LineBuilder::default();
    for (at, row) in bytes.chunks(BYTES_IN_ROW).enumerate() {
        if rows.is_full() {
            break;
        }
        rows.begin_line(Some(start.saturating_add((at * BYTES_IN_ROW) as u64)));
        push_hex_row(row, &mut rows);
        rows.end_line();
    }
    let shown = rows.count() * BYTES_IN_ROW;
    let mut preview = lines_as_preview(rows, bytes.len().div_ceil(BYTES_IN_ROW), RowNumbering::Offsets);
    preview.kind = kind;
    preview.view = PreviewView::Hex;
    preview.views = PLAIN_VIEWS.to_vec();
    let goes_on = !request.reaches_end();
    if (goes_on || shown < bytes.len()) && !bytes.is_empty() {
        if goes_on {
            preview.notes.push(ContentNote::GoesOn.line());
        }
        preview.more = MoreContent::ReadOn;
        preview.next = Some(NextWindow { offset: start.saturating_add(shown.min(bytes.len()) as u64), line: None });
    }
    preview
}

fn push_hex_row(row: &[u8], rows: &mut LineBuilder) {
    let mut numbers = String::with_capacity(BYTES_IN_ROW * 3 + 1);
    for at in 0..BYTES_IN_ROW {
        match row.get(at) {
            // Writing to a string cannot fail.
            Some(byte) => {
                let _ = write!(numbers, "{byte:02x} ");
            }
            None => numbers.push_str("   "),
        }
        if at == BYTES_IN_ROW / 2 - 1 {
            numbers.push(' ');
        }
    }
    rows.push(&numbers, SpanRole::Number);
    rows.push(" ", SpanRole::Plain);
    for byte in row {
        let is_visible = (0x20..0x7f).contains(byte);
        let (text, role) = if is_visible { (char::from(*byte), SpanRole::Plain) } else { ('·', SpanRole::Muted) };
        rows.push(text.encode_utf8(&mut [0; 4]), role);
    }
}
