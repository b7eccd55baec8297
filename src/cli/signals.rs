//! Signals that end a command which has something to clean up first.
//!
//! Invariant: once a signal is listened for, it no longer ends the program by itself; the listener either reports it or
//! passes it on to [`Signals::end_the_program`]. Once a command from a config file has been started, a signal ends that
//! command with all its children, and the program too unless somebody else reports it.

use std::{
    io,
    process::exit,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::process::end_commands;

/// How many [`Signals`] there are, each with a listener that reports signals.
static LISTENERS: AtomicUsize = AtomicUsize::new(0);

/// `SIGINT` of `Ctrl-C`, `SIGTERM`, and `SIGHUP` of a terminal that goes.
pub(super) struct Signals(SignalStreams);

struct SignalStreams {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

/// Has a signal end the commands that a config file names, from now on.
pub(super) fn end_commands_too() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(mut ears) = SignalStreams::open() else { return };
        tokio::spawn(async move {
            loop {
                let number = ears.next().await;
                end_commands();
                if LISTENERS.load(Ordering::SeqCst) == 0 {
                    exit(128 + number);
                }
            }
        });
    });
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let ears = SignalStreams::open()?;
        LISTENERS.fetch_add(1, Ordering::SeqCst);
        Ok(Self(ears))
    }

    /// The number of the next one.
    pub(super) async fn next(&mut self) -> i32 {
        self.0.next().await
    }

    /// Lets them end the program again from now on: there is nothing left to give back.
    pub(super) fn end_the_program(mut self) {
        tokio::spawn(async move {
            let number = self.next().await;
            end_commands();
            exit(128 + number);
        });
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        LISTENERS.fetch_sub(1, Ordering::SeqCst);
    }
}

impl SignalStreams {
    fn open() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hang_up.recv() => SignalKind::hangup(),
        };
        kind.as_raw_value()
    }
}
