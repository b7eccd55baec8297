//! Errors of the SDK, and what each is translated to.

use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::{body::SdkBody, error::ErrorMetadata};

use super::*;
use crate::aws::errors::LONGEST_MESSAGE;

const ATTEMPT: Attempt<'_> =
    Attempt { service: Service::S3, action: "list", subject: "s3://tide-logs/", asked: "http://127.0.0.1:9000" };

fn answer(status: u16, code: Option<&str>, message: &str) -> SdkError<ListObjectsV2Error, HttpResponse> {
    let mut metadata = ErrorMetadata::builder().message(message);
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    let body = SdkBody::from("<Error><Token-0>canaryTOKEN</Token-0></Error>");
    let mut raw = HttpResponse::new(StatusCode::try_from(status).unwrap(), body);
    raw.headers_mut().insert("x-amz-request-id", "REQ1");
    SdkError::service_error(ListObjectsV2Error::generic(metadata.build()), raw)
}

#[test]
fn the_code_decides_then_the_status() {
    for (status, code, kind) in [
        (400, Some("ExpiredToken"), FailureKind::Expired),
        (403, Some("ExpiredToken"), FailureKind::Expired),
        (400, Some("ExpiredTokenException"), FailureKind::Expired),
        (400, Some("TokenRefreshRequired"), FailureKind::Expired),
        (400, Some("InvalidToken"), FailureKind::InvalidCredentials),
        (403, Some("InvalidClientTokenId"), FailureKind::InvalidCredentials),
        (403, Some("InvalidAccessKeyId"), FailureKind::InvalidCredentials),
        (403, Some("SignatureDoesNotMatch"), FailureKind::InvalidCredentials),
        (403, Some("UnrecognizedClientException"), FailureKind::InvalidCredentials),
        (403, Some("AccessDenied"), FailureKind::Denied),
        (400, Some("AccessDeniedException"), FailureKind::Denied),
        (404, Some("NoSuchBucket"), FailureKind::NotFound),
        (404, Some("NoSuchKey"), FailureKind::NotFound),
        (503, Some("SlowDown"), FailureKind::Throttled),
        (400, Some("ThrottlingException"), FailureKind::Throttled),
        (403, Some("RequestTimeTooSkewed"), FailureKind::Clock),
        (400, Some("RequestExpired"), FailureKind::Clock),
        (301, Some("PermanentRedirect"), FailureKind::WrongRegion),
        (307, Some("TemporaryRedirect"), FailureKind::WrongRegion),
        (400, Some("AuthorizationHeaderMalformed"), FailureKind::WrongRegion),
        (400, Some("ValidationError"), FailureKind::Invalid),
        (400, Some("MalformedPolicyDocument"), FailureKind::Invalid),
        (400, Some("PackedPolicyTooLarge"), FailureKind::Invalid),
        (403, Some("RegionDisabledException"), FailureKind::Invalid),
        (403, Some("SomethingNew"), FailureKind::Denied),
        (500, Some("InternalError"), FailureKind::Other),
        (200, None, FailureKind::Malformed),
        (301, None, FailureKind::WrongRegion),
        (403, None, FailureKind::Denied),
        (404, None, FailureKind::NotFound),
        (429, None, FailureKind::Throttled),
        (502, None, FailureKind::Other),
        (503, None, FailureKind::Throttled),
    ] {
        let failure = ATTEMPT.explain_error(&answer(status, code, "why"));
        assert_eq!(failure.kind, kind, "{status} {code:?}");
        assert_eq!((failure.status, failure.code.as_deref()), (Some(status), code));
        assert_eq!(failure.request_id.as_deref(), Some("REQ1"));
    }
}

#[test]
fn a_refusal_by_something_other_than_the_service_is_neither_a_denial_nor_a_missing_name() {
    let page = "<!DOCTYPE html><html><head><title>No such page</title></head></html>";
    for (status, body, kind) in [
        (400, page, FailureKind::Malformed),
        (401, page, FailureKind::Malformed),
        (403, page, FailureKind::Malformed),
        (404, page, FailureKind::Malformed),
        (410, page, FailureKind::Malformed),
        (403, "{\"message\":\"Forbidden\"}", FailureKind::Malformed),
        (404, "404 page not found\n", FailureKind::Malformed),
        (404, "<?xml version='1.0'?><ListAllMyBucketsResult/>", FailureKind::Malformed),
        (403, "\u{1f}\u{8b}", FailureKind::Malformed),
        (403, "", FailureKind::Denied),
        (404, " \r\n", FailureKind::NotFound),
        (403, "<Error><Code></Code></Error>", FailureKind::Denied),
        (404, "<?xml version='1.0'?>\n<!-- x --><ErrorResponse/>", FailureKind::NotFound),
        (403, "<Error><Code>SomethingNew</Code></Error>", FailureKind::Denied),
        (405, page, FailureKind::Unsupported),
        (429, page, FailureKind::Throttled),
        (503, page, FailureKind::Throttled),
        (504, page, FailureKind::Timeout),
    ] {
        let raw = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        let error = ListObjectsV2Error::generic(ErrorMetadata::builder().build());
        let failure = ATTEMPT.explain_error(&SdkError::service_error(error, raw));
        assert_eq!(failure.kind, kind, "{status} {body}: {failure}");
        if kind == FailureKind::Malformed {
            let said =
                format!("could not list s3://tide-logs/: HTTP status {status}: this is not a response from S3: ");
            assert!(failure.to_string().starts_with(&said), "{failure}");
            assert!(failure.next_move().starts_with("something other than S3 answered"), "{}", failure.next_move());
        }
    }
}

#[test]
fn a_reply_that_echoes_the_session_token_leaves_no_trace_of_it() {
    let failure = ATTEMPT.explain_error(&answer(400, Some("InvalidToken"), "The provided token is malformed"));
    assert!(!format!("{failure} {failure:?} {}", failure.next_move()).contains("canary"));
}

#[test]
fn a_message_of_megabytes_is_cut() {
    let failure = ATTEMPT.explain_error(&answer(403, Some("AccessDenied"), &"é".repeat(5_000_000)));
    assert!(failure.message.len() < LONGEST_MESSAGE + 8);
}

#[test]
fn whoever_does_not_answer_is_named_with_the_innermost_reason() {
    let refused = || std::io::Error::other("Connection refused (os error 111)");
    for (error, kind) in [
        (ConnectorError::io(refused().into()), FailureKind::Network),
        (ConnectorError::timeout(refused().into()), FailureKind::Timeout),
        (ConnectorError::other(refused().into(), None), FailureKind::Other),
    ] {
        let error: SdkError<ListObjectsV2Error, HttpResponse> = SdkError::dispatch_failure(error);
        let failure = ATTEMPT.explain_error(&error);
        assert_eq!((failure.kind, failure.status), (kind, None));
        assert_eq!(
            failure.to_string(),
            "could not list s3://tide-logs/: http://127.0.0.1:9000 did not respond: Connection refused (os error 111)"
        );
    }
    let timeout: SdkError<ListObjectsV2Error, HttpResponse> = SdkError::timeout_error("30s");
    let failure = ATTEMPT.explain_error(&timeout);
    assert_eq!(failure.kind, FailureKind::Timeout);
    assert_eq!(failure.message, "no response from http://127.0.0.1:9000 within 15 s");
}

#[test]
fn known_refusals_of_sts_come_with_the_next_move() {
    let attempt = Attempt { service: Service::Sts, action: "mint", subject: "a session token", ..ATTEMPT };
    for (status, code, message, move_) in [
        (403, "AccessDenied", "Cannot call GetSessionToken with session credentials", "--mode role"),
        (
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            "--duration 1h",
        ),
        (
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            "one hour at most",
        ),
        (403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.", "check --region"),
        (403, "RegionDisabledException", "STS is not activated in this region", "--region"),
    ] {
        let failure = attempt.explain_error(&answer(status, Some(code), message));
        assert!(failure.next_move().contains(move_), "{code}: {}", failure.next_move());
    }
}
