"""Whose credentials are used, in which region and against which endpoint: as boto3, over generated files and environments.

A difference needs a reason. Most reasons are rules of the AWS CLI v2 or of the AWS SDKs' file format, and each is itself
tested: it says what boto3 would have to be asked instead, and ebbtide must say the same as boto3 then.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from harness import EBBTIDE, environment
from identity_cases import Answers, Case, cases, without

SEED = os.environ.get("IDENTITY_SEED", "1")
COUNT = int(os.environ.get("IDENTITY_CASES", "300"))
VALUE = re.compile(r"^( export (\w+)='(.*)'| unset \w+)$")
COMMENT = re.compile(r"[ \t][#;].*$")


class AnswersOfAws(BaseHTTPRequestHandler):
    """STS, Identity Center and a container: whoever asks is in the key that is granted."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        action, role = form["Action"][0], form["RoleArn"][0]
        signed = re.search(r"Credential=([^/]+)/", self.headers.get("authorization", ""))
        caller = signed[1] if signed else form["WebIdentityToken"][0]
        key = "ASIA" + sha256(f"{caller} {role}".encode()).hexdigest()[:16].upper()
        self.answer(
            f"<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId>"
            f"<SecretAccessKey>{'s' * 40}</SecretAccessKey><SessionToken>{'t' * 100}</SessionToken>"
            f"<Expiration>{in_an_hour()}</Expiration></Credentials></{action}Result>"
            f"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>",
            "text/xml",
        )

    def do_GET(self) -> None:
        if self.path.startswith("/federation/credentials"):
            granted = {"accessKeyId": "ASIALOGIN", "secretAccessKey": "s", "sessionToken": "t"}
            expiration = int((datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000)
            self.answer(json.dumps({"roleCredentials": granted | {"expiration": expiration}}))
        else:
            granted = {"AccessKeyId": "ASIACONTAINER", "SecretAccessKey": "s", "Token": "t"}
            self.answer(json.dumps(granted | {"Expiration": in_an_hour()}))

    def answer(self, text: str, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def in_an_hour() -> str:
    """A time as AWS writes it."""
    return (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Answers, Path]]:
    """Whoever answers, and a home in which somebody has logged in."""
    home = tmp_path_factory.mktemp("home")
    (home / "token").write_text("web-identity-token")
    cache = home / ".aws/sso/cache"
    cache.mkdir(parents=True)
    token = {
        "startUrl": "https://corp.example",
        "region": "eu-west-1",
        "accessToken": "good",
        "expiresAt": "2099-01-01T00:00:00Z",
    }
    for name in ["corp", "https://corp.example"]:
        (cache / f"{sha1(name.encode()).hexdigest()}.json").write_text(json.dumps(token))
    server = ThreadingHTTPServer(("127.0.0.1", 0), AnswersOfAws)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Answers(f"http://127.0.0.1:{server.server_port}", str(home / "token")), home
    server.shutdown()


# What each of the two says


def laid_out(case: Case, number: str, answers: Answers, home: Path) -> dict[str, Any]:
    """A case with its files on the disk, as a process can be started with it."""
    folder = home / number
    folder.mkdir()
    (folder / "config").write_text(case.config)
    (folder / "credentials").write_text(case.credentials)
    settled = environment(
        home,
        AWS_CONFIG_FILE=f"$HOME/{number}/config",
        AWS_SHARED_CREDENTIALS_FILE=f"~/{number}/credentials",
        AWS_ENDPOINT_URL_STS=answers.url,
        AWS_ENDPOINT_URL_SSO=answers.url,
    )
    return {"environment": settled | case.environment, "profile": case.profile}


def by_boto3(laid: list[dict[str, Any]], home: Path) -> list[dict[str, Any]]:
    """One process for all."""
    script = Path(__file__).with_name("identity_by_boto3.py")
    done = subprocess.run(
        [sys.executable, "-B", str(script)],
        env=environment(home),
        input=json.dumps(laid),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=True,
    )
    return json.loads(done.stdout)


def by_ebbtide(laid: dict[str, Any]) -> dict[str, Any]:
    """What `mint -m direct -o env` hands over."""
    named = ["-p", laid["profile"]] if laid["profile"] else []
    command = [EBBTIDE, "mint", "-m", "direct", "-o", "env", *named]
    done = subprocess.run(
        command, env=laid["environment"], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    if done.returncode != 0:
        assert done.returncode in (2, 5), done
        return {"error": "refused", "text": done.stderr}
    found = [VALUE.match(line) for line in done.stdout.splitlines()]
    assert all(found), done.stdout
    said = {match[2]: match[3] for match in found if match and match[2]}
    return {
        "key": said["AWS_ACCESS_KEY_ID"],
        "token": said.get("AWS_SESSION_TOKEN"),
        "region": said.get("AWS_REGION"),
        "endpoint": said.get("AWS_ENDPOINT_URL_S3", said.get("AWS_ENDPOINT_URL")),
    }


# Why they may differ


def empty_variables(case: Case) -> Case:
    """An empty variable is not set; boto3 takes it for an empty name, region or file."""
    return without(case, *[name for name, value in case.environment.items() if not value])


def region_variable(case: Case) -> Case:
    """AWS_REGION counts, before AWS_DEFAULT_REGION, as for the AWS CLI v2; boto3 does not read it."""
    region = case.environment.get("AWS_REGION")
    if not region:
        return case
    return replace(case, environment=case.environment | {"AWS_DEFAULT_REGION": region})


def profile_variable(case: Case) -> Case:
    """AWS_PROFILE comes before AWS_DEFAULT_PROFILE, as for the AWS CLI v2; boto3 has it the other way round."""
    return without(case, "AWS_DEFAULT_PROFILE") if case.environment.get("AWS_PROFILE") else case


def comments_and_blanks(case: Case) -> Case:
    """Comments behind a value and blanks inside brackets do not count, as the SDKs' file format has it."""

    def plain(line: str) -> str:
        head = re.match(r"\[\s*(.*?)\s*\]", line)
        return f"[{' '.join(head[1].split())}]" if head else COMMENT.sub("", line)

    return in_both_files(case, lambda text: "\n".join(plain(line) for line in text.split("\n")))


def settings_that_stand_twice(case: Case) -> Case:
    """A section or setting that stands twice is joined, the last counts; boto3 refuses the whole file."""

    def joined(text: str) -> str:
        sections: dict[str, dict[str, list[str]]] = {}
        current: dict[str, list[str]] = {}
        latest: list[str] = []
        for line in text.split("\n"):
            if line.startswith("["):
                current = sections.setdefault(line, {})
            elif line.startswith((" ", "\t")):
                latest.append(line)
            elif "=" in line and not line.startswith("#"):
                key = line.split("=")[0].strip().lower()
                latest = current[key] = [line]
        lines = [
            [head, *(line for setting in settings.values() for line in setting)]
            for head, settings in sections.items()
        ]
        return "\n".join(line for section in lines for line in section) + "\n"

    return in_both_files(case, joined)


def empty_settings(case: Case) -> Case:
    """An empty setting is not set; boto3 takes it for a value."""
    empty = re.compile(r"^[^\s\[#=]+\s*=[ \t]*\n(?![ \t])", re.MULTILINE)
    return in_both_files(case, lambda text: empty.sub("", text))


def no_region(case: Case) -> Case:
    """STS is asked in us-west-2 where nobody names a region; boto3 asks nobody then."""
    return replace(case, environment={"AWS_DEFAULT_REGION": "us-west-2"} | case.environment)


def in_both_files(case: Case, change: Callable[[str], str]) -> Case:
    return replace(case, config=change(case.config), credentials=change(case.credentials))


RULES = [
    empty_variables,
    region_variable,
    profile_variable,
    comments_and_blanks,
    settings_that_stand_twice,
    empty_settings,
]

# What ebbtide refuses, and says so, where boto3 goes on to ask the container.
STRICTER = {
    r"it has no credentials": "a profile that is named and has none is an error",
    r"incomplete keys|without its keys": "a secret or a token alone is an error",
    r"sso_account_id and sso_role_name are needed": "half a login is an error",
}

# What ebbtide takes where boto3 goes without, by boto3's words.
WIDER = {
    r"^NoCredentials": "a credential_source counts without a role",
    r"use the SSO token provider": "an sso_session that nothing is asked with need not exist",
    r"services configuration does not exist": "a services section may be empty",
}


def ruled(case: Case) -> Case:
    """What boto3 is asked for the rules' sake."""
    for rule in RULES:
        case = rule(case)
    return case


def difference(ours: dict[str, Any], theirs: dict[str, Any], case: Case) -> str | None:
    """What nobody gave a reason for."""
    if "error" in ours and "error" in theirs:
        return None
    if "error" in ours:
        known = any(re.search(pattern, ours["text"]) for pattern in STRICTER)
        return None if known and theirs.get("key") == "ASIACONTAINER" else f"refused by ebbtide alone: {ours['text']}"
    if "error" in theirs:
        words = f"{theirs['error']} {theirs.get('text', '')}"
        known = any(re.search(pattern, words) for pattern in WIDER)
        # A pattern alone would excuse more than its reason does.
        if words.startswith("NoCredentials"):
            known = "credential_source" in (case.config + case.credentials).lower()
        if missing := re.search(r'"(\w+)" services', words):
            known = f"[services {missing[1]}]" in case.config
        return None if known else f"taken by ebbtide alone: {ours}"
    differing = [key for key in ours if ours[key] != theirs[key]]
    return f"{differing} differ" if differing else None


def test_ebbtide_uses_what_boto3_uses_or_says_why_not(answers: tuple[Answers, Path]) -> None:
    """Generated machines, by the seed in IDENTITY_SEED."""
    service, home = answers
    all_cases = list(cases(int(SEED), COUNT, service))
    laid = [laid_out(case, str(number), service, home) for number, case in enumerate(all_cases)]
    with ThreadPoolExecutor(4) as pool:
        ours = list(pool.map(by_ebbtide, laid))
    theirs = by_boto3(laid, home)
    unlike = [number for number in range(COUNT) if not agree(ours[number], theirs[number])]
    # One process for what the rules make of those: as they are, and in a region.
    asked = [rule(ruled(all_cases[number])) for number in unlike for rule in (unchanged, no_region)]
    by_rules = by_boto3([laid_out(case, f"ruled-{at}", service, home) for at, case in enumerate(asked)], home)
    differences = []
    for at, number in enumerate(unlike):
        plain, with_region = by_rules[2 * at : 2 * at + 2]
        other = plain
        if plain.get("error") == "NoRegionError":
            other = with_region | {"region": ours[number].get("region")}
        if found := difference(ours[number], other, all_cases[number]):
            boto3 = f"boto3: {theirs[number]}\n  by the rules: {other}"
            differences.append(f"case {number}: {found}\n{boto3}\n{shown(all_cases[number])}")
    assert not differences, f"seed {SEED}: {len(differences)} of {COUNT}\n" + "\n\n".join(differences[:8])
    # A run in which nearly everything is refused, or explained away, proves little.
    assert sum("key" in own for own in ours) > COUNT / 3
    assert len(unlike) < COUNT / 2, len(unlike)


def unchanged(case: Case) -> Case:
    """The case itself."""
    return case


def agree(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether both say the same without any reason; two errors do."""
    return ours == theirs or ("error" in ours and "error" in theirs)


def shown(case: Case) -> str:
    """A case, for whoever looks into it."""
    parts = asdict(case)
    return "\n".join(f"--- {name}\n{part}" for name, part in parts.items())
