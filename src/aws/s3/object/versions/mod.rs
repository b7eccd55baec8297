//! `ListObjectVersions`, read strictly and in the order of the wire: the SDK gives versions and delete markers apart, and
//! then nobody can say any more which came first.
//!
//! Invariant: as for a page of objects, a response that breaks the protocol is a failure and never a shorter listing.

mod body;
mod reader;

use aws_sdk_s3::{Client, types::EncodingType};

use self::body::VersionsCollector;
use crate::{
    aws::{
        calls::RetryMode,
        s3::{S3, names::RawByteNames},
    },
    domain::{
        failure::{Failure, FailureKind},
        object::{VersionListing, VersionsPage, VersionsRequest},
    },
};

/// Rows of a page unless fewer are asked for: S3 gives no more.
const ROWS: u32 = 1000;

impl S3 {
    /// One page of versions and delete markers.
    ///
    /// # Errors
    /// Whatever S3 says; `Malformed` for a page that does not keep the protocol's promises.
    pub async fn versions_page(&self, request: &VersionsRequest) -> Result<VersionsPage, Failure> {
        let subject = format!("s3://{}/{}", request.bucket, request.target.prefix());
        let attempt = self.attempt("list the versions of", &subject);
        let collector = VersionsCollector::default();
        let most = request.max_keys.unwrap_or(ROWS).clamp(1, ROWS);
        let send = |client: &Client| {
            let after = request.after.as_ref();
            let list = client.list_object_versions().bucket(&request.bucket);
            list.prefix(request.target.prefix())
                .set_delimiter(request.delimited.then(|| "/".to_owned()))
                .set_key_marker(after.map(|marker| marker.key.clone()))
                .set_version_id_marker(after.and_then(|marker| marker.version_id.clone()))
                .max_keys(i32::try_from(most).unwrap_or(i32::MAX))
                .encoding_type(EncodingType::Url)
                .customize()
                .interceptor(collector.clone())
                .interceptor(RawByteNames)
                .send()
        };
        let answer = self.call_bucket(&request.bucket, attempt, RetryMode::Patiently, send).await;
        answer.map_err(Failure::from).inspect_err(|failure| tracing::info!(%failure, "no page of versions"))?;
        collector.take_page().ok_or_else(|| attempt.malformed_reply("the response was not read"))
    }

    /// The next page of a listing, with what it has of the listing's target; `None` once everything has come.
    ///
    /// # Errors
    /// As [`versions_page`](Self::versions_page), and `Malformed` if the pages do not come to an end.
    pub async fn next_versions(&self, listing: &mut VersionListing) -> Result<Option<VersionsPage>, Failure> {
        let Some(request) = listing.next_request() else { return Ok(None) };
        let page = self.versions_page(request).await?;
        let subject = format!("s3://{}/{}", request.bucket, request.target.prefix());
        let fault = listing.take_page(page);
        let attempt = self.attempt("list the versions of", &subject);
        fault
            .map(Some)
            .map_err(|fault| Failure { kind: FailureKind::Malformed, ..attempt.malformed_reply(fault.to_string()) })
    }
}
