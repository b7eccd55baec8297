//! One location as two sessions see it: a row once, with a mark for each side.
//!
//! Invariant: missing, refused and not loaded yet each look like themselves, by a sign before a colour.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Paragraph, Row, Table},
};

use super::{Theme, block, foreign, format, header, spinner, wrap};
use crate::{
    app::{Comparison, Model, Seen, Side},
    domain::{
        failure::Failure,
        listing::{Entry, Rest},
        safe_text::printable,
    },
};

/// Cells of a side's mark.
const MARK: u16 = 12;

/// What tells the sides, and the table below it, within the body.
fn parts(body: Rect) -> [Rect; 2] {
    Layout::vertical([Constraint::Length(2), Constraint::Min(0)]).areas(body.inner(Margin::new(1, 1)))
}

/// The cells of the rows within the body: below the table's head.
pub(super) fn rows_area(body: Rect) -> Rect {
    let table = parts(body)[1];
    Rect { y: table.y + 1, height: table.height.saturating_sub(1), ..table }
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let Some(comparison) = &model.comparison else { return };
    let mut title = vec![Span::raw(" ")];
    title.extend(foreign(&comparison.location().in_words(), usize::from(area.width) - 16, theme.strong(), theme));
    title.push(Span::raw(" compared "));
    let around = block(model.dialogs.is_empty(), theme)
        .title(Line::from(title))
        .title_bottom(Line::raw(position(comparison)).right_aligned());
    frame.render_widget(around, area);
    let [sides, rows] = parts(area);
    let lines: Vec<Line> = comparison
        .sides
        .iter()
        .zip(["A", "B"])
        .map(|(side, name)| heading(model, side, name, sides.width, theme))
        .collect();
    frame.render_widget(Paragraph::new(lines), sides);
    if comparison.is_empty() {
        let text: Vec<Line> = instead_of_rows(comparison, usize::from(rows.width).saturating_sub(4), theme);
        frame.render_widget(Paragraph::new(text).centered(), rows.inner(Margin::new(2, 1)));
    } else {
        frame.render_widget(table(model, comparison, rows, theme), rows);
    }
}

/// `A SESSION ana ● 42:17 left · all the user's rights · 12 rows, all`.
fn heading(model: &Model, side: &Side, name: &'static str, cells: u16, theme: Theme) -> Line<'static> {
    let Some(current) = model.sessions.find(side.session) else {
        return Line::styled(format!("{name} forgotten"), theme.warning());
    };
    let (left, phase) = header::left_words(current, model.moment());
    let state = state(model, side);
    let head = format!("{name} {} ", current.session.request.mode().name());
    let taken = head.len() + left.chars().count() + state.chars().count() + 6;
    let rights = current.session.request.rights_in_words();
    let mut spans = vec![Span::styled(head, theme.strong()), Span::styled(left, theme.phase(phase)), Span::raw(" · ")];
    spans.extend(foreign(&rights, usize::from(cells).saturating_sub(taken), theme.dim(), theme));
    let bad = matches!(side.listing.rest, Rest::Failed { .. });
    spans.extend([Span::raw(" · "), Span::styled(state, if bad { theme.bad() } else { Style::new() })]);
    Line::from(spans)
}

fn state(model: &Model, side: &Side) -> String {
    let rows = format::rows(side.listing.rows.len());
    match &side.listing.rest {
        Rest::Complete => format!("{rows}, all"),
        Rest::Failed { failure, .. } => format!("✗ {}", briefly(failure)),
        Rest::Loading { since, .. } => format!("{} {rows} so far", spinner(model, *since)),
        Rest::Next(_) | Rest::Stopped(_) => format!("{rows}, more to come"),
    }
}

fn briefly(failure: &Failure) -> String {
    match &failure.code {
        Some(code) => printable(code).into_owned(),
        None => failure.in_one_line(),
    }
}

fn position(comparison: &Comparison) -> String {
    if comparison.is_empty() {
        return String::new();
    }
    format!(" {} of {} ", format::count(comparison.selected + 1), format::count(comparison.len()))
}

fn table(model: &Model, comparison: &Comparison, area: Rect, theme: Theme) -> Table<'static> {
    let widths = [Constraint::Fill(1), Constraint::Length(MARK), Constraint::Length(MARK)];
    let name_cells = usize::from(area.width.saturating_sub(2 * MARK + 4));
    let head = Row::new(["  Name", "A", "B"].map(|text| Span::styled(text, theme.dim())));
    let rows = usize::from(area.height.saturating_sub(1));
    let body = (comparison.offset..comparison.len()).take(rows).filter_map(|at| {
        let (entry, seen) = comparison.row(at)?;
        let mut cells = vec![name(comparison, &entry, name_cells, theme)];
        cells.extend(seen.iter().zip(&comparison.sides).map(|(seen, side)| {
            let enters = *seen == Seen::Refused && may_enter(model, side, &entry);
            if enters {
                Line::styled("▸ may enter", theme.good())
            } else {
                Line::styled(mark(*seen), style(*seen, theme))
            }
        }));
        if at == comparison.selected {
            return Some(Row::new(cells.iter().map(Line::to_string).collect::<Vec<_>>()).style(theme.selected()));
        }
        Some(Row::new(cells))
    });
    Table::new(body, widths).column_spacing(2).header(head)
}

fn name(comparison: &Comparison, entry: &Entry, cells: usize, theme: Theme) -> Line<'static> {
    let prefix = &comparison.location().prefix;
    let directory = &prefix[..prefix.rfind('/').map_or(0, |slash| slash + 1)];
    let relative = entry.name().strip_prefix(directory).unwrap_or(entry.name());
    let (mark, style) = match entry {
        Entry::Object(_) => ("  ", Style::new()),
        Entry::Bucket(_) | Entry::Prefix(_) => ("▸ ", theme.container()),
    };
    let relative = if relative.is_empty() { "(the prefix itself)" } else { relative };
    let mut spans = vec![Span::styled(mark, style)];
    spans.extend(foreign(relative, cells.saturating_sub(2), style, theme));
    Line::from(spans)
}

/// Whether a session that was refused here may list what lies below a row, as far as its own policies say.
fn may_enter(model: &Model, side: &Side, entry: &Entry) -> bool {
    let rights = model.sessions.find(side.session).and_then(|held| held.session.session_rights(model.service_now()));
    let below = side.listing.location.of_entry(entry);
    !matches!(entry, Entry::Object(_)) && rights.is_some_and(|rights| rights.may_list(&below).is_allowed())
}

const fn mark(seen: Seen) -> &'static str {
    match seen {
        Seen::There => "✓",
        Seen::Missing => "— missing",
        Seen::NotLoaded => "… not loaded",
        Seen::Refused => "✗ refused",
    }
}

fn style(seen: Seen, theme: Theme) -> Style {
    match seen {
        Seen::There => theme.good(),
        Seen::Missing => theme.warning(),
        Seen::NotLoaded => theme.dim(),
        Seen::Refused => theme.bad(),
    }
}

/// Neither side has a row: why, for each.
fn instead_of_rows(comparison: &Comparison, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![];
    for (side, name) in comparison.sides.iter().zip(["A", "B"]) {
        let (text, style) = match &side.listing.rest {
            Rest::Complete => (format!("{name} lists no rows here"), theme.strong()),
            Rest::Failed { failure, .. } => (format!("✗ {name} was refused: {}", failure.in_one_line()), theme.bad()),
            Rest::Loading { .. } => (format!("{name} is being listed"), Style::new()),
            Rest::Next(_) | Rest::Stopped(_) => (format!("{name} is not loaded yet"), theme.dim()),
        };
        lines.extend(wrap(&text, cells).into_iter().map(|line| Line::styled(line, style)));
    }
    lines
}
