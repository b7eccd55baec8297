//! S3, as far as reading goes: which operation a request is, and the checks that every operation shares.
//!
//! Invariant: an operation on a bucket runs only after the bucket was found, the request was signed for its region and
//! the caller's right to the operation was checked, in this order.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

mod buckets;
mod listing;
mod objects;
mod range;

use http::{Method, StatusCode};
use jiff::Timestamp;

use super::{
    Inner,
    access::Signed,
    policy::Ask,
    refusal::{Refusal, Service},
    reply::Reply,
    request::Request,
    world::Bucket,
};

/// Of every document but an error.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const REGION_HEADER: &str = "x-amz-bucket-region";

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
    let host = request.host.rsplit_once(':').map_or(request.host.as_str(), |(host, _)| host);
    match host.strip_suffix(".localhost") {
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
        match self.request.header("x-amz-expected-bucket-owner") {
            Some(owner) if owner != self.inner.world.account => {
                Err(Refusal::forbidden("AccessDenied", "Access Denied"))
            }
            _ => Ok(()),
        }
    }

    fn permit(&self, action: &str, resource: &str, bucket: Option<&Bucket>) -> Result<(), Refusal> {
        self.permit_asked(&Ask { action, resource, prefix: None, delimiter: None, now: self.now }, bucket)
    }

    fn permit_asked(&self, ask: &Ask<'_>, bucket: Option<&Bucket>) -> Result<(), Refusal> {
        let caller = &self.signed.caller;
        caller
            .may(ask, bucket.and_then(|bucket| bucket.policy.as_ref()))
            .map_err(|denial| denial.refusal(Service::S3, &caller.arn(&self.inner.world.account), ask))
    }

    fn not_allowed(&self) -> Refusal {
        let message = "The specified method is not allowed against this resource.";
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
            .with("Method", self.request.method.as_str())
    }

    /// Refuses query parameters that the operation does not know: they would ask for something else than it gives.
    fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self.request.query.iter().map(|(name, _)| name.as_str()).find(|name| {
            let signature = name.starts_with("X-Amz-") || *name == "x-id";
            !signature && !known.contains(name)
        });
        unknown.map_or(Ok(()), |name| Err(Refusal::not_implemented(name)))
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
