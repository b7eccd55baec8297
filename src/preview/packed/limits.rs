//! What comes out of packed content, how much of it, and why no more.

/// Bytes that come out at most.
pub(super) const MOST_UNPACKED: usize = 1024 * 1024;

/// Bytes that come out however little went in, before the ratio counts.
const RATIO_FROM: usize = 256 * 1024;

/// Bytes that come out for each that went in.
const LARGEST_RATIO: usize = 100;

/// What came out, and why no more.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// What came out.
    pub(crate) bytes: Vec<u8>,
    /// Bytes that were consumed.
    pub(crate) read: usize,
    /// Why no more.
    pub(crate) end: UnpackEnd,
}

/// Why no more came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnpackEnd {
    /// That is all.
    Whole,
    /// The input ended.
    Cut,
    /// The input is damaged.
    Damaged,
    /// [`MOST_UNPACKED`] came out.
    Limit,
    /// Too much came out of too little.
    Bomb,
    /// zstd with a window of this size.
    WindowTooLarge(u64),
    /// zstd that needs this dictionary.
    NeedsDictionary(u32),
}

/// Whether so much came out of so little that it is no use to go on.
pub(super) fn is_bomb(unpacked: usize, read: usize) -> bool {
    unpacked >= RATIO_FROM && unpacked / read.max(1) > LARGEST_RATIO
}
