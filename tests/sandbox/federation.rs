//! The console's sign-in: which sessions are exchanged for a token, for how long, and what the token opens.

use aws_sdk_s3::config::Credentials;
use bytes::Bytes;
use ebbtide::sandbox::Settings;
use serde_json::{Value, json};

use crate::support::in_process::{InProcess, minted, pass};

const READER: &str = "arn:aws:iam::111122223333:role/reader";
const KEEPER: &str = "arn:aws:iam::111122223333:role/keeper";
const PAGE: &str = "https://console.aws.amazon.com/s3/buckets";

async fn role(world: &InProcess, by: Credentials, arn: &str) -> Credentials {
    let reply = world.sts(by).assume_role().role_arn(arn).role_session_name("berth").send().await.expect("they may");
    minted(reply.credentials())
}

async fn federated(world: &InProcess) -> Credentials {
    let reply = world.sts(world.ana()).get_federation_token().name("berth").send().await.expect("ana may");
    minted(reply.credentials())
}

async fn session_token(world: &InProcess) -> Credentials {
    let reply = world.sts(world.ana()).get_session_token().send().await.expect("ana may");
    minted(reply.credentials())
}

fn handed(credentials: &Credentials) -> Value {
    json!({
        "sessionId": credentials.access_key_id(),
        "sessionKey": credentials.secret_access_key(),
        "sessionToken": credentials.session_token(),
    })
}

/// Status and text of an answer, asked in the address or by a form.
async fn ask(world: &InProcess, method: &str, parameters: &[(&str, &str)]) -> (u16, String) {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let request = http::Request::builder().method(method);
    let request = match method {
        "GET" => request.uri(format!("http://sandbox/federation?{form}")).body(Bytes::new()),
        _ => request.uri("http://sandbox/federation").body(Bytes::from(form)),
    };
    let exchange = world.send(request.expect("a request")).await;
    (exchange.response.status().as_u16(), exchange.text())
}

async fn exchange(world: &InProcess, session: &Value, seconds: Option<&str>) -> (u16, String) {
    let session = session.to_string();
    let mut parameters = vec![("Action", "getSigninToken"), ("Session", &session)];
    parameters.extend(seconds.map(|seconds| ("SessionDuration", seconds)));
    ask(world, "POST", &parameters).await
}

async fn login(world: &InProcess, token: &str, destination: &str) -> (u16, String) {
    let parameters = [("Action", "login"), ("Issuer", "tests"), ("Destination", destination), ("SigninToken", token)];
    ask(world, "GET", &parameters).await
}

fn token(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    answer["SigninToken"].as_str().expect("a token").to_owned()
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_session_has_its_rule_of_console_and_duration() {
    let world = InProcess::new(Settings::default());
    let assumed = role(&world, world.ana(), READER).await;
    let chained = role(&world, role(&world, world.ana(), KEEPER).await, READER).await;
    let (federated, session_token) = (federated(&world).await, session_token(&world).await);
    for (kind, credentials, seconds, refusal) in [
        ("role", &assumed, None, None),
        ("role", &assumed, Some("900"), None),
        ("role", &assumed, Some("43200"), None),
        ("role", &assumed, Some("899"), Some("900 to 43200")),
        ("role", &assumed, Some("43201"), Some("900 to 43200")),
        ("role", &assumed, Some("1h"), Some("900 to 43200")),
        ("chained", &chained, None, None),
        ("chained", &chained, Some("900"), Some("long-term keys")),
        ("federated", &federated, None, None),
        ("federated", &federated, Some("3600"), Some("long-term keys")),
        ("session token", &session_token, None, Some("cannot sign in to the console")),
        ("session token", &session_token, Some("3600"), Some("cannot sign in to the console")),
    ] {
        let (status, text) = exchange(&world, &handed(credentials), seconds).await;
        assert_eq!(status, if refusal.is_some() { 400 } else { 200 }, "{kind} {seconds:?}: {text}");
        assert!(text.contains(refusal.unwrap_or("SigninToken")), "{kind} {seconds:?}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_given_by_get_and_post_and_tells_who_signed_in_until_when() {
    let world = InProcess::new(Settings::default());
    let session = handed(&role(&world, world.ana(), READER).await).to_string();
    for (method, seconds, until) in
        [("GET", None, "2026-11-22T13:00:00Z"), ("POST", Some("7200"), "2026-11-22T14:00:00Z")]
    {
        let mut parameters = vec![("Action", "getSigninToken"), ("Session", session.as_str())];
        parameters.extend(seconds.map(|seconds| ("SessionDuration", seconds)));
        let (status, answer) = ask(&world, method, &parameters).await;
        assert_eq!(status, 200, "{answer}");
        let (status, page) = login(&world, &token(&answer), PAGE).await;
        let who = format!("Signed in as arn:aws:sts::111122223333:assumed-role/reader/berth until {until}");
        assert!(status == 200 && page.contains(&who) && page.contains(PAGE), "{page}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_url_opens_for_fifteen_minutes_and_leads_to_the_console_only() {
    let world = InProcess::new(Settings::default());
    let (_, answer) = exchange(&world, &handed(&role(&world, world.ana(), READER).await), None).await;
    let token = token(&answer);
    assert_eq!(login(&world, &token, "https://tide.example/").await.0, 400, "not elsewhere");
    assert_eq!(login(&world, "another", PAGE).await.0, 400, "not with any token");
    pass(899).await;
    assert_eq!(login(&world, &token, PAGE).await.0, 200);
    pass(1).await;
    assert_eq!(login(&world, &token, PAGE).await.0, 400);
}

#[tokio::test(start_paused = true)]
async fn forged_incomplete_and_expired_sessions_are_refused_and_not_echoed() {
    let world = InProcess::new(Settings::default());
    let whole = handed(&role(&world, world.ana(), READER).await);
    for field in ["sessionId", "sessionKey", "sessionToken"] {
        for change in [Some("canary"), None] {
            let mut session = whole.clone();
            let fields = session.as_object_mut().expect("an object");
            match change {
                Some(value) => fields.insert(field.into(), value.into()),
                None => fields.remove(field),
            };
            let (status, text) = exchange(&world, &session, None).await;
            assert!(status == 400 && !text.contains("canary"), "{field} {change:?}: {text}");
        }
    }
    for parameters in [
        &[("Action", "getSigninToken")][..],
        &[("Action", "getSigninToken"), ("Session", "canary")],
        &[("Action", "getSigninToken"), ("Session", &whole.to_string()), ("SessionType", "json")],
        &[("Action", "logout")],
    ] {
        let (status, text) = ask(&world, "POST", parameters).await;
        assert!(status == 400 && !text.contains("canary"), "{parameters:?}: {text}");
    }
    pass(3600).await;
    assert_eq!(exchange(&world, &whole, None).await.0, 400, "expired");
}
