//! The sandbox as a server: HTTP/1.1 over a listener.
//!
//! Invariant: connections live no longer than [`Sandbox::serve`]; dropping it ends them. None is waited for without end: a
//! client has half a minute for the head of a request, for its body, and to take any of the reply; so many as there can be
//! at once, a slow one gives up its place again.

use std::{convert::Infallible, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Request, Response, header, request::Parts};
use http_body_util::BodyExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::{
    body::ReplyBody,
    error_response::{ErrorResponse, SandboxService},
    reply::ServiceReply,
    request_id,
    state::Sandbox,
    write_timeout::WriteTimeout,
};

/// More than any part that an uploader sends at a time: the body of a write is read, to be answered as it deserves, but
/// never kept.
const MOST_BODY: usize = 16 << 20;
/// How many may be connected at once; fewer than the files that a process may usually open.
const MOST_CONNECTIONS: usize = 256;
/// For the head of a request, counted from the end of the one before: so an idle connection is kept as long.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// For its body.
const BODY_TIME: Duration = Duration::from_secs(30);
/// For a client to take any of what is sent to it.
const STALL_TIME: Duration = Duration::from_secs(30);
/// How long to wait when no connection could be taken.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

impl Sandbox {
    /// Serves every connection, until dropped.
    pub async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                    Ok((stream, _)) => drop(connections.spawn(self.clone().serve_connection(stream))),
                    // Out of file descriptors, say: there may be some again when others have hung up.
                    Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn serve_connection(self, stream: TcpStream) {
        let service = service_fn(|request| self.answer_incoming(request));
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .serve_connection(TokioIo::new(WriteTimeout::new(stream, STALL_TIME)), service);
        // A connection that breaks concerns the one who broke it.
        let _broken = served.await;
    }

    async fn answer_incoming(&self, request: Request<Incoming>) -> Result<Response<ReplyBody>, Infallible> {
        let (parts, body) = request.into_parts();
        Ok(match timeout(BODY_TIME, read_body(body)).await {
            Ok(Ok(body)) => self.answer_request(Request::from_parts(parts, body)).await,
            Ok(Err(refusal)) => self.refuse_incomplete(&parts, refusal),
            Err(_late) => self.refuse_incomplete(&parts, request_timeout()),
        })
    }

    /// The refusal of a request that did not come whole; nothing more is read from its connection.
    fn refuse_incomplete(&self, parts: &Parts, refusal: ErrorResponse) -> Response<ReplyBody> {
        let request_id = request_id();
        let reply = ServiceReply::from_error(refusal, SandboxService::S3, &request_id);
        let mut response = reply.into_http(&parts.method, SandboxService::S3, &request_id, self.0.clock.now());
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// All of a body. One that is too large is read to its end, or its sender would miss the refusal.
async fn read_body(mut body: Incoming) -> Result<Bytes, ErrorResponse> {
    let mut kept = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            let message = "You did not provide the number of bytes specified by the Content-Length HTTP header.";
            return Err(ErrorResponse::bad_request("IncompleteBody", message));
        };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= MOST_BODY {
            kept.extend_from_slice(&data);
        } else {
            kept = BytesMut::new();
        }
    }
    if length > MOST_BODY {
        let message = "Your proposed upload exceeds the maximum allowed size";
        return Err(ErrorResponse::bad_request("EntityTooLarge", message)
            .with_detail("ProposedSize", length.to_string())
            .with_detail("MaxSizeAllowed", MOST_BODY.to_string()));
    }
    Ok(kept.freeze())
}

fn request_timeout() -> ErrorResponse {
    let message = "Your socket connection to the server was not read from or written to within the timeout period. Idle \
                   connections will be closed.";
    ErrorResponse::bad_request("RequestTimeout", message)
}
