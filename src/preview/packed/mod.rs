//! What is packed: unpacked as far as it goes and as far as is sensible, then shown as what it holds.
//!
//! Invariant: at most `MOST_UNPACKED` bytes come out, and not much more than a hundred for each that went in. What came
//! out before an error is kept.

mod frames;
mod inflate;
mod limits;

pub(super) use frames::first_block_end;
pub(super) use inflate::unpack;
pub(super) use limits::{UnpackEnd, Unpacked};

/// What comes out of Zstandard as far as it goes.
pub(super) fn unpack_frames(input: &[u8]) -> Vec<u8> {
    frames::unpack_zstd(input).bytes
}
