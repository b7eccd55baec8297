//! Buckets that are elsewhere.

use std::sync::Arc;

use super::*;

/// One answer: status, region in the header, body.
type Answer = (u16, Option<&'static str>, String);

/// Answers with what comes next in turn, and notes the method, the host and the region that was signed for.
#[derive(Debug, Clone, Default)]
struct Script {
    answers: Arc<Mutex<Vec<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<Answer> = answers.into_iter().collect();
        answers.reverse();
        Self { answers: Arc::new(Mutex::new(answers)), ..Self::default() }
    }

    fn client(&self) -> SharedHttpClient {
        let script = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| script.clone())
    }

    /// What was asked since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = request.uri().split('/').nth(2).unwrap_or_default();
        let signed = request.headers().get("authorization").and_then(|text| text.split('/').nth(2)).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{} {host} {signed}", request.method()));
        let (status, region, body) = self.answers.lock().unwrap().pop().unwrap_or((200, None, PAGE.into()));
        let mut answer = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        if let Some(region) = region {
            answer.headers_mut().insert("x-amz-bucket-region", region);
        }
        HttpConnectorFuture::ready(Ok(answer))
    }
}

const HERE: &str = "GET tide-logs.s3.us-west-2.amazonaws.com us-west-2";
const HEAD: &str = "HEAD tide-logs.s3.us-west-2.amazonaws.com us-west-2";
const THERE: &str = "GET tide-logs.s3.eu-west-1.amazonaws.com eu-west-1";

fn moved(region: Option<&'static str>) -> Answer {
    let body = "<Error><Code>PermanentRedirect</Code><Endpoint>evil.example</Endpoint></Error>";
    (301, region, body.into())
}

fn wrongly_signed(message: &str) -> Answer {
    (400, None, format!("<Error><Code>AuthorizationHeaderMalformed</Code><Message>{message}</Message></Error>"))
}

fn page() -> Answer {
    (200, None, PAGE.into())
}

#[tokio::test]
async fn a_bucket_is_followed_to_the_region_that_is_named_and_asked_there_from_then_on() {
    let expecting = "The authorization header is malformed; the region 'us-west-2' is wrong; expecting 'eu-west-1'";
    for (answers, asked) in [
        (vec![moved(Some("eu-west-1"))], vec![HERE, THERE]),
        (vec![(307, Some("eu-west-1"), String::new())], vec![HERE, THERE]),
        (vec![(308, Some("eu-west-1"), String::new())], vec![HERE, THERE]),
        (vec![wrongly_signed(expecting)], vec![HERE, THERE]),
        // If a response names no region, one more request asks for it, whatever the status.
        (vec![moved(None), (200, Some("eu-west-1"), String::new())], vec![HERE, HEAD, THERE]),
        (vec![moved(None), (301, Some("eu-west-1"), String::new())], vec![HERE, HEAD, THERE]),
        (vec![moved(None), (403, Some("eu-west-1"), String::new())], vec![HERE, HEAD, THERE]),
        (vec![wrongly_signed("no"), (400, Some("eu-west-1"), String::new())], vec![HERE, HEAD, THERE]),
        (vec![moved(Some("evil.example")), (200, Some("eu-west-1"), String::new())], vec![HERE, HEAD, THERE]),
    ] {
        let script = Script::of(answers);
        let s3 = s3(script.client()).await;
        let page = s3.list_page(&in_logs()).await.unwrap();
        assert_eq!((page.elsewhere.as_deref(), script.asked()), (Some("eu-west-1"), own(&asked)));
        s3.list_page(&in_logs()).await.unwrap();
        assert_eq!(script.asked(), [THERE]);
    }
}

#[tokio::test]
async fn a_bucket_whose_region_nobody_knows_is_a_failure() {
    for (answers, asked) in [
        (vec![moved(None), (200, None, String::new())], vec![HERE, HEAD]),
        (vec![moved(None), (404, None, String::new())], vec![HERE, HEAD]),
        (vec![moved(None), (200, Some("evil.example"), String::new())], vec![HERE, HEAD]),
        (vec![moved(None), (200, Some("us-west-2"), String::new())], vec![HERE, HEAD]),
        (vec![moved(Some("us-west-2"))], vec![HERE]),
        (vec![moved(Some("eu-west-1")), moved(Some("eu-north-1"))], vec![HERE, THERE]),
        (vec![moved(Some("eu-west-1")), moved(None)], vec![HERE, THERE]),
    ] {
        let script = Script::of(answers);
        let s3 = s3(script.client()).await;
        let failure = s3.list_page(&in_logs()).await.unwrap_err();
        assert_eq!((failure.kind, script.asked()), (FailureKind::WrongRegion, own(&asked)), "{failure}");
        assert_eq!(s3.region_of("tide-logs"), None);
    }
}

#[tokio::test]
async fn other_refusals_are_not_about_the_region() {
    for answer in [(403, Some("eu-west-1"), String::new()), (404, Some("eu-west-1"), String::new())] {
        let script = Script::of([answer]);
        let _ = s3(script.client()).await.list_page(&in_logs()).await.unwrap_err();
        assert_eq!(script.asked(), [HERE]);
    }
}

#[tokio::test]
async fn a_bucket_that_moved_is_found_again() {
    let script = Script::of([moved(Some("eu-west-1")), page(), moved(Some("us-west-2")), page()]);
    let s3 = s3(script.client()).await;
    assert_eq!(s3.list_page(&in_logs()).await.unwrap().elsewhere.as_deref(), Some("eu-west-1"));
    assert_eq!(s3.list_page(&in_logs()).await.unwrap().elsewhere, None);
    assert_eq!(script.asked(), [HERE, THERE, THERE, HERE]);
}

/// What `ListBuckets` says of one bucket.
fn buckets(region: &str) -> Answer {
    let bucket = format!("<Bucket><Name>tide-logs</Name><BucketRegion>{region}</BucketRegion></Bucket>");
    (200, None, format!("<ListAllMyBucketsResult><Buckets>{bucket}</Buckets></ListAllMyBucketsResult>"))
}

#[tokio::test]
async fn the_list_of_buckets_tells_where_each_is() {
    for (region, asked, elsewhere) in [
        ("eu-west-1", THERE, Some("eu-west-1")),
        ("us-west-2", HERE, None),
        ("", HERE, None),
        ("evil.example#", HERE, None),
        ("EU", HERE, None),
    ] {
        let script = Script::of([buckets(region)]);
        let s3 = s3(script.client()).await;
        s3.list_page(&ListRequest::default()).await.unwrap();
        script.asked();
        let page = s3.list_page(&in_logs()).await.unwrap();
        assert_eq!((script.asked(), page.elsewhere.as_deref()), (own(&[asked]), elsewhere), "{region}");
    }
}

#[tokio::test]
async fn where_one_address_has_all_buckets_only_a_refusal_tells_a_region() {
    let script = Script::of([buckets("eu-west-1"), page(), moved(Some("eu-west-1"))]);
    let s3 = s3_at(Some("http://127.0.0.1:9"), script.client()).await;
    s3.list_page(&ListRequest::default()).await.unwrap();
    script.asked();
    s3.list_page(&in_logs()).await.unwrap();
    assert_eq!(script.asked(), ["GET 127.0.0.1:9 us-west-2"]);
    s3.list_page(&in_logs()).await.unwrap();
    assert_eq!(script.asked(), ["GET 127.0.0.1:9 us-west-2", "GET 127.0.0.1:9 eu-west-1"]);
}

fn own(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
