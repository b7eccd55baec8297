//! `HeadObject`.
//!
//! Checksums are asked for. Where a service refuses that, it is asked again without them, and the refusal is told beside
//! everything else: on AWS whoever may not use the KMS key may not see the checksums of an encrypted object.
//!
//! Invariant: no content is moved.

use aws_sdk_s3::{Client, types::ChecksumMode};

use super::{collector::HeaderCollector, explain_absence};
use crate::{
    aws::{
        calls::RetryMode,
        s3::{S3, bucket_call::reply_header, names::RawByteNames},
    },
    domain::{
        failure::Failure,
        object::{ObjectAddress, ObjectHead},
    },
};

impl S3 {
    /// What is known of an object without its content.
    ///
    /// # Errors
    /// Whatever S3 says; `NotFound` also for a delete marker.
    pub async fn head_object(&self, address: &ObjectAddress) -> Result<ObjectHead, Failure> {
        match self.send_head(address, true).await {
            Err(refusal) if matches!(refusal.status, Some(400 | 403 | 405 | 501)) => {
                let head = self.send_head(address, false).await?;
                Ok(ObjectHead { checksum_refusal: Some(Box::new(refusal)), ..head })
            }
            answer => answer,
        }
    }

    async fn send_head(&self, address: &ObjectAddress, with_checksums: bool) -> Result<ObjectHead, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt("look at", &subject);
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
            explain_absence(unanswered.failure, address, is_delete_marker)
        })?;
        Ok(collector.take_headers().read_head())
    }
}
