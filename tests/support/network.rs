//! The sandbox as the SDK's HTTP client: no socket, a delay that the test sets, a note of every request, and perhaps
//! somebody on the way who answers in the sandbox's place.
//!
//! Invariant: a request counts from when it is sent; one that is given up while it waits never reaches the sandbox.

#[path = "wire.rs"]
mod wire;

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use bytes::Bytes;
use ebbtide::sandbox::{ReplyBody, Sandbox};

/// A way to one sandbox. Clones are the same way.
#[derive(Clone)]
pub(crate) struct Network {
    sandbox: Sandbox,
    state: Arc<Mutex<State>>,
}

struct State {
    asked: Vec<Asked>,
    delay: Box<dyn FnMut() -> Duration + Send>,
    answers: Answers,
    dates: Dates,
}

/// Answers what is asked for with a status and a text, or leaves it to the sandbox.
type Answers = Box<dyn FnMut(&str) -> Option<(u16, String)> + Send>;

/// Puts another `Date` on the answer to what is asked for; an empty one takes it away.
type Dates = Box<dyn FnMut(&str) -> Option<String> + Send>;

/// What happens to a request.
struct Way {
    delay: Duration,
    instead: Option<(u16, String)>,
    date: Option<String>,
}

/// A request, and the key id that signed it.
struct Asked {
    what: String,
    key_id: String,
}

impl Network {
    /// Without delay.
    pub(crate) fn to(sandbox: Sandbox) -> Self {
        let (answers, dates): (Answers, Dates) = (Box::new(|_| None), Box::new(|_| None));
        let state = State { asked: vec![], delay: Box::new(|| Duration::ZERO), answers, dates };
        Self { sandbox, state: Arc::new(Mutex::new(state)) }
    }

    /// How long each request takes from now on to reach the sandbox.
    pub(crate) fn delay(&self, delay: impl FnMut() -> Duration + Send + 'static) {
        self.state().delay = Box::new(delay);
    }

    /// Puts somebody on the way who is shown what is asked for (see [`asked`](Self::asked)) and answers instead, with
    /// status 200, where they give a text.
    pub(crate) fn answered_by(&self, mut answers: impl FnMut(&str) -> Option<String> + Send + 'static) {
        self.refused_by(move |what| answers(what).map(|text| (200, text)));
    }

    /// The same for answers with a status.
    pub(crate) fn refused_by(&self, answers: impl FnMut(&str) -> Option<(u16, String)> + Send + 'static) {
        self.state().answers = Box::new(answers);
    }

    /// Puts somebody on the way who is shown what is asked for and puts another `Date` on the answer; an empty one takes it
    /// away.
    pub(crate) fn dated_by(&self, dates: impl FnMut(&str) -> Option<String> + Send + 'static) {
        self.state().dates = Box::new(dates);
    }

    /// What was asked so far: the action of an STS request, path and query of any other.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state().asked.iter().map(|asked| asked.what.clone()).collect()
    }

    /// With which keys it was asked for what begins so, each key once.
    pub(crate) fn keys_used_for(&self, what: &str) -> BTreeSet<String> {
        let state = self.state();
        state.asked.iter().filter(|asked| asked.what.starts_with(what)).map(|asked| asked.key_id.clone()).collect()
    }

    /// What a link is answered that is opened now: its status, and how many bytes. No client adds anything to it.
    pub(crate) async fn open_link(&self, method: &str, url: &str) -> (u16, usize) {
        let host = url.split('/').nth(2).expect("it is an address").to_owned();
        let request = http::Request::builder().method(method).uri(url).header("host", host).body(Bytes::new());
        let reply = self.sandbox.answer_request(request.expect("it is a request")).await;
        let status = reply.status().as_u16();
        let body = http_body_util::BodyExt::collect(reply.into_body()).await.expect("it is sent whole").to_bytes();
        (status, body.len())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the request; how long it takes, and what is answered in the sandbox's place.
    fn note(&self, request: &http::Request<Bytes>) -> Way {
        let action = form_urlencoded::parse(request.body()).find(|(name, _)| name == "Action");
        let what = match action {
            Some((_, action)) => action.into_owned(),
            None => request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        };
        let signed = request.headers().get("authorization").and_then(|signed| signed.to_str().ok());
        let key_id = signed.and_then(|signed| signed.split_once("Credential=")?.1.split_once('/'));
        let key_id = key_id.map(|(key_id, _)| key_id.to_owned()).unwrap_or_default();
        let mut state = self.state();
        let (instead, date) = ((state.answers)(&what), (state.dates)(&what));
        state.asked.push(Asked { what, key_id });
        Way { delay: (state.delay)(), instead, date }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

impl HttpClient for Network {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            let request = wire::request(request)?;
            let Way { delay, instead, date } = this.note(&request);
            tokio::time::sleep(delay).await;
            let mut reply = match instead {
                Some((status, text)) => {
                    let mut reply = http::Response::new(ReplyBody::from(Bytes::from(text)));
                    *reply.status_mut() = http::StatusCode::from_u16(status).expect("a status is a status");
                    reply
                }
                None => this.sandbox.answer_request(request).await,
            };
            if let Some(date) = date {
                reply.headers_mut().remove("date");
                if !date.is_empty() {
                    reply.headers_mut().insert("date", date.parse().expect("it can stand in a header"));
                }
            }
            Ok(wire::reply(reply))
        })
    }
}
