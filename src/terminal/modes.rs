//! What is switched on of the terminal, and off again.
//!
//! Invariant: whatever [`take`] switched on, [`leave`] switches off, in the opposite order, once, and the modes are those of
//! before.

use std::{
    io::{self, Write, stdin, stdout},
    panic,
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
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcdrain, tcflush, tcgetattr, tcsetattr};

use super::screen::{self, Output};
use crate::process;

/// Clicks and the wheel, but no motion: reporting every motion floods the input and blocks selecting text.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal's modes before it was ours.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Takes the terminal, or takes it back from a program that had it meanwhile.
pub(super) fn take_terminal(mouse: bool) -> io::Result<()> {
    let modes = tcgetattr(stdin())?;
    let mut raw = lock_saved_modes().get_or_insert(modes).clone();
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

fn lock_saved_modes() -> MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ignores how the terminal was before: a program that had it meanwhile may have changed it.
pub(super) fn forget() {
    *lock_saved_modes() = None;
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

pub(super) fn put_modes_back() {
    if let Some(modes) = &*lock_saved_modes() {
        let _ = tcsetattr(stdin(), OptionalActions::Now, modes);
    }
}

pub(super) fn switch_off(out: &mut impl Write) -> io::Result<()> {
    if screen::shows_secret() {
        screen::wipe_rows(out)?;
    }
    screen::go_below(out)?;
    queue!(out, Print(MOUSE_OFF), DisableFocusChange, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show)
}

/// A panic of the thread that draws ends the program: the terminal is given back before the report is printed. A panic
/// of a worker's task becomes a failure on screen, and must print nothing over it.
pub(super) fn restore_on_panic() {
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
