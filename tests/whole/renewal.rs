//! A session that renews itself, and what it does when the service is away.

use std::time::Duration;

use crate::browsing::browsing;

fn secs(number: u64) -> Duration {
    Duration::from_secs(number)
}

#[tokio::test(start_paused = true)]
async fn a_session_told_to_renews_itself_for_as_long_as_one_likes() {
    let stage = browsing("s3://tide-archive/", "30s").await;
    stage.until(", all ╯").await;
    stage.press("A enter").await;
    stage.until("renewed automatically").await;
    stage.advance(secs(600)).await;
    let screen = stage.screen();
    assert!(screen.contains("renewed automatically") && !screen.contains("EXPIRED"), "{screen}");
    let minted = stage.network.asked().iter().filter(|asked| *asked == "GetSessionToken").count();
    assert!((20..=24).contains(&minted), "{minted} calls for 600 s of 27 s each");
    let listed = stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-archive")).count();
    assert_eq!(listed, 1, "rows are not read again");
}
