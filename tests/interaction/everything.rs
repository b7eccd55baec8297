//! Everything that a location holds, asked for with one key.

use ebbtide::{
    app::{Effect, Generation, Loaded, Message, Setup, View},
    domain::{
        credentials::SessionId,
        failure::FailureKind,
        lifetime::Phase,
        listing::{Block, Entry, Rest},
    },
};
use jiff::SignedDuration;

use crate::play::{Play, page, refusal, strings};

/// Two rows, more to come, and the question for all of it.
fn asked() -> (Play, Generation) {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a", "b"], Some("1"));
    let question = play.press("end");
    let [Effect::ListEverything { generation, session: SessionId(1), behind: Some(last), .. }] = question.as_slice()
    else {
        panic!("{question:?}")
    };
    assert_eq!(last, "b", "it begins behind the last row");
    (play, *generation)
}

fn rows(keys: &[&str]) -> Vec<Block> {
    vec![page(keys, None).rows]
}

impl Play {
    fn more(&mut self, generation: Generation, keys: &[&str], found: u64) -> Vec<Effect> {
        self.tell(Message::RowsArrived { generation, rows: rows(keys), found, requests: 7 })
    }

    fn ended(&mut self, generation: Generation, loaded: Loaded) -> Vec<Effect> {
        self.tell(Message::EverythingArrived { generation, session: SessionId(1), outcome: Ok(loaded) })
    }

    fn selected(&self) -> String {
        self.browser().place.entry().as_ref().map(Entry::name).unwrap_or_default().to_owned()
    }
}

#[test]
fn end_loads_all_and_stays_at_the_end_unless_one_moves_away() {
    for (keys, selected) in [("", "d"), ("up", "a"), ("home", "a"), ("up end", "d")] {
        let (mut play, generation) = asked();
        assert_eq!(play.press(keys), [], "{keys}: it is asked for once");
        play.more(generation, &["c", "d"], 900);
        assert_eq!((play.selected().as_str(), play.names()), (selected, strings(&["a", "b", "c", "d"])), "{keys}");
        play.ended(generation, Loaded::Everything);
        assert_eq!((&play.browser().place.listing.rest, play.browser().everything), (&Rest::Complete, None));
        assert_eq!(play.press("end"), [], "{keys}: there is no more");
    }
}

#[test]
fn with_a_session_that_is_over_nothing_is_asked_for() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a", "b"], Some("1"));
    play.wait(3601);
    assert_eq!(play.press("end"), []);
    assert_eq!((play.selected().as_str(), play.browser().everything), ("b", None));
}

#[test]
fn how_much_was_found_is_said_with_its_rate() {
    let (mut play, generation) = asked();
    play.now += SignedDuration::from_millis(2500);
    play.more(generation, &["c"], 250_000);
    let everything = play.browser().everything.unwrap();
    assert_eq!((everything.found, everything.requests, everything.rate(play.now)), (250_000, 7, Some(100_000)));
}

#[test]
fn esc_stops_and_down_goes_on_behind_the_last_row() {
    let (mut play, generation) = asked();
    play.more(generation, &["c"], 3);
    assert!(matches!(play.press("esc").as_slice(), [Effect::CancelListing(_)]));
    play.more(generation, &["d"], 4);
    assert_eq!(play.names(), strings(&["a", "b", "c"]), "what comes late is not wanted");
    let on = play.press("down");
    assert!(
        matches!(on.as_slice(), [Effect::List { after: None, last: Some(last), .. }] if last == "c"),
        "by name, for no token leads there: {on:?}"
    );
}

#[test]
fn going_elsewhere_abandons_it_and_coming_back_goes_on_behind_the_last_row() {
    let (mut play, generation) = asked();
    play.more(generation, &["c/"], 3);
    let inside = play.press("enter");
    play.page(&inside, &["c/1"], None);
    assert_eq!(play.more(generation, &["d"], 4), []);
    assert_eq!((play.names(), play.browser().everything), (strings(&["c/1"]), None));
    let back = play.press("backspace");
    let again = back.last().unwrap();
    assert!(matches!(again, Effect::List { after: None, last: Some(last), .. } if last == "c/"), "{back:?}");
}

#[test]
fn the_end_of_the_session_pauses_it_once_and_the_next_one_takes_it_over() {
    let (mut play, generation) = asked();
    play.more(generation, &["c"], 3);
    let failure = refusal(FailureKind::Expired, "ExpiredToken", 400);
    play.tell(Message::ListingPaused { generation, session: SessionId(1), failure: failure.clone() });
    assert_eq!(play.names(), strings(&["a", "b", "c"]), "rows stay");
    play.press("R");
    let on = play.minted(2, 3600);
    assert!(on.contains(&Effect::ResumeListing { session: SessionId(2) }), "{on:?}");
    play.tell(Message::ListingPaused { generation, session: SessionId(1), failure });
    assert_eq!(play.model.in_use().unwrap().refused_at, None, "its predecessor was refused, once more");
    play.more(generation, &["d"], 4);
    play.ended(generation, Loaded::Everything);
    assert_eq!((play.names(), &play.browser().place.listing.rest), (strings(&["a", "b", "c", "d"]), &Rest::Complete));
}

#[test]
fn a_renewal_ahead_of_the_end_does_not_disturb_it() {
    let (mut play, generation) = asked();
    play.press("R");
    let on = play.minted(2, 3600);
    assert!(!on.iter().any(|effect| matches!(effect, Effect::List { .. } | Effect::ListEverything { .. })), "{on:?}");
    play.more(generation, &["c"], 3);
    assert_eq!(play.names(), strings(&["a", "b", "c"]));
}

#[test]
fn a_refusal_of_the_session_before_does_not_mark_the_one_in_use() {
    let failure = refusal(FailureKind::Expired, "ExpiredToken", 400);
    let ended =
        |generation| Message::EverythingArrived { generation, session: SessionId(1), outcome: Err(failure.clone()) };
    let paused = |generation| Message::ListingPaused { generation, session: SessionId(1), failure: failure.clone() };
    for message in [&ended as &dyn Fn(Generation) -> Message, &paused] {
        let (mut play, generation) = asked();
        play.press("R");
        play.minted(2, 3600);
        play.tell(message(generation));
        let current = play.model.in_use().unwrap();
        assert_eq!((current.session.id, current.refused_at), (SessionId(2), None));
        assert_eq!(play.model.phase(), Phase::Fresh);
    }
}

#[test]
fn a_failure_or_rows_out_of_order_end_it_and_what_came_stays() {
    let failed = |generation| Message::EverythingArrived {
        generation,
        session: SessionId(1),
        outcome: Err(refusal(FailureKind::Denied, "AccessDenied", 403)),
    };
    let unordered = |generation| Message::RowsArrived { generation, rows: rows(&["a"]), found: 3, requests: 1 };
    for message in [&failed as &dyn Fn(Generation) -> Message, &unordered] {
        let (mut play, generation) = asked();
        let ends_itself = matches!(message(generation), Message::EverythingArrived { .. });
        let effects = play.tell(message(generation));
        let cancelled = effects.iter().any(|effect| matches!(effect, Effect::CancelListing(View::Browser)));
        assert!(ends_itself || cancelled, "what is under way is not wanted: {effects:?}");
        play.more(generation, &["c"], 4);
        assert!(matches!(play.browser().place.listing.rest, Rest::Failed { .. }));
        assert_eq!((play.names(), play.browser().everything), (strings(&["a", "b"]), None));
        assert!(matches!(play.press("r").as_slice(), [Effect::List { last: Some(_), .. }]), "r goes on");
    }
}

#[test]
fn memory_has_a_cap_and_reaching_it_is_said() {
    let (mut play, generation) = asked();
    play.more(generation, &["c"], 3);
    play.ended(generation, Loaded::AsMuchAsFits);
    assert!(matches!(play.browser().place.listing.rest, Rest::Stopped(None)), "never complete");
    assert!(play.model.notice.as_ref().unwrap().text.contains("stopped: the rows take 1.0 GiB"));

    let mut play = Play::at_the_form(Setup { most_memory: 100, ..Setup::default() });
    play.press("enter");
    play.minted(1, 3600);
    play.press("g");
    let there = [play.write("s3://tide-logs/"), play.press("enter")].concat();
    play.page(&there, &["a", "b"], Some("1"));
    assert_eq!(play.press("end"), [], "there is no room for more");
    assert!(play.model.notice.as_ref().unwrap().text.contains("the rows take 100 B"));

    let mut play = Play::at_the_form(Setup { most_memory: 1500, ..Setup::default() });
    play.press("enter");
    play.minted(1, 3600);
    play.press("g");
    let there = [play.write("s3://tide-logs/"), play.press("enter")].concat();
    play.page(&there, &["a", "b"], Some("1"));
    let question = play.press("end");
    let [Effect::ListEverything { generation, .. }] = question.as_slice() else { panic!("{question:?}") };
    let names: Vec<String> = (0..300).map(|n| format!("c{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let effects = play.more(*generation, &names, 300);
    assert!(matches!(effects.as_slice(), [Effect::CancelListing(View::Browser)]), "{effects:?}");
    assert!(matches!(play.browser().place.listing.rest, Rest::Stopped(None)), "never complete");
}
