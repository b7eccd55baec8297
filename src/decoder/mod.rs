//! Decodes what objects contain, in a child process.
//!
//! Invariant: no byte of an object is parsed in the process that holds credentials. The child is this program started
//! again: without environment, without files, with pipes alone, in a process group of its own, with limits on memory and
//! time that it sets before it reads a byte. It ends with its answer, when nobody waits for it any more, or after
//! [`LONGEST_DECODING`]. Whatever it does, the caller gets a reply that keeps every limit of `preview`, or a
//! [`DecoderFault`].

mod child;
mod process;
mod unpack;

pub use child::{ChildWork, child_work, run_child};
pub use process::{DecoderFault, DecoderProcess, LONGEST_DECODING, plain_instead};
pub use unpack::{UnpackFault, UnpackProcess};
