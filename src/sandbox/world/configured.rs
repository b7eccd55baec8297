//! `world.toml` as it is written.
//!
//! Invariant: a name this module does not know is an error that names it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer},
};

use super::digests::ChecksumKind;
use crate::domain::duration::SessionDuration;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredWorld {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) regions: Vec<String>,
    /// Its name is of no account; its policy allows everything.
    pub(crate) root: ConfiguredUser,
    #[serde(rename = "user")]
    pub(crate) users: Vec<ConfiguredUser>,
    #[serde(rename = "role")]
    pub(crate) roles: Vec<ConfiguredRole>,
    #[serde(rename = "managed_policy")]
    pub(crate) managed_policies: Vec<ConfiguredPolicy>,
    /// What the first user took out before the sandbox began.
    pub(crate) session: ConfiguredSession,
    #[serde(rename = "bucket")]
    pub(crate) buckets: Vec<ConfiguredBucket>,
}

/// `[[user]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredUser {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    /// A file in `policies/`.
    pub(crate) policy: String,
    #[serde(default, rename = "device")]
    pub(crate) devices: Vec<ConfiguredDevice>,
}

/// `[[user.device]]`: a virtual MFA device.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredDevice {
    pub(crate) name: String,
    pub(crate) enabled: Timestamp,
    /// In base 32.
    pub(crate) seed: String,
}

/// `[[managed_policy]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredPolicy {
    pub(crate) arn: String,
    /// A file in `policies/`.
    pub(crate) policy: String,
}

/// `[session]`: credentials of `GetSessionToken`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredSession {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
}

/// `[[role]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredRole {
    pub(crate) name: String,
    pub(crate) id: String,
    /// Between slashes.
    #[serde(default = "no_path")]
    pub(crate) path: String,
    pub(crate) created: Timestamp,
    pub(crate) description: String,
    #[serde(deserialize_with = "deserialize_duration")]
    pub(crate) max_duration: SessionDuration,
    /// Files in `policies/`: who may assume it, and what it may do.
    pub(crate) trust: String,
    pub(crate) policy: String,
}

/// `[[bucket]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredBucket {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) created: Timestamp,
    /// A file in `policies/`.
    pub(crate) policy: Option<String>,
    /// Whether it keeps versions; one with Object Lock does.
    #[serde(default)]
    pub(crate) versioning: bool,
    #[serde(default)]
    pub(crate) object_lock: bool,
    pub(crate) lifecycle: Option<ConfiguredLifecycle>,
    #[serde(default, rename = "object")]
    pub(crate) objects: Vec<ConfiguredObject>,
    #[serde(default)]
    pub(crate) series: Vec<ConfiguredSeries>,
}

/// `bucket.lifecycle`: a rule that expires objects.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredLifecycle {
    pub(crate) id: String,
    pub(crate) prefix: String,
    pub(crate) days: u32,
}

/// `[[bucket.object]]`; in a bucket that keeps versions a key may be there several times, each a version of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredObject {
    pub(crate) key: String,
    pub(crate) modified: Timestamp,
    /// A file in `objects/`; without one, the content is generated to `bytes`.
    pub(crate) file: Option<String>,
    #[serde(default)]
    pub(crate) bytes: u64,
    /// Whether what is generated is numbered lines, which may be as many as one likes.
    #[serde(default)]
    pub(crate) lines: bool,
    #[serde(default)]
    pub(crate) class: StorageClass,
    /// `null` for what was stored before the bucket kept versions.
    pub(crate) version: Option<String>,
    /// A delete marker.
    #[serde(default)]
    pub(crate) deleted: bool,
    /// The size of the parts in which it was sent, the last one's excepted.
    pub(crate) part_bytes: Option<u64>,
    /// A file in `objects/` that tells the digests of its parts.
    pub(crate) part_digests: Option<String>,
    /// The checksum that is stored with it, `NONE` where it is from before S3 added one of its own.
    #[serde(default = "added_checksum", deserialize_with = "deserialize_checksum")]
    pub(crate) checksum: Option<ChecksumKind>,
    /// Whether the checksum is over those of the parts.
    #[serde(default)]
    pub(crate) composite: bool,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) metadata: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) retention: Option<ConfiguredRetention>,
    pub(crate) legal_hold: Option<bool>,
    pub(crate) restore: Option<ConfiguredRestore>,
    #[serde(default, rename = "annotation")]
    pub(crate) annotations: Vec<ConfiguredAnnotation>,
}

/// Until when a version cannot be deleted, and by whom not.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredRetention {
    pub(crate) mode: RetentionMode,
    pub(crate) until: Timestamp,
}

/// Who is kept from deleting.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum RetentionMode {
    Governance,
    Compliance,
}

impl RetentionMode {
    /// As S3 writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

/// The restoration of an archived object.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ConfiguredRestore {
    Ongoing,
    /// Done, for so many days from the start of the sandbox on.
    Days(u32),
}

/// `[[bucket.object.annotation]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredAnnotation {
    pub(crate) name: String,
    pub(crate) modified: Timestamp,
    /// A file in `objects/`.
    pub(crate) file: String,
}

/// `[[bucket.series]]`: many objects that differ by a number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredSeries {
    /// With `{n}` where the number goes.
    pub(crate) key: String,
    /// How many, from number 1 on.
    pub(crate) count: u32,
    /// The number's width, filled with zeros.
    pub(crate) digits: usize,
    /// The least and the greatest size.
    pub(crate) bytes: [u64; 2],
    /// When the first was written.
    pub(crate) modified: Timestamp,
    /// How long after it the next was.
    #[serde(deserialize_with = "deserialize_duration")]
    pub(crate) every: SessionDuration,
    #[serde(default)]
    pub(crate) class: StorageClass,
}

/// How S3 keeps an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum StorageClass {
    #[default]
    Standard,
    StandardIa,
    IntelligentTiering,
    GlacierIr,
    Glacier,
    DeepArchive,
}

impl StorageClass {
    /// Whether what is in it has to be restored to be read.
    pub(crate) const fn is_archive(self) -> bool {
        matches!(self, Self::Glacier | Self::DeepArchive)
    }

    /// As S3 writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::StandardIa => "STANDARD_IA",
            Self::IntelligentTiering => "INTELLIGENT_TIERING",
            Self::GlacierIr => "GLACIER_IR",
            Self::Glacier => "GLACIER",
            Self::DeepArchive => "DEEP_ARCHIVE",
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the field's type")]
fn added_checksum() -> Option<ChecksumKind> {
    Some(ChecksumKind::default())
}

fn deserialize_checksum<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ChecksumKind>, D::Error> {
    match String::deserialize(deserializer)? {
        none if none == "NONE" => Ok(None),
        name => ChecksumKind::deserialize(name.into_deserializer()).map(Some),
    }
}

fn no_path() -> String {
    "/".into()
}

fn deserialize_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SessionDuration, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}
