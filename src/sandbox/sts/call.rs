//! One call of STS, and what every call of it shares.
//!
//! Invariant: what is issued ends when the reply says, by the sandbox's own clock.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use crate::sandbox::{
    caller::{Caller, Denial, NO_RESOURCE, Who},
    issued::Issue,
    query::Parameters,
    refusal::{Refusal, Service},
    reply::Reply,
    state::Inner,
    world::User,
    xml::Xml,
};

/// What `AssumeRole` grants to somebody who does not say; the most a session gets of a role, and root gets of anything.
pub(super) const HOUR: u32 = 3600;

/// Bytes of the longest session token that is made here; AWS tells no number.
const MOST_TOKEN: usize = 4096;

/// One call: who calls, with what, when.
pub(super) struct Call<'a> {
    pub(super) inner: &'a Inner,
    pub(super) caller: &'a Caller,
    pub(super) parameters: Parameters,
    pub(super) now: Timestamp,
    pub(super) request_id: &'a str,
}

impl Call<'_> {
    /// Whether policies let the caller do what is about no resource; the denial then names none.
    pub(super) fn permit_any(&self, action: &str) -> Result<(), Refusal> {
        let refused = |denial: Denial| {
            denial.refusal(Service::Sts, &self.caller.arn(&self.inner.world.account), action, NO_RESOURCE)
        };
        self.caller.may(&self.caller.ask(action, "*", self.now), None).map_err(refused)
    }

    /// What of a duration root gets: an hour at most, without a word.
    pub(super) fn clamped(&self, seconds: u32) -> u32 {
        if self.caller.is_root() { seconds.min(HOUR) } else { seconds }
    }

    /// The floor under every duration.
    pub(super) fn least(&self) -> u32 {
        self.inner.settings.min_duration.as_secs()
    }

    /// The user behind long-term keys: temporary credentials cannot mint with `action`, whatever policies say.
    pub(super) fn long_term_user(&self, action: &str) -> Result<&Arc<User>, Refusal> {
        match (&self.caller.who, &self.caller.session) {
            (Who::User(user), None) => Ok(user),
            _ => Err(Refusal::forbidden("AccessDenied", format!("Cannot call {action} with session credentials"))),
        }
    }

    /// Makes credentials whose session token has room for `packed` characters.
    pub(super) fn issue(&self, caller: Caller, seconds: u32, packed: usize) -> Result<Arc<Issue>, Refusal> {
        // Expirations are told in whole seconds, and kept as they are told.
        let now = Timestamp::from_second(self.now.as_second()).unwrap_or(self.now);
        let expiration = now + SignedDuration::from_secs(seconds.into());
        self.inner.issued.issue(caller, expiration, self.now, packed).map_err(Refusal::no_randomness)
    }

    pub(super) fn reply(&self, action: &str, result: impl FnOnce(&mut Xml)) -> Reply {
        Reply::result(Service::Sts, action, self.request_id, result)
    }
}

/// The `Credentials` element, and how full and how long the session token is. `PackedPolicySize` gives way to the other
/// two in the SDKs of late 2026; AWS sends all of them.
pub(super) fn credentials(xml: &mut Xml, issue: &Issue, packed: Option<usize>) {
    let token = issue.session_token.expose_secret();
    xml.group("Credentials", |xml| {
        xml.text("AccessKeyId", &issue.access_key_id);
        xml.text("SecretAccessKey", issue.secret_access_key.expose_secret());
        xml.text("SessionToken", token);
        xml.text("Expiration", &issue.expiration.to_string());
    });
    xml.optional("PackedPolicySize", packed.map(|packed| packed.to_string()).as_deref());
    xml.text("SessionTokenUtilization", &(token.len() * 100).div_ceil(MOST_TOKEN).to_string());
    xml.text("SessionTokenSize", &token.len().to_string());
}
