//! The sessions that are held, as rows: which is in use, how, as whom, with what rights, for how long, and where each stands.
//!
//! Invariant: the remaining time is each session's own, by the services' clock; nothing here is a secret.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{Theme, foreign, format, header, overlay::labelled, popup};
use crate::{
    app::{Browser, HeldSession, LedgerPanel, Model, StoredSession},
    domain::safe_text::printable,
};

/// The widest a row gets.
const WIDEST: u16 = 110;

pub(super) fn draw(model: &Model, panel: LedgerPanel, theme: Theme, area: Rect, frame: &mut Frame) {
    let cells = usize::from(WIDEST.min(area.width).saturating_sub(4));
    let told = model.sessions.row(panel.selected).map(|held| particulars(model, held, cells, theme));
    let told = told.unwrap_or_default();
    let taken = u16::try_from(told.len()).unwrap_or(u16::MAX).saturating_add(5);
    let rows = usize::from(area.height.saturating_sub(taken) / LINES).max(1);
    let first = (panel.selected + 1).saturating_sub(rows);
    let mut lines = vec![];
    for (at, stored) in model.sessions.iter().enumerate().skip(first).take(rows) {
        lines.extend(row(model, at, stored, panel.selected == at, cells, theme));
    }
    lines.push(Line::raw(""));
    lines.extend(told);
    lines.push(Line::raw(""));
    lines.push(if panel.forgets {
        Line::styled(" d again drops its credentials here; any other key keeps it", theme.warning())
    } else {
        Line::styled(" Enter uses · R renews · v mints a variation · d forgets · Esc closes", theme.dim())
    });
    let title = if model.sessions.len() > rows { " sessions, more than fit " } else { " sessions " };
    popup(title, lines, 0, theme, area, frame);
}

/// Lines of a session.
const LINES: u16 = 2;

fn row(
    model: &Model,
    at: usize,
    StoredSession { held, view }: &StoredSession<Browser>,
    selected: bool,
    cells: usize,
    theme: Theme,
) -> [Line<'static>; 2] {
    let session = &held.session;
    let mark = if at == model.sessions.row_in_use() { "▶" } else { " " };
    let (left, phase) = header::left_words(held, model.moment());
    let head = format!("{mark} {} {:<10} ", at + 1, session.request.mode().name());
    let style = |style: Style| if selected { theme.selected() } else { style };
    let room = cells.saturating_sub(head.chars().count() + LEFT + 1);
    let mut spans = vec![Span::styled(head, style(theme.strong()))];
    spans.push(Span::styled(format!("{left:<LEFT$} "), style(theme.phase(phase))));
    spans.extend(foreign(&header::who(held), room, style(Style::new()), theme));
    let here = view.location().in_words();
    let rights = header::rights(held);
    let second = cells.saturating_sub(INDENT);
    let mut below = vec![Span::raw(" ".repeat(INDENT))];
    below.extend(foreign(&format!("{rights} · at {here} · from {}", session.profile), second, theme.dim(), theme));
    [Line::from(spans), Line::from(below)]
}

/// All that STS has told of one session.
fn particulars(model: &Model, held: &HeldSession, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let (session, zone) = (&held.session, &model.setup.time_zone);
    let identity = session.identity.as_ref();
    let asked = || session.request.duration().map(|asked| format!("asked for {asked}"));
    let asked = header::other_than_asked(held).or_else(asked).map(|text| format!(", {text}")).unwrap_or_default();
    let ends = session.lifetime.map(|lifetime| format!("{}{asked}", format::second(lifetime.expiration, zone)));
    let rows = [
        ("ARN", session.grant.arn.clone().or_else(|| identity.map(|identity| identity.arn.clone()))),
        ("▲", session.contradiction()),
        ("Id", session.grant.user_id.clone().or_else(|| identity.map(|identity| identity.user_id.clone()))),
        ("Key", Some(format!("••••{}", session.key_id_end))),
        ("Ends", ends),
        ("Packed", session.grant.packed_percent.map(format::gauge)),
        ("Source id", session.grant.source_identity.clone()),
    ];
    let told = rows.into_iter().filter_map(|(label, value)| Some((label, value?)));
    told.flat_map(|(label, value)| labelled(label, &printable(&value), Style::new(), theme, cells)).collect()
}

/// Cells of the remaining time.
const LEFT: usize = 21;
/// Cells before the second line.
const INDENT: usize = 4;
