//! What Enter does, and the AWS CLI command that does the same.
//!
//! Invariant: it says what would be minted, or what is missing, and nothing else.

use ratatui::text::Line;

use super::{Theme, profile_picker, wrap};
use crate::{app::SessionForm, domain::safe_text::printable};

/// What would be called, for which rights; or what is missing.
pub(super) fn lines(form: &SessionForm, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = profile_picker::source_lines(form, width, theme);
    match form.checked() {
        Ok(checked) => {
            let request = &checked.request;
            let duration = request.duration().map(|duration| format!(" for {duration}")).unwrap_or_default();
            let at = form.sts_endpoint().map(|url| format!(" at {}", printable(url))).unwrap_or_default();
            let call = form.mode.api().map_or("no call to STS".to_owned(), |call| format!("{call}{at}"));
            let rights = printable(&request.rights_in_words()).into_owned();
            let calls = [call, format!("→ {rights}{duration}")];
            let lacking = form.lacking().map(|note| format!("▲ {}", printable(&note.in_words())));
            lines.extend(styled(calls.iter(), width, theme.strong()));
            lines.extend(styled(lacking.iter(), width, theme.warning()));
        }
        Err(notes) => {
            let mut labels: Vec<&str> = notes.iter().map(|note| note.field.label()).collect();
            labels.dedup();
            let missing = format!("not ready: {} · Enter goes there", labels.join(", "));
            lines.extend(styled([missing].iter(), width, theme.warning()));
        }
    }
    lines
}

fn styled<'a>(
    texts: impl Iterator<Item = &'a String>,
    width: usize,
    style: ratatui::style::Style,
) -> impl Iterator<Item = Line<'static>> {
    texts.flat_map(move |text| wrap(text, width)).map(move |line| Line::styled(line, style))
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
