//! The panels about IAM: roles to choose from, and a user.
//!
//! Invariant: what a refusal leaves undone is said with what to do instead; a mark of likelihood never stands without its
//! reason when a role is selected.

use ratatui::{
    Frame,
    layout::{Constraint, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Theme, clear, foreign, form::window, popup, spinner, titled, wrap};
use crate::{
    app::{Model, Offering, RolePicker, UserPanel, UserState},
    domain::{
        failure::Failure,
        iam::{Admission, OfferedRole},
        safe_text::printable,
    },
};

/// Cells of the panel at most.
const WIDEST: u16 = 76;

/// Rows that are no roles: borders, filter, the selected role's ARN and reason, what has come.
const FURNITURE: u16 = 7;

pub(super) fn roles(picker: &RolePicker, model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let width = WIDEST.min(area.width.saturating_sub(2));
    let place = area.centered(Constraint::Length(width), Constraint::Length(area.height.saturating_sub(2)));
    clear(place, frame);
    let cells = usize::from(width).saturating_sub(4);
    let rows = usize::from(place.height.saturating_sub(FURNITURE));
    let shown = picker.shown();
    let (filter, cursor) = window(&picker.filter, cells.saturating_sub(8));
    let mut lines = vec![Line::from(vec![Span::styled(" filter ", theme.dim()), Span::raw(filter)])];
    let first = (picker.selected + 1).saturating_sub(rows);
    let visible = shown.iter().enumerate().skip(first).take(rows);
    lines.extend(visible.map(|(at, role)| role_line(role, at == picker.selected, cells, theme)));
    lines.resize(rows + 1, Line::raw(""));
    lines.push(Line::styled("─".repeat(cells + 2), theme.dim()));
    lines.extend(about(picker, shown.get(picker.selected).copied(), cells, theme));
    lines.resize(rows + 4, Line::raw(""));
    lines.push(progress(picker, shown.len(), model, theme));
    frame.render_widget(Paragraph::new(lines).block(titled(" roles ", true, theme)), place);
    let x = place.x.saturating_add(9).saturating_add(u16::try_from(cursor).unwrap_or(u16::MAX));
    frame.set_cursor_position((x, place.y + 1));
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
        return told(failure, cells, theme).into_iter().take(2).collect();
    }
    let Some(role) = role else { return vec![] };
    let mut arn = vec![Span::raw(" ")];
    arn.extend(foreign(&role.arn, cells, Style::new(), theme));
    let why = role.admission.why().unwrap_or("its trust policy names you, or your account");
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
        Offering::Complete => Line::styled(format!(" {count}, {likely} likely · by trust policy alone"), theme.dim()),
        Offering::Failed(_) if all == 0 => Line::styled(" type the role's ARN into its field instead", theme.warning()),
        Offering::Failed(_) => Line::styled(format!(" ✗ {count}; the rest was not listed"), theme.bad()),
    }
}

fn told(failure: &Failure, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let said = wrap(&format!("✗ {}", failure.reason()), cells);
    said.into_iter().map(|part| Line::styled(format!(" {part}"), theme.bad())).collect()
}

pub(super) fn user(panel: &UserPanel, model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let cells = usize::from(WIDEST.min(area.width.saturating_sub(6)));
    let name = printable(&panel.name).into_owned();
    let plain = |text: String, style: Style| -> Vec<Line<'static>> {
        wrap(&text, cells).into_iter().map(|part| Line::styled(format!(" {part}"), style)).collect()
    };
    let mut lines = match &panel.state {
        UserState::Asking(since) => {
            plain(format!("{} asking IAM for the user {name} …", spinner(model, *since)), theme.focus())
        }
        UserState::Missing => [
            plain(format!("IAM has no user {name} in this account."), theme.strong()),
            plain("Minting does not need one: the name of a federated user is free.".into(), Style::new()),
            plain(format!("`ebbtide user {name} --create` creates it; it stays until you delete it."), Style::new()),
        ]
        .concat(),
        UserState::Exists(user) => plain(format!("✓ exists: {}", printable(&user.arn)), theme.good()),
        UserState::Failed(failure) => {
            let mut lines = told(failure, cells, theme);
            lines.extend(plain(printable(&failure.advice()).into_owned(), theme.strong()));
            lines
        }
    };
    lines.push(Line::raw(""));
    lines.push(Line::styled(" Esc closes", theme.dim()));
    popup(" IAM user ", lines, 0, theme, area, frame);
}
