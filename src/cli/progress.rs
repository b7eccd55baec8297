//! How far a long listing has come, on a line that is written over.
//!
//! Invariant: only on a terminal, and only where no rows scroll by; a log or a pipe never gets it.

use std::io::{self, IsTerminal, Write};

use super::output::Form;

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

/// `12,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    digits.char_indices().fold(String::new(), |mut text, (index, digit)| {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_000, "12,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
