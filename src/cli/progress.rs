//! The progress line: what is awaited, and how far a long listing has come.
//!
//! Invariant: it appears only on a terminal, and is erased before anything else is printed; a log or a pipe never gets
//! it. While rows are printed, it is hidden. While a service asks to wait, it shows the wait.

use std::{
    io::{self, IsTerminal, Write},
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    aws::{Aws, Setting},
    clock::Clock,
    domain::{numbers::group_digits, patience::Wait},
};

/// What is done sooner needs no announcement.
pub(super) const UNNOTICED: Duration = Duration::from_millis(200);

/// Does the work, which a service can be slow at; after a moment says what is being done, until it is.
pub(super) async fn patiently<T>(doing: &str, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    if let Ok(done) = tokio::time::timeout(UNNOTICED, &mut work).await {
        return done;
    }
    if !io::stderr().is_terminal() {
        return work.await;
    }
    let _line = ProgressLine;
    // Appended: a credential process may have asked something on this line.
    let _ = write!(io::stderr().lock(), "{doing} …");
    work.await
}

/// Access to AWS for a command: waits before retries are shown on the progress line.
pub(super) fn aws_with_waits() -> Aws {
    let clock = Clock::system();
    let told_by = clock.clone();
    Aws::new(clock, Setting::Process).telling_waits(move |waits| {
        if io::stderr().is_terminal() {
            tell_waits(waits, &told_by);
        }
    })
}

/// Whether the line shows a wait. There is only one line; it is locked while rows are written.
static LINE: Mutex<bool> = Mutex::new(false);

fn lock_line() -> MutexGuard<'static, bool> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell_waits(waits: &[Wait], clock: &Clock) {
    // A terminal that takes no rows holds nobody up: the wait is told again within a second.
    let Ok(mut is_told) = LINE.try_lock() else { return };
    let first = waits.iter().min_by_key(|wait| wait.until);
    *is_told = first.is_some();
    let mut stderr = io::stderr().lock();
    let _ = match first {
        Some(wait) => write!(stderr, "\r{} answered {} …\x1b[K", wait.service, wait.in_words(clock.now())),
        None => write!(stderr, "\r\x1b[K"),
    };
}

/// A line that is cleared when dropped.
struct ProgressLine;

impl Drop for ProgressLine {
    fn drop(&mut self) {
        let _ = write!(io::stderr().lock(), "\r\x1b[K");
    }
}

/// The progress, if standard error is a terminal; cleared when dropped.
pub(super) struct Progress {
    wanted: bool,
    /// Rows on the same terminal say how far it is, as long as they come.
    rows_scroll_by: bool,
    line: Option<ProgressLine>,
}

impl Progress {
    /// For a command that prints rows as they come.
    pub(super) fn beside_rows() -> Self {
        Self { rows_scroll_by: io::stdout().is_terminal(), ..Self::without_rows() }
    }

    /// For a command that prints nothing before its end.
    pub(super) fn without_rows() -> Self {
        Self { wanted: io::stderr().is_terminal(), rows_scroll_by: false, line: None }
    }

    /// Whether rows are written on the same terminal.
    pub(super) fn is_beside_rows(&self) -> bool {
        self.rows_scroll_by
    }

    /// Clears the line where rows are to be written, and keeps it clear for as long as what comes back lives.
    pub(super) fn make_room(&mut self) -> Option<MutexGuard<'static, bool>> {
        if !self.rows_scroll_by {
            return None;
        }
        self.line = None;
        let mut is_told = lock_line();
        if std::mem::take(&mut *is_told) {
            drop(ProgressLine);
        }
        Some(is_told)
    }

    /// Waits for the next rows. Where no count stands, says after a moment what is being done.
    pub(super) async fn patiently<T>(&self, doing: &str, work: impl Future<Output = T>) -> T {
        if self.line.is_some() { work.await } else { patiently(doing, work).await }
    }

    /// How far it is, in words that are safe to print.
    pub(super) fn show_text(&mut self, text: &str) {
        if self.wanted && !*lock_line() {
            self.line.get_or_insert_with(|| ProgressLine);
            let _ = write!(io::stderr().lock(), "\r{text}\x1b[K");
        }
    }

    /// So many rows so far, if there is `more` to wait for.
    pub(super) fn show_rows(&mut self, rows: u64, more: bool) {
        if more && !self.rows_scroll_by {
            self.show_text(&format!("{} keys …", group_digits(rows)));
        }
    }
}
