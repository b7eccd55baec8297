//! The console's sign-in: a session's credentials in exchange for a sign-in token, and the address that it opens.
//!
//! Invariant: a sign-in token is given for living credentials of a role session or a federated user and nobody else's,
//! is taken for 15 minutes, and tells nothing of the credentials. Unlike every other call this one is not signed: it
//! carries the secret key itself. There is no console here; a sign-in shows where AWS's would begin.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>

use std::{ops::RangeInclusive, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{
    credentials::TemporaryCredentials, error_response::ErrorResponse, principal::PrincipalKind, query::Parameters,
    reply::ServiceReply, request::Request, sign_ins::SignIn, state::Inner,
};

const PATH: &str = "/federation";
/// How long a URL can be opened.
const OPEN: SignedDuration = SignedDuration::from_mins(15);
/// What `SessionDuration` may be, in seconds.
const CONSOLE_SECONDS: RangeInclusive<u32> = 900..=43_200;
/// Where a destination must be.
const CONSOLE: &str = "https://console.aws.amazon.com/";
const TOKEN_BYTES: usize = 96;

/// What a session is handed over as.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionJson {
    #[serde(rename = "sessionId")]
    access_key_id: String,
    #[serde(rename = "sessionKey")]
    secret_access_key: String,
    #[serde(rename = "sessionToken")]
    token: String,
}

/// Whether the console's sign-in is meant: S3 knows no parameter `Action`, and a form is posted to no bucket.
pub(super) fn is_asked(request: &Request) -> bool {
    request.path == PATH && (request.method == Method::POST || request.parameter("Action").is_some())
}

/// Answers one request. Refusals have no envelope: what asks here is mostly a browser.
pub(super) fn answer_request(inner: &Inner, request: &Request, now: Timestamp) -> ServiceReply {
    let parameters = Parameters::from_request(request);
    let answered = match parameters.get("Action") {
        Some("getSigninToken") => sign_in_token(inner, &parameters, now),
        Some("login") => answer_login(inner, &parameters, now),
        _ => Err(bad_request("Action must be getSigninToken or login")),
    };
    answered.unwrap_or_else(|refusal| text_reply(refusal.status, refusal.message))
}

fn sign_in_token(inner: &Inner, parameters: &Parameters, now: Timestamp) -> Result<ServiceReply, ErrorResponse> {
    parameters.refuse_unknown(&["Session", "SessionDuration"])?;
    let handed: SessionJson = parameters
        .get("Session")
        .and_then(|session| serde_json::from_str(session).ok())
        .ok_or_else(|| bad_request("Session must be JSON with sessionId, sessionKey and sessionToken"))?;
    let issue = verify_session(inner, &handed, now)?;
    let seconds = console_seconds(&issue, parameters.get("SessionDuration"))?;
    let end = seconds.map_or(issue.expiration, |seconds| now + SignedDuration::from_secs(seconds.into()));
    let mut chance = [0; TOKEN_BYTES];
    getrandom::fill(&mut chance).map_err(ErrorResponse::no_randomness)?;
    let token = BASE64_URL_SAFE_NO_PAD.encode(chance);
    let reply = serde_json::json!({ "SigninToken": token }).to_string();
    let sign_in = SignIn { arn: issue.caller.arn(&inner.world.account), end, open: now + OPEN };
    let mut sign_ins = inner.sign_ins.lock();
    sign_ins.retain(|_, old| now < old.open);
    sign_ins.insert(token, sign_in);
    Ok(ServiceReply::from_content("application/json", reply))
}

/// The credentials, if they are whole and alive and of a kind that has a console.
fn verify_session(
    inner: &Inner,
    handed: &SessionJson,
    now: Timestamp,
) -> Result<Arc<TemporaryCredentials>, ErrorResponse> {
    let issue = inner.issued.find_by_key(&handed.access_key_id).filter(|issue| {
        issue.secret_access_key.expose_secret() == handed.secret_access_key
            && issue.has_token(&handed.token)
            && now < issue.expiration
    });
    let issue = issue.ok_or_else(|| bad_request("the session is unknown, forged or expired"))?;
    match issue.caller.who {
        PrincipalKind::RoleSession(..) | PrincipalKind::Federated(..) => Ok(issue),
        PrincipalKind::User(_) => Err(bad_request("credentials from GetSessionToken cannot sign in to the console")),
    }
}

/// How long the console session lasts, if that was sent. Only for a role that was assumed with long-term keys.
fn console_seconds(issue: &TemporaryCredentials, said: Option<&str>) -> Result<Option<u32>, ErrorResponse> {
    let Some(said) = said else { return Ok(None) };
    let is_chained = issue.caller.session.as_ref().is_some_and(|session| session.chained);
    if is_chained || !matches!(issue.caller.who, PrincipalKind::RoleSession(..)) {
        return Err(bad_request("SessionDuration is for roles that were assumed with long-term keys"));
    }
    let seconds = said.parse().ok().filter(|seconds| CONSOLE_SECONDS.contains(seconds));
    seconds.map(Some).ok_or_else(|| bad_request("SessionDuration must be 900 to 43200 seconds"))
}

fn answer_login(inner: &Inner, parameters: &Parameters, now: Timestamp) -> Result<ServiceReply, ErrorResponse> {
    parameters.refuse_unknown(&["Issuer", "Destination", "SigninToken"])?;
    let destination = parameters.get("Destination").filter(|page| page.starts_with(CONSOLE));
    let destination = destination.ok_or_else(|| bad_request("Destination must be a page of the console"))?;
    let token = parameters.get("SigninToken").unwrap_or_default();
    let sign_in = inner.sign_ins.lock().get(token).filter(|sign_in| now < sign_in.open).cloned();
    let SignIn { arn, end, .. } =
        sign_in.ok_or_else(|| bad_request("SigninToken is unknown or older than 15 minutes"))?;
    let text = format!("Signed in as {arn} until {end}.\nThe sandbox has no console; AWS would open {destination}");
    Ok(text_reply(StatusCode::OK, text))
}

fn bad_request(why: &str) -> ErrorResponse {
    ErrorResponse::bad_request("BadRequest", why)
}

fn text_reply(status: StatusCode, text: String) -> ServiceReply {
    ServiceReply { status, ..ServiceReply::from_content("text/plain; charset=utf-8", text + "\n") }
}
