//! A person at a real terminal: the program in a pseudo-terminal, the screen a terminal would show, every byte sent.
//!
//! Invariant: nothing the program asks is answered, and nothing is waited for by sleeping: a test waits for what it
//! names, up to [`PATIENCE`], and one that waits in vain shows the screen.

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    sync::{Arc, Condvar, Mutex, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::{
    fd::OwnedFd,
    fs::{Mode, OFlags},
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid},
    termios::{Termios, tcgetattr},
};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

use crate::one_screen;

/// How long anything may take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to run, and at what terminal.
pub(crate) struct Program<'a> {
    pub(crate) path: &'a str,
    pub(crate) args: &'a [&'a str],
    /// Besides `PATH`, `HOME`, `TERM` and `TZ`, which are all there is.
    pub(crate) env: &'a [(&'a str, &'a str)],
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    /// Whether closing the terminal raises `SIGHUP`.
    pub(crate) hangup_signal: bool,
    /// Whether the terminal has a second screen for programs.
    pub(crate) alternate_screen: bool,
}

impl Default for Program<'_> {
    /// The demo at a terminal of 100 columns and 30 rows.
    fn default() -> Self {
        Self {
            path: env!("CARGO_BIN_EXE_ebbtide"),
            args: &["demo"],
            env: &[],
            size: (100, 30),
            hangup_signal: true,
            alternate_screen: true,
        }
    }
}

/// A program at work in a pseudo-terminal.
pub(crate) struct Pty {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    /// Keeps the terminal's modes readable when the program is gone.
    slave: OwnedFd,
    before: String,
    process: Process,
    seen: Arc<Seen>,
    reader: JoinHandle<()>,
    _home: TempDir,
}

/// What a program left behind.
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) code: u32,
    /// The last screen.
    pub(crate) screen: Screen,
    /// Everything it sent.
    pub(crate) bytes: Vec<u8>,
    /// The terminal's modes before it and after it.
    pub(crate) modes: [String; 2],
}

struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: Parser,
    bytes: Vec<u8>,
    /// How many of them the screen has seen.
    shown: usize,
    alternate_screen: bool,
    hung_up: bool,
    reading: Reading,
}

impl State {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let rest = &self.bytes[self.shown..];
        self.shown += if self.alternate_screen {
            self.parser.process(rest);
            rest.len()
        } else {
            one_screen::show(&mut self.parser, rest)
        };
    }
}

/// Whether what the program sends is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    On,
    /// Not after the next bytes.
    Ending,
    Off,
}

struct Process {
    pid: Pid,
    exit: mpsc::Receiver<ExitStatus>,
    ended: bool,
}

impl Pty {
    /// Runs the program.
    pub(crate) fn start(program: &Program) -> Self {
        let (columns, rows) = program.size;
        let pair = native_pty_system().openpty(pty_size(columns, rows)).unwrap();
        let name = pair.master.tty_name().unwrap();
        let slave = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        let before = modes(&slave);
        let home = TempDir::new().unwrap();
        let child = pair.slave.spawn_command(command(program, &home)).unwrap();
        drop(pair.slave);
        let state = State {
            parser: parser(columns, rows),
            bytes: vec![],
            shown: 0,
            alternate_screen: program.alternate_screen,
            hung_up: false,
            reading: Reading::On,
        };
        let seen = Arc::new(Seen { state: Mutex::new(state), changed: Condvar::new() });
        let reader = read(pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        let keyboard = pair.master.take_writer().unwrap();
        Self { master: pair.master, keyboard, slave, before, process: Process::new(child), seen, reader, _home: home }
    }

    /// The demo at its usual terminal, its form drawn and its profiles read.
    pub(crate) fn demo() -> Self {
        Self::start(&Program::default()).ready()
    }

    /// The same, once the form can be submitted.
    pub(crate) fn ready(self) -> Self {
        self.find("✓ Enter mints");
        self
    }

    /// Types keys, all in one write.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        self.raw(keys.as_bytes())
    }

    /// Sends bytes as the terminal would, all in one write.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.keyboard.write_all(bytes).unwrap();
        self.keyboard.flush().unwrap();
        self
    }

    /// Pastes text as a terminal does: between brackets if the program asked for them, and as it is if not.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        if self.screen().bracketed_paste() { self.keys(&format!("\x1b[200~{text}\x1b[201~")) } else { self.keys(text) }
    }

    /// Mints a session of this duration from the form.
    pub(crate) fn mint(&mut self, duration: &str) -> &mut Self {
        self.keys(&format!("\t\t\x15{duration}\r"));
        self.find("tide-vault");
        self
    }

    /// Goes to a location and waits for this row.
    pub(crate) fn go(&mut self, location: &str, row: &str) -> &mut Self {
        self.keys(&format!("g\x15{location}\r"));
        self.find(row);
        self
    }

    /// Goes to the flat prefix of twelve thousand keys.
    pub(crate) fn go_to_readings(&mut self) -> &mut Self {
        self.go("s3://tide-logs/readings/2026/", "station-00001.csv")
    }

    /// The screen's text, once it holds this text.
    pub(crate) fn find(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contents().contains(text))
    }

    /// The screen's text, once this holds of the screen.
    pub(crate) fn wait(&self, what: &str, mut holds: impl FnMut(&Screen) -> bool) -> String {
        let state = self.seen.state.lock().unwrap();
        let waiting = |state: &mut State| !holds(state.parser.screen());
        let (state, waited) = self.seen.changed.wait_timeout_while(state, PATIENCE, waiting).unwrap();
        let text = state.parser.screen().contents();
        assert!(!waited.timed_out(), "waited in vain for: {what}\nthe screen shows:\n{text}");
        text
    }

    /// The screen as it is.
    pub(crate) fn screen(&self) -> Screen {
        self.seen.state.lock().unwrap().parser.screen().clone()
    }

    /// Everything the program has sent.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.seen.state.lock().unwrap().bytes.clone()
    }

    /// Reads nothing more of what the program sends, and leaves it no room to send more. For its end, reading goes on.
    pub(crate) fn stop_reading(&self) {
        self.seen.state.lock().unwrap().reading = Reading::Ending;
        rustix::fs::fcntl_setfl(&self.slave, OFlags::NONBLOCK).unwrap();
        rustix::io::write(&self.slave, b"\0").unwrap();
        let state = self.seen.state.lock().unwrap();
        drop(self.seen.changed.wait_while(state, |state| state.reading != Reading::Off).unwrap());
        for size in [1024, 1] {
            while rustix::io::write(&self.slave, &[0; 1024][..size]).is_ok() {}
        }
    }

    /// Makes the window larger or smaller.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        // The screen first: what was drawn for the old size is drawn over, what is drawn for the new one must fit.
        let (screen_rows, screen_columns) = screen_size(columns, rows);
        self.seen.state.lock().unwrap().parser.set_size(screen_rows, screen_columns);
        self.master.resize(pty_size(columns, rows)).unwrap();
    }

    /// Sends a signal to the program alone.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.process.pid, signal).unwrap();
    }

    /// The program's process.
    pub(crate) fn pid(&self) -> Pid {
        self.process.pid
    }

    /// A handle on the terminal's other end: what a shell would have.
    pub(crate) fn slave(&self) -> &OwnedFd {
        &self.slave
    }

    /// The terminal's modes before the program was started, and now.
    pub(crate) fn modes(&self) -> [String; 2] {
        [self.before.clone(), modes(&self.slave)]
    }

    /// Waits until the process is stopped and the terminal given back.
    pub(crate) fn wait_for_stop(&self) {
        let (sender, stopped) = mpsc::channel();
        let pid = self.process.pid;
        thread::spawn(move || sender.send(waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED).map(drop)));
        stopped.recv_timeout(PATIENCE).expect("the process stops").unwrap();
        self.wait("a terminal that is given back", |screen| given_back(screen).is_ok());
        let [before, now] = self.modes();
        assert_eq!(before, now, "modes of the terminal while the program is stopped");
    }

    /// Waits for the program's end.
    pub(crate) fn end(mut self) -> Ended {
        let status = self.process.wait();
        assert_eq!(status.signal(), None, "ended by a signal");
        let modes = self.modes();
        self.seen.state.lock().unwrap().reading = Reading::On;
        self.seen.changed.notify_all();
        // With the last handle on this end gone, the reader comes to the end of what the program sent.
        drop(self.slave);
        self.reader.join().unwrap();
        let state = self.seen.state.lock().unwrap();
        Ended { code: status.exit_code(), screen: state.parser.screen().clone(), bytes: state.bytes.clone(), modes }
    }

    /// Waits for the program's end by a signal; which one.
    pub(crate) fn aborted(mut self) -> Option<String> {
        self.process.wait().signal().map(str::to_owned)
    }

    /// Closes the window under the program; its exit code.
    pub(crate) fn hang_up(mut self) -> u32 {
        self.seen.state.lock().unwrap().hung_up = true;
        // The reader holds the window open until it has read something.
        rustix::io::write(&self.slave, b"\0").unwrap();
        self.reader.join().unwrap();
        drop((self.keyboard, self.master));
        let status = self.process.wait();
        assert_eq!(status.signal(), None, "ended by a signal");
        status.exit_code()
    }
}

impl Ended {
    /// Asserts that the terminal is as it was before the program.
    pub(crate) fn assert_given_back(&self, how: &str) {
        assert_eq!(self.modes[0], self.modes[1], "{how}: modes of the terminal");
        assert_eq!(given_back(&self.screen), Ok(()), "{how}\n{}", self.screen.contents());
    }
}

impl Process {
    fn new(mut child: Box<dyn Child + Send + Sync>) -> Self {
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid.cast_signed())).unwrap();
        let (sender, exit) = mpsc::channel();
        thread::spawn(move || sender.send(child.wait().unwrap()));
        Self { pid, exit, ended: false }
    }

    fn wait(&mut self) -> ExitStatus {
        let status = self.exit.recv_timeout(PATIENCE).expect("the program ends");
        self.ended = true;
        status
    }
}

impl Drop for Process {
    /// A test that failed leaves no program behind.
    fn drop(&mut self) {
        if !self.ended && self.exit.try_recv().is_err() {
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
    }
}

/// What of the terminal is not as a shell expects it.
pub(crate) fn given_back(screen: &Screen) -> Result<(), &'static str> {
    for (wrong, what) in [
        (screen.alternate_screen(), "the alternate screen is on"),
        (screen.hide_cursor(), "the cursor is hidden"),
        (screen.bracketed_paste(), "bracketed paste is on"),
        (screen.mouse_protocol_mode() != MouseProtocolMode::None, "the mouse is reported"),
        (screen.bold() || screen.inverse() || screen.dim(), "an attribute is on"),
        (screen.fgcolor() != vt100::Color::Default, "a colour is on"),
    ] {
        if wrong {
            return Err(what);
        }
    }
    Ok(())
}

fn command(program: &Program, home: &TempDir) -> CommandBuilder {
    let mut command = CommandBuilder::new(program.path);
    command.args(program.args);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("TZ", "UTC");
    for (name, value) in program.env {
        command.env(name, value);
    }
    command.cwd(home.path());
    command.set_controlling_tty(program.hangup_signal);
    command
}

fn read(mut output: Box<dyn Read + Send>, seen: Arc<Seen>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            let mut state = seen.state.lock().unwrap();
            if state.hung_up {
                return;
            }
            if state.reading == Reading::Ending {
                state.reading = Reading::Off;
                seen.changed.notify_all();
                state = seen.changed.wait_while(state, |state| state.reading == Reading::Off).unwrap();
            }
            state.take(&buffer[..count]);
            seen.changed.notify_all();
        }
    })
}

fn modes(terminal: &OwnedFd) -> String {
    let modes: Termios = tcgetattr(terminal).unwrap();
    format!("{modes:?}")
}

const fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// Rows and columns of the screen: the parser takes nothing below two rows and one column.
fn screen_size(columns: u16, rows: u16) -> (NonZeroU16, NonZeroU16) {
    let at_least = |number: u16, least| NonZeroU16::new(number.max(least)).expect("the least is above zero");
    (at_least(rows, 2), at_least(columns, 1))
}

fn parser(columns: u16, rows: u16) -> Parser {
    let (rows, columns) = screen_size(columns, rows);
    Parser::new(rows, columns, 1000)
}
