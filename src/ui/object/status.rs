//! What the status line says of an object: trouble first, then what has to be known, then what can be done.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{content::note_look, instead, versions};
use crate::{
    app::{LookPart, LookState, Model, ObjectTab, RowState, TextInput, VersionsState},
    domain::{lifetime::Phase, safe_text::printable},
    preview::MoreContent,
    ui::{Theme, form::window, format, spinner},
};

/// The line and its style.
pub(in crate::ui) fn status(model: &Model, theme: Theme) -> (String, Style) {
    let object = &model.object;
    if model.phase() == Phase::Expired {
        let as_of = object.look.shown.as_ref().filter(|_| object.tab == ObjectTab::Look).map(|shown| {
            format!(" · this is as of {}", format::clock_time(shown.reply.read_at, &model.setup.time_zone))
        });
        let text = format!("✗ session expired{} · R renews and looks again", as_of.unwrap_or_default());
        return (text, theme.bad());
    }
    match object.tab {
        ObjectTab::Look => look_status(model, theme),
        ObjectTab::Details => details_status(model, theme),
        ObjectTab::Versions => {
            let known = versions::trouble(&object.versions, theme);
            let marks = match object.versions.marked.len() {
                0 => "Space marks two versions, D shows how they differ",
                1 => "Space marks another version, D compares it with the selected one",
                _ => "D shows how the two marked versions differ",
            };
            let loading = matches!(object.versions.state, VersionsState::Loading { .. });
            known.unwrap_or_else(|| (if loading { "listing".into() } else { marks.to_owned() }, theme.dim()))
        }
    }
}

fn look_status(model: &Model, theme: Theme) -> (String, Style) {
    let look = &model.object.look;
    let Some(shown) = &look.shown else { return (String::new(), theme.dim()) };
    if let LookState::Asked { since, .. } = look.state {
        return (format!("{} reading", spinner(model, since)), Style::new());
    }
    if let LookState::Failed(failure) = &look.state {
        let (text, style) = instead::failed(failure, instead::call_in_front(model), theme);
        return (format!("{text} · r looks again · e explains"), style);
    }
    if let Some(price) = &look.confirms_map {
        return (format!("▲ the map of entropy costs {price} · M again reads it"), theme.warning());
    }
    let more = match look.more() {
        MoreContent::Nothing => "",
        MoreContent::ReadOn => " · m reads on",
        MoreContent::LongFooter(_) => " · F reads it all the same",
    };
    match shown.reply.preview.notes.first() {
        Some(note) => {
            let (sign, style) = note_look(note.level, theme);
            (format!("{sign} {}{more}", printable(&note.text)), style)
        }
        None if !more.is_empty() => (format!("○ it goes on{more}"), theme.dim()),
        None if shown.is_all() => ("○ this is all of it".into(), theme.dim()),
        None if shown.part == LookPart::Beginning => ("○ no more can be shown of it in this view".into(), theme.dim()),
        None => ("○ Home goes to the beginning".into(), theme.dim()),
    }
}

/// The whole value of the selected row, which the row may have no room for.
fn details_status(model: &Model, theme: Theme) -> (String, Style) {
    let details = &model.object.details;
    let Some(row) = details.rows.get(details.selected) else { return (String::new(), theme.dim()) };
    match &row.state {
        RowState::Unknown(failure) => (format!("✗ {}", failure.in_one_line()), theme.warning()),
        RowState::Waiting => ("waiting for the answer".into(), theme.dim()),
        RowState::Told => (format!("{}: {} · y copies it", row.label, printable(&row.copy)), theme.dim()),
    }
}

/// The line that finds text: what is typed, and how many rows of what was read have it.
pub(in crate::ui) fn find_line(model: &Model, input: &TextInput, theme: Theme, area: Rect, frame: &mut Frame) {
    let finding = &model.object.look.finding;
    let counted = match (finding.text.is_empty(), finding.rows.len()) {
        (true, _) => "finds in what was read".to_owned(),
        (false, 0) => "nothing in what was read".to_owned(),
        (false, count) => format!("{} of {} rows that were read", format::count(finding.at + 1), format::count(count)),
    };
    let room = usize::from(area.width).saturating_sub(counted.chars().count() + 6);
    let (text, cursor) = window(input, room);
    let spans =
        vec![Span::styled(" / ", theme.key()), Span::raw(text), Span::raw("   "), Span::styled(counted, theme.dim())];
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
    if model.dialogs.is_empty() {
        let used = u16::try_from(cursor).unwrap_or(u16::MAX);
        frame.set_cursor_position((area.x.saturating_add(3).saturating_add(used), area.y));
    }
}
