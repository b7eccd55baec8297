"""What MiniStack and moto hold while ebbtide is tried on them.

The odd names are those an S3 client gets wrong first: they need URL encoding, are invalid in XML
1.0, move a cursor, or look like paths that are not.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from harness import REGION, Keys, Service, allow

ODD_NAMES = [
    " leading space",
    "a b/c d.txt",
    "a//b",
    "bell\x07 and escape\x1b[2J.txt",
    "plus+and%25and&and?and#.txt",
    "quotes\"'<>.txt",
    "right\u202eto left.txt",
    "trailing/",
    "ünïcode/日本.txt",
    "x" * 1024,
]
FLAT = [f"flat/{number:05}" for number in range(1003)]
BODY = b"ebb"
CLOSED_BUCKET, EU_BUCKET = "tide-closed", "tide-eu"
FLAT_BUCKET, ODD_BUCKET = "tide-flat", "tide-odd"
REGIONS = {
    CLOSED_BUCKET: REGION,
    EU_BUCKET: "eu-west-1",
    FLAT_BUCKET: REGION,
    ODD_BUCKET: REGION,
}


@dataclass(frozen=True)
class World(Service):
    """A service, somebody with long-term keys there, a role that trusts them, one that does not.

    The guarded role asks for the external id `harbour` and takes the tag `team`; the device is theirs.
    """

    user: Keys
    role: str
    untrusting_role: str
    guarded_role: str
    device: str | None = None


def furnish_ministack(service: Service, admin: Keys) -> World:
    """A user who may read two of the buckets, and a role that may list them all."""
    iam = service.client("iam", admin)
    iam.create_user(UserName="ada")
    open_buckets = [f"arn:aws:s3:::{bucket}" for bucket in (ODD_BUCKET, FLAT_BUCKET)]
    mint = ["s3:ListAllMyBuckets", "sts:GetFederationToken", "sts:AssumeRole"]
    read = ["s3:ListBucket", "s3:GetObject", "s3:GetBucketLocation"]
    objects = [f"{bucket}/*" for bucket in open_buckets]
    for name, policy in [
        ("mint", allow(mint, "*")),
        ("read", allow(read, *open_buckets, *objects)),
        ("ask", allow(["iam:GetUser", "iam:CreateUser", "iam:GetRole", "iam:ListRoles"], "*")),
    ]:
        iam.put_user_policy(UserName="ada", PolicyName=name, PolicyDocument=policy)
    created = iam.create_access_key(UserName="ada")["AccessKey"]
    account = service.client("sts", admin).get_caller_identity()["Account"]
    role = create_role(iam, "reader", f"arn:aws:iam::{account}:root")
    list_all = allow(["s3:ListBucket", "s3:ListAllMyBuckets"], "*")
    iam.put_role_policy(RoleName="reader", PolicyName="list", PolicyDocument=list_all)
    stranger = create_role(iam, "stranger", f"arn:aws:iam::{account}:user/eve")
    furnish_buckets(service, admin)
    user = Keys(created["AccessKeyId"], created["SecretAccessKey"])
    return World(service.url, service.home, user, role, stranger, guarded_role(iam, account))


def furnish_moto(service: Service) -> World:
    """The same buckets; any keys and any role do there."""
    user = Keys("AKIAEBBTIDEINTEROP00", "not-checked")
    furnish_buckets(service, user)
    iam = service.client("iam", user)
    role = create_role(iam, "reader", "*")
    iam.create_user(UserName="ada")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="ada")["VirtualMFADevice"]
    serial = device["SerialNumber"]
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
    iam.enable_mfa_device(UserName="ada", SerialNumber=serial, **codes)
    guarded = guarded_role(iam, "123456789012")
    return World(service.url, service.home, user, role, role, guarded, serial)


def guarded_role(iam: Any, account: str) -> str:
    """The ARN of a new role that asks for an external id, and takes one tag."""
    owner = {"AWS": f"arn:aws:iam::{account}:root"}
    asked = {"StringEquals": {"sts:ExternalId": "harbour"}}
    trust = json.loads(allow("sts:AssumeRole", Principal=owner, Condition=asked))
    trust["Statement"].append({"Effect": "Allow", "Principal": owner, "Action": "sts:TagSession"})
    created = iam.create_role(
        RoleName="guarded", AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=7200
    )
    return created["Role"]["Arn"]


def create_role(iam: Any, name: str, trusted: str) -> str:
    """The ARN of a new role that trusts one principal."""
    trust = allow("sts:AssumeRole", Principal={"AWS": trusted})
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]


def furnish_buckets(service: Service, keys: Keys) -> None:
    """Odd names, more keys than a page holds, and a key each where nobody looks and elsewhere."""
    for bucket, region in REGIONS.items():
        where = {"LocationConstraint": region}
        there = service.client("s3", keys, region=region)
        there.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        if bucket in {CLOSED_BUCKET, EU_BUCKET}:
            there.put_object(Bucket=bucket, Key="alone", Body=b"")
    s3 = service.client("s3", keys)
    with ThreadPoolExecutor(8) as pool:
        for bucket, names in [(ODD_BUCKET, ODD_NAMES), (FLAT_BUCKET, FLAT)]:
            put = partial(s3.put_object, Bucket=bucket, Body=BODY)
            list(pool.map(lambda name, put=put: put(Key=name), names))
