//! Calls on what a bucket or an object has: each is denied in its own name, then answered as AWS does, or not there.

use aws_sdk_s3::config::Credentials;
use bytes::Bytes;
use ebbtide::sandbox::Settings;
use http::Method;

use crate::support::in_process::{InProcess, assert_refused, guest, minted, presigned, refusal};

/// Somebody who may do all that S3 has.
async fn keeper(world: &InProcess) -> Credentials {
    let call = world.sts(world.ana()).assume_role().role_arn("arn:aws:iam::111122223333:role/keeper");
    minted(call.role_session_name("tests").send().await.expect("ana may").credentials())
}

/// Sends a call that the SDK may not have, signed in its address; status and text of the answer.
async fn ask(world: &InProcess, credentials: &Credentials, method: &Method, target: &str) -> (u16, String) {
    let uri = presigned(world, credentials, "s3", method, target);
    let request = http::Request::builder().method(method).uri(uri).body(Bytes::new()).expect("it is a request");
    let exchange = world.send(request).await;
    (exchange.response.status().as_u16(), exchange.text())
}

/// Method, target, the action that is denied to somebody without it, and what the keeper is answered.
const CALLS: [(Method, &str, &str, &str); 61] = [
    (Method::GET, "tide-archive?acl", "s3:GetBucketAcl", "<Permission>FULL_CONTROL</Permission>"),
    (Method::GET, "tide-archive?accelerate", "s3:GetAccelerateConfiguration", "</AccelerateConfiguration>"),
    (Method::GET, "tide-archive?analytics", "s3:GetAnalyticsConfiguration", "<IsTruncated>false<"),
    (Method::GET, "tide-archive?analytics&id=a", "s3:GetAnalyticsConfiguration", "<Code>NoSuchConfiguration<"),
    (Method::GET, "tide-archive?cors", "s3:GetBucketCORS", "<Code>NoSuchCORSConfiguration<"),
    (Method::GET, "tide-archive?encryption", "s3:GetEncryptionConfiguration", "<SSEAlgorithm>AES256<"),
    (Method::GET, "tide-archive?inventory", "s3:GetInventoryConfiguration", "<IsTruncated>false<"),
    (Method::GET, "tide-archive?lifecycle", "s3:GetLifecycleConfiguration", "<Code>NoSuchLifecycleConfiguration<"),
    (Method::GET, "tide-archive?location", "s3:GetBucketLocation", ">us-west-2</LocationConstraint>"),
    (Method::GET, "tide-archive?logging", "s3:GetBucketLogging", "</BucketLoggingStatus>"),
    (Method::GET, "tide-archive?metadataTable", "s3:GetBucketMetadataTableConfiguration", "<Code>NotImplemented<"),
    (Method::GET, "tide-archive?metrics&id=a", "s3:GetMetricsConfiguration", "<Code>NoSuchConfiguration<"),
    (Method::GET, "tide-archive?notification", "s3:GetBucketNotification", "</NotificationConfiguration>"),
    (
        Method::GET,
        "tide-archive?object-lock",
        "s3:GetBucketObjectLockConfiguration",
        "<Code>ObjectLockConfigurationNotFoundError<",
    ),
    (Method::GET, "tide-archive?ownershipControls", "s3:GetBucketOwnershipControls", ">BucketOwnerEnforced<"),
    (Method::GET, "tide-archive?policy", "s3:GetBucketPolicy", "<Code>NoSuchBucketPolicy<"),
    (Method::GET, "tide-archive?policyStatus", "s3:GetBucketPolicyStatus", "<Code>NoSuchBucketPolicy<"),
    (Method::GET, "tide-vault?policy", "s3:GetBucketPolicy", "\"NobodyLooksInside\""),
    (Method::GET, "tide-vault?policyStatus", "s3:GetBucketPolicyStatus", "<IsPublic>false<"),
    (Method::GET, "tide-archive?publicAccessBlock", "s3:GetBucketPublicAccessBlock", "<BlockPublicAcls>true<"),
    (
        Method::GET,
        "tide-archive?replication",
        "s3:GetReplicationConfiguration",
        "<Code>ReplicationConfigurationNotFoundError<",
    ),
    (Method::GET, "tide-archive?requestPayment", "s3:GetBucketRequestPayment", "<Payer>BucketOwner<"),
    (Method::GET, "tide-archive?tagging", "s3:GetBucketTagging", "<Code>NoSuchTagSet<"),
    (Method::GET, "tide-archive?uploads", "s3:ListBucketMultipartUploads", "<IsTruncated>false<"),
    (Method::GET, "tide-archive?versioning", "s3:GetBucketVersioning", "</VersioningConfiguration>"),
    (Method::GET, "tide-archive?versions", "s3:ListBucketVersions", "<VersionId>null<"),
    (Method::GET, "tide-objects?versioning", "s3:GetBucketVersioning", "<Status>Enabled<"),
    (Method::GET, "tide-objects?object-lock", "s3:GetBucketObjectLockConfiguration", "<ObjectLockEnabled>Enabled<"),
    (Method::GET, "tide-objects?lifecycle", "s3:GetLifecycleConfiguration", "<Prefix>scratch/<"),
    (
        Method::GET,
        "tide-objects/kinds/tide.py?retention",
        "s3:GetObjectRetention",
        "<Code>NoSuchObjectLockConfiguration<",
    ),
    (
        Method::GET,
        "tide-objects/kinds/tide.py?legal-hold",
        "s3:GetObjectLegalHold",
        "<Code>NoSuchObjectLockConfiguration<",
    ),
    (Method::GET, "tide-objects/kinds/none?annotation", "s3:ListObjectAnnotations", "<Code>NoSuchKey<"),
    (Method::GET, "tide-archive?website", "s3:GetBucketWebsite", "<Code>NoSuchWebsiteConfiguration<"),
    (Method::PUT, "tide-archive?acl", "s3:PutBucketAcl", "<Code>NotImplemented<"),
    (Method::PUT, "tide-archive?cors", "s3:PutBucketCORS", "<Code>NotImplemented<"),
    (Method::DELETE, "tide-archive?cors", "s3:PutBucketCORS", "<Code>NotImplemented<"),
    (Method::PUT, "tide-archive?policy", "s3:PutBucketPolicy", "<Code>NotImplemented<"),
    (Method::DELETE, "tide-archive?policy", "s3:DeleteBucketPolicy", "<Code>NotImplemented<"),
    (Method::DELETE, "tide-archive?lifecycle", "s3:PutLifecycleConfiguration", "<Code>NotImplemented<"),
    (Method::DELETE, "tide-archive", "s3:DeleteBucket", "<Code>NotImplemented<"),
    (Method::PUT, "tide-archive", "s3:CreateBucket", "<Code>NotImplemented<"),
    (Method::POST, "tide-archive?delete", "s3:DeleteObject", "<Code>NotImplemented<"),
    (Method::POST, "tide-archive?acl", "", "<Code>MethodNotAllowed<"),
    (Method::GET, "tide-archive?acl&policy", "", "Conflicting query string parameters: acl, policy"),
    (Method::GET, "tide-archive/README.md?acl", "s3:GetObjectAcl", "<Permission>FULL_CONTROL</Permission>"),
    (Method::GET, "tide-archive/README.md?acl&versionId=null", "s3:GetObjectVersionAcl", ">FULL_CONTROL<"),
    (Method::GET, "tide-archive/README.md?attributes", "s3:GetObjectAttributes", "Missing required header"),
    (Method::GET, "tide-archive/README.md?legal-hold", "s3:GetObjectLegalHold", "missing Object Lock"),
    (Method::GET, "tide-archive/README.md?retention", "s3:GetObjectRetention", "missing Object Lock"),
    (Method::GET, "tide-archive/README.md?tagging", "s3:GetObjectTagging", "<TagSet></TagSet>"),
    (Method::GET, "tide-archive/README.md?torrent", "s3:GetObjectTorrent", "<Code>NotImplemented<"),
    (Method::GET, "tide-archive/README.md?uploadId=u", "s3:ListMultipartUploadParts", "<Code>NoSuchUpload<"),
    (Method::GET, "tide-archive/README.md?annotation", "s3:ListObjectAnnotations", "<AnnotationCount>0<"),
    (
        Method::GET,
        "tide-archive/README.md?annotation&annotationName=a",
        "s3:GetObjectAnnotation",
        "<Code>NoSuchAnnotation<",
    ),
    (Method::GET, "tide-archive/README.md?versionId=null", "s3:GetObjectVersion", "# The tide archive"),
    (Method::GET, "tide-archive/README.md?versionId=other", "s3:GetObjectVersion", "Invalid version id specified"),
    (Method::GET, "tide-archive/none?tagging", "s3:GetObjectTagging", "<Code>NoSuchKey<"),
    (Method::PUT, "tide-archive/README.md?tagging", "s3:PutObjectTagging", "<Code>NotImplemented<"),
    (Method::DELETE, "tide-archive/README.md?uploadId=u", "s3:AbortMultipartUpload", "<Code>NotImplemented<"),
    (Method::DELETE, "tide-archive/README.md?versionId=null", "s3:DeleteObjectVersion", "<Code>NotImplemented<"),
    (Method::POST, "tide-archive/README.md?restore", "s3:RestoreObject", "<Code>NotImplemented<"),
];

#[tokio::test(start_paused = true)]
async fn every_call_is_denied_in_its_own_name_and_else_answered_as_aws_does() {
    let world = InProcess::new(Settings::default());
    let nobody = world.sts(world.ana()).get_federation_token().name("bo").send().await.expect("ana may");
    let (nobody, keeper) = (minted(nobody.credentials()), keeper(&world).await);
    for (method, target, action, answer) in &CALLS {
        let (status, text) = ask(&world, &nobody, method, target).await;
        if !action.is_empty() {
            let named = format!("policy allows the {action} action");
            assert!(status == 403 && text.contains(&named), "{method} {target}: {text}");
        }
        let (_, text) = ask(&world, &keeper, method, target).await;
        assert!(text.contains(answer), "{method} {target}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_setting_of_an_object_that_is_not_there_is_told_only_to_who_may_list() {
    let world = InProcess::new(Settings::default());
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject*","Resource":"*"}}"#;
    let call = world.sts(world.ana()).assume_role().role_arn("arn:aws:iam::111122223333:role/keeper");
    let narrowed = call.role_session_name("tests").policy(policy).send().await.expect("ana may");
    let narrowed = minted(narrowed.credentials());
    let (status, text) = ask(&world, &narrowed, &Method::GET, "tide-archive/none?tagging").await;
    assert!(status == 403 && text.contains("s3:ListBucket"), "{text}");
    let (status, _) = ask(&world, &narrowed, &Method::GET, "tide-archive/README.md?tagging").await;
    assert_eq!(status, 200);
}

#[tokio::test(start_paused = true)]
async fn the_sdk_reads_what_a_new_bucket_has() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(keeper(&world).await);
    assert!(s3.get_bucket_versioning().bucket("tide-archive").send().await.unwrap().status().is_none());
    let acl = s3.get_bucket_acl().bucket("tide-archive").send().await.unwrap();
    assert_eq!(acl.grants()[0].permission().unwrap().as_str(), "FULL_CONTROL");
    let owner = acl.owner().unwrap().id().unwrap().to_owned();
    assert_eq!(acl.grants()[0].grantee().unwrap().id(), Some(owner.as_str()));
    let buckets = s3.list_buckets().send().await.unwrap();
    assert_eq!(buckets.owner().unwrap().id(), Some(owner.as_str()));
    let policy = s3.get_bucket_policy().bucket("tide-vault").send().await.unwrap();
    assert!(policy.policy().unwrap().contains("NobodyLooksInside"));
    let tags = s3.get_object_tagging().bucket("tide-archive").key("README.md").send().await.unwrap();
    assert!(tags.tag_set().is_empty());
    let cors = s3.get_bucket_cors().bucket("tide-archive").send().await;
    assert_refused(&refusal(cors), 404, "NoSuchCORSConfiguration", "does not exist");
    let denied = world.s3(guest()).get_bucket_policy().bucket("tide-archive").send().await;
    assert_refused(
        &refusal(denied),
        403,
        "AccessDenied",
        "no identity-based policy allows the s3:GetBucketPolicy action",
    );
}
