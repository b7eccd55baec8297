//! zip, by the list of members at its end.
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use super::{ArchiveMember, as_listing};
use crate::{
    domain::numbers::group_digits,
    preview::{
        note::ContentNote,
        reply::{MOST_ROWS, Preview},
        request::{ByteSpan, FIRST_WINDOW, PreviewRequest, last_range},
    },
};

/// The record at the end, without its comment.
const END_LENGTH: usize = 22;

/// What can be said of a zip.
pub(crate) enum ZipStep {
    /// Its members.
    Listed(Preview),
    /// These bytes are needed to tell them.
    Needs(ByteSpan),
    /// It has no list of members.
    NotListed,
}

/// Where the list of members lies.
struct ZipDirectory {
    span: ByteSpan,
    count: u64,
}

/// The members of a zip. Its list is at its end, which has to be read for it.
pub(crate) fn list_zip(request: &PreviewRequest) -> ZipStep {
    let Some(size) = request.size else { return ZipStep::NotListed };
    let Some(tail_span) = last_range(size) else { return ZipStep::NotListed };
    let Some(tail) = request.bytes_of(tail_span) else {
        return if request.trips > 0 && request.budget >= tail_span.length {
            ZipStep::Needs(tail_span)
        } else {
            ZipStep::NotListed
        };
    };
    let Some(directory) = find_directory(tail, size) else { return ZipStep::NotListed };
    let wanted = ByteSpan { length: directory.span.length.min(FIRST_WINDOW.max(request.budget)), ..directory.span };
    let Some(list) = request.bytes_of(wanted).or_else(|| longest_part(request, directory.span)) else {
        let may_read = request.trips > 0 && request.budget >= wanted.length && wanted.length > 0;
        return if may_read { ZipStep::Needs(wanted) } else { ZipStep::NotListed };
    };
    ZipStep::Listed(read_directory(list, &directory))
}

/// What was read of a span that is longer than what may be read.
fn longest_part(request: &PreviewRequest, span: ByteSpan) -> Option<&[u8]> {
    let window = request.windows.iter().find(|window| (window.offset..window.end()).contains(&span.offset))?;
    let start = usize::try_from(span.offset - window.offset).ok()?;
    (request.trips == 0 || request.budget == 0).then(|| &window.bytes[start..])
}

fn find_directory(tail: &[u8], size: u64) -> Option<ZipDirectory> {
    let last = tail.len().checked_sub(END_LENGTH)?;
    let at = (0..=last).rev().find(|at| tail[*at..].starts_with(b"PK\x05\x06"))?;
    let end = &tail[at..];
    let (mut count, mut length, mut offset) =
        (u64::from(short(end, 10)?), u64::from(long(end, 12)?), u64::from(long(end, 16)?));
    // Values that do not fit stand in a record of their own, just before.
    let end64 = memchr::memmem::rfind(&tail[..at], b"PK\x06\x06").map(|at| &tail[at..]);
    if let Some(end64) = end64.filter(|_| count == 0xffff || length == 0xffff_ffff || offset == 0xffff_ffff) {
        (count, length, offset) = (very_long(end64, 32)?, very_long(end64, 40)?, very_long(end64, 48)?);
    }
    let span = ByteSpan { offset, length };
    (offset < size && span.end() <= size && length > 0).then_some(ZipDirectory { span, count })
}

fn read_directory(list: &[u8], directory: &ZipDirectory) -> Preview {
    let (mut members, mut rest, mut damaged) = (vec![], list, false);
    while members.len() < MOST_ROWS && rest.len() >= 46 {
        if !rest.starts_with(b"PK\x01\x02") {
            damaged = true;
            break;
        }
        let Some((member, length)) = read_member(rest) else { break };
        members.push(member);
        rest = &rest[length..];
    }
    let count = directory.count;
    let kind = format!("zip archive · {} {}", group_digits(count), if count == 1 { "member" } else { "members" });
    let mut preview = as_listing(kind, &members);
    if damaged {
        preview.notes.push(ContentNote::ArchiveDamaged("zip").line());
    } else if (members.len() as u64) < count {
        preview.notes.push(ContentNote::ArchiveGoesOn("zip").line());
    }
    preview
}

fn read_member(entry: &[u8]) -> Option<(ArchiveMember, usize)> {
    let (name, extra, comment) =
        (usize::from(short(entry, 28)?), usize::from(short(entry, 30)?), usize::from(short(entry, 32)?));
    let name_bytes = entry.get(46..46 + name)?;
    let extra_bytes = entry.get(46 + name..46 + name + extra)?;
    let length = 46 + name + extra + comment;
    entry.get(..length)?;
    let size = long(entry, 24)?;
    let size = if size == u32::MAX { size_in_extra(extra_bytes) } else { Some(u64::from(size)) };
    let (date, time) = (short(entry, 14)?, short(entry, 12)?);
    let modified = format!(
        "{}-{:02}-{:02} {:02}:{:02}:{:02}",
        1980 + (date >> 9),
        date >> 5 & 15,
        date & 31,
        time >> 11,
        time >> 5 & 63,
        (time & 31) * 2
    );
    let encrypted = short(entry, 8)? & 1 == 1;
    let about = if encrypted { "encrypted" } else { "" }.to_owned();
    let name = String::from_utf8_lossy(name_bytes).into_owned();
    Some((ArchiveMember { name, size, modified, about }, length))
}

/// The size in the field of numbers of 64 bits, where it stands first.
fn size_in_extra(extra: &[u8]) -> Option<u64> {
    let mut rest = extra;
    while let (Some(id), Some(length)) = (short(rest, 0), short(rest, 2)) {
        if id == 1 {
            return very_long(rest, 4);
        }
        rest = rest.get(4 + usize::from(length)..)?;
    }
    None
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn very_long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
