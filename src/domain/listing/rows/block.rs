//! Rows that arrived together, in a few dozen bytes each.
//!
//! Invariant: names ascend by their bytes; what was pushed comes back, row by row, as it was.

use std::{fmt, sync::Arc};

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;

use super::{
    etag::{EtagBuffer, EtagBuilder, Etags},
    narrow::Narrow,
};
use crate::domain::{
    listing::{Bucket, Entry, Object, PageFault},
    name_text::text_of,
};

/// What kind of thing a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// A common prefix.
    Prefix,
    /// A bucket.
    Bucket,
}

/// A row as the wire tells it, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawRow<'a> {
    /// What it is.
    pub kind: Kind,
    /// The whole key, common prefix or bucket name. Any bytes: most services hold to UTF-8, some do not.
    pub name: &'a [u8],
    /// Bytes; of an object, where the service says so.
    pub size: Option<u64>,
    /// When an object was last written, or a bucket created.
    pub time: Option<Timestamp>,
    /// An object's storage class, or a bucket's region.
    pub label: Option<&'a str>,
    /// An object's `ETag` without its quotes.
    pub etag: Option<&'a str>,
}

impl<'a> RawRow<'a> {
    /// A common prefix.
    pub fn prefix(name: &'a [u8]) -> Self {
        Self { kind: Kind::Prefix, name, size: None, time: None, label: None, etag: None }
    }
}

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

/// Rows in ascending order, never changed; a clone shares them.
///
/// Names are kept without what all of them begin with, numbers in the bytes that their range needs, `ETags` as digests: for
/// a page of 1,000 keys with sizes, times and `ETags` some 30 bytes a row.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Block(Arc<Columns>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Columns {
    len: usize,
    /// What every name begins with.
    shared: Box<[u8]>,
    /// The rest of every name, back to back.
    tails: Bytes,
    /// Where in `tails` each ends.
    ends: Narrow,
    kinds: Narrow,
    sizes: Narrow,
    times: Narrow,
    labels: Narrow,
    words: Box<[Box<str>]>,
    etags: Etags,
}

/// What stands in the place of its kind for an object of which no size is known: a column of its own would cost each block
/// some bytes.
const SIZELESS: u64 = 3;

/// What a row is read into.
#[derive(Debug, Clone, Default)]
pub struct RowBuffers {
    name: Vec<u8>,
    etag: EtagBuffer,
}

/// Before every time of the calendar, in milliseconds, so that none of them is negative, nor the 0 that stands for no time.
const BEFORE_ALL: i64 = -1_000_000_000_000_000;

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

impl Columns {
    fn heap(&self) -> usize {
        let numbers = [&self.ends, &self.kinds, &self.sizes, &self.times, &self.labels].map(Narrow::bytes);
        let bytes = numbers.into_iter().chain(self.etags.bytes()).chain([&self.tails]);
        bytes.map(Bytes::len).sum()
    }

    fn bytes_mut(&mut self) -> impl Iterator<Item = &mut Bytes> {
        let numbers = [&mut self.ends, &mut self.kinds, &mut self.sizes, &mut self.times, &mut self.labels];
        numbers.map(Narrow::bytes_mut).into_iter().chain(self.etags.bytes_mut()).chain([&mut self.tails])
    }
}

impl Block {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    /// A row as a value of its own.
    pub fn entry(&self, at: usize) -> Option<Entry> {
        if at >= self.0.len {
            return None;
        }
        let name = text_of(&self.name(at)).into_owned();
        let label = || self.label(at).map(str::to_owned);
        Some(match self.kind(at) {
            Kind::Prefix => Entry::Prefix(name),
            Kind::Bucket => Entry::Bucket(Bucket { name, region: label(), created: self.time(at) }),
            Kind::Object => Entry::Object(Object {
                key: name,
                size: self.size(at),
                modified: self.time(at),
                storage_class: label(),
                etag: self.0.etags.read(at, &mut EtagBuffer::default()).map(str::to_owned),
            }),
        })
    }

    /// A row as it was pushed, in buffers that are used again: for who goes through millions.
    pub fn read<'a>(&'a self, at: usize, buffers: &'a mut RowBuffers) -> RawRow<'a> {
        buffers.name.clear();
        buffers.name.extend_from_slice(&self.0.shared);
        buffers.name.extend_from_slice(self.tail(at));
        RawRow {
            kind: self.kind(at),
            name: &buffers.name,
            size: self.size(at),
            time: self.time(at),
            label: self.label(at),
            etag: self.0.etags.read(at, &mut buffers.etag),
        }
    }

    /// The rows as values, one after another.
    pub fn iter(&self) -> impl Iterator<Item = Entry> {
        (0..self.0.len).filter_map(|at| self.entry(at))
    }

    /// The names, one after another.
    pub fn names(&self) -> impl Iterator<Item = Vec<u8>> {
        (0..self.0.len).map(|at| self.name(at))
    }

    /// What S3 sorts by.
    pub fn name(&self, at: usize) -> Vec<u8> {
        [&self.0.shared, self.tail(at)].concat()
    }

    /// What every name begins with.
    pub fn shared(&self) -> &[u8] {
        &self.0.shared
    }

    /// What follows [`shared`](Self::shared) in a row's name.
    pub fn tail(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.end(before));
        self.0.tails.get(start..self.end(at)).unwrap_or_default()
    }

    /// What follows [`shared`](Self::shared), of all rows back to back: to search them in one go.
    pub fn tails(&self) -> &[u8] {
        &self.0.tails
    }

    /// Where in [`tails`](Self::tails) that of a row ends.
    pub fn end(&self, at: usize) -> usize {
        usize::try_from(self.0.ends.get(at)).unwrap_or(usize::MAX)
    }

    /// What a row is.
    pub fn kind(&self, at: usize) -> Kind {
        match self.0.kinds.get(at) {
            1 => Kind::Prefix,
            2 => Kind::Bucket,
            _ => Kind::Object,
        }
    }

    /// Bytes of an object, where its size is known.
    pub fn size(&self, at: usize) -> Option<u64> {
        (self.0.kinds.get(at) == Kind::Object as u64).then(|| self.0.sizes.get(at))
    }

    /// When an object was last written or a bucket created, to the millisecond.
    pub fn time(&self, at: usize) -> Option<Timestamp> {
        let time = i64::try_from(self.0.times.get(at)).ok().filter(|time| *time > 0);
        Timestamp::from_millisecond(time? + BEFORE_ALL).ok()
    }

    /// An object's storage class, a bucket's region.
    pub fn label(&self, at: usize) -> Option<&str> {
        let word = usize::try_from(self.0.labels.get(at)).ok()?.checked_sub(1)?;
        self.0.words.get(word).map(|word| &**word)
    }

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

    /// How many names come before `name`.
    pub fn rank(&self, name: &[u8]) -> usize {
        let (mut from, mut to) = (0, self.0.len);
        while from < to {
            let middle = from.midpoint(to);
            let before = self.0.shared.iter().chain(self.tail(middle)).lt(name.iter());
            if before { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// Bytes that these rows take.
    pub fn memory(&self) -> usize {
        let words: usize = self.0.words.iter().map(|word| size_of_val(word) + word.len()).sum();
        size_of::<Columns>() + self.0.shared.len() + self.0.heap() + words + self.0.etags.others()
    }

    /// The same rows, their columns kept in a slab that has room for them.
    pub(super) fn moved_to(self, slab: &mut BytesMut) -> Self {
        let mut columns = Arc::unwrap_or_clone(self.0);
        for bytes in columns.bytes_mut() {
            slab.extend_from_slice(bytes);
            *bytes = slab.split().freeze();
        }
        Self(Arc::new(columns))
    }

    /// Bytes that the rows themselves take, which is less than [`memory`](Self::memory) by what every block takes: where
    /// pages are small, their rows are joined to fewer blocks.
    pub fn memory_of_rows(&self) -> usize {
        self.0.shared.len() + self.0.heap() + self.0.etags.others()
    }

    /// Bytes of all columns.
    pub(super) fn heap(&self) -> usize {
        self.0.heap()
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::name_text::bytes_of;

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
