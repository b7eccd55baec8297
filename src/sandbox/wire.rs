//! What a request says of itself.
//!
//! Invariant: only what conditions may ask for is kept, and nothing that was not sent but the region, which the signature
//! names.

use super::request::Request;

/// What a request says of itself, by the condition keys that ask for it.
#[derive(Clone, Default)]
pub(crate) struct Wire(pub(super) Vec<(&'static str, String)>);

impl Wire {
    /// That of a request signed for a region.
    pub(crate) fn of(request: &Request, region: &str) -> Self {
        let in_query = request.parameter("X-Amz-Signature").is_some();
        let said = [
            ("aws:useragent", request.header("user-agent")),
            ("aws:referer", request.header("referer")),
            ("s3:max-keys", request.parameter("max-keys")),
            ("s3:versionid", request.parameter("versionId")),
            ("s3:x-amz-acl", request.header("x-amz-acl")),
            ("s3:x-amz-content-sha256", request.header("x-amz-content-sha256")),
            ("s3:x-amz-server-side-encryption", request.header("x-amz-server-side-encryption")),
            ("s3:x-amz-storage-class", request.header("x-amz-storage-class")),
            ("s3:authtype", Some(if in_query { "REST-QUERY-STRING" } else { "REST-HEADER" })),
            ("aws:requestedregion", Some(region)),
        ];
        Self(said.into_iter().filter_map(|(key, value)| Some((key, value?.to_owned()))).collect())
    }
}
