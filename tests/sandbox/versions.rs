//! `ListObjects` in its first version, and `ListObjectVersions`: the same pages as `ListObjectsV2`, told otherwise; and what
//! a version is to a read.

use aws_sdk_s3::{Client, types::EncodingType};
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

/// Key, version id and whether it is an object, as the pages of `size` tell them.
async fn every_version(s3: &Client, prefix: &str, delimiter: Option<&str>, size: i32) -> Vec<(String, String, bool)> {
    let (mut key, mut version, mut found) = (None, None, vec![]);
    loop {
        let call = s3.list_object_versions().bucket("tide-objects").prefix(prefix).max_keys(size);
        let call = call.set_delimiter(delimiter.map(Into::into)).set_key_marker(key).set_version_id_marker(version);
        let page = call.send().await.expect("ana may list versions here");
        let objects = page.versions().iter().map(|one| (one.key(), one.version_id(), true));
        let markers = page.delete_markers().iter().map(|one| (one.key(), one.version_id(), false));
        let prefixes = page.common_prefixes().iter().map(|one| (one.prefix(), None, true));
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let rows = objects.chain(markers).chain(prefixes);
        let before = found.len();
        found.extend(rows.map(|(key, id, is_object)| (owned(key), owned(id), is_object)));
        assert!(found.len() - before <= usize::try_from(size).expect("it is a number of rows"));
        if page.is_truncated() != Some(true) {
            return found;
        }
        (key, version) = (page.next_key_marker().map(Into::into), page.next_version_id_marker().map(Into::into));
    }
}

#[tokio::test(start_paused = true)]
async fn versions_come_newest_first_in_pages_of_any_size() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let whole = every_version(&s3, "versions/", None, 1000).await;
    let text = world.last().text();
    let order: Vec<&str> = text.split("<Key>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    let name = |name: &str| format!("versions/{name}");
    let expected = [
        ("deleted.txt", 3),
        ("forecast.json", 3),
        ("forecast.json.txt", 1),
        ("only-a-marker.txt", 1),
        ("returned.txt", 3),
        ("unversioned.toml", 2),
    ];
    let expected: Vec<_> = expected.into_iter().flat_map(|(key, count)| vec![name(key); count]).collect();
    assert_eq!(order, expected);
    let page = s3.list_object_versions().bucket("tide-objects").prefix("versions/").send().await.unwrap();
    assert_eq!(page.delete_markers().len(), 3);
    let latest: Vec<_> = page.versions().iter().filter(|one| one.is_latest() == Some(true)).collect();
    assert_eq!(latest.len(), 4, "of six keys two end with a delete marker");
    let forecast = page.versions().iter().filter(|one| one.key() == Some("versions/forecast.json"));
    let times: Vec<_> = forecast.map(|one| one.last_modified().unwrap().secs()).collect();
    assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{times:?}");
    for size in 1..8 {
        let mut found = every_version(&s3, "versions/", None, size).await;
        let mut all = whole.clone();
        found.sort();
        all.sort();
        assert_eq!(found, all, "{size} a page");
    }
    for size in [1, 2, 100] {
        let rolled = every_version(&s3, "", Some("/"), size).await;
        assert!(rolled.iter().all(|(prefix, ..)| prefix.ends_with('/')) && rolled.len() == 8, "{rolled:?}");
    }
    let exact = every_version(&s3, "versions/forecast.json", None, 2).await;
    assert_eq!(exact.len(), 4, "the prefix is also that of another key");
}

#[tokio::test(start_paused = true)]
async fn a_version_marker_must_be_one_of_its_key() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let call = s3.list_object_versions().bucket("tide-objects").key_marker("versions/forecast.json");
    let refused = call.version_id_marker("unknown").send().await;
    assert_refused(&refusal(refused), 400, "InvalidArgument", "Invalid version id");
    let listed = s3.list_objects_v2().bucket("tide-objects").prefix("versions/").send().await.unwrap();
    let keys: Vec<_> = listed.contents().iter().filter_map(|object| object.key()).collect();
    let current = ["forecast.json", "forecast.json.txt", "returned.txt", "unversioned.toml"];
    assert_eq!(keys, current.map(|name| format!("versions/{name}")), "what is deleted is not listed");
}

#[tokio::test(start_paused = true)]
async fn any_version_is_read_and_a_delete_marker_is_not() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let get = |key: &str, id: Option<&str>| {
        s3.get_object().bucket("tide-objects").key(format!("versions/{key}")).set_version_id(id.map(Into::into)).send()
    };
    let page = s3.list_object_versions().bucket("tide-objects").prefix("versions/").send().await.unwrap();
    for version in page.versions() {
        let (key, id) = (version.key().unwrap().trim_start_matches("versions/"), version.version_id().unwrap());
        let reply = get(key, Some(id)).await.expect("it is a version");
        assert_eq!((reply.version_id(), reply.e_tag()), (Some(id), version.e_tag()), "{key}");
        assert!(version.is_latest() != Some(true) || get(key, None).await.unwrap().version_id() == Some(id), "{key}");
    }
    let marker = page.delete_markers().iter().find(|one| one.key() == Some("versions/deleted.txt")).unwrap();
    let (id, at) = (marker.version_id().unwrap(), marker.last_modified().unwrap());
    assert_refused(&refusal(get("deleted.txt", None).await), 404, "NoSuchKey", "");
    assert_eq!(world.last().header("x-amz-delete-marker"), Some("true"));
    assert_eq!(world.last().header("x-amz-version-id"), Some(id));
    assert_refused(&refusal(get("deleted.txt", Some(id)).await), 405, "MethodNotAllowed", "");
    assert_eq!(
        (world.last().header("x-amz-delete-marker"), world.last().header("allow")),
        (Some("true"), Some("DELETE"))
    );
    assert_eq!(world.last().header("last-modified"), Some("Sat, 05 Sep 2026 12:00:00 GMT"), "{at:?}");
    let head = s3.head_object().bucket("tide-objects").key("versions/deleted.txt").version_id(id).send().await;
    assert_eq!(refusal(head).status, 405);
    assert!(world.last().response.body().is_empty());
    let other = "A".repeat(32);
    for (key, id) in [("forecast.json", other.as_str()), ("none", other.as_str()), ("forecast.json", "null")] {
        assert_refused(&refusal(get(key, Some(id)).await), 404, "NoSuchVersion", "");
    }
    for id in ["x", ""] {
        assert_refused(&refusal(get("forecast.json", Some(id)).await), 400, "InvalidArgument", "ersion id");
    }
    let null = get("unversioned.toml", Some("null")).await.expect("it is from before versions were kept");
    assert_eq!(null.version_id(), Some("null"));
    assert_eq!(
        s3.get_bucket_versioning().bucket("tide-objects").send().await.unwrap().status().unwrap().as_str(),
        "Enabled"
    );
}

#[tokio::test(start_paused = true)]
async fn a_version_needs_a_right_of_its_own() {
    let world = InProcess::new(Settings::default());
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}}"#;
    let bo = world.sts(world.ana()).get_federation_token().name("bo").policy(policy).send().await.unwrap();
    let s3 = world.s3(minted(bo.credentials()));
    let get = s3.get_object().bucket("tide-objects").key("versions/forecast.json");
    let current = get.clone().send().await.expect("the current one may be read");
    let refused = get.version_id(current.version_id().unwrap()).send().await;
    assert_refused(&refusal(refused), 403, "AccessDenied", "s3:GetObjectVersion");
    let listed = s3.list_object_versions().bucket("tide-objects").send().await;
    assert_refused(&refusal(listed), 403, "AccessDenied", "s3:ListBucketVersions");
}
