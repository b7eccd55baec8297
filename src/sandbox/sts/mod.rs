//! The Security Token Service: who am I, and credentials for a while.
//!
//! Invariant: credentials are minted only for a caller who may have them, with the end and the session policy that were
//! checked. <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>

mod assume_role;
mod call;
mod mfa;
mod narrowing;
mod tags;

use std::sync::Arc;

use call::{Call, credentials};
use jiff::Timestamp;
use narrowing::MOST_POLICY;
use tags::labelled;

use super::{
    caller::{Caller, Denial, Session, Who},
    query::{KEY, NAME, Parameters, Violations},
    refusal::{Refusal, Service},
    reply::Reply,
    request::Request,
    state::Inner,
};

const VERSION: &str = "2011-06-15";
const ACTIONS: [&str; 5] =
    ["GetCallerIdentity", "GetSessionToken", "GetFederationToken", "AssumeRole", "GetAccessKeyInfo"];
/// Calls that are not here, of which the action has the name of the call.
const OTHERS: [&str; 4] =
    ["AssumeRoot", "DecodeAuthorizationMessage", "GetDelegatedAccessToken", "GetWebIdentityToken"];
/// Calls that are not here and that nobody signs: what they carry is proof enough on AWS.
const UNSIGNED: [&str; 2] = ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"];
/// The longest session of `GetSessionToken` and `GetFederationToken`: 36 hours.
const MOST_SECONDS: u32 = 129_600;
/// What those grant to somebody who does not say.
const DEFAULT_SECONDS: u32 = 43_200;
/// Answers one request to STS.
pub(super) fn answer(
    inner: &Inner,
    request: &Request,
    caller: &Caller,
    now: Timestamp,
    request_id: &str,
) -> Result<Reply, Refusal> {
    let call = Call { inner, caller, parameters: Parameters::read(request), now, request_id };
    let known = [&ACTIONS[..], &OTHERS, &UNSIGNED].concat();
    match call.parameters.action(VERSION, &known)? {
        "GetCallerIdentity" => Ok(call.get_caller_identity()),
        "GetSessionToken" => call.get_session_token(),
        "GetFederationToken" => call.get_federation_token(),
        "AssumeRole" => call.assume_role(),
        "GetAccessKeyInfo" => call.get_access_key_info(),
        other => Err(call.refuse_other(other)),
    }
}

/// The refusal of a request that nobody signed.
pub(super) fn refuse_anonymous(request: &Request) -> Refusal {
    match Parameters::read(request).action(VERSION, &UNSIGNED) {
        Ok(call) => Refusal::no_such_call(call),
        Err(_) => Refusal::anonymous(Service::Sts),
    }
}

impl Call<'_> {
    fn get_caller_identity(&self) -> Reply {
        let account = &self.inner.world.account;
        self.reply("GetCallerIdentity", |xml| {
            xml.text("Arn", &self.caller.arn(account));
            xml.text("UserId", &self.caller.user_id(account));
            xml.text("Account", account);
        })
    }

    /// `GetAccessKeyInfo`, which is about no resource, so that only a policy about all of them allows it. It tells the
    /// account alone, also of a key whose session is over.
    fn get_access_key_info(&self) -> Result<Reply, Refusal> {
        let mut broken = Violations::default();
        let key = self.parameters.required("AccessKeyId", 16..=128, &KEY, &mut broken);
        broken.settle()?;
        self.permit_any("sts:GetAccessKeyInfo")?;
        let is_known = self.inner.world.user_of_key(&key).is_some() || self.inner.issued.find(&key).is_some();
        if !is_known {
            return Err(Refusal::bad("ValidationError", format!("The access key ID {key} does not exist")));
        }
        Ok(self.reply("GetAccessKeyInfo", |xml| xml.text("Account", &self.inner.world.account)))
    }

    /// A call that is not here: denied in its own name, or not implemented.
    fn refuse_other(&self, name: &str) -> Refusal {
        if UNSIGNED.contains(&name) {
            return Refusal::no_such_call(name);
        }
        self.permit_any(&format!("sts:{name}")).err().unwrap_or_else(|| Refusal::no_such_call(name))
    }

    /// Needs no permission, and no policy can deny it.
    fn get_session_token(&self) -> Result<Reply, Refusal> {
        let mut broken = Violations::default();
        let seconds = self.parameters.duration(self.least()..=MOST_SECONDS, DEFAULT_SECONDS, &mut broken)?;
        let proof = self.read_mfa(&mut broken);
        broken.settle()?;
        let user = self.long_term_user("GetSessionToken")?;
        self.parameters.refuse_unsupported()?;
        let mfa = self.prove_mfa(&proof)?.then_some(self.now);
        let caller = Caller::of_session(Who::User(Arc::clone(user)), Session { mfa, ..Session::new(self.now) });
        let issue = self.issue(caller, self.clamped(seconds), 0)?;
        Ok(self.reply("GetSessionToken", |xml| credentials(xml, &issue, None)))
    }

    fn get_federation_token(&self) -> Result<Reply, Refusal> {
        let mut broken = Violations::default();
        let seconds = self.parameters.duration(self.least()..=MOST_SECONDS, DEFAULT_SECONDS, &mut broken)?;
        let name = self.parameters.required("Name", 2..=32, &NAME, &mut broken);
        let policy = self.parameters.policy(MOST_POLICY, &mut broken);
        let arns = self.read_policy_arns(&mut broken);
        let (tags, transitive) = self.read_tags(&mut broken);
        broken.settle()?;
        let user = self.long_term_user("GetFederationToken")?;
        self.parameters.refuse_unsupported()?;
        self.parameters.refuse_mfa()?;
        let tags = labelled(None, tags, &transitive)?;
        let account = &self.inner.world.account;
        let arn = format!("arn:aws:sts::{account}:federated-user/{name}");
        for action in ["sts:GetFederationToken", "sts:TagSession"].iter().take(if tags.is_empty() { 1 } else { 2 }) {
            let refused = |denial: Denial| denial.refusal(Service::Sts, &user.arn, action, &arn);
            self.caller.may(&self.caller.ask(action, &arn, self.now), None).map_err(refused)?;
        }
        let packed = self.pack(policy.as_deref(), &arns, &tags)?;
        let session = Session { policies: packed.policies, tags, ..Session::new(self.now) };
        let caller = Caller::of_session(Who::Federated(Arc::clone(user), name.clone()), session);
        let issue = self.issue(caller, self.clamped(seconds), packed.size)?;
        Ok(self.reply("GetFederationToken", |xml| {
            credentials(xml, &issue, packed.per_cent);
            xml.group("FederatedUser", |xml| {
                xml.text("Arn", &arn);
                xml.text("FederatedUserId", &format!("{account}:{name}"));
            });
        }))
    }
}
