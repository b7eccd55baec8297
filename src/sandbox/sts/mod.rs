//! The Security Token Service: who am I, and credentials for a while.
//!
//! Invariant: credentials are minted only for a caller who may have them, with the end and the session policy that were
//! checked. <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>

mod assume_role;
mod call;
mod mfa;
mod session_policy;
mod tags;

use std::sync::Arc;

use call::{StsCall, write_credentials};
use jiff::Timestamp;
use session_policy::MOST_POLICY;
use tags::merge_session_tags;

use super::{
    error_response::{ErrorResponse, SandboxService},
    principal::{Denial, Principal, PrincipalKind, SessionContext},
    query::{KEY, NAME, Parameters, Violations},
    reply::ServiceReply,
    request::Request,
    state::Inner,
};

const VERSION: &str = "2011-06-15";
const ACTIONS: [&str; 5] =
    ["GetCallerIdentity", "GetSessionToken", "GetFederationToken", "AssumeRole", "GetAccessKeyInfo"];
/// Calls that are not here, of which the action has the name of the call.
const OTHERS: [&str; 4] =
    ["AssumeRoot", "DecodeAuthorizationMessage", "GetDelegatedAccessToken", "GetWebIdentityToken"];
/// Calls that are not supported here and not signed on AWS: the token that they carry is the proof.
const UNSIGNED: [&str; 2] = ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"];
/// The longest session of `GetSessionToken` and `GetFederationToken`: 36 hours.
const MOST_SECONDS: u32 = 129_600;
/// What those grant to somebody who does not say.
const DEFAULT_SECONDS: u32 = 43_200;
/// Answers one request to STS.
pub(super) fn answer_request(
    inner: &Inner,
    request: &Request,
    caller: &Principal,
    now: Timestamp,
    request_id: &str,
) -> Result<ServiceReply, ErrorResponse> {
    let call = StsCall { inner, caller, parameters: Parameters::from_request(request), now, request_id };
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

/// The refusal of an unsigned request.
pub(super) fn refuse_anonymous(request: &Request) -> ErrorResponse {
    match Parameters::from_request(request).action(VERSION, &UNSIGNED) {
        Ok(call) => ErrorResponse::no_such_call(call),
        Err(_) => ErrorResponse::anonymous_request(SandboxService::Sts),
    }
}

impl StsCall<'_> {
    fn get_caller_identity(&self) -> ServiceReply {
        let account = &self.inner.world.account;
        self.action_reply("GetCallerIdentity", |xml| {
            xml.text_element("Arn", &self.caller.arn(account));
            xml.text_element("UserId", &self.caller.user_id(account));
            xml.text_element("Account", account);
        })
    }

    /// `GetAccessKeyInfo`, which is about no resource, so that only a policy about all of them allows it. It tells the
    /// account alone, also of a key whose session is over.
    fn get_access_key_info(&self) -> Result<ServiceReply, ErrorResponse> {
        let mut broken = Violations::default();
        let key = self.parameters.required_text("AccessKeyId", 16..=128, &KEY, &mut broken);
        broken.into_result()?;
        self.permit_any("sts:GetAccessKeyInfo")?;
        let is_known = self.inner.world.user_of_key(&key).is_some() || self.inner.issued.find_by_key(&key).is_some();
        if !is_known {
            return Err(ErrorResponse::bad_request(
                "ValidationError",
                format!("The access key ID {key} does not exist"),
            ));
        }
        Ok(self.action_reply("GetAccessKeyInfo", |xml| xml.text_element("Account", &self.inner.world.account)))
    }

    /// A call that is not here: denied in its own name, or not implemented.
    fn refuse_other(&self, name: &str) -> ErrorResponse {
        if UNSIGNED.contains(&name) {
            return ErrorResponse::no_such_call(name);
        }
        self.permit_any(&format!("sts:{name}")).err().unwrap_or_else(|| ErrorResponse::no_such_call(name))
    }

    /// Needs no permission, and no policy can deny it.
    fn get_session_token(&self) -> Result<ServiceReply, ErrorResponse> {
        let mut broken = Violations::default();
        let seconds =
            self.parameters.duration_seconds(self.min_duration()..=MOST_SECONDS, DEFAULT_SECONDS, &mut broken)?;
        let proof = self.read_mfa(&mut broken);
        broken.into_result()?;
        let user = self.long_term_user("GetSessionToken")?;
        self.parameters.refuse_unsupported()?;
        let mfa = self.prove_mfa(&proof)?.then_some(self.now);
        let caller = Principal::of_session(
            PrincipalKind::User(Arc::clone(user)),
            SessionContext { mfa, ..SessionContext::new(self.now) },
        );
        let issue = self.issue_credentials(caller, self.clamp_root_duration(seconds), 0)?;
        Ok(self.action_reply("GetSessionToken", |xml| write_credentials(xml, &issue, None)))
    }

    fn get_federation_token(&self) -> Result<ServiceReply, ErrorResponse> {
        let mut broken = Violations::default();
        let seconds =
            self.parameters.duration_seconds(self.min_duration()..=MOST_SECONDS, DEFAULT_SECONDS, &mut broken)?;
        let name = self.parameters.required_text("Name", 2..=32, &NAME, &mut broken);
        let policy = self.parameters.session_policy(MOST_POLICY, &mut broken);
        let arns = self.read_policy_arns(&mut broken);
        let (tags, transitive) = self.read_tags(&mut broken);
        broken.into_result()?;
        let user = self.long_term_user("GetFederationToken")?;
        self.parameters.refuse_unsupported()?;
        self.parameters.refuse_mfa()?;
        let tags = merge_session_tags(None, tags, &transitive)?;
        let account = &self.inner.world.account;
        let arn = format!("arn:aws:sts::{account}:federated-user/{name}");
        for action in ["sts:GetFederationToken", "sts:TagSession"].iter().take(if tags.is_empty() { 1 } else { 2 }) {
            let refused = |denial: Denial| denial.access_denied_error(SandboxService::Sts, &user.arn, action, &arn);
            self.caller
                .check_permission(&self.caller.request_context(action, &arn, self.now), None)
                .map_err(refused)?;
        }
        let packed = self.pack_policies(policy.as_deref(), &arns, &tags)?;
        let session = SessionContext { policies: packed.policies, tags, ..SessionContext::new(self.now) };
        let caller = Principal::of_session(PrincipalKind::Federated(Arc::clone(user), name.clone()), session);
        let issue = self.issue_credentials(caller, self.clamp_root_duration(seconds), packed.size)?;
        Ok(self.action_reply("GetFederationToken", |xml| {
            write_credentials(xml, &issue, packed.per_cent);
            xml.parent_element("FederatedUser", |xml| {
                xml.text_element("Arn", &arn);
                xml.text_element("FederatedUserId", &format!("{account}:{name}"));
            });
        }))
    }
}
