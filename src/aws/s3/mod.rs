//! Listing buckets and objects.
//!
//! Invariant: an answer that breaks the protocol's promises is a failure, never a shorter listing. A bucket in another
//! region is followed once per request, by the region's name and nothing else that the answer says.

mod buckets;
mod names;
mod page;
mod region;

#[cfg(test)]
mod tests;

use aws_sdk_s3::{Client, operation::list_objects_v2::ListObjectsV2Error, types::EncodingType};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use self::{
    buckets::bucket_row,
    names::NamesByTheirBytes,
    page::{Asked, Early, Fault, PageTaker},
    region::{Regions, asked_for, in_region, is_of_the_region, region_in},
};
use super::failure::Attempt;
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    listing::{Block, ContinuationToken, ListRequest, Page, PageFault, TokenListener, may_refuse_the_token},
    name_text::bytes_of,
};

/// Rows of a page unless fewer are asked for: S3 gives no more.
const PAGE: u32 = 1000;

/// S3 with one set of credentials. Clones share what is known of buckets' regions.
#[derive(Debug, Clone)]
pub struct S3 {
    regions: Regions,
    asked: String,
    is_aws: bool,
}

impl S3 {
    /// `asked` is what failures call the service; `is_aws`, whether each region has an address of its own.
    pub(super) fn new(client: Client, region: String, asked: String, is_aws: bool) -> Self {
        Self { regions: Regions::new(client, region), asked, is_aws }
    }

    /// One page of buckets, or of objects and common prefixes.
    ///
    /// # Errors
    /// Whatever S3 says; `WrongRegion` if the region it names does not have the bucket either; `Malformed` for a page
    /// that does not keep the protocol's promises.
    pub async fn list(&self, request: &ListRequest) -> Result<Page, Failure> {
        self.list_telling(request, None).await
    }

    /// The same; and `early` is told the token that follows as soon as it has come, while the page still arrives.
    ///
    /// What counts is [`Page::next`]: where the page turns out faulty and is asked for again, it may have another token, and
    /// a page may have none after all. Services that write the token behind the keys tell it no sooner than the page ends.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn list_telling(&self, request: &ListRequest, early: Option<TokenListener>) -> Result<Page, Failure> {
        let early = Early::new(early);
        let subject = request.location.in_words();
        let attempt = Attempt { service: Service::S3, action: "list", subject: &subject, asked: &self.asked };
        let goes_on_by_name = request.after.is_some() && request.last.is_some();
        let answer = match &request.location.bucket {
            Some(bucket) => match self.list_objects(bucket, request, &early, attempt).await {
                Err(failure) if goes_on_by_name && may_refuse_the_token(&failure) => {
                    self.list_on(bucket, request, &early, attempt).await
                }
                answer => answer,
            },
            None => self.list_buckets(request, attempt).await,
        };
        let mut page = answer.inspect_err(|failure| tracing::info!(%failure, "no page"))?;
        page.elsewhere = request.location.bucket.as_deref().and_then(|bucket| self.region_of(bucket));
        tracing::debug!(location = ?request.location, rows = page.rows.len(), more = page.next.is_some(), "a page");
        Ok(page)
    }

    /// Where a bucket lives, if S3 has said so and it is not the session's region.
    pub fn region_of(&self, bucket: &str) -> Option<String> {
        self.regions.elsewhere(bucket)
    }

    async fn list_buckets(&self, request: &ListRequest, attempt: Attempt<'_>) -> Result<Page, Failure> {
        let output = self
            .regions
            .own_client()
            .list_buckets()
            .max_buckets(rows(request)) // only with a parameter does S3 say where each bucket lives
            .set_continuation_token(request.after.clone().map(|token| token.0))
            .send()
            .await
            .map_err(|error| attempt.failure(&error))?;
        let next = output.continuation_token.filter(|token| !token.is_empty()).map(ContinuationToken);
        if next.is_some() && next == request.after {
            return Err(attempt.malformed(PageFault::RepeatedToken.to_string()));
        }
        let buckets = output.buckets.unwrap_or_default();
        // Where one address has all buckets, its word for a region need not be what it wants to see signed.
        for bucket in buckets.iter().filter(|_| self.is_aws) {
            if let (Some(name), Some(region)) = (bucket.name(), bucket.bucket_region()) {
                self.regions.remember(name, region);
            }
        }
        let rows =
            Block::of(buckets.into_iter().map(bucket_row)).map_err(|fault| attempt.malformed(fault.to_string()))?;
        Ok(Page { rows, next, elsewhere: None })
    }

    /// The next page without its token: what sorts after the last row.
    async fn list_on(
        &self,
        bucket: &str,
        request: &ListRequest,
        early: &Early,
        attempt: Attempt<'_>,
    ) -> Result<Page, Failure> {
        let by_name = ListRequest { after: None, ..request.clone() };
        let mut page = self.list_objects(bucket, &by_name, early, attempt).await?;
        let repeated = usize::from(page.rows.entry(0).is_some_and(|row| Some(row.name()) == request.last.as_deref()));
        page.rows = page.rows.slice(repeated, page.rows.len());
        Ok(page)
    }

    /// A page that breaks its promises is asked for once more: a connection that was cut gives one.
    async fn list_objects(
        &self,
        bucket: &str,
        request: &ListRequest,
        early: &Early,
        attempt: Attempt<'_>,
    ) -> Result<Page, Failure> {
        let faulty = match self.list_in_its_region(bucket, request, early, attempt).await? {
            Ok(page) => return Ok(page),
            Err(fault) => fault,
        };
        tracing::info!(%faulty, "asking again");
        let again = self.list_in_its_region(bucket, request, early, attempt).await?;
        again.map_err(|fault| fault.failure(attempt))
    }

    async fn list_in_its_region(
        &self,
        bucket: &str,
        request: &ListRequest,
        early: &Early,
        attempt: Attempt<'_>,
    ) -> Result<Result<Page, Fault>, Failure> {
        let first = self.regions.of(bucket);
        let error = match self.send_list(bucket, request, early, &first).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let region = match region_in(&error) {
            _ if !is_of_the_region(&error) => None,
            None => asked_for(&self.regions.client(&first), bucket).await,
            named => named,
        };
        let Some(region) = region.filter(|region| *region != first) else { return Err(attempt.failure(&error)) };
        let answer = self.send_list(bucket, request, early, &region).await.map_err(|error| {
            let failure = attempt.failure(&error);
            if failure.kind == FailureKind::WrongRegion { in_region(failure, &region) } else { failure }
        })?;
        self.regions.remember(bucket, &region);
        Ok(answer)
    }

    async fn send_list(
        &self,
        bucket: &str,
        request: &ListRequest,
        early: &Early,
        region: &str,
    ) -> Result<Result<Page, Fault>, SdkError<ListObjectsV2Error, HttpResponse>> {
        let taker = PageTaker::new(asked(request), early.clone());
        self.regions
            .client(region)
            .list_objects_v2()
            .bucket(bucket)
            // Also an empty one: policies that allow the top of a bucket do so by `"s3:prefix": ""`, which a request
            // without the parameter does not fulfil.
            // <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthrough-access-control-iam-user-folders.html>
            .prefix(&request.location.prefix)
            .set_delimiter(request.delimited.then(|| "/".to_owned()))
            .set_continuation_token(request.after.clone().map(|token| token.0))
            .set_start_after(request.start_after())
            .max_keys(rows(request))
            .encoding_type(EncodingType::Url)
            .customize()
            .interceptor(taker.clone())
            .interceptor(NamesByTheirBytes)
            .send()
            .await?;
        Ok(taker.page())
    }
}

/// What the page must keep to.
fn asked(request: &ListRequest) -> Asked {
    let start_after = request.start_after();
    Asked {
        prefix: bytes_of(&request.location.prefix).into_owned(),
        by_name: start_after.is_some(),
        behind: start_after.or_else(|| request.last.clone()).map(|behind| bytes_of(&behind).into_owned()),
        most: rows(request).unsigned_abs() as usize,
        token: request.after.clone(),
    }
}

fn rows(request: &ListRequest) -> i32 {
    let rows = request.max_keys.unwrap_or(PAGE).clamp(1, PAGE);
    rows.try_into().unwrap_or(i32::MAX)
}
