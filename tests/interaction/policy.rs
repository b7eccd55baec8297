//! The policy builder, its JSON editor, and `p`: what keys make of the form.
//!
//! Invariant: nothing is minted by building; a risky policy is minted by the second Enter only.

use ebbtide::{
    app::{Action, BuilderRow, CopyText, Dialog, Effect, Message, Origin, PolicyBuilder, Screen, Setup, TextAction},
    domain::{
        location::Location,
        mint::{AssumeRole, FederationToken, Field, MintRequest, Mode, SessionToken},
        policy::{SessionPolicy, Verb, Verbs},
    },
    handover::Delivery,
};

use super::play::Play;

fn federation() -> Play {
    let mut setup = Setup::default();
    setup.draft.mode = Mode::Federation;
    setup.draft.verbs = Some(Verbs::READ);
    setup.draft.location = "s3://tide-logs/app/".into();
    Play::at_the_form(setup)
}

fn builder(play: &Play) -> &PolicyBuilder {
    match &play.model.dialogs.front() {
        Some(Dialog::PolicyBuilder(builder)) => builder,
        other => panic!("{other:?}"),
    }
}

/// The policy that goes with the only mint among `effects`.
fn minted(effects: &[Effect]) -> &SessionPolicy {
    match effects {
        [Effect::Mint { request, .. }] => request.policy().unwrap(),
        _ => panic!("{effects:?}"),
    }
}

fn paste(play: &mut Play, text: &str) {
    assert_eq!(play.tell(Message::Action(Action::Text(TextAction::Paste(text.into())))), []);
}

#[test]
fn check_boxes_and_templates_make_the_policy_that_enter_mints() {
    let here = Location::new("tide-logs", "app/");
    for (keys, verbs) in [
        ("F3 enter", Verbs::READ),
        ("F3 space enter", Verb::Get.into()),
        ("F3 down space enter", Verbs::LIST),
        ("F3 tab tab tab space j space enter", Verbs::WRITE),
        ("F3 up up up space enter", Verbs::READ.toggle_verb(Verb::Tags)),
        ("F3 up right space esc", Verbs::READ),
        ("F3 t t space space enter", Verbs::READ),
    ] {
        let mut play = federation();
        assert_eq!(play.press(keys), [], "{keys}");
        assert_eq!(play.model.dialogs.front(), None, "{keys}");
        assert_eq!(minted(&play.press("enter")), &SessionPolicy::for_scope(verbs, &here), "{keys}");
    }
}

#[test]
fn a_template_is_filled_in_for_the_place_and_goes_with_the_mint() {
    let mut play = federation();
    play.press("F3 t");
    assert_eq!(builder(&play).origin, Origin::Template(0));
    play.press("backtab backtab");
    assert_eq!(builder(&play).focus, BuilderRow::Location);
    play.press("ctrl-u");
    play.write("tide-eu/in");
    play.press("enter");
    assert_eq!((play.model.form.location.text(), play.model.form.focus), ("tide-eu/in", Field::Scope));
    let effects = play.press("enter");
    let json = minted(&effects).as_json();
    assert!(
        json.contains("arn:aws:s3:::tide-eu") && json.contains(r#""in/*""#) && !json.contains("GetObject"),
        "{json}"
    );
}

#[test]
fn no_verb_is_no_policy_and_cannot_be_taken() {
    let mut play = federation();
    play.press("F3 space down space enter");
    assert!(builder(&play).policy().unwrap_err().contains("at least one action"));
    play.press("esc");
    assert_eq!(play.model.form.verbs, Some(Verbs::READ), "Esc leaves the form as it was");
}

#[test]
fn only_modes_that_take_a_policy_open_the_builder() {
    let mut play = Play::at_the_form(Setup::default());
    assert_eq!(play.press("F3"), []);
    assert_eq!(play.model.dialogs.front(), None);
    assert!(play.model.notice.as_ref().unwrap().text.contains("federation or role"));
}

#[test]
fn json_can_be_edited_pasted_and_taken() {
    let mut play = federation();
    play.press("F3 e");
    play.write("x");
    assert_eq!(play.press("ctrl-s"), []);
    assert!(builder(&play).editor.is_some(), "what is no policy is not taken");
    play.press("backspace ctrl-s");
    assert!(matches!(&builder(&play).origin, Origin::Own(_)));
    play.press("F4");
    for _ in 0..30 {
        play.press("ctrl-u down");
        play.press("delete");
    }
    let typed = builder(&play).editor.as_ref().unwrap().text();
    play.press("esc F4");
    assert_eq!(builder(&play).editor.as_ref().unwrap().text(), typed, "typed text is kept");
}

#[test]
fn typed_json_is_kept_for_as_long_as_it_belongs_to_what_is_built() {
    let mut play = federation();
    play.press("F3 e");
    play.write("// later ");
    play.press("esc esc F3 e");
    assert!(builder(&play).editor.as_ref().unwrap().text().starts_with("// later {"));
    play.press("esc space e");
    assert!(builder(&play).editor.as_ref().unwrap().text().starts_with('{'), "another scope is another text");
}

#[test]
fn a_pasted_policy_keeps_its_lines_and_a_risky_one_is_asked_for_twice() {
    let mut setup = Setup::default();
    setup.draft.mode = Mode::Role;
    setup.draft.role_arn = "arn:aws:iam::111122223333:role/keeper".into();
    setup.draft.policy = Some("{".into());
    let mut play = Play::at_the_form(setup);
    play.press("F3 F4 delete");
    paste(&mut play, "{\r\n  \"Statement\": {\"Effect\": \"Allow\",\n\"Action\": \"*\", \"Resource\": \"*\"}\n}");
    assert_eq!(builder(&play).editor.as_ref().unwrap().lines().len(), 4);
    assert_eq!(play.press("ctrl-s enter"), []);
    assert_eq!(play.model.dialogs.front(), None);
    let effects = play.press("enter");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Mint { .. })), "asked once more: {effects:?}");
    assert!(play.model.form.confirming);
    play.press("tab backtab");
    assert!(!play.model.form.confirming, "another key is no yes");
    assert_eq!(play.press("enter"), []);
    let effects = play.press("enter");
    assert_eq!(minted(&effects).as_json(), r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#);
}

#[test]
fn the_policy_can_be_copied_as_it_is_sent() {
    let mut play = federation();
    let policy = SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", "app/"));
    let copied = CopyText::called(policy.as_json(), "the policy, as it is sent");
    assert_eq!(play.press("F3 y"), [Effect::Copy(copied.clone())]);
    play.tell(Message::Copied(Ok((copied, Delivery::Taken))));
    assert_eq!(play.model.notice.as_ref().unwrap().text, "copied the policy, as it is sent");
}

#[test]
fn p_goes_to_a_form_for_where_one_stands() {
    let hour = "1h".parse().unwrap();
    let role = AssumeRole::new("arn:aws:iam::111122223333:role/reader", "ebbtide", hour);
    for (request, mode) in [
        (MintRequest::SessionToken(SessionToken::new(hour)), Mode::Federation),
        (MintRequest::AssumeRole(Box::new(role)), Mode::Role),
    ] {
        let mut play = Play::browsing();
        play.model.in_use_mut().unwrap().session.request = request;
        let out = play.press("r");
        let out = play.page(&out, &["team/"], None);
        assert_eq!(out, []);
        play.press("enter p");
        let form = &play.model.form;
        assert_eq!((play.model.screen, form.mode, form.focus), (Screen::MintForm, mode, Field::Scope));
        assert_eq!((form.location.text(), form.verbs), ("s3://tide-logs/team/", Some(Verbs::READ)));
    }
}

#[test]
fn p_above_the_buckets_says_what_it_needs() {
    let mut play = Play::browsing();
    play.press("left p");
    assert_eq!(play.model.screen, Screen::Browser);
    assert!(play.model.notice.as_ref().unwrap().text.contains("open a bucket first"));
}

#[test]
fn g_offers_the_one_place_that_the_sessions_own_policy_lets_be_listed() {
    let narrowed = |prefix: &str| {
        let mut play = Play::browsing();
        let policy = Some(SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", prefix)));
        let token = FederationToken { policy, ..FederationToken::new("ana", "1h".parse().unwrap()) };
        play.model.in_use_mut().unwrap().session.request = MintRequest::FederationToken(Box::new(token));
        play.press("g");
        match play.model.dialogs.front() {
            Some(Dialog::GoTo(go_to)) => go_to.input.text().to_owned(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(narrowed("team/"), "s3://tide-logs/team/");
    assert_eq!(narrowed(""), "s3://tide-logs/", "where one stands, where that may be listed");
}
