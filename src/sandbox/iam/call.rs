//! One call of IAM, and what every call of it shares.
//!
//! Invariant: nothing is returned before the caller's policies were evaluated.

use http::StatusCode;
use jiff::Timestamp;

use crate::sandbox::{
    error_response::{ErrorResponse, SandboxService},
    principal::Principal,
    query::Parameters,
    reply::ServiceReply,
    state::Inner,
    xml::Xml,
};

/// One call: who calls, with what, when.
pub(super) struct IamCall<'a> {
    pub(super) inner: &'a Inner,
    pub(super) caller: &'a Principal,
    pub(super) parameters: Parameters,
    pub(super) now: Timestamp,
    pub(super) request_id: &'a str,
}

impl IamCall<'_> {
    /// Whether policies let the caller; `shown` is how IAM names the resource when it refuses, which is not always by ARN.
    pub(super) fn check_permission(&self, action: &str, arn: &str, shown: &str) -> Result<(), ErrorResponse> {
        let ask = self.caller.request_context(action, arn, self.now);
        let caller = self.caller.arn(&self.inner.world.account);
        self.caller
            .check_permission(&ask, None)
            .map_err(|denial| denial.access_denied_error(SandboxService::Iam, &caller, action, shown))
    }

    pub(super) fn action_reply(&self, action: &str, result: impl FnOnce(&mut Xml)) -> ServiceReply {
        ServiceReply::action_result(SandboxService::Iam, action, self.request_id, result)
    }
}

pub(super) fn no_such_entity(kind: &str, name: &str) -> ErrorResponse {
    let message = format!("The {kind} with name {name} cannot be found.");
    ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchEntity", message)
}
