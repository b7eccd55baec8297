//! MFA: codes of the first user's device, once each, and what they open.

use aws_sdk_s3::config::Credentials;
use ebbtide::{domain::totp::Seed, sandbox::Settings};
use jiff::SignedDuration;

use crate::support::in_process::{InProcess, assert_refused, guest, minted, pass, refusal};

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/ana";
const INVALID: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
const UNABLE: &str = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                      number is valid and associated with this user.";
const BOTH: &str = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";

/// The device's code, so many seconds from now.
fn code(world: &InProcess, seconds: i64) -> String {
    let seed: Seed = world.sandbox.greeting("").mfa_seed.parse().expect("it is base 32");
    seed.code_at(world.clock.now() + SignedDuration::from_secs(seconds))
}

async fn session(world: &InProcess, code: &str) -> Result<Credentials, crate::support::in_process::Refusal> {
    let call = world.sts(world.ana()).get_session_token().serial_number(SERIAL).token_code(code).send().await;
    match call {
        Ok(reply) => Ok(minted(reply.credentials())),
        refused => Err(refusal(refused)),
    }
}

fn assume(
    world: &InProcess,
    credentials: Credentials,
) -> aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder {
    let role = "arn:aws:iam::111122223333:role/diver";
    world.sts(credentials).assume_role().role_arn(role).role_session_name("tests")
}

#[tokio::test(start_paused = true)]
async fn a_code_is_taken_in_its_window_and_those_beside_it() {
    for (seconds, taken) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
        let world = InProcess::new(Settings::default());
        let minted = session(&world, &code(&world, seconds)).await;
        assert_eq!(minted.is_ok(), taken, "{seconds} s from now");
        if let Err(refused) = minted {
            assert_refused(&refused, 403, "AccessDenied", INVALID);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_is_taken_once_whatever_it_is_for() {
    let world = InProcess::new(Settings::default());
    let now = code(&world, 0);
    session(&world, &now).await.expect("the first time");
    assert_refused(&session(&world, &now).await.unwrap_err(), 403, "AccessDenied", INVALID);
    let again = assume(&world, world.ana()).serial_number(SERIAL).token_code(&now).send().await;
    assert_refused(&refusal(again), 403, "AccessDenied", INVALID);
    pass(30).await;
    session(&world, &code(&world, 0)).await.expect("the next code");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_proof_is_refused_in_awss_words() {
    let world = InProcess::new(Settings::default());
    let right = code(&world, 0);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let call = |serial: Option<&str>, code: Option<&str>| {
        let call = world.sts(world.ana()).get_session_token();
        call.set_serial_number(serial.map(Into::into)).set_token_code(code.map(Into::into)).send()
    };
    for (serial, code, status, kind, words) in [
        (Some(SERIAL), Some(wrong), 403, "AccessDenied", INVALID),
        (Some("arn:aws:iam::111122223333:user/ana"), Some(right.as_str()), 403, "AccessDenied", UNABLE),
        (Some("GAHT12345678"), Some(&right), 403, "AccessDenied", UNABLE),
        (Some(SERIAL), None, 403, "AccessDenied", BOTH),
        (None, Some(&right), 403, "AccessDenied", BOTH),
        (Some("short"), Some(&right), 400, "ValidationError", "length greater than or equal to 9"),
        (
            Some(SERIAL),
            Some("12345"),
            400,
            "ValidationError",
            "'tokenCode' failed to satisfy constraint: Member must have length",
        ),
        (Some(SERIAL), Some("12345a"), 400, "ValidationError", r"regular expression pattern: [\d]*"),
    ] {
        assert_refused(&refusal(call(serial, code).await), status, kind, words);
    }
    call(Some(SERIAL), Some(&right)).await.expect("no refusal used the code up");
    let guest = world.sts(guest()).get_session_token().serial_number(SERIAL).token_code(code(&world, 30));
    assert_refused(&refusal(guest.send().await), 403, "AccessDenied", UNABLE);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_asks_for_mfa_admits_with_a_code_or_from_a_session_made_with_one() {
    let world = InProcess::new(Settings::default());
    let denied = "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:AssumeRole on resource: \
                  arn:aws:iam::111122223333:role/diver";
    assert_refused(&refusal(assume(&world, world.ana()).send().await), 403, "AccessDenied", denied);
    let plain = minted(world.sts(world.ana()).get_session_token().send().await.unwrap().credentials());
    assert_refused(&refusal(assume(&world, plain).send().await), 403, "AccessDenied", denied);

    let direct = assume(&world, world.ana()).serial_number(SERIAL).token_code(code(&world, 0)).duration_seconds(14_400);
    direct.send().await.expect("by long-term keys there is no chain, and no hour's limit");
    let with_mfa = session(&world, &code(&world, 30)).await.unwrap();
    assume(&world, with_mfa.clone()).send().await.expect("the session was made with MFA");
    let long = refusal(assume(&world, with_mfa).duration_seconds(3601).send().await);
    assert_refused(&long, 400, "ValidationError", "1 hour session limit for roles assumed by role chaining");
}

#[tokio::test(start_paused = true)]
async fn a_session_made_with_mfa_opens_iam_and_tells_of_the_device() {
    let world = InProcess::new(Settings::default());
    let iam = world.iam(session(&world, &code(&world, 0)).await.unwrap());
    let devices = iam.list_mfa_devices().send().await.expect("IAM is open to it");
    let device = devices.mfa_devices().first().unwrap();
    assert_eq!((device.user_name(), device.serial_number()), ("ana", SERIAL));
    assert!(!devices.is_truncated());
}

#[tokio::test(start_paused = true)]
async fn a_policy_can_ask_for_mfa_and_for_how_long_ago_it_was() {
    let world = InProcess::new(Settings::default());
    let policy = |condition: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{{{condition}}}}}}}"#
        )
    };
    for (condition, allowed) in [
        (r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#, false),
        (r#""Bool":{"aws:MultiFactorAuthPresent":"false"}"#, true),
        (r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}"#, false),
        (r#""Null":{"aws:MultiFactorAuthAge":"true"}"#, true),
        (r#""NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}"#, false),
    ] {
        let call = world.sts(world.ana()).get_federation_token().name("bo").policy(policy(condition));
        let s3 = world.s3(minted(call.send().await.unwrap().credentials()));
        assert_eq!(s3.list_buckets().send().await.is_ok(), allowed, "{condition}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_shared_config_names_the_device_and_the_role_that_needs_it() {
    let world = InProcess::new(Settings::default());
    let text = world.sandbox.shared_config("http://127.0.0.1:1");
    let greeting = world.sandbox.greeting("http://127.0.0.1:1");
    let (serial, seed) = world.sandbox.first_device().unwrap();
    assert_eq!((greeting.mfa_serial.as_str(), greeting.mfa_seed.parse().as_ref()), (serial, Ok(seed)));
    for lines in [
        format!("[profile mfa]\naws_access_key_id = {}\n", greeting.access_key_id),
        format!(
            "[profile diver]\nrole_arn = arn:aws:iam::111122223333:role/diver\nsource_profile = default\nmfa_serial = {SERIAL}\n"
        ),
        "[profile chain]\nrole_arn = arn:aws:iam::111122223333:role/reader\nsource_profile = keeper\n".into(),
    ] {
        assert!(text.contains(&lines), "{text}");
    }
}
