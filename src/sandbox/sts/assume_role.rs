//! `AssumeRole`: whom a role's trust policy admits, for how long, and with what left of the role's rights.
//!
//! Invariant: both sides must agree to the role, to its tags and to its source identity: the role's trust policy, and the
//! caller's own policy unless the trust policy names the caller.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::sync::Arc;

use super::{
    call::{HOUR, StsCall, write_credentials},
    tags::merge_session_tags,
};
use crate::{
    domain::policy::{PrincipalNames, RequestContext, Ruling},
    sandbox::{
        error_response::{ErrorResponse, SandboxService},
        facts::tag_keys,
        principal::{Principal, PrincipalKind, PrincipalTag, SessionContext},
        query::{EXTERNAL_ID, NAME, PRINTABLE, Violations},
        reply::ServiceReply,
        world::SandboxRole,
    },
};

/// The longest any role may allow: 12 hours.
const MOST_SECONDS: u32 = 43_200;
/// AWS's model no longer limits the text; a policy that is too large is refused when it is packed.
const MOST_POLICY_TEXT: usize = 100_000;

/// What is requested, checked in its form.
struct AssumeRoleInput {
    seconds: u32,
    role_arn: String,
    name: String,
    policy: Option<String>,
    policy_arns: Vec<String>,
    external_id: Option<String>,
    /// Given or inherited.
    source_identity: Option<String>,
    /// Given or inherited.
    tags: Vec<PrincipalTag>,
    mfa: bool,
}

impl StsCall<'_> {
    pub(super) fn assume_role(&self) -> Result<ServiceReply, ErrorResponse> {
        let wish = self.read_input()?;
        let role = self.find_admitting_role(&wish)?;
        self.check_longest(wish.seconds, role)?;
        let packed = self.pack_policies(wish.policy.as_deref(), &wish.policy_arns, &wish.tags)?;
        let session = SessionContext {
            policies: packed.policies,
            tags: wish.tags,
            source_identity: wish.source_identity.clone(),
            chained: self.is_chained(),
            ..SessionContext::new(self.now)
        };
        let caller = Principal::of_session(PrincipalKind::RoleSession(Arc::clone(role), wish.name), session);
        let (arn, id) = (caller.arn(&self.inner.world.account), caller.user_id(&self.inner.world.account));
        let issue = self.issue_credentials(caller, wish.seconds, packed.size)?;
        Ok(self.action_reply("AssumeRole", |xml| {
            write_credentials(xml, &issue, packed.per_cent);
            xml.parent_element("AssumedRoleUser", |xml| {
                xml.text_element("Arn", &arn);
                xml.text_element("AssumedRoleId", &id);
            });
            xml.optional_element("SourceIdentity", wish.source_identity.as_deref());
        }))
    }

    fn read_input(&self) -> Result<AssumeRoleInput, ErrorResponse> {
        let mut broken = Violations::default();
        let seconds = self.parameters.duration_seconds(self.min_duration()..=MOST_SECONDS, HOUR, &mut broken)?;
        let role_arn = self.parameters.required_text("RoleArn", 20..=2048, &PRINTABLE, &mut broken);
        let name = self.parameters.required_text("RoleSessionName", 2..=64, &NAME, &mut broken);
        let external_id = self.parameters.optional_text("ExternalId", 2..=1224, &EXTERNAL_ID, &mut broken);
        let policy = self.parameters.session_policy(MOST_POLICY_TEXT, &mut broken);
        let policy_arns = self.read_policy_arns(&mut broken);
        let (tags, transitive) = self.read_tags(&mut broken);
        let source_identity = self.read_source_identity(&mut broken);
        let proof = self.read_mfa(&mut broken);
        broken.into_result()?;
        self.parameters.refuse_unsupported()?;
        if !role_arn.starts_with("arn:") {
            return Err(ErrorResponse::bad_request("ValidationError", format!("{role_arn} is invalid")));
        }
        let tags = merge_session_tags(self.caller.session.as_ref(), tags, &transitive)?;
        let inherited = self.caller.session.as_ref().and_then(|session| session.source_identity.clone());
        if let (Some(old), Some(new)) = (&inherited, &source_identity)
            && old != new
        {
            return Err(self.not_trusted_error("sts:SetSourceIdentity", &role_arn));
        }
        let (source_identity, mfa) = (source_identity.or(inherited), self.prove_mfa(&proof)?);
        Ok(AssumeRoleInput { seconds, role_arn, name, policy, policy_arns, external_id, source_identity, tags, mfa })
    }

    /// The role, if the caller may assume it so. A role that does not exist is refused in the same way.
    fn find_admitting_role(&self, wish: &AssumeRoleInput) -> Result<&Arc<SandboxRole>, ErrorResponse> {
        const ACTION: &str = "sts:AssumeRole";
        if self.caller.is_root() {
            return Err(ErrorResponse::forbidden("AccessDenied", "Roles may not be assumed by root accounts."));
        }
        let role = self.inner.world.roles.iter().find(|role| role.arn == wish.role_arn);
        let role = role.ok_or_else(|| self.not_trusted_error(ACTION, &wish.role_arn))?;
        if matches!(self.caller.who, PrincipalKind::Federated(..)) {
            // Whatever a trust policy says, so none is named.
            return Err(self.refused_by(ACTION, &wish.role_arn, ""));
        }
        self.check_trust(role, &self.role_request_context(ACTION, wish))?;
        if !wish.tags.is_empty() {
            self.check_trust(role, &self.role_request_context("sts:TagSession", wish))?;
        }
        if wish.source_identity.is_some() {
            self.check_trust(role, &self.role_request_context("sts:SetSourceIdentity", wish))?;
        }
        Ok(role)
    }

    fn role_request_context<'a>(&'a self, action: &'a str, wish: &'a AssumeRoleInput) -> RequestContext<'a> {
        let ask = self
            .caller
            .request_context(action, &wish.role_arn, self.now)
            .with_optional_fact("sts:rolesessionname", Some(&wish.name))
            .with_optional_fact("sts:externalid", wish.external_id.as_ref())
            .with_optional_fact("sts:sourceidentity", wish.source_identity.as_ref())
            .with_optional_fact("aws:multifactorauthpresent", wish.mfa.then_some(true))
            .with_optional_fact("aws:multifactorauthage", wish.mfa.then_some("0"))
            .with_optional_fact("aws:tagkeys", tag_keys(wish.tags.iter().map(|tag| &tag.key)));
        wish.tags.iter().fold(ask, |ask, tag| {
            ask.with_optional_fact(format!("aws:requesttag/{}", tag.key.to_ascii_lowercase()), Some(&tag.value))
        })
    }

    /// Whether the role's trust policy and the caller's own agree to one action on the role.
    fn check_trust(&self, role: &SandboxRole, ask: &RequestContext<'_>) -> Result<(), ErrorResponse> {
        let (account_id, caller_arn) = (&self.inner.world.account, self.caller.arn(&self.inner.world.account));
        let account = format!("arn:aws:iam::{account_id}:root");
        let admits = |names: &[&str]| role.trust.rule_on(&ask.clone().by_principal(PrincipalNames::These(names)));
        let by_name = admits(&[self.caller.principal(), &caller_arn]);
        let by_account = admits(&[&account, account_id, "*"]);
        if [by_name, by_account].iter().any(|ruling| matches!(ruling, Ruling::Denied(_))) {
            return Err(self.refused_by(ask.action, &ask.resource, "with an explicit deny in the role trust policy"));
        }
        let may = self.caller.check_permission(ask, None);
        match (may, by_name.is_allowed(), by_account.is_allowed()) {
            (Ok(()), true, _) | (Ok(()), _, true) => Ok(()),
            // A trust policy that names the caller is permission enough, unless another denies.
            (Err(denial), true, _) if !denial.explicit && !self.caller.is_narrowed() => Ok(()),
            (Err(denial), _, true) | (Err(denial), true, _) => {
                Err(denial.access_denied_error(SandboxService::Sts, &caller_arn, ask.action, &ask.resource))
            }
            (_, false, false) => Err(self.not_trusted_error(ask.action, &ask.resource)),
        }
    }

    /// As AWS refuses where no trust policy allows, also where there is no such role.
    fn not_trusted_error(&self, action: &str, role_arn: &str) -> ErrorResponse {
        let because = format!("because no role trust policy allows the {action} action");
        self.refused_by(action, role_arn, &because)
    }

    fn refused_by(&self, action: &str, role_arn: &str, because: &str) -> ErrorResponse {
        let caller_arn = self.caller.arn(&self.inner.world.account);
        let message =
            format!("User: {caller_arn} is not authorized to perform: {action} on resource: {role_arn} {because}");
        ErrorResponse::forbidden("AccessDenied", message.trim_end())
    }

    fn is_chained(&self) -> bool {
        self.caller.session.is_some()
    }

    /// Two limits with two messages, by which a client can tell whether asking for an hour helps.
    fn check_longest(&self, seconds: u32, role: &SandboxRole) -> Result<(), ErrorResponse> {
        if self.is_chained() && seconds > HOUR {
            let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role \
                           chaining.";
            return Err(ErrorResponse::bad_request("ValidationError", message));
        }
        if seconds > role.max_duration {
            let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            return Err(ErrorResponse::bad_request("ValidationError", message));
        }
        Ok(())
    }
}
