//! The bytes between a child that decodes and its parent: frames of a length and as many bytes.
//!
//! Invariant: nothing that the other side says is believed. A length is checked before anything is read, a reply is
//! checked against every limit before it is used; what does not fit is an error, never a part of an answer.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::{
    reply::{LONGEST_LINE, MOST_COLUMNS, MOST_NOTES, MOST_ROWS, Preview, PreviewBody, PreviewReply},
    request::{ByteSpan, ContentWindow, DecodeTask, PreviewRequest, PreviewView},
};

/// Bytes of a reply's frame.
pub const LARGEST_REPLY: usize = 8 * 1024 * 1024;

/// Bytes of a request's head.
const LARGEST_HEAD: usize = 256 * 1024;

/// Bytes of one request's windows.
const LARGEST_CONTENT: usize = 8 * 1024 * 1024;

/// Windows of one request.
const MOST_WINDOWS: usize = 256;

/// Bytes of a kind, a note, an encoding's name.
const LONGEST_SENTENCE: usize = 4096;

/// A request's head: everything but the bytes of the windows, which follow it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskHead {
    requests: Vec<PreviewRequest>,
    windows: Vec<Vec<ByteSpan>>,
}

/// A task as bytes.
pub fn write_task(task: &DecodeTask, out: &mut impl Write) -> io::Result<()> {
    let requests = match task {
        DecodeTask::Show(request) => vec![request],
        DecodeTask::Compare { old, new } => vec![old, new],
    };
    let span = |window: &ContentWindow| ByteSpan { offset: window.offset, length: window.bytes.len() as u64 };
    let windows = requests.iter().map(|request| request.windows.iter().map(span).collect()).collect();
    let head = TaskHead { requests: requests.iter().map(|request| without_bytes(request)).collect(), windows };
    write_frame(&serde_json::to_vec(&head)?, out)?;
    for window in requests.iter().flat_map(|request| &request.windows) {
        out.write_all(&window.bytes)?;
    }
    Ok(())
}

fn without_bytes(request: &PreviewRequest) -> PreviewRequest {
    PreviewRequest {
        name: request.name.clone(),
        content_type: request.content_type.clone(),
        content_encoding: request.content_encoding.clone(),
        encoding: request.encoding.clone(),
        windows: vec![],
        ..*request
    }
}

/// Reads a task, all of it.
pub fn read_task(input: &mut impl Read) -> io::Result<DecodeTask> {
    let head: TaskHead = serde_json::from_slice(&read_frame(input, LARGEST_HEAD)?)?;
    if head.requests.len() != head.windows.len() || head.windows.iter().any(|windows| windows.len() > MOST_WINDOWS) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut requests = head.requests;
    for (request, spans) in requests.iter_mut().zip(head.windows) {
        let mut room = LARGEST_CONTENT as u64;
        for span in spans {
            room = room.checked_sub(span.length).ok_or(io::ErrorKind::InvalidData)?;
            let mut bytes = vec![];
            input.take(span.length).read_to_end(&mut bytes)?;
            if bytes.len() as u64 != span.length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            request.windows.push(ContentWindow { offset: span.offset, bytes });
        }
    }
    let (Some(first), second) = (requests.pop(), requests.pop()) else { return Err(io::ErrorKind::InvalidData.into()) };
    Ok(match second {
        None => DecodeTask::Show(first),
        Some(old) => DecodeTask::Compare { old, new: first },
    })
}

/// A reply as bytes; one that is too large is an error.
pub fn write_reply(reply: &PreviewReply, out: &mut impl Write) -> io::Result<()> {
    let bytes = serde_json::to_vec(reply)?;
    if bytes.len() > LARGEST_REPLY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    write_frame(&bytes, out)
}

/// The reply in the bytes of a frame, if it keeps every limit.
pub fn parse_reply(frame: &[u8]) -> Result<PreviewReply, &'static str> {
    let reply: PreviewReply = serde_json::from_slice(frame).map_err(|_| "its reply cannot be parsed")?;
    match &reply {
        PreviewReply::Needs(ranges) if ranges.is_empty() || ranges.len() > MOST_NOTES => {
            Err("its reply asks for no ranges or for too many")
        }
        PreviewReply::Needs(ranges) if ranges.iter().any(|range| range.length == 0 || range.end() == u64::MAX) => {
            Err("its reply asks for a range that cannot be")
        }
        PreviewReply::Needs(_) => Ok(reply),
        PreviewReply::Shown(preview) => check_preview(preview).map(|()| reply),
    }
}

fn check_preview(preview: &Preview) -> Result<(), &'static str> {
    let sentences = preview.notes.iter().map(|note| &note.text).chain([&preview.kind]).chain(&preview.encoding);
    if preview.notes.len() > MOST_NOTES || preview.views.len() > MOST_NOTES {
        return Err("its reply has too many notes");
    }
    if sentences.into_iter().any(|text| text.len() > LONGEST_SENTENCE) {
        return Err("its reply has too long a sentence");
    }
    if preview.view == PreviewView::Auto {
        return Err("its reply names no view");
    }
    let fits = match &preview.body {
        PreviewBody::Lines(lines) => {
            lines.len() <= MOST_ROWS
                && lines.iter().all(|line| line.spans.iter().map(|span| span.text.len()).sum::<usize>() <= LONGEST_LINE)
        }
        PreviewBody::Table(table) => {
            table.rows.len() <= MOST_ROWS
                && table.columns.len() <= MOST_COLUMNS
                && table.columns.iter().all(|column| column.name.len() <= LONGEST_LINE)
                && table.rows.iter().all(|row| row.cells.len() <= table.columns.len())
                && table.rows.iter().flat_map(|row| &row.cells).all(|cell| cell.text.len() <= LONGEST_LINE)
        }
    };
    if fits { Ok(()) } else { Err("its reply has rows that are too long") }
}

fn write_frame(bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

fn read_frame(input: &mut impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}
