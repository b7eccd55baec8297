"""Where the rows M1 to M10 are walked: the same places on the sandbox and on MiniStack, by their names there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import other_worlds
import our_world
from harness import Keys, Service
from other_worlds import World
from our_world import Sandbox
from terminal import Terminal, at_the_terminal


@dataclass(frozen=True)
class Ground:
    """A service, who a person is to it, and what is there for them."""

    service: Service
    user: Keys
    name: str
    account: str
    buckets: int
    bucket: str
    entries: int
    long_location: str
    long_count: int
    closed_bucket: str
    other_bucket: str
    other_entry: str
    wide_role: str
    closed_role: str
    guarded_role: str
    external_id: str
    tagged_role: str

    @classmethod
    def of(cls, service: World | Sandbox) -> "Ground":
        """What either server was furnished with."""
        if isinstance(service, Sandbox):
            return cls(
                service=service,
                user=service.user,
                name="ana",
                account="111122223333",
                buckets=len(service.buckets),
                bucket=our_world.NESTED_BUCKET,
                entries=7,
                long_location=f"s3://{our_world.FLAT_BUCKET}/{our_world.FLAT_PREFIX}",
                long_count=12_000,
                closed_bucket=our_world.CLOSED_BUCKET,
                other_bucket=our_world.EU_BUCKET,
                other_entry="galway/",
                wide_role="keeper",
                closed_role=our_world.UNTRUSTING_ROLE,
                guarded_role="partner",
                external_id="tide-partner-42",
                tagged_role=our_world.TAGGED_ROLE,
            )
        return cls(
            service=service,
            user=service.user,
            name="ada",
            account="000000000000",
            buckets=len(other_worlds.REGIONS),
            bucket=other_worlds.ODD_BUCKET,
            entries=len({name.split("/")[0] for name in other_worlds.ODD_NAMES}),
            long_location=f"s3://{other_worlds.FLAT_BUCKET}/flat/",
            long_count=len(other_worlds.FLAT),
            closed_bucket=other_worlds.CLOSED_BUCKET,
            other_bucket=other_worlds.EU_BUCKET,
            other_entry="alone",
            wide_role="reader",
            closed_role="stranger",
            guarded_role="guarded",
            external_id="harbour",
            tagged_role="guarded",
        )

    def arn(self, role: str) -> str:
        """A role's ARN."""
        return f"arn:aws:iam::{self.account}:role/{role}"

    def iam(self) -> Any:
        """IAM, asked as the person."""
        return self.service.client("iam", self.user)

    def device(self) -> tuple[str, str]:
        """The serial number of the person's device, and a code that was not sent before."""
        if isinstance(self.service, Sandbox):
            proof = self.service.mfa()
            return proof["SerialNumber"], proof["TokenCode"]
        return f"arn:aws:iam::{self.account}:mfa/{self.name}", "123456"

    @contextmanager
    def interface(self, *arguments: str, **variables: str) -> Iterator[Terminal]:
        """The interface over the person's profiles and this service, its form read."""
        home = self.service.home
        (home / "profiles").write_text(self._profiles())
        known = {"AWS_CONFIG_FILE": str(home / "profiles"), "AWS_ENDPOINT_URL": self.service.url}
        with at_the_terminal(home, *arguments, **known | variables) as at:
            at.shows("╭ session ─", "mistyped")
            yield at

    @contextmanager
    def form(self, profile: str = "default", *arguments: str, **variables: str) -> Iterator[Terminal]:
        """The same with a profile found and chosen; its mode is chosen next."""
        with self.interface("--endpoint-url", self.service.url, *arguments, **variables) as at:
            yield at.press("/").paste(profile).press("enter tab")

    def _profiles(self) -> str:
        """The person's keys, the same mistyped, a session token of theirs, and one that is none."""
        spent = Keys.of(self.service.client("sts", self.user).get_session_token())
        mistyped = Keys(self.user.access_key_id, "x" * 40)
        named = {
            "default": self.user,
            "profile forged": Keys(spent.access_key_id, spent.secret_access_key, "x" * 100),
            "profile mistyped": mistyped,
            "profile token": spent,
        }
        return "".join(
            f"[{section}]\n"
            + "".join(f"{name.lower()} = {value}\n" for name, value in keys.variables().items())
            for section, keys in named.items()
        )
