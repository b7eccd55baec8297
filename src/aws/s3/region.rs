//! In which region a bucket is, read off the answer that refuses it.
//!
//! Invariant: nothing but the name of a region is taken from such an answer, for it becomes part of a host name.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use crate::domain::failure::Failure;

/// Whether an answer means that the bucket is elsewhere.
pub(super) fn names_a_region<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    matches!(status, Some(301 | 307)) || error.code() == Some("AuthorizationHeaderMalformed")
}

/// The region the answer names: in a header, or, where S3 only found the signature's region wrong, in its words.
pub(super) fn region_in<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<String> {
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

/// The refusal of the region that was named.
pub(super) fn in_region(failure: Failure, region: &str) -> Failure {
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
}
