"""Rows M1 to M10 of what must work, through the interface: keys and screen in a terminal of 80x24, on the sandbox and
on MiniStack, by other authors. Each row is one table entry for both; what one of them does not do is in a test's name.

What MiniStack 1.5.33 does not do, seen by asking it: hold roles to their maximum duration, look at MFA codes, and
tell how much room a policy takes.
"""

import re

import pytest
from botocore.exceptions import ClientError

from grounds import Ground
from harness import allow, free_port
from other_worlds import World
from our_world import Sandbox

ROLE, FEDERATION = "right right", "right"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.fixture(params=["sandbox", "ministack"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """Either server, with what is the same on both."""
    return Ground.of(request.getfixturevalue(request.param))


@pytest.fixture
def on_sandbox(sandbox: Sandbox) -> Ground:
    """The sandbox alone, where the other does not do what a row is about."""
    return Ground.of(sandbox)


@pytest.fixture
def on_ministack(ministack: World) -> Ground:
    """MiniStack alone, likewise."""
    return Ground.of(ministack)


def all_of(count: int) -> str:
    """How a frame says that this many entries are all there are."""
    return f" of {count:,}, all"


def test_m1_m3_a_session_token_of_7200_s_lists_a_bucket_and_numbers_what_is_in_it(
    ground: Ground,
) -> None:
    with ground.form() as at:
        at.fill("7200", f"s3://{ground.bucket}/").press("enter")
        at.shows(f"as user/{ground.name}", "all the user's rights", all_of(ground.entries))
        assert re.search("SESSION  ● (1h 59m|2h 00m) left", at.screen()), at.screen()


def test_m2_a_role_by_arn_and_session_name_lists_and_numbers(ground: Ground) -> None:
    with ground.form() as at:
        at.press(ROLE).fill(ground.arn("reader"), "1h", "berth", f"s3://{ground.bucket}/")
        at.press("enter")
        at.shows("as assumed-role/reader/berth", all_of(ground.entries))
        assert "ROLE  ●" in at.screen(), at.screen()


def test_m2_a_refusal_names_the_service_that_refused_and_why(ground: Ground) -> None:
    with ground.form() as at:
        at.press(ROLE).fill(ground.arn(ground.closed_role)).press("enter")
        at.shows("✗ not minted", "AccessDenied (403)", "F2 explains")
        at.press("F2").shows("STS answered AccessDenied (403)", "trust policy")
        assert "did not respond" not in at.screen(), at.screen()


def test_m2_an_sts_that_cannot_be_reached_is_said_not_to_answer(ground: Ground) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with ground.interface("--endpoint-url", nobody) as at:
        at.press("enter").shows("✗ not minted", f"{nobody} did not respond")
        at.press("F2").shows("Connection refused", "check the network, the endpoint")
        assert "answered" not in at.screen(), at.screen()


def test_m2_an_s3_that_cannot_be_reached_is_said_not_to_answer(ground: Ground) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with ground.interface(f"s3://{ground.bucket}/", AWS_ENDPOINT_URL_S3=nobody) as at:
        at.press("enter").shows(f"as user/{ground.name}", "✗ not listed", "did not respond")
        at.press("e").shows("what went wrong", f"could not list s3://{ground.bucket}/", nobody)
        assert "answered" not in at.screen(), at.screen()


def test_m3_an_error_of_sts_is_told_from_one_of_s3(ground: Ground) -> None:
    with ground.form("mistyped") as at:
        at.press("enter").shows("✗ not minted", "SignatureDoesNotMatch (403)")
        at.press("F2").shows("STS answered SignatureDoesNotMatch", "mistyped")
    with ground.form() as at:
        at.fill("1h", f"s3://{ground.closed_bucket}/").press("enter")
        at.shows("✗ not listed", "AccessDenied (403)")
        at.press("e").shows("S3 answered AccessDenied (403)", ground.closed_bucket)


def test_m4_a_session_of_the_default_duration_lists_buckets_and_pages_through_every_key(
    ground: Ground,
) -> None:
    with ground.form() as at:
        at.press("enter").shows(all_of(ground.buckets), "Region")
        assert re.search("● (59:5|1h 00m )", at.screen()), at.screen()
        at.press("g ctrl-u").paste(ground.long_location).press("enter").shows("1 of 1,000")
        at.press("pgdn " * 62).shows(f" of {min(2000, ground.long_count):,}")
        at.press("G").shows(f"{ground.long_count:,}{all_of(ground.long_count)}")


def test_m4_the_profile_s_own_credentials_list_as_they_are_and_have_no_end(ground: Ground) -> None:
    with ground.form() as at:
        at.press(f"{ROLE} right tab").paste(f"s3://{ground.bucket}/").press("enter")
        at.shows("DIRECT", f"as user/{ground.name}", all_of(ground.entries))
        assert " left " not in at.screen(), at.screen()


def test_m5_a_federated_user_from_the_flags_sees_one_bucket_and_no_other(ground: Ground) -> None:
    with ground.interface("-u", "visitor", "-b", ground.bucket) as at:
        at.shows("● federation", f"→ read s3://{ground.bucket}/*", "for 1h", "visitor")
        at.press("enter").shows("as federated-user/visitor", all_of(ground.entries))
        at.press("g ctrl-u").paste(ground.long_location).press("enter")
        at.shows(f"not allowed to list {ground.long_location}", "s3:ListBucket")


def test_m5_the_buckets_say_where_they_are_and_one_elsewhere_opens_and_says_so(
    ground: Ground,
) -> None:
    with ground.form() as at:
        at.press(ROLE).fill(ground.arn(ground.wide_role), "1h", "berth").press("enter")
        at.shows(all_of(ground.buckets))
        assert "eu-west-1" in at.row_of(ground.other_bucket), at.screen()
        at.press("g ctrl-u").paste(f"s3://{ground.other_bucket}/").press("enter")
        at.shows(f"s3://{ground.other_bucket}/ in eu-west-1", ground.other_entry)


def test_m6_a_user_that_exists_is_found_and_the_form_creates_none(
    ground: Ground,
) -> None:
    users = f"arn:aws:iam::{ground.account}:user"
    with ground.form() as at:
        at.press(FEDERATION).fill("1h", ground.name)
        at.press("F6").shows(f"✓ exists: {users}/{ground.name}")
        at.press("esc").shows_no_more("IAM user")
        at.press("ctrl-u").paste("harbourer").press("F6").shows("IAM has no user harbourer")
        at.press("enter").shows("`ebbtide user harbourer --create`")
    with pytest.raises(ClientError):
        ground.iam().get_user(UserName="harbourer")


def test_m6_m7_a_role_is_chosen_from_those_there_are_and_assumed_for_a_while(
    ground: Ground,
) -> None:
    with ground.form() as at:
        at.press(f"{ROLE} F6").shows("likely", "by trust policy alone", ground.guarded_role)
        at.paste("reader").shows("1 of ")
        at.press("enter").shows(ground.arn("reader"))
        at.fill("20m", "berth", f"s3://{ground.bucket}/").press("enter")
        at.shows("as assumed-role/reader/berth", all_of(ground.entries))
        assert re.search("● (19:5|20:0)", at.screen()), at.screen()


def test_m6_m7_a_role_that_does_not_exist_is_said_not_to(ground: Ground) -> None:
    with ground.form() as at:
        at.press(ROLE).fill(ground.arn("nobody"), "1h")
        at.shows("▲ IAM has no such role in your account")
        at.press("tab F6").shows("by trust policy alone")
        at.paste("nobody").shows("0 of ")


def test_m6_m7_a_bucket_that_does_not_exist_is_said_not_to(ground: Ground) -> None:
    with ground.form() as at:
        at.press(ROLE).fill(ground.arn(ground.wide_role), "1h", "berth", "s3://tide-none/")
        at.press("enter").shows("✗ not listed", "NoSuchBucket (404)")
        at.press("e").shows("S3 answered NoSuchBucket (404)")


def test_m6_an_entry_shows_its_etag(ground: Ground) -> None:
    with ground.form() as at:
        at.press(FEDERATION).fill("1h", "visitor", ground.long_location).press("enter")
        at.shows("1 of 1,000")
        assert re.search("etag [0-9a-f]{32}", at.screen()), at.screen()


def test_m8_a_session_token_is_minted_with_a_device_and_its_masked_code(ground: Ground) -> None:
    serial, code = ground.device()
    with ground.form() as at:
        at.press("F4 ctrl-u").paste(serial).press("tab").paste(code)
        assert code not in at.shows("MFA code   ••••••")
        at.press("enter").shows(f"as user/{ground.name}", all_of(ground.buckets))


def test_m8_a_federated_session_tells_its_ids_its_end_and_how_much_room_its_policy_takes(
    ground: Ground,
) -> None:
    with ground.form() as at:
        at.press(FEDERATION).fill("2h", "visitor").press("enter").shows(all_of(ground.buckets))
        at.press("S").shows(
            f"ARN        arn:aws:sts::{ground.account}:federated-user/visitor",
            f"Id         {ground.account}:visitor",
            "asked for 2h",
            "Packed ",
        )


def test_m8_a_policy_is_built_from_verbs_and_its_session_may_do_no_more(ground: Ground) -> None:
    with ground.form() as at:
        at.press(FEDERATION).fill("1h", "visitor", f"s3://{ground.bucket}/").press("F3")
        at.shows("[x] list keys", "[x] read objects", "may list and read")
        at.press("tab space").shows("[ ] read objects", f"may list s3://{ground.bucket}/")
        at.press("enter").shows(f"✓ Enter mints: list s3://{ground.bucket}/*")
        at.press("enter").shows(all_of(ground.entries), f"list s3://{ground.bucket}/*")


def test_m8_a_policy_is_edited_as_json_and_an_error_is_named_by_line_and_column(
    ground: Ground,
) -> None:
    with ground.form() as at:
        at.press(FEDERATION).fill("1h", "visitor", f"s3://{ground.bucket}/").press("F3")
        at.shows("[x] list keys")
        at.press("F4").shows("session policy, as JSON", "✓ Ctrl-s accepts")
        at.press("down , ctrl-s").shows("▲ line 2, column 1: key must be a string")
        at.press("backspace").shows("✓ Ctrl-s accepts")
        at.press("ctrl-s").shows("✓ Enter accepts: may list and read")
        at.press("enter").shows("✓ Enter mints: may list and read")
        at.press("enter").shows("as federated-user/visitor", all_of(ground.entries))


def test_m8_a_policy_of_one_s_own_is_sent_as_it_is(ground: Ground) -> None:
    policy = allow(["s3:ListBucket", "s3:GetBucketLocation"], f"arn:aws:s3:::{ground.bucket}")
    location = f"s3://{ground.bucket}/"
    with ground.interface("-u", "visitor", "--policy", policy, location) as at:
        at.press("enter").shows("as federated-user/visitor", all_of(ground.entries))
        at.press("g ctrl-u").paste(ground.long_location).press("enter")
        at.shows(f"not allowed to list {ground.long_location}")


def test_m8_every_option_of_a_role_is_taken(ground: Ground) -> None:
    arn = ground.arn(ground.tagged_role)
    with ground.form() as at:
        at.press(ROLE).fill(arn, "30m", "berth", f"s3://{ground.bucket}/").press("tab F4")
        at.shows("Managed policies")
        at.paste(READ_ONLY).fill("team=tide", "team", ground.external_id, ground.name)
        at.press("enter").shows(f"as assumed-role/{ground.tagged_role}/berth")


def test_m8_an_external_id_that_is_missing_is_explained(ground: Ground) -> None:
    with ground.form() as at:
        at.press(ROLE).fill(ground.arn(ground.guarded_role)).press("enter")
        at.shows("✗ not minted", "AccessDenied (403)")
        at.press("F2").shows("external ID", "MFA code")


def test_m9_what_aws_grants_at_most_is_said_beside_the_duration_before_the_call(
    ground: Ground,
) -> None:
    with ground.form() as at:
        for asked, said in [("40h", "AWS allows 15m to 36h; this endpoint decides"), ("1h", "3600")]:
            at.press("tab ctrl-u").paste(asked).shows(said)
            at.press("backtab")
        at.press(ROLE).fill(ground.arn(ground.guarded_role), "5h")
        at.shows("the role's maximum: at most 2h", "Enter tries")
        at.press("F7").shows("role chain", "at most 2h: the role's own maximum")


def test_m9_what_a_session_token_may_mint_is_said_before_the_call(ground: Ground) -> None:
    with ground.form("token") as at:
        at.shows("✗ session  ✗ federation", "● direct", "temporary already, so used as they are")
        at.press(f"{ROLE} right").fill(ground.arn("reader"), "2h").shows("role chaining: at most 1h")


def test_m9_a_duration_refused_by_the_sandbox_is_explained_and_an_hour_one_key_away(
    on_sandbox: Ground,
) -> None:
    with on_sandbox.form() as at:
        at.press(ROLE).fill(on_sandbox.arn("reader"), "5h").press("enter")
        at.shows("✗ not minted", "ValidationError (400)", "F9")
        at.press("F2").shows("MaxSessionDuration", "1h")
        at.press("F9").shows("as assumed-role/reader/", "ROLE  ● ")
        assert re.search("● (59:|1h 00m )", at.screen()), at.screen()


def test_m9_a_duration_that_ministack_grants_against_aws_s_limit_is_shown_as_granted(
    on_ministack: Ground,
) -> None:
    with on_ministack.form() as at:
        at.fill("40h").press("enter").shows("as user/ada")
        assert re.search("SESSION  ● (39h 59m|40h 00m) left", at.screen()), at.screen()


@pytest.mark.parametrize(
    ("mode", "named"),
    [("", []), (FEDERATION, ["visitor"]), (ROLE, ["visitor"])],
    ids=["session", "federation", "role"],
)
def test_m10_an_expired_session_keeps_its_rows_says_what_s3_answers_and_is_renewed_by_a_key(
    ground: Ground, mode: str, named: list[str]
) -> None:
    role = [ground.arn(ground.wide_role)] if mode == ROLE else []
    with ground.form() as at:
        at.press(mode).fill(*role, "4s", *named, f"s3://{ground.bucket}/").press("enter")
        at.shows(all_of(ground.entries))
        at.shows("✗ EXPIRED 00:02 ago", "✗ session expired", "R renews it")
        at.shows(all_of(ground.entries))
        at.press("r").shows("✗ session expired · R renews it · e explains", "ExpiredToken (400)")
        at.press("e").shows("the session expired at", "ExpiredToken", "mint it again")
        at.press("esc").shows_no_more("what went wrong")
        at.press("R").shows(" left ", all_of(ground.entries))
        assert "EXPIRED" not in at.screen(), at.screen()


def test_m10_a_token_that_is_invalid_is_told_from_one_that_expired(ground: Ground) -> None:
    with ground.form("forged") as at:
        at.fill(f"s3://{ground.bucket}/").press("enter")
        at.shows("✗ not listed", "Invalid")
        at.press("e").shows("S3 answered Invalid")
        assert "ExpiredToken" not in at.screen(), at.screen()
