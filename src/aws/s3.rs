//! Listing buckets and objects.
//!
//! Invariant: an answer that breaks the protocol's promises is a failure, never a shorter listing. A bucket in another
//! region is followed once per request, by the region's name and nothing else that the answer says.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_s3::{
    Client,
    config::Region,
    error::ProvideErrorMetadata,
    operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output},
    types::{Bucket as SdkBucket, CommonPrefix, EncodingType, Object as SdkObject},
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use super::{failure::Attempt, keys};
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    listing::{Bucket, ContinuationToken, Entry, Object, Page, PageFault},
    location::Location,
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

/// One page to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListRequest {
    /// Where; without a bucket, the list of buckets.
    pub location: Location,
    /// Whether to roll keys up to the next `/`.
    pub delimited: bool,
    /// Where the last page ended.
    pub after: Option<ContinuationToken>,
    /// The last row that came: where to go on if the token is refused, as by a service that has forgotten it.
    pub last: Option<String>,
    /// Rows at most; S3 gives 1000 at most.
    pub max_keys: Option<u32>,
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
        let subject = request.location.to_string();
        let attempt = Attempt { service: Service::S3, action: "list", subject: &subject, asked: &self.asked };
        let answer = match &request.location.bucket {
            Some(bucket) => match self.list_objects(bucket, request, attempt).await {
                Err(failure) if is_of_the_token(&failure, request) => self.list_on(bucket, request, attempt).await,
                answer => answer,
            },
            None => self.list_buckets(request, attempt).await,
        };
        let page = answer.inspect_err(|failure| tracing::info!(%failure, "no page"))?;
        if page.next.is_some() && page.next == request.after {
            return Err(attempt.malformed(PageFault::RepeatedToken.to_string()));
        }
        tracing::debug!(location = ?request.location, rows = page.entries.len(), more = page.next.is_some(), "a page");
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
        let rows = output.buckets.unwrap_or_default().into_iter().map(bucket_row).collect();
        Page::checked(rows, next, "").map_err(|fault| attempt.malformed(fault.to_string()))
    }

    /// The next page without its token: what sorts after the last row.
    async fn list_on(&self, bucket: &str, request: &ListRequest, attempt: Attempt<'_>) -> Result<Page, Failure> {
        let by_name = ListRequest { after: None, ..request.clone() };
        let mut page = self.list_objects(bucket, &by_name, attempt).await?;
        page.entries.retain(|entry| Some(entry.name()) != request.last.as_deref());
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

fn page(output: ListObjectsV2Output, request: &ListRequest) -> Result<Page, PageFault> {
    let encoded = output.encoding_type == Some(EncodingType::Url);
    let read = |text: &str| if encoded { keys::decode(text) } else { text.to_owned() };
    let objects = output.contents.unwrap_or_default();
    let prefixes = output.common_prefixes.unwrap_or_default();
    let count = objects.len() + prefixes.len();
    if output.key_count.is_some_and(|said| usize::try_from(said) != Ok(count)) {
        return Err(PageFault::KeyCount);
    }
    if i32::try_from(count).is_ok_and(|count| count > rows(request)) {
        return Err(PageFault::TooMany);
    }
    let next = match (output.is_truncated, output.next_continuation_token) {
        (Some(false), _) => None,
        (Some(true), Some(token)) if !token.is_empty() => Some(ContinuationToken(token)),
        _ => return Err(PageFault::NoEnd),
    };
    let ascend = ascends(objects.iter().map(SdkObject::key), encoded)
        && ascends(prefixes.iter().map(CommonPrefix::prefix), encoded);
    if !ascend {
        return Err(PageFault::Order);
    }
    let prefixes = prefixes.into_iter().map(|row| Ok(Entry::Prefix(read(row.prefix().unwrap_or_default()))));
    let rows: Result<_, _> = objects.into_iter().map(|row| object_row(row, read)).chain(prefixes).collect();
    Page::checked(rows?, next, &request.location.prefix)
}

/// Whether one list of the wire ascends, by the bytes of its keys: those that are not UTF-8 sort otherwise as shown.
fn ascends<'a>(keys: impl Iterator<Item = Option<&'a str>>, encoded: bool) -> bool {
    let bytes = |key: &str| if encoded { keys::bytes(key) } else { key.into() };
    let keys: Vec<Vec<u8>> = keys.map(|key| bytes(key.unwrap_or_default())).collect();
    keys.is_sorted_by(|a, b| a < b)
}

fn object_row(object: SdkObject, read: impl Fn(&str) -> String) -> Result<Entry, PageFault> {
    let size = object.size.and_then(|size| u64::try_from(size).ok()).ok_or(PageFault::Size)?;
    Ok(Entry::Object(Object {
        key: read(object.key().unwrap_or_default()),
        size,
        modified: object.last_modified.and_then(timestamp),
        storage_class: object.storage_class.map(|class| class.as_str().to_owned()),
        etag: object.e_tag.map(|etag| etag.trim_matches('"').to_owned()),
    }))
}

fn bucket_row(bucket: SdkBucket) -> Entry {
    Entry::Bucket(Bucket {
        name: bucket.name.unwrap_or_default(),
        region: bucket.bucket_region,
        created: bucket.creation_date.and_then(timestamp),
    })
}

fn timestamp(time: DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), time.subsec_nanos().try_into().ok()?).ok()
}

fn names_a_region<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    matches!(status, Some(301 | 307)) || error.code() == Some("AuthorizationHeaderMalformed")
}

/// The region the answer names: in a header, or, where S3 only found the signature's region wrong, in its words.
fn region_in<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    let header = error.raw_response().and_then(|raw| raw.headers().get("x-amz-bucket-region"));
    let expected = || error.message()?.split_once("expecting '")?.1.split('\'').next();
    header.or_else(expected).filter(|region| is_region(region)).map(str::to_owned)
}

/// `eu-west-1`, `us-gov-west-1`: what may become part of a host name because an answer says so.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., number] = parts.as_slice() else { return false };
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=4).contains(&first.len())
        && is_word(first)
        && !middle.is_empty()
        && middle.iter().all(|part| is_word(part))
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && text.len() <= 32
}

fn in_region(failure: Failure, region: &str) -> Failure {
    let message = format!("the bucket is said to be in {region}, which does not have it either: {}", failure.message);
    Failure { message, ..failure }.with_hint(format!("ask in its own region: --region {region}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_region_is_taken_for_one() {
        for region in ["eu-west-1", "us-gov-west-1", "ap-southeast-14", "us-isob-east-1", "mx-central-1"] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "",
            "eu",
            "eu-west",
            "eu-1",
            "EU-west-1",
            "eu-west-1.evil.example",
            "eu-west-1/",
            "eu--1",
            "eu-west-123",
            "euwest-1-",
            "evil.example#-a-1",
            "eu-west-1\r\n",
        ] {
            assert!(!is_region(other), "{other}");
        }
        assert!(!is_region(&format!("eu-{}-1", "x".repeat(60))));
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

    fn object(key: &str) -> SdkObject {
        SdkObject::builder().key(key).size(3).e_tag("\"abc\"").build()
    }

    fn in_logs() -> ListRequest {
        ListRequest { location: Location::new("tide-logs", "logs/"), ..ListRequest::default() }
    }

    fn common(prefix: &str) -> CommonPrefix {
        CommonPrefix::builder().prefix(prefix).build()
    }

    fn two_rows() -> aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2OutputBuilder {
        ListObjectsV2Output::builder()
            .encoding_type(EncodingType::Url)
            .contents(object("logs/b+c.txt"))
            .common_prefixes(common("logs/a/"))
            .key_count(2)
            .is_truncated(false)
    }

    #[test]
    fn a_page_merges_objects_and_prefixes_in_order() {
        let page = page(two_rows().build(), &in_logs()).unwrap();
        let names: Vec<&str> = page.entries.iter().map(Entry::name).collect();
        assert_eq!(names, ["logs/a/", "logs/b c.txt"]);
        assert_eq!(page.next, None);
        let Entry::Object(object) = &page.entries[1] else { panic!("an object") };
        assert_eq!(object.etag.as_deref(), Some("abc"));
    }

    #[test]
    fn a_page_that_breaks_its_promises_is_no_page() {
        for (output, fault) in [
            (two_rows().key_count(3), PageFault::KeyCount),
            (two_rows().key_count(-1), PageFault::KeyCount),
            (two_rows().set_is_truncated(None), PageFault::NoEnd),
            (two_rows().is_truncated(true), PageFault::NoEnd),
            (two_rows().is_truncated(true).next_continuation_token(""), PageFault::NoEnd),
            (two_rows().contents(object("somewhere")).key_count(3), PageFault::OutsidePrefix),
            (two_rows().contents(object("logs/b+c.txt")).key_count(3), PageFault::Order),
            (two_rows().contents(object("logs/b")).key_count(3), PageFault::Order),
            (two_rows().common_prefixes(common("logs/A/")).key_count(3), PageFault::Order),
            (two_rows().contents(object("logs/a/")).key_count(3), PageFault::Order),
            (two_rows().contents(SdkObject::builder().key("logs/c").build()).key_count(3), PageFault::Size),
            (two_rows().contents(SdkObject::builder().key("logs/c").size(-1).build()).key_count(3), PageFault::Size),
        ] {
            assert_eq!(page(output.build(), &in_logs()), Err(fault), "{fault}");
        }
    }

    #[test]
    fn keys_that_are_not_utf_8_come_in_the_order_of_their_bytes() {
        let output = two_rows().contents(object("logs/z")).contents(object("logs/%FF")).key_count(4).build();
        assert_eq!(page(output, &in_logs()).unwrap().entries.len(), 4);
    }

    #[test]
    fn more_rows_than_were_asked_for_are_no_page() {
        for (max_keys, given, expected) in [
            (None, 1000, Ok(1000)),
            (None, 1001, Err(PageFault::TooMany)),
            (Some(2), 2, Ok(2)),
            (Some(2), 3, Err(PageFault::TooMany)),
        ] {
            let objects = (0..given).map(|n| object(&format!("logs/{n:04}"))).collect();
            let output = ListObjectsV2Output::builder().set_contents(Some(objects)).is_truncated(false).build();
            let page = page(output, &ListRequest { max_keys, ..in_logs() });
            assert_eq!(page.map(|page| page.entries.len()), expected, "{max_keys:?} {given}");
        }
    }
}
