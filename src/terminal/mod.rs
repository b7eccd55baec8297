//! The terminal: set up once, and restored, even after a panic or a signal.
//!
//! Invariant: [`leave`] turns off everything that [`Terminal::enter`] turned on, in the opposite order, once, and
//! restores the modes, whatever a child process did with them. No secret is on screen then. The terminal is never
//! queried: its answer could be taken for a key.
//!
//! | file | what it does |
//! |---|---|
//! | `reader`, `decoder`, `sequence` | read input, split it into sequences, turn them into events |
//! | `screen` | writes frames |
//! | `lent` | the terminal while a child process uses it |
//! | `ends` | signals, and a terminal that disappears |

mod decoder;
mod ends;
mod lent;
mod reader;
mod screen;
mod sequence;

use std::{
    io::{self, Write, stdin, stdout},
    mem::ManuallyDrop,
    panic,
    process::{Command, ExitStatus},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crossterm::{
    cursor,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    queue,
    style::Print,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::backend::CrosstermBackend;
use reader::Reader;
use rustix::{
    process::{Signal, kill_current_process_group},
    termios::{OptionalActions, QueueSelector, Termios, tcdrain, tcflush, tcgetattr, tcsetattr},
};
use screen::Output;
use tokio::sync::mpsc;

use crate::{
    app::Model,
    clipboard,
    handover::Relay,
    process,
    run::{Input, Surface},
    ui::{self, Theme},
};

/// Clicks and the wheel, but no motion: reporting every motion floods the input and blocks selecting text.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// What a person sees above what the terminal is lent to.
const LENT: &str = "ebbtide: a shell with the session's credentials and no others; type `exit` to return";

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal's modes before it was ours.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The person's terminal while it is ours.
pub struct Terminal {
    /// Never dropped: its own drop would complain on standard error, and panic where that is a terminal that is gone.
    inner: ManuallyDrop<ratatui::Terminal<CrosstermBackend<Output>>>,
    theme: Theme,
    mouse: bool,
    reader: Option<Reader>,
}

impl Terminal {
    /// Takes the terminal: alternate screen, raw mode, bracketed paste, and the mouse unless it is unwanted.
    pub fn enter(theme: Theme, mouse: bool) -> io::Result<Self> {
        restore_on_panic();
        let inner = take(mouse)
            .and_then(|()| ratatui::Terminal::new(CrosstermBackend::new(Output::new())))
            .inspect_err(|_| leave())?; // half taken is to be given back too
        Ok(Self { inner: ManuallyDrop::new(inner), theme, mouse, reader: None })
    }

    /// What the person and the system do from now on. Call it once, before the first draw: a resize would be missed.
    pub fn inputs(&mut self) -> io::Result<mpsc::Receiver<Input>> {
        let (sender, inputs) = mpsc::channel(1024);
        ends::watch(&sender)?;
        self.reader = Some(Reader::start(sender)?);
        Ok(inputs)
    }

    /// Another size has the whole screen cleared, which some terminals keep in their scrollback.
    fn wipe_before_a_new_size(&mut self) -> io::Result<()> {
        if screen::shows_secret() && self.inner.size()? != self.inner.get_frame().area().as_size() {
            screen::wipe(self.inner.backend_mut())?;
        }
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

impl Surface for Terminal {
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.wipe_before_a_new_size()?;
        let secret = model.shows_secret();
        if secret {
            screen::note_secret(true);
        }
        self.inner.draw(|frame| ui::view(model, &self.theme, frame))?;
        screen::note_secret(secret);
        Ok(())
    }

    fn redraw(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        if screen::shows_secret() {
            screen::wipe(self.inner.backend_mut())?;
        }
        // Resizing forgets what is on screen; clearing would ask for the cursor's position.
        let size = self.inner.size()?;
        self.inner.resize(size.into())
    }

    fn suspend(&mut self) -> io::Result<()> {
        leave();
        // The whole group, so that a shell script or a pager around us stops too.
        kill_current_process_group(Signal::STOP)?;
        // Whoever had the terminal meanwhile may have set it otherwise.
        *before() = None;
        self.redraw()
    }

    fn lend(&mut self, mut command: Command) -> io::Result<ExitStatus> {
        let paused = self.reader.as_ref().map(Reader::pause).transpose()?;
        leave();
        let mut out = stdout();
        writeln!(out, "{LENT}").and_then(|()| out.flush())?;
        let ended = lent::run(&mut command);
        self.redraw()?;
        drop(paused);
        ended
    }

    fn send_to_clipboard(&mut self, text: &[u8], relay: Relay) -> Result<(), String> {
        clipboard::send(text, relay, self.inner.backend_mut())
    }
}

/// Takes the terminal, or takes it again from whoever had it meanwhile.
fn take(mouse: bool) -> io::Result<()> {
    let modes = tcgetattr(stdin())?;
    let mut raw = before().get_or_insert(modes).clone();
    ENTERED.store(true, Ordering::SeqCst);
    raw.make_raw();
    tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    let mut out = Output::new();
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide)?;
    if mouse {
        queue!(out, Print(MOUSE_ON))?;
    }
    out.flush()
}

fn before() -> MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the terminal back, if it was taken. Everything is written and drained before raw mode ends: afterwards a
/// `Ctrl-C` typed in haste would flush what is still on its way. Reports of the mouse that are still to be read must not
/// land in the shell.
pub fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done about an error here: the terminal may be gone.
    let mut out = Output::new();
    let _ = switch_off(&mut out).and_then(|()| out.flush());
    let _ = tcdrain(stdout());
    let _ = tcflush(stdin(), QueueSelector::IFlush);
    put_modes_back();
}

fn put_modes_back() {
    if let Some(modes) = &*before() {
        let _ = tcsetattr(stdin(), OptionalActions::Now, modes);
    }
}

fn switch_off(out: &mut impl Write) -> io::Result<()> {
    if screen::shows_secret() {
        screen::wipe(out)?;
    }
    screen::go_below(out)?;
    queue!(out, Print(MOUSE_OFF), DisableFocusChange, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show)
}

/// A panic of the thread that draws ends the program: the terminal is given back before the report is printed. A panic
/// of a worker's task becomes a failure on screen, and must print nothing over it.
fn restore_on_panic() {
    let ours = thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == ours || !ENTERED.load(Ordering::SeqCst) {
            leave();
            report(info);
        } else {
            process::log_fault(info);
        }
    }));
}
