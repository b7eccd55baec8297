//! The region of a bucket: from the list of buckets, or from the response that refuses the request.
//!
//! Invariant: only the name of a region is taken from a response, because it becomes part of a host name.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_sdk_s3::{Client, config::Region, error::ProvideErrorMetadata};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use crate::{
    aws::{
        calls::{CallContext, RetryMode},
        failure::Attempt,
    },
    domain::failure::Failure,
};

/// The regions of buckets, as far as they are known, and a client for each. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Regions {
    /// The session's.
    own: String,
    client: Client,
    known: Arc<Mutex<KnownRegions>>,
}

#[derive(Debug, Default)]
struct KnownRegions {
    of_buckets: HashMap<String, String>,
    clients: HashMap<String, Client>,
}

impl Regions {
    /// `client` is the one of the session's own region.
    pub(super) fn new(client: Client, own: String) -> Self {
        Self { own, client, known: Arc::default() }
    }

    /// Where to ask for a bucket.
    pub(super) fn region_of(&self, bucket: &str) -> String {
        self.lock_known().of_buckets.get(bucket).unwrap_or(&self.own).clone()
    }

    /// Where a bucket is, if it is known to be in another region than the session's.
    pub(super) fn other_region_of(&self, bucket: &str) -> Option<String> {
        self.lock_known().of_buckets.get(bucket).filter(|region| **region != self.own).cloned()
    }

    /// Takes the name of a region for a bucket's own; what cannot be one is passed over.
    pub(super) fn remember_region(&self, bucket: &str, region: &str) {
        if is_region(region) {
            self.lock_known().of_buckets.insert(bucket.to_owned(), region.to_owned());
        }
    }

    /// The client that asks in the session's own region.
    pub(super) fn own_client(&self) -> &Client {
        &self.client
    }

    /// The client that asks in a region, made once.
    pub(super) fn client_in(&self, region: &str) -> Client {
        if region == self.own {
            return self.client.clone();
        }
        let mut known = self.lock_known();
        if let Some(client) = known.clients.get(region) {
            return client.clone();
        }
        let config = self.client.config().to_builder().region(Region::new(region.to_owned()));
        let client = Client::from_conf(config.build());
        known.clients.insert(region.to_owned(), client.clone());
        client
    }

    fn lock_known(&self) -> MutexGuard<'_, KnownRegions> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an answer to a request that was signed for `signed` means that the bucket is elsewhere.
pub(super) fn is_of_the_region<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>, signed: &str) -> bool {
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    // To HEAD there is no code: the region in the header tells such a 400 from others.
    let is_told =
        || status == Some(400) && error.code().is_none() && region_in(error).is_some_and(|named| named != signed);
    matches!(status, Some(301 | 307 | 308)) || error.code() == Some("AuthorizationHeaderMalformed") || is_told()
}

/// The region the answer names: in a header, or, where S3 only found the signature's region wrong, in its words.
pub(super) fn region_in<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    let header = error.raw_response().and_then(|raw| raw.headers().get("x-amz-bucket-region"));
    let expected = || error.message()?.split_once("expecting '")?.1.split('\'').next();
    header.or_else(expected).filter(|region| is_region(region)).map(str::to_owned)
}

/// The region that `HeadBucket` tells, for answers that name none. It tells it with whichever status.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
pub(super) async fn asked_for(
    calls: &CallContext,
    attempt: Attempt<'_>,
    client: &Client,
    bucket: &str,
) -> Option<String> {
    match calls.make_call(attempt, RetryMode::Patiently, || client.head_bucket().bucket(bucket).send()).await {
        Ok(output) => output.bucket_region.filter(|region| is_region(region)),
        Err(call_error) => region_in(&call_error.error),
    }
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

/// The refusal of the region that was named.
pub(super) fn in_region(failure: Failure, region: &str) -> Failure {
    let message =
        format!("the service says that the bucket is in {region}, but it is not there either: {}", failure.message);
    Failure { message, ..failure }.with_hint(format!("use the bucket's region: --region {region}"))
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
}
