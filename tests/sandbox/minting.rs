//! STS: who may mint what, for how long, and how refusals are worded.

use aws_sdk_s3::config::Credentials;
use bytes::Bytes;
use ebbtide::{domain::duration::SessionDuration, sandbox::Settings};

use crate::support::in_process::{InProcess, ORIGIN, assert_refused, guest, minted, refusal, root};

const ACCOUNT: &str = "111122223333";
const LIST_ARCHIVE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::tide-archive"}]}"#;

fn role(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

async fn assume(world: &InProcess, credentials: Credentials, name: &str, seconds: i32) -> Credentials {
    let call = world.sts(credentials).assume_role().role_arn(role(name)).role_session_name("tests");
    minted(call.duration_seconds(seconds).send().await.expect("the role admits").credentials())
}

async fn session(world: &InProcess) -> Credentials {
    minted(world.sts(world.ana()).get_session_token().send().await.expect("ana may").credentials())
}

async fn federated(world: &InProcess, policy: Option<&str>) -> Credentials {
    let call = world.sts(world.ana()).get_federation_token().name("bo").set_policy(policy.map(Into::into));
    minted(call.send().await.expect("ana may").credentials())
}

#[tokio::test(start_paused = true)]
async fn everybody_is_who_they_are() {
    let world = InProcess::new(Settings::default());
    for (credentials, arn, id) in [
        (world.ana(), "iam::111122223333:user/ana", "AIDATIDEANAEXAMPLE001"),
        (session(&world).await, "iam::111122223333:user/ana", "AIDATIDEANAEXAMPLE001"),
        (federated(&world, None).await, "sts::111122223333:federated-user/bo", "111122223333:bo"),
        (
            assume(&world, world.ana(), "reader", 900).await,
            "sts::111122223333:assumed-role/reader/tests",
            "AROATIDEREADEREXAMPLE:tests",
        ),
    ] {
        let identity = world.sts(credentials).get_caller_identity().send().await.unwrap();
        assert_eq!(identity.arn(), Some(format!("arn:aws:{arn}").as_str()));
        assert_eq!((identity.user_id(), identity.account()), (Some(id), Some(ACCOUNT)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_says_whom_it_made_and_how_much_room_the_policy_took() {
    let world = InProcess::new(Settings::default());
    let sts = world.sts(world.ana());
    let federated = sts.get_federation_token().name("bo").policy(LIST_ARCHIVE).send().await.unwrap();
    let user = federated.federated_user().unwrap();
    assert_eq!(user.arn(), "arn:aws:sts::111122223333:federated-user/bo");
    assert_eq!(user.federated_user_id(), "111122223333:bo");
    assert!(world.last().text().contains("<PackedPolicySize>6</PackedPolicySize>"), "{}", world.last().text());

    let assumed = sts.assume_role().role_arn(role("reader")).role_session_name("tests").send().await.unwrap();
    let user = assumed.assumed_role_user().unwrap();
    assert_eq!(user.arn(), "arn:aws:sts::111122223333:assumed-role/reader/tests");
    assert_eq!(user.assumed_role_id(), "AROATIDEREADEREXAMPLE:tests");
    let credentials = assumed.credentials().unwrap();
    assert!(credentials.access_key_id().starts_with("ASIA"));
    assert_eq!(credentials.expiration().to_string(), "2026-11-22T13:00:00Z", "an hour from {ORIGIN} by default");
    assert!(world.last().header("x-amzn-requestid").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_duration_outside_the_limits_is_refused_with_the_bound() {
    let world = InProcess::new(Settings::default());
    let sts = world.sts(world.ana());
    let least = "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member \
                 must have value greater than or equal to 900";
    let session = |seconds| sts.get_session_token().duration_seconds(seconds).send();
    assert_refused(&refusal(session(899).await), 400, "ValidationError", least);
    assert_refused(&refusal(session(129_601).await), 400, "ValidationError", "less than or equal to 129600");
    session(129_600).await.expect("36 hours are the most");

    let federation = sts.get_federation_token().name("bo").duration_seconds(899).send().await;
    assert_refused(&refusal(federation), 400, "ValidationError", least);
    let assume = |name, seconds| {
        let call = sts.assume_role().role_arn(role(name)).role_session_name("tests").duration_seconds(seconds);
        call.send()
    };
    assert_refused(&refusal(assume("keeper", 43_201).await), 400, "ValidationError", "equal to 43200");
    assume("keeper", 43_200).await.expect("the keeper's maximum");
    assume("auditor", 14_400).await.expect("the auditor's maximum");
    for (name, seconds) in [("reader", 3601), ("auditor", 14_401)] {
        let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        assert_refused(&refusal(assume(name, seconds).await), 400, "ValidationError", message);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lower_floor_is_the_only_limit_that_can_be_moved() {
    let world = InProcess::new(Settings { min_duration: SessionDuration::from_secs(10), ..Settings::default() });
    let sts = world.sts(world.ana());
    sts.get_session_token().duration_seconds(10).send().await.expect("the floor");
    let below = refusal(sts.get_session_token().duration_seconds(9).send().await);
    assert_refused(&below, 400, "ValidationError", "greater than or equal to 10");
}

#[tokio::test(start_paused = true)]
async fn a_chained_role_lasts_an_hour_at_most() {
    let world = InProcess::new(Settings::default());
    let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    for source in [session(&world).await, assume(&world, world.ana(), "keeper", 7200).await] {
        let sts = world.sts(source.clone());
        let call = sts.assume_role().role_arn(role("reader")).role_session_name("tests").duration_seconds(3601);
        assert_refused(&refusal(call.send().await), 400, "ValidationError", message);
        assume(&world, source, "reader", 3600).await;
    }
}

#[tokio::test(start_paused = true)]
async fn temporary_credentials_mint_no_tokens() {
    let world = InProcess::new(Settings::default());
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    for source in
        [session(&world).await, federated(&world, Some(all)).await, assume(&world, world.ana(), "keeper", 900).await]
    {
        let sts = world.sts(source);
        let message = "Cannot call GetSessionToken with session credentials";
        assert_refused(&refusal(sts.get_session_token().send().await), 403, "AccessDenied", message);
        let message = "Cannot call GetFederationToken with session credentials";
        assert_refused(&refusal(sts.get_federation_token().name("bo").send().await), 403, "AccessDenied", message);
    }
    let sts = world.sts(federated(&world, Some(all)).await);
    let assumed = sts.assume_role().role_arn(role("reader")).role_session_name("tests").send().await;
    assert_refused(&refusal(assumed), 403, "AccessDenied", "sts:AssumeRole");
}

#[tokio::test(start_paused = true)]
async fn a_role_admits_whom_its_trust_policy_names_and_whose_own_policy_agrees() {
    let world = InProcess::new(Settings::default());
    let guest = guest();
    for (credentials, name, words) in [
        (world.ana(), "locked", "sts:AssumeRole on resource: arn:aws:iam::111122223333:role/locked"),
        (world.ana(), "nobody-has-this", "role/nobody-has-this"),
        (guest.clone(), "reader", "no identity-based policy allows the sts:AssumeRole action"),
        (guest, "auditor", "user/guest is not authorized to perform: sts:AssumeRole"),
        (assume(&world, world.ana(), "keeper", 900).await, "auditor", "assumed-role/keeper/tests is not authorized"),
        (assume(&world, world.ana(), "reader", 900).await, "keeper", "no identity-based policy allows"),
    ] {
        let call = world.sts(credentials).assume_role().role_arn(role(name)).role_session_name("tests");
        assert_refused(&refusal(call.send().await), 403, "AccessDenied", words);
    }
    assume(&world, session(&world).await, "auditor", 900).await;
}

#[tokio::test(start_paused = true)]
async fn a_federation_token_needs_the_permission() {
    let world = InProcess::new(Settings::default());
    let guest = guest();
    world.sts(guest.clone()).get_session_token().send().await.expect("needs no permission");
    let refused = refusal(world.sts(guest).get_federation_token().name("bo").send().await);
    assert_refused(&refused, 403, "AccessDenied", "sts:GetFederationToken on resource: arn:aws:sts::111122223333");
}

#[tokio::test(start_paused = true)]
async fn names_are_checked_and_every_fault_is_told() {
    let world = InProcess::new(Settings::default());
    let sts = world.sts(world.ana());
    let federate = |name: &str| sts.get_federation_token().name(name).send();
    for (name, constraint) in [
        ("b", "greater than or equal to 2"),
        (&"b".repeat(33), "less than or equal to 32"),
        ("b o", r"regular expression pattern: [\w+=,.@-]*"),
        ("bö", "regular expression"),
    ] {
        assert_refused(&refusal(federate(name).await), 400, "ValidationError", constraint);
    }
    federate(&"b".repeat(32)).await.expect("32 are allowed");
    let both = refusal(sts.assume_role().role_arn("short").role_session_name("a b").send().await);
    assert_refused(&both, 400, "ValidationError", "2 validation errors detected: Value 'short' at 'roleArn'");
    let none = refusal(sts.assume_role().role_session_name("tests").send().await);
    assert_refused(&none, 400, "ValidationError", "Value null at 'roleArn'");
    let no_arn =
        refusal(sts.assume_role().role_arn("this/is/not/an/arn/at/all").role_session_name("tests").send().await);
    assert_refused(&no_arn, 400, "ValidationError", "is invalid");
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_cannot_be_evaluated_is_refused_when_it_is_given() {
    let world = InProcess::new(Settings::default());
    let sts = world.sts(world.ana());
    let in_statement = |more: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"*"{more}}}}}"#)
    };
    for (policy, named) in [
        ("{".to_owned(), "Syntax errors in policy"),
        (in_statement(r#","Principal":"*""#), "should not specify a principal"),
        (in_statement(r#","Condition":{"StringEquals":{"kms:ViaService":"x"}}"#), "kms:ViaService"),
        (in_statement(r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/40"}}"#), "10.0.0.0/40"),
        (in_statement(r#","Resources":"*""#), "Resources"),
    ] {
        let federated = refusal(sts.get_federation_token().name("bo").policy(&policy).send().await);
        assert_refused(&federated, 400, "MalformedPolicyDocument", named);
        let call = sts.assume_role().role_arn(role("reader")).role_session_name("tests").policy(&policy);
        assert_refused(&refusal(call.send().await), 400, "MalformedPolicyDocument", named);
    }
    let long = in_statement(&format!(r#","Sid":"{}""#, "x".repeat(2048)));
    let federated = refusal(sts.get_federation_token().name("bo").policy(&long).send().await);
    assert_refused(&federated, 400, "ValidationError", "less than or equal to 2048");
    let call = sts.assume_role().role_arn(role("reader")).role_session_name("tests").policy(&long);
    assert_refused(&refusal(call.send().await), 400, "PackedPolicyTooLarge", "% of allotted space");
    let snowman = refusal(sts.get_federation_token().name("bo").policy(in_statement(r#","Sid":"☃""#)).send().await);
    assert_refused(&snowman, 400, "ValidationError", "regular expression");
}

#[tokio::test(start_paused = true)]
async fn what_it_cannot_honour_is_refused_not_ignored() {
    let world = InProcess::new(Settings::default());
    let sts = world.sts(world.ana());
    let context = aws_sdk_sts::types::ProvidedContext::builder().context_assertion("abcd").build();
    let assume = sts.assume_role().role_arn(role("reader")).role_session_name("tests");
    let provided = assume.provided_contexts(context).send().await;
    assert_refused(&refusal(provided), 400, "ValidationError", "does not support ProvidedContexts");
}

#[tokio::test(start_paused = true)]
async fn whose_a_key_is_is_told_to_who_may_ask_and_denied_in_that_calls_name() {
    let world = InProcess::new(Settings::default());
    let ask = async |caller, key: &str| world.sts(caller).get_access_key_info().access_key_id(key).send().await;
    let denied = refusal(ask(world.ana(), "AKIATIDEGUESTEXAMPLE").await);
    let words = "is not authorized to perform: sts:GetAccessKeyInfo because no identity-based policy allows the \
                 sts:GetAccessKeyInfo action";
    assert_refused(&denied, 403, "AccessDenied", words);
    for key in ["AKIATIDEGUESTEXAMPLE", "ASIATIDEANAEXAMPLE01"] {
        assert_eq!(ask(root(), key).await.unwrap().account(), Some("111122223333"), "{key}");
    }
    assert_refused(&refusal(ask(root(), "AKIANOBODYKNOWSTHIS0").await), 400, "ValidationError", "does not exist");
    assert_refused(&refusal(ask(root(), "short").await), 400, "ValidationError", "accessKeyId");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_here_is_denied_in_its_own_name_or_said_to_be_missing() {
    let world = InProcess::new(Settings::default());
    let decode = async |caller| world.sts(caller).decode_authorization_message().encoded_message("x").send().await;
    assert_refused(&refusal(decode(world.ana()).await), 403, "AccessDenied", "sts:DecodeAuthorizationMessage because");
    assert_refused(&refusal(decode(root()).await), 501, "NotImplemented", "DecodeAuthorizationMessage");
    let form = Bytes::from_static(b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15");
    let unsigned = world.send(http::Request::post("http://sandbox/").body(form).unwrap()).await.text();
    assert!(unsigned.contains("The sandbox does not implement AssumeRoleWithWebIdentity"), "{unsigned}");
}
