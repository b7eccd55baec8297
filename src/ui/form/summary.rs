//! What Enter does, and the AWS CLI command that does the same.
//!
//! Invariant: it says what would be minted, or what is missing, and nothing else.

use ratatui::text::Line;

use super::{Theme, profile_picker, summary_entry::SummaryEntry, wrap};
use crate::{app::SessionForm, domain::safe_text::printable};

/// What would be called, for which rights; or what is missing.
pub(super) fn lines(form: &SessionForm, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let entries = profile_picker::source_words(form, theme).into_iter().chain(what_enter_does(form, theme));
    entries.flat_map(|entry| entry.wrapped(width)).collect()
}

/// The same where there is little room: each in a line of its own, and not where an endpoint comes from.
pub(super) fn brief(form: &SessionForm, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let entries = profile_picker::source_words(form, theme).into_iter().filter(|entry| entry.matters);
    entries.chain(what_enter_does(form, theme)).map(|entry| entry.cut(width)).collect()
}

fn what_enter_does(form: &SessionForm, theme: Theme) -> Vec<SummaryEntry> {
    match form.checked() {
        Ok(checked) => {
            let request = &checked.request;
            let duration = request.duration().map(|duration| format!(" for {duration}")).unwrap_or_default();
            let at = form.sts_endpoint().map(|url| format!(" at {url}")).unwrap_or_default();
            let call = form.mode.api().map_or("no call to STS".to_owned(), |call| format!("{call}{duration}{at}"));
            let lacking = form.lacking().map(|note| format!("▲ {}", note.in_words()));
            let calls = [call, format!("→ {}", request.rights_in_words())];
            let calls = calls.into_iter().map(|text| SummaryEntry::new(text, theme.strong()));
            calls.chain(lacking.map(|text| SummaryEntry::new(text, theme.warning()))).collect()
        }
        Err(notes) => {
            let mut labels: Vec<&str> = notes.iter().map(|note| note.field.label()).collect();
            labels.dedup();
            vec![SummaryEntry::new(format!("not ready: {} · Enter goes there", labels.join(", ")), theme.warning())]
        }
    }
}

/// The command in at most `room` lines: what is left out can be copied.
pub(super) fn command(form: &SessionForm, width: usize, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let Some(command) = form.checked().as_ref().ok().and_then(|checked| form.command(&checked.request)) else {
        return vec![];
    };
    if room == 0 {
        return vec![];
    }
    if !form.shows_command {
        return vec![Line::styled("▸ Ctrl-t: AWS CLI command", theme.dim())];
    }
    let mut lines = vec!["AWS CLI · Ctrl-y copies · Ctrl-t hides:".to_owned()];
    lines.extend(wrap(&printable(&command), width));
    if lines.len() > room {
        lines.truncate(room);
        if let Some(last) = lines.last_mut().filter(|_| room > 1) {
            last.truncate(last.char_indices().nth(width.saturating_sub(2)).map_or(last.len(), |(at, _)| at));
            last.push_str(" …");
        }
    }
    lines.into_iter().map(|line| Line::styled(line, theme.dim())).collect()
}
