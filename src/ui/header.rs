//! The two lines that are always there: where, as whom, with what rights, and for how long.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use super::{Theme, foreign, format, line_width};
use crate::{
    app::{Current, Model},
    domain::{
        lifetime::{Phase, countdown},
        location::Location,
    },
};

/// Cells of the gauge.
const GAUGE: u16 = 12;

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let [place, session] = Layout::vertical([Constraint::Length(1), Constraint::Length(1)]).areas(area);
    let right = lifetime(model, theme);
    let [left_area, right_area] =
        Layout::horizontal([Constraint::Min(0), Constraint::Length(line_width(&right))]).areas(place);
    frame.render_widget(breadcrumb(model, theme, left_area.width), left_area);
    frame.render_widget(right, right_area);
    frame.render_widget(session_line(model, theme), session);
}

/// ` SANDBOX  SESSION ● 42:17 left ━━━━━━━━╌╌╌╌ `: the phase is a sign and a word before it is a colour.
fn lifetime(model: &Model, theme: Theme) -> Line<'static> {
    let mut spans = vec![];
    if model.setup.sandbox {
        spans.extend([Span::styled(" SANDBOX ", theme.chip()), Span::raw(" ")]);
    }
    if let Some(current) = &model.current {
        let mode = current.session.request.mode().name().to_uppercase();
        spans.extend([Span::styled(format!(" {mode} "), theme.chip()), Span::raw(" ")]);
        spans.extend(time_left(model, theme));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn time_left(model: &Model, theme: Theme) -> Vec<Span<'static>> {
    let Some(lifetime) = model.lifetime() else { return vec![Span::styled("no end", theme.dim())] };
    let (now, phase) = (model.service_now(), model.phase());
    let text = countdown(lifetime.remaining(now));
    let style = theme.phase(phase);
    let words = match phase {
        Phase::Fresh => format!("● {text} left "),
        Phase::Expiring => format!("▲ {text} ending "),
        Phase::Critical => format!("! {text} ending "),
        Phase::Expired => return vec![Span::styled(expired_words(model), style)],
    };
    let share = lifetime.share_left(now);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of twelve cells")]
    let filled = (share * f64::from(GAUGE)).ceil() as usize;
    vec![
        Span::styled(words, style),
        Span::styled("━".repeat(filled), style),
        Span::styled("╌".repeat(usize::from(GAUGE) - filled), theme.dim()),
    ]
}

/// `✗ EXPIRED 00:37 ago`: since its own end, or since a service refused it before.
fn expired_words(model: &Model) -> String {
    let refused = model.current.as_ref().and_then(|current| current.refused_at);
    let ended = model.lifetime().map(|lifetime| lifetime.expiration);
    let since = [refused, ended].into_iter().flatten().min().unwrap_or(model.now);
    format!("✗ EXPIRED {} ago", countdown(model.service_now().duration_since(since)))
}

/// ` ebbtide  ana › tide-logs › … › 2026/ `: the middle gives way first.
fn breadcrumb(model: &Model, theme: Theme, width: u16) -> Line<'static> {
    let mut spans = vec![Span::styled(" ebbtide ", theme.brand()), Span::raw(" ")];
    let Some(current) = &model.current else { return Line::from(spans) };
    let room = usize::from(width).saturating_sub(12);
    let steps = crumbs(&current.session.profile, &model.browser.place.listing.location);
    let folded = fold(&steps, room);
    for (at, step) in folded.iter().enumerate() {
        if at > 0 {
            spans.push(Span::styled(" › ", theme.dim()));
        }
        let style = if at + 1 == folded.len() { theme.focus() } else { Style::new() };
        spans.extend(foreign(step, room, style, theme));
    }
    Line::from(spans)
}

fn crumbs(profile: &str, location: &Location) -> Vec<String> {
    let mut steps = vec![profile.to_owned()];
    steps.extend(location.bucket.clone());
    steps.extend(location.steps().map(str::to_owned));
    if location.bucket.is_none() {
        steps.push("buckets".into());
    }
    steps
}

/// Drops steps from the middle until what is left fits; profile and last step stay.
fn fold(steps: &[String], room: usize) -> Vec<String> {
    let width = |steps: &[String]| steps.iter().map(|step| crate::domain::safe_text::width(step) + 3).sum::<usize>();
    let mut folded = steps.to_vec();
    let mut dropped = false;
    while width(&folded) > room && folded.len() > if dropped { 3 } else { 2 } {
        let at = if dropped { 2 } else { 1 };
        folded.remove(at);
        if !dropped {
            folded.insert(1, "…".into());
            dropped = true;
        }
    }
    folded
}

/// `as user/ana · all the user's rights · ends 15:36:07 UTC`.
fn session_line(model: &Model, theme: Theme) -> Line<'static> {
    let Some(current) = &model.current else {
        return Line::styled(" no session yet: mint one below", theme.dim());
    };
    let session = &current.session;
    let mut parts = vec![who(current), crate::domain::safe_text::printable(&session.request.rights()).into_owned()];
    if let Some(lifetime) = &session.lifetime {
        let ends = format::moment(lifetime.expiration, model.service_now(), &model.setup.time_zone);
        parts.push(format!("ends {ends}"));
        let asked = session.request.duration();
        if let (Some(asked), Some(_)) = (asked, lifetime.granted_less(asked)) {
            parts.push(format!("asked for {asked}"));
        }
    }
    Line::raw(format!(" {}", parts.join(" · ")))
}

fn who(current: &Current) -> String {
    match (&current.session.identity, &current.unidentified) {
        (Some(identity), _) => format!("as {}", crate::domain::safe_text::printable(identity.resource())),
        (None, Some(_)) => "as somebody unknown: GetCallerIdentity failed".into(),
        (None, None) => "asking who this is".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gives_way_in_the_middle() {
        let steps: Vec<String> = ["ana", "tide-logs", "a/", "b/", "c/", "2026/"].map(str::to_owned).to_vec();
        assert_eq!(fold(&steps, 100), steps);
        assert_eq!(fold(&steps, 24), ["ana", "…", "c/", "2026/"]);
        assert_eq!(fold(&steps, 5), ["ana", "…", "2026/"]);
    }
}
