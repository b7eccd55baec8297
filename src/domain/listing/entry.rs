//! One row of a listing.
//!
//! Invariant: a row has what the service returned; missing values are absent, never made up.

use jiff::Timestamp;

use super::rows::raw::{Kind, RawRow};

/// A bucket, as `ListBuckets` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Where it lives, where the service says so.
    pub region: Option<String>,
    /// When it was created.
    pub created: Option<Timestamp>,
}

/// An object, as `ListObjectsV2` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The whole key, from the bucket's top, as [`name_text`](crate::domain::name_text) writes it. Foreign text.
    pub key: String,
    /// Bytes, where the service says so.
    pub size: Option<u64>,
    /// When it was last written.
    pub modified: Option<Timestamp>,
    /// `STANDARD`, `GLACIER`, …
    pub storage_class: Option<String>,
    /// Without the quotes of the wire.
    pub etag: Option<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// In the list of buckets.
    Bucket(Bucket),
    /// A common prefix, whole, with its delimiter at the end, as [`name_text`](crate::domain::name_text) writes it.
    /// Foreign text.
    Prefix(String),
    /// An object.
    Object(Object),
}

impl Entry {
    /// What S3 sorts by: the bucket's name, the whole common prefix, the whole key.
    pub fn name(&self) -> &str {
        match self {
            Self::Bucket(bucket) => &bucket.name,
            Self::Prefix(prefix) => prefix,
            Self::Object(object) => &object.key,
        }
    }

    /// The same, borrowed, as rows are stored under the bytes of their name.
    pub(super) fn as_row<'a>(&'a self, name: &'a [u8]) -> RawRow<'a> {
        match self {
            Self::Prefix(_) => RawRow::prefix(name),
            Self::Bucket(bucket) => RawRow {
                kind: Kind::Bucket,
                time: bucket.created,
                label: bucket.region.as_deref(),
                ..RawRow::prefix(name)
            },
            Self::Object(object) => RawRow {
                kind: Kind::Object,
                name,
                size: object.size,
                time: object.modified,
                label: object.storage_class.as_deref(),
                etag: object.etag.as_deref(),
            },
        }
    }
}
