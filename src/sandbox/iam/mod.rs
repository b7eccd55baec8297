//! IAM, as far as minting needs it: who am I, which roles are there and for how long, is there a device, make a user.
//!
//! Invariant: sessions to which AWS closes IAM are refused before any policy is asked, and everybody else by policy.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html>

mod call;
mod others;
mod roles;
mod users;

use call::Call;
use jiff::Timestamp;
use others::OTHERS;

use super::{
    caller::{Caller, Who},
    query::Parameters,
    refusal::Refusal,
    reply::Reply,
    request::Request,
    state::Inner,
};

const VERSION: &str = "2010-05-08";
const ACTIONS: [&str; 5] = ["GetUser", "CreateUser", "ListMFADevices", "GetRole", "ListRoles"];

/// Answers one request to IAM.
pub(super) fn answer(
    inner: &Inner,
    request: &Request,
    caller: &Caller,
    now: Timestamp,
    request_id: &str,
) -> Result<Reply, Refusal> {
    if is_closed_to(caller) {
        return Err(Refusal::invalid_client_token());
    }
    let call = Call { inner, caller, parameters: Parameters::read(request), now, request_id };
    let known: Vec<_> = ACTIONS.iter().chain(&OTHERS).copied().collect();
    match call.parameters.action(VERSION, &known)? {
        "GetUser" => call.get_user(),
        "CreateUser" => call.create_user(),
        "ListMFADevices" => call.list_mfa_devices(),
        "GetRole" => call.get_role(),
        "ListRoles" => call.list_roles(),
        other => Err(call.refuse_other(other)),
    }
}

/// Federated users, and sessions of `GetSessionToken` that were minted without MFA.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
fn is_closed_to(caller: &Caller) -> bool {
    match (&caller.who, &caller.session) {
        (Who::Federated(..), _) => true,
        (Who::User(_), Some(session)) => session.mfa.is_none(),
        (Who::User(_), None) | (Who::RoleSession(..), _) => false,
    }
}
