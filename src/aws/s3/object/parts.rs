//! The small parts of an object's details: tags, retention, legal hold.
//!
//! Invariant: that an object has none of a thing is told apart from a refusal to tell.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html>

use aws_sdk_s3::{Client, types::ObjectLockLegalHoldStatus};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::{
    aws::{
        calls::RetryMode,
        reply_checker::ReplyChecker,
        s3::{S3, names::RawByteNames},
    },
    domain::{
        failure::Failure,
        object::{ObjectAddress, ObjectTag, RetentionRule},
    },
};

/// What services say where an object has no retention, or its bucket no Object Lock.
const NO_LOCK: [&str; 3] =
    ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"];

impl S3 {
    /// The tags of an object, in the service's order.
    ///
    /// # Errors
    /// Whatever S3 says.
    pub async fn object_tags(&self, address: &ObjectAddress) -> Result<Vec<ObjectTag>, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt("read the tags of", &subject);
        let send = |client: &Client| {
            let call = client.get_object_tagging().bucket(&address.bucket).key(&address.key);
            call.set_version_id(address.version_id.clone())
                .customize()
                .interceptor(ReplyChecker::of_details())
                .interceptor(RawByteNames)
                .send()
        };
        let output = self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await?;
        Ok(output.tag_set.into_iter().map(|tag| ObjectTag { key: tag.key, value: tag.value }).collect())
    }

    /// How long an object is kept; `None` if it has no retention, or the bucket no Object Lock.
    ///
    /// # Errors
    /// Whatever S3 says.
    pub async fn object_retention(&self, address: &ObjectAddress) -> Result<Option<RetentionRule>, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt("read the retention of", &subject);
        let send = |client: &Client| {
            let call = client.get_object_retention().bucket(&address.bucket).key(&address.key);
            call.set_version_id(address.version_id.clone())
                .customize()
                .interceptor(ReplyChecker::of_details())
                .interceptor(RawByteNames)
                .send()
        };
        let output = self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await;
        let Some(output) = unless_absent(output.map_err(Failure::from))? else { return Ok(None) };
        let Some(retention) = output.retention else { return Ok(None) };
        let rule = RetentionRule {
            mode: retention.mode.map(|mode| mode.as_str().to_owned()),
            until: retention.retain_until_date.and_then(as_timestamp),
        };
        Ok((rule.mode.is_some() || rule.until.is_some()).then_some(rule))
    }

    /// Whether a legal hold is on; `None` if the object never had one, or the bucket has no Object Lock.
    ///
    /// # Errors
    /// Whatever S3 says.
    pub async fn object_legal_hold(&self, address: &ObjectAddress) -> Result<Option<bool>, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt("read the legal hold of", &subject);
        let send = |client: &Client| {
            let call = client.get_object_legal_hold().bucket(&address.bucket).key(&address.key);
            call.set_version_id(address.version_id.clone())
                .customize()
                .interceptor(ReplyChecker::of_details())
                .interceptor(RawByteNames)
                .send()
        };
        let output = self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await;
        let Some(output) = unless_absent(output.map_err(Failure::from))? else { return Ok(None) };
        Ok(output.legal_hold.and_then(|hold| hold.status).map(|status| status == ObjectLockLegalHoldStatus::On))
    }
}

/// `None` for a refusal that means that there is none.
fn unless_absent<T>(answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(output) => Ok(Some(output)),
        Err(failure) if is_no_lock(&failure) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// AWS says `InvalidRequest` of a bucket without Object Lock: `Bucket is missing Object Lock Configuration`.
fn is_no_lock(failure: &Failure) -> bool {
    let code = failure.code.as_deref().unwrap_or_default();
    let message = failure.message.to_ascii_lowercase();
    NO_LOCK.contains(&code) || code == "InvalidRequest" && message.contains("object lock configuration")
}

/// A time of the SDK's as one of ours.
pub(super) fn as_timestamp(time: DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), time.subsec_nanos().try_into().ok()?).ok()
}
