//! Listing buckets and objects.
//!
//! Invariant: a response that breaks the protocol is a failure, never a shorter listing. A bucket in another region is
//! followed once per request, and only the region's name is taken from the response.

mod bucket_call;
mod buckets;
mod names;
mod object;
mod page;
mod region;

#[cfg(test)]
mod tests;

pub use self::object::{ObjectProbe, ObjectStream, PresignedLink, ReadBytes, ReadRequest};

use std::time::Duration;

use aws_sdk_s3::{Client, types::EncodingType};

use self::{
    buckets::bucket_row,
    names::RawByteNames,
    page::{EarlyToken, PageCollector, PageRequest},
    region::Regions,
};
use super::{
    calls::{CallContext, RetryMode},
    deadline::Deadline,
    failure::Attempt,
    reply_checker::ReplyChecker,
};
use crate::domain::{
    failure::Failure,
    lifetime::Lifetime,
    listing::{Block, ContinuationToken, ListRequest, Page, RequestCounter, TokenListener, may_refuse_the_token},
    name_text::bytes_of,
};

/// Rows of a page unless fewer are requested: S3 gives no more.
const PAGE: u32 = 1000;

/// S3 with one set of credentials. Clones share what is known of buckets' regions.
#[derive(Debug, Clone)]
pub struct S3 {
    regions: Regions,
    calls: CallContext,
    asked: String,
    is_aws: bool,
    deadline: Deadline,
}

impl S3 {
    /// `asked` is what failures call the service; `is_aws` says whether each region has an address of its own.
    pub(super) fn new(
        client: Client,
        calls: CallContext,
        region: String,
        asked: String,
        is_aws: bool,
        deadline: Deadline,
    ) -> Self {
        Self { regions: Regions::new(client, region), calls, asked, is_aws, deadline }
    }

    /// The same, signed by a session that ends at another time than was known before.
    #[must_use]
    pub fn with_lifetime(&self, lifetime: Option<Lifetime>) -> Self {
        Self { deadline: self.deadline.with_lifetime(lifetime), ..self.clone() }
    }

    /// One page of buckets, or of objects and common prefixes. A call that is throttled is retried for
    /// a while.
    ///
    /// # Errors
    /// Whatever S3 says; `WrongRegion` if the region it names does not have the bucket either; `Malformed` for a page
    /// that does not keep the protocol's promises.
    pub async fn list_page(&self, request: &ListRequest) -> Result<Page, Failure> {
        self.page_once(request, &EarlyToken::default(), RetryMode::Patiently).await
    }

    /// The same for a caller with many requests at a time, which itself slows down when the service asks for that.
    /// `sent` counts every request, and `early` gets the token of the next page as soon as it has arrived, while the
    /// rest of this page still arrives.
    ///
    /// What counts is [`Page::next`]: if the page is faulty and requested again, it may have another token or none.
    /// Services that write the token after the keys send it only when the page ends.
    ///
    /// # Errors
    /// As [`list_page`](Self::list_page).
    pub async fn list_telling(
        &self,
        request: &ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> Result<Page, Failure> {
        let calls = CallContext { sent: sent.clone(), ..self.calls.clone() };
        let counted = Self { calls, ..self.clone() };
        counted.page_once(request, &EarlyToken::new(early), RetryMode::UnlessThrottled).await
    }

    async fn page_once(
        &self,
        request: &ListRequest,
        early: &EarlyToken,
        repeating: RetryMode,
    ) -> Result<Page, Failure> {
        let subject = request.location.in_words();
        let attempt = self.attempt("list", &subject);
        let goes_on_by_name = request.after.is_some() && request.last.is_some();
        let answer = match &request.location.bucket {
            Some(bucket) => {
                let call = PageCall { bucket, request, early, attempt, repeating };
                match self.list_objects(call).await {
                    Err(failure) if goes_on_by_name && may_refuse_the_token(&failure) => self.list_on(call).await,
                    answer => answer,
                }
            }
            None => self.list_buckets(request, attempt, repeating).await,
        };
        let mut page = answer.inspect_err(|failure| tracing::info!(%failure, "no page"))?;
        page.elsewhere = request.location.bucket.as_deref().and_then(|bucket| self.region_of(bucket));
        tracing::debug!(location = ?request.location, rows = page.rows.len(), more = page.next.is_some(), "a page");
        Ok(page)
    }

    /// Waits because of `failure`, for a caller with many requests at a time; reported like every wait.
    pub async fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) {
        self.calls.waits.sit_out(&self.calls.clock, wait, failure, attempt).await;
    }

    /// Where a bucket lives, if S3 has said so and it is not the session's region.
    pub fn region_of(&self, bucket: &str) -> Option<String> {
        self.regions.other_region_of(bucket)
    }

    async fn list_buckets(
        &self,
        request: &ListRequest,
        attempt: Attempt<'_>,
        repeating: RetryMode,
    ) -> Result<Page, Failure> {
        let send = || {
            let list = self.regions.own_client().list_buckets();
            list.max_buckets(max_keys(request)) // only with a parameter does S3 say where each bucket lives
                .set_continuation_token(request.after.clone().map(|token| token.0))
                .customize()
                .interceptor(ReplyChecker::of_buckets())
                .send()
        };
        let output = self.calls.make_call(attempt, repeating, send).await;
        let output = output.map_err(|unanswered| self.deadline.judge_failure(unanswered.failure))?;
        let next = output.continuation_token.filter(|token| !token.is_empty()).map(ContinuationToken);
        let buckets = output.buckets.unwrap_or_default();
        if buckets.iter().any(|bucket| bucket.name().is_none_or(str::is_empty)) {
            return Err(attempt.malformed_reply("the response has a bucket without a name"));
        }
        // Where one address has all buckets, its word for a region need not be what it wants to see signed.
        for bucket in buckets.iter().filter(|_| self.is_aws) {
            if let (Some(name), Some(region)) = (bucket.name(), bucket.bucket_region()) {
                self.regions.remember_region(name, region);
            }
        }
        let rows = Block::from_entries(buckets.into_iter().map(bucket_row))
            .map_err(|fault| attempt.malformed_reply(fault.to_string()))?;
        Ok(Page { rows, next, elsewhere: None })
    }

    /// The next page without its token: what sorts after the last row.
    async fn list_on(&self, call: PageCall<'_>) -> Result<Page, Failure> {
        let by_name = ListRequest { after: None, ..call.request.clone() };
        let mut page = self.list_objects(PageCall { request: &by_name, ..call }).await?;
        let repeated = page.rows.entry(0).is_some_and(|row| Some(row.name()) == by_name.last.as_deref());
        page.rows = page.rows.slice_rows(usize::from(repeated), page.rows.len());
        Ok(page)
    }

    async fn list_objects(&self, call: PageCall<'_>) -> Result<Page, Failure> {
        let PageCall { bucket, request, early, attempt, repeating } = call;
        let collector = PageCollector::new(page_request(request), early.clone());
        let send = |client: &Client| {
            let list = client.list_objects_v2().bucket(bucket);
            // The prefix also where it is empty: policies that allow the top of a bucket do so by `"s3:prefix": ""`, which a
            // request without the parameter does not fulfil.
            // <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example1.html>
            list.prefix(&request.location.prefix)
                .set_delimiter(request.delimited.then(|| "/".to_owned()))
                .set_continuation_token(request.after.clone().map(|token| token.0))
                .set_start_after(request.start_after())
                .max_keys(max_keys(request))
                .encoding_type(EncodingType::Url)
                .customize()
                .interceptor(collector.clone())
                .interceptor(RawByteNames)
                .send()
        };
        self.call_bucket(bucket, attempt, repeating, send).await?;
        collector.take_page().ok_or_else(|| attempt.malformed_reply("the response was not read"))
    }
}

/// A page that is requested.
#[derive(Clone, Copy)]
struct PageCall<'a> {
    bucket: &'a str,
    request: &'a ListRequest,
    early: &'a EarlyToken,
    attempt: Attempt<'a>,
    repeating: RetryMode,
}

/// What the page must keep to.
fn page_request(request: &ListRequest) -> PageRequest {
    let start_after = request.start_after();
    PageRequest {
        prefix: bytes_of(&request.location.prefix).into_owned(),
        by_name: start_after.is_some(),
        behind: start_after.or_else(|| request.last.clone()).map(|behind| bytes_of(&behind).into_owned()),
        most: max_keys(request).unsigned_abs() as usize,
        token: request.after.clone(),
    }
}

fn max_keys(request: &ListRequest) -> i32 {
    let rows = request.max_keys.unwrap_or(PAGE).clamp(1, PAGE);
    rows.try_into().unwrap_or(i32::MAX)
}
