//! S3, as far as reading goes: which operation a request is, and the checks that every operation shares.
//!
//! Invariant: an operation on a bucket runs only after the bucket was found, the request was signed for its region and
//! the caller's right to the operation was checked, in this order.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

mod buckets;
mod listing;
mod objects;
mod operation;
mod page;
mod range;
mod settings;

use http::{Method, StatusCode};
use jiff::Timestamp;

use super::{
    Inner,
    access::Signed,
    refusal::{Refusal, Service},
    reply::Reply,
    request::Request,
    world::Bucket,
};
use crate::domain::policy::Ask;
use listing::Form;
use operation::{Subresource, on_version};

/// Of every document but an error.
const NAMESPACE: &str = Service::S3.namespace();
const REGION_HEADER: &str = "x-amz-bucket-region";
const OWNER_HEADER: &str = "x-amz-expected-bucket-owner";
/// Headers that would change what a read gives, in a way that the sandbox does not have. All others of Amazon's that are
/// not read here change nothing for a reader on AWS either: they are about writing, or tell of the client.
const CHANGING: [&str; 3] =
    ["x-amz-optional-object-attributes", "x-amz-s3session-token", "x-amz-server-side-encryption-customer-algorithm"];

/// One call: who calls, with what, when.
struct Call<'a> {
    inner: &'a Inner,
    request: &'a Request,
    signed: &'a Signed,
    now: Timestamp,
}

/// Answers one request to S3.
pub(super) fn answer(inner: &Inner, request: &Request, signed: &Signed, now: Timestamp) -> Result<Reply, Refusal> {
    let call = Call { inner, request, signed, now };
    let (bucket, key) = target(request);
    match (bucket, key) {
        ("", _) => call.on_account(),
        (bucket, "") => call.on_bucket(bucket),
        (bucket, key) => call.on_object(bucket, key),
    }
}

/// The refusal of a request that nobody signed: everything here is private. That there is no such bucket is told first,
/// and where there is one, its region.
pub(super) fn refuse_anonymous(inner: &Inner, request: &Request) -> Refusal {
    let anonymous = Refusal::anonymous(Service::S3);
    match target(request) {
        ("", _) => anonymous,
        (name, _) => match inner.world.buckets.get(name) {
            Some(bucket) => anonymous.with_header(REGION_HEADER, bucket.region.as_str()),
            None => no_such_bucket(name),
        },
    }
}

fn no_such_bucket(name: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist").with("BucketName", name)
}

/// Bucket and key, from the path or from a host name `BUCKET.localhost`; empty where there is none.
fn target(request: &Request) -> (&str, &str) {
    let path = request.path.strip_prefix('/').unwrap_or(&request.path);
    match request.bucket_of_host() {
        Some(bucket) => (bucket, path),
        None => path.split_once('/').unwrap_or((path, "")),
    }
}

impl Call<'_> {
    fn on_account(&self) -> Result<Reply, Refusal> {
        match self.request.method {
            Method::GET => self.list_buckets(),
            _ => Err(self.not_allowed()),
        }
    }

    fn on_bucket(&self, name: &str) -> Result<Reply, Refusal> {
        let arn = format!("arn:aws:s3:::{name}");
        if let Some(about) = Subresource::of_bucket(self.request)? {
            return self.on_bucket_setting(name, &arn, about);
        }
        match self.request.method {
            Method::HEAD => self.head_bucket(name, &arn),
            Method::GET => self.list_objects(name, &arn, self.list_type()?),
            Method::PUT => self.refuse_write("s3:CreateBucket", &arn, self.inner.world.buckets.get(name)),
            Method::DELETE => self.refuse_write("s3:DeleteBucket", &arn, Some(self.bucket(name)?)),
            // A form from a browser, which names the object inside.
            Method::POST => self.refuse_write("s3:PutObject", &format!("{arn}/*"), Some(self.bucket(name)?)),
            _ => Err(self.not_allowed()),
        }
    }

    /// Which version of `ListObjects` is asked for.
    fn list_type(&self) -> Result<Form, Refusal> {
        match self.request.parameter("list-type") {
            None | Some("1") => Ok(Form::One),
            Some("2") => Ok(Form::Two),
            Some(other) => Err(Refusal::argument("list-type", other, "Invalid List Type")),
        }
    }

    fn on_object(&self, name: &str, key: &str) -> Result<Reply, Refusal> {
        let arn = format!("arn:aws:s3:::{name}/{key}");
        if let Some(about) = Subresource::of_object(self.request)? {
            return self.on_object_setting(name, key, &arn, about);
        }
        match self.request.method {
            Method::GET | Method::HEAD => self.get_object(name, key, &arn),
            Method::PUT | Method::POST => self.refuse_write("s3:PutObject", &arn, Some(self.bucket(name)?)),
            Method::DELETE => self.refuse_write(self.of_object("s3:DeleteObject"), &arn, Some(self.bucket(name)?)),
            _ => Err(self.not_allowed()),
        }
    }

    /// The action on an object, or on the version of it that is named.
    fn of_object(&self, action: &'static str) -> &'static str {
        if self.request.parameter("versionId").is_some() { on_version(action) } else { action }
    }

    /// Nothing is ever written, but whoever may not is told that first.
    fn refuse_write(&self, action: &str, resource: &str, bucket: Option<&Bucket>) -> Result<Reply, Refusal> {
        self.permit(action, resource, bucket)?;
        Err(Refusal::not_implemented("S3 is read-only here"))
    }

    /// The bucket, if there is one and the request was signed for its region.
    fn bucket(&self, name: &str) -> Result<&Bucket, Refusal> {
        let bucket = self.inner.world.buckets.get(name).ok_or_else(|| no_such_bucket(name))?;
        self.check_owner()?;
        if bucket.region == self.signed.region {
            return Ok(bucket);
        }
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please \
                       send all future requests to this endpoint.";
        // The endpoint is this one, whatever the region; AWS gives no Location header either.
        Err(Refusal::new(StatusCode::MOVED_PERMANENTLY, "PermanentRedirect", message)
            .with("Endpoint", self.request.host.as_str())
            .with("Bucket", name)
            .with_header(REGION_HEADER, bucket.region.as_str()))
    }

    /// A guard a client may send against writing to, or reading from, somebody else's bucket.
    fn check_owner(&self) -> Result<(), Refusal> {
        match self.request.header_or_parameter(OWNER_HEADER) {
            Some(owner) if owner != self.inner.world.account => {
                Err(Refusal::forbidden("AccessDenied", "Access Denied"))
            }
            _ => Ok(()),
        }
    }

    fn permit(&self, action: &str, resource: &str, bucket: Option<&Bucket>) -> Result<(), Refusal> {
        self.permit_asked(&self.signed.caller.ask(action, resource, self.now), bucket)
    }

    fn permit_asked(&self, ask: &Ask<'_>, bucket: Option<&Bucket>) -> Result<(), Refusal> {
        let caller = &self.signed.caller;
        caller.may(ask, bucket.and_then(|bucket| bucket.policy.as_ref())).map_err(|denial| {
            denial.refusal(Service::S3, &caller.arn(&self.inner.world.account), ask.action, &ask.resource)
        })
    }

    fn not_allowed(&self) -> Refusal {
        let message = "The specified method is not allowed against this resource.";
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
            .with("Method", self.request.method.as_str())
    }

    /// Refuses by name what would change the answer; a presigned URL may carry it in its query.
    fn refuse_changing(&self) -> Result<(), Refusal> {
        match CHANGING.into_iter().find(|name| self.request.header_or_parameter(name).is_some()) {
            Some(name) => Err(Refusal::not_implemented(name)),
            None => Ok(()),
        }
    }

    /// A whole number in a query parameter; S3 names the bounds when it refuses one.
    fn number(&self, name: &str, least: usize, most: usize) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.request.parameter(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            let message = format!("Argument {name} must be an integer between {least} and {most}");
            Refusal::argument(name, text, message)
        })?;
        Ok(Some(number))
    }
}
