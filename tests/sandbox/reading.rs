//! What a read gives: parts of objects of any size, headers that were stored, checksums that hold.

use std::time::Duration;

use aws_sdk_s3::{
    Client,
    operation::get_object::GetObjectOutput,
    presigning::PresigningConfig,
    types::{ChecksumMode, ChecksumType},
};
use bytes::Bytes;
use ebbtide::sandbox::Settings;
use http_body_util::BodyExt;
use md5::{Digest, Md5};

use crate::support::in_process::{InProcess, assert_refused, guest, minted, pass, presigned, refusal};

const OBJECTS: &str = "tide-objects";
const LARGE: &str = "large/numbered-lines.log";

async fn bytes(reply: GetObjectOutput) -> Bytes {
    reply.body.collect().await.expect("what comes has the checksum that is told").into_bytes()
}

async fn part(s3: &Client, key: &str, range: &str) -> Bytes {
    bytes(s3.get_object().bucket(OBJECTS).key(key).range(range).send().await.expect("ana may read it")).await
}

#[tokio::test(start_paused = true)]
async fn five_gibibytes_are_read_at_any_place() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let head = s3.head_object().bucket(OBJECTS).key(LARGE).send().await.unwrap();
    assert_eq!(head.content_length(), Some(5 << 30));
    assert!(head.e_tag().unwrap().ends_with("-320\""), "{head:?}");
    for (range, expected) in [
        ("bytes=0-63", "000000000000 2024-01-01T00:00:00Z gauge-0001 height_m=00.000 ok\n"),
        ("bytes=-64", "000083886079 2026-08-28T21:41:19Z gauge-0020 height_m=07.601 ok\n"),
        ("bytes=2147483648-2147483659", "000033554432"),
        ("bytes=5368709118-", "k\n"),
    ] {
        assert_eq!(part(&s3, LARGE, range).await, expected, "{range}");
    }
    let second = s3.get_object().bucket(OBJECTS).key(LARGE).part_number(2).send().await.unwrap();
    assert_eq!((second.content_length(), second.parts_count()), (Some(16 << 20), Some(320)));
    assert_eq!(second.content_range(), Some("bytes 16777216-33554431/5368709120"));
    assert_eq!(bytes(second).await[..12], *b"000000262144");
    let beyond = s3.get_object().bucket(OBJECTS).key(LARGE).part_number(321).send().await;
    assert_refused(&refusal(beyond), 416, "InvalidPartNumber", "not satisfiable");
    assert!(world.last().text().contains("<ActualPartCount>320<"), "{}", world.last().text());
}

#[tokio::test(start_paused = true)]
async fn a_large_object_comes_in_chunks_as_it_is_read() {
    let world = InProcess::new(Settings::default());
    let presigning =
        PresigningConfig::builder().start_time(world.clock.now().into()).expires_in(Duration::from_mins(1));
    let presigning = presigning.build().unwrap();
    let get = world.s3(world.ana()).get_object().bucket(OBJECTS).key(LARGE);
    let uri = get.presigned(presigning).await.unwrap().uri().to_owned();
    let request = http::Request::get(uri).body(Bytes::new()).unwrap();
    let mut body = world.sandbox.answer_request(request).await.into_body();
    assert_eq!(hyper::body::Body::size_hint(&body).exact(), Some(5 << 30));
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(first.len() <= 256 << 10 && first.starts_with(b"000000000000 "), "{}", first.len());
}

#[tokio::test(start_paused = true)]
async fn ranges_that_mean_nothing_or_several_give_the_whole_object() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let whole = bytes(s3.get_object().bucket(OBJECTS).key("kinds/tide.py").send().await.unwrap()).await;
    for range in ["bytes=0-3,5-9", "bytes=9-3", "lines=0-3", "bytes=x-"] {
        assert_eq!(part(&s3, "kinds/tide.py", range).await, whole, "{range}");
        assert_eq!(world.last().response.status(), 200, "{range}");
        assert_eq!(world.last().header("content-range"), None, "{range}");
    }
    for (key, range) in
        [("kinds/empty.txt", "bytes=0-"), ("kinds/empty.txt", "bytes=-1"), ("kinds/tide.py", "bytes=9999-")]
    {
        let refused = refusal(s3.get_object().bucket(OBJECTS).key(key).range(range).send().await);
        assert_refused(&refused, 416, "InvalidRange", "not satisfiable");
        assert!(world.last().text().contains("<ActualObjectSize>"), "{}", world.last().text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_condition_of_an_etag_makes_that_of_a_date_void() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let get = || s3.get_object().bucket(OBJECTS).key("kinds/tide.py");
    let head = s3.head_object().bucket(OBJECTS).key("kinds/tide.py").send().await.unwrap();
    let (etag, modified) = (head.e_tag().unwrap(), *head.last_modified().unwrap());
    let before = aws_sdk_s3::primitives::DateTime::from_secs(modified.secs() - 1);
    get().if_match(etag).if_unmodified_since(before).send().await.expect("the tag holds");
    let matched = get().if_none_match(etag).if_modified_since(before).send().await;
    assert_eq!(refusal(matched).status, 304, "the tag says that it is known");
    assert_eq!(world.last().header("etag"), Some(etag));
    get().if_none_match("\"x\"").if_modified_since(modified).send().await.expect("the tag says that it is another");
    let gone = get().if_match("\"x\", \"y\"").send().await;
    assert_refused(&refusal(gone), 412, "PreconditionFailed", "");
    get().if_match(format!("\"x\", {etag}")).send().await.expect("one of them is it");
    let head = s3.head_object().bucket(OBJECTS).key("kinds/tide.py").if_match("\"x\"").send().await;
    assert_eq!(refusal(head).status, 412);
    assert!(world.last().response.body().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_range_of_an_object_that_has_changed_is_the_whole_of_the_new_one() {
    let world = InProcess::new(Settings::default());
    let head = world.s3(world.ana()).head_object().bucket(OBJECTS).key("kinds/tide.py").send().await.unwrap();
    for (known, status) in [
        (head.e_tag().unwrap(), 206),
        ("\"other\"", 200),
        (&format!("W/{}", head.e_tag().unwrap()), 200),
        ("Thu, 10 Sep 2026 08:15:00 GMT", 206),
        ("Thu, 10 Sep 2026 08:14:59 GMT", 200),
    ] {
        let uri = presigned(&world, &world.ana(), "s3", &http::Method::GET, "tide-objects/kinds/tide.py");
        let request = http::Request::get(uri).header("range", "bytes=0-3").header("if-range", known);
        let reply = world.send(request.body(Bytes::new()).unwrap()).await;
        assert_eq!(reply.response.status(), status, "{known}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_with_an_object_comes_with_it() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let head = |key: &str| s3.head_object().bucket(OBJECTS).key(key).send();
    let contract = head("details/contract.txt").await.unwrap();
    assert_eq!(contract.content_type(), Some("text/plain; charset=utf-8"));
    assert_eq!(contract.content_disposition(), Some("attachment; filename=\"charter.txt\""));
    assert_eq!((contract.cache_control(), contract.content_language()), (Some("max-age=3600"), Some("en")));
    assert_eq!(contract.server_side_encryption().unwrap().as_str(), "AES256");
    assert_eq!(world.last().header("x-amz-meta-author"), Some("Ana"));
    assert_eq!(world.last().header("x-amz-meta-station"), Some("=?UTF-8?B?U8OodGUsIHF1YWkgbsKwIDM=?="));
    assert_eq!(contract.missing_meta(), Some(1), "a form feed is no header's");
    assert_eq!(contract.storage_class(), None, "the usual one is not said");
    assert_eq!(world.last().header("x-amz-tagging-count"), Some("2"));
    let page = head("details/page.html").await.unwrap();
    assert_eq!(page.website_redirect_location(), Some("/kinds/readings.csv"));
    assert_eq!(page.expires_string(), Some("Thu, 01 Jan 2037 00:00:00 GMT"));
    let copied = head("details/copied.csv").await.unwrap();
    assert_eq!(copied.replication_status().unwrap().as_str(), "COMPLETED");
    let encrypted = head("details/encrypted.csv").await.unwrap();
    assert_eq!(encrypted.server_side_encryption().unwrap().as_str(), "aws:kms");
    assert_eq!(encrypted.bucket_key_enabled(), Some(true));
    let scratch = head("scratch/expires.csv").await.unwrap();
    let expiration = "expiry-date=\"Tue, 09 Sep 2036 00:00:00 GMT\", rule-id=\"scratch-for-ten-years\"";
    assert_eq!(scratch.expiration(), Some(expiration));
}

#[tokio::test(start_paused = true)]
async fn an_archived_object_is_read_while_it_is_restored() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let get = |key: &str| s3.get_object().bucket(OBJECTS).key(key).send();
    for (key, class) in [("archive/1992.csv", "GLACIER"), ("archive/1993.csv", "DEEP_ARCHIVE")] {
        assert_refused(&refusal(get(key).await), 403, "InvalidObjectState", "storage class");
        assert!(world.last().text().contains(&format!("<StorageClass>{class}<")), "{}", world.last().text());
    }
    let ongoing = s3.head_object().bucket(OBJECTS).key("archive/1993.csv").send().await.unwrap();
    assert_eq!(ongoing.restore(), Some("ongoing-request=\"true\""));
    let restored = get("archive/1994.csv").await.expect("it is restored");
    let until = "ongoing-request=\"false\", expiry-date=\"Mon, 30 Nov 2026 00:00:00 GMT\"";
    assert_eq!(restored.restore(), Some(until), "seven days, and to midnight");
    assert_eq!(bytes(restored).await.len(), 5000);
    pass(8 * 86_400).await;
    assert_refused(&refusal(get("archive/1994.csv").await), 403, "InvalidObjectState", "");
    let gone = s3.head_object().bucket(OBJECTS).key("archive/1994.csv").send().await.unwrap();
    assert_eq!((gone.restore(), gone.storage_class().unwrap().as_str()), (None, "GLACIER"));
}

#[tokio::test(start_paused = true)]
async fn every_checksum_is_that_of_the_bytes() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let listed = s3.list_objects_v2().bucket(OBJECTS).prefix("checksums/").send().await.unwrap();
    assert_eq!(listed.contents().len(), 14);
    for object in listed.contents() {
        let key = object.key().unwrap();
        let get = s3.get_object().bucket(OBJECTS).key(key);
        // The SDK compares those over whole objects with what comes.
        let whole = bytes(get.clone().checksum_mode(ChecksumMode::Enabled).send().await.unwrap()).await;
        assert_eq!(object.size().unwrap(), i64::try_from(whole.len()).unwrap());
        let last = world.last();
        let told = last.response.headers().keys().find(|name| {
            name.as_str().starts_with("x-amz-checksum-c") || name.as_str().starts_with("x-amz-checksum-s")
        });
        let algorithm =
            object.checksum_algorithm().first().map(|one| format!("x-amz-checksum-{}", one.as_str().to_lowercase()));
        assert_eq!(told.map(|name| name.as_str().to_owned()), algorithm, "{key}");
        assert_eq!(last.header("x-amz-checksum-type"), object.checksum_type().map(ChecksumType::as_str), "{key}");
        let is_composite = last.header("x-amz-checksum-type") == Some("COMPOSITE");
        assert_eq!(is_composite, key.contains("/parts-") && !key.contains("none"), "{key}");
        let etag = object.e_tag().unwrap().trim_matches('"');
        if let Some((digest, count)) = etag.split_once('-') {
            let parts: Vec<u8> = whole.chunks(5 << 20).flat_map(|part| Md5::digest(part).to_vec()).collect();
            assert_eq!(
                (digest, count),
                (hex::encode(Md5::digest(parts)).as_str(), whole.len().div_ceil(5 << 20).to_string().as_str()),
                "{key}"
            );
            // So it does with a part's.
            let first = bytes(get.clone().part_number(1).send().await.unwrap()).await;
            assert_eq!(first, whole[..5 << 20], "{key}");
        } else {
            assert_eq!(etag, hex::encode(Md5::digest(&whole)), "{key}");
        }
        let ranged = bytes(get.range("bytes=0-9").send().await.unwrap()).await;
        assert_eq!(ranged, whole[..10], "{key}");
        assert!(world.last().header("x-amz-checksum-type").is_none(), "of a part nothing is stored");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_not_there_is_told_only_to_who_may_list() {
    let world = InProcess::new(Settings::default());
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject*"],"Resource":"*"}}"#;
    let blind = world.sts(world.ana()).get_federation_token().name("bo").policy(policy).send().await.unwrap();
    let blind = world.s3(minted(blind.credentials()));
    for key in ["kinds/none", "versions/deleted.txt"] {
        let get = blind.get_object().bucket(OBJECTS).key(key).send().await;
        assert_refused(&refusal(get), 403, "AccessDenied", "s3:ListBucket");
        assert_eq!(world.last().header("x-amz-delete-marker"), None, "{key}");
        assert_eq!(refusal(blind.head_object().bucket(OBJECTS).key(key).send().await).status, 403);
        let seen = world.s3(world.ana()).get_object().bucket(OBJECTS).key(key).send().await;
        assert_refused(&refusal(seen), 404, "NoSuchKey", "");
    }
    let elsewhere = world.s3(guest()).get_object().bucket(OBJECTS).key("kinds/tide.py").send().await;
    assert_refused(&refusal(elsewhere), 403, "AccessDenied", "s3:GetObject");
}

#[tokio::test(start_paused = true)]
async fn headers_of_a_reply_are_replaced_only_in_a_signed_request() {
    let world = InProcess::new(Settings::default());
    let get = world.s3(world.ana()).get_object().bucket(OBJECTS).key("kinds/tide.py");
    let reply = get.response_content_type("text/x-python").response_cache_control("no-store").send().await.unwrap();
    assert_eq!((reply.content_type(), reply.cache_control()), (Some("text/x-python"), Some("no-store")));
    let uri = "http://sandbox/tide-objects/kinds/tide.py?response-content-type=text/plain";
    let exchange = world.send(http::Request::get(uri).body(Bytes::new()).unwrap()).await;
    assert_eq!(exchange.response.status(), 400);
    assert!(exchange.text().contains("<Code>InvalidRequest<"), "{}", exchange.text());
}
