//! What goes back: a status, headers and a body, in the envelope of the service that was called.
//!
//! Invariant: every reply carries a request id and the sandbox's own `Date`, from the same clock by which sessions
//! expire; the reply to a `HEAD` has no body.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use jiff::{Timestamp, fmt::rfc2822};

use super::{
    body::ReplyBody,
    error_response::{ErrorResponse, SandboxService},
    xml::Xml,
};

/// Headers of a reply, in lower case. Most names are known here; those of metadata are whatever somebody chose.
pub(crate) type ReplyHeaders = Vec<(Cow<'static, str>, String)>;

/// An answer before it is HTTP.
pub(crate) struct ServiceReply {
    pub(crate) status: StatusCode,
    pub(crate) headers: ReplyHeaders,
    pub(crate) body: ReplyBody,
}

impl ServiceReply {
    pub(crate) fn from_xml(document: String) -> Self {
        Self::from_content("application/xml", document)
    }

    /// Content of a type, whole.
    pub(crate) fn from_content(content_type: &str, content: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: vec![("content-type".into(), content_type.into())],
            body: content.into().into(),
        }
    }

    /// The result of an action of the query protocol.
    pub(crate) fn action_result(
        service: SandboxService,
        action: &str,
        request_id: &str,
        result: impl FnOnce(&mut Xml),
    ) -> Self {
        let mut reply = Self::from_xml(Xml::document(&format!("{action}Response"), service.namespace(), |xml| {
            xml.parent_element(&format!("{action}Result"), result);
            xml.parent_element("ResponseMetadata", |xml| xml.text_element("RequestId", request_id));
        }));
        reply.headers = vec![("content-type".into(), "text/xml".into())];
        reply
    }

    /// No content at all.
    pub(crate) fn without_body(status: StatusCode) -> Self {
        Self { status, headers: vec![], body: Bytes::new().into() }
    }

    /// The same with one more header.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A refusal in the envelope of `service`.
    pub(crate) fn from_error(refusal: ErrorResponse, service: SandboxService, request_id: &str) -> Self {
        let document = match service {
            SandboxService::S3 => Xml::document("Error", "", |xml| {
                xml.text_element("Code", refusal.code);
                xml.text_element("Message", &refusal.message);
                for (element, text) in &refusal.details {
                    xml.text_element(element, text);
                }
                xml.text_element("RequestId", request_id);
                xml.text_element("HostId", &host_id(request_id));
            }),
            SandboxService::Sts | SandboxService::Iam => Xml::document("ErrorResponse", service.namespace(), |xml| {
                xml.parent_element("Error", |xml| {
                    xml.text_element("Type", if refusal.status.is_server_error() { "Receiver" } else { "Sender" });
                    xml.text_element("Code", refusal.code);
                    xml.text_element("Message", &refusal.message);
                });
                xml.text_element("RequestId", request_id);
            }),
        };
        let mut reply = Self::from_xml(document);
        reply.status = refusal.status;
        reply.headers.extend(refusal.headers.into_iter().map(|(name, value)| (name.into(), value)));
        reply
    }

    /// The HTTP response, complete.
    pub(crate) fn into_http(
        mut self,
        method: &Method,
        service: SandboxService,
        request_id: &str,
        now: Timestamp,
    ) -> Response<ReplyBody> {
        self = self.with_header("date", http_date(now));
        self = match service {
            SandboxService::S3 => self
                .with_header("server", "AmazonS3")
                .with_header("x-amz-request-id", request_id)
                .with_header("x-amz-id-2", host_id(request_id)),
            SandboxService::Sts | SandboxService::Iam => self.with_header("x-amzn-requestid", request_id),
        };
        let is_head = method == Method::HEAD;
        let mut response = Response::new(if is_head { Bytes::new().into() } else { self.body });
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            // What cannot stand in a header (a control character) is left out rather than sent broken.
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// A time as HTTP writes it: `Sun, 22 Nov 2026 14:01:07 GMT`.
pub(crate) fn http_date(time: Timestamp) -> String {
    // It is refused only before the year 0; the clock stands later and the world's dates are checked by its tests.
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap_or_default()
}

/// A time as S3 writes it in XML: `2026-11-22T14:01:07.000Z`.
pub(crate) fn s3_date(time: Timestamp) -> String {
    format!("{time:.3}")
}

fn host_id(request_id: &str) -> String {
    format!("sandbox/{request_id}")
}
