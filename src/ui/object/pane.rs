//! The pane beside the list: the content of the object that the cursor is on, and below it what the listing says.
//!
//! Invariant: what the listing says costs no request.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{content, details::cut, draw_look, head};
use crate::{
    app::{Action, ListAction, Model, ObjectSubject, ViewerAction, pane_columns, pane_content, pane_details_rows},
    domain::{listing::Entry, safe_text::printable},
    ui::{Theme, block, foreign, format, wrap},
};

/// The list and the pane, where there is one.
pub(in crate::ui) fn beside(model: &Model, body: Rect) -> (Rect, Option<Rect>) {
    match pane_columns(model.size.0).filter(|_| model.shows_pane()) {
        None => (body, None),
        Some(columns) => {
            let [list, pane] = Layout::horizontal([Constraint::Min(0), Constraint::Length(columns)]).areas(body);
            (list, Some(pane))
        }
    }
}

pub(in crate::ui) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let below = pane_details_rows(model.size);
    let [content, details] = Layout::vertical([Constraint::Min(0), Constraint::Length(below)]).areas(area);
    let Some(subject) = &model.object.subject else { return draw_other(model, theme, area, frame) };
    let seen = model.object.look.shown.as_ref();
    let seen = seen.map(|shown| content::seen_rows(&model.object.look, shown, pane_content(model.size)));
    let around = block(false, theme)
        .title(name(subject, content.width, theme))
        .title_bottom(Line::raw(seen.unwrap_or_default()).right_aligned());
    frame.render_widget(around, content);
    let inner = content.inner(Margin::new(1, 1));
    let [kind, _, rows] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    frame.render_widget(head::kind(model, theme, kind.width), kind);
    draw_look(model, theme, rows, frame);
    if below > 0 {
        draw_details(model, subject, theme, details, frame);
    }
}

fn name(subject: &ObjectSubject, cells: u16, theme: Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    spans.extend(foreign(subject.address.name(), usize::from(cells).saturating_sub(6), theme.strong(), theme));
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// What is said of a row that is no object.
fn draw_other(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    frame.render_widget(block(false, theme), area);
    let text = match model.browser().and_then(|browser| browser.place.entry()) {
        Some(Entry::Bucket(_)) => "a bucket: Enter lists it",
        Some(Entry::Prefix(_)) => "a common prefix: Enter lists it",
        Some(Entry::Object(_)) | None => "no object is selected",
    };
    let inner = area.inner(Margin::new(2, 1));
    let lines: Vec<Line> =
        wrap(text, inner.width.into()).into_iter().map(|line| Line::styled(line, theme.dim())).collect();
    frame.render_widget(Paragraph::new(lines).centered(), inner.centered_vertically(Constraint::Length(1)));
}

fn draw_details(model: &Model, subject: &ObjectSubject, theme: Theme, area: Rect, frame: &mut Frame) {
    let around = block(false, theme)
        .title(Span::styled(" details ", theme.strong()))
        .title_bottom(Line::raw(" from the listing: 0 requests ").right_aligned());
    frame.render_widget(around, area);
    let unknown = || "not in the listing".to_owned();
    let said = |text: &Option<String>| text.as_deref().map_or_else(unknown, |text| printable(text).into_owned());
    let zone = &model.setup.time_zone;
    let rows = [
        ("Size", subject.size.map_or_else(unknown, format::exact_size)),
        ("Modified", subject.modified.map_or_else(unknown, |at| format::second(at, zone))),
        ("Class", said(&subject.storage_class)),
        ("ETag", said(&subject.etag)),
    ];
    let inner = area.inner(Margin::new(1, 1));
    let room = usize::from(inner.width).saturating_sub(13);
    let mut lines: Vec<Line> = rows
        .into_iter()
        .map(|(label, value)| {
            let label = Span::styled(format!(" {label:<10} "), theme.dim());
            Line::from(vec![label, Span::styled(cut(&value, room), Style::new())])
        })
        .collect();
    lines.push(Line::raw(""));
    lines.push(Line::styled(" i asks for the rest: metadata, tags, checksums, lock", theme.dim()));
    frame.render_widget(Paragraph::new(lines), inner);
}

/// What the wheel does: it scrolls what it is over.
pub(in crate::ui) fn wheel(model: &Model, body: Rect, at: Position, rows: isize) -> Action {
    match beside(model, body).1 {
        Some(pane) if pane.contains(at) && model.dialogs.is_empty() => Action::Object(ViewerAction::Scroll(rows)),
        _ => Action::List(ListAction::Move(rows)),
    }
}
