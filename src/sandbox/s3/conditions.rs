//! Conditions of a read: only if the object is, or is not, the one that the client knows.
//!
//! Invariant: the condition of an `ETag` makes that of a date void, and what guards comes before what saves a transfer.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html> and
//! <https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2>

use http::StatusCode;
use jiff::{Timestamp, fmt::rfc2822};

use super::call::S3Call;
use crate::sandbox::{error_response::ErrorResponse, world::SandboxObject};

/// What a request's conditions mean for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precondition {
    /// It is read.
    Holds,
    /// The client has it already.
    NotModified,
}

impl S3Call<'_> {
    /// Weighs the conditions of the request.
    pub(super) fn check_conditions(&self, object: &SandboxObject) -> Result<Precondition, ErrorResponse> {
        let header = |name| self.request.header(name);
        let date = |name| header(name).and_then(parse_http_date);
        let names = |list: &str| list.split(',').any(|tag| matches!(tag.trim(), "*") || same_tag(tag, object.etag()));
        let since = |time: Timestamp| object.modified.as_second() > time.as_second();
        let failed = |condition: &str| {
            let message = "At least one of the pre-conditions you specified did not hold";
            ErrorResponse::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
                .with_detail("Condition", condition)
        };
        match (header("if-match"), date("if-unmodified-since")) {
            (Some(list), _) if !names(list) => return Err(failed("If-Match")),
            (None, Some(time)) if since(time) => return Err(failed("If-Unmodified-Since")),
            _ => {}
        }
        Ok(match (header("if-none-match"), date("if-modified-since")) {
            (Some(list), _) if names(list) => Precondition::NotModified,
            (None, Some(time)) if !since(time) => Precondition::NotModified,
            _ => Precondition::Holds,
        })
    }

    /// The range that is asked for, unless the object is no longer the one whose other ranges the client has.
    /// <https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5>
    pub(super) fn range_header(&self, object: &SandboxObject) -> Option<&str> {
        let range = self.request.header("range")?;
        let is_same = self.request.header("if-range").is_none_or(|known| match parse_http_date(known) {
            Some(time) => object.modified.as_second() == time.as_second(),
            // A weak tag does not identify bytes.
            None => !known.trim().starts_with("W/") && same_tag(known, object.etag()),
        });
        is_same.then_some(range)
    }
}

fn parse_http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Entity tags may be sent without their quotes, or marked weak.
fn same_tag(sent: &str, etag: &str) -> bool {
    let sent = sent.trim();
    sent.strip_prefix("W/").unwrap_or(sent).trim_matches('"') == etag.trim_matches('"')
}
