//! Several sessions at once: each keeps its place, none is lost by accident, and a forgotten one is gone.

use ebbtide::{
    app::{Dialog, Effect, Message, Screen, Setup, View},
    domain::{credentials::SessionId, failure::FailureKind, lifetime::Phase, listing::Rest},
};

use crate::play::{Play, asked, refusal, strings};

/// Two sessions: the first has read three rows and stands on the second; the second, in use, has asked for its page.
fn two() -> (Play, Vec<Effect>) {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a", "b", "c"], None);
    play.press("j n enter");
    let effects = play.minted(2, 900);
    (play, effects)
}

fn in_use(play: &Play) -> u64 {
    play.model.in_use().unwrap().session.id.0
}

fn held(play: &Play) -> Vec<u64> {
    play.model.sessions.held().map(|held| held.session.id.0).collect()
}

#[test]
fn another_session_is_added_and_nothing_is_dropped() {
    let (play, effects) = two();
    assert_eq!((held(&play), in_use(&play)), (vec![1, 2], 2));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Forget(_))), "{effects:?}");
}

#[test]
fn switching_keeps_each_ones_place_and_asks_for_nothing_that_is_there() {
    let (mut play, effects) = two();
    play.page(&effects, &["x", "y"], None);
    play.press("G");
    assert_eq!(play.press("tab"), [Effect::CancelListing(View::Browser)]);
    assert_eq!((in_use(&play), play.names(), play.browser().place.selected), (1, strings(&["a", "b", "c"]), 1));
    assert_eq!(play.press("backtab"), [Effect::CancelListing(View::Browser)]);
    assert_eq!((in_use(&play), play.names(), play.browser().place.selected), (2, strings(&["x", "y"]), 1));
    assert_eq!(held(&play), [1, 2], "their order stands");
}

#[test]
fn a_page_on_its_way_is_asked_for_again_on_return_with_the_sessions_own_credentials() {
    let (mut play, effects) = two();
    play.press("tab");
    assert_eq!(play.page(&effects, &["x"], None), [], "its answer is nobody's");
    assert_eq!(play.names(), ["a", "b", "c"]);
    let effects = play.press("tab");
    assert!(matches!(effects.last(), Some(Effect::List { session: SessionId(2), .. })), "{effects:?}");
    play.page(&effects, &["x"], None);
    assert_eq!(play.names(), ["x"]);
}

#[test]
fn with_one_session_tab_does_nothing_and_is_not_hinted() {
    let mut play = Play::browsing();
    assert_eq!(play.press("tab backtab"), []);
    assert!(!ebbtide::keymap::hints(&play.model).iter().any(|(key, _)| *key == "Tab"));
}

#[test]
fn the_ledger_switches_renews_and_closes() {
    let rows: [(&str, u64, bool); 6] = [
        ("S", 2, true),
        ("S esc", 2, false),
        ("S S", 2, false),
        ("S up enter", 1, false),
        ("S k k enter", 1, false),
        ("S enter", 2, false),
    ];
    for (keys, session, open) in rows {
        let (mut play, _) = two();
        play.press(keys);
        assert_eq!(
            (in_use(&play), matches!(play.model.dialogs.front(), Some(Dialog::SessionList(_)))),
            (session, open),
            "{keys}"
        );
    }
}

#[test]
fn a_renewal_from_the_ledger_replaces_that_session_in_its_place() {
    let (mut play, effects) = two();
    play.page(&effects, &["x"], None);
    assert!(matches!(play.press("S up R").as_slice(), [Effect::Mint { .. }]));
    assert_eq!(play.minted(3, 3600), [Effect::Forget(SessionId(1))]);
    assert_eq!((held(&play), in_use(&play), play.names()), (vec![3, 2], 2, strings(&["x"])));
    play.press("esc tab");
    assert_eq!((in_use(&play), play.names()), (3, strings(&["a", "b", "c"])), "with what it had read");
}

#[test]
fn forgetting_takes_a_second_press_and_drops_the_credentials() {
    let (mut play, _) = two();
    assert_eq!(play.press("S up d"), []);
    assert_eq!(play.press("j d"), [], "another key in between begins anew");
    assert_eq!(held(&play), [1, 2]);
    play.press("k");
    assert_eq!(play.press("d d"), [Effect::Forget(SessionId(1))]);
    assert_eq!((held(&play), in_use(&play), play.model.sessions.row_in_use()), (vec![2], 2, 0));
}

#[test]
fn behind_a_forgotten_session_in_use_comes_the_next_and_behind_the_last_the_form() {
    let (mut play, _) = two();
    let effects = play.press("S d d");
    assert!(effects.starts_with(&[Effect::Forget(SessionId(2)), Effect::CancelListing(View::Browser)]), "{effects:?}");
    assert_eq!((in_use(&play), play.names()), (1, strings(&["a", "b", "c"])));
    play.press("d d");
    assert!(play.model.sessions.is_empty() && play.model.dialogs.is_empty());
    assert_eq!(play.model.screen, Screen::MintForm);
    assert!(matches!(play.press("enter").as_slice(), [Effect::Mint { .. }]), "and one can mint again");
    play.minted(3, 60);
    assert_eq!(held(&play), [3]);
}

#[test]
fn a_variation_begins_with_what_was_asked_for() {
    let mut setup = Setup::default();
    setup.draft.location = "s3://tide-logs/".into();
    let mut play = Play::at_the_form(setup);
    play.press("down tab tab ctrl-u");
    play.write("25m");
    play.press("enter");
    play.minted(1, 1500);
    play.press("n tab tab ctrl-u esc S v");
    let form = &play.model.form;
    assert_eq!(play.model.screen, Screen::MintForm);
    assert_eq!((form.duration.text(), form.location.text(), form.profile), ("25m", "s3://tide-logs/", 1));
}

#[test]
fn a_session_that_comes_after_one_stopped_waiting_is_kept() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], None);
    play.press("n enter");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    play.press("esc esc");
    let late = late_session(&play, 2);
    assert_eq!(play.tell(Message::Minted { generation, outcome: Ok(late.clone()) }), []);
    assert_eq!((held(&play), in_use(&play), play.names()), (vec![1, 2], 1, strings(&["a"])));
    assert!(play.model.notice.as_ref().unwrap().text.contains("S lists"));
    assert!(matches!(play.press("tab").last(), Some(Effect::List { session: SessionId(2), .. })));
}

#[test]
fn the_first_session_is_used_however_late_it_comes() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    let late = late_session(&Play::browsing(), 1);
    play.press("esc");
    play.tell(Message::Minted { generation, outcome: Ok(late) });
    assert_eq!((held(&play), play.model.screen), (vec![1], Screen::MintForm), "nobody is taken from the form");
    let effects = play.press("esc");
    assert_eq!(play.model.screen, Screen::Browser);
    assert_eq!(asked(&effects).2, None);
}

#[test]
fn a_renewal_that_one_stopped_waiting_for_is_waited_for_again_not_begun_twice() {
    let mut play = Play::browsing();
    assert_eq!(play.press("R esc R").len(), 1, "one call");
    assert!(play.minted(2, 3600).contains(&Effect::Forget(SessionId(1))));
    assert_eq!(held(&play), [2]);
}

#[test]
fn a_renewal_of_a_session_that_was_forgotten_meanwhile_is_dropped() {
    let (mut play, _) = two();
    play.press("R");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    play.press("esc S d d esc");
    let outcome = Ok(late_session(&play, 3));
    assert_eq!(play.tell(Message::Minted { generation, outcome }), [Effect::Forget(SessionId(3))]);
    assert_eq!(held(&play), [1]);
}

#[test]
fn an_ended_session_says_nothing_of_the_others() {
    let (mut play, effects) = two();
    play.answer(&effects, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert!(matches!(play.browser().place.listing.rest, Rest::Failed { .. }));
    play.press("tab");
    assert!(play.model.phase() != Phase::Expired);
    assert_eq!(play.model.failure(), None);
}

#[test]
fn while_the_sessions_are_listed_every_countdown_runs() {
    let (mut play, effects) = two();
    play.page(&effects, &["x"], None);
    play.press("tab R");
    play.minted(3, 36_000);
    play.wait(10);
    let step = |play: &Play| play.model.next_change().unwrap().duration_since(play.now).as_secs();
    assert!(step(&play) > 1, "a countdown of hours changes by the minute");
    play.press("S");
    assert_eq!(step(&play), 1, "the other's by the second");
}

fn late_session(play: &Play, id: u64) -> ebbtide::domain::session::Session {
    let session = play.model.in_use().unwrap().session.clone();
    ebbtide::domain::session::Session { id: SessionId(id), ..session }
}
