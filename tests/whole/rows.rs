//! Rows M1 to M10 of what must work, from the form's keys to what is on screen.

use std::time::Duration;

use ebbtide::domain::duration::SessionDuration;

use crate::{browsing::SIZE, stage::Stage};

const DEVICE: &str = "arn:aws:iam::111122223333:mfa/ana";

/// The form with its profiles, of which this one is chosen and left.
async fn form(profile: &str) -> Stage {
    let stage = Stage::demo(SIZE, |_| {});
    stage.until("mistyped").await;
    stage.press("/").await;
    stage.paste(profile).await;
    stage.press("enter tab").await;
    stage
}

/// Goes to the next field and types over what is in it.
async fn next_is(stage: &Stage, text: &str) {
    stage.press("tab ctrl-u").await;
    stage.paste(text).await;
}

fn assert_shows(stage: &Stage, texts: &[&str]) {
    let screen = stage.screen();
    for text in texts {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn m1_m3_a_session_of_7200_s_counts_the_rows_it_lists() {
    let stage = form("default").await;
    next_is(&stage, "7200").await;
    next_is(&stage, "s3://tide-archive/").await;
    stage.press("enter").await;
    stage.until("as user/ana").await;
    stage.until("of 7, all").await;
    assert_shows(&stage, &["s3://tide-archive/"]);
    assert!(["1h 59m left", "2h 00m left"].iter().any(|left| stage.screen().contains(left)), "{}", stage.screen());
}

#[tokio::test(start_paused = true)]
async fn m3_refusals_of_sts_and_of_s3_are_told_apart() {
    let stage = form("mistyped").await;
    stage.press("enter").await;
    stage.until("SignatureDoesNotMatch (403)").await;
    stage.press("F2").await;
    stage.until("what went wrong").await;
    assert_shows(&stage, &["STS", "mistyped"]);
    let stage = form("default").await;
    stage.press("tab").await;
    next_is(&stage, "s3://tide-vault/").await;
    stage.press("enter").await;
    stage.until("AccessDenied (403)").await;
    stage.press("e").await;
    stage.until("what went wrong").await;
    assert_shows(&stage, &["S3"]);
}

#[tokio::test(start_paused = true)]
async fn m2_a_role_by_arn_and_session_name_lists_and_one_that_is_locked_says_why() {
    let stage = form("default").await;
    stage.press("right right tab tab").await;
    next_is(&stage, "berth").await;
    next_is(&stage, "s3://tide-archive/").await;
    stage.press("enter").await;
    stage.until("as assumed-role/reader/berth").await;
    stage.until("of 7, all").await;
    let stage = form("default").await;
    stage.press("right right").await;
    next_is(&stage, "arn:aws:iam::111122223333:role/locked").await;
    stage.press("enter").await;
    stage.until("AccessDenied").await;
    stage.press("F2").await;
    stage.until("trust policy").await;
}

#[tokio::test(start_paused = true)]
async fn m4_a_session_of_the_default_duration_lists_the_buckets_and_pages_through_every_key() {
    let stage = form("default").await;
    next_is(&stage, "1h").await;
    stage.press("enter").await;
    stage.until("1 of 6").await;
    assert!(["59:59 left", "1h 00m left"].iter().any(|left| stage.screen().contains(left)), "{}", stage.screen());
    stage.press("g").await;
    stage.paste("s3://tide-logs/readings/2026/").await;
    stage.press("enter").await;
    stage.until("station-00001.csv").await;
    stage.press(&"pgdn ".repeat(600)).await;
    stage.until("12,000 of 12,000, all").await;
    assert_eq!(stage.names().len(), 12_000);
    assert_eq!(stage.names()[11_999], "readings/2026/station-12000.csv");
}

#[tokio::test(start_paused = true)]
async fn m5_a_federated_user_sees_one_bucket_in_its_region_and_no_other() {
    let stage = form("default").await;
    stage.press("right tab").await;
    next_is(&stage, "visitor").await;
    next_is(&stage, "s3://tide-eu/").await;
    stage.press("enter").await;
    stage.until("as federated-user/visitor").await;
    stage.until("galway/").await;
    stage.press("g ctrl-u").await;
    stage.paste("s3://tide-archive/").await;
    stage.press("enter").await;
    stage.until("not allowed to list s3://tide-archive/").await;
}

#[tokio::test(start_paused = true)]
async fn m5_a_bucket_in_another_region_is_named_as_such() {
    let stage = form("default").await;
    stage.press("right enter").await;
    stage.until("1 of 6").await;
    let screen = stage.screen();
    let row = screen.lines().find(|line| line.contains("tide-eu")).unwrap_or_default();
    assert!(row.contains("eu-west-1"), "{screen}");
    stage.press("j enter").await;
    stage.until("galway/").await;
}

#[tokio::test(start_paused = true)]
async fn m6_m7_a_user_is_looked_for_and_a_role_chosen_for_a_while() {
    let stage = form("default").await;
    stage.press("right tab").await;
    next_is(&stage, "ana").await;
    stage.press("F6").await;
    stage.until("✓ exists: arn:aws:iam::111122223333:user/ana").await;
    stage.press("esc ctrl-u").await;
    stage.paste("newcomer").await;
    stage.press("F6").await;
    stage.until("IAM has no user newcomer").await;
    assert_shows(&stage, &["`ebbtide user newcomer --create` creates it"]);
    stage.press("enter enter esc backtab backtab right F6").await;
    stage.until("likely · judged by trust policy alone").await;
    stage.paste("auditor").await;
    stage.until("1 of ").await;
    stage.press("enter").await;
    next_is(&stage, "2h").await;
    stage.press("tab").await;
    next_is(&stage, "s3://tide-archive/").await;
    stage.press("enter").await;
    stage.until("as assumed-role/auditor/newcomer").await;
    assert!(!stage.network.asked().contains(&"CreateUser".into()), "{:?}", stage.network.asked());
    stage.until("of 7, all").await;
}

#[tokio::test(start_paused = true)]
async fn m8_a_session_with_mfa_is_minted_with_the_code_the_device_shows() {
    let stage = form("default").await;
    stage.press("F4 ctrl-u").await;
    stage.paste(DEVICE).await;
    stage.press("tab").await;
    let code = stage.mfa_code();
    stage.paste(&code).await;
    assert_shows(&stage, &["MFA code   ••••••", &format!("the demo's device shows {code}")]);
    stage.press("enter").await;
    stage.until("as user/ana").await;
    assert!(stage.network.asked().contains(&"GetSessionToken".into()));
}

#[tokio::test(start_paused = true)]
async fn m8_a_federated_session_tells_its_ids_and_how_much_room_its_policy_takes() {
    let stage = form("default").await;
    stage.press("right tab").await;
    next_is(&stage, "visitor").await;
    stage.press("enter").await;
    stage.until("as federated-user/visitor").await;
    stage.press("S").await;
    stage.until(" sessions ").await;
    assert_shows(&stage, &["111122223333:visitor", "arn:aws:sts::111122223333:federated-user/visitor", "17 %"]);
}

#[tokio::test(start_paused = true)]
async fn m9_limits_are_told_before_the_call() {
    for (profile, texts) in [
        ("session", ["✗ session  ✗ federation  ○ role  ● direct", "temporary already, so used as they are"].as_slice()),
        ("root", &["✗ the root user cannot assume a role", "AWS grants 15m to 1h (root keys)"]),
        ("keeper", &["✗ session  ✗ federation  ● role", "role/keeper", "cannot create a session token"]),
        ("chain", &["✗ session  ✗ federation  ● role", "AWS grants 15m to 1h (role chaining)"]),
    ] {
        let stage = form(profile).await;
        stage.advance(Duration::from_secs(1)).await;
        assert_shows(&stage, texts);
        // Who assumes the last role of a chain is known when the ones before it are assumed.
        let on_the_way = |asked: &str| profile == "chain" && asked == "AssumeRole";
        let asked = stage.network.asked();
        assert!(asked.iter().all(|asked| asked == "GetCallerIdentity" || on_the_way(asked)), "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_profiles_own_role_is_minted_in_the_demo_with_its_device_and_its_external_id() {
    for (profile, who) in [("keeper", "keeper"), ("partner", "partner"), ("diver", "diver"), ("chain", "reader")] {
        let stage = form(profile).await;
        // What its profile says of device and external ID is shown, with longer labels.
        let label = match profile {
            "partner" => 13,
            "diver" => 12,
            _ => 10,
        };
        let role = format!("{:<1$}arn:aws:iam::111122223333:role/{who}", "Role", label - 1);
        assert_shows(&stage, &[&role, &format!("{:<1$}30s", "Duration", label - 1)]);
        stage.press("enter").await;
        if profile == "diver" {
            stage.until("MFA code").await;
            let code = stage.mfa_code();
            stage.paste(&code).await;
            stage.press("enter").await;
        }
        stage.until(&format!("as assumed-role/{who}/ebbtide")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn m10_an_expired_session_says_that_it_is_and_what_to_do() {
    let stage = form("default").await;
    next_is(&stage, &SessionDuration::from_secs(15).to_string()).await;
    next_is(&stage, "s3://tide-archive/").await;
    stage.press("enter").await;
    stage.until("of 7, all").await;
    stage.advance(Duration::from_secs(16)).await;
    stage.until("EXPIRED").await;
    assert_shows(&stage, &["R", "of 7, all"]);
    stage.press("r").await;
    stage.until("ExpiredToken").await;
    stage.press("R").await;
    stage.advance(Duration::from_secs(1)).await;
    assert_shows(&stage, &["SESSION  ● 00:1", "of 7, all"]);
    assert!(!stage.screen().contains("EXPIRED"), "{}", stage.screen());
}
