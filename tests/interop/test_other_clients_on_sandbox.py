"""S3 clients written by others against the sandbox: each lists and reads the same world, is denied and expires."""

from collections.abc import Callable

import pytest

from harness import Keys, refusal, until
from other_clients import (
    Client,
    Minio,
    MinioFirstVersion,
    ObjectStore,
    Pyarrow,
    Rclone,
    RcloneAsOnAws,
    Refused,
    S3cmd,
    S3fs,
    S5cmd,
)
from our_world import (
    CLOSED_BUCKET,
    FLAT_BUCKET,
    FLAT_PREFIX,
    NESTED_BUCKET,
    ODD_BUCKET,
    TEXT_KEY,
    Sandbox,
    keys_in,
)

CLIENTS = [
    Minio,
    MinioFirstVersion,
    ObjectStore,
    Pyarrow,
    Rclone,
    RcloneAsOnAws,
    S3cmd,
    S3fs,
    S5cmd,
]
ODD_KEYS = [
    "spaces in the name.txt",
    "plus+sign.txt",
    "percent%20sign.txt",
    "hash#fragment.txt",
    "less<than>&amp;.txt",
    "été/à la plage.txt",
    "emoji/🌊🐚.txt",
]


@pytest.fixture(scope="module")
def session(sandbox: Sandbox) -> Keys:
    """A session that outlives the tests."""
    return sandbox.session()


@pytest.fixture(scope="module")
def spent(sandbox: Sandbox) -> Keys:
    """A session that listed and is over."""
    keys = sandbox.session(DurationSeconds=2)
    listing = sandbox.s3(keys)
    assert refusal(lambda: listing.list_objects_v2(Bucket=NESTED_BUCKET)) is None
    until(lambda: refusal(lambda: listing.list_objects_v2(Bucket=NESTED_BUCKET)), "expiry", 8)
    return keys


@pytest.fixture(params=CLIENTS, ids=lambda kind: kind.__name__)
def client(request: pytest.FixtureRequest, sandbox: Sandbox, session: Keys) -> Client:
    """One of them, with the session."""
    return request.param(sandbox, session)


def refused(call: Callable[[], object]) -> str:
    """What a client says of a refusal."""
    with pytest.raises(Refused) as error:
        call()
    return str(error.value)


def test_every_key_is_listed(client: Client, sandbox: Sandbox) -> None:
    assert sorted(client.every(NESTED_BUCKET)) == sorted(keys_in(sandbox, NESTED_BUCKET))
    listed = list(client.every(FLAT_BUCKET, FLAT_PREFIX))
    assert len(listed) == 12_000
    assert set(listed) == set(keys_in(sandbox, FLAT_BUCKET, FLAT_PREFIX))


def test_odd_names_are_listed_as_they_are(client: Client, sandbox: Sandbox) -> None:
    expected = {name for name in keys_in(sandbox, ODD_BUCKET) if not client.misses(name)}
    assert len(expected) >= 7
    listed = {name for name in client.odd(ODD_BUCKET) if not client.misses(name)}
    assert listed == expected


def test_one_level_is_keys_and_common_prefixes(client: Client) -> None:
    keys, prefixes = client.level(NESTED_BUCKET, "")
    assert (keys, prefixes) == (
        {"README.md", "stations.json"},
        {"2025/", "2026/", "charts/", "config/", "raw/"},
    )
    keys, prefixes = client.level(NESTED_BUCKET, "2026/")
    assert (keys, prefixes) == (set(), {"2026/10/", "2026/11/", "2026/notes/"})


def test_objects_are_read_whatever_their_names(client: Client, sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    for bucket, key in [(NESTED_BUCKET, TEXT_KEY), *((ODD_BUCKET, key) for key in ODD_KEYS)]:
        content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        assert client.read(bucket, key) == content, key


def test_a_denial_is_told_in_the_clients_own_words(client: Client) -> None:
    said = refused(lambda: list(client.every(CLOSED_BUCKET)))
    assert "explicit deny in a resource-based policy" in said
    assert "s3:ListBucket" in said


def test_a_session_that_is_over_is_told(client: Client, sandbox: Sandbox, spent: Keys) -> None:
    over = type(client)(sandbox, spent)
    said = refused(lambda: list(over.every(NESTED_BUCKET)))
    assert "The provided token has expired" in said or "ExpiredToken" in said
