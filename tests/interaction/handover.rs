//! Handing credentials over: by one explicit key each, and out of sight again by itself.

use ebbtide::{
    app::{Action, Dialog, Effect, Export, Message},
    domain::{
        console::ConsolePage,
        credentials::{Credentials, RevealedCredentials, SessionId},
        failure::FailureKind,
        identity::Identity,
        location::Location,
        mint::MintRequest,
    },
    handover::{Delivery, Dialect, ExportForm, Offer, Relay},
};
use ratatui::{Terminal, backend::TestBackend};

use crate::play::{Play, refusal};

const SECRET: &str = "canarySECRET";
const TOKEN: &str = "canaryTOKEN";

fn credentials() -> RevealedCredentials {
    RevealedCredentials::new(&Credentials {
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
fn each_form_has_a_key_of_its_own_and_copies_when_it_is_pressed_twice() {
    for (key, form) in [
        ("e", ExportForm::Variables(Dialect::Posix)),
        ("f", ExportForm::Variables(Dialect::Fish)),
        ("p", ExportForm::Variables(Dialect::PowerShell)),
        ("i", ExportForm::Profile),
        ("j", ExportForm::Json),
    ] {
        let mut play = Play::browsing();
        assert_eq!(play.press("x"), []);
        assert_eq!(play.press(key), [], "{key} asks first");
        let said = frame(&play);
        assert!(said.contains(&format!("Press {key} again to copy {}", form.name())), "{said}");
        let offer = Offer::Credentials(form);
        assert_eq!(play.press(key), [Effect::HandOver { session: SessionId(1), offer }], "{key}");
        assert_eq!(play.press(key), [], "{key} asks again for another copy");
    }
}

#[test]
fn what_comes_between_takes_the_question_back() {
    for keys in ["e e", "x e", "x e f", "x e f e", "x e v v e", "x e esc x e", "x y y", "x e ? esc"] {
        let effects = Play::browsing().press(keys);
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::HandOver { .. })), "{keys}: {effects:?}");
    }
}

/// Handing over a session of AWS that is known to be this.
fn as_somebody(arn: &str) -> Play {
    let mut play = Play::browsing();
    let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: String::new() };
    play.tell(Message::Identified { session: SessionId(1), outcome: Ok(identity) });
    play.press("x");
    play
}

const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/reader/ana";

#[test]
fn a_sign_in_url_goes_to_the_clipboard_once_it_is_there() {
    let (session, offer) = (SessionId(1), Offer::SignInUrl);
    let mut play = as_somebody(ROLE);
    assert_eq!(play.press("w"), []);
    assert!(frame(&play).contains("within 15 minutes is signed in"), "{}", frame(&play));
    assert_eq!(
        play.press("w"),
        [Effect::SignIn { session, page: ConsolePage::Location(Location::new("tide-logs", "")) }]
    );
    assert!(frame(&play).contains("requesting a sign-in URL"), "{}", frame(&play));
    assert_eq!(play.press("w w"), [], "one is on its way");
    play.press("esc");
    let came = Message::SignInUrlCame { session, outcome: Ok(()) };
    assert_eq!(play.tell(came), [Effect::HandOver { session, offer }]);
    play.tell(Message::HandedOver { offer, outcome: Ok(Delivery::Taken) });
    assert!(frame(&play).contains("anyone who opens it within 15 minutes is signed in"), "{}", frame(&play));
}

#[test]
fn a_refused_sign_in_copies_nothing_and_can_be_asked_for_again() {
    let mut play = as_somebody(ROLE);
    play.press("w w");
    let outcome = Err(refusal(FailureKind::Denied, "AccessDenied", 403));
    assert_eq!(play.tell(Message::SignInUrlCame { session: SessionId(1), outcome }), []);
    assert!(frame(&play).contains("not copied: "), "{}", frame(&play));
    assert!(matches!(play.press("w w")[..], [Effect::SignIn { .. }]));
}

#[test]
fn where_there_is_no_console_its_row_and_its_key_say_why() {
    for (arn, why) in [
        (Some("arn:aws:iam::111122223333:user/ana"), "only role sessions and federated users can sign in"),
        (Some("arn:aws-iso:sts::1:assumed-role/r/ana"), "the console's address in this partition is unknown"),
        (None, "the session's identity is not known yet"),
    ] {
        let mut play = arn.map_or_else(Play::browsing, as_somebody);
        play.press("esc x");
        assert!(frame(&play).contains(why), "{}", frame(&play));
        assert_eq!(play.press("w w"), []);
        assert!(play.model.notice.as_ref().unwrap().text.contains(why), "{why}");
    }
}

#[test]
fn a_sign_in_with_others_than_aws_is_said_before_the_key_is_pressed() {
    let mut play = as_somebody(ROLE);
    assert!(!frame(&play).contains("asked of"), "{}", frame(&play));
    play.model.in_use_mut().unwrap().session.sign_in_endpoint = Some("http://127.0.0.1:1".into());
    assert!(frame(&play).contains("from http://127.0.0.1:1, which minted the session, not from AWS"));
    assert!(matches!(play.press("w w")[..], [Effect::SignIn { .. }]));
}

#[test]
fn that_the_clipboard_holds_a_secret_is_said() {
    for (delivery, said) in [
        (Delivery::Taken, "the secret is in the clipboard until you copy something else"),
        (Delivery::Sent(Relay::Nothing), "sent to the terminal: the secret is in its clipboard until"),
        (Delivery::Sent(Relay::Tmux), "sent to the terminal; in tmux, set -g set-clipboard on or allow-passthrough on"),
    ] {
        let mut play = Play::browsing();
        play.tell(Message::HandedOver { offer: Offer::Credentials(ExportForm::Json), outcome: Ok(delivery) });
        assert!(frame(&play).contains(said), "{}", frame(&play));
    }
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
    assert!(matches!(play.model.dialogs.front(), Some(Dialog::Export(Export { revealed: None, .. }))));
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
    play.press("A enter x v");
    let renewing = play.wait(3240);
    play.tell(Message::Revealed { session: SessionId(1), credentials: credentials() });
    let [Effect::Mint { generation, .. }] = &renewing[..] else { panic!("{renewing:?}") };
    let outcome = Ok(play.session(2, 3600));
    play.tell(Message::Minted { generation: *generation, outcome });
    assert!(!shows_a_secret(&play), "they are another session's");
    assert_eq!(play.press("v"), [Effect::Reveal(SessionId(2))]);
}

/// Handing over a profile's own keys, which are no session.
fn with_lasting_keys() -> Play {
    let mut play = Play::browsing();
    let session = &mut play.model.in_use_mut().unwrap().session;
    (session.request, session.temporary, session.lifetime) = (MintRequest::Direct, false, None);
    play.press("x");
    play
}

#[test]
fn keys_that_do_not_expire_are_called_what_they_are_and_shown_by_a_second_press() {
    let mut play = with_lasting_keys();
    assert!(frame(&play).contains("the profile's own long-term keys, not a session"), "{}", frame(&play));
    assert_eq!(play.press("v"), [], "asked first");
    assert!(frame(&play).contains("Press v again to show them"), "{}", frame(&play));
    assert_eq!(play.press("v"), [Effect::Reveal(SessionId(1))]);
    assert_eq!(play.press("e"), []);
    let said = frame(&play);
    assert!(said.contains("do not expire") && !said.contains("until it expires"), "{said}");
    assert!(matches!(play.press("e")[..], [Effect::HandOver { .. }]));
    for keys in ["v e v", "v esc x v", "v ? esc v"] {
        let effects = with_lasting_keys().press(keys);
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Reveal(_))), "{keys}: {effects:?}");
    }
}

#[test]
fn forgetting_a_profiles_own_keys_does_not_say_that_they_end() {
    let mut play = with_lasting_keys();
    play.press("esc S d d");
    let said = &play.model.notice.as_ref().unwrap().text;
    assert!(said.contains("stay valid") && !said.contains("expire"), "{said}");
}
