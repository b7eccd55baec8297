//! tar: ustar, GNU's long names, pax headers.
//! <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>

use jiff::Timestamp;

use super::{ArchiveMember, as_listing};
use crate::{
    domain::numbers::group_digits,
    preview::{
        note::ContentNote,
        reply::{MOST_ROWS, MoreContent, Preview},
    },
};

/// Bytes of a header, and what contents are padded to.
const BLOCK: usize = 512;

/// Bytes of a name in a header of its own.
const LONGEST_NAME: u64 = 64 * 1024;

/// How the list of members ended.
#[derive(PartialEq, Eq)]
enum TarEnd {
    /// With two blocks of zeros, or with the archive.
    Whole,
    /// With what was read.
    Cut,
    /// With a block that is no header.
    Damaged,
}

/// The members in `bytes`. `whole` says that nothing follows.
pub(crate) fn list_tar(bytes: &[u8], whole: bool) -> Preview {
    let (members, end) = read_members(bytes);
    let kind = format!(
        "tar archive · {} {}",
        group_digits(members.len()),
        if members.len() == 1 { "member" } else { "members" }
    );
    let goes_on = end != TarEnd::Whole && !whole;
    let mut preview = as_listing(if goes_on { format!("{kind} so far") } else { kind }, &members);
    match end {
        TarEnd::Cut if !whole => {
            preview.notes.push(ContentNote::ArchiveGoesOn("tar").line());
            preview.more = MoreContent::ReadOn;
        }
        TarEnd::Cut | TarEnd::Damaged => preview.notes.push(ContentNote::ArchiveDamaged("tar").line()),
        TarEnd::Whole => {}
    }
    preview
}

fn read_members(bytes: &[u8]) -> (Vec<ArchiveMember>, TarEnd) {
    let (mut members, mut at) = (vec![], 0_usize);
    let (mut long_name, mut long_size) = (None, None);
    while members.len() < MOST_ROWS {
        let Some(header) = bytes.get(at..at.saturating_add(BLOCK)) else { return (members, TarEnd::Cut) };
        if header.iter().all(|byte| *byte == 0) {
            return (members, TarEnd::Whole);
        }
        if !has_checksum(header) {
            return (members, TarEnd::Damaged);
        }
        let size = long_size.take().or_else(|| number(&header[124..136]));
        let Some(size) = size else { return (members, TarEnd::Damaged) };
        let content = at + BLOCK;
        let kind = header[156];
        match kind {
            b'L' | b'x' if size <= LONGEST_NAME => {
                let end = content.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
                let Some(text) = bytes.get(content..end) else { return (members, TarEnd::Cut) };
                if kind == b'L' {
                    long_name = Some(until_nul(text));
                } else {
                    read_pax(text, &mut long_name, &mut long_size);
                }
            }
            b'g' | b'K' | b'L' | b'x' => {}
            _ => members.push(member(header, size, long_name.take())),
        }
        let padded = size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64);
        at = content.saturating_add(usize::try_from(padded).unwrap_or(usize::MAX));
    }
    (members, TarEnd::Cut)
}

fn member(header: &[u8], size: u64, long_name: Option<String>) -> ArchiveMember {
    let prefix = if &header[257..263] == b"ustar\0" { until_nul(&header[345..500]) } else { String::new() };
    let name = until_nul(&header[..100]);
    let about = match header[156] {
        b'5' => "directory".to_owned(),
        b'2' => format!("link to {}", until_nul(&header[157..257])),
        b'1' => format!("same as {}", until_nul(&header[157..257])),
        b'3' | b'4' => "device".to_owned(),
        b'6' => "pipe".to_owned(),
        _ => String::new(),
    };
    let modified =
        number(&header[136..148]).and_then(|seconds| Timestamp::from_second(i64::try_from(seconds).ok()?).ok());
    ArchiveMember {
        name: long_name.unwrap_or_else(|| if prefix.is_empty() { name } else { format!("{prefix}/{name}") }),
        size: Some(size),
        modified: modified.map_or_else(String::new, |time| time.to_string()),
        about,
    }
}

/// The sum of the header's bytes, those of the sum itself taken as spaces.
fn has_checksum(header: &[u8]) -> bool {
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(at, byte)| u64::from(if (148..156).contains(&at) { b' ' } else { *byte }))
        .sum();
    number(&header[148..156]) == Some(sum)
}

/// Octal digits, or GNU's bytes with the highest bit set.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let bytes = field.iter().skip(field.len().saturating_sub(8));
        return Some(bytes.fold(0, |number, byte| number << 8 | u64::from(*byte)) & (u64::MAX >> 1));
    }
    let text = until_nul(field);
    let digits = text.trim();
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

fn until_nul(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// Records of `length key=value\n`.
fn read_pax(text: &[u8], name: &mut Option<String>, size: &mut Option<u64>) {
    let text = String::from_utf8_lossy(text);
    for record in text.split_terminator('\n') {
        let Some((key, value)) = record.split_once(' ').and_then(|(_, record)| record.split_once('=')) else {
            continue;
        };
        match key {
            "path" => *name = Some(value.to_owned()),
            "size" => *size = value.parse().ok(),
            _ => {}
        }
    }
}
