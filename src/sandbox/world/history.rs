//! Keys over time: the versions of each, with what deleted it.
//!
//! Invariant: a key has at least one version; they stand newest first, and no two have the same id. In a bucket that keeps
//! no versions a key has one, whose id is `null`.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html>

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::object::SandboxObject;

/// The id of what was stored while a bucket kept no versions.
pub(crate) const NULL_VERSION: &str = "null";
/// Characters of an id.
const ID_LENGTH: usize = 32;

/// All versions of a key.
pub(crate) struct KeyHistory {
    latest: KeyVersion,
    older: Vec<KeyVersion>,
}

/// One version of a key.
pub(crate) struct KeyVersion {
    /// `None` where it is `null`, which most are.
    id: Option<String>,
    pub(crate) state: VersionState,
}

/// What a version is.
pub(crate) enum VersionState {
    /// An object.
    Object(SandboxObject),
    /// A delete marker, made then.
    Deleted(Timestamp),
}

impl KeyVersion {
    /// The version of an object in a bucket that keeps none.
    pub(super) fn unversioned(object: SandboxObject) -> Self {
        Self { id: None, state: VersionState::Object(object) }
    }

    /// A version of `key`, with an id of its own unless it is the `null` version.
    pub(super) fn of_key(key: &str, state: VersionState, is_null: bool) -> Self {
        let mut version = Self { id: None, state };
        if !is_null {
            version.id = Some(version_id(key, version.modified()));
        }
        version
    }

    /// As S3 names it.
    pub(crate) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(NULL_VERSION)
    }

    /// When it was stored.
    pub(crate) fn modified(&self) -> Timestamp {
        match &self.state {
            VersionState::Object(object) => object.modified,
            VersionState::Deleted(at) => *at,
        }
    }
}

impl KeyHistory {
    /// The history of a key with one version.
    pub(super) fn new(version: KeyVersion) -> Self {
        Self { latest: version, older: vec![] }
    }

    /// Adds a version in its place; the one of the same time or id is already there: nothing is added.
    pub(super) fn add_version(&mut self, version: KeyVersion) -> bool {
        let is_known = self.versions().any(|one| one.modified() == version.modified() || one.id() == version.id());
        if is_known {
            return false;
        }
        self.older.push(version);
        self.older.sort_by_key(|one| std::cmp::Reverse(one.modified()));
        if self.older[0].modified() > self.latest.modified() {
            std::mem::swap(&mut self.older[0], &mut self.latest);
        }
        self.older.sort_by_key(|one| std::cmp::Reverse(one.modified()));
        true
    }

    /// The newest.
    pub(crate) const fn latest(&self) -> &KeyVersion {
        &self.latest
    }

    /// Newest first.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &KeyVersion> {
        std::iter::once(&self.latest).chain(&self.older)
    }

    /// What a read without a version id gives; `None` where the key is deleted.
    pub(crate) fn current(&self) -> Option<&SandboxObject> {
        match &self.latest.state {
            VersionState::Object(object) => Some(object),
            VersionState::Deleted(_) => None,
        }
    }
}

/// An id as S3 makes them, but the same in every run.
fn version_id(key: &str, modified: Timestamp) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    let digest = Sha256::digest(format!("{key} {modified}"));
    digest.iter().take(ID_LENGTH).map(|byte| char::from(ALPHABET[usize::from(byte % 64)])).collect()
}

/// Whether S3 could have made this id.
pub(crate) fn is_version_id(id: &str) -> bool {
    id == NULL_VERSION
        || (id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)))
}
