//! A request as both services read it: decoded once, with what a signature covers.
//!
//! Invariant: path and parameters are decoded exactly once, here; the canonical forms are made from the decoded ones, so
//! what is verified is what is served.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::error_response::ErrorResponse;

/// Everything but the unreserved characters of RFC 3986, as a signature encodes.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same in a path, where `/` stands for itself.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// After a bucket's name in a host of its own.
const DOMAIN: &str = ".localhost";

/// One request.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Decoded, with its leading `/`.
    pub(crate) path: String,
    /// Decoded, in the order sent; a parameter without `=` has an empty value.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    /// The `Host` header, or the authority of an absolute URI.
    pub(crate) host: String,
    pub(crate) body: Bytes,
}

impl Request {
    /// Reads an HTTP request. Refuses a path that is not UTF-8: no key of S3 is.
    pub(crate) fn from_http(request: http::Request<Bytes>) -> Result<Self, ErrorResponse> {
        let (parts, body) = request.into_parts();
        let path = percent_decode_str(parts.uri.path())
            .decode_utf8()
            .map_err(|_| ErrorResponse::bad_request("InvalidURI", "Couldn't parse the specified URI."))?
            .into_owned();
        let query = parts.uri.query().unwrap_or_default();
        let host = match parts.headers.get(header::HOST) {
            Some(host) => String::from_utf8_lossy(host.as_bytes()).into_owned(),
            None => parts.uri.authority().map(ToString::to_string).unwrap_or_default(),
        };
        Ok(Self {
            method: parts.method,
            path,
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: parts.headers,
            host,
            body,
        })
    }

    /// The bucket of a host name `BUCKET.localhost`.
    pub(crate) fn bucket_of_host(&self) -> Option<&str> {
        let host = self.host.rsplit_once(':').map_or(self.host.as_str(), |(host, _)| host);
        let (bucket, domain) = host.split_at_checked(host.len().checked_sub(DOMAIN.len())?)?;
        (domain.eq_ignore_ascii_case(DOMAIN) && !bucket.is_empty()).then_some(bucket)
    }

    /// A header's value, where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A query parameter's value.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A header's value, or that of the query parameter into which the maker of a presigned URL has moved the header.
    pub(crate) fn header_or_parameter(&self, name: &str) -> Option<&str> {
        self.header(name).or_else(|| {
            self.query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
        })
    }

    /// The path as a signature covers it.
    pub(crate) fn canonical_path(&self) -> String {
        utf8_percent_encode(&self.path, RESERVED_IN_PATH).to_string()
    }

    /// The parameters as a signature covers them: encoded, then sorted, and without the signature itself.
    pub(crate) fn canonical_query(&self) -> String {
        let encode = |text| utf8_percent_encode(text, RESERVED).to_string();
        let mut pairs: Vec<_> = self
            .query
            .iter()
            .filter(|(key, _)| key != "X-Amz-Signature")
            .map(|(key, value)| (encode(key), encode(value)))
            .collect();
        pairs.sort_unstable();
        pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
    }

    /// A signed header as a signature covers it: values joined by commas, runs of spaces made one.
    pub(crate) fn canonical_header(&self, name: &str) -> Option<String> {
        if name == "host" {
            return Some(format!("host:{}\n", self.host));
        }
        let mut values = self.headers.get_all(name).iter().peekable();
        values.peek()?;
        let values: Vec<Cow<'_, str>> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let values: Vec<_> =
            values.iter().map(|value| value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")).collect();
        Some(format!("{name}:{}\n", values.join(",")))
    }
}
