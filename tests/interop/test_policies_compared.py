"""Policies as the sandbox judges them, held against the evaluators of MiniStack and moto.

Generated policies go with AssumeRole as session policies of a role that may do everything in S3, and requests are sent with
what was minted: what is denied, the policy denies. The others are asked in this process, each as its own server asks it.

Invariant: where both others agree, the sandbox agrees with them, or [`REASONS`] says with AWS's documentation why not.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document
from moto.iam.access_control import IAMPolicy, PermissionResult

from harness import REGION, Keys, refusal
from our_world import NESTED_BUCKET, TEXT_KEY, Sandbox

SEED = int(os.environ.get("POLICY_SEED", "20261130"))
POLICIES = 150
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/keeper"
BUCKET = f"arn:aws:s3:::{NESTED_BUCKET}"
Statement = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call of S3, and what it means to a policy."""

    name: str
    action: str
    resource: str
    send: Callable[[Any], object]
    keys: dict[str, str]


def listing(prefix: str | None, delimiter: str | None, most: int | None = None) -> Request:
    """ListObjectsV2 with what is given of a prefix, a delimiter and a number of keys."""
    sent = {"Prefix": prefix, "Delimiter": delimiter, "MaxKeys": most}
    sent = {name: value for name, value in sent.items() if value is not None}
    keys = {"s3:prefix": prefix, "s3:delimiter": delimiter, "s3:max-keys": most}
    return Request(
        f"list {sent}",
        "s3:ListBucket",
        BUCKET,
        lambda s3: s3.list_objects_v2(Bucket=NESTED_BUCKET, **sent),
        {name: str(value) for name, value in keys.items() if value is not None},
    )


def on_object(action: str, key: str, send: Callable[[Any, str], object]) -> Request:
    """A call about one object."""
    return Request(f"{action} {key}", action, f"{BUCKET}/{key}", lambda s3: send(s3, key), {})


def get(s3: Any, key: str) -> object:
    """GetObject, of a byte."""
    return s3.get_object(Bucket=NESTED_BUCKET, Key=key, Range="bytes=0-0")


def put(s3: Any, key: str) -> object:
    """PutObject, which the sandbox does for nobody: whoever may is told that it is not implemented."""
    return s3.put_object(Bucket=NESTED_BUCKET, Key=key)


def delete(s3: Any, key: str) -> object:
    """DeleteObject, likewise."""
    return s3.delete_object(Bucket=NESTED_BUCKET, Key=key)


REQUESTS = [
    listing("", "/"),
    listing("2026/", "/"),
    listing("2026/11/", None),
    listing(None, None),
    listing("", "/", 5),
    on_object("s3:GetObject", TEXT_KEY, get),
    on_object("s3:GetObject", "README.md", get),
    on_object("s3:PutObject", "2026/x", put),
    on_object("s3:DeleteObject", "2026/x", delete),
    Request("buckets", "s3:ListAllMyBuckets", "arn:aws:s3:::*", lambda s3: s3.list_buckets(), {}),
    Request(
        "location",
        "s3:GetBucketLocation",
        BUCKET,
        lambda s3: s3.get_bucket_location(Bucket=NESTED_BUCKET),
        {},
    ),
]

ACTIONS = [
    "*",
    "s3:*",
    "s3:?*",
    "s3:GetObject",
    "S3:GETOBJECT",
    "s3:Get?bject",
    "s3:List*",
    "s3:ListBucket",
    "s3:ListAllMyBuckets",
    "s3:GetBucketLocation",
    "s3:Put*",
    "s3:Delete*",
    "s3:*Object",
    "sts:*",
]
RESOURCES = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::**",
    "arn:*:s3:::*",
    BUCKET,
    f"{BUCKET}*",
    f"{BUCKET}/*",
    f"{BUCKET}/2026/*",
    f"{BUCKET}/2026/*/*.csv",
    f"{BUCKET}/READM?.md",
    "arn:aws:s3:::another",
    "arn:aws-cn:s3:::*",
    f"arn:aws:s3:::${{aws:PrincipalTag/bucket, '{NESTED_BUCKET}'}}/*",
]


def conditions(chance: random.Random) -> Iterator[tuple[str, str, list[str]]]:
    """Conditions on keys that these requests have, or that they lack."""
    soon, late = (
        (datetime.now(timezone.utc) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for hours in (-1, 1)
    )
    prefixes = ["", "2026/", "2026/*", "*/", "*", "home/*", "2026/?1/"]
    quantifier = chance.choice(["", "", "", "ForAnyValue:", "ForAllValues:"])
    lenient = chance.choice(["", "", "IfExists"])
    text = chance.choice(["Equals", "NotEquals", "Like", "NotLike", "EqualsIgnoreCase"])
    order = chance.choice(["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan"])
    yield f"{quantifier}String{text}{lenient}", "s3:prefix", chance.sample(prefixes, 2)
    yield f"String{text}{lenient}", "S3:Delimiter", [chance.choice(["/", "", "|"])]
    yield f"Numeric{order}{lenient}", "s3:max-keys", [chance.choice(["5", "4.5", "1000"])]
    yield f"Date{order}", "aws:CurrentTime", [chance.choice([soon, late])]
    yield "Bool" + lenient, "aws:SecureTransport", [chance.choice(["true", "false", "False"])]
    yield "Null", chance.choice(["s3:prefix", "aws:SourceVpce", "aws:PrincipalArn"]), ["true"]
    address = chance.choice(["127.0.0.0/8", "127.0.0.1", "10.0.0.0/8", "::/0"])
    yield chance.choice(["IpAddress", "NotIpAddress"]) + lenient, "aws:SourceIp", [address]
    arn = chance.choice([ROLE, f"arn:aws:iam::{ACCOUNT}:role/*", "arn:aws:*:role/keeper", "*"])
    named = chance.choice(["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"])
    yield named + lenient, "aws:PrincipalArn", [arn]
    yield f"String{text}{lenient}", "aws:username", ["tide*"]
    yield f"String{text}", "aws:PrincipalType", ["AssumedRole", "User"]
    yield f"{quantifier}String{text}", "aws:TagKeys", ["team"]


def generated(chance: random.Random) -> list[Statement]:
    """The statements of one policy."""
    return [statement(chance) for _ in range(chance.randint(1, 3))]


def statement(chance: random.Random) -> Statement:
    """Mostly one that allows; now and then with NotAction, NotResource and conditions."""
    one: Statement = {"Effect": chance.choice(["Allow", "Allow", "Allow", "Deny"])}
    one["NotAction" if chance.random() < 0.15 else "Action"] = some(chance, ACTIONS)
    one["NotResource" if chance.random() < 0.15 else "Resource"] = some(chance, RESOURCES)
    for operator, key, values in chance.sample(list(conditions(chance)), chance.choice([0, 0, 1, 2])):
        one.setdefault("Condition", {}).setdefault(operator, {})[key] = values
    return one


def some(chance: random.Random, of: list[str]) -> str | list[str]:
    """One, or a list of up to three."""
    return chance.choice([chance.choice(of), chance.sample(of, chance.randint(1, 3))])


def by_sandbox(s3: Any, request: Request) -> bool:
    """Whether the sandbox lets the request through; what it does not have is let through too."""
    refused = refusal(lambda: request.send(s3))
    assert refused in (None, ("AccessDenied", 403), ("NotImplemented", 501), ("NoSuchKey", 404)), refused
    return refused != ("AccessDenied", 403)


def by_ministack(policy: str, request: Request) -> bool:
    """What MiniStack's evaluator says, told all that it can be told."""
    context = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=request.action,
        resource_arn=request.resource,
        region=REGION,
        source_ip="127.0.0.1",
        secure_transport=False,
        service_context=dict(request.keys),
        tag_keys=None,
    )
    return bool(evaluate(context, [parse_policy_document(policy)]).decision == "Allow")


def by_moto(policy: str, request: Request) -> bool:
    """What moto's evaluator says, likewise."""
    said = IAMPolicy(policy).is_action_permitted(
        request.action,
        request.resource,
        incoming_condition_values={"aws:PrincipalArn": ROLE, **request.keys},
    )
    return said == PermissionResult.PERMITTED


def has_variable(statements: list[Statement]) -> bool:
    """Whether a resource asks for the value of a key."""
    return "${" in json.dumps(statements)


def spans_colons(statements: list[Statement]) -> bool:
    """Whether an ARN of a condition has a wildcard where a whole part is missing."""
    keys = [keys for one in statements for op, keys in one.get("Condition", {}).items() if "Arn" in op]
    return any("arn:aws:*:role/keeper" in values for of in keys for values in of.values())


REASONS: list[tuple[Callable[[list[Statement]], bool], str]] = [
    (
        has_variable,
        "Policy variables, with defaults, are replaced by the values of keys; neither of the others does that: "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
    ),
    (
        spans_colons,
        "ArnLike checks each of the six parts between colons by itself; MiniStack matches the whole text, and moto passes "
        "over the operator: "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
]


def test_where_both_others_agree_the_sandbox_agrees_with_them(sandbox: Sandbox) -> None:
    chance = random.Random(SEED)
    against, explained, asked, agreed = [], 0, 0, 0
    for _ in range(POLICIES):
        statements = generated(chance)
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        s3 = sandbox.s3(Keys.of(minted(sandbox, policy)))
        for request in REQUESTS:
            ours = by_sandbox(s3, request)
            theirs = {by_ministack(policy, request), by_moto(policy, request)}
            asked += 1
            agreed += len(theirs) == 1
            if theirs != {not ours}:
                continue
            if any(applies(statements) for applies, _ in REASONS):
                explained += 1
                continue
            against.append(f"{request.name}: ours says {ours}\n{json.dumps(statements, indent=1)}")
    print(f"seed {SEED}: {asked} questions, both agree on {agreed}, {explained} differ for a stated reason")
    assert not against, f"seed {SEED}: {len(against)} of {asked}\n" + "\n".join(against[:5])
    assert agreed > asked // 2, "the others were asked something that they can judge"


def minted(sandbox: Sandbox, policy: str) -> dict[str, Any]:
    """A session of a role that may do everything in S3, narrowed by a policy."""
    reply: dict[str, Any] = sandbox.sts().assume_role(
        RoleArn=ROLE, RoleSessionName="tide", Policy=policy
    )
    return reply
