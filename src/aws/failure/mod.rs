//! The one translation of SDK errors into a [`Failure`].
//!
//! A service's *code string* decides, by [`translator`]'s table, because the modelled error types miss most of what is
//! really sent (STS answers `ExpiredToken`, not the modelled `ExpiredTokenException`); then the status; then what became
//! of the connection.
//!
//! Invariant: an SDK error is never formatted with `Debug` and no raw reply is kept: S3's `InvalidToken` echoes the
//! whole session token. What is kept of foreign text is at most [`LONGEST_MESSAGE`](super::errors::LONGEST_MESSAGE).

use std::{error::Error, time::Duration};

use aws_smithy_runtime_api::{
    client::{
        orchestrator::HttpResponse,
        result::{DispatchFailure, SdkError},
    },
    http::StatusCode,
};
use aws_smithy_types::{DateTime, date_time::Format, error::metadata::ProvideErrorMetadata};
use aws_types::request_id::RequestId;
use url::Url;

use super::{
    errors::{clip_message, is_too_long, refused_here, root_cause, speaks_no_http, speaks_no_tls},
    http::LONGEST_ATTEMPT,
    looks::{is_foreign_error, looks_like},
    refusal::{Refusal, parse_refusal},
    reply_fault::ReplyFault,
};
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    translator,
};

/// What was tried, for the sentence that says that it failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) service: Service,
    pub(super) action: &'a str,
    pub(super) subject: &'a str,
    /// The service that is called: an address, or a service of AWS in words.
    pub(super) asked: &'a str,
}

impl Attempt<'_> {
    /// What became of the attempt.
    pub(super) fn explain_error<E>(&self, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if let Some(refusal) = refused_here(error) {
            return refusal;
        }
        if let Some(fault) = ReplyFault::find_in_error(error) {
            return self.faulty_reply(fault);
        }
        let read = error.code().map(|code| Refusal { code: code.into(), message: error.message().map(Into::into) });
        // What the sign-in service answers may quote what it was sent: credentials.
        let read =
            read.or_else(|| error.raw_response().and_then(in_another_form)).filter(|_| self.service != Service::SignIn);
        let hint = error.raw_response().filter(|_| read.is_none()).and_then(|reply| self.hint_from_reply(reply));
        let (kind, message) = match error {
            SdkError::ServiceError(answer) => self.explain_reply(read.as_ref(), answer.raw()),
            SdkError::ResponseError(answer) => explain_unreadable(error, answer.raw().status()),
            SdkError::DispatchFailure(failure) => self.not_sent(failure, error),
            SdkError::TimeoutError(_) => {
                let waited = LONGEST_ATTEMPT.as_secs();
                (FailureKind::Timeout, format!("no response from {} within {waited} s", self.asked))
            }
            _ => (FailureKind::Invalid, root_cause(error)),
        };
        Failure {
            service: self.service,
            code: read.map(|refusal| clip_message(&refusal.code)),
            status: error.raw_response().map(|raw| raw.status().as_u16()),
            request_id: error.request_id().map(clip_message),
            asks_to_wait: error.raw_response().and_then(asks_to_wait),
            hint: hint.or_else(|| self.hint_to_dispatch(error)),
            ..Failure::local(kind, self.action, self.subject, clip_message(&message))
        }
    }

    /// A response with a success status that is not a success.
    fn faulty_reply(&self, fault: &ReplyFault) -> Failure {
        match fault {
            ReplyFault::Refused(refusal) if !refusal.code.is_empty() => self.refused_with_success(refusal),
            ReplyFault::Refused(_) => self.malformed_reply(format!("this is not a response from {}", self.service)),
            fault => self.malformed_reply(fault.told_of(self.service)),
        }
    }

    /// A response that is malformed.
    pub(super) fn malformed_reply(&self, message: impl Into<String>) -> Failure {
        let failure = Failure::local(FailureKind::Malformed, self.action, self.subject, message);
        Failure { service: self.service, ..failure }
    }

    /// A refusal that came with the status of a success.
    fn refused_with_success(&self, refusal: &Refusal) -> Failure {
        let (kind, message) = Self::in_words(refusal, 200);
        let failure = Failure::local(kind, self.action, self.subject, clip_message(&message));
        Failure { service: self.service, code: Some(clip_message(&refusal.code)), status: Some(200), ..failure }
    }

    fn explain_reply(&self, refusal: Option<&Refusal>, reply: &HttpResponse) -> (FailureKind, String) {
        if let Some(refusal) = refusal {
            return Self::in_words(refusal, reply.status().as_u16());
        }
        let status = reply.status().as_u16();
        if let Some(location) = redirect_target(reply).filter(|_| !names_a_region(reply)) {
            let message = format!("the service redirects to {location}; ebbtide does not follow that");
            return (FailureKind::Malformed, message);
        }
        let body = reply.body().bytes().unwrap_or_default();
        let kind = match (status, self.service) {
            // Only S3 has regions to redirect to.
            (301 | 307 | 308, service) if service != Service::S3 => FailureKind::Malformed,
            _ if self.is_foreign(status, body) => FailureKind::Malformed,
            _ => kind_of_status(status),
        };
        let message = match (kind, status) {
            (_, 407) => "a proxy requires a user name and a password".into(),
            (kind, _) if kind != FailureKind::Malformed && body.trim_ascii().is_empty() => "no reason given".into(),
            _ => format!("this is not a response from {}: {}", self.service, looks_like(body)),
        };
        (kind, message)
    }

    /// Whether something other than the service refused, so that the status says nothing about credentials, permissions
    /// or names. The other statuses are those of gateways, and mean the same from them; the sign-in service itself
    /// answers with web pages.
    fn is_foreign(&self, status: u16, body: &[u8]) -> bool {
        matches!(status, 400 | 401 | 403 | 404 | 410) && self.service != Service::SignIn && is_foreign_error(body)
    }

    /// A refusal with a code.
    fn in_words(refusal: &Refusal, status: u16) -> (FailureKind, String) {
        let message = refusal.message.as_deref().unwrap_or_default();
        let kind = match translator::failure_kind(&refusal.code, message) {
            _ if status == 429 => FailureKind::Throttled,
            Some(kind) => kind,
            None if status < 300 => FailureKind::Other,
            None => kind_of_status(status),
        };
        (kind, if message.is_empty() { "no reason given".into() } else { message.to_owned() })
    }

    /// A better next move than the kind's, where a response that is not from the service shows what is wrong.
    fn hint_from_reply(&self, reply: &HttpResponse) -> Option<String> {
        let status = reply.status().as_u16();
        if status == 407 {
            return Some("write user name and password into HTTPS_PROXY, or bypass the proxy with NO_PROXY".into());
        }
        let body = reply.body().bytes()?;
        let text = String::from_utf8_lossy(body).to_ascii_lowercase();
        // nginx; servers written in Go.
        let wants_tls = ["plain http request was sent to https port", "sent an http request to an https server"];
        if wants_tls.iter().any(|words| text.contains(words)) {
            return Some(WRITE_HTTPS.to_owned());
        }
        let service = self.service;
        let hint = || format!("something other than {service} answered: check the endpoint and the proxy");
        self.is_foreign(status, body).then(hint)
    }

    fn not_sent(&self, failure: &DispatchFailure, error: &(dyn Error + 'static)) -> (FailureKind, String) {
        let cause = root_cause(error);
        if speaks_no_http(error) {
            return (FailureKind::Malformed, format!("the server at {} does not speak HTTP: {cause}", self.asked));
        }
        if speaks_no_tls(&cause) {
            return (FailureKind::Network, format!("the server at {} does not speak TLS: {cause}", self.asked));
        }
        let kind = if failure.is_timeout() {
            FailureKind::Timeout
        } else if failure.is_io() || failure.as_other().is_some() {
            FailureKind::Network
        } else {
            FailureKind::Other
        };
        if cause.contains("tunnel error") || cause.contains("proxy authorization") {
            return (kind, format!("the proxy did not forward the request to {}: {cause}", self.asked));
        }
        (kind, format!("{} did not respond: {cause}", self.asked))
    }

    fn hint_to_dispatch<E: Error + 'static>(&self, error: &SdkError<E, HttpResponse>) -> Option<String> {
        if !matches!(error, SdkError::DispatchFailure(_)) {
            return None;
        }
        if speaks_no_http(error) {
            let plain = self.asked.starts_with("http://");
            return Some(if plain { format!("check the port; {WRITE_HTTPS}") } else { "check the port".into() });
        }
        speaks_no_tls(&root_cause(error)).then(|| "check the port; if it speaks plain HTTP, write http://".into())
    }
}

/// The next move if the server speaks TLS and the endpoint does not say so.
const WRITE_HTTPS: &str = "if it speaks TLS, write https:// in the endpoint";

/// Where an answer redirects to, without what may be secret in it.
fn redirect_target(reply: &HttpResponse) -> Option<String> {
    let location = reply.headers().get("location").filter(|_| (300..400).contains(&reply.status().as_u16()))?;
    Some(match Url::parse(location) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        _ => "another address".into(),
    })
}

fn names_a_region(reply: &HttpResponse) -> bool {
    reply.headers().get("x-amz-bucket-region").is_some()
}

/// How long the service asks to wait before the next request: `x-amz-retry-after` in milliseconds, or `Retry-After` in
/// seconds or as a date. <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
fn asks_to_wait(reply: &HttpResponse) -> Option<Duration> {
    let header = |name| reply.headers().get(name).map(str::trim);
    if let Some(millis) = header("x-amz-retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    let text = header("retry-after")?;
    let date = |text: &str| DateTime::from_str(text, Format::HttpDate).ok().map(|date| date.secs());
    let seconds = text.parse().ok().or_else(|| date(text)?.checked_sub(date(header("date")?)?)?.try_into().ok());
    seconds.map(Duration::from_secs)
}

/// A refusal in a form that the SDK does not read.
fn in_another_form(reply: &HttpResponse) -> Option<Refusal> {
    if reply.status().is_success() { None } else { parse_refusal(reply.body().bytes()?) }
}

fn explain_unreadable(error: &(dyn Error + 'static), status: StatusCode) -> (FailureKind, String) {
    let cause = root_cause(error);
    if is_too_long(error) {
        return (FailureKind::Malformed, "the response is larger than 16 MiB".into());
    }
    if cause.contains("minimum throughput") {
        (FailureKind::Timeout, "the response stopped before its end".into())
    } else if status.is_success() {
        (FailureKind::Malformed, format!("the response could not be read to its end: {cause}"))
    } else {
        (kind_of_status(status.as_u16()), cause)
    }
}

/// For answers without a code: those to HEAD, and those of whatever stands between.
fn kind_of_status(status: u16) -> FailureKind {
    match status {
        200..=299 => FailureKind::Malformed,
        301 | 307 | 308 => FailureKind::WrongRegion,
        401 => FailureKind::InvalidCredentials,
        403 => FailureKind::Denied,
        404 => FailureKind::NotFound,
        405 | 501 => FailureKind::Unsupported,
        408 | 504 => FailureKind::Timeout,
        429 | 503 => FailureKind::Throttled,
        _ => FailureKind::Other,
    }
}

#[cfg(test)]
mod tests;
