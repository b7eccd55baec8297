"""boto3 against the sandbox: who is let in, and what they may do there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import botocore.auth
import pytest

from harness import Keys, allow, fetch, refusal, until
from our_world import (
    CLOSED_BUCKET,
    FLAT_BUCKET,
    FLAT_PREFIX,
    NESTED_BUCKET,
    ODD_BUCKET,
    TEXT_KEY,
    Sandbox,
)

DENIED = ("AccessDenied", 403)
TEXT = {"Bucket": NESTED_BUCKET, "Key": TEXT_KEY}
Refusal = tuple[str, int]

IMPOSTORS: dict[str, tuple[Callable[[Keys, Keys, Keys], Keys], Refusal, Refusal]] = {
    # how it is made of the user's keys, a session and another session; what S3 says; what STS says
    "an unknown key": (
        lambda user, one, two: Keys("AKIAIOSFODNN7EXAMPLE", user.secret_access_key),
        ("InvalidAccessKeyId", 403),
        ("InvalidClientTokenId", 403),
    ),
    "a wrong secret": (
        lambda user, one, two: replace(user, secret_access_key="x" * 40),
        ("SignatureDoesNotMatch", 403),
        ("SignatureDoesNotMatch", 403),
    ),
    "a session's wrong secret": (
        lambda user, one, two: replace(one, secret_access_key=two.secret_access_key),
        ("SignatureDoesNotMatch", 403),
        ("SignatureDoesNotMatch", 403),
    ),
    "a forged token": (
        lambda user, one, two: replace(one, session_token="forged"),
        ("InvalidToken", 400),
        ("InvalidClientTokenId", 403),
    ),
    "a token with its last character changed": (
        lambda user, one, two: replace(one, session_token=changed(one.session_token)),
        ("InvalidToken", 400),
        ("InvalidClientTokenId", 403),
    ),
    "a token that belongs to another key": (
        lambda user, one, two: replace(one, session_token=two.session_token),
        ("InvalidToken", 400),
        ("InvalidClientTokenId", 403),
    ),
    "a token beside long-term keys": (
        lambda user, one, two: replace(user, session_token=one.session_token),
        ("InvalidToken", 400),
        ("InvalidClientTokenId", 403),
    ),
    "a missing token": (
        lambda user, one, two: replace(one, session_token=None),
        ("InvalidAccessKeyId", 403),
        ("InvalidClientTokenId", 403),
    ),
}


def changed(token: str | None) -> str:
    """The token with another last character."""
    assert token
    return token[:-1] + ("A" if token[-1] != "A" else "B")


@pytest.mark.parametrize("who", IMPOSTORS)
def test_an_impostor_is_refused_with_aws_s_own_code(sandbox: Sandbox, who: str) -> None:
    make, by_s3, by_sts = IMPOSTORS[who]
    keys = make(sandbox.user, sandbox.session(), sandbox.session())
    assert refusal(sandbox.s3(keys).list_buckets) == by_s3
    assert refusal(lambda: sandbox.s3(keys).list_objects_v2(Bucket=FLAT_BUCKET)) == by_s3
    assert refusal(sandbox.sts(keys).get_caller_identity) == by_sts


def test_nothing_is_written_by_anybody(sandbox: Sandbox) -> None:
    for keys, expected in [(sandbox.user, DENIED), (sandbox.assumed(), ("NotImplemented", 501))]:
        s3 = sandbox.s3(keys)
        for write in [
            lambda s=s3: s.put_object(**TEXT, Body=b""),
            lambda s=s3: s.delete_object(**TEXT),
        ]:
            assert refusal(write) == expected


def test_nobody_gets_in_without_a_signature(sandbox: Sandbox) -> None:
    for path in ["", FLAT_BUCKET, f"{ODD_BUCKET}/?list-type=2"]:
        status, body = fetch(f"{sandbox.url}/{path}")
        assert status == 403
        assert b"<Code>AccessDenied</Code>" in body


def test_a_bucket_closed_to_the_user_stays_closed_in_every_session(sandbox: Sandbox) -> None:
    everything = allow("s3:*", "*")
    for keys in [sandbox.user, sandbox.session(), sandbox.federated(everything)]:
        assert refusal(lambda k=keys: sandbox.s3(k).list_objects_v2(Bucket=CLOSED_BUCKET)) == DENIED


def test_a_federated_user_scoped_to_one_bucket_is_denied_on_the_other(sandbox: Sandbox) -> None:
    s3 = sandbox.s3(sandbox.federated(allow("s3:ListBucket", f"arn:aws:s3:::{NESTED_BUCKET}")))
    assert refusal(lambda: s3.list_objects_v2(Bucket=NESTED_BUCKET)) is None
    assert refusal(lambda: s3.list_objects_v2(Bucket=ODD_BUCKET)) == DENIED
    assert refusal(s3.list_buckets) == DENIED
    assert refusal(lambda: s3.get_object(**TEXT)) == DENIED


def test_a_federated_user_without_a_policy_may_do_nothing(sandbox: Sandbox) -> None:
    keys = sandbox.federated(None)
    s3 = sandbox.s3(keys)
    assert refusal(s3.list_buckets) == DENIED
    assert refusal(lambda: s3.list_objects_v2(Bucket=FLAT_BUCKET)) == DENIED
    assert refusal(sandbox.sts(keys).get_caller_identity) is None


def test_a_session_policy_narrows_a_role_and_never_widens_it(sandbox: Sandbox) -> None:
    narrowed = sandbox.s3(sandbox.assumed(Policy=allow("s3:*", f"arn:aws:s3:::{FLAT_BUCKET}")))
    whole = sandbox.s3(sandbox.assumed())
    for bucket in sandbox.buckets:
        listing = {"Bucket": bucket, "MaxKeys": 1}
        rights = refusal(lambda q=listing: whole.list_objects_v2(**q))
        expected = rights if bucket == FLAT_BUCKET else DENIED
        assert refusal(lambda q=listing: narrowed.list_objects_v2(**q)) == expected


def test_a_deny_wins_over_every_allow(sandbox: Sandbox) -> None:
    policy = allow("s3:*", "*").replace(
        "}]", '}, {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "*"}]'
    )
    s3 = sandbox.s3(sandbox.federated(policy))
    assert refusal(s3.list_buckets) is None
    assert refusal(lambda: s3.list_objects_v2(Bucket=FLAT_BUCKET)) == DENIED


@pytest.mark.parametrize(
    ("condition", "prefix", "expected"),
    [
        ({"StringEquals": {"s3:prefix": FLAT_PREFIX}}, FLAT_PREFIX, None),
        ({"StringEquals": {"s3:prefix": FLAT_PREFIX}}, FLAT_PREFIX + "0", DENIED),
        ({"StringEquals": {"s3:prefix": FLAT_PREFIX}}, "", DENIED),
        ({"StringLike": {"s3:prefix": ["", FLAT_PREFIX + "*"]}}, FLAT_PREFIX + "0", None),
        ({"StringLike": {"s3:prefix": ["", FLAT_PREFIX + "*"]}}, "", None),
        ({"StringLike": {"s3:prefix": FLAT_PREFIX + "*"}}, "other/", DENIED),
        ({"StringLike": {"s3:prefix": FLAT_PREFIX + "*"}}, None, DENIED),
    ],
)
def test_a_condition_on_the_prefix_is_kept(
    sandbox: Sandbox, condition: dict[str, Any], prefix: str | None, expected: Refusal | None
) -> None:
    policy = allow("s3:ListBucket", f"arn:aws:s3:::{FLAT_BUCKET}", Condition=condition)
    s3 = sandbox.s3(sandbox.federated(policy))
    query = {"Bucket": FLAT_BUCKET} | ({} if prefix is None else {"Prefix": prefix})
    assert refusal(lambda: s3.list_objects_v2(**query)) == expected


def test_a_condition_the_sandbox_cannot_evaluate_is_refused_and_not_ignored(
    sandbox: Sandbox,
) -> None:
    policy = allow("s3:*", "*", Condition={"StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}})
    assert refusal(lambda: sandbox.federated(policy)) == ("MalformedPolicyDocument", 400)


def test_a_clock_sixteen_minutes_wrong_is_refused(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = botocore.auth.get_current_datetime
    for minutes in [-16, 16]:
        wrong = timedelta(minutes=minutes)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda by=wrong: tell() + by)
        assert refusal(sandbox.s3().list_buckets) == ("RequestTimeTooSkewed", 403)
        assert refusal(sandbox.sts().get_caller_identity) == ("SignatureDoesNotMatch", 403)


def test_a_presigned_url_works_and_then_has_expired(sandbox: Sandbox) -> None:
    url = sandbox.s3().generate_presigned_url("get_object", Params=TEXT, ExpiresIn=2)
    assert fetch(url)[0] == 200
    tampered = url.replace("X-Amz-Expires=2", "X-Amz-Expires=60")
    assert b"<Code>SignatureDoesNotMatch</Code>" in fetch(tampered)[1]
    status, body = until(lambda: ended(url), "expiry", seconds=8)
    assert (status, b"<Code>AccessDenied</Code>" in body) == (403, True)
    assert b"Request has expired" in body


def test_a_presigned_url_dies_with_the_session_that_signed_it(sandbox: Sandbox) -> None:
    url = sandbox.s3(sandbox.session(DurationSeconds=2)).generate_presigned_url(
        "get_object", Params=TEXT, ExpiresIn=3600
    )
    assert fetch(url)[0] == 200
    status, body = until(lambda: ended(url), "expiry", seconds=8)
    assert (status, b"<Code>ExpiredToken</Code>" in body) == (400, True)


def ended(url: str) -> tuple[int, bytes] | None:
    """The reply, once it is no longer the object."""
    status, body = fetch(url)
    return None if status == 200 else (status, body)
