//! Reading one object, whole, in part, or only what is known of it.
//!
//! Invariant: what a `HEAD` says is what the `GET` gives. That a key does not exist is shown only to a caller that may list.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>

use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::{Timestamp, fmt::rfc2822};

use super::{
    call::S3Call,
    range::{self, RequestedBytes},
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, http_date},
    world::{SandboxBucket, SandboxObject},
};

/// Query parameters that say what a header of the reply is to be.
const REPLACED: [(&str, &str); 6] = [
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
    ("response-content-language", "content-language"),
    ("response-content-type", "content-type"),
    ("response-expires", "expires"),
];

impl S3Call<'_> {
    /// `GetObject` and `HeadObject`.
    pub(super) fn get_object(&self, name: &str, key: &str, arn: &str) -> Result<ServiceReply, ErrorResponse> {
        let bucket = self.find_bucket(name)?;
        self.check_permission(self.of_object("s3:GetObject"), arn, Some(bucket))?;
        self.refuse_changing()?;
        let object = self.find_object(name, bucket, key)?;
        self.check_version(key)?;
        let mut headers = object_headers(key, object);
        self.replace_headers(&mut headers);
        if self.check_conditions(object)? == Precondition::NotModified {
            return Ok(ServiceReply { headers, ..ServiceReply::without_body(StatusCode::NOT_MODIFIED) });
        }
        let is_get = self.request.method == Method::GET;
        if is_get && object.is_archived() {
            let message = "The operation is not valid for the object's storage class";
            return Err(ErrorResponse::forbidden("InvalidObjectState", message)
                .with_detail("StorageClass", object.storage_class()));
        }
        let (status, part) = match self.requested_bytes(object)? {
            RequestedBytes::Whole => (StatusCode::OK, 0..object.size),
            RequestedBytes::Part(part) => {
                let last = part.end - 1;
                headers.push(("content-range", format!("bytes {}-{last}/{}", part.start, object.size)));
                (StatusCode::PARTIAL_CONTENT, part)
            }
            RequestedBytes::Nothing => return Err(self.no_such_range(object)),
        };
        headers.push(("content-length", (part.end - part.start).to_string()));
        let body = if is_get { content_range(object, part.start, part.end) } else { Bytes::new() };
        Ok(ServiceReply { status, headers, body })
    }

    pub(super) fn find_object<'a>(
        &self,
        name: &str,
        bucket: &'a SandboxBucket,
        key: &str,
    ) -> Result<&'a SandboxObject, ErrorResponse> {
        if let Some(object) = bucket.objects.get(key) {
            return Ok(object);
        }
        self.check_permission("s3:ListBucket", &format!("arn:aws:s3:::{name}"), Some(bucket))?;
        let message = "The specified key does not exist.";
        Err(ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchKey", message).with_detail("Key", key))
    }

    /// Which of its bytes. An object that was sent whole has one part; how large those of the archived ones were, nobody
    /// knows any more.
    fn requested_bytes(&self, object: &SandboxObject) -> Result<RequestedBytes, ErrorResponse> {
        const NAME: &str = "partNumber";
        let range = self.request.header("range");
        let Some(part) = self.request.parameter(NAME) else { return Ok(range::parse_range(range, object.size)) };
        if range.is_some() {
            let message = "Cannot specify both Range header and partNumber query parameter";
            return Err(ErrorResponse::bad_request("InvalidRequest", message));
        }
        match part.parse() {
            Ok(1..=10_000) if object.is_archived() => Err(ErrorResponse::not_implemented(NAME)),
            Ok(1) if object.size == 0 => Ok(RequestedBytes::Whole),
            Ok(1) => Ok(RequestedBytes::Part(0..object.size)),
            Ok(2..=10_000) => {
                let message = "The requested partnumber is not satisfiable";
                Err(ErrorResponse::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidPartNumber", message)
                    .with_detail("ActualPartCount", "1")
                    .with_detail("PartNumberRequested", part))
            }
            _ => {
                let message = "Part number must be an integer between 1 and 10000, inclusive";
                Err(ErrorResponse::invalid_argument(NAME, part, message))
            }
        }
    }

    /// An object is the one version of itself, whose id is `null`.
    pub(super) fn check_version(&self, key: &str) -> Result<(), ErrorResponse> {
        match self.request.parameter("versionId") {
            None | Some("null") => Ok(()),
            Some(other) => Err(ErrorResponse::invalid_argument("versionId", other, "Invalid version id specified")
                .with_detail("Key", key)),
        }
    }

    /// `response-content-type` and its like, by which the maker of a URL says how a browser is to take the object.
    fn replace_headers(&self, headers: &mut Vec<(&'static str, String)>) {
        for (parameter, header) in REPLACED {
            if let Some(value) = self.request.parameter(parameter) {
                headers.retain(|(name, _)| *name != header);
                headers.push((header, value.into()));
            }
        }
    }

    fn no_such_range(&self, object: &SandboxObject) -> ErrorResponse {
        let status = StatusCode::RANGE_NOT_SATISFIABLE;
        ErrorResponse::new(status, "InvalidRange", "The requested range is not satisfiable")
            .with_detail("RangeRequested", self.request.header("range").unwrap_or_default())
            .with_detail("ActualObjectSize", object.size.to_string())
            .with_header("content-range", format!("bytes */{}", object.size))
    }

    /// <https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2>: an `ETag`'s condition makes a date's void.
    fn check_conditions(&self, object: &SandboxObject) -> Result<Precondition, ErrorResponse> {
        let header = |name| self.request.header(name);
        let date = |name| header(name).and_then(|text| rfc2822::DateTimeParser::new().parse_timestamp(text).ok());
        let names = |list: &str| list.split(',').any(|tag| matches!(tag.trim(), "*") || same_tag(tag, object.etag()));
        let since = |time: Timestamp| object.modified.as_second() > time.as_second();
        let failed = |condition: &str| {
            let message = "At least one of the pre-conditions you specified did not hold";
            ErrorResponse::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
                .with_detail("Condition", condition)
        };
        match (header("if-match"), date("if-unmodified-since")) {
            (Some(list), _) if !names(list) => return Err(failed("If-Match")),
            (None, Some(time)) if since(time) => return Err(failed("If-Unmodified-Since")),
            _ => {}
        }
        Ok(match (header("if-none-match"), date("if-modified-since")) {
            (Some(list), _) if names(list) => Precondition::NotModified,
            (None, Some(time)) if !since(time) => Precondition::NotModified,
            _ => Precondition::Holds,
        })
    }
}

/// The headers that tell what an object is.
fn object_headers(key: &str, object: &SandboxObject) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("last-modified", http_date(object.modified)),
        ("etag", object.etag().to_owned()),
        ("accept-ranges", "bytes".into()),
        ("content-type", content_type(key).into()),
    ];
    // S3 leaves the usual class unsaid.
    if object.storage_class() != "STANDARD" {
        headers.push(("x-amz-storage-class", object.storage_class().into()));
    }
    headers
}

#[derive(PartialEq, Eq)]
enum Precondition {
    Holds,
    NotModified,
}

/// Entity tags may be sent without their quotes, or marked weak.
fn same_tag(sent: &str, etag: &str) -> bool {
    let sent = sent.trim();
    sent.strip_prefix("W/").unwrap_or(sent).trim_matches('"') == etag.trim_matches('"')
}

fn content_range(object: &SandboxObject, start: u64, end: u64) -> Bytes {
    let content = match object.content() {
        std::borrow::Cow::Borrowed(text) => Bytes::from_static(text),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    // Both lie within what is in memory already.
    let at = |place: u64| usize::try_from(place).unwrap_or(content.len()).min(content.len());
    content.slice(at(start)..at(end))
}

fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("md") => "text/markdown",
        Some("toml") => "application/toml",
        Some("txt" | "log") => "text/plain",
        _ => "binary/octet-stream",
    }
}
