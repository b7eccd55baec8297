//! The preview of every kind of content: whole, cut, damaged and hostile.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on says where it stopped; how long a decoder takes is measured"
)]

mod archives;
mod corpus_files;
mod json;
mod mutated;
mod packed;
mod parquet;
mod plain;
mod tables;
mod whole_frames;

use ebbtide::preview::{
    ByteSpan, ContentWindow, DecodeTask, FIRST_WINDOW, MOST_TRIPS, Preview, PreviewBody, PreviewLine, PreviewReply,
    PreviewRequest, PreviewTable, PreviewView, SpanRole, USUAL_BUDGET, decode_content, first_range,
};

/// An object that is read by ranges, as a parent does, and what that cost.
struct ReadObject {
    preview: Preview,
    trips: u8,
    moved: u64,
}

/// Reads an object as its name and `change` ask for, within a budget.
fn read_object(name: &str, content: &[u8], budget: u64, change: impl Fn(&mut PreviewRequest)) -> ReadObject {
    let size = content.len() as u64;
    let window = |span: ByteSpan| ContentWindow { offset: span.offset, bytes: content[as_range(span, size)].to_vec() };
    let first = first_range(name, size).map(window);
    let mut moved = first.as_ref().map_or(0, |window| window.bytes.len() as u64);
    let mut request = PreviewRequest {
        name: name.to_owned(),
        size: Some(size),
        windows: first.into_iter().collect(),
        budget: budget - moved,
        trips: MOST_TRIPS - 1,
        ..PreviewRequest::default()
    };
    change(&mut request);
    let mut trips = 1;
    loop {
        match decode_content(&DecodeTask::Show(request.clone())) {
            PreviewReply::Shown(preview) => return ReadObject { preview, trips, moved },
            PreviewReply::Needs(spans) => {
                assert!(request.trips > 0, "asks for more trips than there are");
                let asked: u64 = spans.iter().map(|span| span.length).sum();
                assert!(asked <= request.budget, "asks for {asked} bytes of {}", request.budget);
                request.windows.extend(spans.into_iter().map(window));
                request.budget -= asked;
                request.trips -= 1;
                (trips, moved) = (trips + 1, moved + asked);
            }
        }
    }
}

fn as_range(span: ByteSpan, size: u64) -> std::ops::Range<usize> {
    usize::try_from(span.offset.min(size)).unwrap()..usize::try_from(span.end().min(size)).unwrap()
}

/// An object read for the usual budget.
fn look(name: &str, content: &[u8]) -> Preview {
    read_object(name, content, USUAL_BUDGET, |_| {}).preview
}

/// The same in another view.
fn look_as(view: PreviewView, name: &str, content: &[u8]) -> Preview {
    read_object(name, content, USUAL_BUDGET, |request| request.view = view).preview
}

fn lines(preview: &Preview) -> Vec<String> {
    let PreviewBody::Lines(lines) = &preview.body else { panic!("not lines: {preview:?}") };
    lines.iter().map(PreviewLine::text).collect()
}

fn table(preview: &Preview) -> &PreviewTable {
    let PreviewBody::Table(table) = &preview.body else { panic!("no table: {preview:?}") };
    table
}

fn names(table: &PreviewTable) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

fn row(table: &PreviewTable, at: usize) -> Vec<&str> {
    table.rows[at].cells.iter().map(|cell| cell.text.as_str()).collect()
}

fn notes(preview: &Preview) -> Vec<&str> {
    preview.notes.iter().map(|note| note.text.as_str()).collect()
}

/// The spans of one line, as text and role.
fn spans(preview: &Preview, at: usize) -> Vec<(&str, SpanRole)> {
    let PreviewBody::Lines(lines) = &preview.body else { panic!("not lines: {preview:?}") };
    lines[at].spans.iter().map(|span| (span.text.as_str(), span.role)).collect()
}

/// An object of which only the beginning was read.
fn beginning(name: &str, bytes: &[u8]) -> Preview {
    let request = PreviewRequest::of_beginning(name, Some(bytes.len() as u64 + FIRST_WINDOW), bytes.to_vec());
    match decode_content(&DecodeTask::Show(PreviewRequest { budget: 0, trips: 0, ..request })) {
        PreviewReply::Shown(preview) => preview,
        PreviewReply::Needs(spans) => panic!("needs {spans:?}"),
    }
}
