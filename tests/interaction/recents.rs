//! Requests that were made before: listed, taken into the form, and offered while one types.

use ebbtide::{
    app::{Dialog, Effect, Message, Setup},
    domain::{
        failure::{Failure, FailureKind},
        mint::{Draft, Field, Mode},
        profile::ProfileChoice,
        recent::Recent,
    },
};

use crate::play::Play;

fn reader() -> Recent {
    let role_arn = "arn:aws:iam::111122223333:role/reader".into();
    let draft = Draft { mode: Mode::Role, role_arn, name: "tide-reader".into(), ..Draft::default() };
    Recent::of_draft(&ProfileChoice::Named("bo".into()), &draft)
}

fn remembering(recents: Vec<Recent>) -> Play {
    let mut play = Play::at_the_form(Setup { remembers: true, ..Setup::default() });
    play.tell(Message::Remembered(Ok(recents)));
    play
}

#[test]
fn a_request_that_minted_is_remembered_and_one_that_did_not_is_not() {
    let mut play = remembering(vec![]);
    assert!(!play.press("enter").iter().any(|effect| matches!(effect, Effect::Remember(_))));
    let effects = play.minted(1, 3600);
    let wanted = Recent::of_draft(&ProfileChoice::Named("ana".into()), &Draft::default());
    assert!(effects.contains(&Effect::Remember(wanted.clone())), "{effects:?}");
    assert_eq!(play.model.form.recents.all, [wanted]);
    play.press("R");
    assert!(!play.minted(2, 3600).iter().any(|effect| matches!(effect, Effect::Remember(_))), "it is the same one");
}

#[test]
fn the_demo_writes_nothing_and_knows_what_was_minted_in_it() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    assert!(!play.minted(1, 3600).iter().any(|effect| matches!(effect, Effect::Remember(_))));
    assert_eq!(play.model.form.recents.all.len(), 1);
    assert_eq!(ebbtide::app::start(&play.model), [Effect::LoadProfiles]);
}

#[test]
fn the_list_fills_the_form() {
    let mut play = remembering(vec![Recent::of_draft(&ProfileChoice::Unsaid, &Draft::default()), reader()]);
    assert_eq!(play.press("F8 down enter"), []);
    let form = &play.model.form;
    assert_eq!((form.mode, form.name.text(), form.profile), (Mode::Role, "tide-reader", 1));
    assert!(play.model.dialogs.is_empty());
    let effects = play.press("enter");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Mint { .. })), "{effects:?}");
}

#[test]
fn an_empty_list_is_said_and_a_list_can_be_closed() {
    let mut play = remembering(vec![]);
    play.press("F8");
    assert!(play.model.dialogs.is_empty() && play.model.notice.is_some());
    let mut play = remembering(vec![reader()]);
    play.press("F8");
    assert!(matches!(play.model.dialogs.front(), Some(Dialog::RecentList(_))));
    play.press("esc");
    assert!(play.model.dialogs.is_empty());
    assert_eq!(play.model.form.mode, Mode::Session);
}

#[test]
fn what_is_typed_is_completed_by_the_key_right_at_its_end() {
    let mut play = remembering(vec![reader()]);
    play.press("tab right right");
    play.model.form.focus = Field::Name;
    play.press("ctrl-u");
    assert_eq!(play.model.form.completion(Field::Name), None, "nothing is offered before the first letter");
    play.write("tide");
    assert_eq!(play.model.form.completion(Field::Name), Some("-reader"));
    play.press("left right");
    assert_eq!(play.model.form.name.text(), "tide", "within the text it moves");
    play.press("right");
    assert_eq!(play.model.form.name.text(), "tide-reader");
    assert_eq!(play.model.form.completion(Field::Name), None);
}

#[test]
fn a_file_that_cannot_be_read_is_said_once() {
    let mut play = Play::at_the_form(Setup { remembers: true, ..Setup::default() });
    let failure = || Failure::local(FailureKind::Malformed, "read", "recents.json", "not JSON");
    play.tell(Message::Remembered(Err(failure())));
    assert!(play.model.notice.as_ref().unwrap().text.contains("recents.json"));
    play.wait(5);
    play.tell(Message::Remembered(Err(failure())));
    assert!(play.model.notice.is_none());
    assert!(matches!(play.press("enter").as_slice(), [Effect::Mint { .. }]));
}
