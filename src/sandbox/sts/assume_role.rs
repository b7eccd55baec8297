//! `AssumeRole`: whom a role's trust policy admits, for how long, and with what left of the role's rights.
//!
//! Invariant: both sides must agree to the role, to its tags and to its source identity: the role's trust policy, and the
//! caller's own policy unless the trust policy names the caller.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::sync::Arc;

use super::{
    call::{Call, HOUR, credentials},
    tags::labelled,
};
use crate::{
    domain::policy::{Ask, Names, Ruling},
    sandbox::{
        caller::{Caller, Session, Tag, Who},
        facts::tag_keys,
        query::{EXTERNAL_ID, NAME, PRINTABLE, Violations},
        refusal::{Refusal, Service},
        reply::Reply,
        world::Role,
    },
};

/// The longest any role may allow: 12 hours.
const MOST_SECONDS: u32 = 43_200;
/// AWS's model no longer limits the text; a policy that is too large is told so when it is packed.
const MOST_POLICY_TEXT: usize = 100_000;

/// What is asked for, checked in its form.
struct Wish {
    seconds: u32,
    role_arn: String,
    name: String,
    policy: Option<String>,
    policy_arns: Vec<String>,
    external_id: Option<String>,
    /// Given or inherited.
    source_identity: Option<String>,
    /// Given or inherited.
    tags: Vec<Tag>,
    mfa: bool,
}

impl Call<'_> {
    pub(super) fn assume_role(&self) -> Result<Reply, Refusal> {
        let wish = self.read_wish()?;
        let role = self.admitted(&wish)?;
        self.check_longest(wish.seconds, role)?;
        let packed = self.pack(wish.policy.as_deref(), &wish.policy_arns, &wish.tags)?;
        let session = Session {
            policies: packed.policies,
            tags: wish.tags,
            source_identity: wish.source_identity.clone(),
            chained: self.is_chained(),
            ..Session::new(self.now)
        };
        let caller = Caller::of_session(Who::RoleSession(Arc::clone(role), wish.name), session);
        let (arn, id) = (caller.arn(&self.inner.world.account), caller.user_id(&self.inner.world.account));
        let issue = self.issue(caller, wish.seconds, packed.size)?;
        Ok(self.reply("AssumeRole", |xml| {
            credentials(xml, &issue, packed.per_cent);
            xml.group("AssumedRoleUser", |xml| {
                xml.text("Arn", &arn);
                xml.text("AssumedRoleId", &id);
            });
            xml.optional("SourceIdentity", wish.source_identity.as_deref());
        }))
    }

    fn read_wish(&self) -> Result<Wish, Refusal> {
        let mut broken = Violations::default();
        let seconds = self.parameters.duration(self.least()..=MOST_SECONDS, HOUR, &mut broken)?;
        let role_arn = self.parameters.required("RoleArn", 20..=2048, &PRINTABLE, &mut broken);
        let name = self.parameters.required("RoleSessionName", 2..=64, &NAME, &mut broken);
        let external_id = self.parameters.optional("ExternalId", 2..=1224, &EXTERNAL_ID, &mut broken);
        let policy = self.parameters.policy(MOST_POLICY_TEXT, &mut broken);
        let policy_arns = self.read_policy_arns(&mut broken);
        let (tags, transitive) = self.read_tags(&mut broken);
        let source_identity = self.read_source_identity(&mut broken);
        let proof = self.read_mfa(&mut broken);
        broken.settle()?;
        self.parameters.refuse_unsupported()?;
        if !role_arn.starts_with("arn:") {
            return Err(Refusal::bad("ValidationError", format!("{role_arn} is invalid")));
        }
        let tags = labelled(self.caller.session.as_ref(), tags, &transitive)?;
        let inherited = self.caller.session.as_ref().and_then(|session| session.source_identity.clone());
        if let (Some(old), Some(new)) = (&inherited, &source_identity)
            && old != new
        {
            return Err(self.untrusted("sts:SetSourceIdentity", &role_arn));
        }
        let (source_identity, mfa) = (source_identity.or(inherited), self.prove_mfa(&proof)?);
        Ok(Wish { seconds, role_arn, name, policy, policy_arns, external_id, source_identity, tags, mfa })
    }

    /// The role, if the caller may assume it so. That there is no such role is not told apart from being refused.
    fn admitted(&self, wish: &Wish) -> Result<&Arc<Role>, Refusal> {
        const ACTION: &str = "sts:AssumeRole";
        if self.caller.is_root() {
            return Err(Refusal::forbidden("AccessDenied", "Roles may not be assumed by root accounts."));
        }
        let role = self.inner.world.roles.iter().find(|role| role.arn == wish.role_arn);
        let role = role.ok_or_else(|| self.untrusted(ACTION, &wish.role_arn))?;
        if matches!(self.caller.who, Who::Federated(..)) {
            // Whatever a trust policy says, so none is named.
            return Err(self.refused_by(ACTION, &wish.role_arn, ""));
        }
        self.check_trust(role, &self.ask(ACTION, wish))?;
        if !wish.tags.is_empty() {
            self.check_trust(role, &self.ask("sts:TagSession", wish))?;
        }
        if wish.source_identity.is_some() {
            self.check_trust(role, &self.ask("sts:SetSourceIdentity", wish))?;
        }
        Ok(role)
    }

    fn ask<'a>(&'a self, action: &'a str, wish: &'a Wish) -> Ask<'a> {
        let ask = self
            .caller
            .ask(action, &wish.role_arn, self.now)
            .with("sts:rolesessionname", Some(&wish.name))
            .with("sts:externalid", wish.external_id.as_ref())
            .with("sts:sourceidentity", wish.source_identity.as_ref())
            .with("aws:multifactorauthpresent", wish.mfa.then_some(true))
            .with("aws:multifactorauthage", wish.mfa.then_some("0"))
            .with("aws:tagkeys", tag_keys(wish.tags.iter().map(|tag| &tag.key)));
        wish.tags.iter().fold(ask, |ask, tag| {
            ask.with(format!("aws:requesttag/{}", tag.key.to_ascii_lowercase()), Some(&tag.value))
        })
    }

    /// Whether the role's trust policy and the caller's own agree to one action on the role.
    fn check_trust(&self, role: &Role, ask: &Ask<'_>) -> Result<(), Refusal> {
        let (account_id, caller_arn) = (&self.inner.world.account, self.caller.arn(&self.inner.world.account));
        let account = format!("arn:aws:iam::{account_id}:root");
        let admits = |names: &[&str]| role.trust.ruling(&ask.clone().by(Names::These(names)));
        let by_name = admits(&[self.caller.principal(), &caller_arn]);
        let by_account = admits(&[&account, account_id, "*"]);
        if [by_name, by_account].iter().any(|ruling| matches!(ruling, Ruling::Denied(_))) {
            return Err(self.refused_by(ask.action, &ask.resource, "with an explicit deny in the role trust policy"));
        }
        let may = self.caller.may(ask, None);
        match (may, by_name.is_allowed(), by_account.is_allowed()) {
            (Ok(()), true, _) | (Ok(()), _, true) => Ok(()),
            // A trust policy that names the caller is permission enough, unless another denies.
            (Err(denial), true, _) if !denial.explicit && !self.caller.is_narrowed() => Ok(()),
            (Err(denial), _, true) | (Err(denial), true, _) => {
                Err(denial.refusal(Service::Sts, &caller_arn, ask.action, &ask.resource))
            }
            (_, false, false) => Err(self.untrusted(ask.action, &ask.resource)),
        }
    }

    /// As AWS refuses where no trust policy allows, also where there is no such role.
    fn untrusted(&self, action: &str, role_arn: &str) -> Refusal {
        let because = format!("because no role trust policy allows the {action} action");
        self.refused_by(action, role_arn, &because)
    }

    fn refused_by(&self, action: &str, role_arn: &str, because: &str) -> Refusal {
        let caller_arn = self.caller.arn(&self.inner.world.account);
        let message =
            format!("User: {caller_arn} is not authorized to perform: {action} on resource: {role_arn} {because}");
        Refusal::forbidden("AccessDenied", message.trim_end())
    }

    fn is_chained(&self) -> bool {
        self.caller.session.is_some()
    }

    /// Two limits with two messages, by which a client can tell whether asking for an hour helps.
    fn check_longest(&self, seconds: u32, role: &Role) -> Result<(), Refusal> {
        if self.is_chained() && seconds > HOUR {
            let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role \
                           chaining.";
            return Err(Refusal::bad("ValidationError", message));
        }
        if seconds > role.max_duration {
            let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            return Err(Refusal::bad("ValidationError", message));
        }
        Ok(())
    }
}
