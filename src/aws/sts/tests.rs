//! What STS grants, and when it is believed.

use aws_smithy_types::DateTime;

use super::*;
use crate::{
    aws::{Aws, Setting, scripted_server::ScriptedServer},
    clock::Clock,
    domain::{mint::SessionToken, profile::SourceOptions},
};

#[test]
fn the_clock_of_a_grant_is_the_one_by_which_it_is_what_was_asked_for() {
    let minutes = SignedDuration::from_mins;
    // The reply's `Date`, what was known, this machine's own clock, how much longer than asked by that one, the likeliest.
    for (dated, known, own, excess, expected) in [
        (0, 0, 0, 0, 0),
        (0, 0, 0, 700, 0),     // a service with a minimum of its own
        (780, 0, 0, 780, 780), // this machine is 13 hours slow
        (-780, 0, 0, -780, -780),
        (780, 0, 0, 0, 0), // its `Date` is wrong
        (-780, 0, 0, 0, 0),
        (14, 0, 0, 0, 0),
        (0, 780, 0, 780, 780),        // the same, where the machine is slow
        (5, 0, 0, 705, 5),            // a minimum of its own, and clocks that agree
        (780, 780, 0, 780 - 45, 780), // granted less
    ] {
        let likeliest = likeliest_offset([dated, known, own].map(minutes), minutes(excess));
        assert_eq!(likeliest, minutes(expected), "{dated} {known} {own} {excess}");
    }
}

fn granted(key: &str, token: &str, expiration: i64) -> Granted {
    Granted::builder()
        .access_key_id(key)
        .secret_access_key("canarySECRET")
        .session_token(token)
        .expiration(DateTime::from_secs(expiration))
        .build()
        .unwrap()
}

#[test]
fn a_plausible_grant_is_used() {
    let now = Timestamp::from_second(1_000_000).unwrap();
    for life in [1, 3600, 36 * 3600, 36 * 3600 + 900] {
        let credentials = check_grant(Some(granted("ASIAX", "t", 1_000_000 + life)), now, None).unwrap();
        assert_eq!(credentials.expiration, Some(now + SignedDuration::from_secs(life)));
    }
}

#[test]
fn a_grant_as_long_as_was_asked_for_is_used_and_a_longer_one_is_not() {
    let now = Timestamp::from_second(1_000_000).unwrap();
    let asked = "40h".parse().ok();
    for (life, used) in [(40 * 3600, true), (41 * 3600, false)] {
        let grant = Some(granted("ASIAX", "t", 1_000_000 + life));
        assert_eq!(check_grant(grant, now, asked).is_ok(), used, "{life} s");
    }
}

#[test]
fn an_implausible_grant_is_not_used() {
    let now = Timestamp::from_second(1_000_000).unwrap();
    for grant in [
        None,
        Some(granted("ASIAX", "t", 1_000_000 - 60)),
        Some(granted("ASIAX", "t", 1_000_000 - 1)),
        Some(granted("ASIAX", "t", 1_000_000)),
        Some(granted(&"A".repeat(200), "t", 1_003_600)),
        Some(granted("ASIAX", &"t".repeat(100_000), 1_003_600)),
        Some(granted("ASIAX", "two words", 1_003_600)),
        Some(granted("ASIAX", "t", 0)),
        Some(granted("ASIAX", "t", 1_000_000 + 37 * 3600)),
        Some(granted("ASIAX", "t", i64::MAX)),
        Some(granted("", "t", 1_003_600)),
        Some(granted("ASIA\u{1b}[2J", "t", 1_003_600)),
        Some(granted("ASIAX", "", 1_003_600)),
    ] {
        let why = check_grant(grant, now, Some(SessionDuration::HOUR)).unwrap_err();
        assert!(why.contains("not used") || why.contains("no credentials"), "{why}");
        assert!(!why.contains("canary"));
    }
}

/// How often STS is called for a session whose first response is lost, with a code of a device and without.
async fn asked_of_a_faltering_service(code: Option<&MfaCode>) -> usize {
    let parrot = ScriptedServer::saying_in_turn(&[(500, ""), (500, ""), (500, "")]);
    let shared_config = "[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n".into();
    let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
    let serial = code.map(|_| "arn:aws:iam::111122223333:mfa/ana".to_owned());
    let request =
        MintRequest::SessionToken(SessionToken { mfa_serial: serial, ..SessionToken::new(SessionDuration::HOUR) });
    let source = aws.source(&SourceOptions::default()).await.unwrap();
    source.mint_session(&request, code).await.unwrap_err();
    let (with_code, without): (Vec<_>, Vec<_>) =
        parrot.recorded_requests().into_iter().partition(|asked| asked.body.contains("TokenCode"));
    assert!(with_code.iter().all(|asked| asked.body.contains("TokenCode=730461")));
    if code.is_none() { without.len() } else { with_code.len() }
}

#[tokio::test(start_paused = true)]
async fn a_code_is_sent_once_whatever_becomes_of_it() {
    assert_eq!(asked_of_a_faltering_service(Some(&MfaCode::parse_code("730461").unwrap())).await, 1);
    assert_eq!(asked_of_a_faltering_service(None).await, 3, "what needs no code is asked again");
}
