//! A secret that is looked at is off the screen before the terminal is anybody else's: also where the terminal has one screen
//! only, and keeps what scrolls off it.

use std::{env, num::NonZeroU16};

use ebbtide::{
    app::{Export, Model, Revealed, Setup},
    clock::Clock,
    domain::{
        credentials::{Credentials, RevealedCredentials, SessionId},
        location::Location,
    },
    process,
    run::Surface,
    terminal::Terminal,
    ui::Theme,
};
use memchr::memmem;
use rustix::process::{Signal, kill_process_group};
use vt100::Parser;

use crate::{
    one_screen::SWITCHES,
    pty::{Ended, Program, Pty},
};

/// The demo at a terminal with one screen, its session's secret on it; and the secret.
fn revealed(env: &[(&str, &str)]) -> (Pty, String) {
    let mut pty = Pty::start(&Program { alternate_screen: false, env, ..Program::default() }).ready();
    pty.mint("15m").go_to_readings();
    let screen = pty.keys("xv").find("masked again at");
    let secret = screen.split("secret key").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert_eq!(secret.len(), 40, "{screen}");
    (pty, secret)
}

/// Nothing of the secret is on the screen or in what scrolled off it, on terminals of either kind: those that keep what is
/// cleared as a whole, and those that do not.
fn assert_masked(how: &str, bytes: &[u8], secret: &str) {
    let size = |number| NonZeroU16::new(number).unwrap();
    let mut parser = Parser::new(size(30), size(100), 1000);
    let holds = |parser: &Parser| parser.screen().contents().contains(&secret[..8]);
    let mut rest = bytes;
    while let Some(at) = memmem::find(rest, b"\x1b[2J") {
        parser.process(&rest[..at]);
        assert!(
            !holds(&parser),
            "{how}: cleared as a whole while the secret was on it\n{}",
            parser.screen().contents()
        );
        parser.process(&rest[at..at + 4]);
        rest = &rest[at + 4..];
    }
    parser.process(rest);
    parser.screen_mut().set_scrollback(usize::MAX);
    assert!(!holds(&parser), "{how}: scrolled off");
    parser.screen_mut().set_scrollback(0);
    assert!(!holds(&parser), "{how}\n{}", parser.screen().contents());
}

/// What was sent, as a terminal without a second screen takes it.
fn of_one_screen(bytes: &[u8]) -> Vec<u8> {
    let mut kept = bytes.to_vec();
    for switch in SWITCHES {
        while let Some(at) = memmem::find(&kept, switch) {
            kept.drain(at..at + switch.len());
        }
    }
    kept
}

fn ended_masked(how: &str, ended: &Ended, secret: &str) {
    let contents = ended.screen.contents();
    assert!(!contents.contains(&secret[..8]) && !contents.contains(&secret[32..]), "{how}\n{contents}");
    assert_masked(how, &of_one_screen(&ended.bytes), secret);
    ended.assert_given_back(how);
}

#[test]
fn every_end_takes_the_secret_off_the_screen() {
    let (mut pty, secret) = revealed(&[]);
    pty.keys("\x03");
    ended_masked("Ctrl-C", &pty.end(), &secret);
    let (mut pty, secret) = revealed(&[]);
    pty.keys("\x1b").wait("a closed panel", |screen| !screen.contents().contains("export credentials"));
    pty.keys("q");
    ended_masked("q", &pty.end(), &secret);
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let (pty, secret) = revealed(&[]);
        pty.signal(signal);
        ended_masked(&format!("{signal:?}"), &pty.end(), &secret);
    }
}

#[test]
fn every_stop_takes_the_secret_off_the_screen() {
    for by_key in [true, false] {
        let (mut pty, secret) = revealed(&[]);
        if by_key {
            pty.keys("\x1a");
        } else {
            kill_process_group(pty.pid(), Signal::TSTP).unwrap();
        }
        pty.wait_for_stop();
        let contents = pty.screen().contents();
        assert!(!contents.contains(&secret[..8]), "{contents}");
        kill_process_group(pty.pid(), Signal::CONT).unwrap();
        pty.find("copy variables for sh");
        pty.keys("\x03");
        ended_masked("a stop", &pty.end(), &secret);
    }
}

#[test]
fn a_shell_begins_below_a_screen_without_the_secret() {
    let (mut pty, secret) = revealed(&[("SHELL", "/bin/sh"), ("PS1", "ashore> ")]);
    let contents = pty.keys("s").find("ashore>");
    assert!(!contents.contains(&secret[..8]), "{contents}");
    pty.keys("exit\r").find("the shell ended");
    pty.keys("\x03");
    ended_masked("a shell", &pty.end(), &secret);
}

#[test]
fn another_size_leaves_the_secret_to_no_scrollback() {
    let (mut pty, secret) = revealed(&[]);
    pty.resize(99, 30);
    pty.wait("the new size", |screen| {
        screen.rows(0, 99).next().is_some_and(|row| row.trim_end().chars().count() <= 99)
    });
    pty.keys("v").find("copy variables for sh");
    pty.keys("\x03");
    ended_masked("another size", &pty.end(), &secret);
}

#[test]
fn a_terminal_that_reads_nothing_is_left_without_the_secret() {
    let (mut pty, secret) = revealed(&[]);
    pty.stop_reading();
    pty.keys("?");
    pty.signal(Signal::TERM);
    let ended = pty.end();
    assert_eq!(ended.code, 143);
    assert!(!ended.screen.contents().contains(&secret[..8]), "{}", ended.screen.contents());
}

const IN_PTY: &str = "EBBTIDE_TEST_REVEALS_AND_PANICS";

#[test]
#[ignore = "run at a terminal of its own by the test below"]
fn reveals_and_panics() {
    if env::var_os(IN_PTY).is_none() {
        return;
    }
    process::report_faults_by_place();
    let mut terminal = Terminal::enter(Theme::coloured(), true).unwrap();
    let now = Clock::system().now();
    let mut model = Model::new(Setup::default(), now);
    model.size = (100, 30);
    let credentials = Credentials {
        access_key_id: "ASIACANARY".into(),
        secret_access_key: "canarySECRETcanarySECRET".into(),
        session_token: None,
        expiration: None,
    };
    let revealed = Some(Revealed { credentials: RevealedCredentials::new(&credentials), until: now });
    model.dialogs.open(Export { revealed, ..Export::of(SessionId(1), false, None, Location::all_buckets()) });
    terminal.draw(&model).unwrap();
    panic!("while it is looked at");
}

#[test]
fn a_panic_takes_the_secret_off_the_screen_before_it_is_reported() {
    let path = env::current_exe().unwrap();
    let pty = Pty::start(&Program {
        path: path.to_str().unwrap(),
        args: &["--exact", "masked::reveals_and_panics", "--ignored", "--nocapture", "--test-threads=1"],
        env: &[(IN_PTY, "1")],
        alternate_screen: false,
        ..Program::default()
    });
    let ended = pty.end();
    assert!(memmem::find(&ended.bytes, b"canarySECRET").is_some(), "it was shown");
    let screen = ended.screen.contents();
    assert!(screen.contains("a bug in ebbtide") && !screen.contains("canary"), "{screen}");
}
