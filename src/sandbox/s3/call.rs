//! One call of S3, and the checks that every operation shares.
//!
//! Invariant: what a bucket's operation runs on was found, and the request was signed for its region.

use http::StatusCode;
use jiff::Timestamp;

use super::operation::on_version;
use crate::{
    domain::policy::RequestContext,
    sandbox::{
        authentication::Signed,
        error_response::{ErrorResponse, SandboxService},
        reply::ServiceReply,
        request::Request,
        state::Inner,
        world::{KeyVersion, SandboxBucket, VersionState},
    },
};

/// Of every document but an error.
pub(super) const NAMESPACE: &str = SandboxService::S3.namespace();
pub(super) const REGION_HEADER: &str = "x-amz-bucket-region";
pub(super) const OWNER_HEADER: &str = "x-amz-expected-bucket-owner";
/// Headers that would change what a read gives, in a way that the sandbox does not have. All others of Amazon's that are
/// not read here change nothing for a reader on AWS either: they are about writing, or tell of the client.
pub(super) const CHANGING: [&str; 2] = ["x-amz-s3session-token", "x-amz-server-side-encryption-customer-algorithm"];

/// One call: who calls, with what, when.
pub(super) struct S3Call<'a> {
    pub(super) inner: &'a Inner,
    pub(super) request: &'a Request,
    pub(super) signed: &'a Signed,
    pub(super) now: Timestamp,
}

/// The object that a call is about, whether there is one or not.
pub(super) struct ObjectTarget<'a> {
    pub(super) bucket_name: &'a str,
    pub(super) bucket: &'a SandboxBucket,
    pub(super) key: &'a str,
    pub(super) arn: String,
}

impl<'a> ObjectTarget<'a> {
    /// The version with this id, the newest where none is named.
    pub(super) fn version(&self, id: Option<&str>) -> Option<&'a KeyVersion> {
        let history = self.bucket.objects.get(self.key)?;
        match id {
            None => Some(history.latest()),
            Some(id) => history.versions().find(|version| version.id() == id),
        }
    }
}

pub(super) fn no_such_bucket(name: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist")
        .with_detail("BucketName", name)
}

impl S3Call<'_> {
    /// What a call on an object is about, if the bucket is there and the request was signed for its region.
    pub(super) fn find_target<'a>(
        &'a self,
        bucket_name: &'a str,
        key: &'a str,
    ) -> Result<ObjectTarget<'a>, ErrorResponse> {
        let bucket = self.find_bucket(bucket_name)?;
        Ok(ObjectTarget { bucket_name, bucket, key, arn: format!("arn:aws:s3:::{bucket_name}/{key}") })
    }

    /// Whether the caller may do `action` to the object, or to the version of it that is named; conditions may ask for the
    /// object's tags.
    pub(super) fn check_object_permission(
        &self,
        action: &'static str,
        target: &ObjectTarget<'_>,
    ) -> Result<(), ErrorResponse> {
        let caller = &self.signed.caller;
        let ask = caller.request_context(self.of_object(action), &target.arn, self.now);
        let tags = target.version(self.request.parameter("versionId")).and_then(|version| match &version.state {
            VersionState::Object(object) => Some(&object.properties().tags),
            VersionState::Deleted(_) => None,
        });
        let ask = tags.into_iter().flatten().fold(ask, |ask, (key, value)| {
            ask.with_optional_fact(format!("s3:existingobjecttag/{}", key.to_lowercase()), Some(value))
        });
        self.check_request(&ask, Some(target.bucket))
    }

    /// The action on an object, or on the version of it that is named.
    pub(super) fn of_object(&self, action: &'static str) -> &'static str {
        if self.request.parameter("versionId").is_some() { on_version(action) } else { action }
    }

    /// Nothing is ever written, but a missing permission is reported first.
    pub(super) fn refuse_write(
        &self,
        action: &str,
        resource: &str,
        bucket: Option<&SandboxBucket>,
    ) -> Result<ServiceReply, ErrorResponse> {
        self.check_permission(action, resource, bucket)?;
        Err(ErrorResponse::not_implemented("S3 is read-only here"))
    }

    /// The bucket, if there is one and the request was signed for its region.
    pub(super) fn find_bucket(&self, name: &str) -> Result<&SandboxBucket, ErrorResponse> {
        let bucket = self.inner.world.buckets.get(name).ok_or_else(|| no_such_bucket(name))?;
        self.check_owner()?;
        if bucket.region == self.signed.region {
            return Ok(bucket);
        }
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please \
                       send all future requests to this endpoint.";
        // The endpoint is this one, whatever the region; AWS gives no Location header either.
        Err(ErrorResponse::new(StatusCode::MOVED_PERMANENTLY, "PermanentRedirect", message)
            .with_detail("Endpoint", self.request.host.as_str())
            .with_detail("Bucket", name)
            .with_header(REGION_HEADER, bucket.region.as_str()))
    }

    /// A guard a client may send against writing to, or reading from, somebody else's bucket.
    pub(super) fn check_owner(&self) -> Result<(), ErrorResponse> {
        match self.request.header_or_parameter(OWNER_HEADER) {
            Some(owner) if owner != self.inner.world.account => {
                Err(ErrorResponse::forbidden("AccessDenied", "Access Denied"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_permission(
        &self,
        action: &str,
        resource: &str,
        bucket: Option<&SandboxBucket>,
    ) -> Result<(), ErrorResponse> {
        self.check_request(&self.signed.caller.request_context(action, resource, self.now), bucket)
    }

    pub(super) fn check_request(
        &self,
        ask: &RequestContext<'_>,
        bucket: Option<&SandboxBucket>,
    ) -> Result<(), ErrorResponse> {
        let caller = &self.signed.caller;
        caller.check_permission(ask, bucket.and_then(|bucket| bucket.policy.as_ref())).map_err(|denial| {
            denial.access_denied_error(
                SandboxService::S3,
                &caller.arn(&self.inner.world.account),
                ask.action,
                &ask.resource,
            )
        })
    }

    pub(super) fn not_allowed(&self) -> ErrorResponse {
        let message = "The specified method is not allowed against this resource.";
        ErrorResponse::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
            .with_detail("Method", self.request.method.as_str())
    }

    /// Refuses by name what would change the answer; a presigned URL may carry it in its query.
    pub(super) fn refuse_changing(&self) -> Result<(), ErrorResponse> {
        match CHANGING.into_iter().find(|name| self.request.header_or_parameter(name).is_some()) {
            Some(name) => Err(ErrorResponse::not_implemented(name)),
            None => Ok(()),
        }
    }

    /// A whole number in a query parameter; S3 names the bounds when it refuses one.
    pub(super) fn whole_number(&self, name: &str, least: usize, most: usize) -> Result<Option<usize>, ErrorResponse> {
        let Some(text) = self.request.parameter(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            let message = format!("Argument {name} must be an integer between {least} and {most}");
            ErrorResponse::invalid_argument(name, text, message)
        })?;
        Ok(Some(number))
    }
}
