//! Rows that arrived together, in a few dozen bytes each.
//!
//! Invariant: names ascend by their bytes; what was pushed comes back, row by row, as it was.

use std::{fmt, sync::Arc};

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;

use super::{
    etag::{EtagBuffer, Etags},
    narrow::Narrow,
    raw::{Kind, RawRow},
};
use crate::domain::{
    listing::entry::{Bucket, Entry, Object},
    name_text::text_of,
};

/// Rows in ascending order, never changed; a clone shares them.
///
/// Names are kept without what all of them begin with, numbers in the bytes that their range needs, `ETags` as digests: for
/// a page of 1,000 keys with sizes, times and `ETags` some 30 bytes a row.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Block(pub(super) Arc<Columns>);

#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) len: usize,
    /// What every name begins with.
    pub(super) shared: Box<[u8]>,
    /// The rest of every name, back to back.
    pub(super) tails: Bytes,
    /// Where in `tails` each ends.
    pub(super) ends: Narrow,
    pub(super) kinds: Narrow,
    pub(super) sizes: Narrow,
    pub(super) times: Narrow,
    pub(super) labels: Narrow,
    pub(super) words: Box<[Box<str>]>,
    pub(super) etags: Etags,
}

/// What stands in the place of its kind for an object of which no size is known: a column of its own would cost each block
/// some bytes.
pub(super) const SIZELESS: u64 = 3;

/// What a row is read into.
#[derive(Debug, Clone, Default)]
pub struct RowBuffers {
    name: Vec<u8>,
    etag: EtagBuffer,
}

/// Before every time of the calendar, in milliseconds, so that none of them is negative, nor the 0 that stands for no time.
pub(super) const BEFORE_ALL: i64 = -1_000_000_000_000_000;

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
