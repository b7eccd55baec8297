//! What is waited for, and how far a long listing has come, on a line that is written over.
//!
//! Invariant: only on a terminal, and gone before anything else is written there; a log or a pipe never gets it. The count
//! stands only where no rows scroll by. A wait that a service asked for has the line for as long as it lasts.

use std::{
    io::{self, IsTerminal, Write},
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::output::Form;
use crate::{
    aws::{Aws, Setting},
    clock::Clock,
    domain::{numbers::grouped, patience::Wait},
};

/// What is done sooner needs no announcement.
const UNNOTICED: Duration = Duration::from_millis(200);

/// Does the work, which a service can be slow at; after a moment says what is being done, until it is.
pub(super) async fn patiently<T>(doing: &str, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    if let Ok(done) = tokio::time::timeout(UNNOTICED, &mut work).await {
        return done;
    }
    if !io::stderr().is_terminal() {
        return work.await;
    }
    let _line = Line;
    // Appended: a credential process may have asked something on this line.
    let _ = write!(io::stderr().lock(), "{doing} …");
    work.await
}

/// The way to AWS of a command: what its calls wait for before they are made again is told on the line.
pub(super) fn services() -> Aws {
    let clock = Clock::system();
    let told_by = clock.clone();
    Aws::new(clock, Setting::Process).telling_waits(move |waits| {
        if io::stderr().is_terminal() {
            tell_waits(waits, &told_by);
        }
    })
}

/// Whether the line says what is waited for. There is one line, whoever writes on it.
static IS_WAITING: AtomicBool = AtomicBool::new(false);

fn tell_waits(waits: &[Wait], clock: &Clock) {
    let first = waits.iter().min_by_key(|wait| wait.until);
    IS_WAITING.store(first.is_some(), Ordering::Relaxed);
    let mut stderr = io::stderr().lock();
    let _ = match first {
        Some(wait) => write!(stderr, "\r{} answered {} …\x1b[K", wait.service, wait.in_words(clock.now())),
        None => write!(stderr, "\r\x1b[K"),
    };
}

/// A line that is cleared when dropped.
struct Line;

impl Drop for Line {
    fn drop(&mut self) {
        let _ = write!(io::stderr().lock(), "\r\x1b[K");
    }
}

/// The count, if there is to be one; cleared when dropped.
pub(super) struct Progress {
    wanted: bool,
    line: Option<Line>,
}

impl Progress {
    pub(super) fn new(form: Form) -> Self {
        let rows_scroll_by = form != Form::Json && io::stdout().is_terminal();
        Self { wanted: io::stderr().is_terminal() && !rows_scroll_by, line: None }
    }

    /// For a command that prints nothing before its end.
    pub(super) fn alone() -> Self {
        Self { wanted: io::stderr().is_terminal(), line: None }
    }

    /// How far it is, in words that are safe to print.
    pub(super) fn tell(&mut self, text: &str) {
        if self.wanted && !IS_WAITING.load(Ordering::Relaxed) {
            self.line.get_or_insert_with(|| Line);
            let _ = write!(io::stderr().lock(), "\r{text}\x1b[K");
        }
    }

    /// So many rows so far, if there is `more` to wait for.
    pub(super) fn show(&mut self, rows: u64, more: bool) {
        if more {
            self.tell(&format!("{} keys …", grouped(rows)));
        }
    }
}
