//! One version of an object, or a delete marker.
//!
//! Invariant: versions keep the service's order: within a key newest first.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html>

use jiff::Timestamp;

use super::address::ObjectAddress;
use crate::domain::listing::Object;

/// A version, as `ListObjectVersions` tells it. Every text in it is foreign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The whole key, as [`name_text`](crate::domain::name_text) writes it.
    pub key: String,
    /// `null` for an object that was written before the bucket had versions; absent where the service has none.
    pub version_id: Option<String>,
    /// Whether it is the current one.
    pub is_latest: bool,
    /// When it was written, or when the object was deleted.
    pub last_modified: Option<Timestamp>,
    /// What it is.
    pub kind: VersionKind,
}

/// A version with content, or the mark of a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionKind {
    /// It has content.
    Content {
        /// Bytes.
        size: Option<u64>,
        /// Without the quotes of the wire.
        etag: Option<String>,
        /// `STANDARD`, `GLACIER`, …
        storage_class: Option<String>,
    },
    /// From here on the object is deleted.
    DeleteMarker,
}

impl ObjectVersion {
    /// Whether the object is deleted as of it.
    pub fn is_delete_marker(&self) -> bool {
        self.kind == VersionKind::DeleteMarker
    }

    /// Bytes, of a version with content.
    pub const fn size(&self) -> Option<u64> {
        match self.kind {
            VersionKind::Content { size, .. } => size,
            VersionKind::DeleteMarker => None,
        }
    }

    /// Its `ETag`, of a version with content.
    pub fn etag(&self) -> Option<&str> {
        match &self.kind {
            VersionKind::Content { etag, .. } => etag.as_deref(),
            VersionKind::DeleteMarker => None,
        }
    }

    /// Where it is.
    pub fn address(&self, bucket: &str) -> ObjectAddress {
        ObjectAddress::new(bucket, &self.key).in_version(self.version_id.clone())
    }

    /// The row of a listing in which it is the current version; `None` for a delete marker.
    pub fn as_row(&self) -> Option<Object> {
        let VersionKind::Content { size, etag, storage_class } = &self.kind else { return None };
        Some(Object {
            key: self.key.clone(),
            size: *size,
            modified: self.last_modified,
            storage_class: storage_class.clone(),
            etag: etag.clone(),
        })
    }
}
