//! `ListObjects` in its first version, and `ListObjectVersions`: the same pages as `ListObjectsV2`, told otherwise.

use aws_sdk_s3::types::EncodingType;
use ebbtide::sandbox::Settings;

use crate::support::in_process::{InProcess, assert_refused, guest, minted, refusal};

/// Keys and common prefixes in pages of `size`, by the marker that the call itself tells, or else by the last key.
async fn all(s3: &aws_sdk_s3::Client, bucket: &str, prefix: &str, delimiter: Option<&str>, size: i32) -> Vec<String> {
    let mut found = vec![];
    let mut marker = None;
    loop {
        let call = s3.list_objects().bucket(bucket).prefix(prefix).set_delimiter(delimiter.map(Into::into));
        let page = call.max_keys(size).set_marker(marker.clone()).send().await.expect("ana may list it");
        assert_eq!(page.marker().unwrap_or_default(), marker.unwrap_or_default());
        let keys = page.contents().iter().filter_map(|object| object.key());
        let prefixes = page.common_prefixes().iter().filter_map(|common| common.prefix());
        let mut items: Vec<String> = keys.chain(prefixes).map(Into::into).collect();
        items.sort_unstable();
        assert!(items.len() <= usize::try_from(size).expect("it is a number of rows"));
        found.extend(items);
        if page.is_truncated() != Some(true) {
            assert_eq!(page.next_marker(), None);
            return found;
        }
        assert_eq!(page.next_marker().is_some(), delimiter.is_some(), "without a delimiter the last key is enough");
        marker = page.next_marker().map(Into::into).or(found.last().cloned());
    }
}

#[tokio::test(start_paused = true)]
async fn both_versions_list_the_same_in_pages_of_any_size() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    for (bucket, prefix) in [("tide-oddities", ""), ("tide-oddities", "a/"), ("tide-archive", ""), ("tide-logs", "te")]
    {
        for delimiter in [None, Some("/"), Some("am")] {
            let call = s3.list_objects_v2().bucket(bucket).prefix(prefix).set_delimiter(delimiter.map(Into::into));
            let second = call.send().await.unwrap();
            let keys = second.contents().iter().filter_map(|object| object.key());
            let prefixes = second.common_prefixes().iter().filter_map(|common| common.prefix());
            let mut items: Vec<String> = keys.chain(prefixes).map(Into::into).collect();
            items.sort_unstable();
            for size in [1, 2, 7, 1000] {
                assert_eq!(all(&s3, bucket, prefix, delimiter, size).await, items, "{bucket} {prefix:?} {delimiter:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_version_tells_owners_and_no_count_and_encodes_its_markers() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let call = s3.list_objects().bucket("tide-oddities").delimiter("/").marker("a b/").max_keys(20);
    let page = call.encoding_type(EncodingType::Url).send().await.unwrap();
    assert!(page.contents().iter().all(|object| object.owner().and_then(|owner| owner.id()).is_some()));
    let text = world.last().text();
    assert!(text.contains("<Marker>a+b/</Marker>") && !text.contains("<KeyCount>"), "{text}");
    assert!(text.contains("<NextMarker>"), "{text}");
    let unknown = s3.list_objects().bucket("tide-oddities").encoding_type("gzip".into()).send().await;
    assert_refused(&refusal(unknown), 400, "InvalidArgument", "Invalid Encoding Method");
    let denied = world.s3(guest()).list_objects().bucket("tide-oddities").send().await;
    assert_refused(&refusal(denied), 403, "AccessDenied", "s3:ListBucket");
}

#[tokio::test(start_paused = true)]
async fn each_object_is_the_one_version_of_itself() {
    let world = InProcess::new(Settings::default());
    let call = world.sts(world.ana()).assume_role().role_arn("arn:aws:iam::111122223333:role/keeper");
    let s3 = world.s3(minted(call.role_session_name("tests").send().await.unwrap().credentials()));
    let (mut key, mut version, mut found) = (None, None, vec![]);
    loop {
        let call = s3.list_object_versions().bucket("tide-archive").prefix("2026/").max_keys(9);
        let page = call.set_key_marker(key).set_version_id_marker(version).send().await.unwrap();
        assert!(page.versions().iter().all(|one| one.version_id() == Some("null") && one.is_latest() == Some(true)));
        found.extend(page.versions().iter().map(|one| one.key().unwrap().to_owned()));
        if page.is_truncated() != Some(true) {
            break;
        }
        (key, version) = (page.next_key_marker().map(Into::into), page.next_version_id_marker().map(Into::into));
        assert!(key.is_some() && version.is_some());
    }
    let listed = s3.list_objects_v2().bucket("tide-archive").prefix("2026/").send().await.unwrap();
    assert_eq!(found, listed.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>());
    let lone = s3.list_object_versions().bucket("tide-archive").version_id_marker("null").send().await;
    assert_refused(&refusal(lone), 400, "InvalidArgument", "without a key marker");
}
