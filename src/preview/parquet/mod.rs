//! Parquet: schema, row groups, statistics and the first rows, out of a few ranges.
//! <https://parquet.apache.org/docs/file-format/>
//!
//! Fifty rows need the first kilobytes of a page, not all of it: pages are unpacked and decoded as far as they were read.
//! So any file's first columns fit a small budget, and nothing is sized by what a header says.
//!
//! Invariant: every number of the file is checked before it is used; a column that cannot be read leaves the others.

mod columns;
mod footer;
mod format;
mod levels;
mod pages;
mod pieces;
mod schema;
mod show;
mod thrift;
mod unpack;
mod values;

pub(super) use show::show_parquet;
