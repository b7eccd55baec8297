//! Everything that a location holds, asked for by many requests at a time: what comes, how often it is drawn, and all
//! that can end it before its end.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use ebbtide::app::Setup;
use tokio::time::Instant;

use crate::{
    browsing::{Chance, SIZE},
    stage::Stage,
};

const PREFIX: &str = "readings/2026/";
const KEYS: usize = 12_000;
/// Keys of a page: there are 120 pages.
const PAGE: usize = 100;
pub(crate) const ALL: &str = "12,000 of 12,000, all";

fn secs(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// What is there, in the order of keys.
pub(crate) fn truth() -> Vec<String> {
    (1..=KEYS).map(|number| format!("{PREFIX}station-{number:05}.csv")).collect()
}

/// Its first page on screen; each answer from now on takes its own time, a second at most.
pub(crate) async fn beginning(duration: &str, change: impl FnOnce(&mut Setup)) -> Stage {
    let stage = Stage::with_pages_of(PAGE, SIZE, |setup| {
        setup.draft.duration = duration.into();
        setup.draft.location = format!("s3://tide-logs/{PREFIX}");
        change(setup);
    });
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("station-00001.csv").await;
    let mut delays = Chance(7);
    stage.network.delay(move || Duration::from_millis(50 + delays.below(900)));
    stage
}

fn pages_asked(stage: &Stage) -> usize {
    stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-logs")).count()
}

fn mints(stage: &Stage) -> usize {
    stage.network.asked().iter().filter(|asked| *asked == "GetSessionToken").count()
}

#[tokio::test(start_paused = true)]
async fn every_key_comes_once_and_in_order_by_less_than_two_requests_a_page() {
    let stage = beginning("1h", |_| {}).await;
    stage.press("G").await;
    let took = stage.until(ALL).await;
    assert!(stage.names() == truth(), "{} names", stage.names().len());
    assert!(took < secs(10), "120 pages of half a second each took {took:?}");
    let asked = pages_asked(&stage);
    assert!(asked < 240, "{asked} requests for 120 pages");
    stage.advance(secs(600)).await;
    assert_eq!(pages_asked(&stage), asked, "and then none");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_answers_a_second_are_drawn_thirty_times_and_rows_come_only_behind_those_before() {
    let stage = beginning("1h", |_| {}).await;
    let drawn: Arc<Mutex<Vec<(Instant, usize)>>> = Arc::default();
    let frames = Arc::clone(&drawn);
    stage.watch(move |model, _| {
        frames
            .lock()
            .unwrap()
            .push((Instant::now(), model.browser().map_or(0, |browser| browser.place.listing.rows.len())));
    });
    // One answer after the other, whoever asks for how many.
    let mut free = Instant::now();
    stage.network.delay(move || {
        free = free.max(Instant::now()) + Duration::from_millis(10);
        free - Instant::now()
    });
    stage.press("G").await;
    let took = stage.until(ALL).await;
    assert!(took > secs(1), "it took {took:?}");
    let drawn = drawn.lock().unwrap();
    assert!(drawn.is_sorted_by_key(|(_, rows)| *rows), "{drawn:?}");
    for (at, (begun, _)) in drawn.iter().enumerate() {
        let within = drawn[at..].iter().take_while(|(then, _)| *then < *begun + secs(1)).count();
        assert!(within <= 30 + 10 + 2, "{within} frames in a second: for rows, the spinner, and the countdown");
    }
}

#[tokio::test(start_paused = true)]
async fn esc_stops_it_and_no_request_is_made_any_more_until_somebody_goes_on() {
    let stage = beginning("1h", |_| {}).await;
    stage.press("G").await;
    stage.advance(secs(1)).await;
    assert!(stage.screen().contains("listing all") && stage.screen().contains("Esc stops"), "{}", stage.screen());
    stage.press("esc").await;
    let (asked, rows) = (pages_asked(&stage), stage.names());
    assert!(stage.screen().contains("stopped") && rows.len() < KEYS, "{}", stage.screen());
    stage.advance(secs(600)).await;
    assert_eq!((pages_asked(&stage), stage.names().len()), (asked, rows.len()));
    assert!(rows.iter().eq(truth().iter().take(rows.len())), "without a gap");
    assert!(stage.screen().contains("more to come"), "{}", stage.screen());
    stage.press("G").await;
    stage.until(ALL).await;
    assert!(stage.names() == truth(), "{} names", stage.names().len());
}

#[tokio::test(start_paused = true)]
async fn leaving_its_place_ends_its_requests_and_coming_back_goes_on() {
    for (leaves, returns, elsewhere) in [("left", "]", "1 of 1, all"), ("g", "[", "stations.json")] {
        let stage = beginning("1h", |_| {}).await;
        stage.press("G").await;
        stage.advance(secs(1)).await;
        stage.press(leaves).await;
        if leaves == "g" {
            stage.press("ctrl-u").await;
            stage.paste("s3://tide-archive/").await;
            stage.press("enter").await;
        }
        let asked = stage.network.asked().len();
        stage.until(elsewhere).await;
        stage.advance(secs(600)).await;
        assert!(stage.network.asked().len() <= asked + 1, "{leaves}: nothing but the page of where one went to");
        stage.press(returns).await;
        stage.advance(secs(10)).await;
        let rows = stage.names();
        assert!((PAGE..KEYS).contains(&rows.len()), "{leaves}: {} rows", rows.len());
        stage.press("G").await;
        stage.until(ALL).await;
        assert!(stage.names() == truth(), "{leaves}: {} names", stage.names().len());
    }
}

#[tokio::test(start_paused = true)]
async fn going_back_to_rows_that_are_kept_ends_its_requests_too() {
    let stage = beginning("1h", |_| {}).await;
    stage.press("left").await;
    stage.until("1 of 1, all").await;
    stage.press("] G").await;
    stage.advance(secs(1)).await;
    assert!(stage.screen().contains("listing all"), "{}", stage.screen());
    stage.press("[").await;
    let asked = pages_asked(&stage);
    stage.advance(secs(600)).await;
    assert!(stage.screen().contains("1 of 1, all"), "{}", stage.screen());
    assert_eq!(pages_asked(&stage), asked);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_in_the_middle_is_renewed_by_one_key_as_often_as_need_be() {
    let stage = beginning("10s", |_| {}).await;
    // A round of requests fits into a session, and then none.
    stage.network.delay(|| secs(4));
    stage.press("G").await;
    let mut renewals = 0;
    loop {
        stage.advance(secs(12)).await;
        if stage.screen().contains(ALL) {
            break;
        }
        let (asked, rows) = (stage.network.asked().len(), stage.names());
        assert!(rows.iter().eq(truth().iter().take(rows.len())), "{} rows stay, without a gap", rows.len());
        let screen = stage.screen();
        assert!(screen.contains("session expired") && screen.contains("R renews it"), "{screen}");
        stage.advance(secs(60)).await;
        assert_eq!(stage.network.asked().len(), asked, "nobody is asked until there is another session");
        stage.press("R").await;
        renewals += 1;
        stage.until("renewed").await;
        assert!(renewals < 50, "{}", stage.screen());
    }
    assert!(renewals > 1, "it ended several times");
    assert!(stage.names() == truth(), "{} names after {renewals} renewals", stage.names().len());
    assert_eq!(mints(&stage), renewals + 1, "one call for each");
    assert_only_sessions_list(&stage, renewals + 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_renews_itself_lists_on_as_if_nothing_had_been() {
    let stage = beginning("10s", |_| {}).await;
    stage.network.delay(|| secs(3));
    stage.press("A enter G").await;
    stage.until(ALL).await;
    assert!(stage.names() == truth(), "{} names", stage.names().len());
    let sessions = mints(&stage);
    assert!(sessions > 1, "it was renewed");
    assert_only_sessions_list(&stage, sessions);
}

/// Temporary keys alone were used, and of no more sessions than were minted: the rights stay those of the first.
fn assert_only_sessions_list(stage: &Stage, sessions: usize) {
    let keys = stage.network.keys_used_for("/tide-logs");
    assert!(keys.iter().all(|key| key.starts_with("ASIA")) && keys.len() <= sessions, "{keys:?} of {sessions}");
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_stands_meanwhile_shows_exactly_what_matches_in_the_end() {
    let stage = beginning("1h", |_| {}).await;
    stage.press("/ 9 9 . c s v enter G").await;
    stage.until("of 120 that match · 12,000 loaded, all").await;
    let shown: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&shown);
    stage.watch(move |model, _| {
        let Some(place) = model.browser().map(|browser| &browser.place) else { return };
        *seen.lock().unwrap() = (0..place.count()).filter_map(|at| Some(place.get(at)?.name().to_owned())).collect();
    });
    stage.press("home").await;
    let matching: Vec<String> = truth().into_iter().filter(|name| name.contains("99.csv")).collect();
    assert_eq!(*shown.lock().unwrap(), matching);
}

#[tokio::test(start_paused = true)]
async fn memory_that_is_full_says_so_and_never_looks_complete() {
    let stage = beginning("1h", |setup| setup.most_memory = 50_000).await;
    let whole = Arc::new(Mutex::new(false));
    let seen = Arc::clone(&whole);
    stage.watch(move |_, screen| *seen.lock().unwrap() |= screen.contains(", all"));
    stage.press("G").await;
    stage.until("the rows take 48.8 KiB").await;
    let asked = pages_asked(&stage);
    assert!(asked < KEYS / PAGE, "rows that wait for others take memory too, but {asked} pages were asked for");
    stage.advance(secs(600)).await;
    let rows = stage.names();
    assert!((PAGE..KEYS).contains(&rows.len()) && rows.iter().eq(truth().iter().take(rows.len())), "{}", rows.len());
    assert_eq!(pages_asked(&stage), asked, "nothing is asked for that has no room");
    assert!(stage.screen().contains("loaded, more to come"), "{}", stage.screen());
    stage.press("G").await;
    stage.until("the rows take 48.8 KiB").await;
    assert!(!*whole.lock().unwrap());
}
