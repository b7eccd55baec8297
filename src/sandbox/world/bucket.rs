//! Buckets: their objects and what is set for them.
//!
//! Invariant: keys stand in S3's order, which is that of UTF-8 bytes and so of `str`. Only a bucket that keeps versions
//! has more than one of a key, or a delete marker; only one with Object Lock has locked objects.

use std::collections::{BTreeMap, btree_map::Entry};

use jiff::Timestamp;

use super::{
    configured::{ConfiguredBucket, ConfiguredLifecycle, ConfiguredObject},
    fault::WorldError,
    files::WorldFiles,
    history::{KeyHistory, KeyVersion, NULL_VERSION, VersionState},
    object::SandboxObject,
};
use crate::domain::policy::{Policy, PolicyKind};

/// A bucket with its objects.
pub(crate) struct SandboxBucket {
    pub(crate) region: String,
    pub(crate) created: Timestamp,
    pub(crate) policy: Option<Policy>,
    /// The policy as it is written.
    pub(crate) policy_text: Option<&'static str>,
    /// Whether it keeps versions.
    pub(crate) is_versioned: bool,
    pub(crate) has_object_lock: bool,
    /// What ends some of its objects.
    pub(crate) lifecycle: Option<ConfiguredLifecycle>,
    pub(crate) objects: BTreeMap<String, KeyHistory>,
}

impl SandboxBucket {
    /// Reads a bucket with all its objects.
    pub(super) fn from_config(config: ConfiguredBucket, files: WorldFiles) -> Result<Self, WorldError> {
        let policy = config.policy.as_deref().map(|file| read_bucket_policy(file, files)).transpose()?;
        let policy_text = config.policy.as_deref().map(|file| files.read_text(file, "world.toml")).transpose()?;
        let mut bucket = Self {
            region: config.region,
            created: config.created,
            policy,
            policy_text,
            is_versioned: config.versioning || config.object_lock,
            has_object_lock: config.object_lock,
            lifecycle: config.lifecycle,
            objects: BTreeMap::new(),
        };
        let named = |what: String| WorldError::of_world(format!("bucket {}: {what}", config.name));
        for object in config.objects {
            bucket.add_object(object, files).map_err(named)?;
        }
        for found in config.series.iter().flat_map(SandboxObject::read_series) {
            let (key, object) = found.map_err(named)?;
            bucket.add_version(key, KeyVersion::unversioned(object)).map_err(named)?;
        }
        Ok(bucket)
    }

    /// A single object, a version of one, or a delete marker.
    fn add_object(&mut self, config: ConfiguredObject, files: WorldFiles) -> Result<(), String> {
        let key = config.key.clone();
        let is_null = config.version.as_deref() == Some(NULL_VERSION);
        if config.version.is_some() && !is_null {
            return Err(format!("{key:?}: an id is made, but for version = \"{NULL_VERSION}\""));
        }
        let state = if config.deleted {
            VersionState::Deleted(config.modified)
        } else {
            VersionState::Object(SandboxObject::from_config(config, files)?)
        };
        if let VersionState::Object(object) = &state
            && object.properties().is_locked()
            && !self.has_object_lock
        {
            return Err(format!("{key:?}: the bucket has no Object Lock"));
        }
        let version = KeyVersion::of_key(&key, state, is_null || !self.is_versioned);
        self.add_version(key, version)
    }

    fn add_version(&mut self, key: String, version: KeyVersion) -> Result<(), String> {
        if !(1..=1024).contains(&key.len()) {
            return Err(format!("{key:?} has {} bytes; 1 to 1024 are allowed", key.len()));
        }
        match self.objects.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(KeyHistory::new(version));
                Ok(())
            }
            Entry::Occupied(mut entry) => {
                let is_new = self.is_versioned && entry.get_mut().add_version(version);
                if is_new { Ok(()) } else { Err(format!("{:?} is defined twice", entry.key())) }
            }
        }
    }
}

/// A bucket's policy, which here may only deny, to everyone: what one allows gives no permission.
fn read_bucket_policy(file: &str, files: WorldFiles) -> Result<Policy, WorldError> {
    let policy = files.read_policy(file, PolicyKind::Resource)?;
    if policy.only_denies_everyone() {
        return Ok(policy);
    }
    Err(WorldError { file: file.into(), what: "a bucket's policy can only Deny, to the Principal \"*\"".into() })
}
