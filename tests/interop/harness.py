"""Servers on loopback, clients free of the machine's own settings, and refusals as values.

Invariant: nothing here reads the caller's AWS settings, leaves loopback, or outlives the test run.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

EBBTIDE = os.environ["EBBTIDE"]
AWS_CLI = str(Path(sys.executable).with_name("aws"))
REGION = "us-west-2"

Answer = TypeVar("Answer")


def environment(home: Path, **extra: str) -> dict[str, str]:
    """A process's whole environment: the path, a home of its own, and `extra`."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "AWS_EC2_METADATA_DISABLED": "true",
        "RUST_BACKTRACE": "0",
    } | extra


@dataclass(frozen=True)
class Keys:
    """Credentials; without a session token they are long-term keys."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None

    @classmethod
    def of(cls, reply: dict[str, Any]) -> "Keys":
        """Those in a reply of STS, or in a `credential_process` object."""
        minted = reply.get("Credentials", reply)
        return cls(minted["AccessKeyId"], minted["SecretAccessKey"], minted["SessionToken"])

    def variables(self) -> dict[str, str]:
        """As every AWS tool reads them from its environment."""
        named = {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """What it printed, after it succeeded."""
        assert self.code == 0, self
        return json.loads(self.stdout)

    def lines(self) -> list[Any]:
        """The same where every line is an object."""
        assert self.code == 0, self
        return [json.loads(line) for line in self.stdout.splitlines()]


@dataclass(frozen=True)
class Service:
    """An endpoint that answers as S3 and STS, and a home for the tools that talk to it."""

    url: str
    home: Path

    def client(self, name: str, keys: Keys, region: str = REGION, **config: Any) -> Any:
        """A boto3 client that never retries and lets the service judge every parameter."""
        return boto3.client(
            name,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret_access_key,
            aws_session_token=keys.session_token,
            config=Config(
                parameter_validation=False,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                signature_version="s3v4" if name == "s3" else None,
                **config,
            ),
        )

    def run(self, program: str, *arguments: str, stdin: str = "", **variables: str) -> Outcome:
        """A program to its end, pointed at this service by its environment alone."""
        code, stdout, stderr = self.run_bytes(program, *arguments, stdin=stdin, **variables)
        return Outcome(code, stdout.decode(), stderr)

    def run_bytes(
        self, program: str, *arguments: str, stdin: str = "", **variables: str
    ) -> tuple[int, bytes, str]:
        """The same, with what it printed as bytes."""
        done = subprocess.run(
            [program, *arguments],
            env=environment(
                self.home, AWS_ENDPOINT_URL=self.url, AWS_REGION=REGION, AWS_DEFAULT_REGION=REGION
            )
            | variables,
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr.decode()

    def aws(self, command: str, *arguments: str, keys: Keys) -> Outcome:
        """The AWS CLI: `command` is split at spaces, `arguments` are not."""
        return self.run(
            AWS_CLI, *command.split(), *arguments, AWS_MAX_ATTEMPTS="1", **keys.variables()
        )

    def ebbtide(self, command: str, *arguments: str, keys: Keys, stdin: str = "") -> Outcome:
        """Our program, likewise."""
        words = command.split()
        return self.run(EBBTIDE, *words, *arguments, stdin=stdin, **keys.variables())


def allow(actions: str | list[str], *resources: str, **more: Any) -> str:
    """A policy of one statement; `more` adds a condition, or the principal of a trust policy."""
    statement = {"Effect": "Allow", "Action": actions} | more
    if resources:
        statement["Resource"] = list(resources)
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def in_byte_order(names: Iterable[str]) -> list[str]:
    """S3's order, which is not that of Python's strings: names by their UTF-8 bytes."""
    return sorted(names, key=str.encode)


def refusal(call: Callable[[], object]) -> tuple[str, int] | None:
    """The code and HTTP status with which a service refused, or nothing if it did not."""
    try:
        call()
    except ClientError as refused:
        return (
            refused.response["Error"]["Code"],
            refused.response["ResponseMetadata"]["HTTPStatusCode"],
        )
    return None


def first_refusal(call: Callable[[], object], seconds: float = 8) -> tuple[str, int]:
    """Repeats what works now until it is refused."""
    assert refusal(call) is None
    return until(lambda: refusal(call), "a refusal", seconds)


def until(ask: Callable[[], Answer | None], what: str, seconds: float) -> Answer:
    """Asks until there is an answer, or fails at the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (answer := ask()) is not None:
            return answer
        time.sleep(0.05)
    raise TimeoutError(f"no {what} within {seconds} s")


def fetch(url: str) -> tuple[int, bytes]:
    """A plain GET: status and body, whatever the status."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    command: list[str], home: Path, ready: Callable[[str], Answer | None], **variables: str
) -> Iterator[Answer]:
    """A server until the block ends, from when `ready` makes something of what it printed."""
    printed, errors = home / "stdout", home / "stderr"
    with (
        printed.open("w") as out,
        errors.open("w") as err,
        subprocess.Popen(
            command, env=environment(home, **variables), stdout=out, stderr=err
        ) as server,
    ):

        def answer() -> Answer | None:
            assert server.poll() is None, f"{command[0]} ended: {errors.read_text()}"
            return ready(printed.read_text())

        try:
            yield until(answer, f"sign of life from {command[0]}", seconds=60)
        finally:
            server.terminate()
            try:
                server.wait(timeout=5)
            except subprocess.TimeoutExpired:
                server.kill()
