//! S3, as far as reading goes: which operation a request is, and the checks that every operation shares.
//!
//! Invariant: an operation on a bucket runs only after the bucket was found, the request was signed for its region and
//! the caller's right to the operation was checked, in this order.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

mod annotations;
mod attributes;
mod buckets;
mod call;
mod conditions;
mod listing;
mod lookup;
mod object_headers;
mod object_settings;
mod objects;
mod operation;
mod page;
mod range;
mod settings;

use call::{REGION_HEADER, S3Call, no_such_bucket};
use http::Method;
use jiff::Timestamp;

use super::{
    authentication::Signed,
    error_response::{ErrorResponse, SandboxService},
    reply::ServiceReply,
    request::Request,
    state::Inner,
};
use listing::ListOperation;
use object_headers::REPLACED;
use operation::Subresource;

/// Answers one request to S3.
pub(super) fn answer_request(
    inner: &Inner,
    request: &Request,
    signed: &Signed,
    now: Timestamp,
) -> Result<ServiceReply, ErrorResponse> {
    let call = S3Call { inner, request, signed, now };
    let (bucket, key) = bucket_and_key(request);
    match (bucket, key) {
        ("", _) => call.on_account(),
        (bucket, "") => call.on_bucket(bucket),
        (bucket, key) => call.on_object(bucket, key),
    }
}

/// The refusal of an unsigned request: everything here is private. A bucket that does not exist is reported first,
/// and where there is one, its region. Only a signed request may set headers of the reply.
pub(super) fn refuse_anonymous(inner: &Inner, request: &Request) -> ErrorResponse {
    if REPLACED.into_iter().any(|(parameter, _)| request.parameter(parameter).is_some()) {
        let message = "Request specific response headers cannot be used for anonymous GET requests.";
        return ErrorResponse::bad_request("InvalidRequest", message);
    }
    let anonymous = ErrorResponse::anonymous_request(SandboxService::S3);
    match bucket_and_key(request) {
        ("", _) => anonymous,
        (name, _) => match inner.world.buckets.get(name) {
            Some(bucket) => anonymous.with_header(REGION_HEADER, bucket.region.as_str()),
            None => no_such_bucket(name),
        },
    }
}

/// Bucket and key, from the path or from a host name `BUCKET.localhost`; empty where there is none.
fn bucket_and_key(request: &Request) -> (&str, &str) {
    let path = request.path.strip_prefix('/').unwrap_or(&request.path);
    match request.bucket_of_host() {
        Some(bucket) => (bucket, path),
        None => path.split_once('/').unwrap_or((path, "")),
    }
}

impl S3Call<'_> {
    fn on_account(&self) -> Result<ServiceReply, ErrorResponse> {
        match self.request.method {
            Method::GET => self.list_buckets(),
            _ => Err(self.not_allowed()),
        }
    }

    fn on_bucket(&self, name: &str) -> Result<ServiceReply, ErrorResponse> {
        let arn = format!("arn:aws:s3:::{name}");
        if let Some(about) = Subresource::of_bucket(self.request)? {
            return self.on_bucket_setting(name, &arn, about);
        }
        match self.request.method {
            Method::HEAD => self.head_bucket(name, &arn),
            Method::GET => self.list_objects(name, &arn, self.list_type()?),
            Method::PUT => self.refuse_write("s3:CreateBucket", &arn, self.inner.world.buckets.get(name)),
            Method::DELETE => self.refuse_write("s3:DeleteBucket", &arn, Some(self.find_bucket(name)?)),
            // A form from a browser, which names the object inside.
            Method::POST => self.refuse_write("s3:PutObject", &format!("{arn}/*"), Some(self.find_bucket(name)?)),
            _ => Err(self.not_allowed()),
        }
    }

    /// Which version of `ListObjects` is requested.
    fn list_type(&self) -> Result<ListOperation, ErrorResponse> {
        match self.request.parameter("list-type") {
            None | Some("1") => Ok(ListOperation::ListObjects),
            Some("2") => Ok(ListOperation::ListObjectsV2),
            Some(other) => Err(ErrorResponse::invalid_argument("list-type", other, "Invalid List Type")),
        }
    }

    fn on_object(&self, name: &str, key: &str) -> Result<ServiceReply, ErrorResponse> {
        if let Some(about) = Subresource::of_object(self.request)? {
            return self.on_object_setting(name, key, about);
        }
        let arn = format!("arn:aws:s3:::{name}/{key}");
        match self.request.method {
            Method::GET | Method::HEAD => self.get_object(name, key),
            Method::PUT | Method::POST => self.refuse_write("s3:PutObject", &arn, Some(self.find_bucket(name)?)),
            Method::DELETE => self.refuse_write(self.of_object("s3:DeleteObject"), &arn, Some(self.find_bucket(name)?)),
            _ => Err(self.not_allowed()),
        }
    }
}
