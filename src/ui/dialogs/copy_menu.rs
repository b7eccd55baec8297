//! The forms of what is selected, each with its letter and what it copies.
//!
//! Invariant: a value is clipped in its middle, so that its beginning and its end are seen.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, paragraph, text_width};
use crate::{
    app::{CopyChoice, CopyEntry, CopyMenu, Model},
    domain::{duration::SessionDuration, object::PresignPlan},
    ui::{Theme, foreign, format},
};

/// Cells of a form's name.
const LABEL: usize = 16;

pub(super) fn panel(menu: &CopyMenu, model: &Model, theme: Theme, area: Rect) -> Panel {
    let cells = text_width(area);
    let rows = menu.entries.iter().enumerate();
    let rows = rows.map(|(at, entry)| vec![row(menu, entry, model, at == menu.selected, cells, theme)]);
    let mut head = vec![Span::raw(" ")];
    head.extend(foreign(&menu.target.in_words(), cells, theme.strong(), theme));
    let foot = if menu.asks_for_console {
        let asks = "press w again: anyone who opens the URL within 15 minutes is signed in as this session";
        paragraph(asks, theme.warning(), cells)
    } else {
        paragraph("a letter copies · ↑↓ and Enter, or a click", theme.dim(), cells)
    };
    Panel { head: vec![Line::from(head)], foot, ..Panel::of_rows(rows, menu.selected) }
}

fn row(menu: &CopyMenu, entry: &CopyEntry, model: &Model, selected: bool, cells: usize, theme: Theme) -> Line<'static> {
    let plain = if selected { theme.selected() } else { Style::new() };
    let (value, style) = match &entry.choice {
        CopyChoice::Text(copied) => (copied.text.clone(), plain),
        CopyChoice::Missing(why) => ((*why).to_owned(), theme.dim()),
        CopyChoice::Link => (link_words(menu, model), theme.dim()),
        CopyChoice::Console => match menu.no_console {
            Some(why) => (format!("no: {why}"), theme.dim()),
            None => ("a URL that signs in and opens this page".to_owned(), theme.dim()),
        },
    };
    let mut spans = vec![
        Span::styled(if selected { "▸" } else { " " }, theme.focus()),
        Span::styled(format!("{}  ", entry.key), theme.key()),
        Span::styled(format!("{:<LABEL$} ", entry.label), plain),
    ];
    spans.extend(foreign(&value, cells.saturating_sub(LABEL + 5), style, theme));
    Line::from(spans)
}

/// Until when a link would work, before it is asked for.
fn link_words(menu: &CopyMenu, model: &Model) -> String {
    let Some(held) = model.sessions.find(menu.session) else { return "the session was dropped".into() };
    let (lifetime, temporary) = (held.session.lifetime, held.session.temporary);
    match PresignPlan::for_session(SessionDuration::HOUR, lifetime, temporary, model.moment()) {
        Some(plan) => {
            let until = format::moment(plan.expires_at(), model.service_now(), &model.setup.time_zone, false);
            format!("for anyone who has it, until {until}")
        }
        None => "no: the session is over".into(),
    }
}
