//! What conditions may ask of a request: who signed it, when, and how it came.
//!
//! Invariant: all is known here, so a key without a fact is absent from the request. What only AWS's own networks,
//! organizations and services would set is absent from every request to the sandbox.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use jiff::Timestamp;

use super::principal::{Principal, PrincipalKind};
use crate::domain::policy::{ConditionFacts, Fact, RequestContext};

impl Principal {
    /// A question about this caller, with what conditions may ask about them.
    pub(crate) fn request_context<'a>(
        &'a self,
        action: &'a str,
        resource: &'a str,
        now: Timestamp,
    ) -> RequestContext<'a> {
        RequestContext::new(action, resource, of_caller(self, now))
    }
}

/// What is known of every request of a caller.
fn of_caller(caller: &Principal, now: Timestamp) -> ConditionFacts<'_> {
    let facts = caller.wire.0.iter().fold(of_everybody(now), |facts, (key, value)| facts.with_fact(*key, value));
    let facts = facts
        .with_fact("aws:principalarn", caller.principal_arn())
        .with_fact("aws:principalaccount", caller.account())
        .with_fact("aws:resourceaccount", caller.account())
        .with_fact("s3:resourceaccount", caller.account())
        .with_fact("aws:userid", caller.user_id(caller.account()));
    let facts = match &caller.who {
        PrincipalKind::User(user) if user.is_root => facts.with_fact("aws:principaltype", "Account"),
        PrincipalKind::User(user) => facts.with_fact("aws:principaltype", "User").with_fact("aws:username", &user.name),
        PrincipalKind::Federated(..) => facts.with_fact("aws:principaltype", "FederatedUser"),
        PrincipalKind::RoleSession(..) => facts.with_fact("aws:principaltype", "AssumedRole"),
    };
    let Some(session) = &caller.session else { return facts };
    let facts = facts
        .with_fact("aws:tokenissuetime", session.issued)
        .with_fact("aws:multifactorauthpresent", session.mfa.is_some());
    let facts = session.tags.iter().fold(facts, |facts, tag| {
        facts.with_fact(format!("aws:principaltag/{}", tag.key.to_ascii_lowercase()), &tag.value)
    });
    let facts = match &session.source_identity {
        Some(name) => facts.with_fact("aws:sourceidentity", name),
        None => facts,
    };
    match session.mfa {
        Some(at) => facts.with_fact("aws:multifactorauthage", now.duration_since(at).as_secs().to_string()),
        None => facts,
    }
}

/// What is known of every request.
fn of_everybody(now: Timestamp) -> ConditionFacts<'static> {
    ConditionFacts::whole()
        .with_fact("aws:currenttime", now)
        .with_fact("aws:epochtime", now)
        // The sandbox speaks plain HTTP on loopback, and says so.
        .with_fact("aws:securetransport", false)
        .with_fact("aws:sourceip", "127.0.0.1")
        .with_fact("aws:viaawsservice", false)
        .with_fact("aws:principalisawsservice", false)
        .with_fact("s3:signatureversion", "AWS4-HMAC-SHA256")
}

/// The tags that a request gives, as conditions ask for them.
pub(crate) fn tag_keys<'a>(keys: impl Iterator<Item = &'a String>) -> Option<Fact<'a>> {
    let keys: Vec<_> = keys.map(|key| key.as_str().into()).collect();
    (!keys.is_empty()).then_some(Fact::Several(keys))
}
