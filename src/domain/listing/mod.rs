//! The content of a location, page by page, in S3's order.
//!
//! Invariant: rows ascend by the bytes of their names, whatever they came in; nothing here looks whole that is not.

mod arrange;
mod entry;
pub mod keyspace;
mod loaded;
mod page;
mod paging;
mod request;
mod rows;

pub use arrange::{Arrangement, Arranging, SortOrder, VisibleRows};
pub use entry::{Bucket, Entry, Object};
pub use loaded::{Listing, Rest};
pub use page::{ContinuationToken, Page, PageFault, TokenListener};
pub use paging::{MOST_FRUITLESS, NextPage, Paging};
pub use request::{ListRequest, RequestCounter, may_refuse_the_token};
pub use rows::{Block, BlockBuilder, RawRow, RowBuffers, RowKind, Rows};
