//! The sort orders of rows.
//!
//! Invariant: every order is total: rows that compare equal keep S3's order.

use std::sync::atomic::AtomicBool;

use super::stop::go_on;
use crate::domain::listing::rows::{Block, Kind, Rows};

/// Which row comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As S3 lists them: by the bytes of their names.
    #[default]
    Name,
    /// Common prefixes, which have no size, then the largest; what has no size comes last.
    Size,
    /// Common prefixes, which have no time, then the newest; what has no time comes last.
    Time,
}

impl Order {
    /// The next one for who goes through them. Buckets have no size.
    #[must_use]
    pub const fn next(self, of_buckets: bool) -> Self {
        match self {
            Self::Name if of_buckets => Self::Time,
            Self::Name => Self::Size,
            Self::Size => Self::Time,
            Self::Time => Self::Name,
        }
    }

    /// What rows are sorted by, ascending. Reversed, prefixes still come first, and what has no size or time last.
    pub(super) fn key(self, reversed: bool, rows: &Rows, row: usize) -> (u64, usize) {
        match self {
            Self::Name if reversed => (u64::MAX - row as u64, row),
            Self::Name => (0, row),
            _ => (rows.find(row).map_or(u64::MAX, |(block, at)| self.rank(reversed, block, at)), row),
        }
    }

    fn rank(self, reversed: bool, block: &Block, at: usize) -> u64 {
        let value = match (self, block.kind(at)) {
            (Self::Name, _) | (_, Kind::Prefix) => return 0,
            (Self::Size, _) => block.size(at),
            // Far more milliseconds than the calendar has, so that no time is negative.
            (Self::Time, _) => block.time(at).map(|time| ((1 << 62) + time.as_millisecond()).cast_unsigned()),
        };
        match value {
            Some(value) if reversed => value.min(u64::MAX - 2) + 1,
            Some(value) => (u64::MAX - 1).saturating_sub(value).max(1),
            None => u64::MAX,
        }
    }

    /// Sorts rows that ascend; `None` if `stop` was set before the sorting proper began, which cannot be stopped.
    pub(super) fn sort(self, reversed: bool, shown: &mut [u32], rows: &Rows, stop: &AtomicBool) -> Option<()> {
        if self == Self::Name {
            if reversed {
                shown.reverse();
            }
            return Some(());
        }
        let mut ranked: Vec<(u64, u32)> = Vec::with_capacity(shown.len());
        let mut left = &*shown;
        for (start, block) in rows.blocks() {
            go_on(stop)?;
            let (here, behind) = left.split_at(left.partition_point(|row| (*row as usize) < start + block.len()));
            ranked.extend(here.iter().map(|row| (self.rank(reversed, block, *row as usize - start), *row)));
            left = behind;
        }
        ranked.sort_unstable();
        for (place, (_, row)) in shown.iter_mut().zip(ranked) {
            *place = row;
        }
        Some(())
    }
}
