//! The sandbox as the SDK's HTTP client: no socket, a delay that the test sets, and a note of every request.
//!
//! Invariant: a request counts from when it is sent; one that is given up while it waits never reaches the sandbox.

#[path = "wire.rs"]
mod wire;

use std::{
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
use ebbtide::sandbox::Sandbox;

/// A way to one sandbox. Clones are the same way.
#[derive(Clone)]
pub(crate) struct Network {
    sandbox: Sandbox,
    state: Arc<Mutex<State>>,
}

struct State {
    asked: Vec<String>,
    delay: Box<dyn FnMut() -> Duration + Send>,
}

impl Network {
    /// Without delay.
    pub(crate) fn to(sandbox: Sandbox) -> Self {
        let state = State { asked: vec![], delay: Box::new(|| Duration::ZERO) };
        Self { sandbox, state: Arc::new(Mutex::new(state)) }
    }

    /// How long each request takes from now on to reach the sandbox.
    pub(crate) fn delay(&self, delay: impl FnMut() -> Duration + Send + 'static) {
        self.state().delay = Box::new(delay);
    }

    /// What was asked so far: the action of an STS request, path and query of any other.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the request and says how long it takes.
    fn note(&self, request: &http::Request<Bytes>) -> Duration {
        let action = form_urlencoded::parse(request.body()).find(|(name, _)| name == "Action");
        let asked = match action {
            Some((_, action)) => action.into_owned(),
            None => request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        };
        let mut state = self.state();
        state.asked.push(asked);
        (state.delay)()
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
            tokio::time::sleep(this.note(&request)).await;
            Ok(wire::reply(this.sandbox.answer(request).await))
        })
    }
}
