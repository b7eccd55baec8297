//! The caller of a request, and what it may do.
//!
//! Invariant: rights are the intersection of what the identity and the session policies allow, and any deny wins.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    error_response::{ErrorResponse, SandboxService},
    wire::RequestFacts,
    world::{SandboxRole, SandboxUser},
};
use crate::domain::policy::{Policy, RequestContext, Ruling};

/// The caller of a request, by its verified signature.
#[derive(Clone)]
pub(crate) struct Principal {
    pub(crate) who: PrincipalKind,
    /// What came with the session token; `None` for long-term keys.
    pub(crate) session: Option<SessionContext>,
    /// What ends the role sessions that are older than it, where somebody revoked them.
    pub(crate) revocation: Option<Arc<Policy>>,
    /// What the request that they signed says of itself.
    pub(crate) wire: RequestFacts,
}

/// The kinds of identity.
#[derive(Clone)]
pub(crate) enum PrincipalKind {
    /// A user, by long-term keys or by a session token of `GetSessionToken`.
    User(Arc<SandboxUser>),
    /// A session of `GetFederationToken`: the user who minted it, and its own name.
    Federated(Arc<SandboxUser>, String),
    /// A session of `AssumeRole`: the role, and the session's name.
    RoleSession(Arc<SandboxRole>, String),
}

/// What a mint put into a session token besides an identity.
#[derive(Clone)]
pub(crate) struct SessionContext {
    /// `aws:TokenIssueTime`
    pub(crate) issued: Timestamp,
    /// When the holder proved to have their MFA device. A role session never tells, as on AWS, even if it was needed to
    /// assume the role.
    pub(crate) mfa: Option<Timestamp>,
    /// What the session was narrowed to: any of them may allow.
    pub(crate) policies: Vec<Arc<Policy>>,
    pub(crate) tags: Vec<PrincipalTag>,
    /// The first identity of the role chain, as it was named then.
    pub(crate) source_identity: Option<String>,
    /// Whether another session assumed the role.
    pub(crate) chained: bool,
}

/// A session tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrincipalTag {
    pub(crate) key: String,
    pub(crate) value: String,
    /// Handed on to the roles that the session assumes.
    pub(crate) transitive: bool,
}

impl PrincipalTag {
    /// Whether this is the tag's key: keys do not differ by case alone.
    pub(crate) fn is_called(&self, key: &str) -> bool {
        self.key.to_lowercase() == key.to_lowercase()
    }
}

impl SessionContext {
    /// One that is narrowed by nothing.
    pub(crate) fn new(issued: Timestamp) -> Self {
        Self { issued, mfa: None, policies: vec![], tags: vec![], source_identity: None, chained: false }
    }
}

impl Principal {
    /// The holder of a user's long-term keys.
    pub(crate) fn of_keys(user: &Arc<SandboxUser>) -> Self {
        Self {
            who: PrincipalKind::User(Arc::clone(user)),
            session: None,
            revocation: None,
            wire: RequestFacts::default(),
        }
    }

    /// The holder of a new session.
    pub(crate) fn of_session(who: PrincipalKind, session: SessionContext) -> Self {
        Self { who, session: Some(session), revocation: None, wire: RequestFacts::default() }
    }

    /// As `GetCallerIdentity` tells it.
    pub(crate) fn arn(&self, account: &str) -> String {
        match &self.who {
            PrincipalKind::User(user) => user.arn.clone(),
            PrincipalKind::Federated(_, name) => format!("arn:aws:sts::{account}:federated-user/{name}"),
            PrincipalKind::RoleSession(role, name) => {
                format!("arn:aws:sts::{account}:assumed-role/{}/{name}", role.name)
            }
        }
    }

    /// The unique id, with the session's name where there is one.
    pub(crate) fn user_id(&self, account: &str) -> String {
        match &self.who {
            PrincipalKind::User(user) => user.id.clone(),
            PrincipalKind::Federated(_, name) => format!("{account}:{name}"),
            PrincipalKind::RoleSession(role, name) => format!("{}:{name}", role.id),
        }
    }

    /// The ARN of its user or role, as a trust policy names it.
    pub(crate) fn principal(&self) -> &str {
        match &self.who {
            PrincipalKind::User(user) | PrincipalKind::Federated(user, _) => &user.arn,
            PrincipalKind::RoleSession(role, _) => &role.arn,
        }
    }

    /// What `aws:PrincipalArn` is: of a role session the role's ARN, of a federated user their own.
    pub(crate) fn principal_arn(&self) -> String {
        match &self.who {
            PrincipalKind::Federated(..) => self.arn(self.account()),
            PrincipalKind::User(_) | PrincipalKind::RoleSession(..) => self.principal().to_owned(),
        }
    }

    /// The account they belong to.
    pub(crate) fn account(&self) -> &str {
        self.principal().split(':').nth(4).unwrap_or_default()
    }

    /// Whether this is the account's root user, by keys or by a session.
    pub(crate) fn is_root(&self) -> bool {
        matches!(&self.who, PrincipalKind::User(user) | PrincipalKind::Federated(user, _) if user.is_root)
    }

    /// Whether a session policy stands between the caller and what the identity may.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.policies.is_empty())
    }

    fn identity_ruling(&self, ask: &RequestContext<'_>) -> Ruling<'_> {
        let policy = match &self.who {
            PrincipalKind::User(user) | PrincipalKind::Federated(user, _) => &user.policy,
            PrincipalKind::RoleSession(role, _) => &role.policy,
        };
        Ruling::of_any([Some(policy), self.revocation.as_deref()].into_iter().flatten(), ask)
    }

    /// What the session policies say, if they say no: nothing does where there is none, but a federated user without one
    /// may do nothing.
    fn session_refusal(&self, ask: &RequestContext<'_>) -> Option<Ruling<'_>> {
        let policies = self.session.as_ref().map_or(&[][..], |session| &session.policies);
        let ruling = match (policies, &self.who) {
            ([], PrincipalKind::Federated(..)) => Ruling::NotAllowed,
            ([], _) => return None,
            (policies, _) => Ruling::of_any(policies.iter().map(AsRef::as_ref), ask),
        };
        (!ruling.is_allowed()).then_some(ruling)
    }

    /// Whether the caller may; because of what not, in AWS's words. A resource's policy adds nothing here: those the
    /// sandbox takes only deny.
    pub(crate) fn check_permission(
        &self,
        ask: &RequestContext<'_>,
        resource_policy: Option<&Policy>,
    ) -> Result<(), Denial> {
        let refused = |ruling: Ruling<'_>| (!ruling.is_allowed()).then_some(matches!(ruling, Ruling::Denied(_)));
        let identity = refused(self.identity_ruling(ask)).map(|explicit| Denial { kind: "identity-based", explicit });
        let session = self.session_refusal(ask).and_then(refused);
        let session = session.map(|explicit| Denial { kind: "session", explicit });
        let resource = resource_policy.map(|policy| policy.rule_on(ask));
        let resource = resource
            .filter(|ruling| matches!(ruling, Ruling::Denied(_)))
            .map(|_| Denial { kind: "resource-based", explicit: true });
        let mut denials: Vec<Denial> = [identity, session, resource].into_iter().flatten().collect();
        // A deny is told before what nothing allows.
        let shown = denials.iter().position(|denial| denial.explicit).unwrap_or(0);
        if denials.is_empty() { Ok(()) } else { Err(denials.swap_remove(shown)) }
    }
}

/// For a denial of what is about no resource.
pub(crate) const NO_RESOURCE: &str = "";

/// Which kind of policy stands in the way.
pub(crate) struct Denial {
    kind: &'static str,
    /// A statement denies; otherwise none allows.
    pub(crate) explicit: bool,
}

impl Denial {
    /// In AWS's words. S3 quotes the resource, the others do not; `resource` is how the service calls it, which for IAM
    /// is not always an ARN.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
    pub(crate) fn access_denied_error(
        &self,
        service: SandboxService,
        arn: &str,
        action: &str,
        resource: &str,
    ) -> ErrorResponse {
        let quote = if service == SandboxService::S3 { "\"" } else { "" };
        let because = if self.explicit {
            format!("with an explicit deny in {} {} policy", indefinite_article(self.kind), self.kind)
        } else {
            format!("because no {} policy allows the {action} action", self.kind)
        };
        let on = match resource {
            NO_RESOURCE => String::new(),
            resource => format!(" on resource: {quote}{resource}{quote}"),
        };
        let message = format!("User: {arn} is not authorized to perform: {action}{on} {because}");
        ErrorResponse::forbidden("AccessDenied", message)
    }
}

fn indefinite_article(kind: &str) -> &'static str {
    if kind.starts_with('i') { "an" } else { "a" }
}
