//! S3 as it answers, over a client that says what it is told to.

mod regions;

use std::{
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
    time::Duration,
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
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::*;
use crate::{
    aws::{Aws, Setting, scripted_server::ScriptedServer},
    clock::Clock,
    domain::{
        failure::FailureKind, listing::RequestCounter, location::Location, mint::MintRequest, profile::SourceOptions,
    },
};

/// S3 of a session in us-west-2, through `client`.
async fn s3(client: SharedHttpClient) -> S3 {
    s3_at(None, client).await
}

async fn s3_at(endpoint_url: Option<&str>, client: SharedHttpClient) -> S3 {
    let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=us-west-2\n".into();
    let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(client);
    let options = SourceOptions { endpoint_url: endpoint_url.map(str::to_owned), ..SourceOptions::default() };
    let source = aws.source(&options).await.unwrap();
    let minted = source.mint_session(&MintRequest::Direct, None).await.unwrap();
    source.s3(&minted)
}

fn in_logs() -> ListRequest {
    ListRequest { location: Location::new("tide-logs", "logs/"), ..ListRequest::default() }
}

fn after(token: &str) -> ListRequest {
    ListRequest { after: Some(ContinuationToken(token.into())), last: Some("logs/0".into()), ..in_logs() }
}

const PAGE: &str = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t1</NextContinuationToken>\
    <Contents><Key>logs/a</Key><Size>1</Size></Contents></ListBucketResult>";
const REFUSED_TOKEN: &str = "<Error><Code>InvalidArgument</Code><Message>The token is incorrect</Message></Error>";

#[tokio::test]
async fn what_is_no_page_is_asked_for_once_more() {
    let lying = PAGE.replace("<IsTruncated>", "<KeyCount>2</KeyCount><IsTruncated>");
    for answer in ["", "<html></html>", &PAGE[..100], &lying, "<Error><Code>SlowDown</Code></Error>"] {
        for status in [200, 204, 206] {
            let parrot = ScriptedServer::saying_in_turn(&[(status, answer), (200, PAGE)]);
            let page = s3(parrot.client()).await.list_page(&in_logs()).await.unwrap();
            assert_eq!((page.rows.len(), parrot.recorded_requests().len()), (1, 2), "{answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_page_twice_is_a_failure_that_says_why() {
    for (answer, request, kind, said) in [
        (String::new(), in_logs(), FailureKind::Malformed, "this is not a response from S3: it is empty"),
        (
            "<!DOCTYPE html><p>Welcome".into(),
            in_logs(),
            FailureKind::Malformed,
            "that starts with <!DOCTYPE html><p>Welcome",
        ),
        (PAGE[..100].into(), in_logs(), FailureKind::Malformed, "the page is incomplete: it ends too early"),
        (
            PAGE.replace("</Key>", "</key>"),
            in_logs(),
            FailureKind::Malformed,
            "an end tag that does not match its start tag",
        ),
        (PAGE.replace("logs/a", "a"), in_logs(), FailureKind::Malformed, "a key outside the prefix"),
        (PAGE.into(), after("t1"), FailureKind::Malformed, "the same continuation token twice"),
        (PAGE.replace("logs/a", "logs/"), after("t0"), FailureKind::Malformed, "repeats keys of the page before"),
        (PAGE.replace(">1<", ">-1<"), in_logs(), FailureKind::Malformed, "an object with a negative size"),
        (
            "<Error><Token-0>canary</Token-0></Error>".into(),
            in_logs(),
            FailureKind::Malformed,
            "not a response from S3",
        ),
    ] {
        let parrot = ScriptedServer::replying(answer.clone());
        let failure = s3(parrot.client()).await.list_page(&request).await.unwrap_err();
        assert_eq!((failure.kind, parrot.recorded_requests().len()), (kind, 2), "{answer}");
        assert!(failure.to_string().contains(said), "{answer}: {failure}");
        assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_with_the_status_of_a_success_is_repeated_like_one_without() {
    for (answer, kind, said, asked) in [
        ("<Error><Code>SlowDown</Code><Message>slower</Message></Error>", FailureKind::Throttled, "slower", 5..30),
        ("<Error><Code>AccessDenied</Code></Error>", FailureKind::Denied, "no reason given", 1..2),
        ("<Error><Code>InternalError</Code></Error>", FailureKind::Other, "no reason given", 2..3),
    ] {
        let parrot = ScriptedServer::replying(answer);
        let failure = s3(parrot.client()).await.list_page(&in_logs()).await.unwrap_err();
        assert!(failure.kind == kind && failure.to_string().contains(said), "{failure}");
        assert!(asked.contains(&parrot.recorded_requests().len()), "{answer}: {}", parrot.recorded_requests().len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_throttles_for_ten_seconds_is_outlived_by_one_page_and_told_at_once_to_who_makes_many() {
    for (status, body) in [
        (503, "<Error><Code>SlowDown</Code><Message>slower</Message></Error>"),
        (429, ""),
        (400, "<Error><Code>Throttling</Code></Error>"),
        (503, "<html><title>503 Service Temporarily Unavailable</title></html>"),
        (200, "<Error><Code>SlowDown</Code></Error>"),
        (429, "{\"message\":\"Too Many Requests\"}"),
    ] {
        // 0.2, 0.4, 0.8, 1.6 and 3.2 s, each at least half of it, and 5 s.
        let mut script = vec![(status, body); 8];
        script.push((200, PAGE));
        let parrot = ScriptedServer::saying_in_turn(&script);
        let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
        let page = s3(parrot.client()).await.list_page(&in_logs()).await.unwrap();
        assert_eq!((page.rows.len(), parrot.recorded_requests().len()), (1, 9), "{status} {body}");
        let took = clock.now().duration_since(Timestamp::UNIX_EPOCH);
        assert!(took > SignedDuration::from_secs(8), "{took:?}");
        let parrot = ScriptedServer::saying_in_turn(&script);
        let failure =
            s3(parrot.client()).await.list_telling(&in_logs(), None, &RequestCounter::default()).await.unwrap_err();
        assert_eq!((failure.kind, parrot.recorded_requests().len()), (FailureKind::Throttled, 1), "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_throttles_for_good_is_named_and_not_called_silent() {
    let refusal = "<Error><Code>SlowDown</Code><Message>slower</Message></Error>";
    let parrot = ScriptedServer::saying_in_turn(&[(503, refusal); 100]);
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
    let failure = s3(parrot.client()).await.list_page(&in_logs()).await.unwrap_err();
    assert_eq!((failure.kind, failure.code.as_deref()), (FailureKind::Throttled, Some("SlowDown")));
    assert!(failure.message.starts_with("slower"), "{failure}");
    assert!((15..=30).contains(&clock.now().as_second()), "{}", clock.now());
}

#[tokio::test]
async fn a_list_of_buckets_that_was_cut_off_is_not_a_shorter_one() {
    const BUCKETS: &str = "<?xml version=\"1.0\"?><ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets>\
        <Bucket><Name>a-bucket</Name></Bucket><Bucket><Name>b-bucket</Name></Bucket></Buckets></ListAllMyBucketsResult>";
    let listed =
        async |text: String| s3(ScriptedServer::replying(text).client()).await.list_page(&ListRequest::default()).await;
    assert_eq!(listed(BUCKETS.into()).await.unwrap().rows.len(), 2);
    for end in 0..BUCKETS.len() {
        let failure = listed(BUCKETS[..end].into()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Malformed, "{}", &BUCKETS[..end]);
    }
    for faulty in [
        BUCKETS.replace("<Name>a-bucket</Name>", ""),
        BUCKETS.replace("<Name>a-bucket</Name>", "<Name/>"),
        BUCKETS.replace("<Name>a-bucket</Name>", "<Name>a-bucket</Name><Name>other</Name>"),
        BUCKETS.replace("ListAllMyBucketsResult", "ListBucketResult"),
    ] {
        assert_eq!(listed(faulty.clone()).await.unwrap_err().kind, FailureKind::Malformed, "{faulty}");
    }
}

#[tokio::test]
async fn the_prefix_is_sent_with_every_page_also_an_empty_one() {
    let top = PAGE.replace("logs/a", "a");
    for (prefix, sent) in [("", "prefix="), ("logs/", "prefix=logs%2F")] {
        for (after, delimited) in [(None, false), (None, true), (Some("t0"), true)] {
            let parrot = ScriptedServer::replying(top.replace("<Key>", &format!("<Key>{prefix}")));
            let location = Location::new("tide-logs", prefix);
            let after = after.map(|token| ContinuationToken(token.into()));
            let request = ListRequest { location, delimited, after, ..ListRequest::default() };
            s3(parrot.client()).await.list_page(&request).await.unwrap();
            let asked = parrot.recorded_requests().remove(0).uri;
            assert_eq!(asked.split(['?', '&']).filter(|part| *part == sent).count(), 1, "{asked}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_not_asked_for_again() {
    let parrot =
        ScriptedServer::saying_in_turn(&[(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")]);
    let failure = s3(parrot.client()).await.list_page(&in_logs()).await.unwrap_err();
    assert_eq!((failure.kind, parrot.recorded_requests().len()), (FailureKind::Denied, 1));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_of_the_sdk_is_read_from_its_beginning() {
    let parrot = ScriptedServer::saying_in_turn(&[(500, &PAGE[..100]), (503, ""), (200, PAGE)]);
    let page = s3(parrot.client()).await.list_page(&in_logs()).await.unwrap();
    assert_eq!((page.rows.len(), parrot.recorded_requests().len()), (1, 3));
}

#[tokio::test]
async fn a_token_that_is_refused_gives_way_to_the_last_row() {
    let parrot = ScriptedServer::saying_in_turn(&[(400, REFUSED_TOKEN), (200, PAGE)]);
    let page = s3(parrot.client()).await.list_page(&after("gone")).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    let asked = parrot.recorded_requests();
    assert!(asked[0].uri.contains("continuation-token=gone") && !asked[0].uri.contains("start-after"), "{asked:?}");
    assert!(asked[1].uri.contains("start-after=logs%2F0") && !asked[1].uri.contains("continuation-token"), "{asked:?}");
}

/// Answers once, with what is sent piece by piece.
#[derive(Debug)]
struct Trickle(Mutex<Option<mpsc::UnboundedReceiver<Piece>>>);

type Piece = Result<&'static str, &'static str>;

struct TrickledBody(mpsc::UnboundedReceiver<Piece>);

impl Trickle {
    fn client() -> (SharedHttpClient, mpsc::UnboundedSender<Piece>) {
        let (pieces, body) = mpsc::unbounded_channel();
        let trickle = SharedHttpConnector::new(Self(Mutex::new(Some(body))));
        (http_client_fn(move |_, _| trickle.clone()), pieces)
    }
}

impl HttpConnector for Trickle {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let body = self
            .0
            .lock()
            .unwrap()
            .take()
            .map_or_else(|| SdkBody::from(PAGE), |body| SdkBody::from_body_1_x(TrickledBody(body)));
        HttpConnectorFuture::ready(Ok(HttpResponse::new(StatusCode::try_from(200).unwrap(), body)))
    }
}

impl Body for TrickledBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0.poll_recv(cx).map(|piece| Some(piece?.map(|text| Frame::data(Bytes::from(text))).map_err(Into::into)))
    }
}

#[tokio::test]
async fn a_token_is_told_while_the_page_still_arrives() {
    let (client, pieces) = Trickle::client();
    let (early, told) = oneshot::channel();
    let s3 = s3(client).await;
    let listing =
        tokio::spawn(
            async move { s3.list_telling(&in_logs(), Some(told_to(early)), &RequestCounter::default()).await },
        );
    let (first, second) = PAGE.split_at(PAGE.find("<Key>").unwrap());
    pieces.send(Ok(first)).unwrap();
    assert_eq!(told.await.unwrap(), ContinuationToken("t1".into()));
    assert!(!listing.is_finished());
    pieces.send(Ok(second)).unwrap();
    drop(pieces);
    assert_eq!(listing.await.unwrap().unwrap().next, Some(ContinuationToken("t1".into())));
}

#[tokio::test]
async fn no_token_is_told_that_leads_nowhere() {
    let last = PAGE.replace("true", "false");
    for (page, request) in [
        (last.clone(), in_logs()),
        (last.replace("t1", ""), in_logs()),
        (PAGE.into(), after("t1")),
        (last.replace("<NextContinuationToken>t1</NextContinuationToken>", ""), in_logs()),
    ] {
        let (early, told) = oneshot::channel();
        let _ = s3(ScriptedServer::replying(page.clone()).client())
            .await
            .list_telling(&request, Some(told_to(early)), &RequestCounter::default())
            .await;
        assert!(told.await.is_err(), "{page}");
    }
}

#[tokio::test]
async fn rest_of_a_faulty_page_is_not_waited_for() {
    let (client, pieces) = Trickle::client();
    pieces.send(Ok("<html>and so on")).unwrap();
    let page = s3(client).await.list_page(&in_logs()).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    assert!(pieces.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_midway_is_tried_again() {
    let (client, pieces) = Trickle::client();
    pieces.send(Ok(&PAGE[..100])).unwrap();
    pieces.send(Err("connection reset")).unwrap();
    let page = s3(client).await.list_page(&in_logs()).await.unwrap();
    assert_eq!(page.rows.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_stalls_is_given_up() {
    let (client, pieces) = Trickle::client();
    pieces.send(Ok(&PAGE[..100])).unwrap();
    let s3 = s3(client).await;
    let listing = tokio::time::timeout(Duration::from_secs(31), s3.list_page(&in_logs())).await;
    assert_eq!(listing.unwrap().unwrap().rows.len(), 1, "the second attempt answers");
    assert!(pieces.is_closed());
}

fn told_to(listener: oneshot::Sender<ContinuationToken>) -> TokenListener {
    Box::new(move |token| drop(listener.send(token)))
}
