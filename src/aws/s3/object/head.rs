//! `HeadObject`.
//!
//! Checksums are asked for. Where a service refuses that, it is asked again without them, and the refusal is told beside
//! everything else: on AWS whoever may not use the KMS key may not see the checksums of an encrypted object.
//!
//! A response to HEAD has no body, so a refusal has no code: whether the credentials are wrong or a permission is missing
//! is in the refusal of a read. <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
//!
//! Invariant: no content is moved, but for one byte of an object that may be read though it may not be looked at.

use aws_sdk_s3::{Client, types::ChecksumMode};

use super::{collector::HeaderCollector, explain_absence, read::ReadRequest};
use crate::{
    aws::{
        calls::RetryMode,
        s3::{S3, bucket_call::reply_header, names::RawByteNames},
    },
    domain::{
        failure::Failure,
        object::{ByteRange, ObjectAddress, ObjectHead},
    },
};

const LOOK_AT: &str = "look at";

/// Whether the status is one of refusals that need a reason.
fn is_refusal(failure: &Failure) -> bool {
    matches!(failure.status, Some(400 | 401 | 403))
}

impl S3 {
    /// What is known of an object without its content.
    ///
    /// # Errors
    /// Whatever S3 says; `NotFound` also for a delete marker.
    pub async fn head_object(&self, address: &ObjectAddress) -> Result<ObjectHead, Failure> {
        let refused = match self.send_head(address, true).await {
            Err(refusal) if matches!(refusal.status, Some(400 | 403 | 405 | 501)) => {
                match self.send_head(address, false).await {
                    Ok(head) => return Ok(ObjectHead { checksum_refusal: Some(Box::new(refusal)), ..head }),
                    Err(refused) => refused,
                }
            }
            Err(refused) => refused,
            head => return head,
        };
        Err(self.find_reason(refused, address).await)
    }

    /// A refusal without a code, with the reason that the same credentials are given when they read the first byte.
    async fn find_reason(&self, refused: Failure, address: &ObjectAddress) -> Failure {
        if refused.code.is_some() || !is_refusal(&refused) {
            return refused;
        }
        let byte = ReadRequest::new(address.clone(), ByteRange::first(1));
        match Box::pin(self.call_get(&byte, LOOK_AT)).await {
            Err(told) if told.failure.code.is_some() && is_refusal(&told.failure) => told.failure,
            _ => refused,
        }
    }

    async fn send_head(&self, address: &ObjectAddress, with_checksums: bool) -> Result<ObjectHead, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt(LOOK_AT, &subject);
        let collector = HeaderCollector::default();
        let send = |client: &Client| {
            let head = client.head_object().bucket(&address.bucket).key(&address.key);
            head.set_version_id(address.version_id.clone())
                .set_checksum_mode(with_checksums.then_some(ChecksumMode::Enabled))
                .customize()
                .interceptor(collector.clone())
                .interceptor(RawByteNames)
                .send()
        };
        self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await.map_err(|unanswered| {
            let is_delete_marker = reply_header(&unanswered, "x-amz-delete-marker") == Some("true");
            explain_absence(unanswered.failure, is_delete_marker)
        })?;
        Ok(collector.take_headers().read_head())
    }
}
