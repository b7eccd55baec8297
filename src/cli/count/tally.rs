//! Sums over objects.
//!
//! Invariant: every object is in one storage class, and in one first-level prefix or directly in the location, so that
//! the sums of either are the total.

use std::{collections::BTreeMap, ops::AddAssign};

use crate::domain::listing::{Block, RowKind};

/// Objects and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Total {
    /// Wider than a size, of which each may be as large as 64 bits hold.
    pub(super) bytes: u128,
    pub(super) objects: u64,
    /// Objects without a size in the response: the bytes are more than these.
    pub(super) of_unknown_size: u64,
}

impl Total {
    fn of_object(size: Option<u64>) -> Self {
        let bytes = size.unwrap_or_default().into();
        Self { bytes, objects: 1, of_unknown_size: size.is_none().into() }
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, other: Self) {
        self.objects += other.objects;
        self.bytes += other.bytes;
        self.of_unknown_size += other.of_unknown_size;
    }
}

/// All that was counted below a prefix.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Bytes of the prefix that is counted.
    base: usize,
    pub(super) all: Total,
    /// By storage class; what the service left out is said to be `STANDARD`.
    pub(super) classes: BTreeMap<String, Total>,
    /// By first-level prefix, whole; the bytes of a key.
    pub(super) prefixes: BTreeMap<Vec<u8>, Total>,
    /// Objects with no further `/` in their key.
    pub(super) here: Total,
    /// Common prefixes, which were not requested and are not objects.
    pub(super) rolled_up: u64,
}

/// The class of an object that S3 names none of.
const STANDARD: &str = "STANDARD";

impl Tally {
    /// Below a prefix of so many bytes.
    pub(super) fn below_prefix(base: usize) -> Self {
        Self { base, ..Self::default() }
    }

    /// Adds rows. Rows of one prefix mostly follow one another: they are added up first.
    pub(super) fn add_rows(&mut self, rows: &Block) {
        let mut run: Option<(usize, Total)> = None;
        for at in 0..rows.len() {
            if rows.kind(at) != RowKind::Object {
                self.rolled_up += 1;
                continue;
            }
            let object = Total::of_object(rows.size(at));
            self.class_total(rows.label_index(at).unwrap_or(STANDARD)).add_assign(object);
            self.all += object;
            match &mut run {
                Some((first, total)) if self.first_level(rows, *first) == self.first_level(rows, at) => {
                    *total += object;
                }
                _ => {
                    self.add_run(rows, run.replace((at, object)));
                }
            }
        }
        self.add_run(rows, run);
    }

    fn add_run(&mut self, rows: &Block, run: Option<(usize, Total)>) {
        let Some((at, total)) = run else { return };
        match self.first_level(rows, at) {
            None => self.here += total,
            Some((shared, tail)) => *self.prefixes.entry([shared, tail].concat()).or_default() += total,
        }
    }

    /// The first-level prefix of a row: what it shares with all of its block, and the rest.
    fn first_level<'a>(&self, rows: &'a Block, at: usize) -> Option<(&'a [u8], &'a [u8])> {
        let is_slash = |byte: &u8| *byte == b'/';
        let shared = rows.shared_prefix();
        if let Some(slash) = shared.get(self.base..)?.iter().position(is_slash) {
            return Some((&shared[..=self.base + slash], &[]));
        }
        let tail = rows.name_tail(at);
        tail.iter().position(is_slash).map(|slash| (shared, &tail[..=slash]))
    }

    fn class_total(&mut self, name: &str) -> &mut Total {
        if !self.classes.contains_key(name) {
            self.classes.insert(name.to_owned(), Total::default());
        }
        self.classes.entry(name.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::{BlockBuilder, RawRow};

    fn block(rows: &[(&str, u64, Option<&str>)]) -> Block {
        let mut builder = BlockBuilder::default();
        for (name, size, label) in rows {
            let row = RawRow {
                kind: RowKind::Object,
                size: Some(*size),
                label: *label,
                ..RawRow::common_prefix(name.as_bytes())
            };
            builder.push(row).unwrap();
        }
        builder.finish().unwrap()
    }

    #[test]
    fn each_object_is_in_one_class_and_one_prefix_or_here() {
        let mut tally = Tally::below_prefix("p/".len());
        tally.add_rows(&block(&[
            ("p/", 1, None),
            ("p/a", 2, Some("GLACIER")),
            ("p/a/", 4, None),
            ("p/a/b/c", 8, None),
        ]));
        tally.add_rows(&block(&[("p/b/1", 16, None), ("p/b/2", 32, Some("GLACIER"))]));
        tally.add_rows(&block(&[("p/c//", 64, Some("STANDARD"))]));
        let total = |objects, bytes| Total { objects, bytes, of_unknown_size: 0 };
        assert_eq!((tally.all, tally.here), (total(7, 127), total(2, 3)));
        let prefixes: Vec<_> = tally.prefixes.iter().map(|(name, total)| (name.as_slice(), *total)).collect();
        assert_eq!(prefixes, [(&b"p/a/"[..], total(2, 12)), (b"p/b/", total(2, 48)), (b"p/c/", total(1, 64))]);
        let classes: Vec<_> = tally.classes.iter().map(|(name, total)| (name.as_str(), *total)).collect();
        assert_eq!(classes, [("GLACIER", total(2, 34)), ("STANDARD", total(5, 93))]);
    }

    #[test]
    fn sums_are_exact_beyond_64_bits_and_say_what_they_leave_out() {
        let mut tally = Tally::below_prefix(0);
        tally.add_rows(&block(&[("a", u64::MAX, None), ("b", u64::MAX, None), ("c", 2, None)]));
        let mut odd = BlockBuilder::default();
        odd.push(RawRow { kind: RowKind::Object, ..RawRow::common_prefix(b"d") }).unwrap();
        odd.push(RawRow::common_prefix(b"e/")).unwrap();
        tally.add_rows(&odd.finish().unwrap());
        assert_eq!(tally.all, Total { bytes: 1 << 65, objects: 4, of_unknown_size: 1 });
        assert_eq!(tally.rolled_up, 1);
    }
}
