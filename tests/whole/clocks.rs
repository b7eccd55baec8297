//! What is left of a session is right whatever this machine's clock shows, and whatever becomes of it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use ebbtide::{
    clock::{Clock, Machine},
    domain::lifetime::format_countdown,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    browsing::SIZE,
    stage::{START, Stage},
};

/// How far the remaining time may be from the truth.
const TOLERATED: SignedDuration = SignedDuration::from_secs(2);

/// Something that happens to the program's machine in the middle of a session.
enum Fate {
    Nothing,
    WallSet(SignedDuration),
    Sleeps(SignedDuration),
}

struct Row {
    name: &'static str,
    /// What the machine's clock shows when the services' shows [`START`].
    shows: &'static str,
    fate: Fate,
    /// What is asked of STS, all in all: minting, who it is, and again for a clock that was set.
    identified: usize,
}

#[tokio::test(start_paused = true)]
async fn what_is_left_is_right_whatever_the_machine_s_clock_shows() {
    let hours = SignedDuration::from_hours;
    let row = |name, shows| Row { name, shows, fate: Fate::Nothing, identified: 1 };
    for row in [
        row("right", START),
        row("16 minutes slow", "2026-11-22T13:44:00Z"),
        row("16 minutes fast", "2026-11-22T14:16:00Z"),
        row("13 hours slow", "2026-11-22T01:00:00Z"),
        row("13 hours fast", "2026-11-23T03:00:00Z"),
        row("at 1970", "1970-01-01T00:00:30Z"),
        Row { fate: Fate::WallSet(hours(-1)), identified: 2, ..row("set back while running", START) },
        Row { fate: Fate::WallSet(hours(1)), identified: 2, ..row("set ahead while running", START) },
        Row { fate: Fate::Sleeps(hours(2)), ..row("suspended for two hours", START) },
        Row { fate: Fate::Sleeps(hours(2)), ..row("suspended, and 13 hours fast", "2026-11-23T03:00:00Z") },
    ] {
        lives_through(&row).await;
    }
}

async fn lives_through(row: &Row) {
    let (machine, elsewhere) = (Machine::default(), Machine::default());
    let local = Clock::of_machine(row.shows.parse().expect("it is a time"), machine.clone());
    let services = Clock::of_machine(START.parse().expect("it is a time"), elsewhere.clone());
    let stage = Stage::with_clocks(SIZE, local, services.clone(), |setup| setup.draft.duration = "3h".into());
    let seen: Arc<Mutex<Option<SignedDuration>>> = Arc::default();
    let (latest, clock) = (Arc::clone(&seen), services.clone());
    stage.watch(move |model, screen| {
        let Some(lifetime) = model.lifetime() else { return };
        let (claimed, true_left) =
            (lifetime.remaining(model.moment()), lifetime.expiration.duration_since(clock.now()));
        assert!(
            screen.contains(&format_countdown(claimed)) || screen.contains("EXPIRED"),
            "{}",
            format_countdown(claimed)
        );
        *latest.lock().expect("no frame panics") = Some((claimed - true_left).abs());
    });
    let error = |when: &str| {
        let error = seen.lock().expect("no frame panics").expect("a frame with a session was drawn");
        assert!(error <= TOLERATED, "{}, {when}: {error:#} off\n{}", row.name, stage.screen());
    };
    stage.until("Enter mints").await;
    stage.press("enter").await;
    stage.until("tide-vault").await;
    error("after minting");
    stage.advance(Duration::from_mins(1)).await;
    error("a minute later");
    match row.fate {
        Fate::Nothing => {}
        Fate::WallSet(by) => machine.set_wall(by),
        Fate::Sleeps(time) => {
            machine.sleep(time);
            elsewhere.sleep(time);
        }
    }
    stage.advance(Duration::from_secs(2)).await;
    error("right after what happened");
    // The rest of the time but ten seconds is slept through: it would be drawn second by second.
    let ends = START.parse::<Timestamp>().expect("it is a time") + SignedDuration::from_hours(3);
    let rest = ends.duration_since(services.now()) - SignedDuration::from_secs(10);
    machine.sleep(rest);
    elsewhere.sleep(rest);
    stage.advance(Duration::from_secs(13)).await;
    assert!(stage.screen().contains("EXPIRED"), "{}:\n{}", row.name, stage.screen());
    error("after the end");

    let asked = stage.network.asked();
    let times = |action: &str| asked.iter().filter(|asked| *asked == action).count();
    assert!(times("GetSessionToken") <= 2, "{}: {asked:?}", row.name);
    assert_eq!(times("GetCallerIdentity"), row.identified, "{}: {asked:?}", row.name);
    assert_eq!(
        asked.iter().filter(|asked| asked.starts_with('/')).count(),
        1,
        "{}: S3 is asked once, in its own time: {asked:?}",
        row.name
    );
}

/// Everything that a service may have in the place of its `Date`; the sandbox's clock shows [`START`].
const DATES: [&str; 6] = [
    "Mon, 23 Nov 2026 03:00:00 GMT",
    "Sun, 22 Nov 2026 01:00:00 GMT",
    "Fri, 31 Dec 2083 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "half past two",
    "",
];

#[tokio::test(start_paused = true)]
async fn a_date_that_contradicts_all_others_changes_nothing_and_is_told() {
    for date in DATES {
        let stage = crate::browsing::browsing("s3://tide-archive/", "1h").await;
        stage.until(", all ╯").await;
        stage.press("A enter").await;
        let (mut replies, mut told) = (0, 0);
        // Every other one: the SDK signs by the newest, and is refused for what comes next.
        stage.network.dated_by(move |what| {
            replies += usize::from(what.starts_with('/'));
            (what.starts_with('/') && replies % 2 == 1).then(|| date.to_owned())
        });
        for _ in 0..10 {
            stage.press("r").await;
            stage.advance(Duration::from_secs(1)).await;
            let screen = stage.screen();
            assert!(screen.contains("● 59:") && !screen.contains("this clock is"), "{date}:\n{screen}");
            told += usize::from(screen.contains("the date of a response from S3"));
        }
        assert_eq!(told > 0, date.ends_with("GMT"), "{date}");
        let asked = stage.network.asked();
        assert_eq!(asked.iter().filter(|asked| *asked == "GetSessionToken").count(), 1, "{date}: {asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_date_of_the_service_that_mints_is_seen_by_what_it_grants() {
    for date in DATES {
        let stage = Stage::demo(SIZE, |setup| setup.draft.duration = "1h".into());
        stage.network.dated_by(move |what| (!what.starts_with('/')).then(|| date.to_owned()));
        stage.until("Enter mints").await;
        stage.press("enter").await;
        stage.until("tide-vault").await;
        stage.advance(Duration::from_secs(10)).await;
        let screen = stage.screen();
        assert!(screen.contains("● 59:5") && screen.contains("ends 15:00:00"), "{date}:\n{screen}");
        assert!(!screen.contains("this clock is") && !screen.contains("granted"), "{date}:\n{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_whose_clock_jumps_to_and_fro_mints_a_session_twice_at_most() {
    let stage = crate::browsing::browsing("s3://tide-archive/", "10m").await;
    stage.until(", all ╯").await;
    stage.press("A enter").await;
    let mut ahead = false;
    // As far as is still taken for one clock.
    stage.network.dated_by(move |what| {
        ahead ^= what.starts_with('/');
        ahead.then(|| "Sun, 22 Nov 2026 14:14:00 GMT".to_owned())
    });
    for _ in 0..60 {
        stage.press("r").await;
        stage.advance(Duration::from_secs(1)).await;
    }
    let asked = stage.network.asked();
    assert!(asked.iter().filter(|asked| *asked == "GetSessionToken").count() <= 3, "{asked:?}");
}
