//! The list of recent requests, a line each.
//!
//! Invariant: what was typed before is foreign text like any other.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, text_width};
use crate::{
    app::RecentList,
    domain::{mint::Mode, profile::ProfileChoice, recent::Recent},
    ui::{Theme, foreign},
};

pub(super) fn panel(list: &RecentList, theme: Theme, area: Rect) -> Panel {
    let cells = text_width(area);
    let rows = list.rows.iter().enumerate();
    let lines = rows.map(|(at, recent)| vec![row(recent, at == list.selected, cells, theme)]);
    Panel::of_rows(lines, list.selected)
}

/// `role reader/ebbtide for 1h · read s3://tide-logs/ · ana`.
fn row(recent: &Recent, selected: bool, cells: usize, theme: Theme) -> Line<'static> {
    let draft = &recent.draft;
    let who = match draft.mode {
        Mode::Role => format!(" {}", draft.role_arn.rsplit('/').next().unwrap_or_default()),
        Mode::Federation => format!(" {}", draft.name),
        Mode::Session | Mode::Direct => String::new(),
    };
    let duration = if draft.mode == Mode::Direct { String::new() } else { format!(" for {}", draft.duration) };
    let managed = match draft.policy_arns.len() {
        0 => "",
        1 => "a managed policy, ",
        _ => "managed policies, ",
    };
    let scope = match (&draft.policy, draft.verbs) {
        // Its own policy stands instead of a scope, whatever that was.
        (Some(_), _) => "its own policy, ".into(),
        (None, Some(verbs)) => format!("{verbs} "),
        (None, None) => String::new(),
    };
    let place = if draft.location.is_empty() { "the buckets" } else { draft.location.as_str() };
    let profile = match &recent.profile {
        ProfileChoice::Named(name) => format!(" · {name}"),
        ProfileChoice::Environment => " · the environment".into(),
        _ => String::new(),
    };
    let text = format!("{}{who}{duration} · {managed}{scope}{place}{profile}", draft.mode.name());
    let style = if selected { theme.selected() } else { Style::new() };
    let mut spans = vec![Span::styled(" ", style)];
    spans.extend(foreign(&text, cells, style, theme));
    Line::from(spans)
}
