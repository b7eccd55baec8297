//! The terminal in the hands of a child: nothing of ours reads it, and its keys signal the child alone.
//!
//! Invariant: while a child runs no event stream waits for the terminal, so every key is the child's. A signal that asks the
//! program to end reaches the child first, as the hangup of its terminal.
//!
//! The child stays in our process group, as below `system(3)`: a shell with job control makes groups of its own, and to take
//! the terminal back from a foreign group would need `SIGTTOU` blocked.

use std::{
    io,
    process::{Command, ExitStatus},
    sync::{
        atomic::{AtomicBool, AtomicI32, Ordering},
        mpsc as blocking,
    },
    thread,
    time::Duration,
};

use crossterm::event::EventStream;
use futures_util::StreamExt;
use rustix::process::{Pid, Signal, getpid, kill_process};
use tokio::{
    signal::unix::SignalKind,
    sync::{mpsc, oneshot},
};

use crate::run::Input;

static LENT: AtomicBool = AtomicBool::new(false);
/// 0 where there is none.
static CHILD: AtomicI32 = AtomicI32::new(0);

/// A signal of the keyboard reaches us and the child at once; ours may be handled when the child is gone already.
const LATE_SIGNALS: Duration = Duration::from_millis(50);

/// Whoever reads the terminal is to let go of it.
struct Pause {
    let_go: blocking::Sender<()>,
    resumed: oneshot::Receiver<()>,
}

/// Reads the terminal, except while it is lent.
pub(super) struct Reader(mpsc::Sender<Pause>);

/// Reading goes on when this is dropped.
pub(super) struct Paused {
    _resume: oneshot::Sender<()>,
}

impl Reader {
    /// One task owns the stream: one that is polled from several places loses events.
    pub(super) fn start(sender: mpsc::Sender<Input>) -> Self {
        let (pauses, mut asked) = mpsc::channel::<Pause>(1);
        tokio::spawn(async move {
            let mut events = EventStream::new();
            loop {
                let event = tokio::select! {
                    Some(pause) = asked.recv() => {
                        drop(events);
                        // A new stream is made only when the old one's thread no longer reads; it reads nothing itself
                        // before it is asked.
                        events = EventStream::new();
                        let _ = pause.let_go.send(());
                        let _ = pause.resumed.await;
                        continue;
                    }
                    event = events.next() => event,
                };
                let input = event.and_then(Result::ok).map_or(Input::Gone, Input::Event);
                let gone = input == Input::Gone;
                if sender.send(input).await.is_err() || gone {
                    return;
                }
            }
        });
        Self(pauses)
    }

    /// Returns when nothing is read any more.
    pub(super) fn pause(&self) -> io::Result<Paused> {
        let ((let_go, quiet), (resume, resumed)) = (blocking::channel(), oneshot::channel());
        let nobody = || io::Error::other("the terminal is no longer read");
        self.0.try_send(Pause { let_go, resumed }).map_err(|_| nobody())?;
        quiet.recv().map_err(|_| nobody())?;
        Ok(Paused { _resume: resume })
    }
}

/// Runs a command at the terminal until it ends.
pub(super) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    LENT.store(true, Ordering::SeqCst);
    let ended = command.spawn().and_then(|mut child| {
        CHILD.store(i32::try_from(child.id()).unwrap_or_default(), Ordering::SeqCst);
        child.wait()
    });
    CHILD.store(0, Ordering::SeqCst);
    thread::sleep(LATE_SIGNALS);
    LENT.store(false, Ordering::SeqCst);
    ended
}

/// Whether the terminal is a child's.
pub(super) fn is_lent() -> bool {
    LENT.load(Ordering::SeqCst)
}

/// Whether a signal is what the child's keys mean, and none of our business.
pub(super) fn takes(kind: SignalKind) -> bool {
    is_lent() && [SignalKind::interrupt(), SignalKind::quit()].contains(&kind)
}

/// Tells the child that its terminal goes: shells do not end for less.
pub(super) fn hang_up() {
    if let Some(child) = Pid::from_raw(CHILD.load(Ordering::SeqCst)) {
        let _ = kill_process(child, Signal::HUP);
    }
}

/// A child without job control was stopped by a key, which stops us as well: whoever started us can continue both.
pub(super) fn stop_too() {
    let _ = kill_process(getpid(), Signal::STOP);
}
