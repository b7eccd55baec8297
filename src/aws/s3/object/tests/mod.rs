//! Objects as services send them that break their promises, over a client that says what it is told to.

mod ranges;

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use hyper::body::{Body, Bytes, Frame};

use super::{ReadRequest, as_condition};
use crate::{
    aws::{Aws, S3, Setting},
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind},
        mint::MintRequest,
        object::{ByteRange, ObjectAddress, ReadCost, VersionListing, VersionTarget},
        profile::SourceOptions,
    },
};

/// Pieces of a body; `None` breaks the connection.
type Pieces = Vec<Option<Vec<u8>>>;

/// One reply.
#[derive(Debug, Clone, Default)]
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pieces: Pieces,
}

impl Reply {
    fn new(status: u16, headers: &[(&'static str, &str)], pieces: Pieces) -> Self {
        Self { status, headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), pieces }
    }

    /// A part of an object of a hundred bytes.
    fn part(range: &str, etag: &str, pieces: Pieces) -> Self {
        Self::new(206, &[("content-range", range), ("etag", etag)], pieces)
    }

    fn xml(status: u16, text: &str) -> Self {
        Self::new(status, &[], vec![Some(text.as_bytes().to_vec())])
    }
}

/// Sends its replies in turn; notes what was requested, and the pieces that nobody has read yet.
#[derive(Debug, Clone, Default)]
struct Replies {
    in_turn: Arc<Mutex<VecDeque<Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
    unread: Arc<Mutex<usize>>,
}

impl Replies {
    fn of(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self { in_turn: Arc::new(Mutex::new(replies.into_iter().collect())), ..Self::default() }
    }

    async fn s3(&self) -> S3 {
        let connector = SharedHttpConnector::new(self.clone());
        let client: SharedHttpClient = http_client_fn(move |_, _| connector.clone());
        let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=us-west-2\n".into();
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(client);
        let source = aws.source(&SourceOptions::default()).await.unwrap();
        let minted = source.mint_session(&MintRequest::Direct, None).await.unwrap();
        source.s3(&minted)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl HttpConnector for Replies {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name| request.headers().get(name).unwrap_or_default();
        let path = request.uri().split_once(".com/").map_or("", |(_, path)| path);
        let asked = format!("{} {path} {} {}", request.method(), header("range"), header("if-match"));
        self.asked.lock().unwrap().push(asked.trim().to_owned());
        let reply = self.in_turn.lock().unwrap().pop_front().unwrap_or_else(|| Reply::xml(404, ""));
        *self.unread.lock().unwrap() = reply.pieces.len();
        let body = PieceBody { pieces: reply.pieces.into(), unread: self.unread.clone() };
        let mut response = HttpResponse::new(StatusCode::try_from(reply.status).unwrap(), SdkBody::from_body_1_x(body));
        for (name, value) in reply.headers {
            response.headers_mut().append(name, value);
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

struct PieceBody {
    pieces: VecDeque<Option<Vec<u8>>>,
    unread: Arc<Mutex<usize>>,
}

impl Body for PieceBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(piece) = self.pieces.pop_front() else { return Poll::Ready(None) };
        *self.unread.lock().unwrap() = self.pieces.len();
        Poll::Ready(Some(piece.map(|bytes| Frame::data(bytes.into())).ok_or_else(|| "reset".into())))
    }
}

fn object() -> ObjectAddress {
    ObjectAddress::new("tide-logs", "a b.txt")
}

/// One piece of a body.
fn bytes(from: u8, to: u8) -> Option<Vec<u8>> {
    (from <= to).then(|| (from..to).collect())
}

/// Reads to the end; the bytes, the cost, and how it ended.
async fn read_all(replies: &Replies, range: ByteRange) -> (Vec<u8>, Option<ReadCost>, Result<(), Failure>) {
    let mut stream = match replies.s3().await.open_object(&ReadRequest::new(object(), range)).await {
        Ok(stream) => stream,
        Err(failure) => return (vec![], None, Err(failure)),
    };
    let mut read = vec![];
    loop {
        match stream.next_chunk().await {
            Ok(Some(chunk)) => read.extend_from_slice(&chunk),
            Ok(None) => return (read, Some(stream.cost()), Ok(())),
            Err(failure) => return (read, Some(stream.cost()), Err(failure)),
        }
    }
}

const WHOLE: &[(&str, &str)] = &[("content-length", "100"), ("etag", "\"e\"")];

#[tokio::test(start_paused = true)]
async fn where_a_connection_breaks_the_rest_is_asked_for_under_the_condition_that_nothing_changed() {
    let replies = Replies::of([
        Reply::new(200, WHOLE, vec![bytes(0, 30), None]),
        Reply::part("bytes 30-99/100", "\"e\"", vec![bytes(30, 31), None]),
        Reply::part("bytes 31-99/100", "\"e\"", vec![bytes(31, 100)]),
    ]);
    let (read, cost, ended) = read_all(&replies, ByteRange::Whole).await;
    assert!(ended.is_ok() && read == (0..100).collect::<Vec<u8>>());
    assert_eq!(cost, Some(ReadCost { requests: 3, bytes: 100 }));
    let asked: Vec<_> = replies
        .asked()
        .iter()
        .map(|line| line.split_once("GetObject ").map_or("", |(_, rest)| rest).to_owned())
        .collect();
    assert_eq!(asked, ["", "bytes=30-99 \"e\"", "bytes=31-99 \"e\""]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_ends_early_again_and_again_is_a_failure_that_says_how_much_came() {
    let short = |from: u8| Reply::part(&format!("bytes {from}-99/100"), "\"e\"", vec![]);
    let replies =
        Replies::of([Reply::new(200, WHOLE, vec![bytes(0, 30)])].into_iter().chain((0..9).map(|_| short(30))));
    let (read, _, ended) = read_all(&replies, ByteRange::Whole).await;
    let failure = ended.unwrap_err();
    assert_eq!((read.len(), failure.kind), (30, FailureKind::Network));
    assert!(failure.to_string().contains("fewer bytes than it said: 30 of 100 bytes came"), "{failure}");
    assert!((3..8).contains(&replies.asked().len()), "{:?}", replies.asked());
}

#[tokio::test(start_paused = true)]
async fn what_breaks_a_promise_is_a_failure_and_never_a_shorter_object() {
    let etag = [("etag", "\"e\"")];
    for (range, replies, kind, said) in [
        (
            ByteRange::first(10),
            vec![Reply::part("bytes 0-9/100", "\"e\"", vec![bytes(0, 11)])],
            FailureKind::Malformed,
            "more bytes than it said",
        ),
        (
            ByteRange::first(10),
            vec![Reply::part("bytes 5-14/100", "\"e\"", vec![bytes(5, 15)])],
            FailureKind::Malformed,
            "other bytes than were requested",
        ),
        (
            ByteRange::first(10),
            vec![Reply::new(206, &etag, vec![bytes(0, 10)])],
            FailureKind::Malformed,
            "does not say which bytes",
        ),
        (
            ByteRange::Whole,
            vec![Reply::new(200, WHOLE, vec![bytes(0, 30), None]), Reply::new(412, &[], vec![])],
            FailureKind::Other,
            "the object has changed",
        ),
        (
            ByteRange::Whole,
            vec![
                Reply::new(200, WHOLE, vec![bytes(0, 30), None]),
                Reply::part("bytes 30-99/100", "\"other\"", vec![bytes(30, 100)]),
            ],
            FailureKind::Other,
            "the object has changed",
        ),
        (
            ByteRange::Whole,
            vec![Reply::new(200, WHOLE, vec![bytes(0, 30), None]), Reply::new(200, WHOLE, vec![bytes(0, 100)])],
            FailureKind::Network,
            "ignores ranges",
        ),
        (
            ByteRange::Whole,
            vec![Reply::new(200, &[("content-length", "100")], vec![bytes(0, 30), None])],
            FailureKind::Network,
            "30 of 100 bytes came",
        ),
        (
            ByteRange::From(200),
            vec![Reply::new(416, &[("content-range", "bytes */100")], vec![])],
            FailureKind::Invalid,
            "the object has only 100 bytes",
        ),
    ] {
        let replies = Replies::of(replies);
        let (_, _, ended) = read_all(&replies, range).await;
        let failure = ended.expect_err(said);
        assert!(failure.kind == kind && failure.to_string().contains(said), "{said}: {failure:?}");
    }
}

/// What was asked for of a range, with its condition.
fn ranges_asked(replies: &Replies) -> Vec<String> {
    replies.asked().iter().filter_map(|line| Some(line.split_once("GetObject")?.1.trim().to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn the_reason_of_a_refused_look_is_the_one_that_a_read_is_given() {
    let bare = |status| Reply::new(status, &[], vec![]);
    let told =
        |status, code: &str| Reply::xml(status, &format!("<Error><Code>{code}</Code><Message>m</Message></Error>"));
    for (status, read, kind, code) in [
        (403, told(403, "SignatureDoesNotMatch"), FailureKind::InvalidCredentials, Some("SignatureDoesNotMatch")),
        (403, told(403, "InvalidAccessKeyId"), FailureKind::InvalidCredentials, Some("InvalidAccessKeyId")),
        (400, told(400, "ExpiredToken"), FailureKind::Expired, Some("ExpiredToken")),
        (400, told(400, "InvalidToken"), FailureKind::InvalidCredentials, Some("InvalidToken")),
        (403, told(403, "AccessDenied"), FailureKind::Denied, Some("AccessDenied")),
        // That it may be read says nothing of why it may not be looked at.
        (403, Reply::part("bytes 0-0/9", "\"e\"", vec![bytes(0, 1)]), FailureKind::Denied, None),
        (403, told(416, "InvalidRange"), FailureKind::Denied, None),
    ] {
        let replies = Replies::of([bare(status), bare(status), read]);
        let failure = replies.s3().await.head_object(&object()).await.unwrap_err();
        assert_eq!((failure.kind, failure.code.as_deref()), (kind, code), "{failure}");
        assert!(failure.action == "look at" && ranges_asked(&replies) == ["bytes=0-0"], "{failure:?}");
    }
    let missing = Replies::of([bare(404)]);
    missing.s3().await.head_object(&object()).await.unwrap_err();
    assert_eq!(missing.asked().len(), 1, "a status that says enough");
}

#[tokio::test(start_paused = true)]
async fn of_a_service_that_ignores_ranges_no_more_is_read_than_was_asked_for() {
    let endless =
        || Reply::new(200, &[("content-length", "5000000000"), ("etag", "\"e\"")], vec![Some(vec![7; 100]); 1000]);
    let replies = Replies::of([endless(), endless(), endless(), endless()]);
    let s3 = replies.s3().await;
    let read = s3.read_bytes(&ReadRequest::new(object(), ByteRange::first(250)), 1 << 20).await.unwrap();
    assert_eq!((read.bytes.len(), read.range_ignored, read.total), (250, true, Some(5_000_000_000)));
    assert_eq!((read.cost, *replies.unread.lock().unwrap()), (ReadCost { requests: 1, bytes: 300 }, 997));
    let read = s3.read_bytes(&ReadRequest::new(object(), ByteRange::Whole), 150).await.unwrap();
    assert_eq!((read.bytes.len(), *replies.unread.lock().unwrap()), (150, 998));
    let read = s3.read_bytes(&ReadRequest::new(object(), ByteRange::Between(120, 129)), 1000).await.unwrap();
    assert_eq!((read.bytes.len(), read.first), (10, 120));
    let failure = s3.read_bytes(&ReadRequest::new(object(), ByteRange::Last(10)), 1000).await.unwrap_err();
    assert!(failure.kind == FailureKind::Malformed && failure.message.contains("ignores ranges"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn checksums_that_a_service_refuses_are_told_beside_everything_else() {
    let head = || Reply::new(200, &[("content-length", "5"), ("last-modified", "nonsense")], vec![]);
    let replies = Replies::of([Reply::new(403, &[], vec![]), head()]);
    let told = replies.s3().await.head_object(&object()).await.unwrap();
    assert_eq!((told.size, told.checksum_refusal.unwrap().status), (Some(5), Some(403)));
    assert!(told.notes[0].contains("last-modified"), "{:?}", told.notes);
    assert_eq!(replies.asked().len(), 2);
    let refused = Replies::of([Reply::new(403, &[], vec![]), Reply::new(403, &[], vec![])]);
    assert_eq!(refused.s3().await.head_object(&object()).await.unwrap_err().kind, FailureKind::Denied);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_object_and_a_delete_marker_are_told_apart_from_a_missing_one() {
    let marker = [("x-amz-delete-marker", "true")];
    for (reply, said) in [
        (Reply::new(404, &marker, vec![]), "its current version is a delete marker"),
        (Reply::new(405, &marker, vec![]), "this version is a delete marker"),
        (Reply::new(404, &[], vec![]), "no such object"),
    ] {
        let replies = Replies::of([reply.clone(), reply]);
        let failure = replies.s3().await.head_object(&object()).await.unwrap_err();
        assert!(failure.kind == FailureKind::NotFound && failure.to_string().contains(said), "{said}: {failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_versions_of_one_key_take_no_more_requests_than_they_fill_pages() {
    let page = |rows: &str, next: Option<&str>| {
        let next =
            next.map(|key| format!("<NextKeyMarker>{key}</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>"));
        let truncated = next.is_some();
        Reply::xml(
            200,
            &format!(
                "<ListVersionsResult><IsTruncated>{truncated}</IsTruncated>{}{rows}</ListVersionsResult>",
                next.unwrap_or_default()
            ),
        )
    };
    let row =
        |key: &str| format!("<Version><Key>{key}</Key><VersionId>v</VersionId><IsLatest>true</IsLatest></Version>");
    let old = |key: &str| row(key).replace("true", "false");
    let replies =
        Replies::of([page(&(row("a") + &old("a").repeat(2)), Some("a")), page(&(old("a") + &row("ab")), Some("ab"))]);
    let s3 = replies.s3().await;
    let mut listing = VersionListing::new("tide-logs", VersionTarget::Key("a".into()));
    let mut found = 0;
    while let Some(page) = s3.next_versions(&mut listing).await.unwrap() {
        found += page.versions.len();
    }
    assert_eq!((found, replies.asked().len()), (4, 2));
    assert!(replies.asked()[1].contains("key-marker=a&"), "{:?}", replies.asked());
    let cut = Replies::of([
        Reply::xml(200, "<ListVersionsResult><IsTruncated>false</IsTruncated>"),
        Reply::xml(200, "<html>"),
    ]);
    let mut listing = VersionListing::new("tide-logs", VersionTarget::Key("a".into()));
    assert_eq!(cut.s3().await.next_versions(&mut listing).await.unwrap_err().kind, FailureKind::Malformed);
}

#[tokio::test(start_paused = true)]
async fn a_part_of_the_details_that_is_no_answer_is_a_failure() {
    let answers = ["<html><title>Hello</title></html>", "", "<Tagging><TagSet><Tag><Key>a</Key>", "plain text"];
    for answer in answers {
        let replies = Replies::of([Reply::xml(200, answer), Reply::xml(200, answer)]);
        let s3 = replies.s3().await;
        assert_eq!(s3.object_tags(&object()).await.unwrap_err().kind, FailureKind::Malformed, "{answer}");
        let replies = Replies::of([Reply::xml(200, answer), Reply::xml(200, answer)]);
        assert_eq!(replies.s3().await.object_attributes(&object()).await.unwrap_err().kind, FailureKind::Malformed);
    }
    let no_lock =
        "<Error><Code>InvalidRequest</Code><Message>Bucket is missing Object Lock Configuration</Message></Error>";
    let replies = Replies::of([Reply::xml(400, no_lock), Reply::xml(400, no_lock)]);
    let s3 = replies.s3().await;
    assert_eq!((s3.object_retention(&object()).await, s3.object_legal_hold(&object()).await), (Ok(None), Ok(None)));
}

#[test]
fn a_weak_etag_is_no_condition() {
    assert_eq!(as_condition("e"), Some("\"e\"".into()));
    assert_eq!((as_condition("W/\"e\""), as_condition("")), (None, None));
}
