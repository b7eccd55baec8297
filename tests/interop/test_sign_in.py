"""Signing in to the console: the documented exchange, by another client, with the sandbox; and
`ebbtide console` at servers that have no federation endpoint.

What they answer to it, seen by asking: MiniStack 1.5.33 405, moto 5.2.5 500.
"""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from harness import Keys
from other_worlds import World
from our_world import Sandbox

PAGE = "https://console.aws.amazon.com/"


def exchanged(sandbox: Sandbox, keys: Keys, by_form: bool, **more: str) -> tuple[int, str]:
    """The answer to getSigninToken, asked in the address or by a form, as the user guide shows."""
    session = {
        "sessionId": keys.access_key_id,
        "sessionKey": keys.secret_access_key,
        "sessionToken": keys.session_token,
    }
    parameters = {"Action": "getSigninToken", "Session": json.dumps(session)} | more
    return asked(sandbox, parameters, by_form)


def asked(sandbox: Sandbox, parameters: dict[str, str], by_form: bool = False) -> tuple[int, str]:
    """Status and text of what `/federation` answers."""
    form = urllib.parse.urlencode(parameters)
    address = f"{sandbox.url}/federation"
    request = (address, form.encode()) if by_form else (f"{address}?{form}",)
    try:
        with urllib.request.urlopen(*request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@pytest.mark.parametrize("by_form", [False, True])
def test_a_role_session_signs_in_as_the_user_guide_shows(sandbox: Sandbox, by_form: bool) -> None:
    status, text = exchanged(sandbox, sandbox.assumed(), by_form, SessionDuration="1800")
    assert status == 200, text
    login = {"Action": "login", "Issuer": "Example.org", "Destination": PAGE}
    status, page = asked(sandbox, login | json.loads(text))
    assert (status, "assumed-role/keeper/tide" in page) == (200, True), page


def test_who_has_no_console_or_may_not_say_how_long_is_refused(sandbox: Sandbox) -> None:
    chained = sandbox.assumed("reader", sandbox.assumed())
    for keys, more, status in [
        (sandbox.session(), {}, 400),
        (sandbox.federated(None), {}, 200),
        (sandbox.federated(None), {"SessionDuration": "1800"}, 400),
        (chained, {}, 200),
        (chained, {"SessionDuration": "900"}, 400),
    ]:
        assert exchanged(sandbox, keys, True, **more)[0] == status


def no_url(world: World, command: str, *named: str) -> None:
    """Nothing is printed but why, and that without the secrets."""
    refused = world.ebbtide(command, keys=world.user)
    assert (refused.code, refused.stdout) == (1, ""), refused
    assert [name for name in named if name not in refused.stderr] == [], refused


def test_a_server_without_a_federation_endpoint_is_told_as_such(ministack: World) -> None:
    no_url(ministack, "console -u bob", "HTTP status 405", "no federation endpoint")


def test_a_server_that_fails_at_it_is_told_as_such(moto: World) -> None:
    role = "arn:aws:iam::123456789012:role/reader"
    no_url(moto, f"console --role-arn {role}", "HTTP status 500")
