"""One object on MiniStack and moto: what is known of it, its versions, its ends, a link to it."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from harness import REGION, Keys
from other_worlds import World

BUCKET, KEY = "tide-objects", "notes/low water.txt"
LINES = [f"line {number}\n" for number in range(30_000)]
CONTENT = "".join(LINES).encode()


@pytest.fixture(params=["ministack", "moto"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Either service."""
    yield request.getfixturevalue(request.param)


@pytest.fixture
def filled(world: World, request: pytest.FixtureRequest) -> Iterator[Keys]:
    """Keys that may do everything, beside a bucket with versions and two keys that begin alike."""
    keys = Keys("test", "test") if "ministack" in request.node.name else world.user
    s3 = world.client("s3", keys)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"first")
    s3.put_object(
        Bucket=BUCKET,
        Key=KEY,
        Body=CONTENT,
        ContentType="text/plain",
        Metadata={"gauge": "SEA"},
        Tagging="team=tide",
    )
    for key, body in [(KEY + ".old", b"twin"), ("gone", b"x"), ("empty", b"")]:
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    s3.delete_object(Bucket=BUCKET, Key="gone")
    yield keys
    listed = s3.list_object_versions(Bucket=BUCKET)
    for version in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=BUCKET)


def test_everything_about_it_is_told(world: World, filled: Keys) -> None:
    told = world.ebbtide("stat -o json -m direct", f"s3://{BUCKET}/{KEY}", keys=filled).json()
    assert (told["key"], told["size"], told["etag_is"]) == (KEY, len(CONTENT), "md5")
    assert told["metadata"] == {"gauge": "SEA"}
    assert told["tags"] == {"team": "tide"}
    assert told["content_type"] == "text/plain"
    assert told["lock"] is None
    assert told["version_id"]


def test_its_versions_are_its_own(world: World, filled: Keys) -> None:
    rows = world.ebbtide("versions -o ndjson -m direct", f"s3://{BUCKET}/{KEY}", keys=filled).lines()
    assert [(row["key"], row["size"], row["is_latest"]) for row in rows] == [
        (KEY, len(CONTENT), True),
        (KEY, 5, False),
    ]
    marked = world.ebbtide("versions -o ndjson -m direct", f"s3://{BUCKET}/gone", keys=filled).lines()
    assert [row["delete_marker"] for row in marked] == [True, False]
    first = rows[1]["version_id"]
    old = world.ebbtide("cat -m direct", f"s3://{BUCKET}/{KEY}", "--version-id", first, keys=filled)
    assert old.stdout == "first"
    gone = world.ebbtide("versions --at now -m direct", f"s3://{BUCKET}/gone", keys=filled)
    assert gone.code == 5 and "it was deleted at" in gone.stderr


def test_its_ends_are_those_of_its_content(world: World, filled: Keys) -> None:
    def written(command: str) -> str:
        done = world.ebbtide(f"{command} -m direct", f"s3://{BUCKET}/{KEY}", keys=filled)
        assert done.code == 0, done
        return done.stdout

    assert written("cat").encode() == CONTENT
    assert written("head") == "".join(LINES[:10])
    assert written("head -n 20000") == "".join(LINES[:20000])
    assert written("tail") == "".join(LINES[-10:])
    assert written("tail -n 20000") == "".join(LINES[-20000:])
    assert written("tail -c 7").encode() == CONTENT[-7:]
    assert written("head -c 7").encode() == CONTENT[:7]


@pytest.mark.parametrize("command", ["cat", "head", "tail", "head -c 5", "tail -c 5"])
def test_an_empty_object_has_nothing(world: World, filled: Keys, command: str) -> None:
    done = world.ebbtide(f"{command} -m direct", f"s3://{BUCKET}/empty", keys=filled)
    assert (done.code, done.stdout) == (0, "")


def test_a_link_gives_its_content(world: World, filled: Keys) -> None:
    told = world.ebbtide("presign -o json -m direct", f"s3://{BUCKET}/{KEY}", keys=filled).json()
    assert (told["seconds"], told["limited_by"]) == (3600, "asked")
    with urllib.request.urlopen(told["url"], timeout=10) as reply:
        assert reply.read() == CONTENT
    head = world.ebbtide("presign --method head -m direct", f"s3://{BUCKET}/{KEY}", keys=filled)
    request = urllib.request.Request(head.stdout.strip(), method="HEAD")
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert int(reply.headers["Content-Length"]) == len(CONTENT)


def test_what_is_not_there_is_not_found(world: World, filled: Keys) -> None:
    for command in ("stat", "cat", "head", "tail", "versions"):
        done = world.ebbtide(f"{command} -m direct", f"s3://{BUCKET}/nothing", keys=filled)
        assert done.code == 5, done
