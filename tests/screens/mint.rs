//! Further fields, the code of an MFA device, what is closed to a source, and the way to a session, as they look.
//!
//! Invariant: at 80×24 nothing that matters is cut.

use ebbtide::{
    app::{Effect, Message, Setup},
    domain::{
        identity::{Caller, Identity},
        mint::{MintRequest, SessionToken},
        profile::{Profile, ProfileKind},
    },
};
use insta::assert_snapshot;

use super::{
    play::{Play, profile},
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
