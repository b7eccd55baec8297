//! The rows of a listing, compact enough for ten million of them.
//!
//! Invariant: rows ascend by the bytes of their names, and a row's position is its name for as long as the listing lives:
//! rows are only ever added after the last. A clone shares them, at the cost of one pointer a page.

pub(super) mod block;
mod builder;
mod etag;
mod packed_numbers;
pub(super) mod raw;

use std::fmt;

use bytes::BytesMut;

pub use block::{Block, RowBuffers};
pub use builder::BlockBuilder;
pub use raw::{RawRow, RowKind};

use super::{entry::Entry, page::PageFault};
use crate::domain::name_text::bytes_of;

/// Rows in blocks.
#[derive(Clone, Default)]
pub struct Rows {
    blocks: Vec<Block>,
    /// The position of each block's first row.
    starts: Vec<usize>,
    len: usize,
    memory: usize,
    /// The last blocks, from this one on, are pages that are too small to be kept as they are.
    small: usize,
    /// Where the columns of the next blocks go.
    slab: BytesMut,
}

/// Rows that take more than this are kept in slabs.
const FEW: usize = 4 << 20;

/// Allocators keep small pieces for themselves; one piece of more than 32 MiB is given back to the system as
/// soon as its listing is left. <https://man7.org/linux/man-pages/man3/mallopt.3.html>, `M_MMAP_THRESHOLD`. What is not
/// filled yet takes no memory.
const SLAB: usize = 40 << 20;

/// Small pages are joined to blocks of about this many rows: a block's own fields take some 300 bytes. Joined once, when
/// there are enough of them: joining each to those before it would copy every row many times, into slabs that give nothing
/// back.
const BLOCK: usize = 1024;

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that they take.
    pub fn memory_bytes(&self) -> usize {
        self.memory
    }

    /// The row at a position, as a value of its own: for the few that are looked at.
    pub fn get(&self, at: usize) -> Option<Entry> {
        let (block, at) = self.find_block(at)?;
        block.entry(at)
    }

    /// The bytes of a row's name.
    pub fn name(&self, at: usize) -> Option<Vec<u8>> {
        let (block, at) = self.find_block(at)?;
        Some(block.name(at))
    }

    /// The last row.
    pub fn last(&self) -> Option<Entry> {
        self.get(self.len.checked_sub(1)?)
    }

    /// The bytes of the last row's name.
    pub fn last_name(&self) -> Option<Vec<u8>> {
        self.name(self.len.checked_sub(1)?)
    }

    /// All rows, one after another.
    pub fn iter(&self) -> impl Iterator<Item = Entry> {
        self.blocks.iter().flat_map(Block::iter)
    }

    /// The blocks with the position of each one's first row: for work on all rows, which drawing never does.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = (usize, &Block)> + ExactSizeIterator {
        self.starts.iter().copied().zip(&self.blocks)
    }

    /// The block that holds a row, and where in it.
    pub fn find_block(&self, at: usize) -> Option<(&Block, usize)> {
        let block = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let within = at - self.starts[block];
        self.blocks.get(block).filter(|block| within < block.len()).map(|block| (block, within))
    }

    /// The position of the row with this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        let name = bytes_of(name);
        let at = self.rank_of(&name);
        self.find_block(at).is_some_and(|(block, within)| *block.name(within) == *name).then_some(at)
    }

    /// How many names come before `name`.
    pub fn rank_of(&self, name: &[u8]) -> usize {
        let behind = self.blocks.partition_point(|block| *block.name(0) <= *name);
        let Some(block) = behind.checked_sub(1) else { return 0 };
        self.starts[block] + self.blocks[block].rank_of(name)
    }

    /// Adds rows after the last.
    ///
    /// # Errors
    /// [`PageFault::Order`] if they do not follow it; nothing is added then.
    pub fn push(&mut self, block: Block) -> Result<(), PageFault> {
        if block.is_empty() {
            return Ok(());
        }
        if self.last_name().is_some_and(|last| block.name(0) <= last) {
            return Err(PageFault::Order);
        }
        let waiting = self.len - self.starts.get(self.small).copied().unwrap_or(self.len);
        if waiting + block.len() > BLOCK {
            self.join_small();
        }
        if block.len() > BLOCK / 2 {
            self.join_small();
            self.keep_block(block);
            self.small = self.blocks.len();
        } else {
            self.merge_block(block);
        }
        Ok(())
    }

    /// Makes one block of the small pages at the end.
    fn join_small(&mut self) {
        let pages = self.blocks.split_off(self.small);
        self.starts.truncate(self.small);
        self.len -= pages.iter().map(Block::len).sum::<usize>();
        self.memory -= pages.iter().map(Block::memory_bytes).sum::<usize>();
        if !pages.is_empty() {
            self.keep_block(Block::join_blocks(&pages));
        }
        self.small = self.blocks.len();
    }

    /// The last row alone.
    #[must_use]
    pub fn only_last(&self) -> Self {
        let mut only = Self::default();
        if let Some(block) = self.blocks.last() {
            only.merge_block(block.slice_rows(block.len() - 1, block.len()));
        }
        only
    }

    /// Adds a block that stays as it is.
    fn keep_block(&mut self, mut block: Block) {
        if self.memory > FEW {
            if self.slab.capacity() < block.heap() {
                self.slab = BytesMut::with_capacity(SLAB.max(block.heap()));
            }
            block = block.moved_to(&mut self.slab);
        }
        self.merge_block(block);
    }

    fn merge_block(&mut self, block: Block) {
        self.starts.push(self.len);
        self.len += block.len();
        self.memory += block.memory_bytes();
        self.blocks.push(block);
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Eq for Rows {}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Block {
    /// Rows that are at hand as values, in any order.
    ///
    /// # Errors
    /// [`PageFault::Order`] if a name comes twice.
    pub fn from_entries(entries: impl IntoIterator<Item = Entry>) -> Result<Self, PageFault> {
        let named = |entry: Entry| (bytes_of(entry.name()).into_owned(), entry);
        let mut entries: Vec<(Vec<u8>, Entry)> = entries.into_iter().map(named).collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut builder = BlockBuilder::default();
        for (name, entry) in &entries {
            builder.push(entry.as_row(name))?;
        }
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(pages: &[Vec<Entry>]) -> Rows {
        let mut rows = Rows::default();
        for page in pages {
            rows.push(Block::from_entries(page.clone()).unwrap()).unwrap();
        }
        rows
    }

    fn names(names: impl Iterator<Item = String>) -> Vec<Entry> {
        names.map(Entry::Prefix).collect()
    }

    #[test]
    fn pages_that_do_not_follow_the_last_row_are_not_taken() {
        let mut rows = rows(&[names(["a", "c"].map(str::to_owned).into_iter())]);
        for name in ["b", "c"] {
            let before = rows.clone();
            assert_eq!(rows.push(Block::from_entries([Entry::Prefix(name.into())]).unwrap()), Err(PageFault::Order));
            assert_eq!(rows, before);
        }
    }

    /// Where the last column of a block ends: in a slab, the next block begins there.
    fn end(block: &Block) -> usize {
        block.all_tails().as_ptr_range().end as usize
    }

    #[test]
    fn pages_of_few_rows_cost_no_more_than_full_ones() {
        let all = names((0..600_000).map(|n| format!("{n:08}")));
        let full = rows(&all.chunks(1000).map(<[_]>::to_vec).collect::<Vec<_>>());
        for page in [1, 50, 300, 700] {
            let few = rows(&all.chunks(page).map(<[_]>::to_vec).collect::<Vec<_>>());
            assert_eq!((few.len(), few.get(77_777)), (600_000, full.get(77_777)));
            assert!(
                few.memory_bytes() < full.memory_bytes() * 5 / 4 + BLOCK * 400,
                "{page}: {} bytes",
                few.memory_bytes()
            );
            let kept: Vec<&Block> =
                few.blocks().map(|(_, block)| block).filter(|block| block.len() > BLOCK / 2).collect();
            let gaps = kept.windows(2).filter(|pair| end(pair[0]) + pair[1].heap() != end(pair[1])).count();
            // Those of before there was a slab lie anywhere.
            let before = FEW / kept[0].memory_bytes() + 2;
            assert!(gaps <= before, "{page}: {gaps} gaps in slabs among {} blocks", kept.len());
        }
    }

    #[test]
    fn rows_in_a_slab_are_those_that_were_pushed() {
        let name = |n: usize| format!("{n:08}-{}", "x".repeat(n % 700));
        let pages: Vec<_> =
            (0..30_000).collect::<Vec<_>>().chunks(500).map(|page| names(page.iter().map(|n| name(*n)))).collect();
        let rows = rows(&pages);
        assert!(rows.memory_bytes() > FEW && rows.slab.capacity() > 0, "a slab was begun");
        assert!(rows.iter().eq(pages.into_iter().flatten()));
        assert!(rows.clone() == rows, "a clone shares it");
    }

    proptest! {
        #[test]
        fn every_row_is_found_by_position_and_by_name(
            keys in prop::collection::btree_set("[a-c]{0,4}é?", 0..200), cut in 1..9_usize,
        ) {
            let entries = names(keys.into_iter());
            let pages: Vec<_> = entries.chunks(cut).map(<[_]>::to_vec).collect();
            let rows = rows(&pages);
            prop_assert!(rows.iter().eq(entries.iter().cloned()));
            for (at, entry) in entries.iter().enumerate() {
                prop_assert_eq!(rows.get(at), Some(entry.clone()));
                prop_assert_eq!(rows.position(entry.name()), Some(at));
            }
            prop_assert_eq!((rows.get(entries.len()), rows.position("zz")), (None, None));
            prop_assert_eq!(rows.last(), entries.last().cloned());
        }
    }
}
