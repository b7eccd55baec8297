//! One call of STS, and what every call of it shares.
//!
//! Invariant: what is issued ends when the reply says, by the sandbox's own clock.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use crate::sandbox::{
    credentials::TemporaryCredentials,
    error_response::{ErrorResponse, SandboxService},
    principal::{Denial, NO_RESOURCE, Principal, PrincipalKind},
    query::Parameters,
    reply::ServiceReply,
    state::Inner,
    world::SandboxUser,
    xml::Xml,
};

/// What `AssumeRole` grants to somebody who does not say; the most a session gets of a role, and root gets of anything.
pub(super) const HOUR: u32 = 3600;

/// Bytes of the longest session token that is made here; AWS tells no number.
const MOST_TOKEN: usize = 4096;

/// One call: who calls, with what, when.
pub(super) struct StsCall<'a> {
    pub(super) inner: &'a Inner,
    pub(super) caller: &'a Principal,
    pub(super) parameters: Parameters,
    pub(super) now: Timestamp,
    pub(super) request_id: &'a str,
}

impl StsCall<'_> {
    /// Whether policies let the caller do what is about no resource; the denial then names none.
    pub(super) fn permit_any(&self, action: &str) -> Result<(), ErrorResponse> {
        let refused = |denial: Denial| {
            denial.access_denied_error(
                SandboxService::Sts,
                &self.caller.arn(&self.inner.world.account),
                action,
                NO_RESOURCE,
            )
        };
        self.caller.check_permission(&self.caller.request_context(action, "*", self.now), None).map_err(refused)
    }

    /// What of a duration root gets: an hour at most, without a word.
    pub(super) fn clamp_root_duration(&self, seconds: u32) -> u32 {
        if self.caller.is_root() { seconds.min(HOUR) } else { seconds }
    }

    /// The floor under every duration.
    pub(super) fn min_duration(&self) -> u32 {
        self.inner.settings.min_duration.as_secs()
    }

    /// The user of long-term keys: temporary credentials cannot mint with `action`, whatever policies say.
    pub(super) fn long_term_user(&self, action: &str) -> Result<&Arc<SandboxUser>, ErrorResponse> {
        match (&self.caller.who, &self.caller.session) {
            (PrincipalKind::User(user), None) => Ok(user),
            _ => {
                Err(ErrorResponse::forbidden("AccessDenied", format!("Cannot call {action} with session credentials")))
            }
        }
    }

    /// Makes credentials whose session token has room for `packed` characters.
    pub(super) fn issue_credentials(
        &self,
        caller: Principal,
        seconds: u32,
        packed: usize,
    ) -> Result<Arc<TemporaryCredentials>, ErrorResponse> {
        // Expirations are told in whole seconds, and kept as they are told.
        let now = Timestamp::from_second(self.now.as_second()).unwrap_or(self.now);
        let expiration = now + SignedDuration::from_secs(seconds.into());
        self.inner.issued.issue_credentials(caller, expiration, self.now, packed).map_err(ErrorResponse::no_randomness)
    }

    pub(super) fn action_reply(&self, action: &str, result: impl FnOnce(&mut Xml)) -> ServiceReply {
        ServiceReply::action_result(SandboxService::Sts, action, self.request_id, result)
    }
}

/// The `Credentials` element, and how full and how long the session token is. `PackedPolicySize` gives way to the other
/// two in the SDKs of late 2026; AWS sends all of them.
pub(super) fn write_credentials(xml: &mut Xml, issue: &TemporaryCredentials, packed: Option<usize>) {
    let token = issue.session_token.expose_secret();
    xml.parent_element("Credentials", |xml| {
        xml.text_element("AccessKeyId", &issue.access_key_id);
        xml.text_element("SecretAccessKey", issue.secret_access_key.expose_secret());
        xml.text_element("SessionToken", token);
        xml.text_element("Expiration", &issue.expiration.to_string());
    });
    xml.optional_element("PackedPolicySize", packed.map(|packed| packed.to_string()).as_deref());
    xml.text_element("SessionTokenUtilization", &(token.len() * 100).div_ceil(MOST_TOKEN).to_string());
    xml.text_element("SessionTokenSize", &token.len().to_string());
}
