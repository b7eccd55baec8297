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
    assert_shows(&stage, &["session expired", "as of 14:00:00", "stations.json", "R "]);
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
            stage.until("session expired").await;
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

/// What services answer to a session that is over.
const REFUSALS: [(u16, &str); 9] = [
    (400, "ExpiredToken"),
    (403, "ExpiredTokenException"),
    (403, "AccessDenied"),
    (403, "InvalidAccessKeyId"),
    (403, "InvalidTokenId"),
    (400, "InvalidToken"),
    (403, "SignatureDoesNotMatch"),
    (401, ""),
    (403, ""),
];

fn refusal(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!("<Error><Code>{code}</Code><Message>no</Message></Error>") }
}

/// From now on the session is refused so until the next one is minted.
fn refuse(stage: &Stage, (status, code): (u16, &'static str)) {
    let mut renewed = false;
    stage.network.refused_by(move |what| {
        renewed |= what == "GetSessionToken";
        (!renewed && what.starts_with("/tide-logs")).then(|| (status, refusal(code)))
    });
}

#[tokio::test(start_paused = true)]
async fn after_its_end_every_refusal_is_the_end_wherever_it_is_shown_and_r_goes_on() {
    for (status, code) in REFUSALS {
        for keys in ["", "G"] {
            let stage = browsing(READINGS, "10s").await;
            stage.until("station-00001.csv").await;
            stage.network.delay(|| secs(2));
            refuse(&stage, (status, code));
            stage.advance(Duration::from_millis(8500)).await;
            if keys.is_empty() {
                to_the_end_of_the_page(&stage).await;
            } else {
                stage.press(keys).await;
            }
            stage.advance(secs(5)).await;
            let shown = if code.is_empty() { "session expired".to_owned() } else { format!("{code} ({status})") };
            assert_shows(&stage, &["EXPIRED", "✗ session expired", &shown, "R renews it", "ended 14:00:1"]);
            stage.press("e").await;
            let panel = stage.screen().replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(panel.contains("the session expired at 14:00:1"), "{code} {status}: {panel}");
            assert!(panel.contains("mint it again") && !panel.contains("revoked"), "{code} {status}: {panel}");
            stage.network.delay(|| Duration::ZERO);
            stage.press("esc R").await;
            stage.until(if keys.is_empty() { "1,000 of 2,000" } else { ", all ╯" }).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn before_its_end_the_code_decides() {
    for (status, code) in REFUSALS {
        let stage = browsing(READINGS, "1h").await;
        stage.until("station-00001.csv").await;
        refuse(&stage, (status, code));
        to_the_end_of_the_page(&stage).await;
        stage.advance(secs(5)).await;
        let over = code.starts_with("Expired") || code == "InvalidTokenId";
        let screen = stage.screen();
        assert_eq!(screen.contains("EXPIRED"), over, "{code} {status}:\n{screen}");
        stage.press("e").await;
        assert!(!stage.screen().contains("the session expired at"), "{code} {status}:\n{}", stage.screen());
    }
}
