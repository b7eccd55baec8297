//! The keys of the screen below, from the keymap itself.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Theme, popup};
use crate::{
    app::{Model, Screen},
    keymap::{self, Context},
};

pub(super) fn draw(model: &Model, theme: Theme, scrolled: u16, area: Rect, frame: &mut Frame) {
    let lines: Vec<Line> = keymap::rows(context(model))
        .map(|row| Line::from(vec![Span::styled(format!(" {:<12}", row.label), theme.key()), Span::raw(row.help)]))
        .collect();
    popup(" keys ", lines, scrolled, theme, area, frame);
}

/// Help is about what lies below it.
fn context(model: &Model) -> Context {
    match model.screen {
        Screen::Browser => Context::Browser,
        Screen::MintForm if model.form.focused_text().is_some() => Context::FormText,
        Screen::MintForm => Context::FormChoice,
    }
}
