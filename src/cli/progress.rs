//! How far a long listing has come, on a line that is written over.
//!
//! Invariant: only on a terminal, and only where no rows scroll by; a log or a pipe never gets it.

use std::io::{self, IsTerminal, Write};

use super::output::Form;
use crate::domain::numbers::grouped;

/// The line, if there is to be one; cleared when dropped.
pub(super) struct Progress {
    wanted: bool,
    shown: bool,
}

impl Progress {
    pub(super) fn new(form: Form) -> Self {
        let rows_scroll_by = form != Form::Json && io::stdout().is_terminal();
        Self { wanted: io::stderr().is_terminal() && !rows_scroll_by, shown: false }
    }

    /// So many rows so far, if there is `more` to wait for.
    pub(super) fn show(&mut self, rows: u64, more: bool) {
        if self.wanted && more {
            self.shown = true;
            let _ = write!(io::stderr().lock(), "\r{} keys …\x1b[K", grouped(rows));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
