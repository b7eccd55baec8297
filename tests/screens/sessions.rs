//! Several sessions, what two of them see, how one is handed over, and what was asked for before, as they look.
//!
//! Invariant: at 80×24 nothing that matters is cut.

use ebbtide::{
    app::{Effect, Message, Setup, View},
    domain::{
        credentials::{Credentials, RevealedCredentials, SessionId},
        failure::FailureKind,
        identity::Identity,
        mint::{Draft, Mode},
        policy::Verbs,
        profile::ProfileChoice,
        recent::Recent,
    },
};
use insta::assert_snapshot;

use super::{
    logs,
    play::{Play, page, refusal},
    reading, screen,
};

/// A session of which a location was read, and a second one of half an hour beside it.
fn two_sessions() -> Play {
    let mut play = reading(logs(), None);
    play.press("n enter");
    play.minted(2, 1800);
    play
}

#[test]
fn the_ledger_lists_what_is_held_and_how_long() {
    let mut play = two_sessions();
    play.wait(1700);
    play.press("S");
    assert_snapshot!(screen(&play));
}

fn generation(effects: &[Effect], side: View) -> ebbtide::app::Generation {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::List { view, generation, .. } if *view == side => Some(*generation),
            _ => None,
        })
        .unwrap()
}

#[test]
fn a_comparison_marks_there_missing_and_not_loaded() {
    let mut play = two_sessions();
    let effects = play.press("c");
    for (side, page) in
        [(View::Left, page(&["app/", "gateway.log", "team/"], None)), (View::Right, page(&["app/"], Some("2")))]
    {
        play.tell(Message::PageArrived { generation: generation(&effects, side), outcome: Ok(page) });
    }
    assert_snapshot!(screen(&play));
}

#[test]
fn a_comparison_marks_missing_and_refused() {
    for (name, right) in
        [("missing", Ok(page(&["app/"], None))), ("refused", Err(refusal(FailureKind::Denied, "AccessDenied", 403)))]
    {
        let mut play = two_sessions();
        let effects = play.press("c");
        let left = Ok(page(&["app/", "gateway.log"], None));
        play.tell(Message::PageArrived { generation: generation(&effects, View::Left), outcome: left });
        play.tell(Message::PageArrived { generation: generation(&effects, View::Right), outcome: right });
        assert_snapshot!(name, screen(&play));
    }
}

#[test]
fn handing_over_is_masked_asks_once_more_and_shows_what_was_asked_for() {
    let mut play = reading(logs(), None);
    play.press("x");
    assert_snapshot!("hand_over_masked", screen(&play));
    play.press("j");
    assert_snapshot!("hand_over_asks_once_more", screen(&play));
    play.press("v");
    let credentials = RevealedCredentials::new(&Credentials {
        access_key_id: "ASIAEXAMPLETIDE".into(),
        secret_access_key: "example/secret+key/of/forty/characters00".into(),
        session_token: Some("ExampleToken".repeat(20).into()),
        expiration: None,
    });
    play.tell(Message::Revealed { session: SessionId(1), credentials });
    assert_snapshot!("hand_over_revealed", screen(&play));
}

#[test]
fn a_session_that_others_than_aws_minted_signs_in_there_as_is_said_beside_the_key() {
    let mut play = Play::browsing();
    let arn = "arn:aws:sts::111122223333:assumed-role/reader/ana".into();
    let identity = Identity { account: "111122223333".into(), arn, user_id: String::new() };
    play.tell(Message::Identified { session: SessionId(1), outcome: Ok(identity) });
    play.model.in_use_mut().unwrap().session.sign_in_endpoint = Some("https://s3.tide.example:9000".into());
    play.press("x w");
    assert_snapshot!("hand_over_sign_in_elsewhere", screen(&play));
}

#[test]
fn recent_requests_say_what_they_were_for() {
    let mut play = Play::at_the_form(Setup::default());
    let role_arn = "arn:aws:iam::111122223333:role/reader".into();
    let role = Draft { mode: Mode::Role, role_arn, name: "tide-reader".into(), ..Draft::default() };
    let location = "s3://tide-logs/team/".into();
    let narrow = Draft { mode: Mode::Federation, verbs: Some(Verbs::READ), location, ..Draft::default() };
    let recents = vec![
        Recent::of_draft(&ProfileChoice::Named("bo".into()), &role),
        Recent::of_draft(&ProfileChoice::Environment, &narrow),
        Recent::of_draft(&ProfileChoice::Unsaid, &Draft::default()),
    ];
    play.tell(Message::Remembered(Ok(recents)));
    play.press("F8 down");
    assert_snapshot!(screen(&play));
}
