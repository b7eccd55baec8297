//! A row as the wire tells it.
//!
//! Invariant: nothing is copied, and a name may be any bytes.

use jiff::Timestamp;

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
