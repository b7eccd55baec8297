//! Keys for the selected row: its names, a link to it, what the session may do with it, and how it was at a time.

use ebbtide::{
    app::{AccessReply, CopyText, Dialog, Effect, Generation, Message, RowTarget, Screen, View},
    domain::{
        console::ConsolePage,
        credentials::SessionId,
        failure::FailureKind,
        identity::Identity,
        listing::{Block, Entry, Object, Rest},
        location::Location,
        mint::{FederationToken, MintRequest},
        object::{LinkMethod, ObjectAction, ObjectAddress, PastRows, PresignLimit, PresignPlan},
        policy::{SessionPolicy, Verb, Verbs},
    },
    handover::{Delivery, LinkTicket, Offer},
};
use jiff::{SignedDuration, Timestamp};
use ratatui::{Terminal, backend::TestBackend};

use crate::play::{Play, refusal, strings};

/// Three rows: a prefix, and two objects.
fn rows() -> Play {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["app/", "b.txt", "c.txt"], None);
    play
}

/// The same by a federated user whose policy lets `app/*` be listed and read.
fn narrowed() -> Play {
    let mut play = rows();
    let policy = Some(SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", "app/")));
    let request = FederationToken { policy, ..FederationToken::new("ana", "1h".parse().unwrap()) };
    play.model.in_use_mut().unwrap().session.request = MintRequest::FederationToken(Box::new(request));
    let session = SessionId(1);
    let arn = "arn:aws:sts::111122223333:federated-user/ana";
    let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: "1:ana".into() };
    play.tell(Message::Identified { session, outcome: Ok(identity) });
    play
}

fn frame(play: &Play) -> String {
    let (columns, rows) = play.model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| ebbtide::ui::view(&play.model, &ebbtide::ui::Theme::plain(), frame)).unwrap();
    terminal.backend().to_string()
}

fn notice(play: &Play) -> &str {
    play.model.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

// --- names ----------------------------------------------------------------------------------------------------------

#[test]
fn a_letter_copies_the_name_that_is_shown_beside_it() {
    let web = "https://tide-logs.s3.us-west-2.amazonaws.com";
    for (keys, text) in [
        ("j Y u", "s3://tide-logs/b.txt".to_owned()),
        ("j Y k", "b.txt".into()),
        ("j Y n", "b.txt".into()),
        ("j Y a", "arn:aws:s3:::tide-logs/b.txt".into()),
        ("j Y h", format!("{web}/b.txt")),
        ("j Y enter", "s3://tide-logs/b.txt".into()),
        ("j Y down down down enter", "arn:aws:s3:::tide-logs/b.txt".into()),
        ("Y u", "s3://tide-logs/app/".into()),
        ("Y k", "app/".into()),
        ("Y a", "arn:aws:s3:::tide-logs/app/*".into()),
        ("Y h", format!("{web}/app/")),
    ] {
        let mut play = rows();
        assert_eq!(play.press(keys), [Effect::Copy(text.into())], "{keys}");
        assert!(play.model.dialogs.is_empty(), "{keys}: it is done");
    }
}

#[test]
fn what_is_long_is_called_by_its_name_once_it_is_copied() {
    let command = "aws s3api get-object --bucket tide-logs --key b.txt --region us-west-2 ./b.txt";
    for (keys, begins, called) in [
        ("j Y j", "{", "copied the row as JSON"),
        ("Y j", r#"{"prefix":"app/"}"#, "copied the row as JSON"),
        ("j Y g", command, "copied the AWS CLI command"),
        ("Y g", "aws s3api list-objects-v2 --bucket tide-logs --prefix app/", "copied the AWS CLI command"),
    ] {
        let mut play = rows();
        let effects = play.press(keys);
        let [Effect::Copy(copied)] = &effects[..] else { panic!("{keys}: {effects:?}") };
        assert!(copied.text.starts_with(begins), "{keys}: {copied:?}");
        play.tell(Message::Copied(Err("no clipboard".into())));
        assert_eq!(notice(&play), "not copied: no clipboard", "nothing is said to be copied that was not");
        play.tell(Message::Copied(Ok((copied.clone(), Delivery::Taken))));
        assert_eq!(notice(&play), called);
    }
}

#[test]
fn a_form_that_there_is_not_says_why_and_the_menu_stays() {
    for (keys, why) in [("j Y e", "ETag is not in the listing"), ("j Y v", "V lists the versions")] {
        let mut play = rows();
        assert_eq!(play.press(keys), []);
        assert!(notice(&play).contains(why), "{keys}: {}", notice(&play));
        assert!(!play.model.dialogs.is_empty());
    }
}

#[test]
fn a_buckets_names_are_those_of_its_own_region() {
    let mut play = Play::browsing();
    let out = play.press("left");
    let bucket =
        ebbtide::domain::listing::Bucket { name: "tide-eu".into(), region: Some("eu-west-1".into()), created: None };
    let page = ebbtide::domain::listing::Page {
        rows: Block::from_entries([Entry::Bucket(bucket)]).unwrap(),
        ..ebbtide::domain::listing::Page::default()
    };
    play.answer(&out, Ok(page));
    let copied = CopyText::from("https://tide-eu.s3.eu-west-1.amazonaws.com/");
    assert_eq!(play.press("Y h"), [Effect::Copy(copied)]);
    assert_eq!(play.press("Y a"), [Effect::Copy("arn:aws:s3:::tide-eu".into())]);
}

#[test]
fn the_console_opens_at_the_object_and_its_url_is_asked_for_twice() {
    let mut play = narrowed();
    assert_eq!(play.press("j Y w"), []);
    assert!(frame(&play).contains("press w again"), "{}", frame(&play));
    let page = ConsolePage::Object(ObjectAddress::new("tide-logs", "b.txt"));
    assert_eq!(play.press("w"), [Effect::SignIn { session: SessionId(1), page }]);
    assert_eq!(play.press("Y w down w"), [], "any other key takes the question back");
    let mut play = rows();
    assert_eq!(play.press("Y w w"), [], "a session token signs in nowhere");
    assert!(notice(&play).starts_with("no sign-in URL"), "{}", notice(&play));
}

// --- links ----------------------------------------------------------------------------------------------------------

#[test]
fn a_link_is_signed_by_enter_for_what_was_asked() {
    for (keys, asked, method) in [
        ("j u enter", "1h", LinkMethod::Get),
        ("j u right enter", "12h", LinkMethod::Get),
        ("j u left tab enter", "15m", LinkMethod::Head),
        ("j u left left enter", "168h", LinkMethod::Get),
        ("j u 2 0 s enter", "20s", LinkMethod::Get),
        ("j u end backspace d enter", "24h", LinkMethod::Get),
        ("j Y p tab tab enter", "1h", LinkMethod::Get),
    ] {
        let mut play = rows();
        let effects = play.press(keys);
        let [Effect::SignLink { session: SessionId(1), request }] = &effects[..] else { panic!("{keys}: {effects:?}") };
        assert_eq!((request.asked.to_string().as_str(), request.method), (asked, method), "{keys}");
        assert_eq!(request.address, ObjectAddress::new("tide-logs", "b.txt"));
    }
}

#[test]
fn what_is_no_lifetime_signs_nothing_and_a_prefix_has_no_link() {
    let mut play = rows();
    assert_eq!(play.press("j u x enter"), []);
    assert!(frame(&play).contains("not a duration"), "{}", frame(&play));
    let mut play = rows();
    assert_eq!(play.press("u"), []);
    assert!(play.model.dialogs.is_empty() && notice(&play).starts_with("select an object"), "{}", notice(&play));
}

#[test]
fn what_limits_a_link_is_said_before_it_is_made() {
    for (keys, said) in [
        ("j u left", "15:00 · as asked"),
        ("j u right", "not 12h: the session that signs it ends then"),
        ("j u", "no session policy narrows it"),
    ] {
        let mut play = rows();
        play.wait(60);
        play.press(keys);
        assert!(frame(&play).contains(said), "{keys}: {said}\n{}", frame(&play));
    }
    let mut play = narrowed();
    play.press("j u");
    assert!(frame(&play).contains("will answer 403"), "{}", frame(&play));
    play.tell(Message::Resized(60, 15));
    assert!(frame(&play).contains("will answer 403"), "{}", frame(&play));
}

#[test]
fn a_session_that_is_over_signs_no_link_until_it_is_renewed() {
    let mut play = rows();
    play.press("j u");
    play.wait(3601);
    assert_eq!(play.press("enter"), []);
    assert!(frame(&play).contains("no link: the session is over · R renews it"), "{}", frame(&play));
    assert!(matches!(play.press("R")[..], [Effect::Mint { .. }]));
    play.minted(2, 3600);
    let effects = play.press("enter");
    assert!(matches!(effects[..], [Effect::SignLink { session: SessionId(2), .. }]), "{effects:?}");
}

fn planned(play: &Play, seconds: u32) -> PresignPlan {
    PresignPlan {
        signed_at: play.now,
        seconds,
        asked_seconds: seconds,
        limited_by: PresignLimit::Asked,
        end_is_unknown: false,
    }
}

/// Signs a link of so many seconds that a tool takes to the clipboard.
fn linked(play: &mut Play, seconds: u32) {
    let of_seconds = planned(play, seconds);
    let offer = Offer::Link(LinkTicket { session: SessionId(1), ends_at: of_seconds.expires_at() });
    let signed = Message::LinkSigned { session: SessionId(1), outcome: Ok(of_seconds) };
    assert_eq!(play.tell(signed), [Effect::HandOver { session: SessionId(1), offer }]);
    play.tell(Message::HandedOver { offer, outcome: Ok(Delivery::Taken) });
}

#[test]
fn a_session_is_marked_with_its_links_until_they_end() {
    let mut play = rows();
    linked(&mut play, 60);
    assert_eq!(notice(&play), "link copied: works for anyone who has it, until 2026-11-22 14:01:00 UTC");
    linked(&mut play, 600);
    play.press("S");
    assert!(frame(&play).contains("2 links until 14:10:00"), "{}", frame(&play));
    let next = play.model.next_change().unwrap();
    assert!(next <= play.now + SignedDuration::from_secs(60), "the list is drawn again when a link ends");
    play.wait(60);
    assert!(frame(&play).contains("1 link until 14:10:00"), "{}", frame(&play));
    play.press("R");
    play.minted(2, 3600);
    assert!(frame(&play).contains("1 link until 14:10:00"), "its successor is marked: {}", frame(&play));
    play.press("d d");
    assert!(notice(&play).contains("1 link works until 14:10"), "{}", notice(&play));
}

#[test]
fn a_link_that_was_not_copied_is_no_link() {
    let mut play = rows();
    let ends_at = planned(&play, 60).expires_at();
    let offer = Offer::Link(LinkTicket { session: SessionId(1), ends_at });
    let failure = refusal(FailureKind::Other, "x", 0);
    play.tell(Message::HandedOver { offer, outcome: Err(failure.clone()) });
    assert!(notice(&play).starts_with("not copied"), "{}", notice(&play));
    play.tell(Message::LinkSigned { session: SessionId(1), outcome: Err(failure) });
    assert_eq!(play.model.in_use().unwrap().live_links(play.now), None);
}

// --- may I? ---------------------------------------------------------------------------------------------------------

fn probed(play: &mut Play, effects: &[Effect], reply: AccessReply) {
    let [Effect::ProbeAccess { generation, session, target }] = effects else { panic!("{effects:?}") };
    let (target, reply) = (Box::new(target.clone()), Box::new(reply));
    play.tell(Message::Probed { generation: *generation, session: *session, target, reply });
}

#[test]
fn what_is_predicted_stands_beside_what_s3_answered_and_a_difference_is_marked() {
    let mut play = narrowed();
    play.press("j a");
    let before = frame(&play);
    assert!(before.contains("t sends 3 requests"), "its price is told first: {before}");
    assert!(before.contains("s3:GetObject · not in its policy") && before.contains("never tried"), "{before}");
    let asked = play.press("t");
    assert_eq!(play.press("t"), [], "once at a time");
    let refused = refusal(FailureKind::Denied, "AccessDenied", 403);
    probed(&mut play, &asked, AccessReply { read: Some(Ok(())), list: Err(refused) });
    let after = frame(&play);
    assert!(after.contains("✗ may not    ✓ answered 14:00:00 ▲ differs"), "{after}");
    assert!(after.contains("✗ refused 14:00:00"), "{after}");
}

#[test]
fn what_was_answered_on_screen_is_known_without_asking_again() {
    let mut play = rows();
    play.press("enter");
    let entered = Effect::CancelListing(View::Browser);
    assert_eq!(play.press("backspace"), [entered]);
    let opened = play.press("enter");
    let refused = refusal(FailureKind::Denied, "AccessDenied", 403);
    play.answer(&opened, Err(refused));
    play.press("backspace a");
    assert!(frame(&play).contains("list            ? unknown    ✗ refused 14:00:00"), "{}", frame(&play));
}

#[test]
fn one_key_opens_the_form_for_a_session_that_may() {
    let with = |verb| Verbs::READ.toggle_verb(verb);
    for (keys, verbs) in [
        ("", Verbs::LIST),
        ("j", Verbs::READ),
        ("j j", with(Verb::GetVersion)),
        ("j j j", with(Verb::Tags)),
        ("j j j j", with(Verb::Put)),
        ("end", with(Verb::Delete)),
    ] {
        let mut play = narrowed();
        play.press("a");
        play.press(keys);
        play.press("p");
        let form = &play.model.form;
        assert_eq!((play.model.screen, form.verbs), (Screen::MintForm, Some(verbs)), "{keys}");
        assert_eq!(form.location.text(), "s3://tide-logs/app/");
    }
    let mut play = narrowed();
    play.press("j a j p");
    assert_eq!(play.model.form.location.text(), "s3://tide-logs/", "an object's scope is where it is");
}

#[test]
fn nothing_is_tested_with_a_session_that_is_over() {
    let mut play = narrowed();
    play.wait(3601);
    assert_eq!(play.press("a t"), []);
    assert!(notice(&play).starts_with("no request was sent"), "{}", notice(&play));
}

#[test]
fn an_answer_that_the_session_is_over_ends_it() {
    let mut play = narrowed();
    let asked = play.press("a t");
    let over = refusal(FailureKind::Expired, "ExpiredToken", 400);
    probed(&mut play, &asked, AccessReply { read: None, list: Err(over) });
    assert!(frame(&play).contains("session over"), "{}", frame(&play));
    assert_eq!(play.model.phase(), ebbtide::domain::lifetime::Phase::Expired);
}

#[test]
fn a_place_is_asked_with_one_request_and_the_list_of_buckets_has_one_right() {
    let mut play = rows();
    play.press("a");
    assert!(frame(&play).contains("t sends 1 request: a listing of one row"), "{}", frame(&play));
    let asked = play.press("t");
    let [Effect::ProbeAccess { target: RowTarget::Place { location, .. }, .. }] = &asked[..] else {
        panic!("{asked:?}")
    };
    assert_eq!(location, &Location::new("tide-logs", "app/"));
    let mut play = Play::browsing();
    let out = play.press("left");
    play.answer(&out, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    play.press("a");
    let Some(Dialog::AccessPanel(panel)) = play.model.dialogs.front() else { panic!() };
    assert_eq!(panel.actions(), [ObjectAction::List]);
}

// --- as of a time ---------------------------------------------------------------------------------------------------

/// What was asked for as of a time: the question's number, where, when, and behind what.
fn asked_past(effects: &[Effect]) -> (Generation, Location, Timestamp, Option<String>) {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::ListPast { generation, location, at, behind, .. } => {
            Some((*generation, location.clone(), *at, behind.clone()))
        }
        _ => None,
    });
    asked.unwrap_or_else(|| panic!("nothing was asked for: {effects:?}"))
}

fn past_rows(keys: &[(&str, &str)]) -> PastRows {
    let entry = |(key, _): &(&str, &str)| {
        if key.ends_with('/') {
            return Entry::Prefix((*key).into());
        }
        Entry::Object(Object { key: (*key).into(), size: Some(1), modified: None, storage_class: None, etag: None })
    };
    let version = |(_, id): &(&str, &str)| (!id.is_empty()).then(|| (*id).to_owned());
    PastRows {
        rows: Block::from_entries(keys.iter().map(entry)).unwrap(),
        version_ids: keys.iter().map(version).collect(),
    }
}

fn arrive(play: &mut Play, generation: Generation, keys: &[(&str, &str)]) -> Vec<Effect> {
    play.tell(Message::PastRowsArrived { generation, came: past_rows(keys), undated: 0, requests: 1 })
}

fn end(play: &mut Play, generation: Generation) {
    let outcome = Ok(ebbtide::app::Loaded::Everything);
    play.tell(Message::EverythingArrived { generation, session: SessionId(1), outcome });
}

/// The list as of a day ago, complete: a prefix and two objects.
fn a_day_ago() -> Play {
    let mut play = rows();
    let asked = asked_past(&play.press("j @ enter"));
    arrive(&mut play, asked.0, &[("app/", ""), ("b.txt", "v1"), ("gone.txt", "v7")]);
    end(&mut play, asked.0);
    play
}

#[test]
fn a_location_is_listed_as_of_the_time_that_is_typed() {
    for (keys, typed, prefix, at) in [
        ("@", "", "", "2026-11-21T14:00:00Z"),
        ("@", "2026-11-01 12:00", "", "2026-11-01T12:00:00Z"),
        ("V", "2h ago", "app/", "2026-11-22T12:00:00Z"),
    ] {
        let mut play = rows();
        play.press(keys);
        play.write(typed);
        let (_, location, asked_at, behind) = asked_past(&play.press("enter"));
        assert_eq!((location, behind), (Location::new("tide-logs", prefix), None), "{keys} {typed}");
        assert_eq!(asked_at.to_string(), at, "{keys} {typed}");
    }
    let mut play = rows();
    play.press("@");
    play.write("tomorrow");
    assert_eq!(play.press("enter"), []);
    assert!(frame(&play).contains("not a time"), "{}", frame(&play));
}

#[test]
fn what_was_there_then_is_marked_and_each_row_is_its_version() {
    let mut play = a_day_ago();
    assert_eq!(play.names(), strings(&["app/", "b.txt", "gone.txt"]));
    let shown = frame(&play);
    assert!(shown.contains("s3://tide-logs/ · as of 2026-11-21 14:00 UTC · read-only"), "{shown}");
    assert!(shown.contains("versions removed since cannot be known"), "{shown}");
    let version = |id: &str| ObjectAddress::new("tide-logs", "gone.txt").in_version(Some(id.into()));
    play.press("G enter");
    assert_eq!(play.model.screen, Screen::Object);
    assert_eq!(play.model.object.subject.as_ref().map(|subject| subject.address.clone()), Some(version("v7")));
    let mut play = a_day_ago();
    let effects = play.press("G u enter");
    let [Effect::SignLink { request, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(request.address, version("v7"));
    assert_eq!(play.press("Y v"), [Effect::Copy("v7".into())]);
}

#[test]
fn leaving_a_time_finds_the_present_as_it_was_left_and_asks_for_nothing() {
    for keys in ["esc", "backspace", "["] {
        let mut play = a_day_ago();
        assert_eq!(play.press(keys), [Effect::CancelListing(View::Browser)], "{keys}");
        assert_eq!((play.names(), play.browser().place.selected), (strings(&["app/", "b.txt", "c.txt"]), 1), "{keys}");
        assert!(!frame(&play).contains("as of"), "{keys}");
    }
    let mut play = a_day_ago();
    let deeper = asked_past(&play.press("home enter"));
    assert_eq!((deeper.1, deeper.2.to_string().as_str()), (Location::new("tide-logs", "app/"), "2026-11-21T14:00:00Z"));
    arrive(&mut play, deeper.0, &[("app/1", "v1")]);
    end(&mut play, deeper.0);
    assert_eq!(play.press("esc"), [Effect::CancelListing(View::Browser)]);
    assert_eq!(play.names(), strings(&["app/", "b.txt", "c.txt"]), "however deep one has gone");
}

#[test]
fn a_listing_of_a_time_goes_on_behind_its_last_row() {
    let mut play = rows();
    let asked = asked_past(&play.press("@ enter"));
    arrive(&mut play, asked.0, &[("a.txt", "v1")]);
    assert!(frame(&play).contains("Esc stops"), "{}", frame(&play));
    assert_eq!(play.press("esc"), [Effect::CancelListing(View::Browser)]);
    arrive(&mut play, asked.0, &[("late", "v9")]);
    assert_eq!(play.names(), ["a.txt"], "an answer that was given up comes too late");
    assert!(matches!(play.browser().place.listing.rest, Rest::Stopped(_)));
    let again = asked_past(&play.press("j j"));
    assert_eq!(again.3.as_deref(), Some("a.txt"));
    let over = refusal(FailureKind::Expired, "ExpiredToken", 400);
    play.tell(Message::EverythingArrived { generation: again.0, session: SessionId(1), outcome: Err(over) });
    play.press("R");
    let effects = play.minted(2, 3600);
    assert_eq!(asked_past(&effects).3.as_deref(), Some("a.txt"), "with the new session, and the rows stay");
    assert_eq!(play.names(), ["a.txt"]);
}

#[test]
fn a_time_is_renewed_filtered_and_reloaded_like_the_present_but_never_mixed_with_it() {
    let mut play = a_day_ago();
    assert_eq!(play.press("r"), []);
    assert!(notice(&play).starts_with("nothing to reload"), "{}", notice(&play));
    assert_eq!(play.press("G"), [], "everything is there");
    let effects = play.press("P x enter");
    assert_eq!(asked_past(&effects).1, Location::new("tide-logs", "x"), "a prefix is one of the same time");
    let mut play = rows();
    play.press("@ enter");
    assert!(play.press("R").iter().any(|effect| matches!(effect, Effect::Mint { .. })));
    let effects = play.minted(2, 3600);
    let sessions: Vec<SessionId> = effects
        .iter()
        .filter_map(|effect| if let Effect::ListPast { session, .. } = effect { Some(*session) } else { None })
        .collect();
    assert_eq!(sessions, [SessionId(2)], "what is under way goes on with the new session alone");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::List { .. } | Effect::ListEverything { .. })));
}

#[test]
fn the_list_of_buckets_has_no_time() {
    let mut play = Play::browsing();
    let out = play.press("left");
    play.answer(&out, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_eq!(play.press("@"), []);
    assert!(play.model.dialogs.is_empty() && notice(&play).starts_with("open a bucket first"), "{}", notice(&play));
}

#[test]
fn a_refused_time_is_told_in_the_sessions_terms_with_the_way_to_one_that_may() {
    let mut play = narrowed();
    let asked = asked_past(&play.press("V enter"));
    let refused = refusal(FailureKind::Denied, "AccessDenied", 403);
    play.tell(Message::EverythingArrived { generation: asked.0, session: SessionId(1), outcome: Err(refused) });
    assert!(frame(&play).contains("s3:ListBucketVersions"), "{}", frame(&play));
    play.press("p");
    assert_eq!(play.model.form.verbs, Some(Verbs::READ.toggle_verb(Verb::GetVersion)));
}
