//! Listing buckets and objects.
//!
//! Invariant: an answer that breaks the protocol's promises is a failure, never a shorter listing. A bucket in another
//! region is followed once per request, by the region's name and nothing else that the answer says.

mod page;
mod region;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_s3::{
    Client,
    config::Region,
    operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output},
    types::EncodingType,
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use self::{
    page::{bucket_row, page},
    region::{in_region, names_a_region, region_in},
};
use super::failure::Attempt;
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    listing::{Block, ContinuationToken, ListRequest, Page, PageFault},
};

/// Rows of a page unless fewer are asked for: S3 gives no more.
const PAGE: u32 = 1000;

/// S3 with one set of credentials. Clones share what is known of buckets' regions.
#[derive(Debug, Clone)]
pub struct S3 {
    client: Client,
    region: String,
    asked: String,
    regions: Arc<Mutex<HashMap<String, String>>>,
}

impl S3 {
    /// `asked` is what failures call the service.
    pub(super) fn new(client: Client, region: String, asked: String) -> Self {
        Self { client, region, asked, regions: Arc::default() }
    }

    /// One page of buckets, or of objects and common prefixes.
    ///
    /// # Errors
    /// Whatever S3 says; `WrongRegion` if the region it names does not have the bucket either; `Malformed` for a page
    /// that does not keep the protocol's promises.
    pub async fn list(&self, request: &ListRequest) -> Result<Page, Failure> {
        let subject = request.location.in_words();
        let attempt = Attempt { service: Service::S3, action: "list", subject: &subject, asked: &self.asked };
        let answer = match &request.location.bucket {
            Some(bucket) => match self.list_objects(bucket, request, attempt).await {
                Err(failure) if is_of_the_token(&failure, request) => self.list_on(bucket, request, attempt).await,
                answer => answer,
            },
            None => self.list_buckets(request, attempt).await,
        };
        let mut page = answer.inspect_err(|failure| tracing::info!(%failure, "no page"))?;
        if page.next.is_some() && page.next == request.after {
            return Err(attempt.malformed(PageFault::RepeatedToken.to_string()));
        }
        page.elsewhere = request.location.bucket.as_deref().and_then(|bucket| self.region_of(bucket));
        tracing::debug!(location = ?request.location, rows = page.rows.len(), more = page.next.is_some(), "a page");
        Ok(page)
    }

    /// Where a bucket lives, if S3 had to say so.
    pub fn region_of(&self, bucket: &str) -> Option<String> {
        self.regions.lock().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned()
    }

    async fn list_buckets(&self, request: &ListRequest, attempt: Attempt<'_>) -> Result<Page, Failure> {
        let output = self
            .client
            .list_buckets()
            .max_buckets(rows(request)) // only with a parameter does S3 say where each bucket lives
            .set_continuation_token(request.after.clone().map(|token| token.0))
            .send()
            .await
            .map_err(|error| attempt.failure(&error))?;
        let next = output.continuation_token.filter(|token| !token.is_empty()).map(ContinuationToken);
        let rows = Block::of(output.buckets.unwrap_or_default().into_iter().map(bucket_row))
            .map_err(|fault| attempt.malformed(fault.to_string()))?;
        Ok(Page { rows, next, elsewhere: None })
    }

    /// The next page without its token: what sorts after the last row.
    async fn list_on(&self, bucket: &str, request: &ListRequest, attempt: Attempt<'_>) -> Result<Page, Failure> {
        let by_name = ListRequest { after: None, ..request.clone() };
        let mut page = self.list_objects(bucket, &by_name, attempt).await?;
        let repeated = usize::from(page.rows.entry(0).is_some_and(|row| Some(row.name()) == request.last.as_deref()));
        page.rows = page.rows.slice(repeated, page.rows.len());
        Ok(page)
    }

    async fn list_objects(&self, bucket: &str, request: &ListRequest, attempt: Attempt<'_>) -> Result<Page, Failure> {
        let first = self.region_of(bucket).unwrap_or_else(|| self.region.clone());
        let output = match self.send_list(bucket, request, &first).await {
            Err(error) if names_a_region(&error) => {
                let Some(region) = region_in(&error).filter(|region| *region != first) else {
                    return Err(attempt.failure(&error));
                };
                let output = self.send_list(bucket, request, &region).await.map_err(|error| {
                    let failure = attempt.failure(&error);
                    if failure.kind == FailureKind::WrongRegion { in_region(failure, &region) } else { failure }
                })?;
                self.regions.lock().unwrap_or_else(PoisonError::into_inner).insert(bucket.to_owned(), region);
                output
            }
            answer => answer.map_err(|error| attempt.failure(&error))?,
        };
        page(output, request).map_err(|fault| attempt.malformed(fault.to_string()))
    }

    async fn send_list(
        &self,
        bucket: &str,
        request: &ListRequest,
        region: &str,
    ) -> Result<ListObjectsV2Output, SdkError<ListObjectsV2Error, HttpResponse>> {
        self.client
            .list_objects_v2()
            .bucket(bucket)
            .set_prefix(Some(request.location.prefix.clone()).filter(|prefix| !prefix.is_empty()))
            .set_delimiter(request.delimited.then(|| "/".to_owned()))
            .set_continuation_token(request.after.clone().map(|token| token.0))
            .set_start_after(start_after(request))
            .max_keys(rows(request))
            .encoding_type(EncodingType::Url)
            .customize()
            .config_override(aws_sdk_s3::config::Config::builder().region(Region::new(region.to_owned())))
            .send()
            .await
    }
}

fn is_of_the_token(failure: &Failure, request: &ListRequest) -> bool {
    let refused = failure.status == Some(400) && failure.code.as_deref() == Some("InvalidArgument");
    refused && request.after.is_some() && request.last.is_some()
}

/// A token says it all; without one, going on begins behind the last row. Behind a common prefix that is behind
/// everything it stands for, or it would come again.
fn start_after(request: &ListRequest) -> Option<String> {
    let last = request.last.clone().filter(|_| request.after.is_none())?;
    let is_rolled_up = request.delimited && last.ends_with('/') && last != request.location.prefix;
    Some(if is_rolled_up { last + "\u{10ffff}" } else { last })
}

fn rows(request: &ListRequest) -> i32 {
    let rows = request.max_keys.unwrap_or(PAGE).clamp(1, PAGE);
    rows.try_into().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::location::Location;

    fn in_logs() -> ListRequest {
        ListRequest { location: Location::new("tide-logs", "logs/"), ..ListRequest::default() }
    }

    #[test]
    fn without_a_token_a_listing_goes_on_behind_its_last_row_and_all_that_it_stands_for() {
        for (delimited, last, start) in [
            (true, "logs/a.txt", "logs/a.txt"),
            (true, "logs/a/", "logs/a/\u{10ffff}"),
            (true, "logs/", "logs/"),
            (false, "logs/a/", "logs/a/"),
        ] {
            let request = ListRequest { delimited, last: Some(last.into()), ..in_logs() };
            assert_eq!(start_after(&request).as_deref(), Some(start), "{delimited} {last}");
            let with_token = ListRequest { after: Some(ContinuationToken("t".into())), ..request };
            assert_eq!(start_after(&with_token), None);
        }
        assert_eq!(start_after(&in_logs()), None);
    }
}
