//! Which object is looked at, and what the listing says of it.
//!
//! Invariant: it holds the session that is to sign, so that nothing is read with one session and shown for another.

use jiff::Timestamp;

use crate::{
    app::object_calls::LookSource,
    domain::{
        credentials::SessionId,
        listing::Object,
        object::{ObjectAddress, ObjectVersion},
    },
};

/// An object, or a version of it, before anything is asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSubject {
    /// With which session it is looked at.
    pub session: SessionId,
    /// Which object.
    pub address: ObjectAddress,
    /// Bytes, where that is known.
    pub size: Option<u64>,
    /// Without the quotes of the wire.
    pub etag: Option<String>,
    /// When it was written.
    pub modified: Option<Timestamp>,
    /// `STANDARD`, `GLACIER`, …
    pub storage_class: Option<String>,
}

impl ObjectSubject {
    /// A row of the list.
    pub fn of_row(session: SessionId, bucket: &str, object: Object) -> Self {
        Self {
            session,
            address: ObjectAddress::new(bucket, object.key),
            size: object.size,
            etag: object.etag,
            modified: object.modified,
            storage_class: object.storage_class,
        }
    }

    /// A version of it with content; `None` for a delete marker.
    pub fn of_version(&self, version: &ObjectVersion) -> Option<Self> {
        let object = version.as_row()?;
        let whole = Self::of_row(self.session, &self.address.bucket, object);
        Some(Self { address: whole.address.in_version(version.version_id.clone()), ..whole })
    }

    /// What is known of its content.
    pub fn source(&self) -> LookSource {
        LookSource { address: self.address.clone(), etag: self.etag.clone(), size: self.size }
    }
}
