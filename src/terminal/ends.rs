//! What ends or stops the program from outside: signals, and a terminal that disappears.
//!
//! Invariant: a signal that asks the program to end ends it, even if the loop waits for a terminal that does not read.

use std::{
    io::{self, stdin, stdout},
    process::exit,
    thread,
    time::Duration,
};

use crossterm::event::Event;
use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Signal, getpid, kill_process},
    termios::{QueueSelector, tcflush},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    time::sleep,
};

use super::{
    lent,
    modes::{put_modes_back, switch_off},
};
use crate::{process, run::Input};

/// How long the loop may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(1);

/// Sends what happens to the program from now on.
pub(super) fn watch(sender: &mpsc::Sender<Input>) -> io::Result<()> {
    let ends = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
    for kind in ends {
        forward_end(kind, sender.clone())?;
    }
    forward(SignalKind::from_raw(Signal::TSTP.as_raw()), sender.clone(), || {
        if !lent::is_lent() {
            return Some(Input::Stop);
        }
        lent::stop_too();
        None
    })?;
    forward(SignalKind::from_raw(Signal::CONT.as_raw()), sender.clone(), || Some(Input::Continue))?;
    forward(SignalKind::window_change(), sender.clone(), || {
        let (columns, rows) = crossterm::terminal::size().ok()?;
        Some(Input::Event(Event::Resize(columns, rows)))
    })?;
    watch_for_hangup(sender.clone());
    Ok(())
}

fn forward(kind: SignalKind, sender: mpsc::Sender<Input>, input: fn() -> Option<Input>) -> io::Result<()> {
    let mut signals = signal(kind)?;
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            if let Some(input) = input()
                && sender.send(input).await.is_err()
            {
                return;
            }
        }
    });
    Ok(())
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
            process::end_commands();
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
        // This may wait as well.
        let _ = rustix::io::write(stdout(), &sequences);
    });
    sleep(PATIENCE / 10).await;
    put_modes_back();
}

/// A terminal can go without a signal (a killed multiplexer under `nohup`), also while it is lent and nothing of ours
/// reads it. Asking for no event at all still reports a hangup.
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
