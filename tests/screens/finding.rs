//! What a list looks like while it is filtered and sorted.

use std::sync::atomic::AtomicBool;

use ebbtide::app::{Effect, Message};
use insta::assert_snapshot;

use super::{assert_drawn_at_every_size, logs, play::Play, reading, screen};

/// Does what the worker does with the newest wish.
fn arrange(play: &mut Play, effects: &[Effect]) {
    let Some(Effect::Arrange { generation, arranging }) = effects.last() else { return };
    let outcome = Ok(arranging.arrange_rows(&AtomicBool::new(false)).unwrap());
    play.tell(Message::Arranged { generation: *generation, outcome });
}

fn filtered(filter: &str, next: Option<&str>) -> Play {
    let mut play = reading(logs(), next);
    play.press("esc /");
    let effects = play.write(filter);
    arrange(&mut play, &effects);
    play.wait(5);
    play
}

#[test]
fn the_filter_line_says_how_much_of_what_is_loaded_matches() {
    assert_snapshot!(screen(&filtered("team", Some("t1"))));
}

#[test]
fn a_filter_that_is_kept_stands_in_the_title() {
    let mut play = filtered("team", None);
    play.press("enter");
    assert_snapshot!(screen(&play));
}

#[test]
fn nothing_that_matches_says_what_to_do_next() {
    assert_snapshot!(screen(&filtered("nowhere", Some("t1"))));
}

#[test]
fn rows_by_size_say_so() {
    let mut play = reading(logs(), Some("t1"));
    play.press("esc");
    let effects = play.press("s");
    arrange(&mut play, &effects);
    play.wait(5);
    assert_snapshot!(screen(&play));
}

#[test]
fn asking_s3_looks_unlike_filtering() {
    let mut play = reading(logs(), None);
    play.wait(5);
    play.press("P");
    play.write("te");
    assert_snapshot!(screen(&play));
}

#[test]
fn what_s3_was_asked_for_is_told() {
    let mut play = reading(logs(), None);
    play.press("P");
    play.write("te");
    let question = play.press("enter");
    let names = ["team-secret/", "team/"];
    play.page(&question, &names, None);
    assert_snapshot!(screen(&play));
}

#[test]
fn a_filter_of_any_length_leaves_room_for_what_counts() {
    let long = "team".repeat(200);
    for (filter, keys) in [("team", ""), ("team", "enter s"), (long.as_str(), ""), (long.as_str(), "enter")] {
        let mut play = filtered(filter, Some("t1"));
        let effects = play.press(keys);
        arrange(&mut play, &effects);
        assert_drawn_at_every_size(&mut play, keys);
    }
    let mut play = filtered(&long, Some("t1"));
    assert!(screen(&play).contains("0 of 5 loaded match, more not loaded"));
    play.press("enter");
    assert!(screen(&play).contains("s3://tide-logs/ · /teamteam"));
}
