//! The details of an object: a row for each value.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use crate::{
    app::{DetailRow, DetailsTab, Model, RowState},
    ui::{Theme, cells_of},
};

/// Cells of the labels.
const LABEL: usize = 12;

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let details = &model.object.details;
    let cells = usize::from(area.width);
    let visible = details.rows.iter().enumerate().skip(details.offset).take(area.height.into());
    let lines: Vec<Line> = visible.map(|(at, row)| line(row, at == details.selected, cells, theme)).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn line(row: &DetailRow, selected: bool, cells: usize, theme: Theme) -> Line<'static> {
    let (sign, style) = match &row.state {
        RowState::Told => ("", Style::new()),
        RowState::Waiting => ("", theme.dim()),
        RowState::Unknown(_) => ("✗ ", theme.warning()),
    };
    let value = cut(&format!("{sign}{}", row.value), cells.saturating_sub(LABEL + 2));
    let label = format!(" {:<LABEL$}", row.label);
    if selected {
        let whole = format!("{label}{value}");
        let rest = " ".repeat(cells.saturating_sub(cells_of(&whole)));
        return Line::styled(format!("{whole}{rest}"), theme.selected());
    }
    Line::from(vec![Span::styled(label, theme.dim()), Span::styled(value, style)])
}

/// The beginning of text that is safe already.
pub(super) fn cut(text: &str, cells: usize) -> String {
    if cells_of(text) <= cells {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if cells_of(&kept) + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) >= cells {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// ` 6 requests, 0 bytes of the object `.
pub(super) fn cost(details: &DetailsTab) -> String {
    let requests = if details.requests == 1 { "1 request".into() } else { format!("{} requests", details.requests) };
    let waits = if details.loading_since().is_some() { "…" } else { "" };
    format!(" {requests}{waits}, 0 bytes of the object ")
}
