"""Sources that AWS gives and a laptop has not: an IAM Identity Center login, the roles of a container and of an instance.

The metadata service and the portal are fakes on loopback that hand out a session of the sandbox; the settings that
lead to them are those of the AWS SDKs.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from grounds import Ground
from our_world import Sandbox

Answer = Callable[[str, dict[str, str]], "tuple[int, str] | None"]


@pytest.fixture
def ground(sandbox: Sandbox) -> Ground:
    """The sandbox, for which the fakes' credentials are good."""
    return Ground.of(sandbox)


@contextmanager
def fake(answer: Answer) -> Iterator[str]:
    """The URL of a service on loopback that answers a path and headers, or else 404, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = answer(self.path, headers) or (404, "")
            self.send_response(status)
            self.send_header("x-aws-ec2-metadata-token-ttl-seconds", "21600")
            self.send_header("content-length", str(len(body)))
            if status == 401:
                self.send_header("x-amzn-errortype", "UnauthorizedException")
            self.end_headers()
            self.wfile.write(body.encode())

        do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def handed_out(ground: Ground) -> str:
    """A session of the person's, as metadata services word it."""
    minted = ground.service.client("sts", ground.user).get_session_token()["Credentials"]
    return json.dumps(
        {
            "Code": "Success",
            "AccessKeyId": minted["AccessKeyId"],
            "SecretAccessKey": minted["SecretAccessKey"],
            "Token": minted["SessionToken"],
            "Expiration": minted["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )


def test_the_role_of_a_container_assumes_another(ground: Ground) -> None:
    def agent(path: str, headers: dict[str, str]) -> tuple[int, str]:
        allowed = path == "/role" and headers.get("authorization") == "pod"
        return (200, handed_out(ground)) if allowed else (403, "")

    with fake(agent) as url:
        found = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/role",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "pod",
        }
        arguments = ["--source", "container", "--role-arn", ground.arn("reader")]
        with ground.interface(*arguments, f"s3://{ground.bucket}/", **found) as at:
            at.shows("container's role", "✗ session  ✗ federation", "✓ Enter mints")
            at.press("F7").shows("temporary credentials of the IAM role of the container", "role chaining")
            at.press("esc").shows_no_more("To avoid the limit")
            at.press("enter").shows("as assumed-role/reader/ebbtide", " of 7, all")


def test_a_container_that_gives_nothing_is_named_and_the_reason(ground: Ground) -> None:
    with fake(lambda *_: (403, "")) as url:
        found = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/role"}
        with ground.interface("--source", "container", "-m", "direct", **found) as at:
            at.press("enter").shows("✗ not minted")
            at.press("F2").shows("what went wrong", "the IAM role of the container")


def test_the_role_of_an_instance_browses_as_it_is(ground: Ground) -> None:
    at_path = "/latest/meta-data/iam/security-credentials/"

    def metadata(path: str, headers: dict[str, str]) -> "tuple[int, str] | None":
        if path == "/latest/api/token":
            return 200, "proof"
        if headers.get("x-aws-ec2-metadata-token") != "proof":
            return 401, ""
        answers = {at_path: lambda: "tide", f"{at_path}tide": lambda: handed_out(ground)}
        return (200, answers[path]()) if path in answers else None

    with fake(metadata) as url:
        found = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url, "AWS_EC2_METADATA_DISABLED": "false"}
        arguments = ["--source", "instance", "-m", "direct", f"s3://{ground.bucket}/"]
        with ground.interface(*arguments, **found) as at:
            at.press("enter").shows("DIRECT", f"as user/{ground.name}", " of 7, all")


def test_a_login_of_identity_center_that_ended_names_its_command_and_a_fresh_one_is_taken_up(
    ground: Ground, tmp_path: Path
) -> None:
    def portal(_: str, headers: dict[str, str]) -> tuple[int, str]:
        if headers.get("x-amz-sso_bearer_token") != "fresh":
            return 401, '{"message": "Session token not found or invalid"}'
        role = json.loads(handed_out(ground))
        named = {
            "accessKeyId": role["AccessKeyId"],
            "secretAccessKey": role["SecretAccessKey"],
            "sessionToken": role["Token"],
            "expiration": 4_000_000_000_000,
        }
        return 200, json.dumps({"roleCredentials": named})

    cache = tmp_path / ".aws/sso/cache" / f"{hashlib.sha1(b'corp').hexdigest()}.json"
    cache.parent.mkdir(parents=True)

    def log_in(token: str, end: str) -> None:
        cache.write_text(json.dumps({"accessToken": token, "expiresAt": end}))

    log_in("fresh", "2020-01-01T00:00:00Z")
    config = tmp_path / "config"
    config.write_text(
        "[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = reader\n"
        "[sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://corp.example\n"
        "[profile mistyped]\naws_access_key_id = x\n"
    )
    with fake(portal) as url:
        found = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(config), "AWS_ENDPOINT_URL_SSO": url}
        arguments = ["-p", "corp", "-m", "direct", f"s3://{ground.bucket}/"]
        with ground.interface(*arguments, **found) as at:
            at.shows("login expired")
            at.press("enter").shows("✗ not minted", "login expired")
            at.press("F2").shows("aws sso login --sso-session corp")
            at.press("esc").shows_no_more("what went wrong")
            log_in("revoked", "2099-01-01T00:00:00Z")
            at.press("enter").shows("UnauthorizedException")
            at.press("F2").shows("log in again")
            at.press("esc").shows_no_more("what went wrong")
            log_in("fresh", "2099-01-01T00:00:00Z")
            at.press("F5").shows_no_more("login expired")
            at.press("enter").shows("DIRECT", f"as user/{ground.name}", " of 7, all")
