//! The form: profiles on the left, what to mint beside them, and what that will call below or, where there is room, on the
//! right.
//!
//! Invariant: what is wrong with a field, or what it means, stands below that field; the focused field and what Enter does
//! are on screen at every size.

mod extra_fields;
mod fields;
mod first_steps;
mod preflight;
mod profile_picker;
mod summary;
mod summary_entry;

pub(super) use extra_fields::{code_remark, masked};

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Position, Rect},
    text::Line,
    widgets::Paragraph,
};

use super::{Theme, cells_of, foreign, titled, wrap};
use crate::{
    app::{Action, FormAction, ListAction, Model, SessionForm, TextInput},
    domain::{mint::Field, safe_text::printable},
};
use fields::Spacing;

/// From so many columns on, what Enter does stands beside the fields.
const WIDE: u16 = 120;
/// Lines of fields that the summary leaves, however little room there is.
const LEAST_FIELDS: usize = 4;
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

/// What a click means; `None` is nothing.
pub(super) fn hit(model: &Model, body: Rect, click: Position) -> Option<Action> {
    let (left, middle, right) = columns(body);
    let list = profile_picker::list_area(left, model.size.1);
    if list.contains(click) {
        return Some(Action::List(ListAction::Click(usize::from(click.y - list.y))));
    }
    if model.form.has_no_profiles() {
        return None;
    }
    let request = RequestLines::of(model, Theme::plain(), middle, right.is_none());
    let field = request.field_at(click)?;
    Some(Action::Form(FormAction::Focus(field)))
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let (left, middle, right) = columns(area);
    profile_picker::draw(model, theme, left, frame);
    if model.form.has_no_profiles() {
        let rest = Rect { width: area.width.saturating_sub(left.width), ..middle };
        return first_steps::draw(model.form.offers_demo(), theme, rest, frame);
    }
    RequestLines::of(model, theme, middle, right.is_none()).draw(model, theme, middle, frame);
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
struct RequestLines {
    fields: Vec<(Option<Field>, Line<'static>)>,
    /// The cells of the fields.
    area: Rect,
    /// How many lines of them are scrolled away.
    scrolled: u16,
    /// The line of the focused one, if it is not the profile.
    focused: Option<u16>,
    /// What stands below the fields, and is never scrolled.
    below: Vec<Line<'static>>,
}

impl RequestLines {
    fn of(model: &Model, theme: Theme, area: Rect, summarizes: bool) -> Self {
        let (form, inner) = (&model.form, area.inner(Margin::new(2, 1)));
        let (width, height) = (usize::from(inner.width), usize::from(inner.height));
        let command = |room| if summarizes { summary::command(form, width, room, theme) } else { vec![] };
        let mut below = vec![];
        if summarizes {
            below.push(Line::styled("─".repeat(width), theme.dim()));
            below.extend(summary::lines(form, width, theme));
        }
        let room = height.saturating_sub(below.len() + command(COMMAND_LINES).len());
        // As roomy as fits.
        let fields = [Spacing::Airy, Spacing::Normal].map(|spacing| fields::lines(model, width, spacing, theme));
        let fields = fields.into_iter().find(|lines| lines.len() <= room);
        let fields = fields.unwrap_or_else(|| fields::lines(model, width, Spacing::Tight, theme));
        if summarizes && fields.len() + below.len() > height {
            below.truncate(1);
            below.extend(summary::brief(form, width, theme));
        }
        below.extend(command(height.saturating_sub(fields.len() + below.len())));
        let rows = fields.len().min(height.saturating_sub(below.len()).max(LEAST_FIELDS));
        let area = Rect { height: u16::try_from(rows).unwrap_or(u16::MAX).min(inner.height), ..inner };
        let focused = fields.iter().position(|(field, _)| *field == Some(form.focus));
        let focused = focused.and_then(|line| u16::try_from(line).ok());
        // The focused field and the remark below it stay on screen.
        let remark = fields.iter().filter(|(field, _)| *field == Some(form.focus)).count().min(rows);
        let remark = u16::try_from(remark).unwrap_or(u16::MAX);
        let scrolled = focused.map_or(0, |line| (line + remark).saturating_sub(area.height));
        Self { fields, area, scrolled, focused, below }
    }

    /// The field that lies there, or its remark.
    fn field_at(&self, click: Position) -> Option<Field> {
        let line = self.scrolled + click.y.checked_sub(self.area.y).filter(|_| self.area.contains(click))?;
        self.fields.get(usize::from(line)).and_then(|(field, _)| *field)
    }

    fn draw(self, model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
        let form = &model.form;
        let mut around = titled("session", form.focus != Field::Profile, theme);
        if self.fields.len() > usize::from(self.area.height) {
            around = around.title_bottom(Line::raw(" ↑↓ more ").right_aligned());
        }
        frame.render_widget(around, area);
        let lines: Vec<Line> = self.fields.into_iter().map(|(_, line)| line).collect();
        frame.render_widget(Paragraph::new(lines).scroll((self.scrolled, 0)), self.area);
        let bottom = area.inner(Margin::new(2, 1)).bottom();
        let y = self.area.bottom();
        let below = Rect { y, height: bottom.saturating_sub(y), ..self.area };
        frame.render_widget(Paragraph::new(self.below), below);
        let Some(line) = self.focused.map(|line| line.saturating_sub(self.scrolled)) else { return };
        if form.focus == Field::MfaCode {
            place_cursor(form, &TextInput::new(&"•".repeat(form.extra.code.len())), line, self.area, frame);
        } else if let Some(input) = form.focused_text() {
            place_cursor(form, input, line, self.area, frame);
        }
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
