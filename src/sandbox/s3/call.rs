//! One call of S3, and the checks that every operation shares.
//!
//! Invariant: what a bucket's operation runs on was found, and the request was signed for its region.

use http::StatusCode;
use jiff::Timestamp;

use super::operation::on_version;
use crate::{
    domain::policy::Ask,
    sandbox::{
        access::Signed,
        refusal::{Refusal, Service},
        reply::Reply,
        request::Request,
        state::Inner,
        world::Bucket,
    },
};

/// Of every document but an error.
pub(super) const NAMESPACE: &str = Service::S3.namespace();
pub(super) const REGION_HEADER: &str = "x-amz-bucket-region";
pub(super) const OWNER_HEADER: &str = "x-amz-expected-bucket-owner";
/// Headers that would change what a read gives, in a way that the sandbox does not have. All others of Amazon's that are
/// not read here change nothing for a reader on AWS either: they are about writing, or tell of the client.
pub(super) const CHANGING: [&str; 3] =
    ["x-amz-optional-object-attributes", "x-amz-s3session-token", "x-amz-server-side-encryption-customer-algorithm"];

/// One call: who calls, with what, when.
pub(super) struct Call<'a> {
    pub(super) inner: &'a Inner,
    pub(super) request: &'a Request,
    pub(super) signed: &'a Signed,
    pub(super) now: Timestamp,
}

pub(super) fn no_such_bucket(name: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist").with("BucketName", name)
}

impl Call<'_> {
    /// The action on an object, or on the version of it that is named.
    pub(super) fn of_object(&self, action: &'static str) -> &'static str {
        if self.request.parameter("versionId").is_some() { on_version(action) } else { action }
    }

    /// Nothing is ever written, but whoever may not is told that first.
    pub(super) fn refuse_write(&self, action: &str, resource: &str, bucket: Option<&Bucket>) -> Result<Reply, Refusal> {
        self.permit(action, resource, bucket)?;
        Err(Refusal::not_implemented("S3 is read-only here"))
    }

    /// The bucket, if there is one and the request was signed for its region.
    pub(super) fn bucket(&self, name: &str) -> Result<&Bucket, Refusal> {
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
    pub(super) fn check_owner(&self) -> Result<(), Refusal> {
        match self.request.header_or_parameter(OWNER_HEADER) {
            Some(owner) if owner != self.inner.world.account => {
                Err(Refusal::forbidden("AccessDenied", "Access Denied"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn permit(&self, action: &str, resource: &str, bucket: Option<&Bucket>) -> Result<(), Refusal> {
        self.permit_asked(&self.signed.caller.ask(action, resource, self.now), bucket)
    }

    pub(super) fn permit_asked(&self, ask: &Ask<'_>, bucket: Option<&Bucket>) -> Result<(), Refusal> {
        let caller = &self.signed.caller;
        caller.may(ask, bucket.and_then(|bucket| bucket.policy.as_ref())).map_err(|denial| {
            denial.refusal(Service::S3, &caller.arn(&self.inner.world.account), ask.action, &ask.resource)
        })
    }

    pub(super) fn not_allowed(&self) -> Refusal {
        let message = "The specified method is not allowed against this resource.";
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
            .with("Method", self.request.method.as_str())
    }

    /// Refuses by name what would change the answer; a presigned URL may carry it in its query.
    pub(super) fn refuse_changing(&self) -> Result<(), Refusal> {
        match CHANGING.into_iter().find(|name| self.request.header_or_parameter(name).is_some()) {
            Some(name) => Err(Refusal::not_implemented(name)),
            None => Ok(()),
        }
    }

    /// A whole number in a query parameter; S3 names the bounds when it refuses one.
    pub(super) fn number(&self, name: &str, least: usize, most: usize) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.request.parameter(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            let message = format!("Argument {name} must be an integer between {least} and {most}");
            Refusal::argument(name, text, message)
        })?;
        Ok(Some(number))
    }
}
