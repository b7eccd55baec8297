//! The keys of what lies below, from the keymap itself.
//!
//! Invariant: no key is listed that does nothing, and none works that is not listed.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Theme, popup};
use crate::{
    app::{Model, Overlay},
    keymap::{self, Context},
};

pub(super) fn draw(model: &Model, below: Option<&Overlay>, scrolled: u16, theme: Theme, area: Rect, frame: &mut Frame) {
    let lines = keymap::rows(Context::below(model, below))
        .map(|row| {
            Line::from(vec![
                Span::styled(format!(" {:<10}", row.label), theme.key()),
                Span::raw(row.help),
                Span::styled(if row.also.is_empty() { String::new() } else { format!("  {}", row.also) }, theme.dim()),
            ])
        })
        .collect();
    popup(" keys ", lines, scrolled, theme, area, frame);
}
