//! What `HeadObject` tells of an object.
//!
//! Invariant: a header that did not come is absent here. One whose value has not the form it should have is kept as a
//! note, and everything else is shown all the same.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>

use jiff::Timestamp;

use super::{
    checksum::{ChecksumScope, StoredChecksum},
    encoded_word::decode_words,
    encryption::ObjectEncryption,
    etag::EtagMeaning,
    headers::{ExpirationRule, RestoreStatus},
};
use crate::domain::failure::Failure;

/// The class of objects for which S3 sends no header.
const STANDARD: &str = "STANDARD";

/// Classes whose objects must be restored before they can be read.
const ARCHIVES: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// The answer of `HeadObject`. Every text in it is foreign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectHead {
    /// Bytes.
    pub size: Option<u64>,
    /// Without the quotes of the wire.
    pub etag: Option<String>,
    /// When it was last written.
    pub last_modified: Option<Timestamp>,
    /// How its content is described.
    pub content: ContentHeaders,
    /// As it was sent; none is sent for [`STANDARD`]: see [`ObjectHead::class_name`].
    pub storage_class: Option<String>,
    /// `ARCHIVE_ACCESS` or `DEEP_ARCHIVE_ACCESS`, of an object in `INTELLIGENT_TIERING` that must be restored.
    pub archive_status: Option<String>,
    /// `null` for an object that was written before the bucket had versions.
    pub version_id: Option<String>,
    /// How it is encrypted at rest.
    pub encryption: Option<ObjectEncryption>,
    /// Of an archived object.
    pub restore: Option<RestoreStatus>,
    /// The lifecycle rule that will remove it.
    pub expiration: Option<ExpirationRule>,
    /// `PENDING`, `COMPLETED`, `FAILED`, `REPLICA`.
    pub replication_status: Option<String>,
    /// Where a website redirects a request for it.
    pub website_redirect: Option<String>,
    /// What Object Lock says, as far as `HeadObject` tells it.
    pub lock: Option<ObjectLock>,
    /// How many entries of its metadata cannot be sent as headers.
    pub missing_meta: Option<u32>,
    /// Sorted by name.
    pub metadata: Vec<MetadataEntry>,
    /// Those that were stored with it.
    pub checksums: Vec<StoredChecksum>,
    /// What the checksums are computed over.
    pub checksum_scope: Option<ChecksumScope>,
    /// Why the service does not tell the checksums, where it refused to.
    pub checksum_refusal: Option<Box<Failure>>,
    /// How many parts it was uploaded in, where the service says so.
    pub parts_count: Option<u32>,
    /// How many tags it has, where the service says so: only to whoever may read them.
    pub tag_count: Option<u32>,
    /// What came in an odd form, in sentences.
    pub notes: Vec<String>,
}

/// How content is described by whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentHeaders {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Encoding`: `gzip`, or `aws-chunked` of a broken upload.
    pub encoding: Option<String>,
    /// `Content-Language`.
    pub language: Option<String>,
    /// `Content-Disposition`.
    pub disposition: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Expires`, as it was written.
    pub expires: Option<String>,
}

/// What protects an object from being removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectLock {
    /// `GOVERNANCE` or `COMPLIANCE`.
    pub mode: Option<String>,
    /// Until when.
    pub retain_until: Option<Timestamp>,
    /// Whether a legal hold is on.
    pub legal_hold: Option<bool>,
}

/// One entry of user metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataEntry {
    /// Without `x-amz-meta-`.
    pub name: String,
    /// As it was sent.
    pub value: String,
}

impl MetadataEntry {
    /// The text that the value stands for, where it is [encoded](decode_words).
    pub fn decoded(&self) -> Option<String> {
        decode_words(&self.value)
    }
}

impl ObjectHead {
    /// What its `ETag` is.
    pub fn etag_meaning(&self) -> Option<EtagMeaning> {
        self.etag.as_deref().map(|etag| EtagMeaning::of_etag(etag, self.encryption.as_ref()))
    }

    /// The storage class: S3 sends no header for `STANDARD`.
    pub fn class_name(&self) -> &str {
        self.storage_class.as_deref().unwrap_or(STANDARD)
    }

    /// Whether it must be restored before it can be read.
    pub fn needs_restore(&self) -> bool {
        let archived = self.archive_status.is_some() || ARCHIVES.contains(&self.class_name());
        archived && !matches!(self.restore, Some(RestoreStatus::Readable { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archived_object_can_be_read_only_once_it_is_restored() {
        let readable = RestoreStatus::Readable { until: None };
        for (class, archive, restore, needs) in [
            (None, None, None, false),
            (Some("STANDARD_IA"), None, None, false),
            (Some("GLACIER_IR"), None, None, false),
            (Some("GLACIER"), None, None, true),
            (Some("DEEP_ARCHIVE"), None, Some(RestoreStatus::UnderWay), true),
            (Some("GLACIER"), None, Some(readable), false),
            (Some("INTELLIGENT_TIERING"), None, None, false),
            (Some("INTELLIGENT_TIERING"), Some("ARCHIVE_ACCESS"), None, true),
        ] {
            let head = ObjectHead {
                storage_class: class.map(Into::into),
                archive_status: archive.map(Into::into),
                restore,
                ..ObjectHead::default()
            };
            assert_eq!(head.needs_restore(), needs, "{class:?} {archive:?} {restore:?}");
        }
    }
}
