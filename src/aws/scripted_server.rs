//! An HTTP client for tests that returns the same response to every request, or a list of responses one by one, and
//! records the requests.
//!
//! Invariant: no socket is opened.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;

/// One request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordedRequest {
    pub(super) uri: String,
    /// `Credential=KEY/…` and the rest of the signature.
    pub(super) authorization: String,
    pub(super) body: String,
}

/// Answers with what comes next in turn, then with status 200 and its text; perhaps with a `Date`.
#[derive(Debug, Clone, Default)]
pub(super) struct ScriptedServer {
    pub(super) says: String,
    /// Status and text of the first answers.
    pub(super) in_turn: Arc<Mutex<VecDeque<(u16, String)>>>,
    pub(super) date: Option<&'static str>,
    /// How long it thinks.
    pub(super) takes: Duration,
    pub(super) asked: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl ScriptedServer {
    pub(super) fn replying(text: impl Into<String>) -> Self {
        Self { says: text.into(), ..Self::default() }
    }

    pub(super) fn saying_in_turn(answers: &[(u16, &str)]) -> Self {
        let answers = answers.iter().map(|(status, text)| (*status, (*text).to_owned())).collect();
        Self { in_turn: Arc::new(Mutex::new(answers)), ..Self::default() }
    }

    pub(super) fn client(&self) -> SharedHttpClient {
        let parrot = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| parrot.clone())
    }

    pub(super) fn recorded_requests(&self) -> Vec<RecordedRequest> {
        self.asked.lock().unwrap().clone()
    }
}

impl HttpConnector for ScriptedServer {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        self.asked.lock().unwrap().push(RecordedRequest {
            uri: request.uri().to_owned(),
            authorization: request.headers().get("authorization").unwrap_or_default().to_owned(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
        let (status, text) = self.in_turn.lock().unwrap().pop_front().unwrap_or_else(|| (200, self.says.clone()));
        let mut reply = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(text));
        if let Some(date) = self.date {
            reply.headers_mut().insert("date", date);
        }
        let takes = self.takes;
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(takes).await;
            Ok(reply)
        })
    }
}
