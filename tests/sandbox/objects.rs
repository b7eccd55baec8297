//! Buckets and objects: where they are, what they hold, and how they are not found.

use aws_sdk_s3::types::{ChecksumMode, OptionalObjectAttributes, RequestPayer};
use ebbtide::sandbox::Settings;
use md5::{Digest, Md5};

use crate::support::in_process::{InProcess, assert_refused, refusal};

#[tokio::test(start_paused = true)]
async fn buckets_come_in_pages_with_their_regions_when_asked() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let plain = s3.list_buckets().send().await.unwrap();
    assert!(plain.buckets().iter().all(|bucket| bucket.bucket_region().is_none()), "AWS tells none unasked");

    let mut names = vec![];
    let mut token = None;
    loop {
        let page = s3.list_buckets().max_buckets(2).set_continuation_token(token).send().await.unwrap();
        assert!(page.buckets().len() <= 2);
        names.extend(
            page.buckets()
                .iter()
                .map(|bucket| (bucket.name().unwrap().to_owned(), bucket.bucket_region().unwrap().to_owned())),
        );
        token = page.continuation_token().map(Into::into);
        if token.is_none() {
            break;
        }
    }
    let all: Vec<_> = plain.buckets().iter().map(|bucket| bucket.name().unwrap().to_owned()).collect();
    assert_eq!(names.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), all);
    assert!(names.contains(&("tide-eu".into(), "eu-west-1".into())));

    let european = s3.list_buckets().bucket_region("eu-west-1").send().await.unwrap();
    assert_eq!(european.buckets().len(), 1);
    let prefixed = s3.list_buckets().prefix("tide-od").send().await.unwrap();
    assert_eq!(prefixed.buckets()[0].name(), Some("tide-oddities"));
    for bad in [0, 10_001] {
        let refused = refusal(s3.list_buckets().max_buckets(bad).send().await);
        assert_refused(&refused, 400, "InvalidArgument", "max-buckets");
    }
    let bad = refusal(s3.list_buckets().continuation_token("forged").send().await);
    assert_refused(&bad, 400, "InvalidArgument", "continuation token");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_elsewhere_says_where() {
    let world = InProcess::new(Settings::default());
    let here = world.s3(world.ana());
    let listed = refusal(here.list_objects_v2().bucket("tide-eu").send().await);
    assert_refused(&listed, 301, "PermanentRedirect", "must be addressed using the specified endpoint");
    let last = world.last();
    assert_eq!(last.header("x-amz-bucket-region"), Some("eu-west-1"));
    assert_eq!(last.header("location"), None);
    assert!(last.text().contains("<Endpoint>sandbox</Endpoint><Bucket>tide-eu</Bucket>"), "{}", last.text());

    let head = refusal(here.head_bucket().bucket("tide-eu").send().await);
    assert_eq!(head.status, 301);
    assert_eq!(world.last().header("x-amz-bucket-region"), Some("eu-west-1"));
    assert!(world.last().response.body().is_empty());
    let location = here.get_bucket_location().bucket("tide-eu").send().await.unwrap();
    assert_eq!(location.location_constraint().unwrap().as_str(), "eu-west-1");

    let there = world.s3_in("eu-west-1", world.ana());
    let head = there.head_bucket().bucket("tide-eu").send().await.unwrap();
    assert_eq!(head.bucket_region(), Some("eu-west-1"));
    assert_eq!(there.list_objects_v2().bucket("tide-eu").prefix("galway/").send().await.unwrap().key_count(), Some(41));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_not_found() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let bucket = refusal(s3.list_objects_v2().bucket("tide-none").send().await);
    assert_refused(&bucket, 404, "NoSuchBucket", "The specified bucket does not exist");
    let last = world.last();
    assert!(last.text().contains("<RequestId>") && last.text().contains("<HostId>"), "{}", last.text());
    assert!(last.header("x-amz-request-id").is_some());
    let key = refusal(s3.get_object().bucket("tide-archive").key("none").send().await);
    assert_refused(&key, 404, "NoSuchKey", "The specified key does not exist.");
    let head = s3.head_object().bucket("tide-archive").key("none").send().await;
    assert!(head.as_ref().err().unwrap().as_service_error().unwrap().is_not_found());
    assert!(world.last().response.body().is_empty());
    let head = s3.head_bucket().bucket("tide-none").send().await;
    assert!(head.err().unwrap().as_service_error().unwrap().is_not_found());
    let owner = s3.list_objects_v2().bucket("tide-archive").expected_bucket_owner("999988887777").send().await;
    assert_refused(&refusal(owner), 403, "AccessDenied", "");
}

async fn read(s3: &aws_sdk_s3::Client, bucket: &str, key: &str) -> Vec<u8> {
    let reply = s3.get_object().bucket(bucket).key(key).send().await.expect("ana may read it");
    reply.body.collect().await.expect("it is in memory").to_vec()
}

#[tokio::test(start_paused = true)]
async fn an_object_is_what_the_listing_says() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    for (bucket, prefix) in [("tide-archive", "2026/"), ("tide-archive", "config/"), ("tide-oddities", "")] {
        let listed = s3.list_objects_v2().bucket(bucket).prefix(prefix);
        let listed = listed.encoding_type(aws_sdk_s3::types::EncodingType::Url).send().await.unwrap();
        for entry in listed.contents() {
            let key: String = form_urlencoded::parse(format!("k={}", entry.key().unwrap()).as_bytes())
                .map(|(_, key)| key.into_owned())
                .collect();
            let head = s3.head_object().bucket(bucket).key(&key).send().await.expect("every key can be asked for");
            assert_eq!(head.content_length(), entry.size(), "{key:?}");
            assert_eq!(head.e_tag(), entry.e_tag(), "{key:?}");
            let content = read(&s3, bucket, &key).await;
            assert_eq!(Some(content.len()), entry.size().and_then(|size| usize::try_from(size).ok()), "{key:?}");
            let digest = format!("\"{}\"", hex::encode(Md5::digest(&content)));
            assert_eq!(entry.e_tag(), Some(digest.as_str()), "{key:?}");
        }
    }
    let readme = s3.get_object().bucket("tide-archive").key("README.md").send().await.unwrap();
    assert_eq!(readme.content_type(), Some("text/markdown"));
    assert!(readme.body.collect().await.unwrap().to_vec().starts_with(b"# The tide archive"));
}

#[tokio::test(start_paused = true)]
async fn a_range_reads_a_part() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let whole = read(&s3, "tide-archive", "stations.json").await;
    let part = |range: &str| s3.get_object().bucket("tide-archive").key("stations.json").range(range).send();
    for (range, expected) in [
        ("bytes=0-9", &whole[..10]),
        ("bytes=5-", &whole[5..]),
        ("bytes=-7", &whole[whole.len() - 7..]),
        ("bytes=3-99999999", &whole[3..]),
    ] {
        let reply = part(range).await.unwrap();
        assert!(reply.content_range().unwrap().ends_with(&format!("/{}", whole.len())), "{range}");
        assert_eq!(reply.body.collect().await.unwrap().to_vec(), expected, "{range}");
        assert_eq!(world.last().response.status(), 206);
    }
    assert_refused(&refusal(part("bytes=99999999-").await), 416, "InvalidRange", "not satisfiable");
    assert_eq!(world.last().header("content-range"), Some(format!("bytes */{}", whole.len()).as_str()));
}

#[tokio::test(start_paused = true)]
async fn a_condition_guards_a_read() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let get = || s3.get_object().bucket("tide-archive").key("README.md");
    let etag = get().send().await.unwrap().e_tag().unwrap().to_owned();
    get().if_match(&etag).send().await.expect("it is that one");
    get().if_none_match("\"other\"").send().await.expect("it is not that one");
    assert_refused(&refusal(get().if_match("\"other\"").send().await), 412, "PreconditionFailed", "did not hold");
    assert_eq!(refusal(get().if_none_match(&etag).send().await).status, 304);
    let modified = aws_sdk_s3::primitives::DateTime::from_secs(1_790_841_600);
    assert_eq!(refusal(get().if_modified_since(modified).send().await).status, 304, "2026-10-01T08:00:00Z");
    get().if_unmodified_since(modified).send().await.expect("it has not been since");
}

#[tokio::test(start_paused = true)]
async fn an_archived_object_is_listed_but_not_read() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let head = s3.head_object().bucket("tide-archive").key("raw/1987.tar").send().await.unwrap();
    assert_eq!(head.content_length(), Some(5_905_580_032));
    assert_eq!(head.storage_class().unwrap().as_str(), "DEEP_ARCHIVE");
    assert!(head.e_tag().unwrap().ends_with("-704\""));
    let get = refusal(s3.get_object().bucket("tide-archive").key("raw/1987.tar").send().await);
    assert_refused(&get, 403, "InvalidObjectState", "storage class");
}

#[tokio::test(start_paused = true)]
async fn every_reply_tells_the_sandboxes_time() {
    let world = InProcess::new(Settings::default());
    world.s3(world.ana()).list_buckets().send().await.unwrap();
    assert_eq!(world.last().header("date"), Some("Sun, 22 Nov 2026 12:00:00 GMT"));
}

#[tokio::test(start_paused = true)]
async fn a_header_that_would_change_the_answer_is_refused() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let other = OptionalObjectAttributes::from("Colour");
    let listed = s3.list_objects_v2().bucket("tide-archive").optional_object_attributes(other).send().await;
    assert_refused(&refusal(listed), 400, "InvalidArgument", "Invalid attribute name");
    let get = s3.get_object().bucket("tide-archive").key("README.md");
    let encrypted = get.clone().sse_customer_algorithm("AES256").send().await;
    assert_refused(&refusal(encrypted), 501, "NotImplemented", "x-amz-server-side-encryption-customer-algorithm");
    get.request_payer(RequestPayer::Requester).checksum_mode(ChecksumMode::Enabled).send().await.expect("these do not");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_sent_whole_has_one_part() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let get = |part: i32| s3.get_object().bucket("tide-archive").key("README.md").part_number(part);
    let first = get(1).send().await.unwrap();
    let size = first.content_length().unwrap();
    assert_eq!(first.content_range(), Some(format!("bytes 0-{}/{size}", size - 1).as_str()));
    assert_eq!(world.last().response.status(), 206);
    assert_refused(&refusal(get(2).send().await), 416, "InvalidPartNumber", "not satisfiable");
    assert_refused(&refusal(get(0).send().await), 400, "InvalidArgument", "between 1 and 10000");
    assert_refused(&refusal(get(1).range("bytes=0-1").send().await), 400, "InvalidRequest", "Cannot specify both");
    let archived = s3.head_object().bucket("tide-archive").key("raw/1987.tar").part_number(704).send().await.unwrap();
    assert_eq!((archived.parts_count(), archived.content_length()), (Some(704), Some(8 << 20)));
}

#[tokio::test(start_paused = true)]
async fn what_would_change_the_answer_is_refused_only_to_who_may_have_one() {
    let world = InProcess::new(Settings::default());
    let get = world.s3(world.ana()).get_object().bucket("tide-vault").key("treasure.txt");
    let denied = refusal(get.sse_customer_algorithm("AES256").send().await);
    assert_refused(&denied, 403, "AccessDenied", "explicit deny in a resource-based policy");
}
