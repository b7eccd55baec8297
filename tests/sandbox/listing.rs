//! `ListObjectsV2`: order, pages, common prefixes, odd keys, speed.

use std::time::Duration;

use aws_sdk_s3::{operation::list_objects_v2::ListObjectsV2Output, types::EncodingType};
use ebbtide::sandbox::Settings;
use proptest::{collection::vec, prelude::*};

use crate::support::in_process::{InProcess, assert_refused, refusal};

/// Keys and common prefixes of a page, in the order of their bytes.
fn items(page: &ListObjectsV2Output) -> Vec<String> {
    let keys = page.contents().iter().filter_map(|object| object.key());
    let prefixes = page.common_prefixes().iter().filter_map(|common| common.prefix());
    let mut items: Vec<_> = keys.chain(prefixes).map(Into::into).collect();
    items.sort_unstable();
    items
}

/// Everything there is, in pages of `size`.
async fn all(s3: &aws_sdk_s3::Client, bucket: &str, prefix: &str, delimiter: Option<&str>, size: i32) -> Vec<String> {
    let call = s3.list_objects_v2().bucket(bucket).prefix(prefix).set_delimiter(delimiter.map(Into::into));
    let mut pages = call.into_paginator().page_size(size).send();
    let mut found = vec![];
    while let Some(page) = pages.next().await {
        let page = page.expect("ana may list it");
        let items = items(&page);
        assert!(items.len() <= usize::try_from(size).expect("positive"));
        assert_eq!(page.key_count(), i32::try_from(items.len()).ok());
        found.extend(items);
    }
    found
}

#[tokio::test(start_paused = true)]
async fn a_flat_prefix_of_twelve_thousand_keys_comes_whole_and_in_order() {
    let world = InProcess::new(Settings::default());
    let keys = all(&world.s3(world.ana()), "tide-logs", "readings/2026/", None, 1000).await;
    assert_eq!(keys.len(), 12_000);
    assert!(keys.is_sorted());
    assert_eq!(keys[0], "readings/2026/station-00001.csv");
    assert_eq!(keys[11_999], "readings/2026/station-12000.csv");
}

#[tokio::test(start_paused = true)]
async fn the_size_of_a_page_changes_nothing_but_the_pages() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    for (bucket, prefix) in [("tide-oddities", ""), ("tide-oddities", "a/"), ("tide-archive", ""), ("tide-logs", "te")]
    {
        for delimiter in [None, Some("/"), Some("-"), Some("am")] {
            let whole = all(&s3, bucket, prefix, delimiter, 1000).await;
            for size in [1, 2, 3, 7] {
                let paged = all(&s3, bucket, prefix, delimiter, size).await;
                assert_eq!(paged, whole, "{bucket} {prefix:?} {delimiter:?} by {size}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_common_prefix_is_one_item_however_many_keys_it_stands_for() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let page = s3.list_objects_v2().bucket("tide-logs").delimiter("/").max_keys(2).send().await.unwrap();
    assert_eq!(items(&page), ["gateway.log", "readings/"]);
    assert_eq!((page.key_count(), page.is_truncated()), (Some(2), Some(true)));
    let token = page.next_continuation_token().unwrap();
    let next = s3.list_objects_v2().bucket("tide-logs").delimiter("/").continuation_token(token).send().await.unwrap();
    assert_eq!(items(&next), ["team-secret/", "team/"]);
    assert_eq!(next.is_truncated(), Some(false));
}

#[tokio::test(start_paused = true)]
async fn a_listing_can_start_after_a_key_or_a_common_prefix() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let list = |after: &str| s3.list_objects_v2().bucket("tide-logs").delimiter("/").start_after(after).send();
    assert_eq!(items(&list("gateway.log").await.unwrap()), ["readings/", "team-secret/", "team/"]);
    assert_eq!(items(&list("readings/").await.unwrap()), ["team-secret/", "team/"]);
    assert_eq!(items(&list("readings/2026/station-00009.csv").await.unwrap()), ["team-secret/", "team/"]);
    assert_eq!(items(&list("zzz").await.unwrap()), [""; 0]);
    assert_eq!(list("zzz").await.unwrap().start_after(), Some("zzz"));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_page_comes_before_its_keys() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    s3.list_objects_v2().bucket("tide-archive").max_keys(1).fetch_owner(true).send().await.unwrap();
    let text = world.last().text();
    let order =
        ["<KeyCount>1<", "<MaxKeys>1<", "<IsTruncated>true<", "<NextContinuationToken>", "<Contents>", "<Owner>"];
    let places: Vec<_> = order.iter().map(|element| text.find(element).expect("it is there")).collect();
    assert!(places.is_sorted(), "{text}");
    let none = s3.list_objects_v2().bucket("tide-archive").max_keys(0).send().await.unwrap();
    assert_eq!((none.key_count(), none.is_truncated()), (Some(0), Some(false)));
}

#[tokio::test(start_paused = true)]
async fn a_page_is_never_longer_than_the_sandbox_allows() {
    let world = InProcess::new(Settings { max_keys: 5, ..Settings::default() });
    let s3 = world.s3(world.ana());
    let page = s3.list_objects_v2().bucket("tide-logs").max_keys(1000).send().await.unwrap();
    assert_eq!((page.key_count(), page.max_keys()), (Some(5), Some(5)));
}

#[tokio::test(start_paused = true)]
async fn a_token_survives_the_session_that_got_it() {
    let world = InProcess::new(Settings::default());
    let first = world.s3(world.ana()).list_objects_v2().bucket("tide-logs").send().await.unwrap();
    let reply = world.sts(world.ana()).get_session_token().send().await.unwrap();
    let s3 = world.s3(crate::support::in_process::minted(reply.credentials()));
    let token = first.next_continuation_token().unwrap();
    let second = s3.list_objects_v2().bucket("tide-logs").continuation_token(token).send().await.unwrap();
    assert!(second.contents()[0].key() > first.contents()[999].key());
}

#[tokio::test(start_paused = true)]
async fn an_argument_s3_cannot_take_is_refused_by_name() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let list = || s3.list_objects_v2().bucket("tide-archive");
    let token = list().continuation_token("forged").send().await;
    assert_refused(&refusal(token), 400, "InvalidArgument", "The continuation token provided is incorrect");
    assert!(world.last().text().contains("<ArgumentName>continuation-token</ArgumentName>"));
    assert_refused(&refusal(list().max_keys(-1).send().await), 400, "InvalidArgument", "max-keys");
    let encoding = list().encoding_type("gzip".into()).send().await;
    assert_refused(&refusal(encoding), 400, "InvalidArgument", "Invalid Encoding Method");
}

#[tokio::test(start_paused = true)]
async fn odd_keys_survive_both_encodings() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let raw = s3.list_objects_v2().bucket("tide-oddities").send().await.expect("references for control characters");
    let encoded = s3.list_objects_v2().bucket("tide-oddities").encoding_type(EncodingType::Url).send().await.unwrap();
    assert_eq!(encoded.encoding_type(), Some(&EncodingType::Url));
    let decode = |key: &str| -> String {
        form_urlencoded::parse(format!("k={key}").as_bytes()).map(|(_, key)| key.into_owned()).collect()
    };
    let raw: Vec<_> = raw.contents().iter().map(|object| object.key().unwrap().to_owned()).collect();
    let decoded: Vec<_> = encoded.contents().iter().map(|object| decode(object.key().unwrap())).collect();
    assert_eq!(raw, decoded);
    assert!(raw.iter().any(|key| key.contains('\u{1b}')) && raw.iter().any(|key| key.len() == 1024));
    let encoded: Vec<_> = encoded.contents().iter().filter_map(|object| object.key()).collect();
    assert!(encoded.contains(&"spaces+in+the+name.txt") && encoded.contains(&"plus%2Bsign.txt"), "{encoded:?}");
}

#[tokio::test(start_paused = true)]
async fn latency_holds_back_every_answer() {
    let world = InProcess::new(Settings { latency: Duration::from_secs(2), ..Settings::default() });
    let before = world.clock.now();
    world.s3(world.ana()).list_buckets().send().await.unwrap();
    assert_eq!(world.clock.now().duration_since(before).as_secs(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any prefix, delimiter, start and page size agree with filtering all keys by hand.
    #[test]
    fn a_listing_is_what_filtering_by_hand_gives(
        parts in vec(prop_oneof!["a", "/", "//", "folder-marker", "control", "-", "é", "t"], 0..3),
        delimiter in prop_oneof![Just(""), Just("/"), Just("-"), Just("er")],
        after in prop_oneof![Just(""), Just("a//b.txt"), Just("control/"), Just("folder-marker/inside.txt"), Just("p")],
        size in 1..9i32,
    ) {
        let prefix = parts.concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (listed, expected) = runtime.block_on(async {
            let world = InProcess::new(Settings::default());
            let s3 = world.s3(world.ana());
            let every = s3.list_objects_v2().bucket("tide-oddities").send().await.unwrap();
            let mut expected: Vec<String> = every
                .contents()
                .iter()
                .filter_map(|object| object.key()?.strip_prefix(&prefix))
                .map(|rest| match rest.find(delimiter).filter(|_| !delimiter.is_empty()) {
                    Some(at) => format!("{prefix}{}", &rest[..at + delimiter.len()]),
                    None => format!("{prefix}{rest}"),
                })
                .filter(|item| item.as_str() > after && !(!delimiter.is_empty() && item.ends_with(delimiter) && after.starts_with(item.as_str())))
                .collect();
            expected.dedup();
            let mut pages = s3
                .list_objects_v2()
                .bucket("tide-oddities")
                .prefix(&prefix)
                .delimiter(delimiter)
                .start_after(after)
                .into_paginator()
                .page_size(size)
                .send();
            let mut listed = vec![];
            while let Some(page) = pages.next().await {
                listed.extend(items(&page.unwrap()));
            }
            (listed, expected)
        });
        prop_assert_eq!(listed, expected);
    }
}
