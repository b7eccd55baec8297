"""The parts of the sandbox's world (`assets/sandbox/`) that its guests are tried on."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness import Keys, Service

NESTED_BUCKET, TEXT_KEY = "tide-archive", "2026/11/tides.csv"
LARGE_KEY = "charts/puget-sound.csv"  # more than the AWS CLI fetches in one part
FLAT_BUCKET, FLAT_PREFIX = "tide-logs", "readings/2026/"
ODD_BUCKET = "tide-oddities"
CLOSED_BUCKET = "tide-vault"
EU_BUCKET = "tide-eu"

ROLE_HOURS = {"reader": 1, "auditor": 4, "keeper": 12}
UNTRUSTING_ROLE = "locked"


@dataclass(frozen=True)
class Sandbox(Service):
    """A running `ebbtide sandbox`, as it announced itself."""

    user: Keys
    role: str
    buckets: tuple[str, ...]

    @classmethod
    def announced(cls, line: dict[str, Any], home: Path) -> "Sandbox":
        """From the line of JSON it prints when it accepts connections."""
        user = Keys(line["access_key_id"], line["secret_access_key"])
        return cls(line["endpoint"], home, user, line["role_arn"], tuple(line["buckets"]))

    def sts(self, keys: Keys | None = None) -> Any:
        """STS, for the user unless others' keys are given."""
        return self.client("sts", keys or self.user)

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


@cache
def keys_in(sandbox: Sandbox, bucket: str, prefix: str = "") -> list[str]:
    """Every key below a prefix, listed without a delimiter a thousand at a time."""
    pages = sandbox.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]
