//! One entry of the form's summary, in as many lines as it needs or in one.
//!
//! Invariant: its text is made printable here, and nowhere before.

use ratatui::{style::Style, text::Line};

use super::wrap;
use crate::domain::safe_text::printable;

/// One entry of the summary.
pub(super) struct SummaryEntry {
    /// Foreign text; it is made printable where it is drawn.
    pub(super) text: String,
    pub(super) style: Style,
    /// Whether it is shown where there is little room too.
    pub(super) matters: bool,
    /// Lines that it takes at most.
    pub(super) most_lines: usize,
}

impl SummaryEntry {
    pub(super) fn new(text: String, style: Style) -> Self {
        Self { text, style, matters: true, most_lines: usize::MAX }
    }

    pub(super) fn wrapped(self, width: usize) -> impl Iterator<Item = Line<'static>> {
        let lines = wrap(&printable(&self.text), width).into_iter().take(self.most_lines);
        lines.map(move |line| Line::styled(line, self.style))
    }

    pub(super) fn cut(self, width: usize) -> Line<'static> {
        let text = printable(&self.text);
        let mut lines = wrap(&text, width.saturating_sub(2));
        let more = if lines.len() > 1 { " …" } else { "" };
        Line::styled(format!("{}{more}", lines.swap_remove(0)), self.style)
    }
}
