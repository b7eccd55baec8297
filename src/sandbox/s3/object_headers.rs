//! The headers that tell what an object is.
//!
//! Invariant: what needs a permission of its own (tags, lock) is shown only to a caller that has it; all else comes with
//! the permission to read. <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};

use super::{
    call::{ObjectTarget, S3Call},
    lookup::{FoundObject, VERSION_HEADER},
};
use crate::sandbox::{
    reply::{ReplyHeaders, http_date, s3_date},
    world::{RestoreState, SandboxObject},
};

/// Query parameters that say what a header of the reply is to be.
pub(super) const REPLACED: [(&str, &str); 6] = [
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
    ("response-content-language", "content-language"),
    ("response-content-type", "content-type"),
    ("response-expires", "expires"),
];
const DAY: i64 = 86_400;

impl S3Call<'_> {
    /// All of an object's headers but those that depend on how much of it is read.
    pub(super) fn object_headers(&self, target: &ObjectTarget<'_>, found: &FoundObject<'_>) -> ReplyHeaders {
        let object = found.object;
        let mut headers: ReplyHeaders = vec![
            ("last-modified".into(), http_date(object.modified)),
            ("etag".into(), object.etag().to_owned()),
            ("accept-ranges".into(), "bytes".into()),
        ];
        let mut add = |name: &'static str, value: String| headers.push((name.into(), value));
        // S3 leaves the usual class unsaid.
        if object.storage_class() != "STANDARD" {
            add("x-amz-storage-class", object.storage_class().into());
        }
        if let Some(id) = found.version_id {
            add(VERSION_HEADER, id.into());
        }
        match object.properties().restore_state(self.inner.started, self.now) {
            Some(RestoreState::Ongoing) => add("x-amz-restore", "ongoing-request=\"true\"".into()),
            Some(RestoreState::Until(end)) => {
                add("x-amz-restore", format!("ongoing-request=\"false\", expiry-date=\"{}\"", http_date(end)));
            }
            None => {}
        }
        if let Some(expiration) = expiration(target, found) {
            add("x-amz-expiration", expiration);
        }
        stored_headers(target.key, object, &mut headers);
        self.protected_headers(target, object, &mut headers);
        add_metadata(object, &mut headers);
        headers
    }

    /// The number of tags, and the lock: each only for a caller that may read it.
    fn protected_headers(&self, target: &ObjectTarget<'_>, object: &SandboxObject, headers: &mut ReplyHeaders) {
        let properties = object.properties();
        let may = |action| self.check_object_permission(action, target).is_ok();
        let mut add = |name: &'static str, value: String| headers.push((name.into(), value));
        if !properties.tags.is_empty() && may("s3:GetObjectTagging") {
            add("x-amz-tagging-count", properties.tags.len().to_string());
        }
        if let Some(retention) = properties.retention.filter(|_| may("s3:GetObjectRetention")) {
            add("x-amz-object-lock-mode", retention.mode.name().into());
            add("x-amz-object-lock-retain-until-date", s3_date(retention.until));
        }
        if let Some(is_on) = properties.legal_hold.filter(|_| may("s3:GetObjectLegalHold")) {
            add("x-amz-object-lock-legal-hold", if is_on { "ON" } else { "OFF" }.into());
        }
    }

    /// `response-content-type` and its like, by which the maker of a URL says how a browser is to take the object.
    pub(super) fn replace_headers(&self, headers: &mut ReplyHeaders) {
        for (parameter, header) in REPLACED {
            if let Some(value) = self.request.parameter(parameter) {
                headers.retain(|(name, _)| name != header);
                headers.push((header.into(), value.into()));
            }
        }
    }
}

/// When the bucket's rule will end the newest version, at the first midnight after its days are over, and which rule.
fn expiration(target: &ObjectTarget<'_>, found: &FoundObject<'_>) -> Option<String> {
    let rule = target.bucket.lifecycle.as_ref()?;
    let is_covered = found.is_latest && target.key.starts_with(&rule.prefix);
    let days = SignedDuration::from_secs(i64::from(rule.days) * DAY);
    let end = found.object.modified.checked_add(days).ok().filter(|_| is_covered)?.as_second();
    let midnight = Timestamp::from_second((end + DAY - 1).div_euclid(DAY) * DAY).ok()?;
    Some(format!("expiry-date=\"{}\", rule-id=\"{}\"", http_date(midnight), rule.id))
}

/// What was stored with it, and what S3 says where nothing was.
fn stored_headers(key: &str, object: &SandboxObject, headers: &mut ReplyHeaders) {
    let stored = &object.properties().headers;
    for (name, usual) in [("content-type", content_type(key)), ("x-amz-server-side-encryption", "AES256")] {
        if !stored.iter().any(|(known, _)| *known == name) {
            headers.push((name.into(), usual.into()));
        }
    }
    headers.extend(stored.iter().map(|(name, value)| ((*name).into(), value.clone())));
}

/// Metadata, in the encoding of RFC 2047 where it is not ASCII; what no header can hold is counted.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>
fn add_metadata(object: &SandboxObject, headers: &mut ReplyHeaders) {
    let mut missing = 0;
    for (key, value) in &object.properties().metadata {
        if value.chars().any(char::is_control) {
            missing += 1;
            continue;
        }
        let value =
            if value.is_ascii() { value.clone() } else { format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(value)) };
        headers.push((format!("x-amz-meta-{key}").into(), value));
    }
    if missing > 0 {
        headers.push(("x-amz-missing-meta".into(), missing.to_string()));
    }
}

fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("md") => "text/markdown",
        Some("toml") => "application/toml",
        Some("txt" | "log") => "text/plain",
        _ => "binary/octet-stream",
    }
}
