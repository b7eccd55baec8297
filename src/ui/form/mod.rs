//! The form: profiles on the left, what to mint beside them, and what that will call below or, where there is room, on the
//! right.
//!
//! Invariant: what is wrong with a field, or what it means, stands below that field; the focused field is on screen, and
//! what Enter does is not cut off.

mod extra_fields;
mod fields;
mod first_steps;
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
    app::{Model, SessionForm, TextInput},
    domain::{mint::Field, safe_text::printable},
};
use fields::Spacing;

/// From so many columns on, what Enter does stands beside the fields.
const WIDE: u16 = 120;
/// Lines of the command that may take the room of remarks.
const COMMAND_LINES: usize = 3;

/// Where the profiles, the fields and, where it has a place of its own, the summary are drawn.
fn columns(body: Rect) -> (Rect, Rect, Option<Rect>) {
    let profiles = Constraint::Length((body.width * 2 / 7).min(34));
    if body.width < WIDE {
        let [left, right] = Layout::horizontal([profiles, Constraint::Min(0)]).areas(body);
        return (left, right, None);
    }
    let summary = Constraint::Length((body.width / 3).min(64));
    let [left, middle, right] = Layout::horizontal([profiles, Constraint::Min(0), summary]).areas(body);
    (left, middle, Some(right))
}

/// The cells of the list of profiles within the form, on a terminal of so many rows.
pub(super) fn list_area(body: Rect, rows: u16) -> Rect {
    profile_picker::list_area(columns(body).0, rows)
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let (left, middle, right) = columns(area);
    profile_picker::draw(model, theme, left, frame);
    if model.form.has_no_profiles() {
        return first_steps::draw(theme, Rect { width: area.width.saturating_sub(left.width), ..middle }, frame);
    }
    request(model, theme, middle, right.is_none(), frame);
    if let Some(area) = right {
        let around = titled("request", false, theme);
        let inner = around.inner(area).inner(Margin::new(1, 0));
        frame.render_widget(around, area);
        let width = usize::from(inner.width);
        let mut lines = summary::lines(&model.form, width, theme);
        let room = usize::from(inner.height).saturating_sub(lines.len());
        lines.extend(summary::command(&model.form, width, room, theme));
        frame.render_widget(Paragraph::new(lines), inner);
    }
}

/// The fields, and below them the summary if it has no place of its own.
fn request(model: &Model, theme: Theme, area: Rect, summarizes: bool, frame: &mut Frame) {
    let form = &model.form;
    let around = titled("session", form.focus != Field::Profile, theme);
    let inner = around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(around, area);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let summary = if summarizes { summary::lines(form, width, theme) } else { vec![] };
    let least =
        if summarizes { summary.len() + 1 + summary::command(form, width, COMMAND_LINES, theme).len() } else { 0 };
    let room = height.saturating_sub(least);
    // As roomy as fits.
    let spacings = [Spacing::Airy, Spacing::Normal, Spacing::Tight];
    let (mut lines, focused) = spacings
        .into_iter()
        .map(|spacing| fields::lines(model, width, spacing, theme))
        .find(|(lines, _)| lines.len() <= room)
        .unwrap_or_else(|| fields::lines(model, width, Spacing::Tight, theme));
    if summarizes {
        lines.push(Line::styled("─".repeat(width), theme.dim()));
        lines.extend(summary);
        let room = height.saturating_sub(lines.len());
        lines.extend(summary::command(form, width, room, theme));
    }
    // The focused field and the remark below it stay on screen.
    let scrolled = focused.map_or(0, |line| (line + 2).saturating_sub(inner.height));
    frame.render_widget(Paragraph::new(lines).scroll((scrolled, 0)), inner);
    let Some(line) = focused.map(|line| line.saturating_sub(scrolled)) else { return };
    if form.focus == Field::MfaCode {
        place_cursor(form, &TextInput::new(&"•".repeat(form.extra.code.len())), line, inner, frame);
    } else if let Some(input) = form.focused_text() {
        place_cursor(form, input, line, inner, frame);
    }
}

/// What is being typed, safe to print. A space shows as one: the cursor stands behind it.
fn typed(text: &str) -> String {
    text.split(' ').map(printable).collect::<Vec<_>>().join(" ")
}

/// The part of a text around its cursor that fits, and the cursor's cell in it.
pub(super) fn window(input: &TextInput, cells: usize) -> (String, usize) {
    let before: String = input.text().chars().take(input.cursor()).collect();
    let after: String = input.text().chars().skip(input.cursor()).collect();
    let (before, after) = (typed(&before), typed(&after));
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

fn place_cursor(form: &SessionForm, input: &TextInput, line: u16, inner: Rect, frame: &mut Frame) {
    let label = fields::label_cells(form);
    let (_, cursor) = window(input, usize::from(inner.width).saturating_sub(label));
    let x = inner.x.saturating_add(u16::try_from(label + cursor).unwrap_or(u16::MAX));
    let y = inner.y.saturating_add(line);
    if y < inner.bottom() && x < inner.right() {
        frame.set_cursor_position((x, y));
    }
}
