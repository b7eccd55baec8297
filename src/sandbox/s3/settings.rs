//! What a bucket has besides its objects: access lists, tags, configurations. The world sets few of them, so most answers
//! are those of a bucket that somebody has just made.
//!
//! Invariant: only somebody who may ask gets an answer; a setting that the world does not have is answered as AWS
//! answers for one that was never set, and what would have to be made up is not implemented.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>

use http::{Method, StatusCode};

use super::{
    call::{NAMESPACE, S3Call},
    listing::ListOperation,
    operation::Subresource,
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::ServiceReply,
    world::{ConfiguredLifecycle, SandboxBucket},
    xml::Xml,
};

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
const EMPTY: [(&str, &str); 3] = [
    ("accelerate", "AccelerateConfiguration"),
    ("logging", "BucketLoggingStatus"),
    ("notification", "NotificationConfiguration"),
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

impl S3Call<'_> {
    /// A call on what a bucket has.
    pub(super) fn on_bucket_setting(
        &self,
        name: &str,
        arn: &str,
        about: Subresource,
    ) -> Result<ServiceReply, ErrorResponse> {
        let action = about.action(&self.request.method).ok_or_else(|| self.not_allowed())?;
        match about.name {
            "location" => return self.get_bucket_location(name, arn),
            "versions" => return self.list_objects(name, arn, ListOperation::ListObjectVersions),
            _ => {}
        }
        let bucket = self.find_bucket(name)?;
        // `DeleteObjects` names its objects in a body that is not read: nothing is deleted.
        let resource = if about.name == "delete" { format!("{arn}/*") } else { arn.to_owned() };
        self.check_permission(action, &resource, Some(bucket))?;
        match self.request.method {
            Method::GET => self.bucket_setting(name, bucket, about.name),
            _ => Err(ErrorResponse::not_implemented("S3 is read-only here")),
        }
    }

    fn bucket_setting(&self, name: &str, bucket: &SandboxBucket, about: &str) -> Result<ServiceReply, ErrorResponse> {
        if let ("policy", Some(text)) = (about, bucket.policy_text) {
            return Ok(ServiceReply::from_content("application/json", text));
        }
        if let ("lifecycle", Some(rule)) = (about, &bucket.lifecycle) {
            return Ok(lifecycle_document(rule));
        }
        if about == "object-lock" && bucket.has_object_lock {
            return Ok(document_reply("ObjectLockConfiguration", |xml| {
                xml.text_element("ObjectLockEnabled", "Enabled");
            }));
        }
        if let Some((_, code, message)) = NEVER_SET.iter().find(|(known, ..)| *known == about) {
            return Err(ErrorResponse::new(StatusCode::NOT_FOUND, code, *message).with_detail("BucketName", name));
        }
        if let Some((_, root)) = EMPTY.iter().find(|(known, _)| *known == about) {
            return Ok(document_reply(root, |_| {}));
        }
        if let Some((_, root)) = SEVERAL.iter().find(|(known, _)| *known == about) {
            return self.no_configuration(root);
        }
        match about {
            "acl" => Ok(self.owner_controls()),
            "encryption" => Ok(document_reply("ServerSideEncryptionConfiguration", |xml| {
                xml.parent_element("Rule", |xml| {
                    xml.parent_element("ApplyServerSideEncryptionByDefault", |xml| {
                        xml.text_element("SSEAlgorithm", "AES256");
                    });
                    xml.text_element("BucketKeyEnabled", "false");
                });
            })),
            "ownershipControls" => Ok(document_reply("OwnershipControls", |xml| {
                xml.parent_element("Rule", |xml| xml.text_element("ObjectOwnership", "BucketOwnerEnforced"));
            })),
            "policyStatus" if bucket.policy_text.is_none() => self.bucket_setting(name, bucket, "policy"),
            // A policy of a bucket can only deny here, so it makes nothing public.
            "policyStatus" => Ok(document_reply("PolicyStatus", |xml| xml.text_element("IsPublic", "false"))),
            "publicAccessBlock" => Ok(document_reply("PublicAccessBlockConfiguration", |xml| {
                for what in PUBLIC_ACCESS {
                    xml.text_element(what, "true");
                }
            })),
            "requestPayment" => {
                Ok(document_reply("RequestPaymentConfiguration", |xml| xml.text_element("Payer", "BucketOwner")))
            }
            "uploads" => Ok(self.no_uploads(name)),
            // Nothing at all where versions were never kept.
            "versioning" => Ok(document_reply("VersioningConfiguration", |xml| {
                xml.optional_element("Status", bucket.is_versioned.then_some("Enabled"));
            })),
            other => Err(ErrorResponse::not_implemented(other)),
        }
    }

    /// The configuration that an `id` names, or the list of them: there are none.
    fn no_configuration(&self, root: &str) -> Result<ServiceReply, ErrorResponse> {
        if self.request.parameter("id").is_some() {
            let message = "The specified configuration does not exist.";
            return Err(ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchConfiguration", message));
        }
        Ok(document_reply(root, |xml| xml.text_element("IsTruncated", "false")))
    }

    /// `ListMultipartUploads`: nothing is written, so nothing is being uploaded.
    fn no_uploads(&self, name: &str) -> ServiceReply {
        let sent = |name| self.request.parameter(name).unwrap_or_default();
        document_reply("ListMultipartUploadsResult", |xml| {
            xml.text_element("Bucket", name);
            xml.text_element("KeyMarker", sent("key-marker"));
            xml.text_element("UploadIdMarker", sent("upload-id-marker"));
            xml.text_element("Prefix", sent("prefix"));
            xml.text_element("MaxUploads", "1000");
            xml.text_element("IsTruncated", "false");
        })
    }

    /// The access list of everything whose owner is the bucket's: access lists are off unless somebody turns them on.
    pub(super) fn owner_controls(&self) -> ServiceReply {
        const GRANTEE: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"";
        document_reply("AccessControlPolicy", |xml| {
            self.write_owner(xml);
            xml.parent_element("AccessControlList", |xml| {
                xml.parent_element("Grant", |xml| {
                    xml.parent_element_with("Grantee", GRANTEE, |xml| xml.text_element("ID", &self.inner.world.owner));
                    xml.text_element("Permission", "FULL_CONTROL");
                });
            });
        })
    }

    /// The `Owner` element. AWS no longer tells a display name.
    pub(super) fn write_owner(&self, xml: &mut Xml) {
        xml.parent_element("Owner", |xml| xml.text_element("ID", &self.inner.world.owner));
    }
}

/// A document whose root is filled by `content`.
pub(super) fn document_reply(root: &str, content: impl FnOnce(&mut Xml)) -> ServiceReply {
    ServiceReply::from_xml(Xml::document(root, NAMESPACE, content))
}

/// The one rule of a bucket.
fn lifecycle_document(rule: &ConfiguredLifecycle) -> ServiceReply {
    document_reply("LifecycleConfiguration", |xml| {
        xml.parent_element("Rule", |xml| {
            xml.text_element("ID", &rule.id);
            xml.parent_element("Filter", |xml| xml.text_element("Prefix", &rule.prefix));
            xml.text_element("Status", "Enabled");
            xml.parent_element("Expiration", |xml| xml.text_element("Days", &rule.days.to_string()));
        });
    })
}
