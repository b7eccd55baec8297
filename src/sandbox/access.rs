//! Who signed, is the session token theirs, is it alive, may they.
//!
//! Invariant: nobody is a [`Caller`] whose signature was not verified; rights are the intersection of what the identity
//! and the session policy allow, and any deny wins.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::{
    Inner,
    policy::{Ask, Policy, Verdict},
    refusal::{Refusal, Service},
    request::Request,
    signature::Claim,
    world::{Role, User},
};

/// Whoever made a request, proved.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) who: Who,
    /// What the session was narrowed to when it was minted.
    pub(crate) session_policy: Option<Arc<Policy>>,
}

/// The kinds of identity.
#[derive(Clone)]
pub(crate) enum Who {
    /// A user by long-term keys.
    User(Arc<User>),
    /// The same by a session token of `GetSessionToken`.
    UserSession(Arc<User>),
    /// A session of `GetFederationToken`: the user who minted it, and its own name.
    Federated(Arc<User>, String),
    /// A session of `AssumeRole`: the role, and the session's name.
    RoleSession(Arc<Role>, String),
}

impl Caller {
    /// As `GetCallerIdentity` tells it.
    pub(crate) fn arn(&self, account: &str) -> String {
        match &self.who {
            Who::User(user) | Who::UserSession(user) => user.arn.clone(),
            Who::Federated(_, name) => format!("arn:aws:sts::{account}:federated-user/{name}"),
            Who::RoleSession(role, name) => format!("arn:aws:sts::{account}:assumed-role/{}/{name}", role.name),
        }
    }

    /// The unique id, with the session's name where there is one.
    pub(crate) fn user_id(&self, account: &str) -> String {
        match &self.who {
            Who::User(user) | Who::UserSession(user) => user.id.clone(),
            Who::Federated(_, name) => format!("{account}:{name}"),
            Who::RoleSession(role, name) => format!("{}:{name}", role.id),
        }
    }

    /// The ARN of the user or role behind it, as a trust policy names it.
    pub(crate) fn principal(&self) -> &str {
        match &self.who {
            Who::User(user) | Who::UserSession(user) | Who::Federated(user, _) => &user.arn,
            Who::RoleSession(role, _) => &role.arn,
        }
    }

    fn identity_policy(&self) -> &Policy {
        match &self.who {
            Who::User(user) | Who::UserSession(user) | Who::Federated(user, _) => &user.policy,
            Who::RoleSession(role, _) => &role.policy,
        }
    }

    /// What the session policy says: everything where there is none, but nothing to a federated user without one.
    fn session_verdict(&self, ask: &Ask<'_>) -> Verdict {
        match (&self.session_policy, &self.who) {
            (Some(policy), _) => policy.says(ask),
            (None, Who::Federated(..)) => Verdict::Silent,
            (None, _) => Verdict::Allowed,
        }
    }

    /// Whether the caller may; `because` of what not, in AWS's words.
    pub(crate) fn may(&self, ask: &Ask<'_>, resource_policy: Option<&Policy>) -> Result<(), Denial> {
        let identity = self.identity_policy().says(ask);
        let session = self.session_verdict(ask);
        let resource = resource_policy.map_or(Verdict::Silent, |policy| policy.says(ask));
        let verdicts = [(identity, "identity-based"), (session, "session"), (resource, "resource-based")];
        if let Some((_, kind)) = verdicts.iter().find(|(verdict, _)| *verdict == Verdict::Denied) {
            return Err(Denial { kind, explicit: true });
        }
        // A resource's policy adds nothing here: those the sandbox takes only deny.
        let silent = verdicts[..2].iter().find(|(verdict, _)| *verdict == Verdict::Silent);
        silent.map_or(Ok(()), |(_, kind)| Err(Denial { kind, explicit: false }))
    }
}

/// Which kind of policy stands in the way.
pub(crate) struct Denial {
    kind: &'static str,
    /// A statement denies; otherwise none allows.
    pub(crate) explicit: bool,
}

impl Denial {
    /// In AWS's words. S3 quotes the resource, STS does not.
    pub(crate) fn refusal(&self, service: Service, arn: &str, ask: &Ask<'_>) -> Refusal {
        let Ask { action, resource, .. } = ask;
        let quote = if service == Service::S3 { "\"" } else { "" };
        let because = if self.explicit {
            format!("with an explicit deny in {} {} policy", article(self.kind), self.kind)
        } else {
            format!("because no {} policy allows the {action} action", self.kind)
        };
        let message = format!(
            "User: {arn} is not authorized to perform: {action} on resource: {quote}{resource}{quote} {because}"
        );
        Refusal::forbidden("AccessDenied", message)
    }
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with('i') { "an" } else { "a" }
}

/// A request whose signature holds.
pub(crate) struct Signed {
    pub(crate) caller: Caller,
    /// The region it was signed for.
    pub(crate) region: String,
}

impl Inner {
    /// Proves who sent a request.
    pub(crate) fn authenticate(&self, request: &Request, service: Service, now: Timestamp) -> Result<Signed, Refusal> {
        let claim = Claim::read(request, service)?.ok_or_else(|| Refusal::anonymous(service))?;
        let caller = self.prove(&claim, request, service, now)?;
        if !self.world.regions.contains(&claim.region) {
            return Err(match service {
                Service::S3 => {
                    let (wrong, right) = (&claim.region, &self.world.region);
                    let message = format!(
                        "The authorization header is malformed; the region '{wrong}' is wrong; expecting '{right}'"
                    );
                    Refusal::bad("AuthorizationHeaderMalformed", message).with("Region", right.as_str())
                }
                Service::Sts => {
                    Refusal::forbidden("SignatureDoesNotMatch", "Credential should be scoped to a valid region.")
                }
            });
        }
        Ok(Signed { caller, region: claim.region })
    }

    fn prove(&self, claim: &Claim, request: &Request, service: Service, now: Timestamp) -> Result<Caller, Refusal> {
        let key = &claim.access_key_id;
        if let Some(user) = self.world.user_of_key(key) {
            if let Some(token) = &claim.session_token {
                return Err(Refusal::wrong_token(service, token));
            }
            claim.verify(request, &user.secret_access_key, now)?;
            return Ok(Caller { who: Who::User(Arc::clone(user)), session_policy: None });
        }
        let issue = self.issued.find(key).ok_or_else(|| Refusal::unknown_key(service, key))?;
        // Without its session token a temporary key is no key at all.
        let token = claim.session_token.as_deref().ok_or_else(|| Refusal::unknown_key(service, key))?;
        if !issue.has_token(token) {
            return Err(Refusal::wrong_token(service, token));
        }
        claim.verify(request, issue.secret_access_key.expose_secret(), now)?;
        if now >= issue.expiration {
            return Err(Refusal::expired_token(service, token));
        }
        Ok(issue.caller.clone())
    }
}
