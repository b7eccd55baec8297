//! Calls on what a bucket or an object has besides its content: the query parameter that makes each of them a call of its
//! own, and the action of IAM that it needs.
//!
//! Invariant: a call is looked up here before it is evaluated, so that whoever may not make it is denied in its own name,
//! whether the sandbox can answer it or not.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>

use http::Method;

use crate::sandbox::{error_response::ErrorResponse, request::Request};

/// Method, query parameter, action.
type SubresourceRow = (&'static str, &'static str, &'static str);

const ON_BUCKETS: &[SubresourceRow] = &[
    ("GET", "abac", "s3:GetBucketAbac"),
    ("PUT", "abac", "s3:PutBucketAbac"),
    ("GET", "accelerate", "s3:GetAccelerateConfiguration"),
    ("PUT", "accelerate", "s3:PutAccelerateConfiguration"),
    ("GET", "acl", "s3:GetBucketAcl"),
    ("PUT", "acl", "s3:PutBucketAcl"),
    ("GET", "analytics", "s3:GetAnalyticsConfiguration"),
    ("PUT", "analytics", "s3:PutAnalyticsConfiguration"),
    ("DELETE", "analytics", "s3:PutAnalyticsConfiguration"),
    ("GET", "cors", "s3:GetBucketCORS"),
    ("PUT", "cors", "s3:PutBucketCORS"),
    ("DELETE", "cors", "s3:PutBucketCORS"),
    ("POST", "delete", "s3:DeleteObject"),
    ("GET", "encryption", "s3:GetEncryptionConfiguration"),
    ("PUT", "encryption", "s3:PutEncryptionConfiguration"),
    ("DELETE", "encryption", "s3:PutEncryptionConfiguration"),
    ("GET", "intelligent-tiering", "s3:GetIntelligentTieringConfiguration"),
    ("PUT", "intelligent-tiering", "s3:PutIntelligentTieringConfiguration"),
    ("DELETE", "intelligent-tiering", "s3:PutIntelligentTieringConfiguration"),
    ("GET", "inventory", "s3:GetInventoryConfiguration"),
    ("PUT", "inventory", "s3:PutInventoryConfiguration"),
    ("DELETE", "inventory", "s3:PutInventoryConfiguration"),
    ("GET", "lifecycle", "s3:GetLifecycleConfiguration"),
    ("PUT", "lifecycle", "s3:PutLifecycleConfiguration"),
    ("DELETE", "lifecycle", "s3:PutLifecycleConfiguration"),
    ("GET", "location", "s3:GetBucketLocation"),
    ("GET", "logging", "s3:GetBucketLogging"),
    ("PUT", "logging", "s3:PutBucketLogging"),
    ("PUT", "metadataAnnotationTable", "s3:UpdateBucketMetadataAnnotationTableConfiguration"),
    ("GET", "metadataConfiguration", "s3:GetBucketMetadataTableConfiguration"),
    ("POST", "metadataConfiguration", "s3:CreateBucketMetadataTableConfiguration"),
    ("DELETE", "metadataConfiguration", "s3:DeleteBucketMetadataTableConfiguration"),
    ("PUT", "metadataInventoryTable", "s3:UpdateBucketMetadataInventoryTableConfiguration"),
    ("PUT", "metadataJournalTable", "s3:UpdateBucketMetadataJournalTableConfiguration"),
    ("GET", "metadataTable", "s3:GetBucketMetadataTableConfiguration"),
    ("POST", "metadataTable", "s3:CreateBucketMetadataTableConfiguration"),
    ("DELETE", "metadataTable", "s3:DeleteBucketMetadataTableConfiguration"),
    ("GET", "metrics", "s3:GetMetricsConfiguration"),
    ("PUT", "metrics", "s3:PutMetricsConfiguration"),
    ("DELETE", "metrics", "s3:PutMetricsConfiguration"),
    ("GET", "notification", "s3:GetBucketNotification"),
    ("PUT", "notification", "s3:PutBucketNotification"),
    ("GET", "object-lock", "s3:GetBucketObjectLockConfiguration"),
    ("PUT", "object-lock", "s3:PutBucketObjectLockConfiguration"),
    ("GET", "ownershipControls", "s3:GetBucketOwnershipControls"),
    ("PUT", "ownershipControls", "s3:PutBucketOwnershipControls"),
    ("DELETE", "ownershipControls", "s3:PutBucketOwnershipControls"),
    ("GET", "policy", "s3:GetBucketPolicy"),
    ("PUT", "policy", "s3:PutBucketPolicy"),
    ("DELETE", "policy", "s3:DeleteBucketPolicy"),
    ("GET", "policyStatus", "s3:GetBucketPolicyStatus"),
    ("GET", "publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("PUT", "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("DELETE", "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("GET", "replication", "s3:GetReplicationConfiguration"),
    ("PUT", "replication", "s3:PutReplicationConfiguration"),
    ("DELETE", "replication", "s3:PutReplicationConfiguration"),
    ("GET", "requestPayment", "s3:GetBucketRequestPayment"),
    ("PUT", "requestPayment", "s3:PutBucketRequestPayment"),
    ("GET", "session", "s3express:CreateSession"),
    ("GET", "tagging", "s3:GetBucketTagging"),
    ("PUT", "tagging", "s3:PutBucketTagging"),
    ("DELETE", "tagging", "s3:PutBucketTagging"),
    ("GET", "uploads", "s3:ListBucketMultipartUploads"),
    ("GET", "versioning", "s3:GetBucketVersioning"),
    ("PUT", "versioning", "s3:PutBucketVersioning"),
    ("GET", "versions", "s3:ListBucketVersions"),
    ("GET", "website", "s3:GetBucketWebsite"),
    ("PUT", "website", "s3:PutBucketWebsite"),
    ("DELETE", "website", "s3:DeleteBucketWebsite"),
];

const ON_OBJECTS: &[SubresourceRow] = &[
    ("GET", "acl", "s3:GetObjectAcl"),
    ("PUT", "acl", "s3:PutObjectAcl"),
    ("GET", "annotation", "s3:ListObjectAnnotations"),
    ("GET", "annotationName", "s3:GetObjectAnnotation"),
    ("PUT", "annotationName", "s3:PutObjectAnnotation"),
    ("DELETE", "annotationName", "s3:DeleteObjectAnnotation"),
    ("GET", "attributes", "s3:GetObjectAttributes"),
    ("PUT", "encryption", "s3:UpdateObjectEncryption"),
    ("GET", "legal-hold", "s3:GetObjectLegalHold"),
    ("PUT", "legal-hold", "s3:PutObjectLegalHold"),
    ("PUT", "renameObject", "s3express:RenameObject"),
    ("POST", "restore", "s3:RestoreObject"),
    ("GET", "retention", "s3:GetObjectRetention"),
    ("PUT", "retention", "s3:PutObjectRetention"),
    ("POST", "select", "s3:GetObject"),
    ("GET", "tagging", "s3:GetObjectTagging"),
    ("PUT", "tagging", "s3:PutObjectTagging"),
    ("DELETE", "tagging", "s3:DeleteObjectTagging"),
    ("GET", "torrent", "s3:GetObjectTorrent"),
    ("GET", "uploadId", "s3:ListMultipartUploadParts"),
    ("PUT", "uploadId", "s3:PutObject"),
    ("POST", "uploadId", "s3:PutObject"),
    ("DELETE", "uploadId", "s3:AbortMultipartUpload"),
    ("POST", "uploads", "s3:PutObject"),
];

/// What a request is about, where that is not a bucket or an object itself: `acl` in `GET /bucket?acl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subresource {
    pub(super) name: &'static str,
    rows: &'static [SubresourceRow],
}

impl Subresource {
    /// What a request on a bucket is about.
    pub(super) fn of_bucket(request: &Request) -> Result<Option<Self>, ErrorResponse> {
        Self::from_rows(ON_BUCKETS, request)
    }

    /// What a request on an object is about.
    pub(super) fn of_object(request: &Request) -> Result<Option<Self>, ErrorResponse> {
        Self::from_rows(ON_OBJECTS, request)
    }

    /// The one that a query names; two contradict each other.
    fn from_rows(rows: &'static [SubresourceRow], request: &Request) -> Result<Option<Self>, ErrorResponse> {
        let is_sent = |name: &str| request.parameter(name).is_some();
        // An annotation is named beside `annotation`, which alone asks for all of them.
        let is_meant = |name: &str| is_sent(name) && !(name == "annotation" && is_sent("annotationName"));
        let mut found: Vec<_> = rows.iter().map(|(_, name, _)| *name).filter(|name| is_meant(name)).collect();
        found.dedup();
        if let [first, second, ..] = found[..] {
            let message = format!("Conflicting query string parameters: {first}, {second}");
            return Err(ErrorResponse::invalid_argument("ResourceType", first, message));
        }
        Ok(found.first().map(|name| Self { name, rows }))
    }

    /// The action that a call by `method` needs, where S3 has the call.
    pub(super) fn action(self, method: &Method) -> Option<&'static str> {
        let mut rows = self.rows.iter().filter(|(called, name, _)| *called == method.as_str() && *name == self.name);
        rows.next().map(|(_, _, action)| *action)
    }
}

/// The action for one version of an object, where IAM has an action of its own for that.
pub(super) fn on_version(action: &'static str) -> &'static str {
    match action {
        "s3:GetObject" => "s3:GetObjectVersion",
        "s3:GetObjectAcl" => "s3:GetObjectVersionAcl",
        "s3:GetObjectAttributes" => "s3:GetObjectVersionAttributes",
        "s3:GetObjectTagging" => "s3:GetObjectVersionTagging",
        "s3:GetObjectTorrent" => "s3:GetObjectVersionTorrent",
        "s3:PutObjectAcl" => "s3:PutObjectVersionAcl",
        "s3:PutObjectTagging" => "s3:PutObjectVersionTagging",
        "s3:DeleteObject" => "s3:DeleteObjectVersion",
        "s3:DeleteObjectTagging" => "s3:DeleteObjectVersionTagging",
        other => other,
    }
}
