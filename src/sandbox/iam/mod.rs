//! IAM, as far as minting needs it: who am I, which roles are there and for how long, is there a device, make a user.
//!
//! Invariant: sessions to which AWS closes IAM are refused before any policy is evaluated, and all others by policy.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html>

mod call;
mod roles;
mod unsupported;
mod users;

use call::IamCall;
use jiff::Timestamp;
use unsupported::OTHERS;

use super::{
    error_response::ErrorResponse,
    principal::{Principal, PrincipalKind},
    query::Parameters,
    reply::ServiceReply,
    request::Request,
    state::Inner,
};

const VERSION: &str = "2010-05-08";
const ACTIONS: [&str; 5] = ["GetUser", "CreateUser", "ListMFADevices", "GetRole", "ListRoles"];

/// Answers one request to IAM.
pub(super) fn answer_request(
    inner: &Inner,
    request: &Request,
    caller: &Principal,
    now: Timestamp,
    request_id: &str,
) -> Result<ServiceReply, ErrorResponse> {
    if is_closed_to(caller) {
        return Err(ErrorResponse::invalid_client_token());
    }
    let call = IamCall { inner, caller, parameters: Parameters::from_request(request), now, request_id };
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
fn is_closed_to(caller: &Principal) -> bool {
    match (&caller.who, &caller.session) {
        (PrincipalKind::Federated(..), _) => true,
        (PrincipalKind::User(_), Some(session)) => session.mfa.is_none(),
        (PrincipalKind::User(_), None) | (PrincipalKind::RoleSession(..), _) => false,
    }
}
