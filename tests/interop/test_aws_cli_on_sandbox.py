"""The AWS CLI against the sandbox, as a person uses it: settings by environment, answers as JSON.

The CLI refuses durations under 900 seconds itself, so boto3 mints the sessions that are to expire.
"""

import pytest

from harness import AWS_CLI, Keys, Outcome, allow, fetch, until
from our_world import (
    EU_BUCKET,
    FLAT_BUCKET,
    FLAT_PREFIX,
    LARGE_KEY,
    LARGE_OBJECT,
    MFA_ROLE,
    NESTED_BUCKET,
    OBJECT_BUCKET,
    ODD_BUCKET,
    TEXT_KEY,
    Sandbox,
    keys_in,
)


def refused(outcome: Outcome, code: str, operation: str) -> None:
    """The CLI (version 1) ends with 255 when a service refuses, and prints its code."""
    assert outcome.code == 255, outcome
    assert f"({code})" in outcome.stderr
    assert f"when calling the {operation} operation" in outcome.stderr


@pytest.mark.parametrize(
    ("command", "caller"),
    [
        ("get-session-token --duration-seconds 900", "user/"),
        ("get-federation-token --name bob", "federated-user/bob"),
        ("assume-role --role-session-name tide --role-arn {role}", "assumed-role/"),
    ],
)
def test_what_the_cli_mints_names_its_caller(sandbox: Sandbox, command: str, caller: str) -> None:
    minted = sandbox.aws(f"sts {command.format(role=sandbox.role)}", keys=sandbox.user).json()
    named = sandbox.aws("sts get-caller-identity", keys=Keys.of(minted)).json()
    assert named["Arn"].split(":", 5)[5].startswith(caller)


def test_a_federated_user_scoped_to_one_bucket_is_denied_on_the_other(sandbox: Sandbox) -> None:
    policy = allow("s3:ListBucket", f"arn:aws:s3:::{NESTED_BUCKET}")
    minted = sandbox.aws("sts get-federation-token --name bob --policy", policy, keys=sandbox.user)
    keys = Keys.of(minted.json())
    assert sandbox.aws(f"s3api list-objects-v2 --bucket {NESTED_BUCKET}", keys=keys).json()[
        "Contents"
    ]
    denied = sandbox.aws(f"s3api list-objects-v2 --bucket {ODD_BUCKET}", keys=keys)
    refused(denied, "AccessDenied", "ListObjectsV2")


def test_a_session_lists_and_then_has_expired(sandbox: Sandbox) -> None:
    # The CLI takes a second to start, and more on a busy machine.
    keys = sandbox.session(DurationSeconds=8)
    listing = f"s3api list-objects-v2 --bucket {NESTED_BUCKET}"
    assert sandbox.aws(listing, keys=keys).json()["Contents"]

    def ended() -> Outcome | None:
        outcome = sandbox.aws(listing, keys=keys)
        return outcome if outcome.code != 0 else None

    refused(until(ended, "expiry", seconds=25), "ExpiredToken", "ListObjectsV2")
    refused(sandbox.aws("sts get-caller-identity", keys=keys), "ExpiredToken", "GetCallerIdentity")


def test_a_forged_token_is_refused(sandbox: Sandbox) -> None:
    session = sandbox.session()
    forged = Keys(session.access_key_id, session.secret_access_key, "forged")
    refused(sandbox.aws("s3api list-buckets", keys=forged), "InvalidToken", "ListBuckets")
    caller = sandbox.aws("sts get-caller-identity", keys=forged)
    refused(caller, "InvalidClientTokenId", "GetCallerIdentity")


def test_buckets_are_listed_in_pages(sandbox: Sandbox) -> None:
    listing = "s3api list-buckets --page-size 2"
    listed = sandbox.aws(listing, keys=sandbox.user).json()
    assert [bucket["Name"] for bucket in listed["Buckets"]] == sorted(sandbox.buckets)
    first = sandbox.aws(f"{listing} --max-items 3", keys=sandbox.user).json()
    assert len(first["Buckets"]) == 3
    rest = sandbox.aws(f"{listing} --starting-token {first['NextToken']}", keys=sandbox.user).json()
    assert first["Buckets"] + rest["Buckets"] == listed["Buckets"]


def test_twelve_thousand_keys_are_listed_in_pages(sandbox: Sandbox) -> None:
    listing = f"s3api list-objects-v2 --bucket {FLAT_BUCKET} --prefix {FLAT_PREFIX}"
    whole = sandbox.aws(f"{listing} --query Contents[].Key", keys=sandbox.user).json()
    assert whole == keys_in(sandbox, FLAT_BUCKET, FLAT_PREFIX)
    assert len(whole) >= 12_000
    first = sandbox.aws(f"{listing} --page-size 300 --max-items 1000", keys=sandbox.user).json()
    rest = sandbox.aws(
        f"{listing} --page-size 700 --max-items 1500 --starting-token {first['NextToken']}",
        keys=sandbox.user,
    ).json()
    assert [entry["Key"] for entry in first["Contents"] + rest["Contents"]] == whole[:2500]


def test_an_object_is_read_whole_and_in_part(sandbox: Sandbox) -> None:
    found = ["--bucket", NESTED_BUCKET, "--key", TEXT_KEY]
    head = sandbox.aws("s3api head-object", *found, keys=sandbox.user).json()
    whole, part = sandbox.home / "whole", sandbox.home / "part"
    got = sandbox.aws("s3api get-object", *found, str(whole), keys=sandbox.user).json()
    assert got["ETag"] == head["ETag"]
    assert len(whole.read_bytes()) == head["ContentLength"] == got["ContentLength"]
    ranged = [*found, "--range", "bytes=1-3", str(part)]
    assert sandbox.aws("s3api get-object", *ranged, keys=sandbox.user).code == 0
    assert part.read_bytes() == whole.read_bytes()[1:4]


def test_a_bucket_elsewhere_is_followed_and_named(sandbox: Sandbox) -> None:
    listed = sandbox.aws(f"s3api list-objects-v2 --bucket {EU_BUCKET}", keys=sandbox.user).json()
    assert listed["Contents"]
    head = sandbox.aws(f"s3api head-bucket --bucket {EU_BUCKET}", keys=sandbox.user).json()
    assert head["BucketRegion"] == "eu-west-1"


def test_aws_s3_ls_shows_prefixes_and_objects(sandbox: Sandbox) -> None:
    shown = sandbox.aws(f"s3 ls s3://{NESTED_BUCKET}", keys=sandbox.user)
    assert shown.code == 0, shown
    assert " PRE " in shown.stdout


def test_aws_s3_cp_brings_a_large_object_in_ranges(sandbox: Sandbox) -> None:
    found = {"Bucket": NESTED_BUCKET, "Key": LARGE_KEY}
    copy = sandbox.home / "large"
    large = f"s3://{NESTED_BUCKET}/{LARGE_KEY}"
    copied = sandbox.aws("s3 cp --no-progress", large, str(copy), keys=sandbox.user)
    assert copied.code == 0, copied
    assert copy.read_bytes() == sandbox.s3().get_object(**found)["Body"].read()


def test_the_cli_pages_roles_and_waits_for_a_user(sandbox: Sandbox) -> None:
    roles = sandbox.aws("iam list-roles --page-size 2", keys=sandbox.user).json()["Roles"]
    assert MFA_ROLE in [role["RoleName"] for role in roles]
    trust = sandbox.aws(f"iam get-role --role-name {MFA_ROLE}", keys=sandbox.user).json()["Role"]
    condition = trust["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert condition == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert sandbox.aws("iam create-user --user-name cli-made", keys=sandbox.user).code == 0
    early = sandbox.aws("iam get-user --user-name nobody", keys=sandbox.user)
    refused(early, "NoSuchEntity", "GetUser")
    assert sandbox.aws("iam wait user-exists --user-name cli-made", keys=sandbox.user).code == 0


def test_the_cli_assumes_a_role_with_mfa(sandbox: Sandbox) -> None:
    role = f"sts assume-role --role-session-name tide --role-arn {sandbox.role_arn(MFA_ROLE)}"
    refused(sandbox.aws(role, keys=sandbox.user), "AccessDenied", "AssumeRole")
    proof = sandbox.mfa()
    with_code = f"{role} --serial-number {proof['SerialNumber']} --token-code {proof['TokenCode']}"
    minted = sandbox.aws(with_code, keys=sandbox.user).json()
    assert sandbox.aws("s3api list-buckets", keys=Keys.of(minted)).json()["Buckets"]
    refused(sandbox.aws(with_code, keys=sandbox.user), "AccessDenied", "AssumeRole")


def test_a_url_is_presigned_by_the_version_of_signatures_that_s3_takes(sandbox: Sandbox) -> None:
    presign = ["s3", "presign", "--expires-in", "60", f"s3://{NESTED_BUCKET}/{TEXT_KEY}"]
    old = sandbox.run(AWS_CLI, *presign, **sandbox.user.variables())
    status, body = fetch(old.stdout.strip())
    assert status == 400
    assert b"<Code>InvalidRequest</Code>" in body
    assert b"Please use AWS4-HMAC-SHA256." in body
    settings = sandbox.home / "presign"
    settings.write_text("[default]\ns3 =\n    signature_version = s3v4\n")
    variables = sandbox.user.variables() | {"AWS_CONFIG_FILE": str(settings)}
    new = sandbox.run(AWS_CLI, *presign, **variables)
    content = sandbox.s3().get_object(Bucket=NESTED_BUCKET, Key=TEXT_KEY)["Body"].read()
    assert fetch(new.stdout.strip()) == (200, content)


@pytest.mark.parametrize(
    "key", ["kinds/archive.zip", "kinds/readings.parquet", "checksums/parts-sha256.log", "checksums/combined-crc32.log"]
)
def test_aws_s3_cp_brings_an_object_whose_checksum_holds(sandbox: Sandbox, key: str) -> None:
    found = ["--bucket", OBJECT_BUCKET, "--key", key, "--checksum-mode", "ENABLED"]
    head = sandbox.aws("s3api head-object", *found, keys=sandbox.user).json()
    got = sandbox.home / "got"
    read = sandbox.aws("s3api get-object", *found, str(got), keys=sandbox.user).json()
    told = {name: head[name] for name in head if name.startswith("Checksum")}
    assert told
    assert {name: read[name] for name in told} == told
    copied = sandbox.home / "copied"
    copy = ["s3", "cp", "--no-progress", f"s3://{OBJECT_BUCKET}/{key}", str(copied)]
    assert sandbox.run(AWS_CLI, *copy, **sandbox.user.variables()).code == 0
    assert copied.read_bytes() == got.read_bytes()
    assert len(got.read_bytes()) == head["ContentLength"]


def test_the_cli_tells_versions_and_what_an_object_has(sandbox: Sandbox) -> None:
    listing = f"s3api list-object-versions --bucket {OBJECT_BUCKET} --prefix versions/deleted.txt"
    listed = sandbox.aws(listing, keys=sandbox.user).json()
    assert len(listed["Versions"]) == 2
    found = ["--bucket", OBJECT_BUCKET, "--key", "versions/deleted.txt"]
    old = [*found, "--version-id", listed["Versions"][0]["VersionId"]]
    head = sandbox.aws("s3api head-object", *old, keys=sandbox.user).json()
    assert head["ETag"] == listed["Versions"][0]["ETag"]
    marker = [*found, "--version-id", listed["DeleteMarkers"][0]["VersionId"]]
    refused(sandbox.aws("s3api head-object", *marker, keys=sandbox.user), "405", "HeadObject")
    refused(sandbox.aws("s3api head-object", *found, keys=sandbox.user), "404", "HeadObject")
    asked = "s3api get-object-attributes --object-attributes ETag Checksum ObjectParts StorageClass ObjectSize"
    large = ["--bucket", OBJECT_BUCKET, "--key", LARGE_OBJECT]
    told = sandbox.aws(asked, *large, keys=sandbox.user).json()
    assert told["ObjectSize"] == 5 * 2**30
    assert told["ObjectParts"]["TotalPartsCount"] == 320
    tags = ["--bucket", OBJECT_BUCKET, "--key", "details/contract.txt"]
    assert len(sandbox.aws("s3api get-object-tagging", *tags, keys=sandbox.user).json()["TagSet"]) == 2
    state = sandbox.aws(f"s3api get-bucket-versioning --bucket {OBJECT_BUCKET}", keys=sandbox.user)
    assert state.json() == {"Status": "Enabled"}
