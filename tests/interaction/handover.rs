//! Handing credentials over: by one explicit key each, and out of sight again by itself.

use ebbtide::{
    app::{Action, Effect, HandOver, Message, Overlay},
    domain::credentials::{Credentials, SessionId, Shown},
    handover::{Dialect, Form},
};
use ratatui::{Terminal, backend::TestBackend};

use crate::play::Play;

const SECRET: &str = "canarySECRET";
const TOKEN: &str = "canaryTOKEN";

fn credentials() -> Shown {
    Shown::new(&Credentials {
        access_key_id: "ASIACANARYTIDE".into(),
        secret_access_key: SECRET.into(),
        session_token: Some(TOKEN.into()),
        expiration: None,
    })
}

fn frame(play: &Play) -> String {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| ebbtide::ui::view(&play.model, &ebbtide::ui::Theme::plain(), frame)).unwrap();
    terminal.backend().to_string()
}

fn looking() -> Play {
    let mut play = Play::browsing();
    assert_eq!(play.press("x v"), [Effect::Reveal(SessionId(1))]);
    play.tell(Message::Revealed { session: SessionId(1), credentials: credentials() });
    play
}

fn shows_a_secret(play: &Play) -> bool {
    let frame = frame(play);
    frame.contains(SECRET) || frame.contains(TOKEN)
}

#[test]
fn each_form_has_a_key_of_its_own_and_nothing_is_copied_without_it() {
    for (keys, form) in [
        ("x", None),
        ("x y", None),
        ("e", None),
        ("x e", Some(Form::Variables(Dialect::Posix))),
        ("x f", Some(Form::Variables(Dialect::Fish))),
        ("x p", Some(Form::Variables(Dialect::PowerShell))),
        ("x i", Some(Form::Profile)),
        ("x j", Some(Form::Json)),
    ] {
        let effects = Play::browsing().press(keys);
        let session = SessionId(1);
        assert_eq!(
            effects,
            form.map(|form| Effect::HandOver { session, form }).into_iter().collect::<Vec<_>>(),
            "{keys}"
        );
    }
}

#[test]
fn that_the_clipboard_holds_a_secret_is_said() {
    let mut play = Play::browsing();
    play.press("x e");
    play.tell(Message::HandedOver { form: Form::Json, outcome: Ok(()) });
    assert!(play.model.notice.as_ref().unwrap().text.contains("secret is in the clipboard"));
}

#[test]
fn masked_there_are_four_characters_of_the_key_id_and_nothing_of_a_secret() {
    let mut play = Play::browsing();
    play.press("x");
    assert!(frame(&play).contains("••••TIDE"), "{}", frame(&play));
    assert!(!shows_a_secret(&play));
}

#[test]
fn a_look_lasts_ten_seconds() {
    let mut play = looking();
    assert!(shows_a_secret(&play));
    let due = play.model.next_change().unwrap();
    assert!(due <= play.now + jiff::SignedDuration::from_secs(10));
    play.wait(9);
    assert!(shows_a_secret(&play));
    play.wait(1);
    assert!(!shows_a_secret(&play));
    assert!(matches!(&play.model.overlay, Some(Overlay::HandOver(HandOver { revealed: None, .. }))));
}

#[test]
fn a_look_ends_with_whatever_takes_the_eyes_away() {
    for keys in ["v", "esc", "?", "ctrl-z"] {
        let mut play = looking();
        play.press(keys);
        assert!(!shows_a_secret(&play), "{keys}");
        play.press("esc");
        assert!(!shows_a_secret(&play), "{keys}, and back");
    }
    let mut play = looking();
    play.tell(Message::Action(Action::Hide));
    assert!(!shows_a_secret(&play), "the window lost its focus");
}

#[test]
fn credentials_that_come_when_the_panel_is_gone_are_not_shown() {
    let mut play = Play::browsing();
    play.press("x v esc");
    play.tell(Message::Revealed { session: SessionId(1), credentials: credentials() });
    assert!(!shows_a_secret(&play));
    play.press("x");
    assert!(!shows_a_secret(&play));
}

#[test]
fn a_debug_print_of_everything_shows_no_secret() {
    let play = looking();
    let told = Message::Revealed { session: SessionId(1), credentials: credentials() };
    let text = format!("{:?} {told:?}", play.model);
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn a_session_that_is_renewed_meanwhile_is_handed_over_in_its_predecessors_place_and_masked() {
    let mut play = Play::browsing();
    play.press("A x v");
    let renewing = play.wait(3240);
    play.tell(Message::Revealed { session: SessionId(1), credentials: credentials() });
    let [Effect::Mint { generation, .. }] = &renewing[..] else { panic!("{renewing:?}") };
    let outcome = Ok(play.session(2, 3600));
    play.tell(Message::Minted { generation: *generation, outcome });
    assert!(!shows_a_secret(&play), "they are another session's");
    assert_eq!(play.press("v"), [Effect::Reveal(SessionId(2))]);
}
