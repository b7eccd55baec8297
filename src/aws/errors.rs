//! What is inside an error of the SDK: its causes, and what they tell of the connection.
//!
//! Invariant: an error is never formatted with `Debug`, and what is kept of its text is at most [`LONGEST_MESSAGE`].

use std::error::Error;

use http_body_util::LengthLimitError;

use crate::domain::failure::Failure;

/// Bytes kept of a message; a hostile one can have megabytes.
pub(super) const LONGEST_MESSAGE: usize = 2048;

/// Whether an answer was longer than the [`guard`](super::guard) lets through.
pub(super) fn is_too_long(error: &(dyn Error + 'static)) -> bool {
    sources(error).any(<dyn Error>::is::<LengthLimitError>)
}

/// Our own failure inside an SDK error: the guard let the request not go.
pub(super) fn refused_here(error: &(dyn Error + 'static)) -> Option<Failure> {
    sources(error).find_map(|source| source.downcast_ref::<Failure>()).cloned()
}

/// What caused an error, outermost first.
pub(super) fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |source| (*source).source())
}

/// The innermost reason: `Connection refused (os error 111)` rather than `dispatch failure`.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    clipped(&sources(error).last().unwrap_or(error).to_string())
}

/// The bytes that came are not HTTP: another protocol, or TLS; perhaps they came before a request was sent.
pub(super) fn speaks_no_http(error: &(dyn Error + 'static)) -> bool {
    let unasked = |error: &hyper::Error| error.to_string().contains("unexpected message from connection");
    let mut found = sources(error).filter_map(|source| source.downcast_ref::<hyper::Error>());
    found.any(|error| error.is_parse() || unasked(error))
}

/// The error of rustls for a first record that is not TLS.
pub(super) fn speaks_no_tls(cause: &str) -> bool {
    cause.contains("InvalidContentType")
}

pub(super) fn clipped(text: &str) -> String {
    if text.len() <= LONGEST_MESSAGE {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(LONGEST_MESSAGE)])
}
