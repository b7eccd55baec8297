"""`ebbtide` against MiniStack, by other authors, which checks signatures, policies and expiry.

What MiniStack 1.5.33 does, seen by asking it: an expired session answers `ExpiredToken` (S3 400,
STS 403) until the next mint, which forgets it (then `InvalidAccessKeyId`); any duration from one
second up is granted; a bucket that does not exist is `AccessDenied` to whoever may not list it.
"""

from datetime import datetime, timezone

import pytest

from harness import (
    AWS_CLI,
    EBBTIDE,
    Keys,
    Outcome,
    allow,
    free_port,
    in_byte_order,
    refusal,
    until,
)
from other_worlds import (
    BODY,
    CLOSED_BUCKET,
    EU_BUCKET,
    FLAT,
    FLAT_BUCKET,
    ODD_BUCKET,
    ODD_NAMES,
    REGIONS,
    World,
)

MODES = {
    "session": ("-m session", "user/ada"),
    "federation": ("-m federation -u bob", "federated-user/bob"),
    "role": ("-m role -u tide --role-arn {role}", "assumed-role/reader/tide"),
    "direct": ("-m direct", "user/ada"),
}
every_mode = pytest.mark.parametrize("mode", MODES)
minting_mode = pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "direct"])


def ebbtide(world: World, command: str, mode: str = "direct", keys: Keys | None = None) -> Outcome:
    """A command in one of the modes, started from the user's keys unless others are given."""
    flags = MODES[mode][0].format(role=world.role)
    return world.ebbtide(f"{command} {flags}", keys=keys or world.user)


def mint(world: World, command: str, mode: str) -> Keys:
    """What `ebbtide mint` hands to other programs."""
    return Keys.of(ebbtide(world, f"mint -o json {command}", mode).json())


@every_mode
def test_whoami_names_whom_the_session_acts_as(ministack: World, mode: str) -> None:
    said = ebbtide(ministack, "whoami -o json", mode).json()
    assert said["arn"].endswith(MODES[mode][1])
    assert said["account"] == "000000000000"


@every_mode
def test_every_key_of_several_pages_is_printed_in_order(ministack: World, mode: str) -> None:
    printed = ebbtide(ministack, f"ls -R -o ndjson s3://{FLAT_BUCKET}", mode).lines()
    assert [entry["key"] for entry in printed] == FLAT


@every_mode
def test_odd_names_come_back_as_they_were_put(ministack: World, mode: str) -> None:
    printed = ebbtide(ministack, f"ls -R -o json -b {ODD_BUCKET}", mode).json()
    assert [entry["key"] for entry in printed["objects"]] == in_byte_order(ODD_NAMES)
    assert printed["count"] == len(ODD_NAMES)
    assert printed["complete"] is True
    assert {entry["size"] for entry in printed["objects"]} == {len(BODY)}


@every_mode
def test_the_session_s_end_is_told(ministack: World, mode: str) -> None:
    asked = "" if mode == "direct" else "-t 30m"
    printed = ebbtide(ministack, f"ls -o json -b {ODD_BUCKET} {asked}", mode).json()
    assert printed["identity"]["arn"].endswith(MODES[mode][1])
    if mode == "direct":
        assert printed["expiration"] is None
    else:
        left = moment(printed["expiration"]) - datetime.now(timezone.utc)
        assert 29 * 60 < left.total_seconds() <= 30 * 60


def test_a_user_name_alone_means_federation(ministack: World) -> None:
    printed = ministack.ebbtide(f"ls -R -b {ODD_BUCKET} -u bob -o json", keys=ministack.user).json()
    assert printed["identity"]["arn"].endswith("federated-user/bob")
    text = ministack.ebbtide(f"ls -R -b {FLAT_BUCKET} -u bob", keys=ministack.user)
    assert text.stderr.splitlines()[-1] == f"Items ({len(FLAT)})"


def test_one_level_is_prefixes_and_what_lies_beside_them(ministack: World) -> None:
    printed = ebbtide(ministack, f"ls -o json s3://{ODD_BUCKET}", "session").json()
    assert printed["prefixes"] == in_byte_order(
        {name.split("/")[0] + "/" for name in ODD_NAMES if "/" in name}
    )
    assert [entry["key"] for entry in printed["objects"]] == in_byte_order(
        name for name in ODD_NAMES if "/" not in name
    )


@every_mode
def test_without_a_bucket_the_buckets_are_listed_with_their_regions(
    ministack: World, mode: str
) -> None:
    printed = ebbtide(ministack, "ls -o json", mode).json()
    assert {bucket["name"]: bucket["region"] for bucket in printed["buckets"]} == REGIONS


def test_a_bucket_elsewhere_is_followed_and_its_region_told(ministack: World) -> None:
    listed = ebbtide(ministack, f"ls -o json -b {EU_BUCKET}", "role")
    assert [entry["key"] for entry in listed.json()["objects"]] == ["alone"]
    assert REGIONS[EU_BUCKET] in listed.stderr


def test_a_listing_that_is_cut_short_says_so(ministack: World) -> None:
    printed = ebbtide(ministack, f"ls -R -o json --max 3 -b {FLAT_BUCKET}", "session").json()
    assert [entry["key"] for entry in printed["objects"]] == FLAT[:3]
    assert printed["complete"] is False


def test_an_entry_says_what_head_object_says(ministack: World) -> None:
    s3 = ministack.client("s3", ministack.user)
    for entry in ebbtide(ministack, f"ls -R -o json -b {ODD_BUCKET}").json()["objects"]:
        head = s3.head_object(Bucket=ODD_BUCKET, Key=entry["key"])
        assert entry["size"] == head["ContentLength"]
        assert entry["etag"] == head["ETag"].strip('"')
        assert moment(entry["last_modified"]).replace(microsecond=0) == head["LastModified"]
        assert entry["storage_class"] == head.get("StorageClass", "STANDARD")


@minting_mode
def test_minted_credentials_serve_other_programs(ministack: World, mode: str) -> None:
    keys = mint(ministack, f"-b {ODD_BUCKET}", mode)
    assert ministack.client("sts", keys).get_caller_identity()["Arn"].endswith(MODES[mode][1])
    listed = ministack.client("s3", keys).list_objects_v2(Bucket=ODD_BUCKET)
    assert listed["KeyCount"] == len(ODD_NAMES)


@pytest.mark.parametrize(
    ("mode", "scope"),
    [
        ("federation", f"-b {ODD_BUCKET}"),
        ("federation", f"-b {ODD_BUCKET} --scope list"),
        ("role", f"-b {ODD_BUCKET} --scope list"),
        ("role", f"-b {ODD_BUCKET} --scope read"),
    ],
)
def test_a_scoped_session_is_denied_on_the_other_bucket(
    ministack: World, mode: str, scope: str
) -> None:
    keys = mint(ministack, scope, mode)
    assert ebbtide(ministack, f"ls -b {ODD_BUCKET}", keys=keys).code == 0
    refused_with(
        ebbtide(ministack, f"ls -b {FLAT_BUCKET}", keys=keys), 3, "AccessDenied", FLAT_BUCKET
    )


def test_a_scoped_session_is_denied_above_its_prefix(ministack: World) -> None:
    keys = mint(ministack, f"-b {FLAT_BUCKET} --prefix flat/ --scope list", "federation")
    inside = ebbtide(ministack, f"ls -o json s3://{FLAT_BUCKET}/flat/", keys=keys)
    assert inside.json()["count"] == len(FLAT)
    refused_with(
        ebbtide(ministack, f"ls s3://{FLAT_BUCKET}", keys=keys), 3, "AccessDenied", FLAT_BUCKET
    )


def test_a_scope_of_list_does_not_read_and_one_of_read_does(ministack: World) -> None:
    for scope, expected in [("list", ("AccessDenied", 403)), ("read", None)]:
        keys = mint(ministack, f"-b {ODD_BUCKET} --scope {scope}", "federation")
        s3 = ministack.client("s3", keys)
        assert refusal(lambda s3=s3: s3.get_object(Bucket=ODD_BUCKET, Key="a//b")) == expected


def test_a_policy_of_one_s_own_stands_instead_of_the_scope(ministack: World) -> None:
    policy = allow("s3:ListBucket", f"arn:aws:s3:::{FLAT_BUCKET}")
    flags = ["mint", "-o", "json", "-m", "federation", "-u", "bob", "--policy", policy]
    keys = Keys.of(ministack.run(EBBTIDE, *flags, **ministack.user.variables()).json())
    assert ebbtide(ministack, f"ls -b {FLAT_BUCKET}", keys=keys).code == 0
    refused_with(
        ebbtide(ministack, f"ls -b {ODD_BUCKET}", keys=keys), 3, "AccessDenied", ODD_BUCKET
    )


def test_a_role_s_rights_may_exceed_the_user_s(ministack: World) -> None:
    refused_with(
        ebbtide(ministack, f"ls -b {CLOSED_BUCKET}", "session"), 3, "AccessDenied", CLOSED_BUCKET
    )
    refused_with(
        ebbtide(ministack, f"ls -b {CLOSED_BUCKET}", "federation"), 3, "AccessDenied", CLOSED_BUCKET
    )
    assert ebbtide(ministack, f"ls -o json -b {CLOSED_BUCKET}", "role").json()["count"] == 1


@minting_mode
def test_an_expired_session_is_named_and_ends_with_4(ministack: World, mode: str) -> None:
    keys = mint(ministack, f"-t 2s -b {ODD_BUCKET}", mode)
    assert ebbtide(ministack, f"ls -b {ODD_BUCKET}", keys=keys).code == 0

    def ended() -> Outcome | None:
        outcome = ebbtide(ministack, f"ls -b {ODD_BUCKET}", keys=keys)
        return outcome if outcome.code != 0 else None

    refused_with(until(ended, "expiry", seconds=8), 4, "ExpiredToken")


@every_mode
def test_a_wrong_secret_ends_with_4(ministack: World, mode: str) -> None:
    wrong = Keys(ministack.user.access_key_id, "x" * 40)
    refused_with(ebbtide(ministack, "ls", mode, keys=wrong), 4, "SignatureDoesNotMatch")


def test_an_unknown_key_ends_with_4(ministack: World) -> None:
    unknown = Keys("AKIAIOSFODNN7EXAMPLE", "x" * 40)
    refused_with(ebbtide(ministack, "ls", "session", keys=unknown), 4, "InvalidClientTokenId")
    refused_with(ebbtide(ministack, "ls", "direct", keys=unknown), 4, "InvalidAccessKeyId")


def test_an_unknown_bucket_ends_with_5(ministack: World) -> None:
    refused_with(ebbtide(ministack, "ls -b tide-none", "role"), 5, "NoSuchBucket", "tide-none")


def test_a_role_that_does_not_trust_the_user_ends_with_3(ministack: World) -> None:
    command = f"whoami -m role -u tide --role-arn {ministack.untrusting_role}"
    refused_with(
        ministack.ebbtide(command, keys=ministack.user), 3, "AccessDenied", "sts:AssumeRole"
    )


def test_no_session_is_minted_from_a_session(ministack: World) -> None:
    keys = mint(ministack, "", "session")
    for mode in ["session", "federation"]:
        outcome = ebbtide(ministack, "whoami", mode, keys=keys)
        assert outcome.code in {3, 4}, outcome
        assert "session credentials" in outcome.stderr


@every_mode
def test_an_endpoint_where_nobody_answers_ends_with_6(ministack: World, mode: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    refused_with(ebbtide(ministack, f"ls --endpoint-url {nobody}", mode), 6, nobody)


@minting_mode
def test_a_profile_of_the_aws_cli_can_name_ebbtide_as_its_credential_process(
    ministack: World, mode: str
) -> None:
    flags = MODES[mode][0].format(role=ministack.role)
    config = ministack.home / f"config-{mode}"
    config.write_text(
        f"[profile long]\naws_access_key_id = {ministack.user.access_key_id}\n"
        f"aws_secret_access_key = {ministack.user.secret_access_key}\n"
        f"[profile tide]\ncredential_process = {EBBTIDE} mint -o json -p long {flags}\n"
    )
    caller = ministack.run(
        AWS_CLI, "sts", "get-caller-identity", "--profile", "tide", AWS_CONFIG_FILE=str(config)
    )
    assert caller.json()["Arn"].endswith(MODES[mode][1])


def moment(text: str) -> datetime:
    """A time as ebbtide prints it; Python 3.10 knows no `Z`."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def refused_with(outcome: Outcome, code: int, *named: str) -> None:
    """Nothing on standard output; an error that names these, a hint, and the exit code."""
    assert outcome.code == code, outcome
    assert outcome.stdout == ""
    lines = outcome.stderr.splitlines()
    assert lines[0].startswith("error: "), outcome
    assert lines[-1].startswith("hint: "), outcome
    assert [name for name in named if name not in outcome.stderr] == [], outcome
