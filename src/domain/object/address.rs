//! Which object: bucket, key, and a version where it is not the current one.
//!
//! Invariant: the key is kept byte for byte as given. It is never empty: without a key it is a bucket.

use std::fmt;

use crate::domain::location::{Location, NotALocation};

/// An object, or one version of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectAddress {
    /// The bucket's name.
    pub bucket: String,
    /// The whole key, as [`name_text`](crate::domain::name_text) writes it. Foreign text.
    pub key: String,
    /// `None`: whichever version is current. Foreign text.
    pub version_id: Option<String>,
}

/// Text that names no object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnObject {
    /// It is no location at all.
    #[error(transparent)]
    Location(#[from] NotALocation),
    /// The list of buckets.
    #[error("this names no object: write s3://BUCKET/KEY")]
    NoBucket,
    /// A bucket without a key.
    #[error("this names a bucket and no object: write s3://BUCKET/KEY")]
    NoKey,
}

impl ObjectAddress {
    /// The current version of an object.
    pub fn new(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self { bucket: bucket.into(), key: key.into(), version_id: None }
    }

    /// The same object in this version.
    #[must_use]
    pub fn in_version(self, version_id: Option<String>) -> Self {
        Self { version_id, ..self }
    }

    /// The object whose whole key a location's prefix is.
    ///
    /// # Errors
    /// If the location has no bucket or no key.
    pub fn from_location(location: &Location) -> Result<Self, NotAnObject> {
        let bucket = location.bucket.as_ref().ok_or(NotAnObject::NoBucket)?;
        if location.prefix.is_empty() {
            return Err(NotAnObject::NoKey);
        }
        Ok(Self::new(bucket, &location.prefix))
    }

    /// The part of the key behind its last `/`; the whole of it up to there where nothing is behind. Foreign text.
    pub fn name(&self) -> &str {
        let end = self.key.strip_suffix('/').unwrap_or(&self.key).rfind('/').map_or(0, |slash| slash + 1);
        &self.key[end..]
    }

    /// Whether the key is one that stands for a folder: it ends in `/`.
    pub fn is_folder_marker(&self) -> bool {
        self.key.ends_with('/')
    }
}

impl fmt::Display for ObjectAddress {
    /// `s3://tide-archive/a.txt`, and the version behind it in words. Foreign text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)?;
        self.version_id.as_ref().map_or(Ok(()), |version| write!(f, " (version {version})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_has_a_bucket_and_a_key() {
        for (text, object) in [
            ("s3://tide-logs/a/b.txt", Ok(ObjectAddress::new("tide-logs", "a/b.txt"))),
            ("s3://tide-logs//", Ok(ObjectAddress::new("tide-logs", "/"))),
            ("s3://tide-logs/", Err(NotAnObject::NoKey)),
            ("s3://tide-logs", Err(NotAnObject::NoKey)),
            ("s3://", Err(NotAnObject::NoBucket)),
        ] {
            assert_eq!(ObjectAddress::from_location(&text.parse().unwrap()), object, "{text}");
        }
    }

    #[test]
    fn the_name_is_what_stands_behind_the_last_slash() {
        for (key, name) in [("a/b.txt", "b.txt"), ("b.txt", "b.txt"), ("a/b/", "b/"), ("/", "/"), ("a//", "/")] {
            assert_eq!(ObjectAddress::new("b", key).name(), name, "{key}");
        }
    }
}
