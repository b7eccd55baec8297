"""`ebbtide` against moto: AWS's reply shapes as others read them, and no check of credentials.

What moto 5.2.5 does, seen by asking it: session and federation tokens are constants, and their
caller is always `user/moto`; an assumed role is named rightly; ListBuckets carries no regions.
"""

import pytest

from harness import in_byte_order
from other_worlds import FLAT, FLAT_BUCKET, ODD_BUCKET, ODD_NAMES, REGIONS, World

MODES = {
    "-m session": ":user/moto",
    "-m federation -u bob": ":user/moto",
    "-m role -u tide --role-arn arn:aws:iam::123456789012:role/reader": "assumed-role/reader/tide",
}
every_mode = pytest.mark.parametrize(("mode", "caller"), MODES.items())


@every_mode
def test_a_reply_of_every_minting_action_is_understood(moto: World, mode: str, caller: str) -> None:
    said = moto.ebbtide(f"whoami -o json {mode}", keys=moto.user).json()
    assert said["arn"].endswith(caller)


@every_mode
def test_pages_of_keys_are_counted_rightly(moto: World, mode: str, caller: str) -> None:
    printed = moto.ebbtide(f"ls -R -o json s3://{FLAT_BUCKET} {mode}", keys=moto.user).json()
    assert [entry["key"] for entry in printed["objects"]] == FLAT
    assert printed["count"] == len(FLAT)
    assert printed["complete"] is True
    assert printed["identity"]["arn"].endswith(caller)


def test_odd_names_come_back_as_they_were_put(moto: World) -> None:
    printed = moto.ebbtide(f"ls -R -o json -b {ODD_BUCKET} -m session", keys=moto.user).json()
    assert [entry["key"] for entry in printed["objects"]] == in_byte_order(ODD_NAMES)


def test_buckets_without_a_region_are_listed(moto: World) -> None:
    printed = moto.ebbtide("ls -o json -m session", keys=moto.user).json()
    assert {bucket["name"] for bucket in printed["buckets"]} == set(REGIONS)


def test_users_and_roles_are_found_made_and_listed(moto: World) -> None:
    assert moto.ebbtide("user ada -o json", keys=moto.user).json()["created"] is False
    assert moto.ebbtide("user nobody", keys=moto.user).code == 5
    assert moto.ebbtide("user made --create -o json", keys=moto.user).json()["created"] is True
    guarded = moto.ebbtide("role guarded -o json", keys=moto.user).json()
    assert (guarded["arn"], guarded["max_duration_seconds"]) == (moto.guarded_role, 7200)
    listed = moto.ebbtide("roles -o json", keys=moto.user).json()
    assert {"reader", "guarded"} <= {role["name"] for role in listed["roles"]}


EVERYTHING = {
    "session": "-m session --mfa-serial {device} --mfa-code-stdin",
    "federation": "-u bob --tag team=tide --policy-arn {policy} --scope read",
    "role": "-u bob --role-arn {role} --tag team=tide --transitive-tag team --source-identity ada"
    " --external-id harbour --policy-arn {policy} --scope read"
    " --mfa-serial {device} --mfa-code-stdin",
}


@pytest.mark.parametrize("mode", EVERYTHING)
def test_everything_that_sts_takes_is_taken(moto: World, mode: str) -> None:
    policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    flags = EVERYTHING[mode].format(device=moto.device, policy=policy, role=moto.guarded_role)
    command = f"whoami -o json -t 20m {flags} -b {ODD_BUCKET}"
    said = moto.ebbtide(command, keys=moto.user, stdin="123456\n").json()
    assert said["mode"] == mode
    assert said["expiration"] is not None
    if mode == "federation":
        assert said["session_arn"].endswith("federated-user/bob")
        assert isinstance(said["packed_percent"], int)
    if mode == "role":
        assert said["session_arn"].endswith("assumed-role/guarded/bob")
        assert said["session_id"].endswith(":bob")
