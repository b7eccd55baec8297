//! What an object has besides its content: headers it was stored with, metadata, tags, a lock, annotations.
//!
//! Invariant: nothing here changes a byte of the content. A header is one that S3 gives back to a reader as it was set.

use std::{collections::BTreeMap, sync::OnceLock};

use jiff::{SignedDuration, Timestamp};

use super::{
    configured::{ConfiguredAnnotation, ConfiguredObject, ConfiguredRestore, ConfiguredRetention},
    digests::{ChecksumKind, md5_of, to_base64},
    files::WorldFiles,
};
use bytes::Bytes;

/// The headers that an object may be stored with.
const STORED: [&str; 11] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "x-amz-replication-status",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-website-redirect-location",
];
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What an object has besides its content.
#[derive(Default)]
pub(crate) struct ObjectProperties {
    /// In lower case.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// By key in lower case, without `x-amz-meta-`.
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) retention: Option<ConfiguredRetention>,
    /// Whether a legal hold is on, where one was ever set.
    pub(crate) legal_hold: Option<bool>,
    pub(crate) restore: Option<ConfiguredRestore>,
    /// In the order of their names.
    pub(crate) annotations: Vec<ObjectAnnotation>,
}

/// A named payload that somebody attached to an object.
pub(crate) struct ObjectAnnotation {
    pub(crate) name: String,
    pub(crate) modified: Timestamp,
    pub(crate) payload: &'static [u8],
}

/// How far the restoration of an archived object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestoreState {
    /// Under way.
    Ongoing,
    /// It can be read until then.
    Until(Timestamp),
}

impl ObjectProperties {
    /// Those of an object that was stored with nothing but its bytes.
    pub(crate) fn none() -> &'static Self {
        static NONE: OnceLock<ObjectProperties> = OnceLock::new();
        NONE.get_or_init(Self::default)
    }

    /// Takes what a description says; `None` where it says nothing.
    pub(super) fn from_config(config: &mut ConfiguredObject, files: WorldFiles) -> Result<Option<Box<Self>>, String> {
        let header = |(name, value): (String, String)| {
            let known = STORED.into_iter().find(|known| *known == name);
            Ok((known.ok_or_else(|| format!("{:?}: {name} is not stored with an object", config.key))?, value))
        };
        let headers: Vec<_> =
            std::mem::take(&mut config.headers).into_iter().map(header).collect::<Result<_, String>>()?;
        let annotation = |annotation| ObjectAnnotation::from_config(annotation, files);
        let mut annotations: Vec<_> =
            std::mem::take(&mut config.annotations).into_iter().map(annotation).collect::<Result<_, _>>()?;
        annotations.sort_by(|one, other| one.name.cmp(&other.name));
        let properties = Self {
            headers,
            metadata: std::mem::take(&mut config.metadata),
            tags: std::mem::take(&mut config.tags),
            retention: config.retention,
            legal_hold: config.legal_hold,
            restore: config.restore,
            annotations,
        };
        Ok(properties.says_anything().then(|| Box::new(properties)))
    }

    fn says_anything(&self) -> bool {
        let listed = [self.headers.len(), self.metadata.len(), self.tags.len(), self.annotations.len()];
        listed.iter().any(|count| *count > 0) || self.is_locked() || self.restore.is_some()
    }

    /// Whether it has what only a bucket with Object Lock can hold.
    pub(super) fn is_locked(&self) -> bool {
        self.retention.is_some() || self.legal_hold.is_some()
    }

    /// How far its restoration is, where there is one. The sandbox's world begins with the sandbox: so does the time for
    /// which an object is restored, and it ends at a midnight, as S3's do.
    pub(crate) fn restore_state(&self, started: Timestamp, now: Timestamp) -> Option<RestoreState> {
        match self.restore? {
            ConfiguredRestore::Ongoing => Some(RestoreState::Ongoing),
            ConfiguredRestore::Days(days) => {
                let end = started.as_second() + i64::from(days) * DAY.as_secs();
                let midnight = end.div_euclid(DAY.as_secs()).saturating_add(1) * DAY.as_secs();
                // No clock is so late that a few days more would leave the calendar.
                let until = Timestamp::from_second(midnight).unwrap_or(started);
                (now < until).then_some(RestoreState::Until(until))
            }
        }
    }
}

impl ObjectAnnotation {
    fn from_config(config: ConfiguredAnnotation, files: WorldFiles) -> Result<Self, String> {
        let payload = files.read_bytes(&config.file, "world.toml").map_err(|error| error.what)?;
        Ok(Self { name: config.name, modified: config.modified, payload })
    }

    /// With its quotes.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}\"", hex::encode(md5_of(self.chunks())))
    }

    /// The checksum that S3 adds.
    pub(crate) fn checksum(&self) -> (ChecksumKind, String) {
        let kind = ChecksumKind::default();
        (kind, to_base64(&kind.digest(self.chunks())))
    }

    fn chunks(&self) -> impl Iterator<Item = Bytes> {
        std::iter::once(Bytes::from_static(self.payload))
    }
}
