//! The account's roles, to choose from.
//!
//! Invariant: what a refusal leaves undone is said with what to do instead; a mark of likelihood never stands without its
//! reason when a role is selected.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, paragraph, text_width};
use crate::{
    app::{Model, Offering, RolePicker},
    domain::iam::{Admission, OfferedRole},
    ui::{Theme, foreign, form::window, spinner},
};

/// Lines below the list: a rule, the selected role's ARN and reason, what has come.
const BELOW: usize = 4;

pub(super) fn panel(picker: &RolePicker, model: &Model, theme: Theme, area: Rect) -> Panel {
    let cells = text_width(area);
    let shown = picker.shown();
    let (filter, cursor) = window(&picker.filter, cells.saturating_sub(8));
    let rows = shown.iter().enumerate();
    let rows = rows.map(|(at, role)| vec![role_line(role, at == picker.selected, cells, theme)]);
    let mut foot = vec![Line::styled("─".repeat(cells + 2), theme.dim())];
    foot.extend(about(picker, shown.get(picker.selected).copied(), cells, theme));
    foot.resize(BELOW - 1, Line::raw(""));
    foot.push(progress(picker, shown.len(), model, theme));
    Panel {
        head: vec![Line::from(vec![Span::styled(" filter ", theme.dim()), Span::raw(filter)])],
        foot,
        cursor: Some((8 + cursor, 0)),
        fills: true,
        ..Panel::of_rows(rows, picker.selected)
    }
}

/// `▸ ✓ s3-reader                      4h  likely`.
fn role_line(role: &OfferedRole, chosen: bool, cells: usize, theme: Theme) -> Line<'static> {
    let style = if chosen { theme.selected() } else { Style::new() };
    let (mark, mark_style) = match role.admission {
        Admission::Likely => ("✓", theme.good()),
        Admission::Unknown(_) => ("?", theme.warning()),
        Admission::Unlikely(_) => (" ", theme.dim()),
    };
    let longest = role.longest.map_or_else(String::new, |longest| format!("up to {longest}"));
    let end = format!(" {longest:>12}  {:<8}", role.admission.word());
    let room = cells.saturating_sub(end.len() + 4);
    let mut spans = vec![Span::styled(if chosen { "▸ " } else { "  " }, theme.focus())];
    spans.extend([Span::styled(mark, mark_style), Span::raw(" ")]);
    let name = foreign(&role.name, room, style, theme);
    let taken: usize = name.iter().map(Span::width).sum();
    spans.extend(name);
    spans.push(Span::styled(" ".repeat(room.saturating_sub(taken)), style));
    spans.push(Span::styled(end, if chosen { style } else { theme.dim() }));
    Line::from(spans)
}

/// Two lines: the selected role's ARN and why it is marked so; or why there are none.
fn about(picker: &RolePicker, role: Option<&OfferedRole>, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    if let (Offering::Failed(failure), true) = (&picker.offering, picker.roles.is_empty()) {
        let why = format!("✗ {}", failure.in_one_line());
        return paragraph(&why, theme.bad(), cells).into_iter().take(2).collect();
    }
    let Some(role) = role else { return vec![] };
    let mut arn = vec![Span::raw(" ")];
    arn.extend(foreign(&role.arn, cells, Style::new(), theme));
    let why = role.admission.reason().unwrap_or("its trust policy names you, or your account");
    let mut reason = vec![Span::raw(" ")];
    reason.extend(foreign(why, cells, theme.dim(), theme));
    vec![Line::from(arn), Line::from(reason)]
}

fn progress(picker: &RolePicker, shown: usize, model: &Model, theme: Theme) -> Line<'static> {
    let all = picker.roles.len();
    let likely = picker.roles.iter().filter(|role| role.admission == Admission::Likely).count();
    let count = if shown == all { format!("{all} roles") } else { format!("{shown} of {all} roles") };
    match &picker.offering {
        Offering::Loading(since) => {
            Line::styled(format!(" {} {count} so far, {likely} likely …", spinner(model, *since)), theme.focus())
        }
        Offering::Complete => {
            Line::styled(format!(" {count}, {likely} likely · judged by trust policy alone"), theme.dim())
        }
        Offering::Failed(_) if all == 0 => Line::styled(" type the role's ARN into its field instead", theme.warning()),
        Offering::Failed(_) => Line::styled(format!(" ✗ {count}; the rest was not listed"), theme.bad()),
    }
}
