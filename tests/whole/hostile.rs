//! A service that answers a listing with what is no page, or with pages that lead nowhere: whichever way one reads on,
//! what came stays, what failed is named, and nothing looks complete that the service has not completed.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    browsing::{SIZE, to_the_end_of_the_page},
    everything::{ALL, beginning, truth},
    stage::Stage,
};

const LOCATION: &str = "s3://tide-logs/readings/2026/";
const PREFIX: &str = "readings/2026/";

/// What becomes of the sandbox's answers behind the first page.
struct Hostile {
    name: &'static str,
    /// What is answered to the n-th request from then on.
    answer: fn(usize) -> String,
    /// What the person is told.
    told: &'static str,
}

/// An honest page of these keys.
fn page(keys: impl IntoIterator<Item = String>, token: Option<&str>) -> String {
    let keys: Vec<String> =
        keys.into_iter().map(|key| format!("<Contents><Key>{PREFIX}{key}</Key><Size>1</Size></Contents>")).collect();
    let token = token.map(|token| format!("<NextContinuationToken>{token}</NextContinuationToken>"));
    format!(
        "<ListBucketResult><KeyCount>{}</KeyCount><IsTruncated>{}</IsTruncated>{}{}</ListBucketResult>",
        keys.len(),
        token.is_some(),
        token.unwrap_or_default(),
        keys.concat()
    )
}

/// Keys behind all that the sandbox has.
fn behind(n: usize) -> impl Iterator<Item = String> {
    (0..3).map(move |at| format!("z{:06}", n * 3 + at))
}

const HOSTILE: [Hostile; 12] = [
    Hostile {
        name: "cut off between two rows",
        answer: |n| page(behind(n), Some("next")).replace("</Contents></ListBucketResult>", "</Contents>"),
        told: "it ends too early",
    },
    Hostile {
        name: "cut off within a name",
        answer: |n| page(behind(n), Some("next"))[..200].to_owned(),
        told: "it ends too early",
    },
    Hostile { name: "malformed", answer: |n| page(behind(n), None).replacen("</Key>", "</Kex>", 1), told: "malformed" },
    Hostile {
        name: "fewer keys than it says",
        answer: |n| page(behind(n), None).replace("<KeyCount>3<", "<KeyCount>4<"),
        told: "another number of keys than it says",
    },
    Hostile {
        name: "truncated without a token",
        answer: |n| page(behind(n), None).replace("false", "true"),
        told: "whether it is the last",
    },
    Hostile {
        name: "nothing of whether it is the last",
        answer: |n| page(behind(n), None).replace("<IsTruncated>false</IsTruncated>", ""),
        told: "whether it is the last",
    },
    Hostile { name: "empty", answer: |_| String::new(), told: "it is empty" },
    Hostile {
        name: "a page of HTML",
        answer: |_| "<!DOCTYPE html><html><body>Welcome to the harbour</body></html>".into(),
        told: "not a response from S3",
    },
    Hostile {
        name: "the same token for ever",
        answer: |n| page(behind(n), Some("A")),
        told: "continuation token twice",
    },
    Hostile {
        name: "two tokens in turn",
        answer: |n| page(behind(n), Some(if n.is_multiple_of(2) { "A" } else { "B" })),
        told: "continuation token twice",
    },
    Hostile {
        name: "the same keys with ever new tokens",
        answer: |n| page(behind(0), Some(&n.to_string())),
        told: "repeats keys of the page before",
    },
    Hostile {
        name: "keys from before",
        answer: |_| page(["a".into()], Some("A")),
        told: "repeats keys of the page before",
    },
];

/// The first page on screen; what comes from then on is hostile until told otherwise. Whether anything on screen ever
/// called the rows all there are is noted.
async fn first_page(answer: fn(usize) -> String) -> (Stage, Arc<AtomicBool>, Arc<AtomicBool>) {
    let stage = Stage::demo(SIZE, |setup| {
        setup.draft.duration = "12h".into();
        setup.draft.location = LOCATION.into();
    });
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("station-00001.csv").await;
    stage.network.delay(|| Duration::from_millis(20));
    let (hostile, whole) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(false)));
    let (is_hostile, mut asked) = (Arc::clone(&hostile), 0);
    stage.network.answered_by(move |what| {
        let instead = is_hostile.load(Ordering::Relaxed) && what.starts_with("/tide-logs");
        instead.then(|| {
            asked += 1;
            answer(asked - 1)
        })
    });
    let seen = Arc::clone(&whole);
    stage.watch(move |_, screen| {
        seen.fetch_or(screen.contains(", all ╯") || screen.contains(" empty ╯"), Ordering::Relaxed);
    });
    (stage, hostile, whole)
}

fn pages_asked(stage: &Stage) -> usize {
    stage.network.asked().iter().filter(|asked| asked.starts_with("/tide-logs")).count()
}

/// The failure is named behind rows that stay, nobody is asked any more, and with an honest service `r` goes on.
async fn assert_marked(stage: &Stage, told: &str, way: &str) {
    let asked = pages_asked(stage);
    stage.advance(Duration::from_mins(10)).await;
    assert_eq!(pages_asked(stage), asked, "{way}: it is not tried on and on");
    assert!(asked < 200, "{way}: {asked} requests");
    let screen = stage.screen();
    assert!(screen.contains("incomplete ╯") && screen.contains("✗ not listed · r retries"), "{way}:\n{screen}");
    assert_eq!(stage.names()[..1000], first_thousand(), "{way}: rows stay");
    stage.press("e").await;
    stage.until("what went wrong").await;
    let explained = one_line(&stage.screen());
    assert!(explained.contains(told), "{way}: {told}\n{}", stage.screen());
    stage.press("esc").await;
}

fn first_thousand() -> Vec<String> {
    (1..=1000).map(|number| format!("{PREFIX}station-{number:05}.csv")).collect()
}

/// What is on screen without frames and line ends.
fn one_line(screen: &str) -> String {
    screen.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn going_on_page_by_page_ends_with_a_mark_and_r_goes_on() {
    for Hostile { name, answer, told } in HOSTILE {
        let (stage, hostile, whole) = first_page(answer).await;
        to_the_end_of_the_page(&stage).await;
        for _ in 0..5 {
            stage.advance(Duration::from_secs(1)).await;
            stage.press("pgdn").await;
        }
        assert_marked(&stage, told, name).await;
        assert!(!whole.load(Ordering::Relaxed), "{name}: it looked complete");
        hostile.store(false, Ordering::Relaxed);
        let (loaded, asked) = (stage.names().len(), pages_asked(&stage));
        stage.press("r").await;
        stage.advance(Duration::from_secs(1)).await;
        assert!(pages_asked(&stage) > asked, "{name}: r asks again");
        // Behind what some of them sent there is no honest row.
        if loaded == 1000 {
            assert!(stage.screen().contains("of 2,000 loaded, more to come"), "{name}:\n{}", stage.screen());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn asking_for_everything_ends_with_a_mark_and_r_and_end_go_on() {
    for Hostile { name, answer, told } in HOSTILE {
        let (stage, hostile, whole) = first_page(answer).await;
        stage.press("G").await;
        stage.advance(Duration::from_secs(100)).await;
        assert_marked(&stage, told, name).await;
        assert!(!whole.load(Ordering::Relaxed), "{name}: it looked complete");
        hostile.store(false, Ordering::Relaxed);
        let (loaded, asked) = (stage.names().len(), pages_asked(&stage));
        stage.press("r").await;
        stage.advance(Duration::from_secs(1)).await;
        assert!(pages_asked(&stage) > asked, "{name}: r asks again");
        // Behind what some of them sent there is no honest row.
        if loaded == 1000 {
            assert!(stage.screen().contains("of 2,000 loaded, more to come"), "{name}:\n{}", stage.screen());
            stage.press("G").await;
            stage.until(ALL).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn empty_pages_for_ever_are_not_followed_for_ever() {
    for keys in ["pgdn", "G"] {
        let (stage, hostile, whole) = first_page(|n| page([], Some(&n.to_string()))).await;
        for _ in 0..50 {
            stage.press(keys).await;
        }
        stage.advance(Duration::from_mins(10)).await;
        let (asked, screen) = (pages_asked(&stage), stage.screen());
        // One page a key behind the first twenty; or twenty each by as many requests as are made at a time.
        let (most, said) = if keys == "G" { (20 * 64, "only empty pages") } else { (80, "stopped, more to load") };
        assert!(asked < most && screen.contains(said), "{asked} requests\n{screen}");
        assert_eq!(stage.names(), first_thousand());
        assert!(!whole.load(Ordering::Relaxed), "{keys}: it looked complete");
        hostile.store(false, Ordering::Relaxed);
        stage.press("G").await;
        stage.until(ALL).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_of_which_nothing_but_empty_pages_came_does_not_look_unread() {
    let (stage, _, whole) = first_page(|n| page([], Some(&n.to_string()))).await;
    stage.press("r").await;
    stage.until("only empty pages so far").await;
    let (asked, screen) = (pages_asked(&stage), stage.screen());
    assert!(!screen.contains("not loaded yet") && screen.contains("Enter load one more"), "{screen}");
    stage.press("enter").await;
    stage.advance(Duration::from_mins(1)).await;
    assert_eq!(pages_asked(&stage), asked + 1, "{}", stage.screen());
    assert!(!whole.load(Ordering::Relaxed), "it looked complete");
}

#[tokio::test(start_paused = true)]
async fn a_first_page_that_is_none_is_named_and_never_an_empty_listing() {
    for Hostile { name, answer, told } in &HOSTILE[..8] {
        let (stage, hostile, whole) = first_page(*answer).await;
        stage.press("r").await;
        stage.advance(Duration::from_mins(1)).await;
        let screen = stage.screen();
        assert!(screen.contains("reload failed, rows kept"), "{name}:\n{screen}");
        stage.press("e").await;
        stage.until("what went wrong").await;
        assert!(one_line(&stage.screen()).contains(told), "{name}: {told}\n{}", stage.screen());
        assert!(stage.names() == first_thousand() && !whole.load(Ordering::Relaxed), "{name}: rows stay");
        hostile.store(false, Ordering::Relaxed);
        stage.press("esc r").await;
        stage.until("reloaded").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_answer_in_seven_that_is_cut_off_is_asked_for_again_and_every_key_comes_once() {
    let stage = beginning("1h", |_| {}).await;
    let mut asked = HashSet::new();
    stage.network.answered_by(move |what| {
        let new = what.starts_with("/tide-logs") && asked.insert(what.to_owned());
        (new && asked.len().is_multiple_of(7)).then(|| page(behind(0), None)[..150].to_owned())
    });
    stage.press("G").await;
    stage.until(ALL).await;
    assert!(stage.names() == truth(), "{} names", stage.names().len());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_turns_hostile_midway_leaves_what_came_without_a_gap_and_can_be_gone_on_with() {
    let stage = beginning("1h", |_| {}).await;
    let hostile = Arc::new(AtomicBool::new(true));
    let (is_hostile, mut asked) = (Arc::clone(&hostile), 0);
    stage.network.answered_by(move |what| {
        asked += usize::from(what.starts_with("/tide-logs"));
        let instead = what.starts_with("/tide-logs") && asked > 60 && is_hostile.load(Ordering::Relaxed);
        instead.then(|| "<html>".into())
    });
    stage.press("G").await;
    stage.until("incomplete ╯").await;
    let rows = stage.names();
    assert!((100..12_000).contains(&rows.len()) && rows.iter().eq(truth().iter().take(rows.len())), "{}", rows.len());
    hostile.store(false, Ordering::Relaxed);
    stage.press("r").await;
    stage.until("more to come").await;
    stage.press("G").await;
    stage.until(ALL).await;
    assert!(stage.names() == truth(), "{} names", stage.names().len());
}
