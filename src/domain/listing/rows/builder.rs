//! Makes blocks of rows.
//!
//! Invariant: what comes out ascends by the bytes of the names, and no name is there twice.

use std::sync::Arc;

use super::{
    block::{BEFORE_ALL, Block, Columns, SIZELESS},
    etag::{EtagBuffer, EtagBuilder},
    narrow::Narrow,
    raw::{Kind, RawRow},
};
use crate::domain::listing::page::PageFault;

/// Rows while they arrive: objects in ascending order, and common prefixes in ascending order, in any mixture, as the wire
/// has them.
#[derive(Debug, Clone, Default)]
pub struct BlockBuilder {
    names: Vec<u8>,
    ends: Vec<usize>,
    kinds: Vec<u64>,
    sizes: Vec<u64>,
    times: Vec<u64>,
    labels: Vec<u64>,
    words: Vec<Box<str>>,
    etags: EtagBuilder,
    /// The newest row of each kind.
    newest: [Option<usize>; 3],
}

impl BlockBuilder {
    /// With room for so many rows, of names as they mostly are.
    pub fn with_room(rows: usize) -> Self {
        let column = || Vec::with_capacity(rows);
        Self {
            names: Vec::with_capacity(32 * rows),
            ends: Vec::with_capacity(rows),
            kinds: column(),
            sizes: column(),
            times: column(),
            labels: column(),
            ..Self::default()
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`PageFault::Order`] unless it follows the row of its kind before it.
    pub fn push(&mut self, row: RawRow<'_>) -> Result<(), PageFault> {
        let newest = &mut self.newest[row.kind as usize];
        if newest.is_some_and(|newest| name(&self.names, &self.ends, newest) >= row.name) {
            return Err(PageFault::Order);
        }
        *newest = Some(self.ends.len());
        self.names.extend_from_slice(row.name);
        self.ends.push(self.names.len());
        let sizeless = row.kind == Kind::Object && row.size.is_none();
        self.kinds.push(if sizeless { SIZELESS } else { row.kind as u64 });
        self.sizes.push(row.size.unwrap_or_default());
        self.times.push(row.time.map_or(0, |time| (time.as_millisecond() - BEFORE_ALL).unsigned_abs()));
        let label = self.label(row.label);
        self.labels.push(label);
        self.etags.push(row.etag);
        Ok(())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All rows, in one order.
    ///
    /// # Errors
    /// [`PageFault::Order`] if a name comes twice.
    pub fn finish(self) -> Result<Block, PageFault> {
        let mixed = self.newest.iter().flatten().count() > 1;
        if mixed { self.merged() } else { Ok(self.compact()) }
    }

    /// Words are few: the same one is mostly the newest.
    fn label(&mut self, label: Option<&str>) -> u64 {
        let Some(label) = label else { return 0 };
        let known = self.words.iter().rposition(|word| **word == *label);
        let at = known.unwrap_or_else(|| {
            self.words.push(label.into());
            self.words.len() - 1
        });
        at as u64 + 1
    }

    fn merged(self) -> Result<Block, PageFault> {
        let whole = self.compact();
        let mut order: Vec<usize> = (0..whole.len()).collect();
        order.sort_by(|a, b| whole.tail(*a).cmp(whole.tail(*b)));
        if order.windows(2).any(|pair| whole.tail(pair[0]) == whole.tail(pair[1])) {
            return Err(PageFault::Order);
        }
        let mut ordered = Self::default();
        for at in order {
            ordered.append(&whole, at);
        }
        Ok(ordered.compact())
    }

    /// Adds a row of a block, which has its place there already.
    fn append(&mut self, block: &Block, at: usize) {
        self.names.extend_from_slice(&block.0.shared);
        self.names.extend_from_slice(block.tail(at));
        self.ends.push(self.names.len());
        self.kinds.push(block.0.kinds.get(at));
        self.sizes.push(block.0.sizes.get(at));
        self.times.push(block.0.times.get(at));
        let label = self.label(block.label(at));
        self.labels.push(label);
        self.etags.push(block.0.etags.read(at, &mut EtagBuffer::default()));
    }

    fn compact(self) -> Block {
        let names = |at| name(&self.names, &self.ends, at);
        // The names of one kind ascend, so what the first and the last of each share is shared by all.
        let mut shared = if self.is_empty() { &[][..] } else { names(0) };
        let firsts = [self.ends.len().saturating_sub(1)].into_iter().chain(self.newest.iter().flatten().copied());
        for at in firsts.chain(self.first_of_each_kind()).filter(|at| *at < self.ends.len()) {
            shared = &shared[..shared.iter().zip(names(at)).take_while(|(a, b)| a == b).count()];
        }
        let mut tails = Vec::with_capacity(self.names.len() - shared.len() * self.ends.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        for at in 0..self.ends.len() {
            tails.extend_from_slice(&names(at)[shared.len()..]);
            ends.push(tails.len() as u64);
        }
        Block(Arc::new(Columns {
            len: self.ends.len(),
            shared: shared.into(),
            tails: tails.into(),
            ends: Narrow::of(&ends),
            kinds: Narrow::of(&self.kinds),
            sizes: Narrow::of(&self.sizes),
            times: Narrow::of(&self.times),
            labels: Narrow::of(&self.labels),
            words: self.words.into(),
            etags: self.etags.finish(),
        }))
    }

    fn first_of_each_kind(&self) -> impl Iterator<Item = usize> {
        (0..=SIZELESS).filter_map(|kind| self.kinds.iter().position(|other| *other == kind))
    }
}

fn name<'a>(names: &'a [u8], ends: &[usize], at: usize) -> &'a [u8] {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    &names[start..ends[at]]
}

impl Block {
    /// The rows from `from` up to `to`.
    #[must_use]
    pub fn slice(&self, from: usize, to: usize) -> Self {
        let mut builder = BlockBuilder::default();
        for at in from..to.min(self.0.len) {
            builder.append(self, at);
        }
        builder.compact()
    }

    /// The rows of several blocks that follow each other.
    #[must_use]
    pub(super) fn joined(blocks: &[Self]) -> Self {
        let mut builder = BlockBuilder::default();
        for block in blocks {
            for at in 0..block.len() {
                builder.append(block, at);
            }
        }
        builder.compact()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::{
        listing::RowBuffers,
        name_text::{bytes_of, text_of},
    };

    fn row(name: &str) -> RawRow<'_> {
        let time = Timestamp::from_millisecond(1_764_000_000_000).ok();
        RawRow { kind: Kind::Object, name: name.as_bytes(), size: Some(7), time, label: Some("STANDARD"), etag: None }
    }

    fn block(rows: &[RawRow<'_>]) -> Result<Block, PageFault> {
        let mut builder = BlockBuilder::default();
        for row in rows {
            builder.push(*row)?;
        }
        builder.finish()
    }

    fn names(block: &Block) -> Vec<String> {
        (0..block.len()).map(|at| text_of(&block.name(at)).into_owned()).collect()
    }

    #[test]
    fn objects_and_common_prefixes_are_merged_in_byte_order() {
        let rows = [row("a/Z"), row("a/c"), RawRow::prefix(b"a/b/"), RawRow::prefix("a/\u{e9}/".as_bytes())];
        assert_eq!(names(&block(&rows).unwrap()), ["a/Z", "a/b/", "a/c", "a/\u{e9}/"]);
    }

    #[test]
    fn rows_that_do_not_ascend_or_come_twice_are_no_block() {
        for rows in [
            [row("b"), row("a")],
            [row("a"), row("a")],
            [row("a/"), RawRow::prefix(b"a/")],
            [RawRow::prefix(b"b/"), RawRow::prefix(b"a/")],
        ] {
            assert_eq!(block(&rows), Err(PageFault::Order), "{rows:?}");
        }
    }

    #[test]
    fn a_thousand_rows_of_a_page_take_some_thirty_bytes_each() {
        let mut builder = BlockBuilder::default();
        for n in 0..1000_u32 {
            let (name, etag) = (format!("flat/part-{n:012}.bin"), format!("{:032x}", u128::from(n) * 0x9e37_79b9_7f4a));
            let time = Timestamp::from_second(1_764_000_000 + i64::from(n) * 61).ok();
            let size = Some(u64::from(n) * 7_919);
            builder.push(RawRow { name: name.as_bytes(), size, time, etag: Some(&etag), ..row("") }).unwrap();
        }
        let each = builder.finish().unwrap().memory() / 1000;
        assert!(each <= 36, "{each} bytes a row");
    }

    #[test]
    fn a_name_that_is_not_utf_8_keeps_its_bytes_and_is_told_apart_from_one_with_backslashes() {
        let block = block(&[row(r"a\xffb"), RawRow { name: b"a\xffb", ..row("") }]).unwrap();
        assert_eq!(block.name(1), b"a\xffb");
        let [escaped, raw] = [0, 1].map(|at| block.entry(at).unwrap());
        assert_eq!((escaped.name(), &*bytes_of(raw.name())), (r"a\xffb", &b"a\xffb"[..]));
        assert_ne!(escaped.name(), raw.name());
    }

    proptest! {
        #[test]
        fn what_was_pushed_comes_back_row_by_row(
            names in prop::collection::btree_set(prop::collection::vec(any::<u8>(), 0..12), 0..60),
            facts in prop::collection::vec((any::<u64>(), prop::option::of(-2_000_000_000_000..4_000_000_000_000_i64), 0..4_usize), 60),
        ) {
            let labels = [None, Some("STANDARD"), Some("GLACIER"), Some("")];
            let rows: Vec<_> = names.iter().zip(&facts).map(|(name, (size, time, label))| RawRow {
                kind: if size % 3 == 0 { Kind::Bucket } else { Kind::Object },
                name,
                size: Some(*size).filter(|size| size % 3 == 1),
                time: time.and_then(|time| Timestamp::from_millisecond(time).ok()),
                label: labels[*label],
                etag: labels[*label],
            }).collect();
            let block = block(&rows).unwrap();
            for (at, row) in rows.iter().enumerate() {
                prop_assert_eq!(block.name(at), row.name);
                prop_assert_eq!((block.kind(at), block.size(at), block.time(at)), (row.kind, row.size, row.time));
                prop_assert_eq!(block.label(at), row.label);
                let mut buffers = RowBuffers::default();
                prop_assert_eq!(block.read(at, &mut buffers), *row);
                prop_assert_eq!(block.rank(row.name), at);
            }
            prop_assert_eq!((block.len(), block.entry(rows.len())), (rows.len(), None));
            let half = rows.len() / 2;
            prop_assert_eq!(Block::joined(&[block.slice(0, half), block.slice(half, rows.len())]), block);
        }
    }
}
