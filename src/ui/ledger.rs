//! The sessions that are held, as rows: which is in use, how, as whom, with what rights, for how long, and where each stands.
//!
//! Invariant: the remaining time is each session's own, by the services' clock; nothing here is a secret.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{Theme, foreign, header, popup};
use crate::app::{Browser, Current, LedgerPanel, Model};

/// The widest a row gets.
const WIDEST: u16 = 110;

pub(super) fn draw(model: &Model, panel: LedgerPanel, theme: Theme, area: Rect, frame: &mut Frame) {
    let cells = usize::from(WIDEST.min(area.width).saturating_sub(4));
    let rows = usize::from(area.height.saturating_sub(5) / LINES).max(1);
    let first = (panel.selected + 1).saturating_sub(rows);
    let mut lines = vec![];
    for (at, (current, browser)) in model.sessions().enumerate().skip(first).take(rows) {
        lines.extend(row(model, at, (current, browser), panel.selected == at, cells, theme));
    }
    let selected = model.sessions().nth(panel.selected);
    lines.extend(selected.and_then(|(current, _)| told(current, cells, theme)));
    lines.push(Line::raw(""));
    lines.push(if panel.forgets {
        Line::styled(" d again drops its credentials here; any other key keeps it", theme.warning())
    } else {
        Line::styled(" Enter uses · R renews · v mints a variation · d forgets · Esc closes", theme.dim())
    });
    let title = if model.sessions().nth(rows).is_some() { " sessions, more than fit " } else { " sessions " };
    popup(title, lines, 0, theme, area, frame);
}

/// What STS told of the selected session: its id, and what resource policies call it.
fn told(current: &Current, cells: usize, theme: Theme) -> Option<Line<'static>> {
    let grant = &current.session.grant;
    let said = [grant.user_id.as_deref(), grant.arn.as_deref()];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let line = foreign(&said, cells.saturating_sub(INDENT), theme.dim(), theme);
    let indent = Span::raw(" ".repeat(INDENT));
    (!said.is_empty()).then(|| Line::from_iter(std::iter::once(indent).chain(line)))
}

/// Lines of a session.
const LINES: u16 = 2;

fn row(
    model: &Model,
    at: usize,
    (current, browser): (&Current, &Browser),
    selected: bool,
    cells: usize,
    theme: Theme,
) -> [Line<'static>; 2] {
    let session = &current.session;
    let mark = if at == model.ledger.in_use() { "▶" } else { " " };
    let (left, phase) = header::left_words(current, model.service_now());
    let head = format!("{mark} {} {:<10} ", at + 1, session.request.mode().name());
    let style = |style: Style| if selected { theme.selected() } else { style };
    let room = cells.saturating_sub(head.chars().count() + LEFT + 1);
    let mut spans = vec![Span::styled(head, style(theme.strong()))];
    spans.push(Span::styled(format!("{left:<LEFT$} "), style(theme.phase(phase))));
    spans.extend(foreign(&header::who(current), room, style(Style::new()), theme));
    let here = browser.place.listing.location.in_words();
    let packed = session.grant.packed_percent.map(|percent| format!(" · packed {percent} %")).unwrap_or_default();
    let rights = session.request.rights();
    let second = cells.saturating_sub(INDENT);
    let mut below = vec![Span::raw(" ".repeat(INDENT))];
    below.extend(foreign(
        &format!("{rights} · at {here} · from {}{packed}", session.profile),
        second,
        theme.dim(),
        theme,
    ));
    [Line::from(spans), Line::from(below)]
}

/// Cells of the remaining time.
const LEFT: usize = 21;
/// Cells before the second line.
const INDENT: usize = 4;
