//! However the program ends, the terminal is as it was, and it ends at once.

use std::{env, thread};

use ebbtide::{
    app::{Model, Setup},
    clock::Clock,
    process,
    run::Surface,
    terminal::Terminal,
    ui::Theme,
};
use jiff::SignedDuration;
use rustix::{
    fs::{CWD, FileType, Mode, mknodat},
    process::Signal,
};
use tempfile::TempDir;

use crate::pty::{Program, Pty, given_back};

/// A second is what a person takes for at once; the rest is for a machine that is busy with the other tests.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(4);

/// A way to end the program.
#[derive(Debug, Clone, Copy)]
enum End {
    Keys(&'static str),
    Signal(Signal),
}

/// Each way, with the exit code it has.
const ENDS: [(End, u32); 6] = [
    (End::Keys("q"), 0),
    (End::Keys("\x03"), 0),
    (End::Signal(Signal::INT), 130),
    (End::Signal(Signal::QUIT), 131),
    (End::Signal(Signal::TERM), 143),
    (End::Signal(Signal::HUP), 129),
];

fn ends_well(mut pty: Pty, end: End, code: u32) {
    let how = format!("{end:?}");
    let [before, now] = pty.modes();
    assert!(before != now && given_back(&pty.screen()).is_err(), "{how}: the terminal was taken");
    let clock = Clock::system();
    let asked = clock.now();
    match end {
        End::Keys(keys) => _ = pty.keys(keys),
        End::Signal(signal) => pty.signal(signal),
    }
    let ended = pty.end();
    let took = clock.now().duration_since(asked);
    assert_eq!(ended.code, code, "{how}");
    ended.assert_given_back(&how);
    assert!(took < AT_ONCE, "{how} took {took:#}");
}

#[test]
fn every_end_in_the_form_gives_the_terminal_back() {
    for (end, code) in ENDS {
        ends_well(Pty::demo(), end, code);
    }
}

#[test]
fn every_end_in_the_browser_while_it_is_loading_gives_the_terminal_back() {
    for (end, code) in ENDS {
        let mut pty = Pty::demo();
        pty.mint("1h").go_to_readings();
        // Asks for everything; nobody waits for it.
        pty.keys("G").find("listing all");
        ends_well(pty, end, code);
    }
}

const IN_PTY: &str = "EBBTIDE_TEST_DRAWS_AND_PANICS";

#[test]
#[ignore = "run at a terminal of its own by the test below"]
fn draws_and_panics() {
    if env::var_os(IN_PTY).is_none() {
        return;
    }
    process::report_faults_by_place();
    let mut terminal = Terminal::enter(Theme::coloured(), true).unwrap();
    let _ = thread::spawn(|| panic!("a worker's own business")).join();
    terminal.draw(&Model::new(Setup::default(), Clock::system().now())).unwrap();
    panic!("the tide is out");
}

#[test]
fn a_panic_while_drawing_gives_the_terminal_back_before_it_reports() {
    let path = env::current_exe().unwrap();
    let pty = Pty::start(&Program {
        path: path.to_str().unwrap(),
        args: &["--exact", "given_back::draws_and_panics", "--ignored", "--nocapture", "--test-threads=1"],
        env: &[(IN_PTY, "1")],
        ..Program::default()
    });
    let ended = pty.end();
    assert_eq!(ended.code, 101);
    ended.assert_given_back("a panic");
    let report = ended.screen.contents();
    assert!(report.contains("a bug in ebbtide at tests/terminal/given_back.rs"), "{report}");
    let bytes = String::from_utf8_lossy(&ended.bytes);
    assert!(bytes.contains("no session yet"), "a frame was drawn: {bytes:?}");
    assert_eq!(bytes.matches("a bug in ebbtide").count(), 1, "a worker's is not printed over the screen: {bytes:?}");
    assert!(!bytes.contains("the tide is out") && !bytes.contains("a worker's own business"), "{bytes:?}");
}

#[test]
fn a_signal_ends_the_program_at_a_terminal_that_reads_nothing() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut pty = Pty::demo();
        pty.stop_reading();
        // What this draws finds no room.
        pty.keys("?");
        ends_well(pty, End::Signal(signal), code);
    }
}

#[test]
fn quitting_waits_for_no_file_that_does_not_answer() {
    let folder = TempDir::new().unwrap();
    let silent = folder.path().join("config");
    mknodat(CWD, &silent, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let pty =
        Pty::start(&Program { args: &[], env: &[("AWS_CONFIG_FILE", silent.to_str().unwrap())], ..Program::default() });
    pty.find("no session yet");
    ends_well(pty, End::Keys("\x03"), 0);
}

#[test]
fn a_window_that_closes_ends_the_program_with_and_without_a_signal() {
    for hangup_signal in [true, false] {
        let mut form = Pty::start(&Program { hangup_signal, ..Program::default() }).ready();
        hangs_up(form);
        form = Pty::start(&Program { hangup_signal, ..Program::default() }).ready();
        form.mint("1h").go_to_readings();
        hangs_up(form);
    }
}

fn hangs_up(pty: Pty) {
    let clock = Clock::system();
    let asked = clock.now();
    let code = pty.hang_up();
    let took = clock.now().duration_since(asked);
    // Which of the two is noticed first, the signal or the closed terminal, is chance.
    assert!([1, 129].contains(&code), "{code}");
    assert!(took < AT_ONCE, "took {took:#}");
}
