"""Every call that botocore knows of S3, STS and IAM is denied by the sandbox in its own name."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.model import Shape, StructureShape

from harness import Keys
from our_world import NESTED_BUCKET, TEXT_KEY, Sandbox

GUEST = Keys("AKIATIDEGUESTEXAMPLE", "sandbox/guest/long+term+secret/EXAMPLEKE")
KNOWN = {
    "AccessKeyId": GUEST.access_key_id,
    "Bucket": NESTED_BUCKET,
    "CopySource": f"{NESTED_BUCKET}/{TEXT_KEY}",
    "Key": TEXT_KEY,
}
NAMED = re.compile(r"is not authorized to perform: (\S+) ")

# Calls whose action has another name, after the permissions that AWS's page of each call asks for.
OTHERWISE = {
    "CompleteMultipartUpload": "s3:PutObject",
    "CopyObject": "s3:PutObject",
    "CreateBucketMetadataConfiguration": "s3:CreateBucketMetadataTableConfiguration",
    "CreateMultipartUpload": "s3:PutObject",
    "DeleteBucketAnalyticsConfiguration": "s3:PutAnalyticsConfiguration",
    "DeleteBucketCors": "s3:PutBucketCORS",
    "DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "s3:PutIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
    "DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "DeleteBucketMetadataConfiguration": "s3:DeleteBucketMetadataTableConfiguration",
    "DeleteBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
    "DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "DeleteBucketReplication": "s3:PutReplicationConfiguration",
    "DeleteBucketTagging": "s3:PutBucketTagging",
    "DeleteObjects": "s3:DeleteObject",
    "DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "s3:GetAnalyticsConfiguration",
    "GetBucketCors": "s3:GetBucketCORS",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "GetBucketIntelligentTieringConfiguration": "s3:GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "s3:GetInventoryConfiguration",
    "GetBucketLifecycle": "s3:GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "GetBucketMetadataConfiguration": "s3:GetBucketMetadataTableConfiguration",
    "GetBucketMetricsConfiguration": "s3:GetMetricsConfiguration",
    "GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "GetBucketReplication": "s3:GetReplicationConfiguration",
    "GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "ListBucketAnalyticsConfigurations": "s3:GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "s3:GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "s3:GetMetricsConfiguration",
    "ListBuckets": "s3:ListAllMyBuckets",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "ListParts": "s3:ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "s3:PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "s3:PutAnalyticsConfiguration",
    "PutBucketCors": "s3:PutBucketCORS",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "s3:PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
    "PutBucketLifecycle": "s3:PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "PutBucketReplication": "s3:PutReplicationConfiguration",
    "PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "RenameObject": "s3express:RenameObject",
    "SelectObjectContent": "s3:GetObject",
    "UploadPart": "s3:PutObject",
    "UploadPartCopy": "s3:PutObject",
}

# Calls that are not denied like that, and why.
APART = {
    "s3": {
        "CreateSession": "botocore asks a directory bucket's own host",
        "HeadBucket": "its refusal has no body",
        "HeadObject": "its refusal has no body",
        "ListDirectoryBuckets": "botocore asks another endpoint",
        "WriteGetObjectResponse": "botocore asks the host of a route",
    },
    "sts": {
        "AssumeRole": "the trust policy has a say",
        "AssumeRoleWithSAML": "nobody signs it",
        "AssumeRoleWithWebIdentity": "nobody signs it",
        "GetCallerIdentity": "needs no permission",
        "GetSessionToken": "needs no permission",
    },
    "iam": {},
}


@pytest.mark.parametrize("service", ["s3", "sts", "iam"])
def test_every_call_is_denied_in_its_own_name(sandbox: Sandbox, service: str) -> None:
    # The guest may read the archive, so S3 is asked as a session that may do nothing.
    keys = sandbox.federated(None) if service == "s3" else GUEST
    client = sandbox.client(service, keys)
    calls = [call for call in client.meta.service_model.operation_names if call not in APART[service]]
    assert len(calls) > 5
    said = {call: denied_action(client, call) for call in calls}
    assert said == {call: OTHERWISE.get(call, f"{service}:{call}") for call in calls}


def denied_action(client: Any, call: str) -> str:
    """The action that a denial names, or else what came."""
    model = client.meta.service_model.operation_model(call)
    parameters = filled(model.input_shape) if model.input_shape else {}
    try:
        client._make_api_call(call, parameters)
    except ClientError as refused:
        error = refused.response["Error"]
        named = NAMED.search(error["Message"] + " ")
        return named[1] if named else f"{error['Code']}: {error['Message']}"
    return "allowed"


def filled(shape: StructureShape) -> dict[str, Any]:
    """A structure with all that it must have."""
    return {name: KNOWN.get(name) or value(shape.members[name]) for name in shape.required_members}


def value(shape: Shape) -> Any:
    """Something that can be sent as this."""
    match shape.type_name:
        case "structure":
            return filled(shape)
        case "list":
            return [value(shape.member)]
        case "map":
            return {}
        case "integer" | "long" | "double" | "float":
            return 900
        case "boolean":
            return True
        case "timestamp":
            return "2026-11-22T12:00:00Z"
        case "blob":
            return b"x"
        case _:
            return next(iter(getattr(shape, "enum", [])), "tide-" + "x" * 20)
