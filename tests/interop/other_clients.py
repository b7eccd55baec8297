"""S3 clients written by others, each asked the same four things.

Invariant: a client sees the endpoint and keys it is given and no setting of this machine; what it cannot do here, because it
is not installed, is skipped with a line.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from harness import REGION, Keys, Service

# What the names with control characters in the sandbox begin with.
CONTROL = "control/"


class Refused(Exception):
    """A client ended with an error; its text."""


@dataclass(frozen=True)
class Client:
    """One client, with the keys of one person."""

    service: Service
    keys: Keys

    def misses(self, name: str) -> bool:
        """Whether this client shows the name otherwise than it is, or not at all: the fault is its own."""
        return False

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        """Every key below a prefix."""
        raise NotImplementedError

    def odd(self, bucket: str) -> Iterable[str]:
        """Every key of a bucket with odd ones among them."""
        return self.every(bucket)

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        """Keys and common prefixes at a delimiter `/`."""
        raise NotImplementedError

    def read(self, bucket: str, key: str) -> bytes:
        """An object's content."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        """Without its scheme."""
        return self.service.url.removeprefix("http://")

    def program(self, name: str, *arguments: str, **variables: str) -> bytes:
        """What a program of the same virtual environment prints; its errors are a refusal."""
        path = Path(sys.executable).with_name(name)
        if not path.exists():
            pytest.skip(f"{name} is not installed")
        variables |= self.keys.variables()
        code, stdout, stderr = self.service.run_bytes(str(path), *arguments, **variables)
        if code != 0:
            raise Refused(stderr + stdout.decode(errors="replace"))
        return stdout

    def library(self, name: str) -> Any:
        """A Python library."""
        try:
            return importlib.import_module(name)
        except ImportError as missing:
            pytest.skip(f"{name} is not installed: {missing}")


def has_control(name: str) -> bool:
    """Whether a line of text cannot hold the name."""
    return any(ord(character) < 32 or ord(character) == 127 for character in name)


class ByLevels(Client):
    """One that asks for names as they are, and so cannot read a page of XML with control characters, here or on AWS."""

    def misses(self, name: str) -> bool:
        return has_control(name)

    def odd(self, bucket: str) -> Iterable[str]:
        keys, prefixes = self.level(bucket, "")
        assert CONTROL in prefixes
        below = [self.every(bucket, prefix) for prefix in sorted(prefixes - {CONTROL})]
        return keys.union(*below)


class S5cmd(ByLevels):
    """Go, with the AWS SDK's first version."""

    def run(self, *arguments: str) -> bytes:
        return self.program("s5cmd", "--json", "--endpoint-url", self.service.url, *arguments)

    def listed(self, pattern: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("ls", pattern).splitlines()]

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        start = f"s3://{bucket}/"
        return [entry["key"].removeprefix(start) for entry in self.listed(f"{start}{prefix}*")]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        start = f"s3://{bucket}/"
        entries = self.listed(f"{start}{prefix}")
        names = {kind: {e["key"].removeprefix(start) for e in entries if e["type"] == kind} for kind in ("file", "directory")}
        return names["file"], names["directory"]

    def read(self, bucket: str, key: str) -> bytes:
        return self.program("s5cmd", "--endpoint-url", self.service.url, "cat", f"s3://{bucket}/{key}")


class Rclone(Client):
    """Go, with the AWS SDK's second version; asks a service it does not know by the first version of ListObjects."""

    provider = "Other"

    # What no file system holds it shows by a character that looks alike.
    meant = {0x2400 + code: code for code in range(32)} | {0x2421: 0x7F, 0xFF0E: "."}

    def misses(self, name: str) -> bool:
        # To it they are folders.
        return name.endswith("/")

    def run(self, *arguments: str) -> bytes:
        settings = {
            "RCLONE_CONFIG": os.devnull,
            "RCLONE_S3_PROVIDER": self.provider,
            "RCLONE_S3_ENV_AUTH": "true",
            "RCLONE_S3_ENDPOINT": self.service.url,
            "RCLONE_S3_REGION": REGION,
            "RCLONE_RETRIES": "1",
            "RCLONE_LOW_LEVEL_RETRIES": "1",
        }
        return self.program("rclone", *arguments, **settings)

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        # Of times and types it would ask each object.
        brief = ["-R", "--files-only", "--no-modtime", "--no-mimetype"]
        listed = json.loads(self.run("lsjson", *brief, f":s3:{bucket}/{prefix}"))
        return [prefix + entry["Path"].translate(self.meant) for entry in listed]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        listed = json.loads(self.run("lsjson", f":s3:{bucket}/{prefix}"))
        keys = {prefix + entry["Path"] for entry in listed if not entry["IsDir"]}
        return keys, {f"{prefix}{entry['Path']}/" for entry in listed if entry["IsDir"]}

    def read(self, bucket: str, key: str) -> bytes:
        return self.run("cat", f":s3:{bucket}/{key}")


class RcloneAsOnAws(Rclone):
    """The same, told that it talks to AWS."""

    provider = "AWS"


class S3cmd(ByLevels):
    """Python, with signatures of its own; the first version of ListObjects."""

    def run(self, *arguments: str) -> bytes:
        host = [f"--host={self.host}", f"--host-bucket={self.host}", f"--region={REGION}", "--no-ssl"]
        return self.program("s3cmd", f"--config={os.devnull}", "--max-retries=1", *host, *arguments)

    def listed(self, *arguments: str) -> list[tuple[str, str]]:
        lines = self.run("ls", *arguments).decode().split("\n")
        return [tuple(line.rpartition("  s3://")[::2]) for line in lines if line]

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        start = f"{bucket}/"
        return [name.removeprefix(start) for _, name in self.listed("-r", f"s3://{bucket}/{prefix}")]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        start = f"{bucket}/"
        listed = [("DIR" in about, name.removeprefix(start)) for about, name in self.listed(f"s3://{bucket}/{prefix}")]
        return {name for is_dir, name in listed if not is_dir}, {name for is_dir, name in listed if is_dir}

    def read(self, bucket: str, key: str) -> bytes:
        return self.run("--no-progress", "--quiet", "get", f"s3://{bucket}/{key}", "-")


class Pyarrow(Client):
    """C++, with the AWS SDK for C++."""

    def misses(self, name: str) -> bool:
        # To it they are folders.
        return name.endswith("/")

    @cached_property
    def fs(self) -> Any:
        """The connection."""
        fs = self.library("pyarrow.fs")
        return fs.S3FileSystem(
            access_key=self.keys.access_key_id,
            secret_key=self.keys.secret_access_key,
            session_token=self.keys.session_token,
            endpoint_override=self.host,
            scheme="http",
            region=REGION,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
        )

    def listed(self, bucket: str, prefix: str, recursive: bool) -> tuple[set[str], set[str]]:
        fs = self.library("pyarrow.fs")
        where = f"{bucket}/{prefix}".rstrip("/")
        try:
            found = self.fs.get_file_info(fs.FileSelector(where, recursive=recursive))
        except OSError as error:
            raise Refused(str(error)) from error
        start = f"{bucket}/"
        keys = {entry.path.removeprefix(start) for entry in found if entry.is_file}
        return keys, {entry.path.removeprefix(start) + "/" for entry in found if not entry.is_file}

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        return self.listed(bucket, prefix, recursive=True)[0]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        return self.listed(bucket, prefix, recursive=False)

    def read(self, bucket: str, key: str) -> bytes:
        try:
            with self.fs.open_input_file(f"{bucket}/{key}") as file:
                return file.read()
        except OSError as error:
            raise Refused(str(error)) from error


class S3fs(Client):
    """Python, with aiobotocore."""

    @cached_property
    def fs(self) -> Any:
        """The connection, which takes it a second to make."""
        return self.library("s3fs").S3FileSystem(
            key=self.keys.access_key_id,
            secret=self.keys.secret_access_key,
            token=self.keys.session_token,
            endpoint_url=self.service.url,
            client_kwargs={"region_name": REGION},
            skip_instance_cache=True,
            use_listings_cache=False,
        )

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        return [name.removeprefix(f"{bucket}/") for name in self.asked("find", f"{bucket}/{prefix}")]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        start = f"{bucket}/"
        entries = self.asked("ls", f"{bucket}/{prefix}", detail=True)
        names = [(entry["type"], entry["name"].removeprefix(start)) for entry in entries]
        return {name for kind, name in names if kind == "file"}, {f"{name}/" for kind, name in names if kind == "directory"}

    def read(self, bucket: str, key: str) -> bytes:
        return self.asked("cat_file", f"{bucket}/{key}")

    def asked(self, call: str, *arguments: Any, **named: Any) -> Any:
        try:
            return getattr(self.fs, call)(*arguments, **named)
        except OSError as error:
            raise Refused(str(error)) from error


class Minio(Client):
    """Python, with signatures of its own."""

    is_first_version = False

    def client(self) -> Any:
        keys = self.keys
        return self.library("minio").Minio(
            self.host,
            access_key=keys.access_key_id,
            secret_key=keys.secret_access_key,
            session_token=keys.session_token,
            secure=False,
            region=REGION,
        )

    def listed(self, bucket: str, prefix: str, recursive: bool) -> list[Any]:
        client = self.client()
        try:
            found = client.list_objects(
                bucket, prefix=prefix, recursive=recursive, use_api_v1=self.is_first_version
            )
            return list(found)
        except self.library("minio.error").S3Error as error:
            raise Refused(f"{error.code}: {error.message}") from error

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        return [entry.object_name for entry in self.listed(bucket, prefix, recursive=True)]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        entries = self.listed(bucket, prefix, recursive=False)
        names = [(entry.last_modified is None, entry.object_name) for entry in entries]
        return {name for is_dir, name in names if not is_dir}, {name for is_dir, name in names if is_dir}

    def read(self, bucket: str, key: str) -> bytes:
        reply = self.client().get_object(bucket, key)
        try:
            return reply.read()
        finally:
            reply.close()
            reply.release_conn()


class MinioFirstVersion(Minio):
    """The same by the first version of ListObjects."""

    is_first_version = True


class ObjectStore(Client):
    """Rust, with signatures of its own: object_store, by its Python binding."""

    # It takes steps between slashes for names of its own, of which it refuses some and with them the page they are on.
    fit = ("arabic/", "depth/", "emoji/", "e\u0301te\u0301/", "family/", "été/", "日本語/")

    def misses(self, name: str) -> bool:
        return not name.startswith(self.fit)

    def odd(self, bucket: str) -> Iterable[str]:
        return [name for prefix in self.fit for name in self.every(bucket, prefix)]

    def store(self, bucket: str) -> Any:
        return self.library("obstore.store").S3Store(
            bucket,
            access_key_id=self.keys.access_key_id,
            secret_access_key=self.keys.secret_access_key,
            **({"session_token": self.keys.session_token} if self.keys.session_token else {}),
            endpoint=self.service.url,
            region=REGION,
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )

    def every(self, bucket: str, prefix: str = "") -> Iterable[str]:
        # It asks for whole steps alone.
        step = prefix.rstrip("/") or None
        pages = self.asked(lambda: list(self.library("obstore").list(self.store(bucket), prefix=step)))
        return [entry["path"] for page in pages for entry in page]

    def level(self, bucket: str, prefix: str) -> tuple[set[str], set[str]]:
        listed = self.asked(
            lambda: self.library("obstore").list_with_delimiter(self.store(bucket), prefix=prefix.rstrip("/") or None)
        )
        return {entry["path"] for entry in listed["objects"]}, {f"{name}/" for name in listed["common_prefixes"]}

    def read(self, bucket: str, key: str) -> bytes:
        return self.asked(lambda: bytes(self.library("obstore").get(self.store(bucket), key).bytes()))

    def asked(self, call: Callable[[], Any]) -> Any:
        errors = self.library("obstore.exceptions")
        try:
            return call()
        except (errors.BaseError, OSError) as error:
            raise Refused(str(error)) from error
