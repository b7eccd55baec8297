//! The signals that end a command which must first give back what it took.
//!
//! Invariant: once listened for, a signal ends nothing by itself any more; so whoever listens either tells of it or passes
//! it on to [`Signals::end_the_program`].

use std::{io, process::exit};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// `SIGINT` of `Ctrl-C`, `SIGTERM`, and `SIGHUP` of a terminal that goes.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// The number of the next one.
    pub(super) async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hang_up.recv() => SignalKind::hangup(),
        };
        kind.as_raw_value()
    }

    /// Lets them end the program again from now on: there is nothing left to give back.
    pub(super) fn end_the_program(mut self) {
        tokio::spawn(async move { exit(128 + self.next().await) });
    }
}
