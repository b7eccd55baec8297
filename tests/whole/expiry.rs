//! A session's end, by the clock and by the service, and going on with the next one.

use std::time::Duration;

use crate::{
    browsing::{browsing, to_the_end_of_the_page},
    stage::Stage,
};

const READINGS: &str = "s3://tide-logs/readings/2026/";

fn secs(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn times(stage: &Stage, action: &str) -> usize {
    stage.network.asked().iter().filter(|asked| *asked == action).count()
}

fn assert_shows(stage: &Stage, texts: &[&str]) {
    let screen = stage.screen();
    for text in texts {
        assert!(screen.contains(text), "{text:?} should be on screen:\n{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_by_the_clock_leaves_its_rows_and_asks_nobody() {
    let stage = browsing("s3://tide-archive/", "30s").await;
    stage.until(", all ╯").await;
    stage.advance(secs(23)).await;
    assert_shows(&stage, &["ending", "R renews"]);
    stage.until("EXPIRED").await;
    assert_shows(&stage, &["ExpiredToken", "as of 14:00:00", "stations.json", "R "]);
    let (asked, draws) = (stage.network.asked().len(), stage.draws());
    stage.press("j j").await;
    stage.advance(secs(600)).await;
    assert_eq!(stage.network.asked().len(), asked, "nobody is asked");
    assert!(stage.draws() - draws <= 603, "once a second, and twice for the keys");
    assert_shows(&stage, &["EXPIRED 10:00 ago", "stations.json"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_while_a_page_is_on_its_way_keeps_what_has_arrived() {
    let stage = browsing(READINGS, "10s").await;
    stage.network.delay(|| secs(2));
    stage.advance(Duration::from_millis(8500)).await;
    to_the_end_of_the_page(&stage).await;
    stage.advance(secs(2)).await;
    stage.until("ExpiredToken").await;
    assert_shows(&stage, &["EXPIRED", "1,000 of 1,000", "incomplete", "as of 14:00:00"]);
    assert_eq!(times(&stage, "GetSessionToken"), 1, "nothing is minted without a key");

    stage.press("R").await;
    stage.until("1,000 of 2,000").await;
    assert_eq!(times(&stage, "GetSessionToken"), 2, "one call renews");
    assert_shows(&stage, &["left"]);
}

#[tokio::test(start_paused = true)]
async fn a_listing_joined_from_four_sessions_is_the_uninterrupted_one() {
    let whole = listed(&browsing(READINGS, "1h").await, &[]).await;
    assert_eq!(whole.len(), 12_000);

    let stage = browsing(READINGS, "1m").await;
    stage.network.delay(|| secs(2));
    let lapses = [(1, true), (4, false), (10, true)].map(|(behind, asked)| Lapse { behind, asked });
    let joined = listed(&stage, &lapses).await;
    assert_eq!(times(&stage, "GetSessionToken"), 4);
    assert!(joined == whole, "{} names", joined.len());
    let pages = stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-logs")).count();
    assert_eq!(pages, 14, "each page once, and the two that came too late again");
}

/// A session lapses behind so many pages.
struct Lapse {
    behind: usize,
    /// Whether the next page has been asked for by then.
    asked: bool,
}

/// Goes on to the last row, page by page, letting sessions of a minute lapse in between and renewing them.
async fn listed(stage: &Stage, lapses: &[Lapse]) -> Vec<String> {
    let mut born = tokio::time::Instant::now();
    while !stage.screen().contains(", all ╯") {
        let pages = stage.names().len() / 1000;
        let lapse = lapses.iter().find(|lapse| lapse.behind == pages);
        let left = secs(60).saturating_sub(born.elapsed());
        if let Some(lapse) = lapse {
            stage.advance(if lapse.asked { left.saturating_sub(secs(1)) } else { left }).await;
        }
        to_the_end_of_the_page(stage).await;
        if lapse.is_some() {
            stage.advance(secs(3)).await;
            stage.until("ExpiredToken").await;
            assert_eq!(stage.names().len(), pages * 1000, "what has arrived stays");
            stage.press("R").await;
            stage.until("renewed").await;
            born = tokio::time::Instant::now();
        }
        stage.advance(secs(3)).await;
    }
    stage.names()
}

#[tokio::test(start_paused = true)]
async fn a_renewal_in_time_changes_nothing_but_the_lifetime() {
    let stage = browsing("s3://tide-archive/", "30s").await;
    stage.until(", all ╯").await;
    stage.advance(secs(25)).await;
    stage.press("j j R").await;
    stage.until("renewed").await;
    stage.advance(secs(20)).await;
    assert_shows(&stage, &["3 of 7", "stations.json"]);
    assert!(!stage.screen().contains("EXPIRED"), "{}", stage.screen());
    assert_eq!(times(&stage, "GetSessionToken"), 2);
    assert_eq!(stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-archive")).count(), 1);
}
