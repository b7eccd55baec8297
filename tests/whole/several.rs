//! Several sessions at once, over the sandbox: places that are kept, views compared, credentials handed over.

use crate::browsing::browsing;

#[tokio::test(start_paused = true)]
async fn two_sessions_keep_their_places_and_are_compared() {
    let stage = browsing("s3://tide-archive/", "15m").await;
    stage.until(", all ╯").await;
    stage.press("j j n enter").await;
    stage.until("2 of 2").await;
    stage.until(", all ╯").await;
    stage.press("tab").await;
    stage.until("1 of 2").await;
    assert!(stage.screen().contains("3 of 7, all"), "{}", stage.screen());
    stage.press("S").await;
    stage.until(" sessions ").await;
    stage.press("esc c").await;
    stage.until("compared").await;
    stage.until("7 rows, all").await;
    assert!(!stage.screen().contains("✗"), "{}", stage.screen());
}

#[tokio::test(start_paused = true)]
async fn no_frame_but_the_one_asked_for_holds_a_secret() {
    let stage = browsing("s3://tide-archive/", "15m").await;
    stage.until(", all ╯").await;
    stage.press("x").await;
    stage.until("••••").await;
    let masked = stage.screen();
    stage.press("v").await;
    stage.until("masked again at").await;
    let shown = stage.screen();
    let secret = shown.lines().find_map(|line| line.split_once("secret key "));
    let secret = secret.and_then(|(_, rest)| rest.split_whitespace().next()).expect("it is shown").to_owned();
    assert!(secret.len() > 20 && !masked.contains(&secret), "{shown}");
    stage.until("••••").await;
    stage.press("e").await;
    stage.until("secret is in the clipboard").await;
    assert_eq!(stage.copied().iter().filter(|text| text.contains(&secret)).count(), 1);
    stage.press("esc S esc ? esc i esc").await;
    assert!(!stage.screen().contains(&secret));
}
