"""The servers: one of each for the whole run, ours and those written by others."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import Keys, Service, fetch, free_port, running
from other_worlds import World, furnish_ministack, furnish_moto
from our_world import Sandbox, running_sandbox

for name in [
    name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")
]:
    del os.environ[name]
os.environ |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull}
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """`ebbtide sandbox`, whose sessions may live two seconds."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as server:
        yield server


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """MiniStack, checking signatures and policies; its MQTT listener would leave loopback."""
    home = tmp_path_factory.mktemp("ministack")
    port = free_port()
    admin = Keys("test", "test")
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        "SERVICES": "s3,sts,iam",
        "IOT_MTLS_ENABLED": "0",
    }
    service = Service(f"http://127.0.0.1:{port}", home)
    with running(
        [beside_python("ministack")],
        home,
        lambda _: answering(f"{service.url}/_ministack/health"),
        **settings,
        **admin.variables(),
    ):
        yield furnish_ministack(service, admin)


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """moto, which answers in every shape and checks nothing."""
    home = tmp_path_factory.mktemp("moto")
    port = free_port()
    service = Service(f"http://127.0.0.1:{port}", home)
    command = [beside_python("moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with running(command, home, lambda _: answering(f"{service.url}/moto-api/data.json")):
        yield furnish_moto(service)


def beside_python(program: str) -> str:
    """A program of the same virtual environment."""
    return str(Path(sys.executable).with_name(program))


def answering(url: str) -> bool | None:
    """Whether something there answers 200."""
    try:
        return fetch(url)[0] == 200 or None
    except OSError:
        return None
