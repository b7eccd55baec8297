//! One call of IAM, and what every call of it shares.
//!
//! Invariant: nothing is told before the caller's policies were asked.

use http::StatusCode;
use jiff::Timestamp;

use crate::sandbox::{
    caller::Caller,
    query::Parameters,
    refusal::{Refusal, Service},
    reply::Reply,
    state::Inner,
    xml::Xml,
};

/// One call: who calls, with what, when.
pub(super) struct Call<'a> {
    pub(super) inner: &'a Inner,
    pub(super) caller: &'a Caller,
    pub(super) parameters: Parameters,
    pub(super) now: Timestamp,
    pub(super) request_id: &'a str,
}

impl Call<'_> {
    /// Whether policies let the caller; `shown` is how IAM names the resource when it refuses, which is not always by ARN.
    pub(super) fn permit(&self, action: &str, arn: &str, shown: &str) -> Result<(), Refusal> {
        let ask = self.caller.ask(action, arn, self.now);
        let caller = self.caller.arn(&self.inner.world.account);
        self.caller.may(&ask, None).map_err(|denial| denial.refusal(Service::Iam, &caller, action, shown))
    }

    pub(super) fn reply(&self, action: &str, result: impl FnOnce(&mut Xml)) -> Reply {
        Reply::result(Service::Iam, action, self.request_id, result)
    }
}

pub(super) fn no_such_entity(kind: &str, name: &str) -> Refusal {
    let message = format!("The {kind} with name {name} cannot be found.");
    Refusal::new(StatusCode::NOT_FOUND, "NoSuchEntity", message)
}
