"""boto3 against the sandbox's S3: listing, paging, odd names, reading, and a bucket elsewhere."""

from typing import Any

import pytest
from botocore.handlers import set_list_objects_encoding_type_url

from harness import fetch, in_byte_order, refusal
from our_world import (
    EU_BUCKET,
    FLAT_BUCKET,
    FLAT_PREFIX,
    NESTED_BUCKET,
    ODD_BUCKET,
    TEXT_KEY,
    Sandbox,
    keys_in,
)


def listing(s3: Any, page_size: int, **query: Any) -> tuple[list[str], list[str], list[int]]:
    """Keys, common prefixes and page lengths, as boto3's paginator meets them."""
    keys, prefixes, lengths = [], [], []
    pages = s3.get_paginator("list_objects_v2").paginate(
        **query, PaginationConfig={"PageSize": page_size}
    )
    for page in pages:
        entries, grouped = page.get("Contents", []), page.get("CommonPrefixes", [])
        keys += [entry["Key"] for entry in entries]
        prefixes += [group["Prefix"] for group in grouped]
        lengths.append(len(entries) + len(grouped))
        assert page["KeyCount"] == lengths[-1]
    return keys, prefixes, lengths


def rolled_up(keys: list[str], prefix: str, delimiter: str) -> tuple[list[str], list[str]]:
    """What a delimiter makes of a flat listing: keys without it, and the groups of the others."""
    beside, prefixes = [], []
    for key in keys:
        if not key.startswith(prefix):
            continue
        head, found, _ = key[len(prefix) :].partition(delimiter)
        if not found:
            beside.append(key)
        elif (group := prefix + head + delimiter) not in prefixes[-1:]:
            prefixes.append(group)
    return beside, prefixes


def test_the_flat_prefix_comes_in_full_pages_in_order_and_whole(sandbox: Sandbox) -> None:
    keys, prefixes, lengths = listing(sandbox.s3(), 1000, Bucket=FLAT_BUCKET, Prefix=FLAT_PREFIX)
    assert len(keys) >= 12_000
    assert keys == in_byte_order(set(keys))
    assert prefixes == []
    assert lengths[:-1] == [1000] * (len(lengths) - 1)


@pytest.mark.parametrize("page_size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("delimiter", ["/", "-", ".", "e", " ", "+", "//", "é/"])
@pytest.mark.parametrize("bucket", [NESTED_BUCKET, ODD_BUCKET])
def test_grouping_by_a_delimiter_agrees_with_grouping_the_flat_listing(
    sandbox: Sandbox, bucket: str, delimiter: str, page_size: int
) -> None:
    flat = keys_in(sandbox, bucket)
    _, top = rolled_up(flat, "", delimiter)
    for prefix in ["", *top[:5]]:
        keys, prefixes, lengths = listing(
            sandbox.s3(), page_size, Bucket=bucket, Delimiter=delimiter, Prefix=prefix
        )
        assert (keys, prefixes) == rolled_up(flat, prefix, delimiter)
        assert lengths[:-1] == [page_size] * (len(lengths) - 1)


def test_a_listing_starts_after_any_name_one_likes(sandbox: Sandbox) -> None:
    flat = keys_in(sandbox, FLAT_BUCKET, FLAT_PREFIX)
    for after in [flat[0], flat[4999], flat[4999] + "0", flat[-1], "~"]:
        listed = sandbox.s3().list_objects_v2(
            Bucket=FLAT_BUCKET, Prefix=FLAT_PREFIX, StartAfter=after
        )
        keys = [entry["Key"] for entry in listed.get("Contents", [])]
        assert keys == [key for key in flat if key.encode() > after.encode()][:1000]


def test_max_keys_of_none_lists_none_and_of_many_a_thousand(sandbox: Sandbox) -> None:
    for asked, given in [(0, 0), (5, 5), (5000, 1000)]:
        listed = sandbox.s3().list_objects_v2(Bucket=FLAT_BUCKET, Prefix=FLAT_PREFIX, MaxKeys=asked)
        assert listed["KeyCount"] == given


@pytest.mark.parametrize(
    "query",
    [
        {"MaxKeys": -1},
        {"MaxKeys": "many"},
        {"ContinuationToken": "made up"},
        {"EncodingType": "rot13"},
    ],
)
def test_a_query_that_makes_no_sense_is_an_invalid_argument(
    sandbox: Sandbox, query: dict[str, Any]
) -> None:
    assert refusal(lambda: sandbox.s3().list_objects_v2(Bucket=FLAT_BUCKET, **query)) == (
        "InvalidArgument",
        400,
    )


def test_odd_names_survive_the_listing_and_can_be_read(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    entries = s3.list_objects_v2(Bucket=ODD_BUCKET)["Contents"]
    names = [entry["Key"] for entry in entries]
    for trait, shown in ODD_TRAITS.items():
        assert any(shown(name) for name in names), f"no name with {trait}"
    for entry in entries:
        read = s3.get_object(Bucket=ODD_BUCKET, Key=entry["Key"])
        assert len(read["Body"].read()) == entry["Size"]
        assert read["ETag"] == entry["ETag"]
        assert s3.head_object(Bucket=ODD_BUCKET, Key=entry["Key"])["ContentLength"] == entry["Size"]


ODD_TRAITS = {
    "a space": lambda name: " " in name,
    "a letter beyond ASCII": lambda name: any(c.isalpha() and not c.isascii() for c in name),
    "an empty step": lambda name: "//" in name,
    "a trailing slash": lambda name: name.endswith("/"),
    "a control character": lambda name: any(ord(c) < 32 for c in name),
    "a right-to-left override": lambda name: "\u202e" in name,
    "1,024 bytes": lambda name: len(name.encode()) == 1024,
}


def test_names_fit_for_xml_are_the_same_without_url_encoding(sandbox: Sandbox) -> None:
    plain = sandbox.s3()
    plain.meta.events.unregister(
        "before-parameter-build.s3.ListObjectsV2", set_list_objects_encoding_type_url
    )
    for bucket in [NESTED_BUCKET, ODD_BUCKET]:
        fit = [key for key in keys_in(sandbox, bucket) if min(key) >= " "]
        for key in fit:
            reply = plain.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
            assert "EncodingType" not in reply
            assert (reply["Prefix"], reply["Contents"][0]["Key"]) == (key, key)


def test_a_range_of_an_object_is_that_range(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    found = {"Bucket": NESTED_BUCKET, "Key": TEXT_KEY}
    whole = s3.get_object(**found)["Body"].read()
    size = len(whole)
    for asked, first, last in [
        ("bytes=0-0", 0, 0),
        ("bytes=5-9", 5, 9),
        ("bytes=7-", 7, size - 1),
        ("bytes=-4", size - 4, size - 1),
        (f"bytes=2-{size * 2}", 2, size - 1),
    ]:
        part = s3.get_object(**found, Range=asked)
        assert part["Body"].read() == whole[first : last + 1]
        assert part["ContentRange"] == f"bytes {first}-{last}/{size}"
        assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert refusal(lambda: s3.get_object(**found, Range=f"bytes={size}-")) == ("InvalidRange", 416)


def test_what_is_not_there_is_named(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    assert refusal(lambda: s3.get_object(Bucket=FLAT_BUCKET, Key="no such key")) == (
        "NoSuchKey",
        404,
    )
    assert refusal(lambda: s3.head_object(Bucket=FLAT_BUCKET, Key="no such key")) == ("404", 404)
    assert refusal(lambda: s3.list_objects_v2(Bucket="tide-no-such-bucket")) == (
        "NoSuchBucket",
        404,
    )
    assert refusal(lambda: s3.head_bucket(Bucket="tide-no-such-bucket")) == ("404", 404)


def test_buckets_come_in_pages_with_their_regions(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    for page_size in [1, 2, 1000]:
        pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": page_size})
        buckets = [bucket for page in pages for bucket in page["Buckets"]]
        assert [bucket["Name"] for bucket in buckets] == sorted(sandbox.buckets)
        regions = {bucket["Name"]: bucket["BucketRegion"] for bucket in buckets}
        assert regions.pop(EU_BUCKET) == "eu-west-1"
        assert set(regions.values()) == {"us-west-2"}
    some = s3.list_buckets(Prefix=EU_BUCKET[:6], BucketRegion="eu-west-1", MaxBuckets=10)
    assert [bucket["Name"] for bucket in some["Buckets"]] == [EU_BUCKET]


def test_a_bucket_elsewhere_is_followed_by_boto3_and_named_to_others(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    followed = s3.list_objects_v2(Bucket=EU_BUCKET)
    there = sandbox.client("s3", sandbox.user, region="eu-west-1").list_objects_v2(Bucket=EU_BUCKET)
    assert followed["KeyCount"] == there["KeyCount"] > 0
    assert s3.get_bucket_location(Bucket=EU_BUCKET)["LocationConstraint"] == "eu-west-1"
    unfollowed = s3.generate_presigned_url("list_objects_v2", Params={"Bucket": EU_BUCKET})
    status, body = fetch(unfollowed)
    assert (status, b"<Code>PermanentRedirect</Code>" in body) == (301, True)


def test_an_object_in_cold_storage_is_listed_but_not_read(sandbox: Sandbox) -> None:
    s3 = sandbox.s3()
    cold = s3.list_objects_v2(Bucket=NESTED_BUCKET, Prefix="raw/")["Contents"]
    assert {entry["StorageClass"] for entry in cold} == {"DEEP_ARCHIVE", "GLACIER"}
    for entry in cold:
        found = {"Bucket": NESTED_BUCKET, "Key": entry["Key"]}
        assert s3.head_object(**found)["StorageClass"] == entry["StorageClass"]
        assert refusal(lambda f=found: s3.get_object(**f)) == ("InvalidObjectState", 403)
