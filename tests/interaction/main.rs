//! What keys do, as rows of before, keys and after; and what answers do to a model that has moved on.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where it stopped")]

mod form;
mod mint;
#[path = "../support/play.rs"]
mod play;
mod policy;

mod choices;
mod compare;
mod dialogs;
mod doubts;
mod everything;
mod finding;
mod handover;
mod history;
mod iam;
mod ledger;
mod mouse;
mod object;
mod picker;
mod raw_names;
mod recents;
mod renewal;
mod row_tools;

use ebbtide::{
    app::{
        Action, Dialog, Effect, Explanation, Generation, ListAction, Message, Profiles, Screen, Setup, TextAction, View,
    },
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        lifetime::Phase,
        listing::Rest,
        location::Location,
        mint::{Field, Limits, MintRequest, Mode, SessionToken},
        policy::Verbs,
        profile::SourceOptions,
    },
};
use jiff::SignedDuration;
use play::{Play, asked, refusal, strings};

// --- the form -------------------------------------------------------------------------------------------------------

#[test]
fn keys_fill_in_the_form() {
    let rows: [(&str, Field, Mode, Option<Verbs>, usize); 9] = [
        ("", Field::Profile, Mode::Session, None, 0),
        ("down", Field::Profile, Mode::Session, None, 1),
        ("down down up", Field::Profile, Mode::Session, None, 0),
        ("tab", Field::Mode, Mode::Session, None, 0),
        ("tab right", Field::Mode, Mode::Federation, Some(Verbs::READ), 0),
        ("tab right right", Field::Mode, Mode::Role, None, 0),
        ("tab left", Field::Mode, Mode::Direct, None, 0),
        ("tab right backtab backtab", Field::Scope, Mode::Federation, Some(Verbs::READ), 0),
        ("tab right backtab backtab left", Field::Scope, Mode::Federation, Some(Verbs::LIST), 0),
    ];
    for (keys, focus, mode, verbs, profile) in rows {
        let mut play = Play::at_the_form(Setup::default());
        let effects = play.press(keys);
        assert!(effects.iter().all(|it| matches!(it, Effect::IdentifySource { .. })), "{keys}: {effects:?}");
        let form = &play.model.form;
        assert_eq!((form.focus, form.mode, form.verbs, form.profile), (focus, mode, verbs, profile), "{keys}");
    }
}

#[test]
fn enter_mints_once_with_what_was_filled_in() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab tab ctrl-u");
    play.write("10s");
    let effects = play.press("enter enter");
    let [Effect::Mint { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(request, &MintRequest::SessionToken(SessionToken::new("10s".parse().unwrap())));
}

#[test]
fn enter_on_a_wrong_form_goes_to_the_first_field_to_fix() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab tab");
    play.write("x");
    play.press("backtab backtab");
    assert_eq!(play.press("enter"), []);
    assert_eq!(play.model.form.focus, Field::Duration);
}

#[test]
fn a_pasted_line_break_never_submits() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab tab tab");
    let paste = Action::Text(TextAction::Paste("s3://tide-logs\n\r".into()));
    assert_eq!(play.tell(Message::Action(paste)), []);
    assert_eq!(play.model.form.location.text(), "s3://tide-logs");
}

#[test]
fn one_may_stop_waiting_for_a_service_that_does_not_answer() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    let asked = play.model.sessions.minting.waiting().unwrap().generation;
    play.press("esc");
    assert_eq!((play.model.sessions.minting.waiting().is_none(), play.model.screen), (true, Screen::MintForm));
    assert!(matches!(play.press("enter").as_slice(), [Effect::Mint { .. }]), "and try again at once");
    assert_eq!(play.model.sessions.minting.waiting().map(|minting| minting.generation > asked), Some(true));
}

#[test]
fn a_profile_that_is_not_there_is_no_dead_end() {
    let mut setup = Setup::default();
    setup.source.profile = ebbtide::domain::profile::ProfileChoice::Named("nope".into());
    let mut play = Play::at_the_form(setup);
    assert_eq!(play.press("enter"), []);
    assert!(matches!(play.press("down enter").as_slice(), [Effect::Mint { .. }]));
}

#[test]
fn unreadable_config_files_are_said_and_can_be_read_again() {
    let mut play = Play::at_the_form(Setup::default());
    let failure = Failure::local(FailureKind::Invalid, "read", "~/.aws/config, line 3", "expected a section");
    play.tell(Message::ProfilesLoaded(Err(failure.clone())));
    assert_eq!(play.press("enter"), []);
    assert_eq!(play.model.failure(), Some(&failure));
    assert_eq!(play.press("F5"), [Effect::LoadProfiles]);
    assert_eq!(play.model.form.profiles, Profiles::Loading);
}

#[test]
fn a_refused_mint_leaves_the_form_as_it_was() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    let failure = refusal(FailureKind::InvalidCredentials, "InvalidClientTokenId", 403);
    play.tell(Message::Minted { generation, outcome: Err(failure.clone()) });
    assert_eq!((play.model.screen, play.model.failure()), (Screen::MintForm, Some(&failure)));
    assert!(matches!(play.press("enter").as_slice(), [Effect::Mint { .. }]), "it can be tried again");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    play.tell(Message::Minted { generation, outcome: Err(failure) });
    play.press("tab right");
    assert_eq!(play.model.failure(), None, "another request has not been refused");
}

#[test]
fn a_session_that_nobody_waits_for_is_forgotten() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    play.minted(7, 60);
    let session = play.model.in_use().unwrap().session.clone();
    let late = ebbtide::domain::session::Session { id: SessionId(8), ..session };
    let effects = play.tell(Message::Minted { generation: Generation(999), outcome: Ok(late) });
    assert_eq!(effects, [Effect::Forget(SessionId(8))]);
    assert_eq!(play.model.in_use().unwrap().session.id, SessionId(7));
}

// --- browsing -------------------------------------------------------------------------------------------------------

#[test]
fn minting_opens_the_browser_at_the_location_of_the_form() {
    let mut setup = Setup::default();
    setup.draft.location = "tide-logs/app/".into();
    let mut play = Play::at_the_form(setup);
    play.press("enter");
    let effects = play.minted(1, 3600);
    assert_eq!(asked(&effects).1, &Location::new("tide-logs", "app/"));
    assert_eq!(play.model.screen, Screen::Browser);
}

#[test]
fn a_page_is_asked_for_before_the_last_row_is_reached_and_not_earlier() {
    let names: Vec<String> = (0..100).map(|n| format!("k{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut play = Play::browsing();
    let first = play.press("r");
    assert_eq!(play.page(&first, &names, Some("t1")), [], "two screenfuls are loaded beyond the selection");
    assert_eq!(play.press("pgdn pgdn pgdn pgdn"), []);
    let effects = play.press("pgdn");
    assert_eq!(asked(&effects).2, Some("t1"));
}

#[test]
fn a_reply_from_an_abandoned_listing_is_ignored() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a/", "b/"], None);
    let left_behind = play.press("enter");
    let opened = play.press("backspace j enter");
    assert_eq!(asked(&opened).1, &Location::new("tide-logs", "b/"));
    play.page(&left_behind, &["a/1"], None);
    assert_eq!(play.names(), [""; 0]);
    play.page(&opened, &["b/1"], None);
    assert_eq!(play.names(), ["b/1"]);
}

#[test]
fn going_back_costs_no_request_and_finds_the_place_as_it_was() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a/", "b/", "c"], None);
    let opened = play.press("j enter");
    play.page(&opened, &["b/1"], None);
    assert_eq!(play.press("backspace"), [Effect::CancelListing(View::Browser)]);
    assert_eq!((play.names(), play.browser().place.selected), (strings(&["a/", "b/", "c"]), 1));
}

#[test]
fn going_out_of_where_one_began_lists_the_parent_and_selects_the_child() {
    let mut setup = Setup::default();
    setup.draft.location = "tide-logs/b/".into();
    let mut play = Play::at_the_form(setup);
    play.press("enter");
    play.minted(1, 3600);
    let out = play.press("left");
    assert_eq!(asked(&out).1, &Location::new("tide-logs", ""));
    play.page(&out, &["a/", "b/", "c/"], None);
    assert_eq!(play.browser().place.selected, 1);
}

#[test]
fn esc_stops_a_load_and_going_past_the_last_row_takes_it_up() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a", "b"], Some("t1"));
    assert_eq!(play.press("esc"), [Effect::CancelListing(View::Browser)]);
    play.page(&second, &["c"], None);
    assert_eq!(play.names(), ["a", "b"], "the page that was abandoned came too late");
    assert_eq!(play.press("j"), [], "moving among the rows asks for nothing");
    assert_eq!(asked(&play.press("j")).2, Some("t1"));
}

#[test]
fn rows_stay_while_a_location_is_read_anew_and_when_that_fails() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a", "b"], None);
    let again = play.press("j r");
    assert_eq!(play.names(), ["a", "b"]);
    play.answer(&again, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_eq!(play.names(), ["a", "b"]);
    assert_eq!(play.model.failure().map(|failure| failure.kind), Some(FailureKind::Denied));
    let again = play.press("r");
    play.page(&again, &["a", "aa", "b"], None);
    assert_eq!((play.names(), play.browser().place.selected), (strings(&["a", "aa", "b"]), 2), "the cursor stays on b");
}

#[test]
fn a_refused_listing_is_a_state_with_a_way_out() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.answer(&first, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_eq!(play.model.failure().map(|failure| failure.kind), Some(FailureKind::Denied));
    play.press("e");
    assert_eq!(play.model.dialogs.front(), Some(&Dialog::Explanation(Explanation)));
    play.press("g ctrl-u");
    play.write("tide-archive");
    assert_eq!(asked(&play.press("enter")).1, &Location::new("tide-archive", ""));
}

#[test]
fn a_typing_error_in_the_go_to_line_stays_in_the_line() {
    let mut play = Play::browsing();
    play.press("g ctrl-u");
    play.write("https://x");
    assert_eq!(play.press("enter"), []);
    let Some(Dialog::GoTo(go_to)) = play.model.dialogs.front() else { panic!() };
    assert!(go_to.refusal.as_ref().unwrap().contains("not an S3 location"));
    assert_eq!(go_to.input.text(), "https://x");
}

#[test]
fn typing_replaces_where_one_is_and_moving_keeps_it() {
    for (keys, typed, goes_to) in [
        ("g", "tide-archive/x/", Location::new("tide-archive", "x/")),
        ("g end", "app/", Location::new("tide-logs", "app/")),
        ("g backspace", "/app/", Location::new("tide-logs", "app/")),
    ] {
        let mut play = Play::browsing();
        play.press(keys);
        play.write(typed);
        assert_eq!(asked(&play.press("enter")).1, &goes_to, "{keys} {typed}");
    }
}

#[test]
fn back_at_the_list_of_buckets_leads_nowhere_and_stops_nothing() {
    let mut play = Play::browsing();
    let out = play.press("left");
    assert_eq!(play.press("left"), []);
    play.answer(&out, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_eq!(play.model.failure().map(|failure| failure.kind), Some(FailureKind::Denied));
}

#[test]
fn going_in_again_costs_no_request_either() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a/", "b/"], None);
    let opened = play.press("enter");
    play.page(&opened, &["a/1", "a/2"], None);
    assert_eq!(
        play.press("j backspace enter"),
        [Effect::CancelListing(View::Browser), Effect::CancelListing(View::Browser)]
    );
    assert_eq!((play.names(), play.browser().place.selected), (strings(&["a/1", "a/2"]), 1));
    play.press("backspace j");
    let refused = play.press("enter");
    play.answer(&refused, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    let asked_again = play.press("backspace enter");
    assert_eq!(asked(&asked_again).1.prefix, "b/", "a place without rows is asked for again");
    let other = play.press("backspace k enter");
    assert_eq!(asked(&other).1.prefix, "a/", "only the place left last is kept");
}

#[test]
fn another_session_begins_where_one_stands() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["app/"], None);
    play.press("enter n");
    assert_eq!(play.model.form.location.text(), "s3://tide-logs/app/");
}

#[test]
fn a_service_that_goes_in_circles_is_caught_and_the_rows_stay() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a"], Some("t"));
    assert_eq!(play.page(&second, &["b"], Some("t")), []);
    assert_eq!(play.names(), ["a"]);
    assert_eq!(play.model.failure().map(|failure| failure.kind), Some(FailureKind::Malformed));
}

#[test]
fn reading_anew_while_a_page_is_on_its_way_leaves_nothing_loading_for_ever() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], Some("t1"));
    let again = play.press("r");
    assert_eq!(asked(&again).2, None);
    play.answer(&again, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_eq!((play.names(), play.model.busy_since()), (strings(&["a"]), None));
    assert_eq!(asked(&play.press("j")).2, Some("t1"), "the page that was abandoned is asked for again");
}

#[test]
fn a_click_chooses_the_profile_that_is_shown_there() {
    let mut play = Play::at_the_form(Setup::default());
    let many = (0..40).map(|n| play::profile(&format!("p{n:02}"), None)).collect();
    play.tell(Message::ProfilesLoaded(Ok(many)));
    play.model.form.profile = 39;
    play.tell(Message::Action(Action::List(ListAction::Click(0))));
    assert_eq!(play.model.form.chosen().unwrap().name, "p28", "12 of 40 are shown, the last ones");
}

#[test]
fn many_profiles_are_a_few_keys_away() {
    for (keys, chosen) in [("end", "p39"), ("end home", "p00"), ("pgdn", "p12"), ("pgdn pgup", "p00"), ("G up", "p38")]
    {
        let mut play = Play::at_the_form(Setup::default());
        let many = (0..40).map(|n| play::profile(&format!("p{n:02}"), None)).collect();
        play.tell(Message::ProfilesLoaded(Ok(many)));
        play.press(keys);
        assert_eq!(play.model.form.chosen().unwrap().name, chosen, "{keys}");
    }
}

#[test]
fn reading_the_config_files_again_keeps_the_choice() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("down F5");
    assert_eq!(play.model.form.chosen().unwrap().name, "bo");
    let profiles = ["ana", "before-bo", "bo"].map(|name| play::profile(name, None)).to_vec();
    play.tell(Message::ProfilesLoaded(Ok(profiles)));
    assert_eq!(play.model.form.chosen().unwrap().name, "bo");
}

#[test]
fn a_profiles_role_is_offered_with_the_profile_and_goes_with_it() {
    const ROLE: &str = "arn:aws:iam::111122223333:role/reader";
    for (typed, afterwards) in [("", ""), ("x", "arn:aws:iam::111122223333:role/readerx")] {
        let mut play = Play::at_the_form(Setup::default());
        let profiles = vec![play::profile("with", Some(ROLE)), play::profile("without", None)];
        play.tell(Message::ProfilesLoaded(Ok(profiles)));
        assert_eq!(play.model.form.role_arn.text(), ROLE);
        play.press("tab right right tab");
        play.write(typed);
        play.press("backtab backtab down");
        assert_eq!(play.model.form.role_arn.text(), afterwards, "typed {typed:?}");
    }
}

// --- expiry and renewal ---------------------------------------------------------------------------------------------

#[test]
fn after_its_end_by_the_clock_a_session_asks_for_nothing_by_itself() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.wait(3601);
    assert_eq!(play.model.phase(), Phase::Expired);
    assert_eq!(play.page(&first, &["a", "b"], Some("t1")), []);
    assert_eq!(play.names(), ["a", "b"]);
}

#[test]
fn a_service_may_end_a_session_before_its_time() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a"], Some("t1"));
    play.answer(&second, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert_eq!((play.model.phase(), play.names()), (Phase::Expired, strings(&["a"])));
}

#[test]
fn renewing_mints_the_same_again_and_goes_on_from_the_same_token() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a"], Some("t1"));
    play.answer(&second, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    let before = play.model.in_use().unwrap().session.request.clone();
    let effects = play.press("R R");
    let [Effect::Mint { request, .. }] = effects.as_slice() else { panic!("one call, not {effects:?}") };
    assert_eq!(request, &before);
    let effects = play.minted(2, 3600);
    assert!(effects.contains(&Effect::Forget(SessionId(1))));
    let listed = effects.iter().any(|effect| matches!(effect, Effect::List { session: SessionId(2), .. }));
    assert!(listed, "with the new session: {effects:?}");
    assert_eq!(asked(&effects).2, Some("t1"));
    play.page(&effects, &["b"], None);
    assert_eq!((play.names(), &play.browser().place.listing.rest), (strings(&["a", "b"]), &Rest::Complete));
}

#[test]
fn a_late_refusal_of_the_old_session_does_not_end_the_new_one() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a"], Some("t1"));
    play.press("R");
    let again = play.minted(2, 3600);
    assert_eq!(asked(&again).2, Some("t1"), "the page is asked for with the new session");
    play.answer(&second, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert_eq!(play.model.phase(), Phase::Fresh);
    play.page(&again, &["b"], None);
    assert_eq!(play.names(), ["a", "b"]);
}

#[test]
fn a_renewal_never_moves_the_person() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a/", "b/"], None);
    let opened = play.press("j enter");
    play.page(&opened, &["b/1"], None);
    play.press("R n");
    play.minted(2, 3600);
    assert_eq!(play.model.screen, Screen::MintForm, "the form stays in front");
    play.press("esc");
    assert_eq!((play.model.screen, play.names()), (Screen::Browser, strings(&["b/1"])));
    play.press("backspace");
    assert_eq!(play.names(), ["a/", "b/"]);
}

#[test]
fn browsing_begins_where_the_form_said_when_it_was_sent() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab tab tab");
    play.write("tide-logs/app/");
    play.press("enter");
    play.write("typed while waiting");
    let effects = play.minted(1, 3600);
    assert_eq!(asked(&effects).1, &Location::new("tide-logs", "app/"));
}

#[test]
fn what_is_explained_is_what_the_status_says() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a"], Some("t1"));
    play.answer(&second, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    play.press("R");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    let refused = refusal(FailureKind::InvalidCredentials, "InvalidClientTokenId", 403);
    play.tell(Message::Minted { generation, outcome: Err(refused.clone()) });
    assert_eq!(play.model.failure(), Some(&refused));
    play.press("esc");
    assert_eq!(play.model.failure().map(|failure| failure.kind), Some(FailureKind::Expired));
}

#[test]
fn a_new_session_abandons_what_was_asked_for_with_the_old_one() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], None);
    let old = play.press("r");
    play.press("n enter");
    let new = play.minted(2, 3600);
    assert_eq!(asked(&new).2, None, "the location is read with the new session");
    play.answer(&old, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert_eq!((play.model.phase(), play.names()), (Phase::Fresh, vec![]));
}

#[test]
fn a_place_left_for_want_of_a_session_goes_on_when_one_comes_back_to_it() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let second = play.page(&first, &["a/"], Some("t1"));
    play.answer(&second, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    play.press("enter R");
    play.minted(2, 3600);
    assert_eq!(asked(&play.press("backspace")).2, Some("t1"));
}

#[test]
fn one_esc_puts_one_message_away() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], None);
    let again = play.press("r");
    play.answer(&again, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    play.press("R");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    play.tell(Message::Minted { generation, outcome: Err(refusal(FailureKind::Network, "", 0)) });
    play.press("esc");
    assert_eq!(play.model.failure().map(|failure| failure.kind), Some(FailureKind::Expired));
    play.press("R");
    assert_eq!(asked(&play.minted(2, 3600)).2, None, "what was interrupted is read again");
}

#[test]
fn since_when_a_session_is_over_counts_from_its_refusal() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.wait(10);
    play.answer(&first, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert_eq!(play.model.in_use().unwrap().ended_at(play.model.moment()), Some(play.now));
    let next = play.model.next_change().unwrap();
    assert_eq!(next.duration_since(play.now), SignedDuration::from_secs(1), "that text changes each second");
}

#[test]
fn nothing_is_minted_without_a_key() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let mut effects = play.page(&first, &["a"], Some("t1"));
    for _ in 0..200 {
        effects.extend(play.wait(60));
    }
    effects.extend(play.press("j k enter esc r g esc"));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Mint { .. })), "{effects:?}");
}

#[test]
fn a_renewal_that_fails_loses_nothing() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], None);
    play.press("R");
    let generation = play.model.sessions.minting.waiting().unwrap().generation;
    play.tell(Message::Minted { generation, outcome: Err(refusal(FailureKind::Network, "", 0)) });
    assert_eq!(play.names(), ["a"]);
    assert_eq!(play.model.in_use().unwrap().session.id, SessionId(1));
    assert!(play.model.sessions.minting.failure().is_some());
    play.press("esc");
    assert_eq!(play.model.sessions.minting.failure(), None, "a message that was seen can be put away");
    assert!(matches!(play.press("R").as_slice(), [Effect::Mint { .. }]));
}

#[test]
fn the_services_clock_decides_about_the_end() {
    for (offset, phase) in [(0, Phase::Fresh), (3599, Phase::Critical), (3601, Phase::Expired), (-46_800, Phase::Fresh)]
    {
        let mut play = Play::browsing();
        play.tell(Message::ClockMeasured(SignedDuration::from_secs(offset)));
        assert_eq!(play.model.phase(), phase, "{offset} s ahead");
    }
}

#[test]
fn with_nothing_to_count_down_and_nothing_under_way_the_program_sleeps() {
    let mut play = Play::at_the_form(Setup::default());
    assert_eq!(play.model.next_change(), None);
    play.press("enter");
    assert!(play.model.next_change().is_some(), "a spinner turns");
    play.minted(1, 30);
    let first = play.press("r");
    play.page(&first, &["a"], None);
    play.wait(5);
    let next = play.model.next_change().unwrap().duration_since(play.now);
    assert_eq!(next, SignedDuration::from_secs(1), "the countdown");
}

#[test]
fn the_forms_limits_are_those_of_whoever_would_be_asked() {
    for (flag, limits) in [
        (None, Limits::Advised), // the profile's own endpoint is this machine
        (Some("https://sts.eu-west-1.amazonaws.com"), Limits::Enforced),
        (Some("https://minio.example.org"), Limits::Advised),
    ] {
        let source = SourceOptions { endpoint_url: flag.map(Into::into), ..SourceOptions::default() };
        let play = Play::at_the_form(Setup { source, ..Setup::default() });
        assert_eq!(play.model.form.limits(), limits, "{flag:?}");
    }
}

#[test]
fn a_shorter_life_than_asked_for_is_said() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    play.minted(1, 900);
    assert_eq!(play.model.notice.as_ref().unwrap().text, "asked for 1h, granted 15m");
}

// --- everywhere -----------------------------------------------------------------------------------------------------

#[test]
fn help_over_a_line_being_typed_gives_it_back() {
    let mut play = Play::browsing();
    play.press("g ctrl-u");
    play.write("tide");
    play.press("F1");
    assert!(matches!(play.model.dialogs.front(), Some(Dialog::Help(_))));
    play.press("esc");
    let Some(Dialog::GoTo(go_to)) = play.model.dialogs.front() else { panic!() };
    assert_eq!(go_to.input.text(), "tide");
}

#[test]
fn esc_never_quits_and_quitting_works_everywhere() {
    let overlays = ["", "?", "g", "i", "e"];
    for open in overlays {
        let mut play = Play::browsing();
        let first = play.press("r");
        play.page(&first, &["a"], None);
        play.press(open);
        assert!(!play.press("esc esc esc").contains(&Effect::Quit), "esc after {open:?}");
        play.press(open);
        assert_eq!(play.press("ctrl-c"), [Effect::Quit], "ctrl-c after {open:?}");
    }
}
