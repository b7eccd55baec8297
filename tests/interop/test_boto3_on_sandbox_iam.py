"""boto3 against the sandbox's IAM, MFA, session tags and managed policies."""

import pytest

from harness import Keys, refusal, until
from our_world import (
    FLAT_BUCKET,
    MFA_ROLE,
    NESTED_BUCKET,
    NEXT_ROLE,
    ROLE_HOURS,
    TAGGED_ROLE,
    Sandbox,
)

READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
CLOSED = ("InvalidClientTokenId", 403)


def test_a_user_is_found_by_name_and_without_one(sandbox: Sandbox) -> None:
    own = sandbox.iam().get_user()["User"]
    assert own["Arn"] == sandbox.sts().get_caller_identity()["Arn"]
    assert sandbox.iam().get_user(UserName=own["UserName"])["User"] == own
    assert refusal(lambda: sandbox.iam().get_user(UserName="nobody")) == ("NoSuchEntity", 404)


def test_a_created_user_comes_into_being(sandbox: Sandbox) -> None:
    iam = sandbox.iam()
    made = iam.create_user(UserName="boto-made")["User"]
    find = {"UserName": "boto-made"}
    assert refusal(lambda: iam.get_user(**find)) == ("NoSuchEntity", 404)
    assert refusal(lambda: iam.create_user(**find)) == ("EntityAlreadyExists", 409)
    until(lambda: refusal(lambda: iam.get_user(**find)) is None or None, "user", seconds=8)
    assert iam.get_user(**find)["User"] == made


@pytest.mark.parametrize(("name", "hours"), ROLE_HOURS.items())
def test_a_role_tells_how_long_it_can_be_assumed(sandbox: Sandbox, name: str, hours: int) -> None:
    role = sandbox.iam().get_role(RoleName=name)["Role"]
    assert role["MaxSessionDuration"] == hours * 3600
    assert role["AssumeRolePolicyDocument"]["Statement"]


def test_roles_come_in_pages_whole(sandbox: Sandbox) -> None:
    pages = sandbox.iam().get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 3})
    names = [[role["RoleName"] for role in page["Roles"]] for page in pages]
    assert len(names) > 2
    assert sum(names, []) == [role["RoleName"] for role in sandbox.iam().list_roles()["Roles"]]


def test_iam_is_closed_to_sessions_without_mfa(sandbox: Sandbox) -> None:
    for keys in [sandbox.session(), sandbox.federated(None)]:
        assert refusal(lambda keys=keys: sandbox.iam(keys).list_roles()) == CLOSED
    with_mfa = sandbox.session(**sandbox.mfa())
    devices = sandbox.iam(with_mfa).list_mfa_devices()["MFADevices"]
    assert [device["SerialNumber"] for device in devices] == [sandbox.mfa_serial]


def test_a_role_that_needs_mfa_gets_it_once(sandbox: Sandbox) -> None:
    denied = ("AccessDenied", 403)
    assert refusal(lambda: sandbox.assumed(MFA_ROLE)) == denied
    proof = sandbox.mfa()
    assert sandbox.s3(sandbox.assumed(MFA_ROLE, **proof)).list_buckets()["Buckets"]
    assert refusal(lambda: sandbox.assumed(MFA_ROLE, **proof)) == denied
    assert refusal(lambda: sandbox.session(SerialNumber=proof["SerialNumber"])) == denied


def test_tags_and_the_source_identity_go_along_a_chain(sandbox: Sandbox) -> None:
    tags = [{"Key": "team", "Value": "alpha"}]
    labels = {"Tags": tags, "TransitiveTagKeys": ["team"], "SourceIdentity": "ana"}
    crew = sandbox.assumed(TAGGED_ROLE, **labels)
    named = {"RoleArn": sandbox.role_arn(NEXT_ROLE), "RoleSessionName": "tide"}
    mate = sandbox.sts(crew).assume_role(**named)
    assert mate["SourceIdentity"] == "ana"
    assert mate["PackedPolicySize"] > 0
    found = {"Bucket": FLAT_BUCKET, "Key": "team/README.md"}
    assert sandbox.s3(Keys.of(mate)).get_object(**found)["ContentLength"] > 0
    assert refusal(lambda: sandbox.sts(crew).assume_role(**named, Tags=tags)) == (
        "ValidationError",
        400,
    )
    assert refusal(lambda: sandbox.assumed("reader", Tags=tags)) == ("AccessDenied", 403)


def test_a_managed_policy_narrows(sandbox: Sandbox) -> None:
    narrowed = sandbox.s3(sandbox.assumed("keeper", PolicyArns=[{"arn": READ_ONLY}]))
    assert narrowed.list_objects_v2(Bucket=NESTED_BUCKET)["KeyCount"] > 0
    unwritten = {"Bucket": NESTED_BUCKET, "Key": "new", "Body": b""}
    assert refusal(lambda: narrowed.put_object(**unwritten)) == ("AccessDenied", 403)
