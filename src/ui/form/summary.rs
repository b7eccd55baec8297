//! What Enter does, and how to do the same by hand.
//!
//! Invariant: it says what would be minted, or what is missing.

use ratatui::text::Line;

use super::{Theme, profile_picker, wrap};
use crate::{app::SessionForm, domain::safe_text::printable};

/// What Enter does, and how to do the same by hand.
pub(super) fn lines(form: &SessionForm, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let source = profile_picker::source_lines(form, width, theme);
    let Ok(checked) = form.checked() else {
        let fix = Line::styled("Enter goes to the first field to fix", theme.dim());
        return source.into_iter().chain([fix]).collect();
    };
    let request = &checked.request;
    let duration = request.duration().map(|duration| format!(" for {duration}")).unwrap_or_default();
    let at = form.sts_endpoint().map(|url| format!(" at {}", printable(url))).unwrap_or_default();
    let call = form.mode.api().map_or("no call to STS".to_owned(), |call| format!("{call}{at}"));
    let rights = printable(&request.rights()).into_owned();
    let mut lines: Vec<Line> = [call, format!("→ {rights}{duration}")]
        .iter()
        .flat_map(|what| wrap(what, width))
        .map(|line| Line::styled(line, theme.strong()))
        .collect();
    lines.splice(0..0, source);
    if form.cli_command().is_some() {
        lines.push(Line::styled("▸ Ctrl-y: the same with the AWS CLI", theme.dim()));
    }
    lines
}
