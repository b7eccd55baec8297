//! The event loop: one `select!` over input, replies and time.
//!
//! Invariant: input never waits for work, because the loop does none. Everything queued is handled before the screen is
//! drawn once. With no countdown and no request in flight, the loop sleeps.

use std::{
    io,
    os::unix::process::ExitStatusExt,
    process::{Command, ExitStatus},
    time::Duration,
};

use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEventKind};
use jiff::{SignedDuration, Timestamp};
use tokio::{sync::mpsc, time::sleep};

use crate::{
    app::{self, Action, CopyText, Effect, Message, Model, TextAction, update},
    clipboard::{Clipboard, ClipboardItem, Payload},
    clock::Clock,
    domain::{
        credentials::{ExposeSecret, SessionId},
        failure::{Failure, FailureKind},
        name_text::bytes_of,
    },
    handover::{Delivery, Relay},
    keymap, ui,
    worker::Worker,
};

/// Something a person looks at: a terminal, or what a test reads.
pub trait Surface {
    /// Shows the model.
    fn draw(&mut self, model: &Model) -> io::Result<()>;
    /// Shows everything anew at the next draw.
    fn redraw(&mut self) -> io::Result<()>;
    /// Gives the terminal back, stops until continued, and takes it again.
    fn suspend(&mut self) -> io::Result<()>;
    /// Gives the terminal to a command until that ends, and takes it again.
    fn lend(&mut self, command: Command) -> io::Result<ExitStatus>;
    /// Sends text to the terminal for its clipboard; the error says why not.
    fn send_to_clipboard(&mut self, text: &[u8], relay: Relay) -> Result<(), String>;
}

/// What comes from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key, a paste, a click, a new size.
    Event(Event),
    /// The process was asked to stop for a while.
    Stop,
    /// It was continued.
    Continue,
    /// A signal asks it to end.
    Signal(i32),
    /// The terminal is gone.
    Gone,
}

/// How the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The person quit.
    Quit,
    /// The person wants the interface over the sandbox.
    Demo,
    /// This signal requested it.
    Signal(i32),
    /// The terminal is gone.
    Gone,
}

/// What had queued up.
#[derive(Default)]
struct Drained {
    /// Whether there was something.
    any: bool,
    ending: Option<Ending>,
}

/// A machine that slept wakes to a timer that stood still, so no timer is longer than this.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// A wall clock that moved less was disciplined; one that moved more was set.
const DISCIPLINED: SignedDuration = SignedDuration::from_secs(2);

/// Everything the loop turns on.
pub struct Loop<'a, S> {
    /// What is looked at.
    pub surface: &'a mut S,
    /// The state.
    pub model: Model,
    /// Carries out effects.
    pub worker: Worker,
    /// What the person does.
    pub inputs: mpsc::Receiver<Input>,
    /// What services answer.
    pub replies: mpsc::Receiver<Message>,
    /// The time.
    pub clock: Clock,
    /// Takes what is copied.
    pub clipboard: Clipboard,
}

impl<S: Surface> Loop<'_, S> {
    /// Runs until the person quits or the process is asked to end. No secret is on screen then.
    pub async fn run(mut self) -> io::Result<Ending> {
        let ending = self.run_turns().await;
        self.hide_secrets();
        ending
    }

    async fn run_turns(&mut self) -> io::Result<Ending> {
        self.surface.draw(&self.model)?;
        for effect in app::start(&self.model) {
            self.worker.run_effect(effect);
        }
        let mut wall_moved = self.clock.wall_moved();
        loop {
            let mut changed = true;
            let (next_change, clock) = (self.model.next_change(), self.clock.clone());
            let ending = tokio::select! {
                biased;
                input = self.inputs.recv() => self.handle_input(input.unwrap_or(Input::Gone))?,
                Some(message) = self.replies.recv() => self.handle_message(message)?,
                (parcel, taken) = self.clipboard.next_result() => self.report_delivery(&parcel, taken)?,
                due = sleep_until_change(next_change, &clock) => {
                    changed = due;
                    self.handle_message(Message::Tick)?
                }
            };
            if let Some(ending) = ending {
                // What was typed after a quit is not carried out.
                return Ok(ending);
            }
            let moved = self.clock.wall_moved();
            if (moved - wall_moved).abs() > DISCIPLINED {
                wall_moved = moved;
                changed = true;
                self.handle_message(Message::WallClockSet)?;
            }
            let drained = self.drain_queues()?;
            if let Some(ending) = drained.ending {
                return Ok(ending);
            }
            if changed || drained.any {
                self.surface.draw(&self.model)?;
            }
        }
    }

    /// Handles what has queued up meanwhile: a burst of keys or pages costs one frame.
    fn drain_queues(&mut self) -> io::Result<Drained> {
        let mut drained = Drained::default();
        while drained.ending.is_none()
            && let Ok(input) = self.inputs.try_recv()
        {
            drained = Drained { any: true, ending: self.handle_input(input)? };
        }
        while drained.ending.is_none()
            && let Ok(message) = self.replies.try_recv()
        {
            drained = Drained { any: true, ending: self.handle_message(message)? };
        }
        Ok(drained)
    }

    fn handle_input(&mut self, input: Input) -> io::Result<Option<Ending>> {
        match input {
            Input::Event(event) => match message_for(&self.model, event) {
                Some(message) => self.handle_message(message),
                None => Ok(None),
            },
            Input::Stop => self.handle_message(Message::Action(Action::Suspend)),
            Input::Continue => self.handle_message(Message::Action(Action::Redraw)),
            Input::Signal(number) => Ok(Some(Ending::Signal(number))),
            Input::Gone => Ok(Some(Ending::Gone)),
        }
    }

    fn handle_message(&mut self, message: Message) -> io::Result<Option<Ending>> {
        let now = self.clock.now();
        for effect in update(&mut self.model, now, message) {
            match effect {
                Effect::Quit => return Ok(Some(Ending::Quit)),
                Effect::StartDemo => return Ok(Some(Ending::Demo)),
                Effect::Suspend => {
                    self.hide_secrets();
                    self.surface.suspend()?;
                }
                Effect::Redraw => self.surface.redraw()?,
                Effect::Copy(CopyText { text, called }) => {
                    self.copy_item(ClipboardItem { what: Payload::Text(called), text: text.into() })?;
                }
                Effect::HandOver { session, offer } => match self.worker.hand_over(session, offer) {
                    Ok(text) => self.copy_item(ClipboardItem { what: Payload::Offer(offer), text })?,
                    Err(failure) => _ = self.handle_message(Message::HandedOver { offer, outcome: Err(failure) })?,
                },
                Effect::Shell(session) => {
                    let ended = Message::ShellEnded(self.run_shell(session));
                    // Time has passed: more than a notice may be due.
                    if let Some(ending) = self.handle_message(ended)? {
                        return Ok(Some(ending));
                    }
                }
                Effect::Reveal(session) => {
                    if let Some(credentials) = self.worker.reveal_credentials(session) {
                        self.handle_message(Message::Revealed { session, credentials })?;
                    }
                }
                effect => self.worker.run_effect(effect),
            }
        }
        Ok(None)
    }
}

impl<S: Surface> Loop<'_, S> {
    /// Takes secrets off the screen. A terminal that cannot be drawn to shows them to nobody, or is switched off so that
    /// they go.
    fn hide_secrets(&mut self) {
        if self.model.shows_secret() {
            let _ = self.handle_message(Message::Action(Action::Hide));
        }
        let _ = self.surface.draw(&self.model);
    }

    /// What answers meanwhile waits in the queue.
    fn run_shell(&mut self, session: SessionId) -> Result<i32, Failure> {
        let shell = self.worker.session_shell(session)?;
        self.hide_secrets();
        let ended = self
            .surface
            .lend(shell)
            .map_err(|error| Failure::local(FailureKind::Other, "start", "a shell", error.to_string()))?;
        Ok(ended.code().unwrap_or_else(|| 128 + ended.signal().unwrap_or_default()))
    }

    /// Text goes to the clipboard past the model, for it may be a secret: by a tool, or at once to the terminal.
    fn copy_item(&mut self, parcel: ClipboardItem) -> io::Result<()> {
        match self.clipboard.copy_item(parcel) {
            Some(parcel) => self.report_delivery(&parcel, false).map(drop),
            None => Ok(()),
        }
    }

    /// What no tool has taken is sent to the terminal.
    fn report_delivery(&mut self, parcel: &ClipboardItem, taken: bool) -> io::Result<Option<Ending>> {
        let (text, relay) = (parcel.text.expose_secret(), self.clipboard.relay);
        let outcome = if taken {
            Ok(Delivery::Taken)
        } else {
            self.surface.send_to_clipboard(&bytes_of(text), relay).map(|()| Delivery::Sent(relay))
        };
        self.handle_message(match parcel.what {
            Payload::Text(called) => {
                Message::Copied(outcome.map(|delivery| (CopyText { text: text.to_owned(), called }, delivery)))
            }
            Payload::Offer(offer) => Message::HandedOver {
                offer,
                outcome: outcome.map_err(|why| Failure::local(FailureKind::Other, "copy", offer.name(), why)),
            },
        })
    }
}

/// Sleeps until something on screen changes by itself; says whether it does, or whether only a longest sleep ended.
async fn sleep_until_change(next_change: Option<Timestamp>, clock: &Clock) -> bool {
    let Some(next) = next_change else { return std::future::pending().await };
    let until = Duration::try_from(next.duration_since(clock.now())).unwrap_or(Duration::ZERO);
    sleep(until.min(LONGEST_SLEEP)).await;
    clock.now() >= next
}

/// What an event means for the model as it stands.
fn message_for(model: &Model, event: Event) -> Option<Message> {
    let action = match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => keymap::action(model, key)?,
        Event::Paste(text) => Action::Text(TextAction::Paste(text)),
        Event::Resize(columns, rows) => return Some(Message::Resized(columns, rows)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::ScrollDown => ui::wheel(model, mouse.column, mouse.row, 3),
            MouseEventKind::ScrollUp => ui::wheel(model, mouse.column, mouse.row, -3),
            MouseEventKind::Down(MouseButton::Left) => ui::hit(model, mouse.column, mouse.row)?,
            _ => return None,
        },
        Event::FocusLost => Action::Hide,
        Event::Key(_) | Event::FocusGained => return None,
    };
    Some(Message::Action(ui::settle(model, action)))
}
