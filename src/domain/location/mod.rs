//! A location in S3: the list of buckets, or a prefix in a bucket.
//!
//! Invariant: a prefix is kept byte for byte as given; `/` is a delimiter by convention only, so `a//b/` has an empty
//! step that is neither added nor dropped.

mod typed;

use std::{fmt, str::FromStr};

use super::listing::{Entry, Object};

/// All buckets (`bucket` is `None`), or the keys of one bucket that begin with `prefix`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Location {
    /// The bucket's name; `None` is the list of buckets.
    pub bucket: Option<String>,
    /// What keys begin with; empty is the bucket's top.
    pub prefix: String,
}

/// Text that names no location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotALocation {
    /// Another scheme, or none.
    #[error("not an S3 location: write s3://BUCKET or s3://BUCKET/PREFIX")]
    Scheme,
    /// An ARN of something else than a bucket or what is in it.
    #[error("not the ARN of a bucket: write arn:aws:s3:::BUCKET/PREFIX or s3://BUCKET/PREFIX")]
    Arn,
    /// A web address that does not say which bucket.
    #[error("not an S3 location: this web address is not one of Amazon S3; write s3://BUCKET/PREFIX")]
    Web,
    /// A name no service accepts.
    #[error("not a bucket name: {0}")]
    Bucket(&'static str),
}

impl Location {
    /// The list of buckets.
    pub fn buckets() -> Self {
        Self::default()
    }

    /// The keys of `bucket` that begin with `prefix`.
    pub fn new(bucket: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self { bucket: Some(bucket.into()), prefix: prefix.into() }
    }

    /// Where a row of this location's listing is: the bucket's top, what lies below a common prefix, or the object.
    #[must_use]
    pub fn of(&self, entry: &Entry) -> Self {
        match entry {
            Entry::Bucket(bucket) => Self::new(&bucket.name, ""),
            Entry::Prefix(name) | Entry::Object(Object { key: name, .. }) => {
                Self { bucket: self.bucket.clone(), prefix: name.clone() }
            }
        }
    }

    /// The part of the prefix that the names of a listing are shown without: up to its last `/`.
    pub fn directory(&self) -> &str {
        &self.prefix[..self.prefix.rfind('/').map_or(0, |slash| slash + 1)]
    }

    /// Whether the prefix ends within a name, not at a `/`: then the listing has all names with this prefix.
    pub fn asks_for_names(&self) -> bool {
        self.directory().len() < self.prefix.len()
    }

    /// One step out: from `a/b/` to `a/`, from a bucket's top to the list of buckets, from there to nowhere.
    pub fn parent(&self) -> Option<Self> {
        let bucket = self.bucket.as_ref()?;
        if self.prefix.is_empty() {
            return Some(Self::buckets());
        }
        let above = self.prefix.strip_suffix('/').unwrap_or(&self.prefix);
        let end = above.rfind('/').map_or(0, |slash| slash + 1);
        Some(Self::new(bucket, &above[..end]))
    }

    /// For sentences: the `s3://` form, or `buckets`. Foreign text.
    pub fn in_words(&self) -> String {
        if self.bucket.is_none() { "buckets".into() } else { self.to_string() }
    }
}

impl fmt::Display for Location {
    /// The `s3://` form. Foreign text: make it safe before it reaches a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.bucket {
            Some(bucket) => write!(f, "s3://{bucket}/{}", self.prefix),
            None => f.write_str("s3://"),
        }
    }
}

impl FromStr for Location {
    type Err = NotALocation;

    /// Reads `s3://`, `s3://BUCKET`, `s3://BUCKET/PREFIX`.
    fn from_str(text: &str) -> Result<Self, NotALocation> {
        let rest = text.trim_start().strip_prefix("s3://").ok_or(NotALocation::Scheme)?;
        if rest.is_empty() {
            return Ok(Self::buckets());
        }
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        check_bucket_name(bucket)?;
        Ok(Self::new(bucket, prefix))
    }
}

/// Refuses what cannot be a bucket's name anywhere. Looser than S3's own rules (3–63 characters of `a-z0-9.-`), for
/// other services and S3's oldest buckets allow capitals, underscores and up to 255 characters.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
pub fn check_bucket_name(name: &str) -> Result<(), NotALocation> {
    if !(3..=255).contains(&name.len()) {
        return Err(NotALocation::Bucket("use 3 to 63 characters"));
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
        return Err(NotALocation::Bucket("use only letters, digits, '.', '-' and '_'"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::Bucket;

    #[test]
    fn a_uri_is_read_and_written_back() {
        for (text, bucket, prefix) in [
            ("s3://tide-logs/a/b/", "tide-logs", "a/b/"),
            ("s3://tide-logs/", "tide-logs", ""),
            ("s3://tide-logs//a", "tide-logs", "/a"),
            ("s3://tide-logs/ leading space", "tide-logs", " leading space"),
        ] {
            let location: Location = text.parse().unwrap();
            assert_eq!(location, Location::new(bucket, prefix));
            assert_eq!(location.to_string(), text);
        }
        assert_eq!("s3://".parse(), Ok(Location::buckets()));
        assert_eq!("s3://tide-logs".parse(), Ok(Location::new("tide-logs", "")));
    }

    #[test]
    fn a_row_has_an_address() {
        let here = Location::new("tide-logs", "a/");
        let bucket = Entry::Bucket(Bucket { name: "tide-vault".into(), region: None, created: None });
        assert_eq!(Location::buckets().of(&bucket).to_string(), "s3://tide-vault/");
        assert_eq!(here.of(&Entry::Prefix("a/b/".into())).to_string(), "s3://tide-logs/a/b/");
    }

    #[test]
    fn what_is_no_location_is_refused_with_the_reason() {
        for (text, reason) in [
            ("tide-logs/a", "not an S3 location"),
            ("https://tide-logs", "not an S3 location"),
            ("s3:///a", "3 to 63 characters"),
            ("s3://ab", "3 to 63 characters"),
            ("s3://tide logs/a", "only letters"),
        ] {
            let refusal = text.parse::<Location>().unwrap_err().to_string();
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
    }

    #[test]
    fn going_out_takes_one_step_at_a_time() {
        let mut at = Location::new("tide-logs", "a//b/c");
        let mut seen = vec![];
        while let Some(parent) = at.parent() {
            seen.push(parent.to_string());
            at = parent;
        }
        assert_eq!(
            seen,
            ["s3://tide-logs/a//b/", "s3://tide-logs/a//", "s3://tide-logs/a/", "s3://tide-logs/", "s3://"]
        );
    }
}
