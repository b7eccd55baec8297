//! A service that asks for fewer requests: it is asked again for a while, which is shown, and can be stopped at any time.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    browsing::{SIZE, browsing, to_the_end_of_the_page},
    everything::{ALL, beginning, truth},
    stage::Stage,
};

const READINGS: &str = "s3://tide-logs/readings/2026/";
const SLOW_DOWN: &str = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
const THROTTLING: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message>\
    </Error><RequestId>1</RequestId></ErrorResponse>";

/// From now on what begins so is refused, for as long.
fn throttle(stage: &Stage, what: &'static str, refusal: (u16, &'static str), lasts: Duration) {
    let begun = Instant::now();
    stage.network.refused_by(move |asked| {
        let refused = asked.starts_with(what) && begun.elapsed() < lasts;
        refused.then(|| (refusal.0, refusal.1.to_owned()))
    });
}

fn asked(stage: &Stage, what: &str) -> usize {
    stage.network.asked().iter().filter(|asked| asked.starts_with(what)).count()
}

#[tokio::test(start_paused = true)]
async fn a_page_outlives_ten_seconds_of_throttling_and_what_is_waited_for_is_counted_down() {
    let stage = browsing(READINGS, "1h").await;
    stage.until("station-00001.csv").await;
    throttle(&stage, "/tide-logs", (503, SLOW_DOWN), Duration::from_secs(10));
    to_the_end_of_the_page(&stage).await;
    stage.until("listing page 2 · 1,000 rows so far · Esc stops · SlowDown (503), attempt").await;
    stage.until(" in 3 s").await;
    stage.until(" in 1 s").await;
    stage.until("1,000 of 2,000").await;
    assert!(!stage.screen().contains("SlowDown"), "{}", stage.screen());
}

#[tokio::test(start_paused = true)]
async fn a_wait_can_be_stopped_and_gone_on_from() {
    let stage = browsing(READINGS, "1h").await;
    stage.until("station-00001.csv").await;
    throttle(&stage, "/tide-logs", (429, ""), Duration::from_secs(20));
    to_the_end_of_the_page(&stage).await;
    stage.until(" · 429, attempt").await;
    stage.press("esc").await;
    stage.until("stopped").await;
    let before = asked(&stage, "/tide-logs");
    stage.advance(Duration::from_mins(1)).await;
    assert_eq!(asked(&stage, "/tide-logs"), before, "nothing is asked any more");
    assert!(!stage.screen().contains("attempt"), "{}", stage.screen());
    stage.press("down").await;
    stage.until("of 2,000").await;
}

#[tokio::test(start_paused = true)]
async fn asking_for_everything_outlives_ten_seconds_of_throttling_and_tells_what_it_waits_for() {
    let stage = beginning("1h", |_| {}).await;
    throttle(&stage, "/tide-logs", (503, SLOW_DOWN), Duration::from_secs(10));
    stage.press("G").await;
    stage.until(" · Esc stops · SlowDown (503), attempt").await;
    stage.until(ALL).await;
    assert!(stage.names() == truth(), "{} names", stage.names().len());
}

#[tokio::test(start_paused = true)]
async fn throttling_without_end_is_named_as_that_and_r_goes_on() {
    for keys in ["", "G"] {
        let stage = browsing(READINGS, "1h").await;
        stage.until("station-00001.csv").await;
        throttle(&stage, "/tide-logs", (503, SLOW_DOWN), Duration::from_mins(2));
        if keys.is_empty() {
            to_the_end_of_the_page(&stage).await;
        } else {
            stage.press(keys).await;
        }
        stage.until("not listed · r retries").await;
        assert!(stage.screen().contains("SlowDown (503)"), "{}", stage.screen());
        assert!(asked(&stage, "/tide-logs") < 100, "{}", asked(&stage, "/tide-logs"));
        stage.advance(Duration::from_mins(2)).await;
        stage.press("r").await;
        stage.until("of 2,000").await;
    }
}

#[tokio::test(start_paused = true)]
async fn minting_outlives_throttling_and_says_so() {
    let stage = Stage::demo(SIZE, |setup| setup.draft.location = READINGS.into());
    stage.until("Enter mints").await;
    throttle(&stage, "GetSessionToken", (400, THROTTLING), Duration::from_secs(10));
    stage.press("enter").await;
    stage.until("minting").await;
    stage.until(" · Throttling (400), attempt").await;
    stage.until("station-00001.csv").await;
    assert!(asked(&stage, "GetSessionToken") < 12, "{}", asked(&stage, "GetSessionToken"));
}
