//! Paging, cancelling, and answers that come when nobody waits for them any more.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ebbtide::{app::Profiles, domain::location::Location, run::Ending};

use crate::stage::{KEYSTROKE, Stage};

pub(crate) const SIZE: (u16, u16) = (100, 30);
/// What is neither work nor waiting: a key, and the frame that shows what it did.
const FRAME: Duration = Duration::from_millis(16);

fn secs(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// A session of `duration` that has read the first rows of `location`.
pub(crate) async fn browsing(location: &str, duration: &str) -> Stage {
    browsing_in(SIZE, location, duration).await
}

async fn browsing_in(size: (u16, u16), location: &str, duration: &str) -> Stage {
    let stage = Stage::demo(size, |setup| {
        setup.draft.duration = duration.into();
        setup.draft.location = location.into();
    });
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("as user/ana").await;
    stage
}

/// Twelve pages, of which the first has come.
const READINGS: &str = "s3://tide-logs/readings/2026/";

/// Goes on by screenfuls to the last row of the page that has come, which asks for the next one.
pub(crate) async fn to_the_end_of_the_page(stage: &Stage) {
    stage.press(&"pgdn ".repeat(50)).await;
}

fn pages_asked(stage: &Stage) -> usize {
    stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-logs")).count()
}

#[tokio::test(start_paused = true)]
async fn the_first_frame_comes_before_any_file_is_read_and_no_service_is_asked_before_enter() {
    let stage = Stage::demo(SIZE, |_| {});
    let frames = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&frames);
    stage.watch(move |model, screen| {
        if count.fetch_add(1, Ordering::Relaxed) == 0 {
            assert_eq!(model.form.profiles, Profiles::Loading);
            assert!(screen.contains("ebbtide") && screen.contains("SANDBOX"), "{screen}");
        }
    });
    stage.until("mistyped").await;
    stage.advance(secs(60)).await;
    assert_eq!(stage.network.asked(), [""; 0]);
    assert_eq!(frames.load(Ordering::Relaxed), 2, "the form, and the form with its profiles");
}

#[tokio::test(start_paused = true)]
async fn rows_come_one_round_trip_after_enter() {
    let stage = browsing("", "1h").await;
    stage.network.delay(|| secs(2));
    stage.press("enter").await; // the first bucket is tide-archive
    let waited = stage.until("stations.json").await + KEYSTROKE;
    assert!((secs(2)..secs(2) + FRAME).contains(&waited), "{waited:?}");
    stage.network.delay(|| Duration::from_hours(1));
    stage.press("left").await;
    assert!(stage.screen().contains("tide-vault"), "going back asks nobody");
}

#[tokio::test(start_paused = true)]
async fn pages_are_asked_for_two_screenfuls_ahead_of_the_cursor() {
    let stage = browsing(READINGS, "1h").await;
    stage.until("station-00001.csv").await;
    stage.network.delay(|| secs(1));
    assert_eq!((stage.names().len(), pages_asked(&stage)), (1000, 1), "one page, as long as nobody goes on");
    let mut screenfuls = 1;
    while pages_asked(&stage) == 1 {
        stage.press("pgdn").await;
        screenfuls += 1;
    }
    assert!(screenfuls > 40, "asked already after {screenfuls} screenfuls");
    stage.press("pgdn").await;
    assert!(stage.screen().contains(" of 1,000") && !stage.screen().contains("1,000 of 1,000"), "{}", stage.screen());
    stage.advance(secs(1)).await;
    assert_eq!(stage.names().len(), 2000, "the page was there before the cursor");
    stage.advance(secs(600)).await;
    assert_eq!(pages_asked(&stage), 2, "one page ahead is enough");
}

#[tokio::test(start_paused = true)]
async fn keys_are_answered_at_once_while_a_page_is_on_its_way() {
    let stage = browsing(READINGS, "1h").await;
    stage.network.delay(|| secs(5));
    to_the_end_of_the_page(&stage).await;
    for (keys, shows) in [("", "1,000 of"), ("k k", "998 of"), ("home", "1 of"), ("j", "2 of"), ("F1", " keys ")] {
        stage.press(keys).await;
        let screen = stage.screen();
        assert!(screen.contains(shows) && stage.names().len() == 1000, "{keys}: {shows}\n{screen}");
    }
    stage.press("esc").await;
    stage.until("2 of 2,000").await;
    assert_eq!(pages_asked(&stage), 2);
}

#[tokio::test(start_paused = true)]
async fn esc_stops_asking_until_somebody_asks_again() {
    let stage = browsing(READINGS, "2h").await;
    stage.network.delay(|| secs(5));
    to_the_end_of_the_page(&stage).await;
    stage.advance(secs(4)).await;
    stage.press("esc").await;
    stage.until("stopped").await;
    stage.press("k k k").await;
    stage.advance(secs(600)).await;
    assert_eq!((stage.names().len(), pages_asked(&stage)), (1000, 2), "{}", stage.screen());
    stage.press("j j j j").await;
    stage.until("1,000 of 2,000").await;
    assert_eq!(pages_asked(&stage), 3);
}

#[tokio::test(start_paused = true)]
async fn esc_stops_the_first_page_too_and_enter_asks_for_it_again() {
    let stage = browsing("", "1h").await;
    stage.network.delay(|| secs(5));
    stage.press("enter esc").await;
    stage.advance(secs(60)).await;
    assert!(stage.screen().contains("not loaded yet"), "{}", stage.screen());
    stage.press("enter").await;
    stage.until("stations.json").await;
}

#[tokio::test(start_paused = true)]
async fn quitting_does_not_wait_for_an_answer() {
    let stage = browsing("", "1h").await;
    stage.network.delay(|| secs(3600));
    let before = tokio::time::Instant::now();
    stage.press("enter q").await;
    assert_eq!(stage.ending().await, Ending::Quit);
    assert!(before.elapsed() < FRAME);
}

#[tokio::test(start_paused = true)]
async fn a_countdown_costs_a_frame_a_minute_above_an_hour_and_a_frame_a_second_below() {
    let stage = browsing("", "1h20m").await;
    stage.advance(secs(10)).await; // until notices have gone
    let (draws, asked) = (stage.draws(), stage.network.asked().len());
    stage.advance(secs(600)).await;
    assert!((9..=11).contains(&(stage.draws() - draws)), "{} in ten minutes", stage.draws() - draws);
    stage.advance(secs(600)).await; // below an hour now
    let draws = stage.draws();
    stage.advance(secs(60)).await;
    assert!((59..=61).contains(&(stage.draws() - draws)), "{} in a minute", stage.draws() - draws);
    assert_eq!(stage.network.asked().len(), asked, "and no request");
}

/// Numbers that look random and are the same on every run. <https://prng.di.unimi.it/splitmix64.c>
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let at = self.below(choices.len() as u64);
        choices[usize::try_from(at).expect("it is below a length")]
    }
}

const TOUR: [&str; 7] = [
    "s3://",
    "s3://tide-archive/",
    "s3://tide-archive/2026/",
    "s3://tide-archive/2026/10/",
    "s3://tide-logs/",
    "s3://tide-logs/team/",
    "s3://tide-logs/team/alpha/",
];

/// What each place of the tour holds, read without haste.
async fn truth() -> HashMap<Location, Vec<String>> {
    let mut truth = HashMap::new();
    for place in TOUR {
        let stage = browsing(place, "1h").await;
        stage.until(", all ╯").await;
        truth.insert(place.parse().expect("it is a location"), stage.names());
    }
    truth
}

#[tokio::test(start_paused = true)]
async fn whatever_comes_late_rows_always_belong_to_the_place_on_screen() {
    const SEED: u64 = 20_261_122;
    println!("seed {SEED}"); // shown if this fails
    let truth = truth().await;
    let stage = browsing_in((100, 15), "", "12h").await;
    let filled = Arc::new(AtomicUsize::new(0));
    let frames = Arc::clone(&filled);
    stage.watch(move |model, screen| {
        let Some(listing) = model.browser().map(|browser| &browser.place.listing) else { return };
        if listing.rows.is_empty() {
            return;
        }
        let names: Vec<String> = listing.rows.iter().map(|entry| entry.name().to_owned()).collect();
        assert_eq!(names, truth[&listing.location], "at {}", listing.location);
        let title = format!(" {} ", listing.location.in_words());
        assert!(screen.lines().any(|line| line.contains(&title)), "the title names it:\n{screen}");
        frames.fetch_add(1, Ordering::Relaxed);
    });
    let (mut chance, mut delays) = (Chance(SEED), Chance(SEED + 1));
    stage.network.delay(move || Duration::from_millis(delays.below(5000)));
    for _ in 0..300 {
        match chance.below(10) {
            0..6 => {
                stage.press("g ctrl-u").await;
                stage.paste(chance.one_of(&TOUR)).await;
                stage.press("enter").await;
            }
            6 | 7 => stage.press("left").await,
            8 => stage.press("r").await,
            _ => stage.press("esc").await,
        }
        stage.advance(Duration::from_millis(chance.below(4000))).await;
    }
    let frames = filled.load(Ordering::Relaxed);
    assert!(frames > 300, "only {frames} frames had rows");
}
