//! The terminal: taken once, and given back as it was, also after a panic or a signal.
//!
//! Invariant: whatever [`Terminal::enter`] switched on, [`leave`] switches off, in the opposite order, once. Nothing
//! asks the terminal a question: an answer could be taken for a key.

mod lent;

use std::{
    io::{self, Stdout, Write, stdin, stdout},
    mem::ManuallyDrop,
    panic,
    process::{Command, ExitStatus, exit},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crossterm::{
    clipboard::CopyToClipboard,
    cursor,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    execute, queue,
    style::Print,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::backend::CrosstermBackend;
use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Signal, getpid, kill_current_process_group, kill_process},
    termios::{OptionalActions, QueueSelector, tcdrain, tcflush, tcgetattr, tcsetattr},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    time::sleep,
};

use crate::{
    app::Model,
    process,
    run::{Input, Surface},
    ui::{self, Theme},
};

/// Clicks and the wheel, but no motion: reporting every motion floods the input and blocks selecting text.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// What terminals take of an OSC 52 sequence, in bytes of base64.
const MOST_CLIPBOARD_BYTES: usize = 74_994;

/// What a person sees above what the terminal is lent to.
const LENT: &str = "ebbtide: a shell with the session's credentials and no others; `exit` leads back";

/// How long the loop may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(1);

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The person's terminal while it is ours.
pub struct Terminal {
    /// Never dropped: its own drop would complain on standard error, and panic where that is a terminal that is gone.
    inner: ManuallyDrop<ratatui::Terminal<CrosstermBackend<Stdout>>>,
    theme: Theme,
    mouse: bool,
    reader: Option<lent::Reader>,
}

impl Terminal {
    /// Takes the terminal: alternate screen, raw mode, bracketed paste, and the mouse unless it is unwanted.
    pub fn enter(theme: Theme, mouse: bool) -> io::Result<Self> {
        restore_on_panic();
        let inner = take(mouse)
            .and_then(|()| ratatui::Terminal::new(CrosstermBackend::new(stdout())))
            .inspect_err(|_| leave())?; // half taken is to be given back too
        Ok(Self { inner: ManuallyDrop::new(inner), theme, mouse, reader: None })
    }

    /// What the person and the system do from now on. Call it once, before the first draw: a resize would be missed.
    pub fn inputs(&mut self) -> io::Result<mpsc::Receiver<Input>> {
        let (sender, inputs) = mpsc::channel(1024);
        self.reader = Some(lent::Reader::start(sender.clone()));
        let ends = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
        for kind in ends {
            forward_end(kind, sender.clone())?;
        }
        forward_signal(SignalKind::from_raw(Signal::TSTP.as_raw()), Input::Stop, sender.clone())?;
        forward_signal(SignalKind::from_raw(Signal::CONT.as_raw()), Input::Continue, sender.clone())?;
        watch_for_hangup(sender);
        Ok(inputs)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

impl Surface for Terminal {
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.inner.draw(|frame| ui::view(model, &self.theme, frame)).map(drop)
    }

    fn redraw(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        // Resizing forgets what is on screen; clearing would ask for the cursor's position.
        let size = self.inner.size()?;
        self.inner.resize(size.into())
    }

    fn suspend(&mut self) -> io::Result<()> {
        leave();
        // The whole group, so that a shell script or a pager around us stops too.
        kill_current_process_group(Signal::STOP)?;
        self.redraw()
    }

    fn lend(&mut self, mut command: Command) -> io::Result<ExitStatus> {
        let paused = self.reader.as_ref().map(lent::Reader::pause).transpose()?;
        leave();
        let mut out = stdout();
        writeln!(out, "{LENT}").and_then(|()| out.flush())?;
        let ended = lent::run(&mut command);
        self.redraw()?;
        drop(paused);
        ended
    }

    fn copy(&mut self, text: &[u8]) -> Result<(), String> {
        if text.is_empty() {
            // An empty payload would clear the clipboard of some terminals.
            return Err("there is nothing to copy".into());
        }
        if text.len().div_ceil(3) * 4 > MOST_CLIPBOARD_BYTES {
            return Err("it is longer than terminals take".into());
        }
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text)).map_err(|error| error.to_string())
    }
}

fn take(mouse: bool) -> io::Result<()> {
    ENTERED.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    make_raw()?;
    let mut out = stdout();
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide)?;
    if mouse {
        queue!(out, Print(MOUSE_ON))?;
    }
    out.flush()
}

/// Sets raw mode where the terminal library believes that it is set: after a stop that nobody announced, a shell has
/// changed the modes behind our back.
fn make_raw() -> io::Result<()> {
    let mut modes = tcgetattr(stdin())?;
    modes.make_raw();
    Ok(tcsetattr(stdin(), OptionalActions::Now, &modes)?)
}

/// Gives the terminal back, if it was taken. Everything is written and drained before raw mode ends: afterwards a
/// `Ctrl-C` typed in haste would flush what is still on its way. Reports of the mouse that are still to be read must not
/// land in the shell.
pub fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done about an error here: the terminal may be gone.
    let mut out = stdout();
    let _ = switch_off(&mut out);
    let _ = tcdrain(&out);
    let _ = tcflush(stdin(), QueueSelector::IFlush);
    let _ = disable_raw_mode();
}

fn switch_off(out: &mut impl Write) -> io::Result<()> {
    execute!(out, Print(MOUSE_OFF), DisableFocusChange, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show)
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

/// Asks the loop to end. One that has not ended after [`PATIENCE`] waits for a terminal that reads nothing, and would
/// wait as long as that does: then the process is ended from here.
fn forward_end(kind: SignalKind, sender: mpsc::Sender<Input>) -> io::Result<()> {
    let mut signals = signal(kind)?;
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            if lent::takes(kind) {
                continue;
            }
            lent::hang_up();
            // A queue that is full is not being read either.
            let _ = sender.try_send(Input::Signal(kind.as_raw_value()));
            sleep(PATIENCE).await;
            if !lent::is_lent() {
                leave_unread().await;
            }
            exit(128 + kind.as_raw_value());
        }
    });
    Ok(())
}

/// Gives back what can be given back of a terminal that reads nothing. What it has not read is thrown away; that makes
/// room for the sequences that switch it off, from the loop if the signal wakes its write, else from here.
async fn leave_unread() {
    let _ = tcflush(stdout(), QueueSelector::OFlush);
    let _ = kill_process(getpid(), Signal::WINCH);
    thread::spawn(|| {
        let mut sequences = vec![];
        let _ = switch_off(&mut sequences);
        // Not by way of the standard output's buffer, which the loop holds. This may wait as well.
        let _ = rustix::io::write(stdout(), &sequences);
    });
    sleep(PATIENCE / 10).await;
    let _ = disable_raw_mode();
}

fn forward_signal(kind: SignalKind, input: Input, sender: mpsc::Sender<Input>) -> io::Result<()> {
    let mut signals = signal(kind)?;
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            if lent::is_lent() && input == Input::Stop {
                lent::stop_too();
                continue;
            }
            if sender.send(input.clone()).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// A terminal can go without a signal (a killed multiplexer under `nohup`); the event stream would wait for ever. Asking
/// for no event at all still reports a hangup.
fn watch_for_hangup(sender: mpsc::Sender<Input>) {
    thread::spawn(move || {
        let terminal = stdin();
        let mut watched = [PollFd::new(&terminal, PollFlags::empty())];
        while poll(&mut watched, None).is_err() {}
        // Some systems cannot poll a terminal, and say so at once.
        if !watched[0].revents().contains(PollFlags::NVAL) {
            let _ = sender.blocking_send(Input::Gone);
        }
    });
}
