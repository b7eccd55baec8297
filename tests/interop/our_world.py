"""The parts of the sandbox's world (`assets/sandbox/`) that its guests are tried on."""

import base64
import hmac
import json
import struct
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness import EBBTIDE, Keys, Service, running, until

NESTED_BUCKET, TEXT_KEY = "tide-archive", "2026/11/tides.csv"
LARGE_KEY = "charts/puget-sound.csv"  # more than the AWS CLI fetches in one part
FLAT_BUCKET, FLAT_PREFIX = "tide-logs", "readings/2026/"
ODD_BUCKET = "tide-oddities"
CLOSED_BUCKET = "tide-vault"
EU_BUCKET = "tide-eu"
OBJECT_BUCKET, LARGE_OBJECT = "tide-objects", "large/numbered-lines.log"

ROLE_HOURS = {"reader": 1, "auditor": 4, "keeper": 12}
UNTRUSTING_ROLE = "locked"
MFA_ROLE = "diver"
TAGGED_ROLE, NEXT_ROLE = "crew", "mate"

USED_WINDOWS: set[int] = set()


@dataclass(frozen=True)
class Sandbox(Service):
    """A running `ebbtide sandbox`, as it announced itself."""

    user: Keys
    role: str
    mfa_serial: str
    mfa_seed: str
    buckets: tuple[str, ...]

    @classmethod
    def announced(cls, line: dict[str, Any], home: Path) -> "Sandbox":
        """From the line of JSON it prints when it accepts connections."""
        user = Keys(line["access_key_id"], line["secret_access_key"])
        mfa = line["mfa_serial"], line["mfa_seed"]
        return cls(line["endpoint"], home, user, line["role_arn"], *mfa, tuple(line["buckets"]))

    def sts(self, keys: Keys | None = None) -> Any:
        """STS, for the user unless others' keys are given."""
        return self.client("sts", keys or self.user)

    def iam(self, keys: Keys | None = None) -> Any:
        """IAM, likewise."""
        return self.client("iam", keys or self.user)

    def mfa(self) -> dict[str, str]:
        """A proof of MFA that was not used before: the device's code, perhaps after a wait."""
        # The window before, this one and the next are taken, each once in a run.
        window = until(self._fresh_window, "fresh MFA code", seconds=65)
        digest = hmac.digest(base64.b32decode(self.mfa_seed), struct.pack(">q", window), "sha1")
        (word,) = struct.unpack_from(">I", digest, digest[-1] & 0xF)
        return {"SerialNumber": self.mfa_serial, "TokenCode": f"{word % 2**31 % 10**6:06}"}

    @staticmethod
    def _fresh_window() -> int | None:
        now = int(time.time()) // 30
        fresh = next((window for window in (now, now + 1) if window not in USED_WINDOWS), None)
        if fresh is not None:
            USED_WINDOWS.add(fresh)
        return fresh

    def s3(self, keys: Keys | None = None, **config: Any) -> Any:
        """S3, likewise."""
        return self.client("s3", keys or self.user, **config)

    def session(self, **parameters: Any) -> Keys:
        """Credentials of GetSessionToken."""
        return Keys.of(self.sts().get_session_token(**parameters))

    def federated(self, policy: str | None, **parameters: Any) -> Keys:
        """Credentials of GetFederationToken for somebody called bob."""
        if policy is not None:
            parameters["Policy"] = policy
        return Keys.of(self.sts().get_federation_token(Name="bob", **parameters))

    def assumed(self, role: str = "keeper", keys: Keys | None = None, **parameters: Any) -> Keys:
        """Credentials of AssumeRole; the keeper may do all that S3 has."""
        named = {"RoleArn": self.role_arn(role), "RoleSessionName": "tide"}
        return Keys.of(self.sts(keys).assume_role(**named, **parameters))

    def role_arn(self, name: str) -> str:
        """A role of the same account as the one announced."""
        return f"{self.role.rpartition('/')[0]}/{name}"


def running_sandbox(home: Path, *arguments: str) -> AbstractContextManager[Sandbox]:
    """A sandbox whose sessions may live two seconds, until the block ends."""

    def first_line(printed: str) -> Sandbox | None:
        return Sandbox.announced(json.loads(printed), home) if printed.endswith("\n") else None

    return running([EBBTIDE, "sandbox", "--min-duration", "2s", *arguments], home, first_line)


@cache
def keys_in(sandbox: Sandbox, bucket: str, prefix: str = "") -> list[str]:
    """Every key below a prefix, listed without a delimiter a thousand at a time."""
    pages = sandbox.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]
