//! What is waited for, and how far a long listing has come, on a line that is written over.
//!
//! Invariant: only on a terminal, and gone before anything else is written there; a log or a pipe never gets it. The count
//! stands only where no rows scroll by.

use std::{
    io::{self, IsTerminal, Write},
    pin::pin,
    time::Duration,
};

use super::output::Form;
use crate::domain::numbers::grouped;

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
        if self.wanted {
            self.line.get_or_insert_with(|| Line);
            let _ = write!(io::stderr().lock(), "\r{text}\x1b[K");
        }
    }

    /// So many rows so far, if there is `more` to wait for.
    pub(super) fn show(&mut self, rows: u64, more: bool) {
        if self.wanted && more {
            self.line.get_or_insert_with(|| Line);
            let _ = write!(io::stderr().lock(), "\r{} keys …\x1b[K", grouped(rows));
        }
    }
}
