//! Ranges of which a service sends less, or that it refuses.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_empty_object_has_no_bytes_whichever_are_asked_for() {
    for (range, size) in [
        (ByteRange::Last(10), Some("bytes */0")),
        (ByteRange::Last(10), None),
        (ByteRange::first(10), Some("bytes */0")),
        (ByteRange::first(10), None),
        (ByteRange::From(0), None),
    ] {
        let header: Vec<(&str, &str)> = size.iter().map(|size| ("content-range", *size)).collect();
        let head = Reply::new(200, &[("content-length", "0")], vec![]);
        let replies = Replies::of([Reply::new(416, &header, vec![]), head]);
        let (read, _, ended) = read_all(&replies, range).await;
        assert!(ended.is_ok() && read.is_empty(), "{range} {size:?}: {ended:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_range_is_not_taken_for_an_empty_object_where_no_size_is_told() {
    let refused = || Reply::new(416, &[], vec![]);
    for (range, head, kind, said) in [
        (
            ByteRange::Last(10),
            Reply::new(200, &[("content-length", "100")], vec![]),
            FailureKind::Malformed,
            "refused the range, though the object has 100 bytes",
        ),
        (ByteRange::first(10), Reply::new(404, &[], vec![]), FailureKind::NotFound, "no such object"),
        (ByteRange::From(0), Reply::new(200, &[], vec![]), FailureKind::Invalid, "does not have these bytes"),
    ] {
        let (read, _, ended) = read_all(&Replies::of([refused(), head.clone(), head]), range).await;
        let failure = ended.expect_err(said);
        assert!(read.is_empty() && failure.kind == kind && failure.to_string().contains(said), "{said}: {failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_service_that_sends_less_than_the_range_the_rest_is_asked_for() {
    let part = |from: u8, to: u8, total: &str| {
        Reply::part(&format!("bytes {from}-{}/{total}", to - 1), "\"e\"", vec![bytes(from, to)])
    };
    let end = |size: &str| Reply::new(416, &[("content-range", size)], vec![]);
    for (range, replies, read, rest) in [
        (ByteRange::first(50), vec![part(0, 20, "100"), part(20, 50, "100")], 0..50, vec!["bytes=20-49 \"e\""]),
        (
            ByteRange::Last(60),
            vec![part(40, 50, "100"), part(50, 60, "100"), part(60, 100, "100")],
            40..100,
            vec!["bytes=50-99 \"e\"", "bytes=60-99 \"e\""],
        ),
        (ByteRange::From(90), vec![part(90, 95, "100"), part(95, 100, "100")], 90..100, vec!["bytes=95-99 \"e\""]),
        (ByteRange::Whole, vec![part(0, 50, "100"), part(50, 100, "100")], 0..100, vec!["bytes=50-99 \"e\""]),
        (ByteRange::first(50), vec![part(0, 20, "20")], 0..20, vec![]),
        // Of an object of unknown size only a refusal shows the end.
        (ByteRange::first(50), vec![part(0, 20, "*"), end("bytes */20")], 0..20, vec!["bytes=20-49 \"e\""]),
        (ByteRange::From(10), vec![part(10, 20, "*"), end("bytes */20")], 10..20, vec!["bytes=20- \"e\""]),
        (ByteRange::first(20), vec![part(0, 20, "*")], 0..20, vec![]),
    ] {
        let replies = Replies::of(replies);
        let (found, _, ended) = read_all(&replies, range).await;
        assert!(ended.is_ok() && found == read.collect::<Vec<u8>>(), "{range}: {found:?} {ended:?}");
        assert_eq!(ranges_asked(&replies)[1..], rest, "{range}");
    }
    for (replies, said) in [
        (vec![part(0, 20, "100"), part(20, 50, "90")], "the object has changed"),
        (vec![part(0, 20, "100"), end("bytes */20")], "the object has changed"),
        (vec![part(0, 20, "100"), Reply::new(200, WHOLE, vec![bytes(0, 100)])], "ignores ranges"),
        (
            vec![Reply::new(206, &[("content-range", "bytes 0-19/100")], vec![bytes(0, 20)])],
            "fewer bytes than were requested: 20 of 50 bytes came",
        ),
    ] {
        let (_, _, ended) = read_all(&Replies::of(replies), ByteRange::first(50)).await;
        let failure = ended.expect_err(said);
        assert!(failure.to_string().contains(said), "{said}: {failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_behind_the_last_byte_has_brought_everything() {
    for (range, reply, read) in [
        (ByteRange::Last(5), Reply::part("bytes 5-9/10", "\"e\"", vec![bytes(5, 10), None]), 5..10),
        (ByteRange::Last(5), Reply::part("bytes 0--1/0", "\"e\"", vec![None]), 0..0),
        (ByteRange::Whole, Reply::new(200, &[("content-length", "0"), ("etag", "\"e\"")], vec![None]), 0..0),
    ] {
        let replies = Replies::of([reply]);
        let (found, _, ended) = read_all(&replies, range).await;
        assert!(ended.is_ok() && found == read.collect::<Vec<u8>>(), "{range}: {found:?} {ended:?}");
        assert_eq!(replies.asked().len(), 1, "{range}");
    }
}
