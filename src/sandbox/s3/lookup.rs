//! Which object a call finds: the current one of a key, or the version that is named.
//!
//! Invariant: that a key does not exist is shown only to a caller that may list the bucket. A delete marker is no object: a key
//! whose newest version is one is not found, and a call that names one is not allowed.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html>

use http::StatusCode;

use super::call::{ObjectTarget, S3Call};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, http_date},
    world::{KeyVersion, SandboxObject, VersionState, is_version_id},
};

pub(super) const VERSION_HEADER: &str = "x-amz-version-id";
const MARKER_HEADER: &str = "x-amz-delete-marker";

/// The object that a call found.
pub(super) struct FoundObject<'a> {
    pub(super) object: &'a SandboxObject,
    /// Where the bucket keeps versions.
    pub(super) version_id: Option<&'a str>,
    /// Whether it is the newest version.
    pub(super) is_latest: bool,
}

impl FoundObject<'_> {
    /// The same reply with the id of the version, where the bucket keeps versions.
    pub(super) fn with_version(&self, reply: ServiceReply, header: &'static str) -> ServiceReply {
        match self.version_id {
            Some(id) => reply.with_header(header, id),
            None => reply,
        }
    }
}

impl S3Call<'_> {
    /// The object that is asked for.
    pub(super) fn find_object<'a>(&self, target: &ObjectTarget<'a>) -> Result<FoundObject<'a>, ErrorResponse> {
        let id = self.request.parameter("versionId");
        if let Some(id) = id.filter(|id| !is_version_id(id)) {
            let what =
                if id.is_empty() { "Version id cannot be the empty string" } else { "Invalid version id specified" };
            return Err(ErrorResponse::invalid_argument("versionId", id, what).with_detail("Key", target.key));
        }
        match (target.version(id), id) {
            (Some(version), _) => self.object_of(target, version),
            (None, id) => Err(self.not_found(target, id)),
        }
    }

    fn object_of<'a>(
        &self,
        target: &ObjectTarget<'a>,
        version: &'a KeyVersion,
    ) -> Result<FoundObject<'a>, ErrorResponse> {
        match &version.state {
            VersionState::Object(object) => Ok(FoundObject {
                object,
                version_id: target.bucket.is_versioned.then_some(version.id()),
                is_latest: target.version(None).is_some_and(|latest| latest.id() == version.id()),
            }),
            VersionState::Deleted(at) => {
                let refusal = if self.request.parameter("versionId").is_some() {
                    self.not_allowed()
                        .with_detail("ResourceType", "DeleteMarker")
                        .with_header("allow", "DELETE")
                        .with_header("last-modified", http_date(*at))
                } else {
                    self.not_found(target, None)
                };
                // A caller that may not list is not shown why the key does not exist.
                let may_list = refusal.status != StatusCode::FORBIDDEN;
                Err(if may_list {
                    refusal.with_header(MARKER_HEADER, "true").with_header(VERSION_HEADER, version.id())
                } else {
                    refusal
                })
            }
        }
    }

    /// The refusal of a key or version that is not there.
    fn not_found(&self, target: &ObjectTarget<'_>, version: Option<&str>) -> ErrorResponse {
        let arn = format!("arn:aws:s3:::{}", target.bucket_name);
        if let Err(denial) = self.check_permission("s3:ListBucket", &arn, Some(target.bucket)) {
            return denial;
        }
        let (code, message) = match version {
            None => ("NoSuchKey", "The specified key does not exist."),
            Some(_) => ("NoSuchVersion", "The specified version does not exist."),
        };
        let refusal = ErrorResponse::new(StatusCode::NOT_FOUND, code, message).with_detail("Key", target.key);
        version.into_iter().fold(refusal, |refusal, id| refusal.with_detail("VersionId", id))
    }
}
