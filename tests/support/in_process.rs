//! The AWS SDK with the sandbox as its HTTP client: no socket, and a clock that moves only when the test lets it.
//!
//! Invariant: SDK and sandbox read the same simulated clock, so under paused time an hour passes in no time.

#[path = "wire.rs"]
mod wire;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sigv4::{
    http_request::{
        PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::SdkError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use bytes::Bytes;
use ebbtide::{
    clock::Clock,
    sandbox::{Sandbox, Settings},
};
use http_body_util::BodyExt;

/// What every simulated clock shows first.
pub(crate) const ORIGIN: &str = "2026-11-22T12:00:00Z";
pub(crate) const HOME: &str = "us-west-2";

/// A sandbox and the SDK clients that ask it.
#[derive(Clone)]
pub(crate) struct InProcess {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Clock,
    last: Arc<Mutex<Option<Exchange>>>,
}

/// One request as it was sent and what came back.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) request: http::Request<Bytes>,
    pub(crate) response: http::Response<Bytes>,
}

impl Exchange {
    /// The reply's text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.response.body().to_vec()).expect("replies are UTF-8")
    }

    /// A header of the reply.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).map(|value| value.to_str().expect("headers are text"))
    }
}

impl InProcess {
    pub(crate) fn new(settings: Settings) -> Self {
        let clock = Clock::starting_at(ORIGIN.parse().expect("a constant"));
        let sandbox = Sandbox::new(clock.clone(), settings).expect("the world is whole");
        Self { sandbox, clock, last: Arc::default() }
    }

    /// The same sandbox, asked by clients that go by another clock.
    pub(crate) fn seen_by(&self, clock: Clock) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The long-term keys the greeting presents.
    pub(crate) fn ana(&self) -> Credentials {
        let greeting = self.sandbox.greeting("http://sandbox");
        keys(&greeting.access_key_id, &greeting.secret_access_key, None)
    }

    pub(crate) fn sts(&self, credentials: Credentials) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url("http://sandbox")
            .region(Region::new(HOME))
            .credentials_provider(credentials)
            .http_client(self.clone())
            .time_source(Time(self.clock.clone()))
            .build();
        aws_sdk_sts::Client::from_conf(config)
    }

    pub(crate) fn iam(&self, credentials: Credentials) -> aws_sdk_iam::Client {
        let config = aws_sdk_iam::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url("http://sandbox")
            .region(Region::new(HOME))
            .credentials_provider(credentials)
            .http_client(self.clone())
            .time_source(Time(self.clock.clone()))
            .build();
        aws_sdk_iam::Client::from_conf(config)
    }

    pub(crate) fn s3(&self, credentials: Credentials) -> aws_sdk_s3::Client {
        self.s3_in(HOME, credentials)
    }

    pub(crate) fn s3_in(&self, region: &str, credentials: Credentials) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url("http://sandbox")
            .force_path_style(true)
            .region(Region::new(region.to_owned()))
            .credentials_provider(credentials)
            .http_client(self.clone())
            .time_source(Time(self.clock.clone()))
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// The last request an SDK client made, with its reply.
    pub(crate) fn last(&self) -> Exchange {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone().expect("a request was made")
    }

    /// Sends a request past the SDK.
    pub(crate) async fn send(&self, request: http::Request<Bytes>) -> Exchange {
        let copy = request.clone();
        let (parts, body) = self.sandbox.answer_request(request).await.into_parts();
        let Ok(body) = body.collect().await;
        Exchange { request: copy, response: http::Response::from_parts(parts, body.to_bytes()) }
    }
}

/// Somebody who reads the archive and may nothing else.
pub(crate) fn guest() -> Credentials {
    keys("AKIATIDEGUESTEXAMPLE", "sandbox/guest/long+term+secret/EXAMPLEKE", None)
}

/// The account's owner.
pub(crate) fn root() -> Credentials {
    keys("AKIATIDEROOTEXAMPLE1", "sandbox/root/long+term+secret/EXAMPLEKEY", None)
}

/// The address of a call that no SDK need have, signed for a minute of the sandbox's clock.
pub(crate) fn presigned(
    world: &InProcess,
    credentials: &Credentials,
    service: &str,
    method: &http::Method,
    target: &str,
) -> String {
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_mins(1));
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder().identity(&identity).region(HOME).name(service).settings(settings);
    let parameters = parameters.time(world.clock.now().into()).build().expect("all of them are there").into();
    let body = if service == "s3" { SignableBody::UnsignedPayload } else { SignableBody::Bytes(&[]) };
    let uri = format!("http://sandbox/{target}");
    let request = SignableRequest::new(method.as_str(), &uri, std::iter::empty(), body).expect("it can be signed");
    let (instructions, _) = sign(request, &parameters).expect("it can be signed").into_parts();
    let mut request = http::Request::get(uri).body(()).expect("an address");
    instructions.apply_to_request_http1x(&mut request);
    request.uri().to_string()
}

/// Credentials by hand.
pub(crate) fn keys(access_key_id: &str, secret: &str, token: Option<&str>) -> Credentials {
    Credentials::new(access_key_id, secret, token.map(Into::into), None, "test")
}

/// The credentials in a reply of STS.
pub(crate) fn minted(credentials: Option<&aws_sdk_sts::types::Credentials>) -> Credentials {
    let credentials = credentials.expect("STS answers with credentials");
    keys(credentials.access_key_id(), credentials.secret_access_key(), Some(credentials.session_token()))
}

/// What a refusal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// What a call was refused with; a call that succeeds fails the test.
pub(crate) fn refusal<T, E: ProvideErrorMetadata>(result: Result<T, SdkError<E, HttpResponse>>) -> Refusal {
    let error = result.err().expect("the call should be refused");
    Refusal {
        status: error.raw_response().expect("the sandbox answered").status().as_u16(),
        code: error.code().unwrap_or_default().into(),
        message: error.message().unwrap_or_default().into(),
    }
}

/// Asserts status, code and a part of the message.
pub(crate) fn assert_refused(refusal: &Refusal, status: u16, code: &str, message: &str) {
    assert_eq!((refusal.status, refusal.code.as_str()), (status, code), "{refusal:?}");
    assert!(refusal.message.contains(message), "{refusal:?} should mention {message:?}");
}

/// Lets time pass for SDK and sandbox alike.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

#[derive(Debug)]
struct Time(Clock);

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            let exchange = this.send(wire::request(request)?).await;
            *this.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange.clone());
            Ok(wire::reply(exchange.response.map(Into::into)))
        })
    }
}
