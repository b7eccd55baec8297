//! How an object is encrypted at rest.
//!
//! Invariant: what the service does not say is absent. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingEncryption.html>

/// How an object is encrypted at rest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectEncryption {
    /// `AES256`, `aws:kms`, `aws:kms:dsse`.
    pub algorithm: Option<String>,
    /// The ARN of the KMS key.
    pub key_id: Option<String>,
    /// Whether a bucket key is used.
    pub bucket_key: Option<bool>,
    /// With a key that the customer sends with each request.
    pub customer_algorithm: Option<String>,
}

impl ObjectEncryption {
    /// Whether the `ETag` is no MD5 of the content because of it.
    pub fn hides_md5(&self) -> bool {
        self.customer_algorithm.is_some() || self.algorithm.as_deref().is_some_and(|name| name.starts_with("aws:kms"))
    }
}
