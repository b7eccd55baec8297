//! The sessions that are held, as rows: which is in use, how, as whom, with what rights, for how long, and where each stands.
//!
//! Invariant: the remaining time is each session's own, by the services' clock; nothing here is a secret.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, labelled};
use crate::{
    app::{Browser, HeldSession, Model, SessionList, StoredSession},
    ui::{Theme, cells_of, foreign, format, header},
};

/// The widest a row gets.
const WIDEST: u16 = 110;

/// The selected session tells what STS has told of it, below its row.
pub(super) fn panel(list: &SessionList, model: &Model, theme: Theme, area: Rect) -> Panel {
    let cells = usize::from(WIDEST.min(area.width).saturating_sub(4));
    let selected = list.selected.min(model.sessions.len().saturating_sub(1));
    let rows = model.sessions.iter().enumerate().map(|(at, stored)| {
        let mut lines = row(model, at, stored, selected == at, cells, theme).to_vec();
        if selected == at {
            lines.extend(particulars(model, &stored.held, cells, theme));
        }
        lines
    });
    let mut panel = Panel::of_rows(rows, selected);
    if list.forgets {
        let asks = "press d again to drop its credentials here; any other key cancels";
        panel.foot.push(Line::styled(format!(" {asks}"), theme.warning()));
    }
    panel
}

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
    let links = links_words(held, model);
    below.push(Span::styled(links.clone(), theme.warning()));
    let told = format!("{rights} · at {here} · from {}", session.profile);
    below.extend(foreign(&told, second.saturating_sub(cells_of(&links)), theme.dim(), theme));
    [Line::from(spans), Line::from(below)]
}

/// `2 links until 15:36 · `: links made with it that work now.
fn links_words(held: &HeldSession, model: &Model) -> String {
    let Some((count, until)) = held.live_links(model.service_now()) else { return String::new() };
    let until = format::moment(until, model.service_now(), &model.setup.time_zone, false);
    format!("{count} {} until {until} · ", if count == 1 { "link" } else { "links" })
}

/// All that STS has told of one session.
fn particulars(model: &Model, held: &HeldSession, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let (session, zone) = (&held.session, &model.setup.time_zone);
    let identity = session.identity.as_ref();
    let asked = || session.request.duration().map(|asked| format!("asked for {asked}"));
    let asked = header::other_than_asked(held).or_else(asked).map(|text| format!(", {text}")).unwrap_or_default();
    let ends = session.lifetime.map(|lifetime| format!("{}{asked}", format::second(lifetime.expiration, zone)));
    let rows = [
        ("▲", session.identity_contradiction()),
        ("Ends", ends),
        ("Key", Some(format!("••••{}", session.key_id_end))),
        ("ARN", session.grant.arn.clone().or_else(|| identity.map(|identity| identity.arn.clone()))),
        ("Id", session.grant.user_id.clone().or_else(|| identity.map(|identity| identity.user_id.clone()))),
        ("Packed policy size", session.grant.packed_percent.map(format::gauge)),
        ("Source identity", session.grant.source_identity.clone()),
    ];
    let told = rows.into_iter().filter_map(|(label, value)| Some((label, value?)));
    told.flat_map(|(label, value)| labelled(label, &value, Style::new(), theme, cells)).collect()
}

/// Cells of the remaining time.
const LEFT: usize = 21;
/// Cells before the second line.
const INDENT: usize = 4;
