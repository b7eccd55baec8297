//! The sandbox as a server: HTTP/1.1 over a listener.
//!
//! Invariant: connections live no longer than [`Sandbox::serve`]; dropping it ends them.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinSet};

use super::Sandbox;

/// More than any request that is only read needs. Writes are not taken, so their bodies need not be either.
const MOST_BODY: usize = 1 << 20;
/// How long to wait when no connection could be taken.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

impl Sandbox {
    /// Serves whoever connects, until dropped.
    pub async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let sandbox = self.clone();
                        connections.spawn(async move {
                            let service = service_fn(|request| sandbox.answer_incoming(request));
                            // A connection that breaks concerns the one who broke it.
                            let _broken = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                        });
                    }
                    // Out of file descriptors, say: there may be some again when others have hung up.
                    Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn answer_incoming(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MOST_BODY).collect().await else {
            let mut refused = Response::new(Full::default());
            *refused.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(refused);
        };
        Ok(self.answer(Request::from_parts(parts, body.to_bytes())).await.map(Full::new))
    }
}
