//! S3, as far as reading goes: which operation a request is, and the checks that every operation shares.
//!
//! Invariant: an operation on a bucket runs only after the bucket was found, the request was signed for its region and
//! the caller's right to the operation was checked, in this order.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

mod buckets;
mod listing;
mod objects;
mod range;

use http::{HeaderName, Method, StatusCode};
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

/// Of every document but an error.
const NAMESPACE: &str = Service::S3.namespace();
const REGION_HEADER: &str = "x-amz-bucket-region";
const OWNER_HEADER: &str = "x-amz-expected-bucket-owner";
/// Headers of Amazon's that are read here.
const HEEDED: [&str; 4] = ["x-amz-content-sha256", "x-amz-date", OWNER_HEADER, "x-amz-security-token"];
/// Those that change nothing here: no object has a checksum of its own, and no reader is charged.
const IDLE: [&str; 3] = ["x-amz-checksum-mode", "x-amz-request-payer", "x-amz-user-agent"];
/// What a presigned URL carries of its signature.
const SIGNED_QUERY: [&str; 8] = [
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
];

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
        match self.request.method {
            Method::HEAD => self.head_bucket(name, &arn),
            Method::GET if self.request.parameter("location").is_some() => self.get_bucket_location(name, &arn),
            Method::GET if self.request.parameter("list-type") == Some("2") => self.list_objects_v2(name, &arn),
            Method::GET => {
                let bucket = self.bucket(name)?;
                self.permit("s3:ListBucket", &arn, Some(bucket))?;
                Err(Refusal::not_implemented("only ListObjectsV2, GetBucketLocation and HeadBucket"))
            }
            Method::PUT => self.refuse_write("s3:CreateBucket", &arn, self.inner.world.buckets.get(name)),
            Method::DELETE => self.refuse_write("s3:DeleteBucket", &arn, Some(self.bucket(name)?)),
            Method::POST => self.refuse_write("s3:DeleteObject", &format!("{arn}/*"), Some(self.bucket(name)?)),
            _ => Err(self.not_allowed()),
        }
    }

    fn on_object(&self, name: &str, key: &str) -> Result<Reply, Refusal> {
        let arn = format!("arn:aws:s3:::{name}/{key}");
        match self.request.method {
            Method::GET | Method::HEAD => self.get_object(name, key, &arn),
            Method::PUT | Method::POST => self.refuse_write("s3:PutObject", &arn, Some(self.bucket(name)?)),
            Method::DELETE => self.refuse_write("s3:DeleteObject", &arn, Some(self.bucket(name)?)),
            _ => Err(self.not_allowed()),
        }
    }

    /// Nothing is ever written, but whoever may not is told that first.
    fn refuse_write(&self, action: &str, resource: &str, bucket: Option<&Bucket>) -> Result<Reply, Refusal> {
        self.permit(action, resource, bucket)?;
        Err(Refusal::not_implemented("it only reads"))
    }

    /// The bucket, if there is one and the request was signed for its region.
    fn bucket(&self, name: &str) -> Result<&Bucket, Refusal> {
        let bucket = self.inner.world.buckets.get(name).ok_or_else(|| {
            Refusal::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist")
                .with("BucketName", name)
        })?;
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
        match self.request.header(OWNER_HEADER) {
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

    /// Refuses query parameters and headers that the operation does not know: they would ask for something else than it
    /// gives.
    fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let parameters = self.request.query.iter().map(|(name, _)| name.as_str()).filter(|name| {
            // What a presigned URL carries of the signature, and headers that were moved into it.
            let lower = name.to_ascii_lowercase();
            let is_idle = SIGNED_QUERY.iter().chain(&IDLE).any(|known| *known == lower);
            !is_idle && *name != "x-id" && !known.contains(name)
        });
        let headers = self.request.headers.keys().map(HeaderName::as_str);
        let headers =
            headers.filter(|name| name.starts_with("x-amz-") && !IDLE.contains(name) && !HEEDED.contains(name));
        parameters.chain(headers).next().map_or(Ok(()), |name| Err(Refusal::not_implemented(name)))
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
