//! Kinds of caller that AWS treats apart: the root user, a session from elsewhere, one that was revoked, one whose token
//! is of the first version.

use aws_sdk_s3::config::Credentials;
use ebbtide::sandbox::Settings;

use crate::support::in_process::{InProcess, ORIGIN, assert_refused, keys, minted, pass, refusal, root};

fn taken_out() -> Credentials {
    let token = "sandbox+session+token+of+ana/EXAMPLE";
    keys("ASIATIDEANAEXAMPLE01", "sandbox/ana/session/secret/EXAMPLEKEY000", Some(token))
}

async fn assumed(world: &InProcess, role: &str) -> Credentials {
    let arn = format!("arn:aws:iam::111122223333:role/{role}");
    let call = world.sts(world.ana()).assume_role().role_arn(arn).role_session_name("tests");
    minted(call.send().await.expect("the role admits").credentials())
}

#[tokio::test(start_paused = true)]
async fn root_mints_for_an_hour_whatever_it_asks() {
    let world = InProcess::new(Settings::default());
    let sts = world.sts(root());
    let identity = sts.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.arn(), Some("arn:aws:iam::111122223333:root"));
    assert_eq!(identity.user_id(), Some("111122223333"));
    for (seconds, end) in [(None, "13:00:00"), (Some(129_600), "13:00:00"), (Some(1800), "12:30:00")] {
        let end = format!("2026-11-22T{end}Z");
        let session = sts.get_session_token().set_duration_seconds(seconds).send().await.unwrap();
        assert_eq!(session.credentials().unwrap().expiration().to_string(), end, "from {ORIGIN}");
        let federated = sts.get_federation_token().name("bo").set_duration_seconds(seconds).send().await.unwrap();
        assert_eq!(federated.credentials().unwrap().expiration().to_string(), end);
    }
    let long = refusal(sts.get_session_token().duration_seconds(129_601).send().await);
    assert_refused(&long, 400, "ValidationError", "129600");
}

#[tokio::test(start_paused = true)]
async fn root_assumes_no_role_and_finds_itself_and_its_device() {
    let world = InProcess::new(Settings::default());
    let session = minted(world.sts(root()).get_session_token().send().await.unwrap().credentials());
    for credentials in [root(), session] {
        let role = "arn:aws:iam::111122223333:role/reader";
        let call = world.sts(credentials).assume_role().role_arn(role).role_session_name("tests").send().await;
        assert_refused(&refusal(call), 403, "AccessDenied", "Roles may not be assumed by root accounts.");
    }
    let reply = world.iam(root()).get_user().send().await.unwrap();
    assert_eq!(reply.user().unwrap().arn(), "arn:aws:iam::111122223333:root");
    let devices = world.iam(root()).list_mfa_devices().send().await.unwrap();
    assert_eq!(Some(devices.mfa_devices()[0].serial_number()), world.sandbox.root_device().map(|(serial, _)| serial));
    let by_ana = refusal(world.iam(world.ana()).get_user().user_name("root").send().await);
    assert_refused(&by_ana, 404, "NoSuchEntity", "root");
}

#[tokio::test(start_paused = true)]
async fn a_session_from_elsewhere_works_mints_roles_only_and_ends() {
    let world = InProcess::new(Settings::default());
    world.s3(taken_out()).list_buckets().send().await.expect("it has all of ana's rights");
    let refused = refusal(world.sts(taken_out()).get_session_token().send().await);
    assert_refused(&refused, 403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
    let role = "arn:aws:iam::111122223333:role/reader";
    let call = || world.sts(taken_out()).assume_role().role_arn(role).role_session_name("tests");
    call().send().await.expect("a role can be assumed with it");
    let chained = refusal(call().duration_seconds(3601).send().await);
    assert_refused(&chained, 400, "ValidationError", "by role chaining");
    pass(12 * 3600).await;
    let expired = refusal(world.s3(taken_out()).list_buckets().send().await);
    assert_refused(&expired, 400, "ExpiredToken", "");
}

#[tokio::test(start_paused = true)]
async fn a_revoked_session_is_denied_with_time_left_and_a_younger_one_is_not() {
    let world = InProcess::new(Settings::default());
    let (old, other) = (assumed(&world, "keeper").await, assumed(&world, "reader").await);
    world.s3(old.clone()).list_buckets().send().await.expect("before");
    pass(1).await;
    world.sandbox.revoke_older_sessions("keeper");
    let denied = refusal(world.s3(old.clone()).list_buckets().send().await);
    assert_refused(&denied, 403, "AccessDenied", "with an explicit deny in an identity-based policy");
    world.sts(old).get_caller_identity().send().await.expect("no policy denies that");
    world.s3(other).list_buckets().send().await.expect("another role's");
    pass(1).await;
    world.s3(assumed(&world, "keeper").await).list_buckets().send().await.expect("a younger one");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_invalid_in_a_region_that_does_not_take_it_and_is_echoed() {
    let settings = Settings { opt_in_region: Some("eu-west-1".into()), ..Settings::default() };
    let world = InProcess::new(settings);
    let session = minted(world.sts(world.ana()).get_session_token().send().await.unwrap().credentials());
    let list = |credentials| world.s3_in("eu-west-1", credentials).list_objects_v2().bucket("tide-eu").send();
    let refused = refusal(list(session.clone()).await);
    assert_refused(&refused, 400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    let echoed = format!("<Token-0>{}</Token-0>", session.session_token().unwrap());
    assert!(world.last().text().contains(&echoed));
    world.s3(session).list_buckets().send().await.expect("elsewhere it is healthy");
    list(world.ana()).await.expect("long-term keys have no token");
}

#[tokio::test(start_paused = true)]
async fn a_federated_user_may_ask_who_they_are_and_nothing_else() {
    let world = InProcess::new(Settings::default());
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let call = world.sts(world.ana()).get_federation_token().name("bo").policy(all);
    let bo = minted(call.send().await.unwrap().credentials());
    world.sts(bo.clone()).get_caller_identity().send().await.expect("everybody may");
    let role = "arn:aws:iam::111122223333:role/reader";
    let assumed = world.sts(bo.clone()).assume_role().role_arn(role).role_session_name("tests").send().await;
    assert_refused(
        &refusal(assumed),
        403,
        "AccessDenied",
        "federated-user/bo is not authorized to perform: sts:AssumeRole",
    );
    assert_refused(&refusal(world.iam(bo).list_roles().send().await), 403, "InvalidClientTokenId", "");
}
