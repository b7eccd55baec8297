//! The two lines that are always there: whose session, as whom, with what rights, and for how long.
//!
//! Invariant: what is told here never scrolls away, and the phase is a sign and a word before it is a colour.

use jiff::SignedDuration;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Modifier,
    text::{Line, Span},
};

use super::{Theme, foreign, format, line_width};
use crate::{
    app::{Current, Model},
    domain::{
        lifetime::{Phase, countdown},
        safe_text::printable,
    },
};

/// Cells of the gauge.
const GAUGE: u16 = 12;
/// Clocks that agree as well as this are not worth a word.
const TOLERATED_OFFSET: SignedDuration = SignedDuration::from_secs(5);

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let [place, session] = Layout::vertical([Constraint::Length(1), Constraint::Length(1)]).areas(area);
    let right = lifetime(model, theme);
    let [left_area, right_area] =
        Layout::horizontal([Constraint::Min(0), Constraint::Length(line_width(&right))]).areas(place);
    frame.render_widget(profile(model, theme, left_area.width), left_area);
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
        if current.session.exposed {
            spans.extend([Span::styled(" UNENCRYPTED ", theme.bad().add_modifier(Modifier::REVERSED)), Span::raw(" ")]);
        }
        let mode = current.session.request.mode().name().to_uppercase();
        spans.extend([Span::styled(format!(" {mode} "), theme.chip()), Span::raw(" ")]);
        spans.extend(time_left(model, theme));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn time_left(model: &Model, theme: Theme) -> Vec<Span<'static>> {
    let (now, phase) = (model.service_now(), model.phase());
    if let Some(words) = expired_words(model) {
        let empty = Span::styled("╌".repeat(usize::from(GAUGE)), theme.dim());
        return vec![Span::styled(format!("{words} "), theme.phase(phase)), empty];
    }
    let Some(lifetime) = model.lifetime() else {
        let temporary = model.current.as_ref().is_some_and(|current| current.session.temporary);
        return vec![Span::styled(if temporary { "ends, nobody said when" } else { "no end" }, theme.dim())];
    };
    let text = countdown(lifetime.remaining(now));
    let style = theme.phase(phase);
    let words = match phase {
        Phase::Fresh => format!("● {text} left "),
        Phase::Expiring => format!("▲ {text} ending "),
        Phase::Critical | Phase::Expired => format!("! {text} ending "),
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

/// `✗ EXPIRED 00:37 ago`.
pub(super) fn expired_words(model: &Model) -> Option<String> {
    let ago = model.service_now().duration_since(model.ended_at()?);
    Some(format!("✗ EXPIRED {} ago", countdown(ago)))
}

/// ` ebbtide  ana in 111122223333 `: whose session this is, in which account.
fn profile(model: &Model, theme: Theme, cells: u16) -> Line<'static> {
    let mut spans = vec![Span::styled(" ebbtide ", theme.brand()), Span::raw(" ")];
    if let Some(current) = &model.current {
        let account = current.session.identity.as_ref().map(|identity| format!(" in {}", printable(&identity.account)));
        let account = account.unwrap_or_default();
        let room = usize::from(cells).saturating_sub(12 + account.len());
        spans.extend(foreign(&current.session.profile, room, theme.strong(), theme));
        spans.push(Span::styled(account, theme.dim()));
    }
    Line::from(spans)
}

/// `as user/ana · ends 15:36:07 UTC · all the user's rights`: what may be long comes last.
fn session_line(model: &Model, theme: Theme) -> Line<'static> {
    let Some(current) = &model.current else {
        return Line::styled(" no session yet: mint one below", theme.dim());
    };
    let session = &current.session;
    let mut parts = vec![who(current)];
    if let Some(lifetime) = &session.lifetime {
        let when = format::moment(lifetime.expiration, model.service_now(), &model.setup.time_zone);
        let verb = if model.phase() == Phase::Expired { "ended" } else { "ends" };
        parts.push(format!("{verb} {when}"));
        let asked = session.request.duration();
        if let (Some(asked), Some(_)) = (asked, lifetime.granted_less(asked)) {
            parts.push(format!("asked for {asked}"));
        }
    }
    parts.extend(clock_trouble(model));
    parts.push(printable(&session.request.rights()).into_owned());
    Line::raw(format!(" {}", parts.join(" · ")))
}

/// A clock that is off by more than a few seconds is said, for every time on this screen is the service's.
fn clock_trouble(model: &Model) -> Option<String> {
    let offset = model.clock_offset;
    let off = countdown(offset.abs());
    (offset.abs() > TOLERATED_OFFSET)
        .then(|| format!("this clock is {off} {}", if offset.is_positive() { "slow" } else { "fast" }))
}

fn who(current: &Current) -> String {
    match (&current.session.identity, &current.unidentified) {
        (Some(identity), _) => format!("as {}", printable(identity.resource())),
        (None, Some(_)) => "as somebody unknown: GetCallerIdentity failed".into(),
        (None, None) => "asking who this is".into(),
    }
}
