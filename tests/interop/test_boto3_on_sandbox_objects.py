"""boto3 against the sandbox's objects: ranges, conditions, checksums, versions, what else an object has, presigned links."""

import base64
import hashlib
import time
import zlib
from datetime import timedelta
from typing import Any

import pytest

from harness import Keys, allow, fetch, in_byte_order, refusal, until
from our_world import LARGE_OBJECT, OBJECT_BUCKET, Sandbox

WHOLE = {"crc32": zlib.crc32, "sha1": hashlib.sha1, "sha256": hashlib.sha256}


def object_at(key: str, **more: Any) -> dict[str, Any]:
    """How boto3 is told of an object."""
    return {"Bucket": OBJECT_BUCKET, "Key": key} | more


def test_any_range_of_a_large_object_is_read_at_once(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    size = s3.head_object(**object_at(LARGE_OBJECT))["ContentLength"]
    assert size == 5 * 2**30
    for start, end in [(0, 63), (64 * 10**7, 64 * 10**7 + 127), (size - 64, size - 1)]:
        read = s3.get_object(**object_at(LARGE_OBJECT, Range=f"bytes={start}-{end}"))
        assert read["ContentRange"] == f"bytes {start}-{end}/{size}"
        text = read["Body"].read().decode()
        assert [int(line[:12]) for line in text.splitlines()] == list(range(start // 64, end // 64 + 1))
    tail = s3.get_object(**object_at(LARGE_OBJECT, Range="bytes=-10"))["Body"].read()
    assert tail == text[-10:].encode()
    begun = s3.get_object(**object_at(LARGE_OBJECT))["Body"]
    assert begun.read(12) == b"000000000000"
    begun.close()
    assert refusal(
        lambda: s3.get_object(**object_at(LARGE_OBJECT, Range=f"bytes={size}-"))
    ) == ("InvalidRange", 416)
    several = s3.get_object(**object_at("kinds/tide.py", Range="bytes=0-1,4-5"))
    assert several["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_conditions_hold_or_not(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    head = s3.head_object(**object_at("kinds/tide.py"))
    etag, modified = head["ETag"], head["LastModified"]
    before = modified - timedelta(seconds=1)
    for condition, outcome in [
        ({"IfMatch": etag}, None),
        ({"IfMatch": '"other"'}, ("PreconditionFailed", 412)),
        ({"IfNoneMatch": etag}, ("304", 304)),
        ({"IfNoneMatch": '"other"'}, None),
        ({"IfModifiedSince": before}, None),
        ({"IfModifiedSince": modified}, ("304", 304)),
        ({"IfUnmodifiedSince": modified}, None),
        ({"IfUnmodifiedSince": before}, ("PreconditionFailed", 412)),
        ({"IfMatch": etag, "IfUnmodifiedSince": before}, None),
        ({"IfNoneMatch": etag, "IfModifiedSince": before}, ("304", 304)),
    ]:
        call = object_at("kinds/tide.py", **condition)
        assert refusal(lambda call=call: s3.get_object(**call)) == outcome, condition
        head_outcome = outcome and (str(outcome[1]), outcome[1])
        assert refusal(lambda call=call: s3.head_object(**call)) == head_outcome, condition


def test_checksums_and_etags_are_those_of_the_bytes(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    listed = s3.list_objects_v2(Bucket=OBJECT_BUCKET, Prefix="checksums/")["Contents"]
    seen = set()
    for entry in listed:
        head = s3.head_object(**object_at(entry["Key"], ChecksumMode="ENABLED"))
        # boto3 compares those that it can compute.
        body = s3.get_object(**object_at(entry["Key"], ChecksumMode="ENABLED"))["Body"].read()
        told = {name[8:].lower(): head[name] for name in head if name.startswith("ChecksumC") or name.startswith("ChecksumS")}
        assert [name.upper() for name in told] == entry.get("ChecksumAlgorithm", [])
        assert head.get("ChecksumType") == entry.get("ChecksumType")
        seen |= {(name, head["ChecksumType"]) for name in told}
        digest, _, count = entry["ETag"].strip('"').partition("-")
        parts = [body[at : at + 5 * 2**20] for at in range(0, len(body), 5 * 2**20)]
        if count:
            assert int(count) == len(parts)
            assert digest == hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()
        else:
            assert digest == hashlib.md5(body).hexdigest()
        for name, value in told.items():
            if name in WHOLE and head["ChecksumType"] == "COMPOSITE":
                expected = encoded(name, b"".join(base64.b64decode(encoded(name, part)) for part in parts))
                assert value == f"{expected}-{len(parts)}"
            elif name in WHOLE:
                assert value == encoded(name, body)
    assert len(seen) == 9


def encoded(name: str, data: bytes) -> str:
    """A checksum as S3 writes it."""
    made = WHOLE[name](data)
    raw = made.to_bytes(4, "big") if isinstance(made, int) else made.digest()
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("page_size", [1, 2, 5, 1000])
def test_versions_come_newest_first(sandbox: Sandbox, page_size: int) -> None:
    paginator = sandbox.s3().get_paginator("list_object_versions")
    pages = paginator.paginate(
        Bucket=OBJECT_BUCKET, Prefix="versions/", PaginationConfig={"PageSize": page_size}
    )
    versions: dict[str, list[dict[str, Any]]] = {}
    for page in pages:
        # boto3 gives both in lists of their own, which the reply does not have.
        rows = page.get("Versions", []) + page.get("DeleteMarkers", [])
        assert len(rows) <= page_size
        for row in sorted(rows, key=lambda row: row["Key"].encode()):
            versions.setdefault(row["Key"], []).append(row)
    assert list(versions) == in_byte_order(versions)
    assert sum(map(len, versions.values())) == 13
    for rows in versions.values():
        rows.sort(key=lambda row: row["LastModified"], reverse=True)
        assert [row["IsLatest"] for row in rows] == [True] + [False] * (len(rows) - 1)


def test_a_delete_marker_hides_what_its_versions_still_hold(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    key = "versions/deleted.txt"
    listed = s3.list_object_versions(Bucket=OBJECT_BUCKET, Prefix=key)
    assert refusal(lambda: s3.get_object(**object_at(key))) == ("NoSuchKey", 404)
    (marker,) = listed["DeleteMarkers"]
    marked = object_at(key, VersionId=marker["VersionId"])
    assert refusal(lambda: s3.get_object(**marked)) == ("MethodNotAllowed", 405)
    for version in listed["Versions"]:
        read = s3.get_object(**object_at(key, VersionId=version["VersionId"]))
        assert (read["VersionId"], read["ETag"]) == (version["VersionId"], version["ETag"])
        assert len(read["Body"].read()) == version["Size"]
    unknown = object_at(key, VersionId="A" * 32)
    assert refusal(lambda: s3.get_object(**unknown)) == ("NoSuchVersion", 404)
    odd = object_at(key, VersionId="no id")
    assert refusal(lambda: s3.get_object(**odd)) == ("InvalidArgument", 400)


def test_what_else_an_object_has(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    contract = object_at("details/contract.txt")
    tags = s3.get_object_tagging(**contract)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"kept": "five years", "team": "survey"}
    head = s3.head_object(**contract)
    assert head["Metadata"] == {"author": "Ana", "station": "=?UTF-8?B?U8OodGUsIHF1YWkgbsKwIDM=?="}
    assert head["MissingMeta"] == 1
    assert s3.get_object_retention(**contract)["Retention"]["Mode"] == head["ObjectLockMode"]
    assert s3.get_object_legal_hold(**contract)["LegalHold"]["Status"] == "ON"
    plain = object_at("kinds/tide.py")
    assert refusal(lambda: s3.get_object_retention(**plain)) == ("NoSuchObjectLockConfiguration", 404)
    annotated = object_at("annotated/survey.csv")
    listed = s3.list_object_annotations(**annotated)["Annotations"]
    assert [one["AnnotationName"] for one in listed] == ["quality", "remarks"]
    for one in listed:
        read = s3.get_object_annotation(**annotated, AnnotationName=one["AnnotationName"])
        assert (read["ETag"], len(read["AnnotationPayload"].read())) == (one["ETag"], one["Size"])


def test_parts_are_told_in_pages(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    marker, parts = 0, []
    while True:
        asked = {"ObjectAttributes": ["ObjectParts", "ObjectSize"], "MaxParts": 100}
        told = s3.get_object_attributes(**object_at(LARGE_OBJECT), PartNumberMarker=marker, **asked)
        page = told["ObjectParts"]
        parts += page["Parts"]
        if not page["IsTruncated"]:
            break
        marker = page["NextPartNumberMarker"]
    assert [part["PartNumber"] for part in parts] == list(range(1, page["TotalPartsCount"] + 1))
    assert sum(part["Size"] for part in parts) == told["ObjectSize"]
    second = s3.head_object(**object_at(LARGE_OBJECT), PartNumber=2, ChecksumMode="ENABLED")
    assert second["PartsCount"] == page["TotalPartsCount"]
    assert second["ChecksumCRC64NVME"] == parts[1]["ChecksumCRC64NVME"]


def test_an_archived_object_is_read_only_where_it_is_restored(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    for name, said in [("1992", None), ("1993", 'ongoing-request="true"')]:
        found = object_at(f"archive/{name}.csv")
        assert s3.head_object(**found).get("Restore") == said
        assert refusal(lambda found=found: s3.get_object(**found)) == ("InvalidObjectState", 403)
    restored = object_at("archive/1994.csv")
    assert 'ongoing-request="false", expiry-date="' in s3.head_object(**restored)["Restore"]
    assert len(s3.get_object(**restored)["Body"].read()) == 5000
    listed = s3.list_objects_v2(
        Bucket=OBJECT_BUCKET, Prefix="archive/", OptionalObjectAttributes=["RestoreStatus"]
    )["Contents"]
    progress = [entry.get("RestoreStatus", {}).get("IsRestoreInProgress") for entry in listed]
    assert progress == [None, True, False]


def test_a_presigned_link_works_for_whoever_has_it_until_its_session_ends(sandbox: Sandbox) -> None:
    keys = sandbox.session(DurationSeconds=4)
    s3 = sandbox.s3(keys)
    asked = object_at("kinds/tide.py", ResponseContentType="text/x-python")
    link = s3.generate_presigned_url("get_object", asked, ExpiresIn=3600)
    content = sandbox.s3().get_object(**object_at("kinds/tide.py"))["Body"].read()
    assert fetch(link) == (200, content)
    assert fetch(link.replace("tide.py", "tide.rs"))[0] == 403
    status, text = until(lambda: (ended := fetch(link))[0] != 200 and ended or None, "end", 15)
    assert (status, b"<Code>ExpiredToken<" in text) == (400, True), text
    short = sandbox.s3().generate_presigned_url("get_object", asked, ExpiresIn=1)
    time.sleep(2.1)
    status, text = fetch(short)
    assert (status, b"<Message>Request has expired<" in text) == (403, True), text


def test_each_right_is_its_own(sandbox: Sandbox) -> None:
    everything = f"arn:aws:s3:::{OBJECT_BUCKET}/*"
    keys: Keys = sandbox.federated(allow(["s3:GetObject"], everything))
    s3 = sandbox.s3(keys)
    contract = object_at("details/contract.txt")
    head = s3.head_object(**contract)
    assert "ObjectLockMode" not in head and "ObjectLockLegalHoldStatus" not in head
    asked = object_at("details/contract.txt", ObjectAttributes=["ETag"])
    for call in [
        lambda: s3.get_object_tagging(**contract),
        lambda: s3.get_object_retention(**contract),
        lambda: s3.get_object_attributes(**asked),
        lambda: s3.list_object_annotations(**contract),
        lambda: s3.get_object(**contract, VersionId=head["VersionId"]),
        lambda: s3.list_object_versions(Bucket=OBJECT_BUCKET),
        lambda: s3.get_object(**object_at("none")),
    ]:
        assert refusal(call) == ("AccessDenied", 403)
    assert refusal(lambda: s3.head_object(**object_at("none"))) == ("403", 403)
