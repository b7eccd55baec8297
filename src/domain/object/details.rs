//! Everything about one object.
//!
//! Invariant: the head comes first; each further part is a request of its own that loads and fails alone.

use jiff::Timestamp;

use super::{
    address::ObjectAddress,
    checksum::{ChecksumScope, StoredChecksum},
    head::ObjectHead,
    part::DetailPart,
};

/// What is known of one object, or of one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectDetails {
    /// Which object.
    pub address: ObjectAddress,
    /// What `HeadObject` told.
    pub head: ObjectHead,
    /// In the service's order.
    pub tags: DetailPart<Vec<ObjectTag>>,
    /// Parts and checksums.
    pub attributes: DetailPart<ObjectAttributes>,
    /// Absent where the bucket has no Object Lock, or the object no retention.
    pub retention: DetailPart<RetentionRule>,
    /// Whether a legal hold is on.
    pub legal_hold: DetailPart<bool>,
    /// Named payloads beside the content; what they hold is read on demand.
    pub annotations: DetailPart<Vec<Annotation>>,
}

impl ObjectDetails {
    /// What `HeadObject` tells; nothing else has been asked for.
    pub fn of_head(address: ObjectAddress, head: ObjectHead) -> Self {
        Self {
            address,
            head,
            tags: DetailPart::NotRead,
            attributes: DetailPart::NotRead,
            retention: DetailPart::NotRead,
            legal_hold: DetailPart::NotRead,
            annotations: DetailPart::NotRead,
        }
    }
}

/// A tag of an object. Foreign text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectTag {
    /// At most 128 characters on AWS.
    pub key: String,
    /// At most 256 characters on AWS.
    pub value: String,
}

/// What `GetObjectAttributes` tells.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectAttributes {
    /// Bytes.
    pub size: Option<u64>,
    /// Without the quotes of the wire.
    pub etag: Option<String>,
    /// As it was sent.
    pub storage_class: Option<String>,
    /// Of the whole object.
    pub checksums: Vec<StoredChecksum>,
    /// What the checksums are computed over.
    pub checksum_scope: Option<ChecksumScope>,
    /// How many parts it was uploaded in; `None` if in one.
    pub parts_count: Option<u32>,
    /// Each part, where the service tells them: S3 does so for parts with checksums alone.
    pub parts: Vec<ObjectPart>,
    /// Whether there are more parts than were read.
    pub has_more_parts: bool,
}

/// A part of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPart {
    /// From 1.
    pub number: u32,
    /// Bytes.
    pub size: Option<u64>,
    /// Its own.
    pub checksums: Vec<StoredChecksum>,
}

/// How long an object is kept from being removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRule {
    /// `GOVERNANCE` or `COMPLIANCE`. Foreign text.
    pub mode: Option<String>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// A named payload beside an object's content, of 1 byte to 1 MiB. Foreign text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: Option<u64>,
    /// When it was written.
    pub last_modified: Option<Timestamp>,
    /// Without the quotes of the wire.
    pub etag: Option<String>,
}
