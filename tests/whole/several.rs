//! Several sessions at once, over the sandbox: places that are kept, views compared, credentials handed over.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use ebbtide::app::Dialog;

use crate::{browsing::browsing, stage::Stage};

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
    stage.until("1 of 7").await;
    let screen = stage.screen();
    assert_eq!(screen.matches("7 rows, all").count(), 2, "{screen}");
    let both = |line: &&str| line.matches('✓').count() == 2;
    assert_eq!(screen.lines().filter(both).count(), 7, "the same user sees the same: {screen}");
}

/// What the comparison's row of this name says of both sides.
fn marks(stage: &Stage, name: &str) -> String {
    let screen = stage.screen();
    let named = |line: &&str| line.split_whitespace().any(|word| word == name);
    let row = screen.lines().find(named).unwrap_or_default();
    let marks: Vec<&str> = row.split_whitespace().skip_while(|word| *word != name).skip(1).collect();
    marks.join(" ").replace('│', "").trim().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_session_for_one_prefix_is_compared_with_one_of_everything() {
    let stage = browsing("s3://tide-logs/team/", "15m").await;
    stage.until(", all ╯").await;
    stage.press("p enter").await;
    stage.until("FEDERATION").await;
    stage.until(", all ╯").await;
    // The narrow one is A, and answers first.
    let mut requests = 0;
    stage.network.delay(move || {
        requests += 1;
        Duration::from_secs(if requests % 2 == 0 { 5 } else { 0 })
    });
    stage.press("c").await;
    stage.until("… not loaded").await;
    assert_eq!(marks(&stage, "alpha/"), "✓ … not loaded");
    stage.advance(Duration::from_secs(5)).await;
    assert_eq!(marks(&stage, "alpha/"), "✓ ✓");
    // Beyond its scope the narrow one is refused, which is known while the other is still asked.
    stage.press("h").await;
    stage.until("A was refused").await;
    assert!(stage.screen().contains("B is being listed"), "{}", stage.screen());
    stage.until("1 of 4").await;
    assert_eq!(marks(&stage, "team/"), "▸ may enter ✓", "its own policy lets it in one level down");
    assert_eq!(marks(&stage, "team-secret/"), "✗ refused ✓");
    assert!(stage.screen().contains("✗ AccessDenied"), "{}", stage.screen());
}

#[tokio::test(start_paused = true)]
async fn no_frame_but_the_one_asked_for_holds_a_secret() {
    let stage = browsing("s3://tide-archive/", "15m").await;
    stage.until(", all ╯").await;
    let frames = Arc::new(Mutex::new(vec![]));
    let kept = frames.clone();
    stage.watch(move |model, frame| {
        let looking = matches!(model.dialogs.front(), Some(Dialog::Export(panel)) if panel.revealed.is_some());
        kept.lock().unwrap().push((looking, frame.to_owned()));
    });
    stage.press("x v").await;
    stage.until("masked again at").await;
    let shown = stage.screen();
    stage.until("••••").await;
    // Every way on from there, and every way in which a look ends early.
    stage.press("e e").await;
    stage.until("the secret is in its clipboard").await;
    stage.press("v v v ctrl-z v ? esc v esc S esc x j j esc ? esc i esc R").await;
    stage.advance(Duration::from_secs(15)).await;
    let copied = stage.copied();
    assert_eq!(copied.len(), 2, "two were asked for");
    let json: serde_json::Value = serde_json::from_str(&copied[1]).unwrap();
    for field in ["SecretAccessKey", "SessionToken"] {
        let secret = json[field].as_str().unwrap();
        // Long ones break over lines on screen.
        let part = &secret[..24];
        assert!(shown.contains(part) && copied[0].contains(secret), "{field}: {shown}");
        for (looking, frame) in frames.lock().unwrap().iter() {
            assert_eq!(frame.contains(part), *looking, "{field}:\n{frame}");
        }
    }
    let looks: Vec<bool> = frames.lock().unwrap().iter().map(|(looking, _)| *looking).collect();
    let begun = looks.windows(2).filter(|pair| pair == &[false, true]).count();
    assert_eq!(begun, 5, "every look was seen: {looks:?}");
}
