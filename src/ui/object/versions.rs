//! The versions of a key, newest first.

use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{details::cut, instead};
use crate::{
    app::{Model, VersionsState, VersionsTab},
    domain::{
        object::{ObjectVersion, VersionKind},
        safe_text::printable,
    },
    ui::{Theme, cells_of, foreign, format, spinner, wrap},
};

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let tab = &model.object.versions;
    if tab.versions.is_empty() {
        return draw_instead(model, tab, theme, area, frame);
    }
    let rows = usize::from(area.height.saturating_sub(1));
    let cells = usize::from(area.width);
    let mut lines = vec![Line::styled("    Modified             Size       Version", theme.dim())];
    let visible = tab.versions.iter().enumerate().skip(tab.offset).take(rows);
    lines.extend(visible.map(|(at, version)| line(model, tab, at, version, cells, theme)));
    frame.render_widget(Paragraph::new(lines), area);
}

fn line(
    model: &Model,
    tab: &VersionsTab,
    at: usize,
    version: &ObjectVersion,
    cells: usize,
    theme: Theme,
) -> Line<'static> {
    let mark = if tab.marked.contains(&at) { "•" } else { " " };
    let zone = &model.setup.time_zone;
    let time = version.last_modified.map_or_else(|| "time not told".into(), |at| format::second_of_day(at, zone));
    let (size, is_marker) = match &version.kind {
        VersionKind::Content { size, .. } => (size.map_or_else(|| "—".to_owned(), format::size), false),
        VersionKind::DeleteMarker => ("✗ deleted".into(), true),
    };
    let head = format!(" {mark}  {time:<19}  {size:<9}  ");
    let mut behind = String::new();
    if version.is_latest {
        behind.push_str(" · current");
    }
    if let VersionKind::Content { storage_class: Some(class), .. } = &version.kind
        && class != "STANDARD"
    {
        behind.extend([" · ", &printable(class)]);
    }
    let id = version.version_id.as_deref().unwrap_or("no version id");
    let room = cells.saturating_sub(cells_of(&head) + cells_of(&behind) + 1);
    let style = if is_marker { theme.dim() } else { Style::new() };
    let mut spans = vec![Span::styled(head, style)];
    spans.extend(foreign(id, room, style, theme));
    spans.push(Span::styled(behind, theme.focus()));
    let line = Line::from(spans);
    if at != tab.selected {
        return line;
    }
    let whole = line.to_string();
    let rest = " ".repeat(cells.saturating_sub(cells_of(&whole)));
    Line::styled(format!("{whole}{rest}"), theme.selected())
}

fn draw_instead(model: &Model, tab: &VersionsTab, theme: Theme, area: Rect, frame: &mut Frame) {
    let (text, style, keys) = match &tab.state {
        VersionsState::NotAsked => (String::new(), Style::new(), ""),
        VersionsState::Loading { since, .. } => {
            (format!("{} listing the versions of this key", spinner(model, *since)), Style::new(), "")
        }
        VersionsState::Complete => ("○ this key has no versions".into(), theme.dim(), ""),
        VersionsState::Refused(why) => {
            (format!("✗ {why}"), theme.bad(), "p mints a session for this location · R renews")
        }
        VersionsState::Failed(failure) => {
            (cut(&format!("✗ not listed: {}", failure.in_one_line()), 400), theme.bad(), "r asks again · e explains")
        }
    };
    let cells = usize::from(area.width.saturating_sub(4));
    let mut lines: Vec<Line> = wrap(&text, cells).into_iter().map(|line| Line::styled(line, style)).collect();
    lines.push(Line::raw(""));
    lines.push(Line::styled(keys, theme.key()));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let middle = area.inner(Margin::new(2, 0)).centered_vertically(Constraint::Length(height));
    frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), middle);
}

/// ` 2 of 41 versions, all · 1 request `.
pub(super) fn position(tab: &VersionsTab) -> String {
    let count = tab.versions.len();
    if count == 0 {
        return String::new();
    }
    let rest = match tab.state {
        VersionsState::Complete => "all",
        VersionsState::Failed(_) => "incomplete",
        _ => "more to come",
    };
    let requests = if tab.requests == 1 { "1 request".into() } else { format!("{} requests", tab.requests) };
    let noun = if count == 1 { "version" } else { "versions" };
    format!(" {} of {} {noun}, {rest} · {requests} ", format::count(tab.selected + 1), format::count(count))
}

/// Why the list of versions ends where it does, for the status line.
pub(super) fn trouble(tab: &VersionsTab, theme: Theme) -> Option<(String, Style)> {
    match &tab.state {
        VersionsState::Failed(failure) if !tab.versions.is_empty() => {
            Some(instead::failed(failure, "ListObjectVersions", theme))
        }
        _ => None,
    }
}
