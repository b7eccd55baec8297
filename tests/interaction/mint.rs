//! Further fields, codes of MFA devices, and what is known before the call.

use ebbtide::{
    app::{Dialog, Effect, Message, Preflight, Setup},
    domain::{
        failure::{Failure, FailureKind},
        identity::{Caller, Identity},
        mint::{Field, MfaCode, Mode},
        profile::{Profile, ProfileKind},
    },
};

use crate::play::{Play, profile, refusal};

const DEVICE: &str = "arn:aws:iam::111122223333:mfa/ana";

fn with_device() -> Play {
    let mut play = Play::at_the_form(Setup::default());
    let ana = Profile { mfa_serial: Some(DEVICE.into()), ..profile("ana", None) };
    play.tell(Message::ProfilesLoaded(Ok(vec![ana])));
    play
}

fn code_of(effects: &[Effect]) -> Option<MfaCode> {
    effects.iter().find_map(|effect| if let Effect::Mint { code, .. } = effect { code.clone() } else { None })
}

#[test]
fn further_fields_are_a_key_away_and_said_to_be_filled() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab right right F4");
    assert_eq!((play.model.form.mode, play.model.form.focus), (Mode::Role, Field::PolicyArns));
    play.press("tab");
    play.write("team=tide, dept=sea");
    assert_eq!(play.model.form.draft().tags, ["team=tide", "dept=sea"]);
    play.press("F4");
    assert!(!play.model.form.fields().contains(&Field::Tags), "folded away");
    assert_eq!(play.model.form.draft().tags.len(), 2, "and sent all the same");
    assert_eq!(play.model.form.extra.filled(Mode::Role).collect::<Vec<_>>(), [Field::Tags]);
}

#[test]
fn a_device_asks_for_six_digits_that_are_sent_once() {
    let mut play = with_device();
    assert_eq!(code_of(&play.press("enter")), None, "no code yet");
    assert_eq!(play.model.form.focus, Field::MfaCode);
    play.write("7x304");
    assert_eq!(play.press("enter"), []);
    play.write("61");
    let effects = play.press("enter");
    assert_eq!(code_of(&effects), MfaCode::parse_code("730461").ok());
    assert!(play.model.form.extra.code.is_empty(), "it is not kept");
    assert!(!format!("{effects:?} {:?}", play.model).contains("730461"), "nor ever shown");

    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    let failure = refusal(FailureKind::Denied, "AccessDenied", 403);
    play.tell(Message::Minted { generation, outcome: Err(failure) });
    play.write("730461");
    assert_eq!(play.press("enter"), [], "a code that was sent is not sent again");
    assert!(play.model.form.code_refusal.as_deref().unwrap().contains("wait for the next code (in "));
    play.wait(60);
    play.write("730461");
    assert!(code_of(&play.press("enter")).is_some(), "the device has shown others since");
}

#[test]
fn a_session_with_mfa_is_renewed_with_a_new_code_while_its_rows_stay() {
    let mut play = Play::browsing();
    let current = play.model.in_use_mut().unwrap();
    if let ebbtide::domain::mint::MintRequest::SessionToken(call) = &mut current.session.request {
        call.mfa_serial = Some(DEVICE.into());
    }
    assert_eq!(play.press("R"), []);
    assert!(matches!(play.model.dialogs.front(), Some(Dialog::AskCode(_))));
    play.write("123");
    assert_eq!(play.press("enter"), []);
    play.write("123456");
    assert!(code_of(&play.press("enter")).is_some());
    assert_eq!(play.model.dialogs.front(), None);
}

#[test]
fn who_would_mint_is_asked_once_when_the_profile_is_left() {
    let mut play = Play::at_the_form(Setup::default());
    assert_eq!(play.press("down up down"), [], "moving through the list asks nobody");
    let effects = play.press("tab");
    let [Effect::IdentifySource { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let identity = Identity {
        account: "111122223333".into(),
        arn: "arn:aws:sts::111122223333:assumed-role/crew/ana".into(),
        user_id: String::new(),
    };
    let caller = Caller { identity, temporary: true };
    play.tell(Message::SourceIdentified { generation: *generation, outcome: Ok(caller) });
    assert_eq!(play.press("backtab tab"), [], "it is known");
    let checked = play.model.form.checked().clone().unwrap();
    assert_eq!(checked.advice[0].field, Field::Mode, "on another endpoint it is advice");

    let ana = Profile { sts_endpoint: None, ..profile("bo", None) };
    play.tell(Message::ProfilesLoaded(Ok(vec![ana])));
    assert_eq!(play.press("enter"), [], "on AWS it is refused here");
    assert_eq!(play.model.form.focus, Field::Mode);
}

#[test]
fn what_is_not_known_keeps_nobody_from_minting() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab");
    assert!(matches!(play.model.form.preflight, Preflight::Asking { .. }));
    assert!(matches!(play.press("enter").as_slice(), [Effect::Mint { .. }]));
}

#[test]
fn a_refused_duration_is_asked_for_again_with_one_key() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab tab ctrl-u");
    play.write("2h");
    play.press("enter");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let failure = Failure { message: message.into(), ..refusal(FailureKind::Invalid, "ValidationError", 400) };
    play.tell(Message::Minted { generation, outcome: Err(failure) });
    let effects = play.press("F9");
    let [Effect::Mint { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(request.duration(), "1h".parse().ok());
    assert_eq!(play.press("F9"), [], "nothing is offered while nothing was refused");
}

#[test]
fn a_profile_fills_in_what_nobody_typed() {
    let mut play = Play::at_the_form(Setup::default());
    let role = |name: &str, hours: u32| Profile {
        duration_seconds: Some(hours * 3600),
        role_session_name: Some(format!("{name}-session")),
        ..profile(name, Some("arn:aws:iam::111122223333:role/reader"))
    };
    play.tell(Message::ProfilesLoaded(Ok(vec![role("two", 2), role("three", 3), profile("plain", None)])));
    for (keys, duration, name) in [
        ("", "2h", "two-session"),
        ("down", "3h", "three-session"),
        ("down", "1h", "ebbtide"),
        ("up", "3h", "three-session"),
    ] {
        play.press(keys);
        let form = &play.model.form;
        assert_eq!((form.duration.text(), form.name.text()), (duration, name));
    }
    play.press("tab tab ctrl-u");
    play.write("45m");
    play.press("backtab backtab up");
    assert_eq!(play.model.form.duration.text(), "45m", "what was typed stays");
}

#[test]
fn a_profile_with_a_role_is_there_to_assume_it_unless_another_mode_was_chosen() {
    let role = Some("arn:aws:iam::111122223333:role/reader");
    for (keys, mode) in [
        ("down", Mode::Role),
        ("down up", Mode::Session),
        ("tab right backtab down", Mode::Federation),
        ("down tab left backtab up down", Mode::Federation),
    ] {
        let mut play = Play::at_the_form(Setup::default());
        let reader = Profile { kind: ProfileKind::Role, ..profile("reader", role) };
        play.tell(Message::ProfilesLoaded(Ok(vec![profile("ana", None), reader])));
        play.press(keys);
        assert_eq!(play.model.form.mode, mode, "{keys}");
    }
}

#[test]
fn reading_the_files_again_asks_anew_who_the_profile_is() {
    let mut play = Play::at_the_form(Setup::default());
    let identifies = |effects: &[Effect]| effects.iter().any(|one| matches!(one, Effect::IdentifySource { .. }));
    assert!(identifies(&play.press("tab")));
    assert!(!identifies(&play.press("backtab tab")), "nobody is asked twice");
    assert!(identifies(&play.press("F5 backtab tab")), "but of files that were read again");
}
