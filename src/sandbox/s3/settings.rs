//! What a bucket or an object has besides its content: access lists, tags, configurations. The world sets none of them,
//! so the answers are those of a bucket that somebody has just made.
//!
//! Invariant: only somebody who may ask gets an answer; a setting that the world does not have is answered as AWS
//! answers for one that was never set, and what would have to be made up is not implemented.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>

use bytes::Bytes;
use http::{Method, StatusCode};

use super::{
    call::{Call, NAMESPACE},
    listing::Form,
    operation::Subresource,
};
use crate::sandbox::{refusal::Refusal, reply::Reply, world::Bucket, xml::Xml};

/// What AWS answers for a setting of a bucket that was never set: code and message.
const NEVER_SET: [(&str, &str, &str); 7] = [
    ("cors", "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    ("lifecycle", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    ("object-lock", "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
    ("policy", "NoSuchBucketPolicy", "The bucket policy does not exist"),
    ("replication", "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    ("tagging", "NoSuchTagSet", "The TagSet does not exist"),
    ("website", "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
];
/// Settings whose document is empty until they are set.
const EMPTY: [(&str, &str); 4] = [
    ("accelerate", "AccelerateConfiguration"),
    ("logging", "BucketLoggingStatus"),
    ("notification", "NotificationConfiguration"),
    ("versioning", "VersioningConfiguration"),
];
/// Configurations of which a bucket may have several, each by an `id`: the root of the list of them.
const SEVERAL: [(&str, &str); 4] = [
    ("analytics", "ListBucketAnalyticsConfigurationResult"),
    ("intelligent-tiering", "ListBucketIntelligentTieringConfigurationsOutput"),
    ("inventory", "ListInventoryConfigurationsResult"),
    ("metrics", "ListMetricsConfigurationsResult"),
];
/// What a bucket is protected from, all of it since April 2023 unless somebody says otherwise.
const PUBLIC_ACCESS: [&str; 4] = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

impl Call<'_> {
    /// A call on what a bucket has.
    pub(super) fn on_bucket_setting(&self, name: &str, arn: &str, about: Subresource) -> Result<Reply, Refusal> {
        let action = about.action(&self.request.method).ok_or_else(|| self.not_allowed())?;
        match about.name {
            "location" => return self.get_bucket_location(name, arn),
            "versions" => return self.list_objects(name, arn, Form::Versions),
            _ => {}
        }
        let bucket = self.bucket(name)?;
        // `DeleteObjects` names its objects in a body that is not read: nothing is deleted.
        let resource = if about.name == "delete" { format!("{arn}/*") } else { arn.to_owned() };
        self.permit(action, &resource, Some(bucket))?;
        match self.request.method {
            Method::GET => self.bucket_setting(name, bucket, about.name),
            _ => Err(Refusal::not_implemented("S3 is read-only here")),
        }
    }

    fn bucket_setting(&self, name: &str, bucket: &Bucket, about: &str) -> Result<Reply, Refusal> {
        if let ("policy", Some(text)) = (about, bucket.policy_text) {
            let headers = vec![("content-type", "application/json".into())];
            return Ok(Reply { status: StatusCode::OK, headers, body: Bytes::from_static(text.as_bytes()) });
        }
        if let Some((_, code, message)) = NEVER_SET.iter().find(|(known, ..)| *known == about) {
            return Err(Refusal::new(StatusCode::NOT_FOUND, code, *message).with("BucketName", name));
        }
        if let Some((_, root)) = EMPTY.iter().find(|(known, _)| *known == about) {
            return Ok(document(root, |_| {}));
        }
        if let Some((_, root)) = SEVERAL.iter().find(|(known, _)| *known == about) {
            return self.no_configuration(root);
        }
        match about {
            "acl" => Ok(self.owner_controls()),
            "encryption" => Ok(document("ServerSideEncryptionConfiguration", |xml| {
                xml.group("Rule", |xml| {
                    xml.group("ApplyServerSideEncryptionByDefault", |xml| xml.text("SSEAlgorithm", "AES256"));
                    xml.text("BucketKeyEnabled", "false");
                });
            })),
            "ownershipControls" => Ok(document("OwnershipControls", |xml| {
                xml.group("Rule", |xml| xml.text("ObjectOwnership", "BucketOwnerEnforced"));
            })),
            "policyStatus" if bucket.policy_text.is_none() => self.bucket_setting(name, bucket, "policy"),
            // A policy of a bucket can only deny here, so it makes nothing public.
            "policyStatus" => Ok(document("PolicyStatus", |xml| xml.text("IsPublic", "false"))),
            "publicAccessBlock" => Ok(document("PublicAccessBlockConfiguration", |xml| {
                for what in PUBLIC_ACCESS {
                    xml.text(what, "true");
                }
            })),
            "requestPayment" => Ok(document("RequestPaymentConfiguration", |xml| xml.text("Payer", "BucketOwner"))),
            "uploads" => Ok(self.no_uploads(name)),
            other => Err(Refusal::not_implemented(other)),
        }
    }

    /// The configuration that an `id` names, or the list of them: there are none.
    fn no_configuration(&self, root: &str) -> Result<Reply, Refusal> {
        if self.request.parameter("id").is_some() {
            let message = "The specified configuration does not exist.";
            return Err(Refusal::new(StatusCode::NOT_FOUND, "NoSuchConfiguration", message));
        }
        Ok(document(root, |xml| xml.text("IsTruncated", "false")))
    }

    /// `ListMultipartUploads`: nothing is written, so nothing is being uploaded.
    fn no_uploads(&self, name: &str) -> Reply {
        let sent = |name| self.request.parameter(name).unwrap_or_default();
        document("ListMultipartUploadsResult", |xml| {
            xml.text("Bucket", name);
            xml.text("KeyMarker", sent("key-marker"));
            xml.text("UploadIdMarker", sent("upload-id-marker"));
            xml.text("Prefix", sent("prefix"));
            xml.text("MaxUploads", "1000");
            xml.text("IsTruncated", "false");
        })
    }

    /// A call on what an object has.
    pub(super) fn on_object_setting(
        &self,
        name: &str,
        key: &str,
        arn: &str,
        about: Subresource,
    ) -> Result<Reply, Refusal> {
        let action = about.action(&self.request.method).ok_or_else(|| self.not_allowed())?;
        let bucket = self.bucket(name)?;
        self.permit(self.of_object(action), arn, Some(bucket))?;
        if self.request.method != Method::GET {
            return Err(Refusal::not_implemented("S3 is read-only here"));
        }
        self.object(name, bucket, key)?;
        self.check_version(key)?;
        match about.name {
            "acl" => Ok(self.owner_controls()),
            "tagging" => Ok(document("Tagging", |xml| xml.group("TagSet", |_| {}))),
            "legal-hold" | "retention" => {
                Err(Refusal::bad("InvalidRequest", "Bucket is missing Object Lock Configuration"))
            }
            "uploadId" => {
                let message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have \
                               been aborted or completed.";
                Err(Refusal::new(StatusCode::NOT_FOUND, "NoSuchUpload", message)
                    .with("UploadId", self.request.parameter("uploadId").unwrap_or_default()))
            }
            other => Err(Refusal::not_implemented(other)),
        }
    }

    /// The access list of everything whose owner is the bucket's: access lists are off unless somebody turns them on.
    fn owner_controls(&self) -> Reply {
        const GRANTEE: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"";
        document("AccessControlPolicy", |xml| {
            self.tell_owner(xml);
            xml.group("AccessControlList", |xml| {
                xml.group("Grant", |xml| {
                    xml.group_with("Grantee", GRANTEE, |xml| xml.text("ID", &self.inner.world.owner));
                    xml.text("Permission", "FULL_CONTROL");
                });
            });
        })
    }

    /// The `Owner` element. AWS no longer tells a display name.
    pub(super) fn tell_owner(&self, xml: &mut Xml) {
        xml.group("Owner", |xml| xml.text("ID", &self.inner.world.owner));
    }
}

fn document(root: &str, content: impl FnOnce(&mut Xml)) -> Reply {
    Reply::xml(Xml::document(root, NAMESPACE, content))
}
