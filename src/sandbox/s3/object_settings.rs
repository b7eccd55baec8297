//! What an object has besides its content: access list, tags, lock, attributes, annotations.
//!
//! Invariant: only a caller with the permission gets a reply; what the world does not have is answered as AWS answers for
//! something that was never set, and what would have to be invented is not implemented.

use http::{Method, StatusCode};

use super::{
    call::S3Call,
    lookup::{FoundObject, VERSION_HEADER},
    operation::Subresource,
    settings::document_reply,
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, s3_date},
    world::SandboxBucket,
};

impl S3Call<'_> {
    /// A call on what an object has.
    pub(super) fn on_object_setting(
        &self,
        name: &str,
        key: &str,
        about: Subresource,
    ) -> Result<ServiceReply, ErrorResponse> {
        let action = about.action(&self.request.method).ok_or_else(|| self.not_allowed())?;
        let target = self.find_target(name, key)?;
        self.check_object_permission(action, &target)?;
        if self.request.method != Method::GET {
            return Err(ErrorResponse::not_implemented("S3 is read-only here"));
        }
        match about.name {
            "attributes" => return self.get_attributes(&target),
            "annotation" => return self.list_annotations(&target),
            "annotationName" => return self.get_annotation(&target),
            _ => {}
        }
        let found = self.find_object(&target)?;
        match about.name {
            "acl" => Ok(found.with_version(self.owner_controls(), VERSION_HEADER)),
            "tagging" => Ok(found.with_version(tags_document(&found), VERSION_HEADER)),
            "legal-hold" => legal_hold_document(target.bucket, &found),
            "retention" => retention_document(target.bucket, &found),
            "uploadId" => Err(self.no_such_upload()),
            other => Err(ErrorResponse::not_implemented(other)),
        }
    }

    fn no_such_upload(&self) -> ErrorResponse {
        let message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                       aborted or completed.";
        ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchUpload", message)
            .with_detail("UploadId", self.request.parameter("uploadId").unwrap_or_default())
    }
}

fn tags_document(found: &FoundObject<'_>) -> ServiceReply {
    document_reply("Tagging", |xml| {
        xml.parent_element("TagSet", |xml| {
            for (key, value) in &found.object.properties().tags {
                xml.parent_element("Tag", |xml| {
                    xml.text_element("Key", key);
                    xml.text_element("Value", value);
                });
            }
        });
    })
}

fn legal_hold_document(bucket: &SandboxBucket, found: &FoundObject<'_>) -> Result<ServiceReply, ErrorResponse> {
    let is_on = found.object.properties().legal_hold.ok_or_else(|| no_lock(bucket))?;
    Ok(document_reply("LegalHold", |xml| xml.text_element("Status", if is_on { "ON" } else { "OFF" })))
}

fn retention_document(bucket: &SandboxBucket, found: &FoundObject<'_>) -> Result<ServiceReply, ErrorResponse> {
    let retention = found.object.properties().retention.ok_or_else(|| no_lock(bucket))?;
    Ok(document_reply("Retention", |xml| {
        xml.text_element("Mode", retention.mode.name());
        xml.text_element("RetainUntilDate", &s3_date(retention.until));
    }))
}

/// The error for an object that is not locked; S3 reports first that the bucket has no Object Lock.
fn no_lock(bucket: &SandboxBucket) -> ErrorResponse {
    if !bucket.has_object_lock {
        return ErrorResponse::bad_request("InvalidRequest", "Bucket is missing Object Lock Configuration");
    }
    let message = "The specified object does not have a ObjectLock configuration";
    ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchObjectLockConfiguration", message)
}
