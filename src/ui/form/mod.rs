//! The form: profiles on the left, what to mint on the right, and what that will call.
//!
//! Invariant: what is wrong with a field, or what it means, stands below that field; the focused field is on screen.

mod extra_fields;
mod fields;
mod preflight;
mod profile_picker;
mod summary;

pub(super) use extra_fields::{code_remark, masked};

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Rect},
    text::Line,
    widgets::Paragraph,
};

use super::{Theme, cells_of, foreign, titled, wrap};
use crate::{
    app::{Model, TextInput},
    domain::{mint::Field, safe_text::printable},
};
use fields::Spacing;

/// Cells of a field's label.
const LABEL: usize = 10;

fn columns(body: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Length((body.width * 2 / 7).min(34)), Constraint::Min(0)]).areas(body)
}

/// The cells of the list of profiles within the form, on a terminal of so many rows.
pub(super) fn list_area(body: Rect, rows: u16) -> Rect {
    profile_picker::list_area(columns(body)[0], rows)
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let [left, right] = columns(area);
    profile_picker::draw(model, theme, left, frame);
    request(model, theme, right, frame);
}

fn request(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let form = &model.form;
    let frame_around = titled("session", form.focus != Field::Profile, theme);
    let inner = frame_around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(frame_around, area);
    let checked = form.checked();
    let width = usize::from(inner.width);
    let summary = summary::lines(form, width, theme);
    let room = usize::from(inner.height).saturating_sub(summary.len() + 1);
    // As roomy as fits; what Enter will do must not be cut off.
    let spacings = [Spacing::Airy, Spacing::Normal, Spacing::Tight];
    let (mut lines, focused) = spacings
        .into_iter()
        .map(|spacing| fields::lines(model, checked, width, spacing, theme))
        .find(|(lines, _)| lines.len() <= room)
        .unwrap_or_else(|| fields::lines(model, checked, width, Spacing::Tight, theme));
    lines.push(Line::styled("─".repeat(width), theme.dim()));
    lines.extend(summary);
    // The focused field and the remark below it stay on screen.
    let scrolled = focused.map_or(0, |line| (line + 2).saturating_sub(inner.height));
    frame.render_widget(Paragraph::new(lines).scroll((scrolled, 0)), inner);
    if let (Field::MfaCode, Some(line)) = (form.focus, focused) {
        let typed = TextInput::new(&"•".repeat(form.extra.code.len()));
        place_cursor(&typed, line.saturating_sub(scrolled), inner, frame);
    }
    if let (Some(input), Some(line)) = (form.focused_text(), focused) {
        place_cursor(input, line.saturating_sub(scrolled), inner, frame);
    }
}

/// The part of a text around its cursor that fits, and the cursor's cell in it.
pub(super) fn window(input: &TextInput, cells: usize) -> (String, usize) {
    let before: String = input.text().chars().take(input.cursor()).collect();
    let after: String = input.text().chars().skip(input.cursor()).collect();
    let (before, after) = (printable(&before), printable(&after));
    let room = cells.saturating_sub(1).max(1);
    let mut shown: Vec<char> = vec![];
    let mut taken = 0;
    for c in before.chars().rev() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if taken + width > room {
            break;
        }
        taken += width;
        shown.push(c);
    }
    let cursor = taken;
    let mut text: String = shown.into_iter().rev().collect();
    for c in after.chars() {
        taken += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if taken > cells {
            break;
        }
        text.push(c);
    }
    (text, cursor)
}

fn place_cursor(input: &TextInput, line: u16, inner: Rect, frame: &mut Frame) {
    let (_, cursor) = window(input, usize::from(inner.width).saturating_sub(LABEL));
    let x = inner.x.saturating_add(u16::try_from(LABEL + cursor).unwrap_or(u16::MAX));
    let y = inner.y.saturating_add(line);
    if y < inner.bottom() && x < inner.right() {
        frame.set_cursor_position((x, y));
    }
}
