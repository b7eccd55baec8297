//! Requests and replies between the SDK's shape and the sandbox's.
//!
//! Invariant: what goes over is what a socket would carry: nothing is added or left out, and a reply is read as it comes.

use aws_smithy_runtime_api::{
    client::{
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use ebbtide::sandbox::ReplyBody;

/// A request as the sandbox takes it.
pub(crate) fn request(request: HttpRequest) -> Result<http::Request<Bytes>, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    Ok(request.map(|body| Bytes::copy_from_slice(body.bytes().expect("nothing is streamed"))))
}

/// A reply as the SDK takes it.
pub(crate) fn reply(reply: http::Response<ReplyBody>) -> HttpResponse {
    let (parts, body) = reply.into_parts();
    let status = StatusCode::try_from(parts.status.as_u16()).expect("a status is a status");
    let mut reply = HttpResponse::new(status, SdkBody::from_body_1_x(body));
    for (name, value) in &parts.headers {
        reply.headers_mut().append(name.to_string(), value.to_str().expect("headers are text").to_owned());
    }
    reply
}
