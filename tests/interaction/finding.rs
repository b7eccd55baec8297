//! Filtering and sorting what is loaded, as rows of before, keys and after.

use std::sync::atomic::AtomicBool;

use ebbtide::{
    app::{Action, Details, Dialog, Effect, ListAction, Message},
    domain::{
        failure::{Failure, FailureKind},
        listing::{Arranging, Block, Entry, Object, Page, Rest, SortOrder},
        location::Location,
    },
};

use crate::play::{Play, asked, page, strings};

const NAMES: [&str; 6] = ["app/", "gate.log", "gate.old", "Gate.new", "team/", "zeta"];

/// In `s3://tide-logs/`, where these rows are loaded, and with `next` more to come.
pub(crate) fn reading(names: &[&str], next: Option<&str>) -> Play {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, names, next);
    play.press("esc");
    play
}

/// What is shown.
pub(crate) fn shown(play: &Play) -> Vec<String> {
    let place = &play.browser().place;
    (0..place.count()).map(|at| place.get(at).unwrap().name().to_owned()).collect()
}

pub(crate) fn selected(play: &Play) -> Option<String> {
    play.browser().place.entry().map(|entry| entry.name().to_owned())
}

/// The newest wish among `effects`, and nothing else that works.
fn wish(effects: &[Effect]) -> Option<(ebbtide::app::Generation, Arranging)> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Arrange { generation, arranging } => Some((*generation, arranging.clone())),
        _ => None,
    })
}

/// Does what the worker does, until nothing more is asked for.
fn arrange(play: &mut Play, mut effects: Vec<Effect>) {
    while let Some((generation, arranging)) = wish(&effects) {
        let outcome = Ok(arranging.arrange_rows(&AtomicBool::new(false)).unwrap());
        effects = play.tell(Message::Arranged { generation, outcome });
    }
}

/// Presses keys and types what stands in quotes; after each, the worker does its part.
pub(crate) fn does(play: &mut Play, keys: &str) {
    for part in keys.split_whitespace() {
        let effects = match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
            Some(text) => play.write(text),
            None => play.press(part),
        };
        arrange(play, effects);
    }
}

#[test]
fn keys_filter_what_is_loaded() {
    for (keys, names, at) in [
        (r#"/ "gate""#, vec!["Gate.new", "gate.log", "gate.old"], "Gate.new"),
        (r#"/ "Gate""#, vec!["Gate.new"], "Gate.new"),
        (r#"/ "gate" enter j"#, vec!["Gate.new", "gate.log", "gate.old"], "gate.log"),
        (r#"/ "gate" down down"#, vec!["Gate.new", "gate.log", "gate.old"], "gate.old"),
        (r#"/ "gate" down down esc"#, vec!["Gate.new", "app/", "gate.log", "gate.old", "team/", "zeta"], "gate.old"),
        (r#"/ "gate" enter down esc"#, vec!["Gate.new", "app/", "gate.log", "gate.old", "team/", "zeta"], "gate.log"),
        (
            r#"/ "a.b" backspace backspace"#,
            vec!["Gate.new", "app/", "gate.log", "gate.old", "team/", "zeta"],
            "Gate.new",
        ),
        (r#"end / "e""#, vec!["Gate.new", "gate.log", "gate.old", "team/", "zeta"], "zeta"),
        (r#"end / "gate""#, vec!["Gate.new", "gate.log", "gate.old"], "gate.old"),
        (r#"end / "gate" ctrl-u"#, vec!["Gate.new", "app/", "gate.log", "gate.old", "team/", "zeta"], "zeta"),
        (r#"j j / "old" backspace backspace "g""#, vec!["gate.log"], "gate.log"),
        (r#"/ "/" enter s"#, vec!["app/", "team/"], "app/"),
        (r#"/ "gate" enter / "." "o""#, vec!["gate.old"], "gate.old"),
    ] {
        let mut play = reading(&NAMES, None);
        does(&mut play, keys);
        assert_eq!((shown(&play), selected(&play).unwrap()), (strings(&names), at.to_owned()), "{keys}");
    }
}

#[test]
fn whatever_acts_on_a_row_acts_on_the_one_that_is_shown() {
    let mut play = reading(&NAMES, None);
    does(&mut play, r#"/ "team" enter"#);
    assert_eq!(play.press("y"), [Effect::Copy("s3://tide-logs/team/".into())]);
    play.press("i");
    assert_eq!(play.model.dialogs.front(), Some(&Dialog::Details(Details)));
    play.press("esc");
    assert_eq!(asked(&play.press("enter")).1, &Location::new("tide-logs", "team/"));
    let mut play = reading(&NAMES, None);
    does(&mut play, r#"/ "/""#);
    assert_eq!(play.tell(Message::Action(Action::List(ListAction::Click(2)))), [], "there are two rows to click on");
    play.tell(Message::Action(Action::List(ListAction::Click(1))));
    let opened = play.tell(Message::Action(Action::List(ListAction::Click(1))));
    assert_eq!(asked(&opened).1, &Location::new("tide-logs", "team/"));
    assert_eq!(play.browser().filter_line, None, "the line stays where it was opened");
}

#[test]
fn a_filter_stays_with_its_place() {
    let mut play = reading(&NAMES, None);
    does(&mut play, r#"/ "team" enter enter"#);
    assert_eq!(play.browser().place.wanted.filter, "");
    does(&mut play, "backspace");
    assert_eq!(shown(&play), ["team/"]);
}

#[test]
fn pages_that_come_while_a_filter_stands_are_filtered_as_they_come() {
    let mut play = reading(&NAMES, Some("t1"));
    does(&mut play, r#"/ "gate" enter"#);
    let second = play.press("pgdn");
    assert_eq!(asked(&second).2, Some("t1"), "past the last row that is shown, more is asked for");
    let effects = play.page(&second, &["zgate", "zz"], Some("t2"));
    assert_eq!(effects, [], "no page is asked for by itself: how many would be needed, nobody knows");
    assert_eq!(shown(&play), ["Gate.new", "gate.log", "gate.old", "zgate"]);
}

#[test]
fn with_nothing_to_match_down_and_enter_load_more() {
    for keys in ["down", "enter down", "enter enter"] {
        let mut play = reading(&NAMES, Some("t1"));
        does(&mut play, r#"/ "nowhere""#);
        assert_eq!((shown(&play), selected(&play)), (vec![], None));
        assert_eq!(asked(&play.press(keys)).2, Some("t1"), "{keys}");
    }
}

#[test]
fn an_answer_to_an_older_wish_changes_nothing() {
    let mut play = reading(&NAMES, None);
    play.press("/");
    let (older, _) = wish(&play.write("z")).unwrap();
    let newer = play.write("e");
    play.tell(Message::Arranged { generation: older, outcome: Ok(vec![0]) });
    assert_eq!(shown(&play).len(), 6);
    arrange(&mut play, newer);
    assert_eq!(shown(&play), ["zeta"]);
    let late = wish(&play.write("t")).unwrap().0;
    play.press("esc");
    play.tell(Message::Arranged { generation: late, outcome: Ok(vec![0]) });
    assert_eq!(shown(&play).len(), 6);
}

#[test]
fn when_the_needle_grows_only_what_matched_is_searched() {
    let mut play = reading(&NAMES, None);
    does(&mut play, r#"/ "ga""#);
    let (_, grown) = wish(&play.write("t")).unwrap();
    assert_eq!(grown.among.unwrap().len(), 3);
    let (_, shrunk) = wish(&play.press("backspace backspace")).unwrap();
    assert_eq!(shrunk.among, None);
}

#[test]
fn a_fault_in_arranging_shows_every_row_and_says_so() {
    let mut play = reading(&NAMES, None);
    play.press("/");
    let (generation, _) = wish(&play.write("z")).unwrap();
    let failure = Failure::local(FailureKind::Other, "arrange", "the rows", "a fault");
    assert_eq!(play.tell(Message::Arranged { generation, outcome: Err(failure) }), []);
    assert_eq!(shown(&play).len(), 6);
    assert!(play.model.notice.as_ref().unwrap().text.contains("all rows are shown"));
}

#[test]
fn esc_closes_one_thing_at_a_time() {
    let mut play = reading(&NAMES, Some("t1"));
    does(&mut play, r#"/ "gate" enter"#);
    play.press("end");
    play.press("esc");
    assert!(matches!(play.browser().place.listing.rest, Rest::Stopped(_)), "first what is under way");
    assert_eq!(shown(&play).len(), 3);
    play.press("esc");
    assert_eq!(shown(&play).len(), 6, "then the filter");
}

// --- sorting --------------------------------------------------------------------------------------------------------

fn object(key: &str, size: u64, modified: &str) -> Entry {
    Entry::Object(Object {
        key: key.into(),
        size: Some(size),
        modified: modified.parse().ok(),
        storage_class: None,
        etag: None,
    })
}

fn sizes() -> Vec<Entry> {
    vec![
        object("a", 10, "2026-01-01T00:00:00Z"),
        object("b", 30, "2026-03-01T00:00:00Z"),
        Entry::Prefix("c/".into()),
        object("d", 20, "2026-02-01T00:00:00Z"),
        object("e", 30, ""),
    ]
}

fn sized(next: Option<&str>) -> Play {
    let mut play = Play::browsing();
    let first = play.press("r");
    let rows = Block::from_entries(sizes()).unwrap();
    play.answer(&first, Ok(Page { rows, ..page(&[], next) }));
    play.press("esc");
    play
}

#[test]
fn keys_sort_what_is_loaded() {
    for (keys, names, at) in [
        ("s", vec!["c/", "b", "e", "d", "a"], "c/"),
        ("s s", vec!["c/", "b", "d", "a", "e"], "c/"),
        ("s s s", vec!["a", "b", "c/", "d", "e"], "a"),
        ("j s", vec!["c/", "b", "e", "d", "a"], "b"),
        ("j s s s", vec!["a", "b", "c/", "d", "e"], "b"),
        (r#"/ "e" enter s"#, vec!["e"], "e"),
        (r#"j / "/" enter s"#, vec!["c/"], "c/"),
        (r#"s / "e" esc"#, vec!["c/", "b", "e", "d", "a"], "c/"),
        ("o", vec!["e", "d", "c/", "b", "a"], "e"),
        ("o o", vec!["a", "b", "c/", "d", "e"], "a"),
        ("j o", vec!["e", "d", "c/", "b", "a"], "b"),
        ("s o", vec!["c/", "a", "d", "b", "e"], "c/"),
        ("s o s", vec!["c/", "b", "d", "a", "e"], "c/"),
        (r#"s / "e""#, vec!["e"], "e"),
        (r#"/ "/" enter s"#, vec!["c/"], "c/"),
    ] {
        let mut play = sized(None);
        does(&mut play, keys);
        assert_eq!((shown(&play), selected(&play).unwrap()), (strings(&names), at.to_owned()), "{keys}");
    }
}

#[test]
fn rows_that_come_later_are_sorted_in() {
    let mut play = sized(Some("t1"));
    does(&mut play, "s j");
    let second = play.press("pgdn");
    let again =
        play.answer(&second, Ok(Page { rows: Block::from_entries([object("f", 99, "")]).unwrap(), ..page(&[], None) }));
    assert_eq!(shown(&play), ["c/", "b", "e", "d", "a"], "until they are, what is sorted stays");
    arrange(&mut play, again);
    assert_eq!(shown(&play), ["c/", "f", "b", "e", "d", "a"]);
    assert_eq!(selected(&play).unwrap(), "a", "and the person at the same row");
}

#[test]
fn buckets_have_no_size_to_sort_by() {
    let mut play = Play::browsing();
    let out = play.press("left");
    play.page(&out, &["x/"], None);
    play.press("s");
    assert_eq!(play.browser().place.wanted.order, SortOrder::Time);
}

#[test]
fn reading_anew_keeps_filter_order_and_row() {
    for keys in [r#"/ "gate" enter end"#, r#"s / "gate" enter end"#] {
        let mut play = reading(&NAMES, None);
        does(&mut play, keys);
        let before = selected(&play);
        let again = play.press("r");
        let effects = play.page(&again, &["Gate.new", "a-gate", "b", "gate.log", "gate.old"], None);
        arrange(&mut play, effects);
        assert_eq!(shown(&play), ["Gate.new", "a-gate", "gate.log", "gate.old"], "{keys}");
        assert_eq!(selected(&play), before, "{keys}");
    }
}

// --- asking S3 ------------------------------------------------------------------------------------------------------

#[test]
fn s3_is_asked_for_what_begins_with_what_was_typed() {
    let mut play = reading(&["2026-10/", "2026-11/"], Some("t1"));
    play.press("P");
    play.write("2026-1");
    let question = play.press("enter");
    assert_eq!(asked(&question).1, &Location::new("tide-logs", "2026-1"));
    play.page(&question, &["2026-10/", "2026-11/"], None);
    play.press("P");
    let Some(Dialog::AskPrefix(line)) = play.model.dialogs.front() else { panic!() };
    assert_eq!(line.input.text(), "2026-1", "and again from what was asked for");
    assert_eq!(play.press("enter"), [], "the same is not asked for twice");
    play.press("j");
    assert_eq!(asked(&play.press("enter")).1, &Location::new("tide-logs", "2026-11/"));
    play.press("backspace backspace");
    assert_eq!(play.names(), ["2026-10/", "2026-11/"]);
    assert_eq!(play.browser().place.listing.location, Location::new("tide-logs", ""));
}

#[test]
fn among_buckets_there_is_no_prefix_to_ask_for() {
    let mut play = Play::browsing();
    play.press("left P");
    assert_eq!(play.model.dialogs.front(), None);
    assert!(play.model.notice.as_ref().unwrap().text.contains("open a bucket first"));
}
