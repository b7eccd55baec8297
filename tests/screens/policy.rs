//! The policy builder and what the session's own policy says in the browser, as they look.
//!
//! Invariant: at 80×24 nothing that matters is cut.

use ebbtide::{
    app::{Message, Setup},
    domain::{
        failure::FailureKind,
        listing::{Block, Entry, Page},
        location::Location,
        mint::{FederationToken, MintRequest, Mode},
        policy::{SessionPolicy, Verbs},
    },
};
use insta::assert_snapshot;

use super::{
    logs, object,
    play::{Play, refusal},
    reading, screen,
};

fn building(keys: &str) -> Play {
    let mut setup = Setup { sandbox: true, ..Setup::default() };
    setup.draft.mode = Mode::Federation;
    setup.draft.verbs = Some(Verbs::READ);
    setup.draft.location = "s3://tide-logs/app/".into();
    let mut play = Play::at_the_form(setup);
    play.press("F3");
    play.press(keys);
    play
}

/// A session that may read below `s3://tide-logs/team/alpha/`, with the top of the bucket on screen.
fn narrowed() -> Play {
    let mut play = reading(logs(), None);
    let policy = Some(SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", "team/alpha/")));
    let request = MintRequest::FederationToken(Box::new(FederationToken {
        policy,
        ..FederationToken::new("ana", "1h".parse().unwrap())
    }));
    play.model.in_use_mut().unwrap().session.request = request;
    play
}

#[test]
fn the_builder_shows_what_is_allowed_and_what_is_sent() {
    assert_snapshot!(screen(&building("down")));
}

#[test]
fn the_builder_has_more_room_on_a_larger_terminal() {
    let mut play = building("down down down space down space");
    play.tell(Message::Resized(100, 30));
    assert_snapshot!(screen(&play));
}

#[test]
fn a_template_says_what_it_is_for() {
    assert_snapshot!(screen(&building("t t t t t")));
}

#[test]
fn the_editor_names_the_line_and_column_that_is_wrong() {
    let mut play = building("e down down end");
    play.write("]");
    assert_snapshot!(screen(&play));
    play.press("backspace");
    assert_snapshot!(screen(&play));
}

#[test]
fn a_risky_policy_says_so_before_it_is_minted() {
    let mut setup = Setup::default();
    setup.draft.mode = Mode::Federation;
    setup.draft.policy = Some(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.into());
    let mut play = Play::at_the_form(setup);
    play.press("enter");
    assert_snapshot!(screen(&play));
}

#[test]
fn rows_beyond_the_sessions_own_policy_are_marked() {
    let play = narrowed();
    assert_snapshot!(screen(&play));
}

#[test]
fn a_refused_listing_says_that_the_sessions_own_policy_does_not_cover_it() {
    let mut play = narrowed();
    let question = play.press("enter");
    play.answer(&question, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_snapshot!(screen(&play));
}

#[test]
fn details_say_what_the_session_may_do_to_a_row() {
    let mut play = narrowed();
    let question = play.press("r");
    let entries: Vec<Entry> = vec![object("team/alpha/a.csv", 1, "STANDARD"), object("x", 1, "STANDARD")];
    play.answer(&question, Ok(Page { rows: Block::from_entries(entries).unwrap(), ..Page::default() }));
    play.press("home i");
    let inside = screen(&play);
    assert!(inside.contains("may: list, read · may not: read old versions, write, delete"), "{inside}");
    play.press("esc j i");
    let outside = screen(&play);
    assert!(outside.contains("may not: list, read, read old versions, write, delete"), "{outside}");
}
