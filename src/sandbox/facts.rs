//! What conditions may ask of a request: who signed it, when, and how it came.
//!
//! Invariant: all is known here, so a key without a fact is absent from the request. What only AWS's own networks,
//! organizations and services would set is absent from every request to the sandbox.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use jiff::Timestamp;

use super::caller::{Caller, Who};
use crate::domain::policy::{Ask, Fact, Facts};

impl Caller {
    /// A question about this caller, with what conditions may ask about them.
    pub(crate) fn ask<'a>(&'a self, action: &'a str, resource: &'a str, now: Timestamp) -> Ask<'a> {
        Ask::new(action, resource, of_caller(self, now))
    }
}

/// What is known of every request of a caller.
fn of_caller(caller: &Caller, now: Timestamp) -> Facts<'_> {
    let facts = caller.wire.0.iter().fold(of_everybody(now), |facts, (key, value)| facts.with(*key, value));
    let facts = facts
        .with("aws:principalarn", caller.principal_arn())
        .with("aws:principalaccount", caller.account())
        .with("aws:resourceaccount", caller.account())
        .with("s3:resourceaccount", caller.account())
        .with("aws:userid", caller.user_id(caller.account()));
    let facts = match &caller.who {
        Who::User(user) if user.is_root => facts.with("aws:principaltype", "Account"),
        Who::User(user) => facts.with("aws:principaltype", "User").with("aws:username", &user.name),
        Who::Federated(..) => facts.with("aws:principaltype", "FederatedUser"),
        Who::RoleSession(..) => facts.with("aws:principaltype", "AssumedRole"),
    };
    let Some(session) = &caller.session else { return facts };
    let facts =
        facts.with("aws:tokenissuetime", session.issued).with("aws:multifactorauthpresent", session.mfa.is_some());
    let facts = session
        .tags
        .iter()
        .fold(facts, |facts, tag| facts.with(format!("aws:principaltag/{}", tag.key.to_ascii_lowercase()), &tag.value));
    let facts = match &session.source_identity {
        Some(name) => facts.with("aws:sourceidentity", name),
        None => facts,
    };
    match session.mfa {
        Some(at) => facts.with("aws:multifactorauthage", now.duration_since(at).as_secs().to_string()),
        None => facts,
    }
}

/// What is known of every request.
fn of_everybody(now: Timestamp) -> Facts<'static> {
    Facts::whole()
        .with("aws:currenttime", now)
        .with("aws:epochtime", now)
        // The sandbox speaks plain HTTP on loopback, and says so.
        .with("aws:securetransport", false)
        .with("aws:sourceip", "127.0.0.1")
        .with("aws:viaawsservice", false)
        .with("aws:principalisawsservice", false)
        .with("s3:signatureversion", "AWS4-HMAC-SHA256")
}

/// The tags that a request gives, as conditions ask for them.
pub(crate) fn tag_keys<'a>(keys: impl Iterator<Item = &'a String>) -> Option<Fact<'a>> {
    let keys: Vec<_> = keys.map(|key| key.as_str().into()).collect();
    (!keys.is_empty()).then_some(Fact::Several(keys))
}
