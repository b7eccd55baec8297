//! Two contents line by line.

use std::time::Duration;

use similar::{Algorithm, ChangeTag, TextDiff};

use super::{
    kind::recognise_format,
    note::ContentNote,
    reply::{MoreContent, Preview, PreviewBody, PreviewReply, RowNumbering, SpanRole},
    request::{PreviewRequest, PreviewView},
    rows::LineBuilder,
    text::decode_window,
    unpacked::{packed_name, unpack_content},
};

/// Lines that are shown around those that differ.
const CONTEXT: usize = 3;

/// How long lines are matched exactly; after that only roughly.
const LONGEST_MATCHING: Duration = Duration::from_millis(700);

/// A content as text, whether all of it, and whether more of the object could be read.
struct ComparedText {
    text: String,
    whole: bool,
    goes_on: bool,
}

/// How the lines of two contents differ.
pub(super) fn compare_contents(old: &PreviewRequest, new: &PreviewRequest) -> PreviewReply {
    let (Some(before), Some(after)) = (read_text(old), read_text(new)) else {
        return PreviewReply::Shown(without_lines(&ContentNote::NotText));
    };
    let mut preview = compare_texts(&before.text, &after.text);
    let whole = before.whole && after.whole;
    if before.goes_on || after.goes_on {
        preview.more = MoreContent::ReadOn;
    }
    if !whole {
        preview.notes.insert(0, ContentNote::ComparedInPart.line());
    } else if before.text == after.text {
        preview.notes.push(ContentNote::Equal.line());
    }
    PreviewReply::Shown(preview)
}

fn without_lines(note: &ContentNote) -> Preview {
    Preview {
        kind: "comparison".to_owned(),
        view: PreviewView::Text,
        views: vec![PreviewView::Text],
        notes: vec![note.line()],
        ..Preview::default()
    }
}

fn read_text(request: &PreviewRequest) -> Option<ComparedText> {
    let format = recognise_format(request);
    let unpacked = packed_name(format).map(|name| unpack_content(request, format, name).inner);
    let shown = unpacked.as_ref().unwrap_or(request);
    let decoded = decode_window(shown)?;
    Some(ComparedText { text: decoded.text, whole: shown.reaches_end(), goes_on: !request.reaches_end() })
}

fn compare_texts(before: &str, after: &str) -> Preview {
    let difference =
        TextDiff::configure().algorithm(Algorithm::Myers).timeout(LONGEST_MATCHING).diff_lines(before, after);
    let (mut added, mut removed) = (0_u64, 0_u64);
    let mut rows = LineBuilder::default();
    for group in difference.grouped_ops(CONTEXT) {
        if let Some(first) = group.first() {
            rows.begin_line(None);
            let heading = format!("from line {}, now {}", first.old_range().start + 1, first.new_range().start + 1);
            rows.push(&heading, SpanRole::Heading);
            rows.end_line();
        }
        for change in group.iter().flat_map(|op| difference.iter_changes(op)) {
            let (mark, role, number) = match change.tag() {
                ChangeTag::Delete => ("- ", SpanRole::Removed, change.old_index()),
                ChangeTag::Insert => ("+ ", SpanRole::Added, change.new_index()),
                ChangeTag::Equal => ("  ", SpanRole::Plain, change.new_index()),
            };
            added += u64::from(role == SpanRole::Added);
            removed += u64::from(role == SpanRole::Removed);
            rows.begin_line(number.map(|number| number as u64 + 1));
            rows.push(mark, role);
            rows.push(change.value().trim_end_matches(['\n', '\r']), role);
            rows.end_line();
        }
    }
    let (lines, full) = rows.finish();
    let notes = full.then(|| ContentNote::TooManyRows(lines.len()).line()).into_iter().collect();
    Preview {
        kind: format!("comparison · {added} added, {removed} removed"),
        view: PreviewView::Text,
        views: vec![PreviewView::Text],
        body: PreviewBody::Lines(lines),
        numbering: RowNumbering::Lines,
        notes,
        ..Preview::default()
    }
}
