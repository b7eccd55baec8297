//! Filtering and sorting with the worker's own hands.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::{browsing::browsing, stage::Stage};

const READINGS: &str = "s3://tide-logs/readings/2026/";

#[tokio::test(start_paused = true)]
async fn what_is_typed_filters_and_what_is_loaded_later_too() {
    let stage = browsing(READINGS, "1h").await;
    stage.until("1 of 1,000 loaded, more to come").await;
    let matching = |stage: &Stage| stage.names().iter().filter(|name| name.ends_with("99.csv")).count();
    assert_eq!(matching(&stage), 10);
    stage.press("/ 9 9 . c s v enter").await;
    stage.until("1 of 10 that match · 1,000 loaded, more not loaded").await;
    stage.press(&"down ".repeat(10)).await;
    stage.until("2,000 loaded").await;
    assert_eq!(matching(&stage), 20);
    stage.until("10 of 20 that match").await;
    stage.press("esc").await;
    stage.until("999 of 2,000 loaded").await;
}

#[tokio::test(start_paused = true)]
async fn of_all_that_was_wished_for_the_newest_is_shown() {
    let stage = browsing("s3://tide-logs/", "1h").await;
    stage.until("all ╯").await;
    let wrong = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&wrong);
    stage.watch(move |model, screen| {
        let Some(place) = model.browser().map(|browser| &browser.place) else { return };
        let filter = place.arrangement().filter;
        let matches = (0..place.count()).all(|at| place.get(at).is_some_and(|entry| entry.name().contains(&filter)));
        seen.fetch_add(usize::from(!matches || screen.contains("panicked")), Ordering::Relaxed);
    });
    stage.press("s / t backspace e backspace r e a d s enter s s").await;
    stage.until("/read").await;
    stage.until("nothing matches reads").await;
    stage.press("/ backspace enter").await;
    stage.until("1 of 1 that match").await;
    assert_eq!(wrong.load(Ordering::Relaxed), 0);
}
