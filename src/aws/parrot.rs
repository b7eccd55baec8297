//! An HTTP client for tests that says the same to everything and notes what it was asked.
//!
//! Invariant: no socket is opened.

use std::sync::{Arc, Mutex};

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
pub(super) struct Asked {
    pub(super) uri: String,
    /// `Credential=KEY/…` and the rest of the signature.
    pub(super) authorization: String,
    pub(super) body: String,
}

/// Answers with status 200, a text and perhaps a `Date`.
#[derive(Debug, Clone, Default)]
pub(super) struct Parrot {
    pub(super) says: String,
    pub(super) date: Option<&'static str>,
    pub(super) asked: Arc<Mutex<Vec<Asked>>>,
}

impl Parrot {
    pub(super) fn saying(text: impl Into<String>) -> Self {
        Self { says: text.into(), ..Self::default() }
    }

    pub(super) fn client(&self) -> SharedHttpClient {
        let parrot = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| parrot.clone())
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl HttpConnector for Parrot {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        self.asked.lock().unwrap().push(Asked {
            uri: request.uri().to_owned(),
            authorization: request.headers().get("authorization").unwrap_or_default().to_owned(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
        let mut reply = HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::from(self.says.as_str()));
        if let Some(date) = self.date {
            reply.headers_mut().insert("date", date);
        }
        HttpConnectorFuture::ready(Ok(reply))
    }
}
