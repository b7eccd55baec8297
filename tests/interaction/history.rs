//! Back and forth between places, each as it was left.

use ebbtide::{
    app::{Effect, Loaded, Message},
    domain::{credentials::SessionId, location::Location},
};

use crate::{
    finding::{does, reading, selected, shown},
    play::{Play, asked, page, strings},
};

/// From `s3://tide-logs/` into `a/` and `a/b/`, each with three rows.
fn gone_in() -> Play {
    let mut play = reading(&["a/", "b/", "c"], None);
    let opened = play.press("enter");
    play.page(&opened, &["a/b/", "a/c/", "a/d"], None);
    let opened = play.press("enter");
    play.page(&opened, &["a/b/1", "a/b/2", "a/b/3"], None);
    play
}

fn here(play: &Play) -> String {
    play.browser().place.listing.location.prefix.clone()
}

fn asks_for_pages(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::List { .. }))
}

#[test]
fn brackets_go_back_and_forth_without_a_request() {
    for (keys, prefix) in [
        ("[", "a/"),
        ("[ [", ""),
        ("[ [ [", ""),
        ("[ [ ]", "a/"),
        ("[ [ ] ]", "a/b/"),
        ("[ [ ] ] ]", "a/b/"),
        ("backspace ]", "a/b/"),
        ("backspace backspace ] ]", "a/b/"),
        ("[ [ enter enter", "a/b/"),
    ] {
        let mut play = gone_in();
        let effects = play.press(keys);
        assert!(!asks_for_pages(&effects), "{keys}: {effects:?}");
        assert_eq!((here(&play).as_str(), shown(&play).len()), (prefix, 3), "{keys}");
    }
}

#[test]
fn cursor_filter_and_order_stay_with_each_place() {
    let mut play = gone_in();
    does(&mut play, r#"end s [ s / "/" enter j [ j ] ]"#);
    assert_eq!(selected(&play).unwrap(), "a/b/3");
    does(&mut play, "[");
    assert_eq!((shown(&play), selected(&play).unwrap()), (strings(&["a/b/", "a/c/"]), "a/c/".into()));
    does(&mut play, "[");
    assert_eq!(selected(&play).unwrap(), "b/");
}

#[test]
fn going_elsewhere_ends_the_way_forth() {
    let mut play = gone_in();
    play.press("[ [ j");
    let opened = play.press("enter");
    assert_eq!(asked(&opened).1, &Location::new("tide-logs", "b/"));
    assert_eq!(play.press("]"), []);
    assert_eq!(here(&play), "b/");
    play.press("[ g ctrl-u");
    play.write("tide-eu");
    play.press("enter [");
    assert_eq!((here(&play), shown(&play).len()), (String::new(), 3), "and where one went to is a place like others");
}

#[test]
fn stepping_out_of_where_one_began_can_be_gone_back_on() {
    let mut play = reading(&["a/"], None);
    let out = play.press("backspace");
    play.page(&out, &["tide-logs", "tide-eu"], None);
    assert!(!asks_for_pages(&play.press("]")));
    assert_eq!(shown(&play), ["a/"]);
}

#[test]
fn the_memory_of_a_big_listing_comes_back_and_so_does_the_row_when_one_returns() {
    let name = |n: usize| format!("{n:06}{}/", "x".repeat(1000));
    let thousand = |at: usize| {
        let names: Vec<String> = (at * 1000..(at + 1) * 1000).map(name).collect();
        page(&names.iter().map(String::as_str).collect::<Vec<_>>(), Some(&format!("t{}", at + 1)))
    };
    let mut play = Play::browsing();
    let first = play.press("r");
    assert_eq!(play.answer(&first, Ok(thousand(0))), []);
    let [Effect::ListEverything { generation, .. }] = *play.press("end") else { panic!("it is not asked for") };
    let rows = (1..70).map(|at| thousand(at).rows).collect();
    play.tell(Message::RowsArrived { generation, rows, found: 69_000, requests: 70 });
    play.tell(Message::EverythingArrived { generation, session: SessionId(1), outcome: Ok(Loaded::Everything) });
    assert_eq!(shown(&play).len(), 70_000);
    play.model.browser_mut().unwrap().place.selected = 3500;
    let opened = play.press("enter");
    play.page(&opened, &["x"], None);
    let mut question = play.press("[");
    assert_eq!((asked(&question).2, shown(&play).len()), (None, 0), "the rows were given up");
    for at in 0..4 {
        question = play.answer(&question, Ok(thousand(at)));
    }
    assert_eq!(
        (question, selected(&play)),
        (vec![], Some(name(3500))),
        "read on until the row has come, and no further"
    );
}
