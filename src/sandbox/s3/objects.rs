//! Reading one object, whole, in part, or only what is known of it.
//!
//! Invariant: what a `HEAD` says is what the `GET` gives; a checksum in a reply is one of the bytes that are sent.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>

use std::ops::Range;

use bytes::Bytes;
use http::{Method, StatusCode};

use super::{
    call::S3Call,
    conditions::Precondition,
    range::{self, RequestedBytes},
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ReplyHeaders, ServiceReply},
    world::SandboxObject,
};

const PART_NUMBER: &str = "partNumber";

/// What is sent of an object.
struct SentBytes {
    range: Range<u64>,
    status: StatusCode,
    /// Where it was asked for as a part of an upload.
    part: Option<u32>,
}

impl S3Call<'_> {
    /// `GetObject` and `HeadObject`.
    pub(super) fn get_object(&self, name: &str, key: &str) -> Result<ServiceReply, ErrorResponse> {
        let target = self.find_target(name, key)?;
        self.check_object_permission("s3:GetObject", &target)?;
        self.refuse_changing()?;
        let found = self.find_object(&target)?;
        let object = found.object;
        let mut headers = self.object_headers(&target, &found);
        self.replace_headers(&mut headers);
        if self.check_conditions(object)? == Precondition::NotModified {
            return Ok(ServiceReply { headers, ..ServiceReply::without_body(StatusCode::NOT_MODIFIED) });
        }
        let is_get = self.request.method == Method::GET;
        if is_get && object.is_archived(self.inner.started, self.now) {
            let message = "The operation is not valid for the object's storage class";
            return Err(ErrorResponse::forbidden("InvalidObjectState", message)
                .with_detail("StorageClass", object.storage_class()));
        }
        let sent = self.requested_bytes(object)?;
        self.describe_sent(object, &sent, &mut headers);
        let body = if is_get { object.read(sent.range).into() } else { Bytes::new().into() };
        Ok(ServiceReply { status: sent.status, headers, body })
    }

    /// Which of its bytes.
    fn requested_bytes(&self, object: &SandboxObject) -> Result<SentBytes, ErrorResponse> {
        if let Some(part) = self.request.parameter(PART_NUMBER) {
            return self.requested_part(object, part);
        }
        let (range, status) = match range::parse_range(self.range_header(object), object.size) {
            RequestedBytes::Whole => (0..object.size, StatusCode::OK),
            RequestedBytes::Part(part) => (part, StatusCode::PARTIAL_CONTENT),
            RequestedBytes::Nothing => return Err(self.no_such_range(object)),
        };
        Ok(SentBytes { range, status, part: None })
    }

    /// A part as it was sent; an object that was sent whole has one.
    fn requested_part(&self, object: &SandboxObject, text: &str) -> Result<SentBytes, ErrorResponse> {
        if self.request.header("range").is_some() {
            let message = "Cannot specify both Range header and partNumber query parameter";
            return Err(ErrorResponse::bad_request("InvalidRequest", message));
        }
        let Some(number) = text.parse().ok().filter(|number| (1..=10_000).contains(number)) else {
            let message = "Part number must be an integer between 1 and 10000, inclusive";
            return Err(ErrorResponse::invalid_argument(PART_NUMBER, text, message));
        };
        let range = object.part(number).ok_or_else(|| {
            let message = "The requested partnumber is not satisfiable";
            ErrorResponse::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidPartNumber", message)
                .with_detail("ActualPartCount", object.part_count().unwrap_or(1).to_string())
                .with_detail("PartNumberRequested", text)
        })?;
        // There is no range of nothing.
        let status = if range.is_empty() { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
        Ok(SentBytes { range, status, part: Some(number) })
    }

    /// The headers that depend on how much is sent.
    fn describe_sent(&self, object: &SandboxObject, sent: &SentBytes, headers: &mut ReplyHeaders) {
        let mut add = |name: &'static str, value: String| headers.push((name.into(), value));
        let Range { start, end } = sent.range;
        add("content-length", (end - start).to_string());
        if sent.status == StatusCode::PARTIAL_CONTENT {
            add("content-range", format!("bytes {start}-{}/{}", end - 1, object.size));
        }
        if let Some(count) = object.part_count().filter(|_| sent.part.is_some()) {
            add("x-amz-mp-parts-count", count.to_string());
        }
        let Some(checksum) = object.checksum().filter(|_| self.is_checksum_asked()) else { return };
        let value = match sent.part {
            Some(number) if object.part_count().is_some() => object.part_checksum(checksum.kind, number),
            // Nothing is stored about a range: a client would compare its bytes with the checksum of all.
            None if sent.status == StatusCode::PARTIAL_CONTENT => return,
            _ => object.checksum_value(checksum).to_owned(),
        };
        add(checksum.kind.header(), value);
        add("x-amz-checksum-type", checksum.type_name().into());
    }

    /// Whether the client wants the stored checksum, to compare it with what comes.
    pub(super) fn is_checksum_asked(&self) -> bool {
        let mode = self.request.header_or_parameter("x-amz-checksum-mode");
        mode.is_some_and(|mode| mode.eq_ignore_ascii_case("ENABLED"))
    }

    fn no_such_range(&self, object: &SandboxObject) -> ErrorResponse {
        let status = StatusCode::RANGE_NOT_SATISFIABLE;
        ErrorResponse::new(status, "InvalidRange", "The requested range is not satisfiable")
            .with_detail("RangeRequested", self.request.header("range").unwrap_or_default())
            .with_detail("ActualObjectSize", object.size.to_string())
            .with_header("content-range", format!("bytes */{}", object.size))
    }
}
