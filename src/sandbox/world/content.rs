//! What objects hold: files that are compiled in, and bytes that are made when they are read.
//!
//! Invariant: the same content is the same bytes every time, and no more of it is in memory than a chunk, or than the
//! 16 MiB of one that is made in one go.

use std::{fmt::Write as _, ops::Range};

use bytes::Bytes;

use super::numbered_lines::numbered_lines;

/// More than this is not made in one go.
pub(super) const MOST_GENERATED: u64 = 16 << 20;
/// Of what is computed while it is sent.
const CHUNK: u64 = 64 << 10;
const HEADING: &str = "time,height_m,flag\n";

/// What an object holds.
pub(crate) enum Content {
    /// A file of `objects/`.
    File(&'static [u8]),
    /// So many bytes of a tide gauge's readings, different for each number.
    Readings(u32, u64),
    /// So many bytes of numbered lines.
    Lines(u64),
    /// So many bytes that cannot be read: they are archived.
    Archived(u64),
}

/// Hands out a part of a content in order.
pub(crate) struct ContentReader {
    source: ReaderSource,
    /// What is left of it.
    rest: Range<u64>,
}

enum ReaderSource {
    /// All of the content.
    Held(Bytes),
    Lines,
}

impl Content {
    /// Bytes.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::File(bytes) => bytes.len() as u64,
            Self::Readings(_, size) | Self::Lines(size) | Self::Archived(size) => *size,
        }
    }

    /// Reads a part that lies within it. Of what is archived nothing can be read, which callers refuse before.
    pub(crate) fn read(&self, part: Range<u64>) -> ContentReader {
        let source = match self {
            Self::File(bytes) => ReaderSource::Held(Bytes::from_static(bytes)),
            Self::Readings(number, size) => ReaderSource::Held(Bytes::from(gauge_readings(*number, *size))),
            Self::Lines(_) => ReaderSource::Lines,
            Self::Archived(_) => return ContentReader { source: ReaderSource::Lines, rest: 0..0 },
        };
        ContentReader { source, rest: part }
    }
}

impl ContentReader {
    /// A reader of what is in memory.
    pub(crate) fn of_bytes(bytes: Bytes) -> Self {
        let rest = 0..bytes.len() as u64;
        Self { source: ReaderSource::Held(bytes), rest }
    }

    /// How many bytes are left.
    pub(crate) fn remaining(&self) -> u64 {
        self.rest.end - self.rest.start
    }
}

impl Iterator for ContentReader {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.rest.is_empty() {
            return None;
        }
        let part = match &self.source {
            ReaderSource::Held(_) => self.rest.clone(),
            ReaderSource::Lines => self.rest.start..self.rest.end.min(self.rest.start + CHUNK),
        };
        self.rest.start = part.end;
        Some(match &self.source {
            ReaderSource::Held(bytes) => {
                // Both lie within what is in memory already.
                let at = |place: u64| usize::try_from(place).unwrap_or(bytes.len()).min(bytes.len());
                bytes.slice(at(part.start)..at(part.end))
            }
            ReaderSource::Lines => Bytes::from(numbered_lines(part)),
        })
    }
}

/// `size` bytes of readings: a heading, a row for each ten minutes, the last row cut where `size` ends.
fn gauge_readings(number: u32, size: u64) -> Vec<u8> {
    // It was checked that it is at most 16 MiB.
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut text = String::with_capacity(size + 32);
    text.push_str(HEADING);
    let mut state = number.wrapping_mul(2_654_435_761);
    let mut minute = 0;
    while text.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let height = state >> 20;
        let (hour, past) = (minute / 60 % 24, minute % 60);
        let _infallible = writeln!(text, "{hour:02}:{past:02},{}.{:03},ok", height / 1000, height % 1000);
        minute += 10;
    }
    text.truncate(size);
    text.into_bytes()
}
