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
