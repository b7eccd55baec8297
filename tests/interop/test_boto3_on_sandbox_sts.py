"""boto3 against the sandbox's STS: what is minted, for how long, from what, and with whose name."""

from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness import Keys, allow, first_refusal, refusal
from our_world import FLAT_BUCKET, ROLE_HOURS, UNTRUSTING_ROLE, Sandbox

LIST_FLAT = allow("s3:ListBucket", f"arn:aws:s3:::{FLAT_BUCKET}")
HOUR = 3600


def mint(sandbox: Sandbox, action: str, seconds: int, keys: Keys | None = None) -> dict[str, Any]:
    """One of the three minting actions, with what it needs."""
    needs = {
        "get_session_token": {},
        "get_federation_token": {"Name": "bob", "Policy": LIST_FLAT},
        "assume_role": {"RoleArn": sandbox.role_arn("keeper"), "RoleSessionName": "tide"},
    }
    return getattr(sandbox.sts(keys), action)(DurationSeconds=seconds, **needs[action])


CALLERS = {
    "get_session_token": "user/",
    "get_federation_token": "federated-user/bob",
    "assume_role": "assumed-role/",
}


@pytest.mark.parametrize("action", CALLERS)
def test_the_caller_of_a_minted_session_is_named_as_aws_names_it(
    sandbox: Sandbox, action: str
) -> None:
    reply = mint(sandbox, action, 900)
    caller = sandbox.sts(Keys.of(reply)).get_caller_identity()
    assert caller["Arn"].split(":", 5)[5].startswith(CALLERS[action])
    named = reply.get("FederatedUser") or reply.get("AssumedRoleUser")
    if named:
        assert named["Arn"] == caller["Arn"]
        assert named.get("FederatedUserId", named.get("AssumedRoleId")) == caller["UserId"]


@pytest.mark.parametrize("action", CALLERS)
def test_a_session_lives_as_long_as_asked(sandbox: Sandbox, action: str) -> None:
    asked = datetime.now(timezone.utc)
    credentials = mint(sandbox, action, 1800)["Credentials"]
    assert credentials["AccessKeyId"].startswith("ASIA")
    assert abs((credentials["Expiration"] - asked).total_seconds() - 1800) < 3


@pytest.mark.parametrize("action", CALLERS)
def test_a_two_second_session_lists_and_then_has_expired(sandbox: Sandbox, action: str) -> None:
    keys = Keys.of(mint(sandbox, action, 2))
    s3, sts = sandbox.s3(keys), sandbox.sts(keys)
    assert refusal(sts.get_caller_identity) is None
    listing = lambda: s3.list_objects_v2(Bucket=FLAT_BUCKET, MaxKeys=1)  # noqa: E731
    assert first_refusal(listing) == ("ExpiredToken", 400)
    assert refusal(sts.get_caller_identity) == ("ExpiredToken", 403)


@pytest.mark.parametrize(
    ("action", "seconds", "expected"),
    [
        ("get_session_token", 1, ("ValidationError", 400)),
        ("get_session_token", 36 * HOUR, None),
        ("get_session_token", 36 * HOUR + 1, ("ValidationError", 400)),
        ("get_federation_token", 1, ("ValidationError", 400)),
        ("get_federation_token", 36 * HOUR, None),
        ("get_federation_token", 36 * HOUR + 1, ("ValidationError", 400)),
        ("assume_role", 1, ("ValidationError", 400)),
        ("assume_role", 12 * HOUR, None),
        ("assume_role", 12 * HOUR + 1, ("ValidationError", 400)),
    ],
)
def test_durations_outside_the_limits_are_refused(
    sandbox: Sandbox, action: str, seconds: int, expected: tuple[str, int] | None
) -> None:
    assert refusal(lambda: mint(sandbox, action, seconds)) == expected


@pytest.mark.parametrize(("role", "hours"), ROLE_HOURS.items())
def test_no_role_session_outlives_its_role(sandbox: Sandbox, role: str, hours: int) -> None:
    assert refusal(lambda: sandbox.assumed(role, DurationSeconds=hours * HOUR)) is None
    with pytest.raises(ClientError, match="exceeds the MaxSessionDuration|less than or equal to"):
        sandbox.assumed(role, DurationSeconds=hours * HOUR + 1)


def test_a_chained_role_session_lasts_an_hour_at_most(sandbox: Sandbox) -> None:
    for role, keys in [("keeper", sandbox.session()), ("reader", sandbox.assumed("keeper"))]:
        assert refusal(lambda r=role, k=keys: sandbox.assumed(r, k, DurationSeconds=HOUR)) is None
        with pytest.raises(
            ClientError, match="1 hour session limit for roles assumed by role chain"
        ):
            sandbox.assumed(role, keys, DurationSeconds=HOUR + 1)


def test_temporary_credentials_mint_no_session_and_no_federation_token(sandbox: Sandbox) -> None:
    for source in [sandbox.session(), sandbox.assumed(), sandbox.federated(LIST_FLAT)]:
        for action in ["get_session_token", "get_federation_token"]:
            assert refusal(lambda a=action, s=source: mint(sandbox, a, 900, s)) == (
                "AccessDenied",
                403,
            )


def test_a_federated_user_assumes_no_role(sandbox: Sandbox) -> None:
    everything = sandbox.federated(allow("*", "*"))
    assert refusal(lambda: sandbox.assumed(keys=everything)) == ("AccessDenied", 403)


def test_a_role_that_does_not_trust_the_caller_is_not_assumed(sandbox: Sandbox) -> None:
    for name in [UNTRUSTING_ROLE, "no-such-role"]:
        with pytest.raises(
            ClientError, match="is not authorized to perform: sts:AssumeRole"
        ) as denied:
            sandbox.assumed(name)
        assert denied.value.response["Error"]["Code"] == "AccessDenied"


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("{", "MalformedPolicyDocument"),
        ("[]", "MalformedPolicyDocument"),
        (allow("s3:ListBucket"), "MalformedPolicyDocument"),
        (allow("s3:ListBucket", "arn:aws:s3:::" + "b" * 2048), "ValidationError"),
    ],
)
def test_a_policy_that_is_none_is_refused(sandbox: Sandbox, policy: str, code: str) -> None:
    assert refusal(lambda: sandbox.federated(policy)) == (code, 400)


@pytest.mark.parametrize("name", ["b", "b" * 33, "bob smith", "bób"])
def test_a_federated_name_aws_would_refuse_is_refused(sandbox: Sandbox, name: str) -> None:
    assert refusal(lambda: sandbox.sts().get_federation_token(Name=name)) == (
        "ValidationError",
        400,
    )
