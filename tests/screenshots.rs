//! The pictures of the README are what the program draws.
//!
//! `cargo run -p screenshots` draws them again.

mod support {
    //! How pictures are made and compared.
    pub(crate) mod palette;
    pub(crate) mod pictures;
    #[expect(dead_code, reason = "a picture counts neither requests nor frames")]
    pub(crate) mod stage;
    pub(crate) mod svg;
}

use std::time::Duration;

use ebbtide::domain::{mint::Mode, policy::Verbs};
use support::{pictures::Gallery, stage::Stage};
use tokio::time::Instant;

const SIZE: (u16, u16) = (100, 30);
const DEMO: &str = "ebbtide demo";
const READINGS: &str = "s3://tide-logs/readings/2026/";

fn keep(stage: &Stage, name: &str) {
    stage.with_colours(|screen| Gallery::of_the_readme().check(name, screen, DEMO));
}

/// A session of `duration` that has read the first rows of `location`.
async fn browsing(size: (u16, u16), location: &str, duration: &str) -> Stage {
    let stage = Stage::demo(size, |setup| {
        setup.draft.location = location.into();
        setup.draft.duration = duration.into();
    });
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("as user/ana").await;
    stage
}

async fn let_pass(stage: &Stage, seconds: u64) {
    stage.advance(Duration::from_secs(seconds)).await;
}

#[test]
fn every_picture_is_kept_as_svg_and_as_the_png_made_from_it() {
    let torn = Gallery::of_the_readme().torn();
    assert!(torn.is_empty(), "cargo run -p screenshots makes both: {torn:?}");
}

#[tokio::test(start_paused = true)]
async fn form() {
    let stage = Stage::demo(SIZE, |_| {});
    stage.until("Enter mints").await;
    stage.press("tab right tab ctrl-u").await;
    stage.paste("1h").await;
    stage.press("tab ctrl-u").await;
    stage.paste("inspector").await;
    stage.press("tab").await;
    stage.paste("s3://tide-logs/team/").await;
    stage.press("tab").await;
    keep(&stage, "form");
}

#[tokio::test(start_paused = true)]
async fn browser() {
    let stage = browsing(SIZE, READINGS, "1h").await;
    let_pass(&stage, 17 * 60 + 23).await;
    stage.press("pgdn pgdn k k k k k k k k").await;
    keep(&stage, "browser");
}

#[tokio::test(start_paused = true)]
async fn browser_in_a_small_terminal() {
    let stage = browsing((80, 24), "s3://tide-archive/2026/10/", "15m").await;
    let_pass(&stage, 150).await;
    stage.press("j j j j").await;
    keep(&stage, "browser-80x24");
}

#[tokio::test(start_paused = true)]
async fn expiring() {
    let stage = browsing(SIZE, "s3://tide-archive/", "15m").await;
    let_pass(&stage, 12 * 60 + 40).await;
    stage.press("j j").await;
    keep(&stage, "expiring");
}

#[tokio::test(start_paused = true)]
async fn expired() {
    let stage = browsing(SIZE, READINGS, "15m").await;
    stage.press("j j j j").await;
    let_pass(&stage, 15 * 60 + 37).await;
    keep(&stage, "expired");
}

#[tokio::test(start_paused = true)]
async fn denied() {
    let stage = Stage::demo(SIZE, |setup| {
        setup.draft.mode = Mode::Federation;
        setup.draft.name = "inspector".into();
        setup.draft.duration = "15m".into();
        setup.draft.location = "s3://tide-logs/team/alpha/".into();
        setup.draft.verbs = Some(Verbs::READ);
    });
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("shift-001.csv").await;
    let_pass(&stage, 95).await;
    stage.press("left").await;
    stage.until("AccessDenied").await;
    keep(&stage, "denied");
}

#[tokio::test(start_paused = true)]
async fn details() {
    let stage = browsing(SIZE, "s3://tide-oddities/control/", "1h").await;
    stage.until(", all ╯").await;
    stage.press("j j i").await;
    stage.until("6 requests, 0 bytes of the object").await;
    keep(&stage, "details");
}

/// Stands on the object of this name; how long ago the play began. The process that decodes content takes real time.
async fn standing_on(name: &str) -> (Stage, Instant) {
    let begun = Instant::now();
    let stage = browsing(SIZE, "s3://tide-objects/kinds/", "1h").await;
    stage.until(", all ╯").await;
    stage.press("/").await;
    for letter in name.chars() {
        stage.press(&letter.to_string()).await;
    }
    stage.until("1 of 1 that match").await;
    stage.press("enter esc").await;
    (stage, begun)
}

/// Stops the clock, and lets it stand where every run does.
async fn stop_the_clock(stage: &Stage, begun: Instant) {
    tokio::time::pause();
    stage.advance(Duration::from_millis(83_500).saturating_sub(begun.elapsed())).await;
}

#[tokio::test]
async fn object() {
    let (stage, begun) = standing_on("readings.parquet").await;
    stage.press("enter").await;
    stage.until("Parquet").await;
    stop_the_clock(&stage, begun).await;
    keep(&stage, "object");
}

#[tokio::test]
async fn pane() {
    let (stage, begun) = standing_on("readings.csv.gz").await;
    stage.press("v").await;
    stage.until("CSV with a header").await;
    stop_the_clock(&stage, begun).await;
    keep(&stage, "pane");
}

#[tokio::test(start_paused = true)]
async fn help() {
    let stage = browsing(SIZE, "s3://tide-archive/", "1h").await;
    stage.until(", all ╯").await;
    stage.press("F1").await;
    keep(&stage, "help");
}
