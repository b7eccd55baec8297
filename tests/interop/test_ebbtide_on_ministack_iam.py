"""`ebbtide` against MiniStack: IAM, and everything that STS takes besides; rows M6 to M9.

What MiniStack 1.5.33 does, seen by asking it: it checks a trust policy's external id and
`sts:TagSession`, knows IAM's users and roles, takes MFA codes and source identities without looking
at them, and tells neither source identity nor packed size.
"""

import pytest

from harness import EBBTIDE, Keys, Outcome, allow
from other_worlds import CLOSED_BUCKET, ODD_BUCKET, ODD_NAMES, World
from test_ebbtide_on_ministack import MODES, minting_mode, refused_with


def test_a_user_exists_or_does_not(ministack: World) -> None:
    found = ministack.ebbtide("user ada -o json", keys=ministack.user).json()
    assert (found["arn"], found["created"]) == ("arn:aws:iam::000000000000:user/ada", False)
    refused_with(ministack.ebbtide("user nobody", keys=ministack.user), 5, "nobody", "--create")


def test_a_user_is_created_once_when_asked_for_and_waited_for(ministack: World) -> None:
    made = ministack.ebbtide("user made --create -o json", keys=ministack.user)
    assert made.json()["created"] is True
    assert "to delete it: aws iam delete-user" in made.stderr
    again = ministack.ebbtide("user made --create -o json", keys=ministack.user)
    assert again.json()["created"] is False


def test_a_role_tells_its_maximum_and_whether_it_might_admit(ministack: World) -> None:
    told = ministack.ebbtide("role guarded -o json", keys=ministack.user).json()
    assert told["arn"] == ministack.guarded_role
    assert told["max_duration_seconds"] == 7200
    stranger = ministack.ebbtide("role stranger -o json", keys=ministack.user).json()
    reader = ministack.ebbtide("role reader -o json", keys=ministack.user).json()
    assert reader["admits"]["forecast"] == "likely"
    assert stranger["admits"]["forecast"] != "likely"
    refused_with(ministack.ebbtide("role nobody", keys=ministack.user), 5, "nobody")


def test_every_role_is_listed(ministack: World) -> None:
    listed = ministack.ebbtide("roles -o json", keys=ministack.user).json()
    assert {"reader", "stranger", "guarded"} <= {role["name"] for role in listed["roles"]}
    assert listed["complete"] is True


def test_without_rights_in_iam_everything_else_works(ministack: World) -> None:
    flags = f"-m role -u tide --role-arn {ministack.role}"
    minted = ministack.ebbtide(f"mint -o json {flags}", keys=ministack.user).json()
    keys = Keys.of(minted)
    for command in ["user ada", "role reader", "roles", "user ada --create"]:
        refused_with(ministack.ebbtide(command, keys=keys), 3, "AccessDenied")
    listed = ministack.ebbtide(f"ls --check -m direct -b {CLOSED_BUCKET}", keys=keys)
    assert listed.code == 0, listed


@pytest.mark.parametrize("mode", ["federation", "role"])
def test_user_role_and_bucket_are_checked_before_the_first_objects(
    ministack: World, mode: str
) -> None:
    flags = MODES[mode][0].format(role=ministack.role).replace("bob", "ada").replace("tide", "ada")
    command = f"ls -R --check --etags --max 5 -t 1h {flags} -b {ODD_BUCKET}"
    listed = ministack.ebbtide(command, keys=ministack.user)
    assert listed.code == 0, listed
    assert "✓ user ada: exists" in listed.stderr
    # A session that is scoped to the bucket may not list the others.
    bucket = "✓ bucket {}: exists" if mode == "role" else "? bucket {}: unknown"
    assert bucket.format(ODD_BUCKET) in listed.stderr
    assert ("✓ role reader: exists" in listed.stderr) == (mode == "role")
    assert len([line for line in listed.stdout.splitlines() if " => " in line]) == 5


def test_a_user_is_created_for_a_listing_only_when_asked_for(ministack: World) -> None:
    missing = ministack.ebbtide(f"ls --check -u newcomer -b {ODD_BUCKET}", keys=ministack.user)
    assert (missing.code, missing.stdout) == (5, "")
    assert "✗ user newcomer: does not exist\nerror: " in missing.stderr
    made = ministack.ebbtide(f"ls -R --create-user -u newcomer -b {ODD_BUCKET}", keys=ministack.user)
    assert made.code == 0, made
    assert "✓ user newcomer: created" in made.stderr
    assert made.stderr.endswith(f"Items ({len(ODD_NAMES)})\n")


def guarded(world: World, more: str) -> Outcome:
    flags = f"-m role -u tide --role-arn {world.guarded_role}"
    return world.ebbtide(f"whoami -o json {flags} {more}", keys=world.user)


def test_an_external_id_is_sent_and_its_lack_explained(ministack: World) -> None:
    assert guarded(ministack, "--external-id harbour").json()["arn"].endswith("guarded/tide")
    for more in ["", "--external-id elsewhere"]:
        refused_with(guarded(ministack, more), 3, "sts:AssumeRole", "--external-id")


def test_tags_are_taken_where_the_trust_policy_takes_them(ministack: World) -> None:
    taken = guarded(ministack, "--external-id harbour --tag team=tide --transitive-tag team")
    assert taken.json()["arn"].endswith("guarded/tide")
    flags = f"-m role -u tide --role-arn {ministack.role} --tag team=tide"
    refused = ministack.ebbtide(f"whoami {flags}", keys=ministack.user)
    refused_with(refused, 3, "sts:TagSession", "remove the tags")


def test_a_source_identity_is_taken(ministack: World) -> None:
    told = guarded(ministack, "--external-id harbour --source-identity ada").json()
    assert told["source_identity"] in {"ada", None}


def test_a_managed_policy_narrows_and_one_that_is_none_is_refused(ministack: World) -> None:
    flags = f"-m role -u tide --role-arn {ministack.role}"
    narrowed = ministack.ebbtide(
        f"mint -o json {flags} --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        keys=ministack.user,
    )
    keys = Keys.of(narrowed.json())
    assert ministack.ebbtide(f"ls -m direct -b {CLOSED_BUCKET}", keys=keys).code == 0
    foreign = "arn:aws:iam::999999999999:policy/other"
    refused = ministack.ebbtide(f"whoami {flags} --policy-arn {foreign}", keys=ministack.user)
    refused_with(refused, 2, "ARN")


@pytest.mark.parametrize("mode", ["session", "role"])
def test_an_mfa_code_goes_along_once(ministack: World, mode: str) -> None:
    serial = "arn:aws:iam::000000000000:mfa/ada"
    config = ministack.home / f"mfa-{mode}"
    config.write_text(
        f"[profile long]\naws_access_key_id = {ministack.user.access_key_id}\n"
        f"aws_secret_access_key = {ministack.user.secret_access_key}\nmfa_process = echo 123456\n"
    )
    flags = MODES[mode][0].format(role=ministack.role)
    command = f"whoami -o json -p long {flags} --mfa-serial {serial}"
    said = ministack.run(EBBTIDE, *command.split(), AWS_CONFIG_FILE=str(config))
    assert said.json()["arn"].endswith(MODES[mode][1])


@minting_mode
def test_there_is_no_console_where_no_federation_endpoint_is(ministack: World, mode: str) -> None:
    flags = MODES[mode][0].format(role=ministack.role)
    refused = ministack.ebbtide(f"console {flags}", keys=ministack.user)
    # A session token is refused one anywhere, before it is minted.
    refused_with(refused, 2 if mode == "session" else 1, "console")


def test_what_aws_would_refuse_is_advice_elsewhere(ministack: World) -> None:
    told = ministack.ebbtide("whoami -o json -m session -t 40h", keys=ministack.user)
    assert "note: " in told.stderr and "36" in told.stderr, told
    assert told.json()["arn"].endswith("user/ada")


def test_a_policy_that_is_none_is_refused_before_anything_is_sent(ministack: World) -> None:
    bad = allow("s3:ListBucket", "*").replace('"', "'").replace(" ", "")
    refused = ministack.ebbtide(f"whoami -u bob --policy {bad}", keys=ministack.user)
    refused_with(refused, 2, "--policy")
