//! Stopped and continued: the terminal is a shell's meanwhile, and afterwards everything is drawn, by the true time.

use std::{thread, time::Duration};

use ebbtide::clock::Clock;
use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};
use rustix::{
    process::{Signal, kill_process_group},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

use crate::pty::{Program, Pty};

/// The demo as the child of a shell script.
fn demo_in_a_script() -> Pty {
    let script = format!("{} demo; exit 7", env!("CARGO_BIN_EXE_ebbtide"));
    let mut pty = Pty::start(&Program { path: "/bin/sh", args: &["-c", &script], ..Program::default() }).ready();
    pty.mint("15m").go_to_readings();
    pty
}

/// What the screen says is left, and what is.
fn left(screen: &str) -> (SignedDuration, SignedDuration) {
    let word_before = |mark: &str| screen.split(mark).next().unwrap().split_whitespace().last().unwrap();
    let (minutes, seconds) = word_before(" left").split_once(':').unwrap();
    let shown = minutes.parse::<i64>().unwrap() * 60 + seconds.parse::<i64>().unwrap();
    let ends = screen.split("ends ").nth(1).unwrap().split(" UTC").next().unwrap();
    (SignedDuration::from_secs(shown), until(ends, Clock::system().now()))
}

/// From now until this time of day, today or tomorrow; with its date where the screen shows one.
fn until(ends: &str, now: Timestamp) -> SignedDuration {
    let time: Time = ends.split(' ').next_back().unwrap().parse().unwrap();
    let today = now.to_zoned(TimeZone::UTC);
    let end = today.date().to_datetime(time).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let end = if end < now { end + SignedDuration::from_hours(24) } else { end };
    end.duration_since(now)
}

/// Continues a stopped demo, and looks whether everything on screen is there and true.
fn continues(mut pty: Pty, code: u32) {
    kill_process_group(pty.pid(), Signal::CONT).unwrap();
    let screen = pty.wait("the screen again, and the time right", |screen| {
        let text = screen.contents();
        let drawn = ["SANDBOX", "station-00001.csv", " 1 of 1,000", " left ", "q quit"];
        if !screen.alternate_screen() || !drawn.iter().all(|part| text.contains(part)) {
            return false;
        }
        let (shown, true_time) = left(&text);
        (shown - true_time).abs() <= SignedDuration::from_secs(1)
    });
    assert!(pty.screen().bracketed_paste() && pty.screen().hide_cursor(), "{screen}");
    // A key without a line break is read at once: the terminal is raw again.
    pty.keys("j").find(" 2 of 1,000");
    pty.keys("q");
    let ended = pty.end();
    assert_eq!(ended.code, code);
    ended.assert_given_back("after a stop");
}

#[test]
fn ctrl_z_stops_the_script_around_us_too_and_the_time_goes_on() {
    let mut pty = demo_in_a_script();
    pty.keys("\x1a");
    // The process waited for is the script.
    pty.wait_for_stop();
    thread::sleep(Duration::from_secs(3)); // the countdown must not have stood still
    continues(pty, 7);
}

#[test]
fn sigtstp_stops_as_ctrl_z_does() {
    let pty = demo_in_a_script();
    // To the group, as `kill -TSTP %1` does; the script, whose group no shell waits for, ignores it by itself.
    kill_process_group(pty.pid(), Signal::TSTP).unwrap();
    pty.wait_for_stop();
    continues(pty, 7);
}

#[test]
fn a_stop_nobody_announced_is_recovered_from() {
    let mut pty = Pty::demo();
    pty.mint("15m").go_to_readings();
    // A shell whose job was stopped from outside takes its terminal back by itself; ours stays in the alternate screen.
    let raw = tcgetattr(pty.slave()).unwrap();
    pty.signal(Signal::STOP);
    let mut cooked = raw;
    cooked.local_modes |= rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO;
    tcsetattr(pty.slave(), OptionalActions::Now, &cooked).unwrap();
    continues(pty, 0);
}
