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
//! | `modes` | switches the terminal's modes on, and off again |
//! | `lent` | the terminal while a child process uses it |
//! | `ends` | signals, and a terminal that disappears |

mod decoder;
mod ends;
mod lent;
mod modes;
mod reader;
mod screen;
mod sequence;

use std::{
    io::{self, Write, stdout},
    mem::ManuallyDrop,
    process::{Command, ExitStatus},
};

use ratatui::backend::CrosstermBackend;
use rustix::process::{Signal, kill_current_process_group};
use tokio::sync::mpsc;

pub use self::modes::leave;
use self::{
    modes::{restore_on_panic, take},
    reader::Reader,
    screen::Output,
};
use crate::{
    app::Model,
    clipboard,
    handover::Relay,
    run::{Input, Surface},
    ui::{self, Theme},
};

/// What a person sees above what the terminal is lent to.
const LENT: &str = "ebbtide: a shell with the session's credentials and no others; type `exit` to return";

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
        modes::forget();
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
