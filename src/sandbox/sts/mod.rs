//! The Security Token Service: who am I, and credentials for a while.
//!
//! Invariant: credentials are minted only for a caller who may have them, with the end and the session policy that were
//! checked. <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>

mod assume_role;
mod mfa;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
pub(super) use mfa::UsedCodes;
use secrecy::ExposeSecret;

use super::{
    Inner,
    caller::{Caller, Denial, Session, Who},
    issued::Issue,
    policy::{Kind, Policy},
    query::{NAME, Parameters, Violations},
    refusal::{Refusal, Service},
    reply::Reply,
    request::Request,
    world::User,
    xml::Xml,
};

const VERSION: &str = "2011-06-15";
/// The longest session of `GetSessionToken` and `GetFederationToken`: 36 hours.
const MOST_SECONDS: u32 = 129_600;
/// What those grant to somebody who does not say.
const DEFAULT_SECONDS: u32 = 43_200;
/// Characters that a session policy may take up in the token.
const MOST_POLICY: usize = 2048;

/// One call: who calls, with what, when.
struct Call<'a> {
    inner: &'a Inner,
    caller: &'a Caller,
    parameters: Parameters,
    now: Timestamp,
    request_id: &'a str,
}

/// Answers one request to STS.
pub(super) fn answer(
    inner: &Inner,
    request: &Request,
    caller: &Caller,
    now: Timestamp,
    request_id: &str,
) -> Result<Reply, Refusal> {
    let call = Call { inner, caller, parameters: Parameters::read(request), now, request_id };
    let version = call.parameters.get("Version").unwrap_or(VERSION);
    match call.parameters.get("Action") {
        None => Err(Refusal::bad("MissingAction", "The request is missing an action or a required parameter.")),
        Some("GetCallerIdentity") if version == VERSION => Ok(call.get_caller_identity()),
        Some("GetSessionToken") if version == VERSION => call.get_session_token(),
        Some("GetFederationToken") if version == VERSION => call.get_federation_token(),
        Some("AssumeRole") if version == VERSION => call.assume_role(),
        Some(action) => {
            let message = format!("Could not find operation {action} for version {version}");
            Err(Refusal::bad("InvalidAction", message))
        }
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
        let issue = self.issue(caller, seconds)?;
        Ok(self.reply("GetSessionToken", |xml| credentials(xml, &issue)))
    }

    fn get_federation_token(&self) -> Result<Reply, Refusal> {
        let mut broken = Violations::default();
        let seconds = self.parameters.duration(self.least()..=MOST_SECONDS, DEFAULT_SECONDS, &mut broken)?;
        let name = self.parameters.required("Name", 2..=32, &NAME, &mut broken);
        let policy = self.parameters.policy(MOST_POLICY, &mut broken);
        broken.settle()?;
        let user = self.long_term_user("GetFederationToken")?;
        self.parameters.refuse_unsupported()?;
        let account = &self.inner.world.account;
        let arn = format!("arn:aws:sts::{account}:federated-user/{name}");
        let ask = self.caller.ask("sts:GetFederationToken", &arn, self.now);
        let refused = |denial: Denial| denial.refusal(Service::Sts, &user.arn, ask.action, &arn);
        self.caller.may(&ask, None).map_err(refused)?;
        let (policies, packed) = read_session_policy(policy.as_deref())?;
        let session = Session { policies, ..Session::new(self.now) };
        let caller = Caller::of_session(Who::Federated(Arc::clone(user), name.clone()), session);
        let issue = self.issue(caller, seconds)?;
        Ok(self.reply("GetFederationToken", |xml| {
            credentials(xml, &issue);
            xml.group("FederatedUser", |xml| {
                xml.text("Arn", &arn);
                xml.text("FederatedUserId", &format!("{account}:{name}"));
            });
            xml.optional("PackedPolicySize", packed.as_deref());
        }))
    }

    /// The floor under every duration.
    fn least(&self) -> u32 {
        self.inner.settings.min_duration.as_secs()
    }

    /// The user behind long-term keys: temporary credentials cannot mint with `action`, whatever policies say.
    fn long_term_user(&self, action: &str) -> Result<&Arc<User>, Refusal> {
        match (&self.caller.who, &self.caller.session) {
            (Who::User(user), None) => Ok(user),
            _ => Err(Refusal::forbidden("AccessDenied", format!("Cannot call {action} with session credentials"))),
        }
    }

    fn issue(&self, caller: Caller, seconds: u32) -> Result<Arc<Issue>, Refusal> {
        // Expirations are told in whole seconds, and kept as they are told.
        let now = Timestamp::from_second(self.now.as_second()).unwrap_or(self.now);
        let expiration = now + SignedDuration::from_secs(seconds.into());
        self.inner.issued.issue(caller, expiration, self.now).map_err(|error| Refusal::no_randomness(&error))
    }

    fn reply(&self, action: &str, result: impl FnOnce(&mut Xml)) -> Reply {
        Reply::result(Service::Sts, action, self.request_id, result)
    }
}

/// The `Credentials` element.
fn credentials(xml: &mut Xml, issue: &Issue) {
    xml.group("Credentials", |xml| {
        xml.text("AccessKeyId", &issue.access_key_id);
        xml.text("SecretAccessKey", issue.secret_access_key.expose_secret());
        xml.text("SessionToken", issue.session_token.expose_secret());
        xml.text("Expiration", &issue.expiration.to_string());
    });
}

/// A session policy, ready to be evaluated, and how many per cent of its space in the token it takes up. AWS packs it by
/// a method of its own; here its length without insignificant spaces stands for that.
fn read_session_policy(text: Option<&str>) -> Result<(Vec<Arc<Policy>>, Option<String>), Refusal> {
    let Some(text) = text else { return Ok((vec![], None)) };
    let malformed = |what: String| Refusal::bad("MalformedPolicyDocument", what);
    let policy = Policy::read(text, Kind::Identity).map_err(malformed)?;
    let packed: serde_json::Value =
        serde_json::from_str(text).map_err(|error| malformed(format!("Syntax errors in policy: {error}")))?;
    let per_cent = (packed.to_string().chars().count() * 100).div_ceil(MOST_POLICY);
    if per_cent > 100 {
        let message = format!("Packed size of session policy consumes {per_cent}% of allotted space.");
        return Err(Refusal::bad("PackedPolicyTooLarge", message));
    }
    Ok((vec![Arc::new(policy)], Some(per_cent.to_string())))
}
