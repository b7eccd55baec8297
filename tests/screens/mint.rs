//! Further fields, the code of an MFA device, what is closed to a source, and the way to a session, as they look.
//!
//! Invariant: at 80×24 nothing that matters is cut.

use ebbtide::{
    app::{Effect, Message, Setup},
    domain::{
        failure::{Failure, FailureKind},
        identity::{Caller, Identity},
        mint::{MintRequest, SessionToken},
        profile::{Profile, ProfileKind},
    },
};
use insta::assert_snapshot;

use super::{
    play::{Play, profile, refusal},
    screen,
};

const DEVICE: &str = "arn:aws:iam::111122223333:mfa/ana";

fn with(profiles: Vec<Profile>) -> Play {
    let mut play = Play::at_the_form(Setup::default());
    play.tell(Message::ProfilesLoaded(Ok(profiles)));
    play
}

#[test]
fn a_code_is_masked_and_its_time_is_shown() {
    let mut play = with(vec![Profile { mfa_serial: Some(DEVICE.into()), ..profile("ana", None) }]);
    play.press("enter");
    play.write("7304");
    play.wait(12);
    assert_snapshot!(screen(&play));
}

#[test]
fn renewing_with_mfa_asks_for_a_code_over_the_rows_and_says_why_one_cannot_be() {
    let mut play = with(vec![profile("ana", None)]);
    play.press("enter");
    let request = SessionToken { duration: "1h".parse().unwrap(), mfa_serial: Some(DEVICE.into()) };
    let asked = play.minted_of(MintRequest::SessionToken(request), 1, 3600);
    play.page(&asked, &["app/", "gateway.log"], None);
    play.wait(3300);
    play.press("R");
    play.write("73046");
    assert_snapshot!("renewal_asks_for_a_code", screen(&play));
    play.press("enter");
    assert_snapshot!("renewal_refuses_a_code", screen(&play));
}

#[test]
fn what_is_closed_to_a_role_session_says_why() {
    let mut play = with(vec![Profile { sts_endpoint: None, ..profile("ana", None) }]);
    let effects = play.press("tab right right");
    let generation = effects.iter().find_map(|effect| match effect {
        Effect::IdentifySource { generation, .. } => Some(*generation),
        _ => None,
    });
    let arn = "arn:aws:sts::111122223333:assumed-role/crew/ana".into();
    let identity = Identity { account: "111122223333".into(), arn, user_id: String::new() };
    let caller = Caller { identity, temporary: true };
    play.tell(Message::SourceIdentified { generation: generation.unwrap(), outcome: Ok(caller) });
    play.write("l");
    play.press("left");
    assert_snapshot!(screen(&play));
}

#[test]
fn the_way_to_a_session_shows_the_cap_and_the_way_round() {
    let role = |name: &str, source: &str| Profile {
        kind: ProfileKind::Role,
        role_arn: Some(format!("arn:aws:iam::111122223333:role/{name}")),
        source_profile: Some(source.into()),
        ..profile(name, None)
    };
    let mut play = with(vec![role("mate", "crew"), role("crew", "ana"), profile("ana", None)]);
    play.press("home tab right right F7");
    assert_snapshot!(screen(&play));
}

#[test]
fn a_form_with_something_wrong_still_says_what_the_session_may_do() {
    for (keys, typed, says) in [
        ("tab right tab ctrl-u", "x", "may list and read"),
        ("tab right tab tab ctrl-u", "a b", "may list and read"),
        ("tab right tab tab tab", "https://x", "depends on Location, which is not valid yet"),
        ("tab right tab ctrl-u tab tab tab right right", "", "no session policy: no permissions"),
        ("tab right right tab", "nonsense", "no session policy: all the role's rights"),
    ] {
        let mut play = with(vec![profile("ana", None)]);
        play.press(keys);
        play.write(typed);
        play.press("ctrl-t");
        let shown = screen(&play);
        assert!(play.model.form.checked().is_err(), "{keys} {typed}");
        assert!(shown.contains(says) && shown.contains("not ready: "), "{keys} {typed}\n{shown}");
    }
}

#[test]
fn a_typed_space_shows_as_a_space() {
    let mut play = with(vec![profile("ana", None)]);
    play.press("tab right tab tab ctrl-u");
    play.write("ana  b ");
    let shown = screen(&play);
    assert!(shown.contains("Name     ana  b ") && !shown.contains("x20"), "{shown}");
}

#[test]
fn without_a_profile_the_form_offers_the_demo_and_says_what_to_write_where() {
    let play = with(vec![]);
    let shown = screen(&play);
    for says in
        ["d  try the demo", "aws configure sso", "aws login", "~/.aws/credentials", "[profile dev]", "F5 reload"]
    {
        assert!(shown.contains(says), "{says}\n{shown}");
    }
}

#[test]
fn a_refused_mint_says_why_and_which_keys_help() {
    let mut play = with(vec![profile("ana", None)]);
    play.press("tab tab ctrl-u");
    play.write("2h");
    play.press("enter");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    let message = "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:GetSessionToken";
    let failure = Failure { message: message.into(), ..refusal(FailureKind::Denied, "AccessDenied", 403) };
    play.tell(Message::Minted { generation, outcome: Err(failure) });
    let shown = screen(&play);
    assert!(shown.contains("AccessDenied (403)") && shown.contains("F9 retries with 1h · F2 explains"), "{shown}");
}
