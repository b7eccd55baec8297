"""A session's end while somebody browses: a renewal that fails and then does not, and a device's code asked for early."""

from contextlib import ExitStack
from pathlib import Path

from grounds import Ground
from harness import free_port
from our_world import Sandbox, running_sandbox


def test_a_renewal_that_fails_says_why_and_succeeds_when_the_service_is_back(
    tmp_path: Path,
) -> None:
    port = f"--port={free_port()}"
    with ExitStack() as service:
        ground = Ground.of(service.enter_context(running_sandbox(tmp_path, port)))
        with ground.form() as at:
            at.fill("20s", f"s3://{ground.bucket}/").press("enter").shows(" of 7, all")
            at.press("A").shows("renewed when 00:0")
            at.press("enter").shows("renewed automatically")
            service.close()
            at.shows("not renewed yet", "next attempt in 00:0", "e explains")
            at.press("e").shows("could not mint a session token", "did not respond", "refused")
            at.press("esc").shows_no_more("what went wrong")
            at.shows("✗ EXPIRED", "stations.json")
            assert "still valid" not in at.shows("✗ session expired · R renews it · e explains"), at.screen()
            with running_sandbox(tmp_path, port):
                at.shows("left ", "renewed: the same rights", "of 7, all")
                assert "EXPIRED" not in at.screen(), at.screen()


def test_a_session_with_mfa_asks_early_for_a_code_and_browsing_goes_on(sandbox: Sandbox) -> None:
    ground = Ground.of(sandbox)
    serial, code = ground.device()
    with ground.form() as at:
        at.fill("40s", ground.long_location).press("F4 ctrl-u")
        at.paste(serial).press("tab").paste(code).press("enter").shows("1 of 1,000")
        at.shows("the session ends in 00:04", "R renews it with an MFA code", seconds=60)
        at.press("G").shows("12,000 of 12,000, all")
        at.press("R").shows("code")
        at.paste(ground.device()[1])
        at.press("enter").shows("renewed: the same rights", "● 00:3")
