//! `world.toml` as it is written.
//!
//! Invariant: a name this module does not know is an error that names it.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

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
    #[serde(default, rename = "object")]
    pub(crate) objects: Vec<ConfiguredObject>,
    #[serde(default)]
    pub(crate) series: Vec<ConfiguredSeries>,
}

/// `[[bucket.object]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfiguredObject {
    pub(crate) key: String,
    pub(crate) modified: Timestamp,
    /// A file in `objects/`; without one, the content is generated to `bytes`.
    pub(crate) file: Option<String>,
    #[serde(default)]
    pub(crate) bytes: u64,
    #[serde(default)]
    pub(crate) class: StorageClass,
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

fn no_path() -> String {
    "/".into()
}

fn deserialize_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SessionDuration, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}
