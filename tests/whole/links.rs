//! Links: through the worker and the SDK to the clipboard, and opened at the sandbox without credentials.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use ebbtide::clock::Clock;

use crate::{
    browsing::SIZE,
    stage::{START, Stage},
};

/// The list of `s3://tide-objects/kinds/` by a federated user who may read it, for so long.
async fn reading(stage: &Stage) {
    stage.until("✓ Enter mints").await;
    stage.press("tab right enter").await;
    stage.until("as federated-user/").await;
    stage.until("of 20, all").await;
}

fn narrowed(setup: &mut ebbtide::app::Setup, duration: &str) {
    setup.draft.location = "s3://tide-objects/kinds/".into();
    setup.draft.duration = duration.into();
}

/// The time that a clock shows when the services' clock shows [`START`], in hours ahead.
fn clock(hours: i64) -> Clock {
    let start: jiff::Timestamp = START.parse().expect("it is a time");
    Clock::starting_at(start + jiff::SignedDuration::from_hours(hours))
}

#[tokio::test(start_paused = true)]
async fn a_link_for_a_week_works_until_the_second_that_is_shown_and_not_after() {
    for hours in [0, 3, -3] {
        let stage = Stage::with_clocks(SIZE, clock(hours), clock(0), |setup| narrowed(setup, "20s"));
        let frames = Arc::new(Mutex::new(String::new()));
        let kept = frames.clone();
        stage.watch(move |_, frame| kept.lock().unwrap().push_str(frame));
        reading(&stage).await;
        stage.press("end u left left").await;
        stage.until("not 168h: the session that signs it ends then").await;
        stage.until("2026-11-22 14:00:20 UTC, by the service's clock").await;
        stage.press("enter").await;
        stage.until("link sent to the terminal: works for anyone who has it, until 2026-11-22 14:00:20 UTC").await;
        let [url] = &stage.copied()[..] else { panic!("{:?}", stage.copied()) };
        let signature = url.split("X-Amz-Signature=").nth(1).expect("it is signed");
        assert!(!frames.lock().unwrap().contains(&signature[..16]), "no frame shows it");
        assert_eq!(stage.open_link("GET", url).await, (200, 345), "{hours} h: {url}");
        assert_eq!(stage.open_link("HEAD", url).await.0, 403, "it is one for GET");
        assert!(!stage.network.asked().iter().any(|asked| asked.contains("X-Amz-Signature")), "nobody opened it here");
        stage.press("S").await;
        stage.until("1 link until 14:00:20").await;
        let left = jiff::SignedDuration::from_millis(18_900) - passed(&stage);
        stage.advance(Duration::try_from(left).unwrap()).await;
        assert_eq!(stage.open_link("GET", url).await.0, 200, "{hours} h: to the last second");
        stage.advance(Duration::from_millis(2200)).await;
        assert_eq!(stage.open_link("GET", url).await.0, 403, "{hours} h: and not after it");
        assert!(!stage.screen().contains("1 link until"), "{}", stage.screen());
    }
}

/// How long the services' clock has run.
fn passed(stage: &Stage) -> jiff::SignedDuration {
    let start: jiff::Timestamp = START.parse().expect("it is a time");
    stage.service_now().duration_since(start)
}

#[tokio::test(start_paused = true)]
async fn a_link_that_was_said_to_be_refused_is_refused() {
    let stage = Stage::demo(SIZE, |setup| {
        narrowed(setup, "1h");
        setup.draft.verbs = Some(ebbtide::domain::policy::Verbs::LIST);
    });
    stage.until("✓ Enter mints").await;
    stage.press("tab right backtab backtab left tab tab enter").await;
    stage.until("of 20, all").await;
    stage.press("end u").await;
    stage.until("will answer 403").await;
    stage.press("enter").await;
    stage.until("link sent").await;
    let [url] = &stage.copied()[..] else { panic!("{:?}", stage.copied()) };
    assert_eq!(stage.open_link("GET", url).await.0, 403);
}

#[tokio::test(start_paused = true)]
async fn may_i_is_answered_by_the_service_without_changing_anything() {
    let stage = Stage::demo(SIZE, |setup| narrowed(setup, "1h"));
    reading(&stage).await;
    let before = stage.network.asked().len();
    stage.press("home a t").await;
    stage.until("read            ✓ may        ✓ answered").await;
    stage.until("list            ✓ may        ✓ answered").await;
    let asked = stage.network.asked().split_off(before);
    assert_eq!(asked.len(), 3, "as was said: {asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_location_is_as_it_was_and_a_deleted_object_can_be_read() {
    let stage = Stage::demo(SIZE, |setup| {
        setup.draft.location = "s3://tide-objects/versions/".into();
        setup.draft.duration = "1h".into();
    });
    stage.until("✓ Enter mints").await;
    stage.press("tab right enter").await;
    stage.until("returned.txt").await;
    stage.press("@").await;
    stage.paste("2026-08-10").await;
    stage.press("enter").await;
    stage.until("s3:ListBucketVersions").await;
    stage.press("p").await;
    stage.until("read,get-version").await;
    stage.press("enter").await;
    stage.until("returned.txt").await;
    stage.press("@").await;
    stage.paste("2026-08-10").await;
    stage.press("enter").await;
    stage.until("of 3, all").await;
    assert_eq!(
        stage.names(),
        ["deleted.txt", "returned.txt", "unversioned.toml"].map(|name| format!("versions/{name}"))
    );
    stage.press("home enter").await;
    stage.until("The tide archive").await;
    stage.press("esc esc").await;
    stage.until("forecast.json").await;
    assert!(!stage.screen().contains("as of 2026-08-10"), "{}", stage.screen());
}
