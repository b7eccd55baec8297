//! Objects on their screen and in the pane: what is asked, when, and what answers change.

use ebbtide::{
    app::{
        DetailCall, DetailReply, Effect, Generation, LookPart, LookRefusal, LookReply, LookRequest, LookState,
        LookTarget, Message, ObjectTab, Screen, Setup,
    },
    domain::{
        credentials::SessionId,
        failure::FailureKind,
        listing::{Block, Entry, Object, Page},
        mint::{FederationToken, MintRequest},
        object::{Annotation, ObjectAddress, ObjectHead, ObjectVersion, ReadCost, VersionKind},
        policy::{SessionPolicy, Verbs},
    },
    preview::{
        LARGEST_FOOTER, MOST_ROWS, MoreContent, NextWindow, Preview, PreviewBody, PreviewLine, PreviewView,
        RowNumbering, SpanRole, TextSpan,
    },
};
use jiff::SignedDuration;

use crate::play::{Play, refusal};

fn reads_details(effects: &[Effect]) -> Option<(&ObjectAddress, Generation)> {
    effects.iter().find_map(|effect| match effect {
        Effect::ReadDetails { address, generation, .. } => Some((address, *generation)),
        _ => None,
    })
}

fn object(key: &str) -> Entry {
    Entry::Object(Object {
        key: key.into(),
        size: Some(1 << 20),
        modified: Some("2026-11-20T08:15:00Z".parse().unwrap()),
        storage_class: Some("STANDARD".into()),
        etag: Some(format!("etag of {key}")),
    })
}

/// `s3://tide-logs/` with these rows, on a terminal of so many columns.
fn listing(columns: u16, rows: Vec<Entry>) -> Play {
    let mut play = Play::browsing();
    play.tell(Message::Resized(columns, 30));
    let question = play.press("r");
    play.answer(&question, Ok(Page { rows: Block::from_entries(rows).unwrap(), ..Page::default() }));
    play
}

fn three_objects(columns: u16) -> Play {
    listing(columns, vec![object("a"), object("b"), object("c")])
}

fn wait_ms(play: &mut Play, milliseconds: i64) -> Vec<Effect> {
    play.now += SignedDuration::from_millis(milliseconds);
    play.tell(Message::Tick)
}

/// The only look among these effects.
fn looked(effects: &[Effect]) -> (Generation, &LookRequest) {
    let mut looks = effects.iter().filter_map(|effect| match effect {
        Effect::Look { generation, request, .. } => Some((*generation, &**request)),
        _ => None,
    });
    let look = looks.next().unwrap_or_else(|| panic!("nothing is looked at: {effects:?}"));
    assert!(looks.next().is_none(), "two looks at once: {effects:?}");
    look
}

fn lines(count: u64) -> Preview {
    let line = |number: u64| PreviewLine {
        number: Some(number),
        spans: vec![TextSpan { text: format!("line {number}"), role: SpanRole::Plain }],
        more: 0,
    };
    Preview {
        kind: "text · utf-8".into(),
        view: PreviewView::Text,
        views: vec![PreviewView::Text, PreviewView::Hex],
        encoding: Some("utf-8".into()),
        body: PreviewBody::Lines((1..=count).map(line).collect()),
        numbering: RowNumbering::Lines,
        more: MoreContent::ReadOn,
        next: Some(NextWindow { offset: 60_000, line: Some(count) }),
        ..Preview::default()
    }
}

fn reply(play: &Play, preview: Preview) -> LookReply {
    LookReply {
        preview,
        cost: ReadCost { requests: 1, bytes: 65_536 },
        size: Some(1 << 20),
        etag: Some("etag of a".into()),
        read_at: play.now,
        begins: 0,
        is_whole: false,
    }
}

fn answer(play: &mut Play, effects: &[Effect], preview: Preview) -> Vec<Effect> {
    let generation = looked(effects).0;
    let reply = reply(play, preview);
    play.tell(Message::Looked { generation, outcome: Ok(Box::new(reply)) })
}

/// An object on its screen, its first lines read.
fn looking() -> Play {
    let mut play = three_objects(80);
    let question = play.press("enter");
    answer(&mut play, &question, lines(100));
    play
}

#[test]
fn keys_open_an_object_at_one_of_its_sides() {
    for (keys, tab) in
        [("enter", ObjectTab::Look), ("v", ObjectTab::Look), ("i", ObjectTab::Details), ("V", ObjectTab::Versions)]
    {
        let mut play = three_objects(80);
        play.press("j");
        let effects = play.press(keys);
        assert_eq!((play.model.screen, play.model.object.tab), (Screen::Object, tab), "{keys}");
        let address = ObjectAddress::new("tide-logs", "b");
        match (tab, effects.as_slice()) {
            (ObjectTab::Look, [Effect::Look { session: SessionId(1), request, .. }]) => {
                assert_eq!((&request.source.address, request.source.etag.as_deref()), (&address, Some("etag of b")));
                assert_eq!((request.window(), request.allowance()), (64 * 1024, 256 * 1024), "until more is asked for");
            }
            (ObjectTab::Details, [Effect::ReadDetails { address: of, calls, .. }]) => {
                assert_eq!((of, calls.as_slice()), (&address, &DetailCall::ALL[..]));
            }
            (ObjectTab::Versions, [Effect::ListVersions { bucket, key, .. }]) => {
                assert_eq!((bucket.as_str(), key.as_str()), ("tide-logs", "b"));
            }
            (_, other) => panic!("{keys}: {other:?}"),
        }
        for back in ["esc", "left", "h", "backspace"] {
            play.model.screen = Screen::Object;
            play.press("i");
            let effects = play.press(back);
            assert!(effects.iter().all(|effect| *effect == Effect::StopLooking), "{back}: {effects:?}");
            assert_eq!((play.model.screen, play.browser().place.selected), (Screen::Browser, 1), "{back}");
            play.press(keys);
        }
    }
}

#[test]
fn what_is_known_is_said_before_any_request() {
    let row = |key: &str, size, class: &str| {
        let Entry::Object(object) = object(key) else { unreachable!() };
        Entry::Object(Object { size: Some(size), storage_class: Some(class.into()), ..object })
    };
    for (entry, refusal) in [
        (row("a", 0, "STANDARD"), LookRefusal::Empty),
        (row("dir/", 0, "STANDARD"), LookRefusal::FolderMarker),
        (row("a", 9, "GLACIER"), LookRefusal::Archived("GLACIER".into())),
        (row("a", 9, "DEEP_ARCHIVE"), LookRefusal::Archived("DEEP_ARCHIVE".into())),
    ] {
        let mut play = listing(80, vec![entry]);
        assert_eq!((play.press("enter"), &play.model.object.look.state), (vec![], &LookState::Refused(refusal)));
    }
    let mut play = three_objects(80);
    play.wait(4000);
    assert_eq!(play.press("enter"), [], "the session is over");
    assert_eq!(play.model.object.look.state, LookState::Refused(LookRefusal::SessionOver));
}

/// A session whose own policy lets it list, and nothing else.
fn only_listing() -> Play {
    let mut setup = Setup::default();
    setup.draft.location = "s3://tide-logs/".into();
    let mut play = Play::at_the_form(setup);
    play.press("enter");
    let here = "s3://tide-logs/".parse().unwrap();
    let policy = Some(SessionPolicy::for_scope(Verbs::LIST, &here));
    let request = FederationToken { policy, ..FederationToken::new("ebbtide", "1h".parse().unwrap()) };
    let question = play.minted_of(MintRequest::FederationToken(Box::new(request)), 1, 3600);
    play.answer(&question, Ok(Page { rows: Block::from_entries([object("a")]).unwrap(), ..Page::default() }));
    play
}

#[test]
fn a_session_that_may_not_read_asks_nothing_unless_it_is_told_to() {
    let mut play = only_listing();
    assert_eq!(play.press("enter"), []);
    let LookState::Refused(why) = &play.model.object.look.state else { panic!("{:?}", play.model.object.look) };
    assert_eq!(
        why.to_string(),
        "this session may not read objects: s3:GetObject is not in its policy · no request was sent"
    );
    let forced = play.press("r");
    assert_eq!(looked(&forced).1.source.etag, None, "a bucket policy may allow it by name");
    assert_eq!(play.press("i"), [], "every part of the details is refused");
    let said: Vec<&str> = play.model.object.details.rows.iter().map(|row| row.value.as_str()).collect();
    let tags = "may not read tags: s3:GetObjectTagging is not in its policy";
    assert!(said.contains(&tags), "{said:#?}");
    assert!(said.contains(&"1.0 MiB · 1,048,576 bytes"), "what the listing says is there: {said:#?}");
}

#[test]
fn the_pane_follows_the_cursor_once_it_rests() {
    let mut play = three_objects(100);
    assert_eq!((play.press("v"), play.model.next_change().is_some()), (vec![], true));
    assert_eq!(wait_ms(&mut play, 149), []);
    let first = wait_ms(&mut play, 1);
    assert_eq!(looked(&first).1.source.address.key, "a");
    assert_eq!(play.press("j"), [Effect::StopLooking], "what is left is abandoned");
    assert_eq!(wait_ms(&mut play, 100), []);
    assert_eq!((play.press("j"), wait_ms(&mut play, 100)), (vec![], vec![]), "the cursor has not rested");
    let third = wait_ms(&mut play, 50);
    assert_eq!(looked(&third).1.source.address.key, "c");
    answer(&mut play, &first, lines(3));
    assert_eq!(play.model.object.look.shown, None, "the answer about another object changes nothing");
    answer(&mut play, &third, lines(3));
    assert_eq!(play.model.object.look.state, LookState::Answered);
    assert_eq!((play.press("v"), wait_ms(&mut play, 500)), (vec![], vec![]), "no pane, no request");
}

#[test]
fn a_thousand_moves_ask_nothing_and_then_one_look() {
    let rows = (0..1200).map(|number| object(&format!("k{number:04}"))).collect();
    let mut play = listing(140, rows);
    play.press("v");
    for _ in 0..1000 {
        play.now += SignedDuration::from_millis(30);
        assert_eq!(play.press("j"), []);
    }
    let effects = wait_ms(&mut play, 150);
    assert_eq!(looked(&effects).1.source.address.key, "k1000");
    assert_eq!(wait_ms(&mut play, 1000), []);
}

#[test]
fn there_is_no_pane_where_there_is_no_room_and_none_for_a_prefix() {
    let mut play = listing(100, vec![Entry::Prefix("a/".into()), object("b")]);
    play.press("v");
    assert_eq!(wait_ms(&mut play, 500), []);
    play.press("j");
    assert!(matches!(wait_ms(&mut play, 150).as_slice(), [Effect::Look { .. }]));
    assert_eq!(play.tell(Message::Resized(99, 30)), [Effect::StopLooking]);
    assert_eq!((wait_ms(&mut play, 500), play.model.shows_pane()), (vec![], false));
}

#[test]
fn more_is_read_by_a_key_and_no_further_than_one_mebibyte_from_the_beginning() {
    let mut play = looking();
    for (window, allowance) in
        [(320 << 10, 512 << 10), (576 << 10, 768 << 10), (832 << 10, 1024 << 10), (1024 << 10, 1024 << 10)]
    {
        let effects = play.press("m");
        let request = looked(&effects).1;
        assert_eq!((request.window(), request.allowance()), (window, allowance));
        assert_eq!((request.part, play.press("m")), (LookPart::Beginning, vec![]), "one question at a time");
        answer(&mut play, &effects, lines(200));
    }
    let effects = play.press("m");
    let next = NextWindow { offset: 60_000, line: Some(200) };
    assert_eq!(looked(&effects).1.part, LookPart::Onward(next), "from then on the window moves on");
    answer(&mut play, &effects, Preview { more: MoreContent::Nothing, ..lines(5) });
    assert_eq!(play.press("m"), []);
    let effects = play.press("home");
    assert_eq!(looked(&effects).1.part, LookPart::Beginning);
}

#[test]
fn the_end_is_one_range_unless_nobody_can_begin_there() {
    let mut play = looking();
    let effects = play.press("G");
    assert_eq!(looked(&effects).1.part, LookPart::End);
    answer(&mut play, &effects, lines(50));
    assert_eq!(play.model.object.look.scroll.top, 50 - 21, "its last row is at the bottom");
    let mut play = three_objects(80);
    let question = play.press("enter");
    answer(&mut play, &question, Preview { unpacked: Some(9), next: None, ..lines(100) });
    assert_eq!((play.press("end"), play.model.object.look.scroll.top), (vec![], 100 - 21));
}

#[test]
fn another_view_and_another_encoding_are_asked_for_with_what_was_read() {
    let mut play = looking();
    let hex = play.press("f");
    assert_eq!((looked(&hex).1.view, looked(&hex).1.fresh), (PreviewView::Hex, false));
    answer(&mut play, &hex, Preview { view: PreviewView::Hex, ..lines(9) });
    assert_eq!(looked(&play.press("f")).1.view, PreviewView::Text);
    assert_eq!(looked(&play.press("E")).1.encoding, Some("utf-8"));
    assert_eq!(looked(&play.press("E")).1.encoding, Some("windows-1252"));
}

#[test]
fn the_map_tells_its_price_first() {
    let mut play = looking();
    assert_eq!(play.press("M"), []);
    assert_eq!(play.model.object.look.confirms_map.as_deref(), Some("48 requests, 192.0 KiB"));
    assert_eq!((play.press("j"), play.press("M")), (vec![], vec![]), "another key takes the question back");
    let effects = play.press("M");
    assert_eq!((looked(&effects).1.part, looked(&effects).1.view), (LookPart::Map, PreviewView::Entropy));
}

#[test]
fn a_long_footer_is_read_only_by_its_own_key() {
    let mut play = three_objects(80);
    let question = play.press("enter");
    answer(&mut play, &question, Preview { more: MoreContent::LongFooter(4 << 20), ..lines(1) });
    assert_eq!(play.press("m"), []);
    let effects = play.press("F");
    assert_eq!(
        (looked(&effects).1.long_footer, looked(&effects).1.allowance()),
        (Some(4 << 20), (256 << 10) + (4 << 20))
    );
    let mut play = three_objects(80);
    let question = play.press("enter");
    answer(&mut play, &question, Preview { more: MoreContent::LongFooter(1 << 40), ..lines(1) });
    let effects = play.press("F");
    assert_eq!(looked(&effects).1.allowance(), (256 << 10) + LARGEST_FOOTER, "whatever length is claimed");
}

#[test]
fn keys_scroll_and_never_beyond_what_there_is() {
    for (keys, top) in [
        ("j", 1),
        ("j j k", 1),
        ("k", 0),
        ("space", 20),
        ("pgdn pgdn pgup", 20),
        ("ctrl-d", 10),
        ("pgdn pgdn pgdn pgdn pgdn pgdn pgdn", 100 - 21),
        ("pgdn home", 0),
    ] {
        let mut play = looking();
        play.press(keys);
        assert_eq!(play.model.object.look.scroll.top, top, "{keys}");
    }
}

#[test]
fn text_is_found_in_what_was_read() {
    for (typed, keys, found) in [
        ("line 7", "", Some(6)),
        ("line 7", "down", Some(69)),
        ("line 7", "down up", Some(6)),
        ("line 7", "up", Some(78)),
        ("LINE 7", "", None),
        ("ine 100", "enter", Some(99)),
    ] {
        let mut play = looking();
        play.press("/");
        play.write(typed);
        play.press(keys);
        let look = &play.model.object.look;
        assert_eq!(look.finding.current(), found, "{typed} {keys}");
        let on_screen = look.scroll.top..look.scroll.top + 21;
        assert!(found.is_none_or(|row| on_screen.contains(&row)), "{typed} {keys}: {:?}", look.scroll);
    }
    let mut play = looking();
    play.press("/");
    play.write("x");
    play.press("esc");
    assert_eq!((play.model.object.look.finding.text.as_str(), play.model.screen), ("", Screen::Object));
}

#[test]
fn neighbours_are_looked_at_without_going_back() {
    let mut play = listing(80, vec![object("a"), Entry::Prefix("b/".into()), object("c"), object("d")]);
    let question = play.press("enter");
    answer(&mut play, &question, lines(3));
    assert_eq!((play.press("J"), play.model.screen), (vec![], Screen::Object), "nothing is asked while a key repeats");
    assert_eq!(looked(&wait_ms(&mut play, 150)).1.source.address.key, "c");
    assert_eq!(play.press("J J"), [Effect::StopLooking]);
    assert_eq!(looked(&wait_ms(&mut play, 150)).1.source.address.key, "d");
    play.press("K esc");
    assert_eq!((play.model.screen, play.browser().place.selected), (Screen::Browser, 2));
}

#[test]
fn each_part_of_the_details_comes_or_fails_alone() {
    let mut play = three_objects(80);
    let effects = play.press("i");
    let [Effect::ReadDetails { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let generation = *generation;
    let head = ObjectHead { size: Some(9), etag: Some("abc".into()), ..ObjectHead::default() };
    play.tell(Message::DetailArrived { generation, reply: DetailReply::Head(Ok(Box::new(head))) });
    let denied = refusal(FailureKind::Denied, "AccessDenied", 403);
    play.tell(Message::DetailArrived { generation, reply: DetailReply::Tags(Err(denied.clone())) });
    play.tell(Message::DetailArrived { generation, reply: DetailReply::Retention(Ok(None)) });
    play.tell(Message::DetailArrived { generation: Generation(9999), reply: DetailReply::LegalHold(Ok(Some(true))) });
    let row = |play: &Play, label: &str| {
        let rows = &play.model.object.details.rows;
        rows.iter().find(|row| row.label == label).map(|row| row.value.clone())
    };
    for (label, value) in [
        ("Key", Some("a")),
        ("Size", Some("9 bytes")),
        ("Tag", Some("unknown: AccessDenied (403) · e explains")),
        ("Retention", Some("none")),
        ("Legal hold", Some("…")),
        ("Checksum", None),
    ] {
        assert_eq!(row(&play, label).as_deref(), value, "{label}");
    }
    play.press("j");
    assert_eq!(play.press("y"), [Effect::Copy("9".into())], "the value, not its picture");
    while play.model.object.details.failure().is_none() {
        play.press("j");
    }
    assert_eq!(play.model.failure(), Some(&denied), "the selected row's failure is explained");
}

fn version(id: &str, is_latest: bool) -> ObjectVersion {
    let kind = if id.starts_with('x') {
        VersionKind::DeleteMarker
    } else {
        VersionKind::Content { size: Some(9), etag: Some(format!("etag of {id}")), storage_class: None }
    };
    ObjectVersion { key: "a".into(), version_id: Some(id.into()), is_latest, last_modified: None, kind }
}

fn at_versions() -> Play {
    let mut play = three_objects(80);
    let effects = play.press("V");
    let [Effect::ListVersions { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let page = |ids: &[&str], ends| Ok((ids.iter().map(|id| version(id, *id == "v3")).collect(), ends));
    play.tell(Message::VersionsArrived { generation: *generation, outcome: page(&["v3", "x2"], false) });
    play.tell(Message::VersionsArrived { generation: *generation, outcome: page(&["v1"], true) });
    play.tell(Message::VersionsArrived { generation: *generation, outcome: page(&["late"], true) });
    play
}

#[test]
fn a_version_is_looked_at_and_left_to_the_versions() {
    let mut play = at_versions();
    assert_eq!(play.model.object.versions.versions.len(), 3);
    assert_eq!((play.press("j enter"), play.model.object.tab), (vec![], ObjectTab::Versions), "a delete marker");
    let effects = play.press("j enter");
    let source = &looked(&effects).1.source;
    assert_eq!((source.address.version_id.as_deref(), source.etag.as_deref()), (Some("v1"), Some("etag of v1")));
    assert_eq!(play.press("esc"), [Effect::StopLooking]);
    assert_eq!((play.model.screen, play.model.object.tab), (Screen::Object, ObjectTab::Versions));
    assert_eq!(play.press("y"), [Effect::Copy("v1".into())]);
    let effects = play.press("i");
    assert!(
        matches!(effects.as_slice(), [Effect::ReadDetails { address, .. }] if address.version_id.as_deref() == Some("v1")),
        "{effects:?}"
    );
}

#[test]
fn two_marked_versions_are_compared_the_older_one_first() {
    for keys in ["space j space D", "j j space k k space =", "space j D"] {
        let mut play = at_versions();
        let effects = play.press(keys);
        let (_, request) = looked(&effects);
        let LookTarget::Difference(older) = &request.target else { panic!("{keys}: {:?}", request.target) };
        let ids = [older, &request.source].map(|source| source.address.version_id.clone().unwrap());
        assert_eq!(ids, ["v1", "v3"], "{keys}");
    }
    let mut play = at_versions();
    assert_eq!((play.press("D"), play.press("space D")), (vec![], vec![]), "nothing to compare, or a delete marker");
}

#[test]
fn what_was_read_stays_after_the_session_has_ended_and_is_read_again_with_the_next() {
    let mut play = looking();
    play.wait(4000);
    assert_eq!((play.press("m"), play.press("r")), (vec![], vec![]));
    let offline = play.press("f");
    assert_eq!((looked(&offline).1.offline, looked(&offline).1.view), (true, PreviewView::Hex), "it is here already");
    answer(&mut play, &offline, Preview { view: PreviewView::Hex, ..lines(9) });
    play.press("R");
    let effects = play.minted(2, 3600);
    let session = effects.iter().find_map(|effect| match effect {
        Effect::Look { session, .. } => Some(*session),
        _ => None,
    });
    assert_eq!((session, looked(&effects).1.fresh), (Some(SessionId(2)), true));
    assert!(play.model.object.look.shown.is_some(), "what is on screen stays until then");
}

#[test]
fn a_refusal_of_the_service_is_kept_beside_what_is_on_screen() {
    let mut play = looking();
    let effects = play.press("m");
    let failure = refusal(FailureKind::Other, "PreconditionFailed", 412);
    play.tell(Message::Looked { generation: looked(&effects).0, outcome: Err(failure.clone()) });
    assert_eq!((play.model.failure(), play.model.object.look.shown.is_some()), (Some(&failure), true));
    let again = play.press("r");
    assert_eq!((looked(&again).1.source.etag.as_deref(), looked(&again).1.fresh), (None, true));
}

#[test]
fn rows_that_did_not_fit_are_read_next_instead_of_a_larger_window() {
    let next = NextWindow { offset: 60_000, line: Some(MOST_ROWS as u64) };
    let mut play = three_objects(80);
    let question = play.press("enter");
    answer(&mut play, &question, lines(MOST_ROWS as u64));
    assert_eq!(looked(&play.press("m")).1.part, LookPart::Onward(next));
    let mut play = three_objects(80);
    let question = play.press("enter");
    let whole = LookReply { is_whole: true, ..reply(&play, Preview { next: Some(next), ..lines(9) }) };
    play.tell(Message::Looked { generation: looked(&question).0, outcome: Ok(Box::new(whole)) });
    assert_eq!(looked(&play.press("m")).1.part, LookPart::Onward(next), "all of it is here");
}

#[test]
fn the_size_that_the_listing_says_is_that_of_the_same_etag_alone() {
    for (etag, size) in [("etag of a", Some(1 << 20)), ("another", None)] {
        let mut play = three_objects(80);
        let question = play.press("enter");
        let unknown = LookReply { size: None, etag: Some(etag.into()), ..reply(&play, lines(9)) };
        play.tell(Message::Looked { generation: looked(&question).0, outcome: Ok(Box::new(unknown)) });
        let more = play.press("m");
        let source = &looked(&more).1.source;
        assert_eq!((source.etag.as_deref(), source.size), (Some(etag), size));
    }
}

#[test]
fn every_side_is_asked_about_anew_after_a_renewal() {
    let mut play = looking();
    play.wait(4000);
    for side in ["i", "V"] {
        assert_eq!(play.press(side), [], "the session is over");
    }
    play.press("v R");
    play.minted(2, 3600);
    let effects = play.press("i");
    assert!(reads_details(&effects).is_some(), "{effects:?}");
    let effects = play.press("V");
    let lists = |effect: &Effect| matches!(effect, Effect::ListVersions { session: SessionId(2), .. });
    assert!(effects.iter().any(lists), "{effects:?}");
    // The same for content that was refused while another side was in front.
    let mut play = three_objects(80);
    play.press("i");
    play.wait(4000);
    play.press("v");
    assert_eq!(play.model.object.look.state, LookState::Refused(LookRefusal::SessionOver));
    play.press("i R");
    play.minted(2, 3600);
    assert_eq!(looked(&play.press("v")).1.source.address.key, "a");
}

#[test]
fn one_steps_back_from_an_annotation_of_a_version_through_its_details_to_the_versions() {
    let mut play = at_versions();
    let effects = play.press("j j i");
    let (address, generation) = reads_details(&effects).unwrap();
    assert_eq!(address.version_id.as_deref(), Some("v1"));
    let annotation = Annotation { name: "review".into(), size: Some(9), last_modified: None, etag: None };
    play.tell(Message::DetailArrived { generation, reply: DetailReply::Annotations(Ok(vec![annotation])) });
    let rows = &play.model.object.details.rows;
    let at = rows.iter().position(|row| row.annotation.is_some()).unwrap();
    play.press(&vec!["j"; at].join(" "));
    let effects = play.press("enter");
    assert_eq!(looked(&effects).1.target, LookTarget::Annotation("review".into()));
    let version = |play: &Play| play.model.object.subject.as_ref().unwrap().address.version_id.clone();
    play.press("esc");
    assert_eq!((play.model.object.tab, version(&play).as_deref()), (ObjectTab::Details, Some("v1")));
    play.press("esc");
    assert_eq!((play.model.object.tab, version(&play)), (ObjectTab::Versions, None));
    play.press("esc");
    assert_eq!(play.model.screen, Screen::Browser);
}
