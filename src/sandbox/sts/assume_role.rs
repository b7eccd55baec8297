//! `AssumeRole`: whom a role's trust policy admits, for how long, and with what left of the role's rights.
//!
//! Invariant: both sides must agree: the role's trust policy, and the caller's own policy unless the trust policy names
//! the caller. <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::sync::Arc;

use super::{Call, credentials, read_session_policy};
use crate::sandbox::{
    caller::{Caller, Session, Who},
    policy::Verdict,
    query::{EXTERNAL_ID, NAME, PRINTABLE, Violations},
    refusal::{Refusal, Service},
    reply::Reply,
    world::Role,
};

const ACTION: &str = "sts:AssumeRole";
/// The longest any role may allow: 12 hours.
const MOST_SECONDS: u32 = 43_200;
/// What is granted to somebody who does not say, and the most a role session gets of another role: an hour.
const HOUR: u32 = 3600;
/// AWS's model no longer limits the text; a policy that is too large is told so when it is packed.
const MOST_POLICY_TEXT: usize = 100_000;

impl Call<'_> {
    pub(super) fn assume_role(&self) -> Result<Reply, Refusal> {
        let mut broken = Violations::default();
        let seconds = self.parameters.duration(self.least()..=MOST_SECONDS, HOUR, &mut broken)?;
        let role_arn = self.parameters.required("RoleArn", 20..=2048, &PRINTABLE, &mut broken);
        let name = self.parameters.required("RoleSessionName", 2..=64, &NAME, &mut broken);
        self.parameters.optional("ExternalId", 2..=1224, &EXTERNAL_ID, &mut broken);
        let policy = self.parameters.policy(MOST_POLICY_TEXT, &mut broken);
        let proof = self.read_mfa(&mut broken);
        broken.settle()?;
        if !role_arn.starts_with("arn:") {
            return Err(Refusal::bad("ValidationError", format!("{role_arn} is invalid")));
        }
        self.parameters.refuse_unsupported()?;
        let mfa = self.prove_mfa(&proof)?;
        let role = self.admitted(&role_arn, mfa)?;
        self.check_longest(seconds, role)?;
        let (policies, packed) = read_session_policy(policy.as_deref())?;
        let session = Session { policies, ..Session::new(self.now) };
        let caller = Caller::of_session(Who::RoleSession(Arc::clone(role), name.clone()), session);
        let (arn, id) = (caller.arn(&self.inner.world.account), caller.user_id(&self.inner.world.account));
        let issue = self.issue(caller, seconds)?;
        Ok(self.reply("AssumeRole", |xml| {
            credentials(xml, &issue);
            xml.group("AssumedRoleUser", |xml| {
                xml.text("Arn", &arn);
                xml.text("AssumedRoleId", &id);
            });
            xml.optional("PackedPolicySize", packed.as_deref());
        }))
    }

    /// The role, if the caller may assume it. That there is no such role is not told apart from being refused.
    fn admitted(&self, role_arn: &str, mfa: bool) -> Result<&Arc<Role>, Refusal> {
        let caller_arn = self.caller.arn(&self.inner.world.account);
        let refused = || {
            let message = format!("User: {caller_arn} is not authorized to perform: {ACTION} on resource: {role_arn}");
            Refusal::forbidden("AccessDenied", message)
        };
        let role = self.inner.world.roles.iter().find(|role| role.arn == role_arn).ok_or_else(refused)?;
        if matches!(self.caller.who, Who::Federated(..)) {
            return Err(refused());
        }
        let mfa = mfa.then_some("true");
        let ask = self.caller.ask(ACTION, role_arn, self.now).with("aws:multifactorauthpresent", mfa);
        let account = format!("arn:aws:iam::{}:root", self.inner.world.account);
        let by_name = role.trust.says_to(&[self.caller.principal(), &caller_arn], &ask);
        let by_account = role.trust.says_to(&[&account, &self.inner.world.account, "*"], &ask);
        if by_name == Verdict::Denied || by_account == Verdict::Denied {
            return Err(refused());
        }
        match (self.caller.may(&ask, None), by_name, by_account) {
            (Ok(()), Verdict::Allowed, _) | (Ok(()), _, Verdict::Allowed) => Ok(role),
            // A trust policy that names the caller is permission enough, unless another denies.
            (Err(denial), Verdict::Allowed, _) if !denial.explicit && !self.caller.is_narrowed() => Ok(role),
            (Err(denial), _, Verdict::Allowed) | (Err(denial), Verdict::Allowed, _) => {
                Err(denial.refusal(Service::Sts, &caller_arn, ACTION, role_arn))
            }
            _ => Err(refused()),
        }
    }

    /// Two limits with two messages, by which a client can tell whether asking for an hour helps.
    fn check_longest(&self, seconds: u32, role: &Role) -> Result<(), Refusal> {
        let is_chained = self.caller.session.is_some();
        if is_chained && seconds > HOUR {
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
