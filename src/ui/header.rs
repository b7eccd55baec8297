//! The two lines that are always there: whose session, as whom, with what rights, and for how long.
//!
//! Invariant: what is told here never scrolls away, and the phase is a sign and a word before it is a colour.

use jiff::SignedDuration;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Modifier, Style},
    text::{Line, Span},
};

use super::{Theme, cells_of, foreign, format, line_width};
use crate::{
    app::{HeldSession, Model, RenewalChoice},
    domain::{
        lifetime::{Phase, format_countdown},
        moment::Moment,
        safe_text::{cell_width, printable},
    },
};

/// Cells of the program's name and the space behind it.
const BRAND: usize = 10;
/// Cells of the gauge, on a narrow terminal and on others.
const GAUGE: [u16; 2] = [5, 12];
/// Columns of a terminal that is not narrow.
const WIDE: u16 = 80;
/// Clocks that agree as well as this are not worth a word.
const TOLERATED_OFFSET: SignedDuration = SignedDuration::from_secs(5);

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let [place, session] = Layout::vertical([Constraint::Length(1), Constraint::Length(1)]).areas(area);
    let gauge = GAUGE[usize::from(area.width >= WIDE)];
    let right = lifetime(model, gauge, theme);
    let [left_area, right_area] =
        Layout::horizontal([Constraint::Min(0), Constraint::Length(line_width(&right))]).areas(place);
    frame.render_widget(profile(model, theme, left_area.width), left_area);
    frame.render_widget(right, right_area);
    frame.render_widget(session_line(model, theme, session.width), session);
}

/// ` SANDBOX  SESSION ● 42:17 left ━━━━━━━━╌╌╌╌ `: the phase is a sign and a word before it is a colour.
fn lifetime(model: &Model, gauge: u16, theme: Theme) -> Line<'static> {
    let mut spans = vec![];
    if model.setup.sandbox {
        spans.extend([Span::styled(" SANDBOX ", theme.chip()), Span::raw(" ")]);
    }
    if let Some(held) = model.in_use() {
        let count = model.sessions.len();
        if count > 1 {
            spans.push(Span::styled(format!("{} of {count} ", model.sessions.row_in_use() + 1), theme.dim()));
        }
        if held.session.exposed {
            spans.extend([Span::styled(" UNENCRYPTED ", theme.bad().add_modifier(Modifier::REVERSED)), Span::raw(" ")]);
        }
        let mode = held.session.request.mode().name().to_uppercase();
        spans.extend([Span::styled(format!(" {mode} "), theme.chip()), Span::raw(" ")]);
        spans.extend(time_left(held, model.moment(), gauge, theme));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// `● 42:17 left`, `▲ 00:40 ending`, `✗ EXPIRED 00:37 ago`: a sign, the time, a word.
pub(super) fn left_words(held: &HeldSession, at: Moment) -> (String, Phase) {
    let phase = held.phase(at);
    if let Some(ended) = held.ended_at(at) {
        return (format!("✗ EXPIRED {} ago", format_countdown(at.local.duration_since(ended))), phase);
    }
    let Some(lifetime) = held.session.lifetime else {
        return (if held.session.temporary { "expiration unknown" } else { "no end" }.into(), phase);
    };
    let text = format_countdown(lifetime.remaining(at));
    let words = match phase {
        Phase::Fresh => format!("● {text} left"),
        Phase::Expiring => format!("▲ {text} ending"),
        Phase::Critical | Phase::Expired => format!("! {text} ending"),
    };
    (words, phase)
}

fn time_left(held: &HeldSession, at: Moment, gauge: u16, theme: Theme) -> Vec<Span<'static>> {
    let (words, phase) = left_words(held, at);
    let Some(lifetime) = held.session.lifetime.filter(|_| phase != Phase::Expired) else {
        if phase == Phase::Expired {
            let empty = Span::styled("╌".repeat(usize::from(gauge)), theme.dim());
            return vec![Span::styled(format!("{words} "), theme.phase(phase)), empty];
        }
        return vec![Span::styled(words, theme.dim())];
    };
    let style = theme.phase(phase);
    let share = lifetime.share_left(at);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a few cells")]
    let filled = (share * f64::from(gauge)).ceil() as usize;
    vec![
        Span::styled(format!("{words} "), style),
        Span::styled("━".repeat(filled), style),
        Span::styled("╌".repeat(usize::from(gauge) - filled), theme.dim()),
    ]
}

/// `✗ EXPIRED 00:37 ago`.
pub(super) fn expired_words(model: &Model) -> Option<String> {
    let at = model.moment();
    let held = model.in_use().filter(|held| held.phase(at) == Phase::Expired)?;
    Some(left_words(held, at).0)
}

/// ` ebbtide  ana in 111122223333 `: whose session this is, in which account.
fn profile(model: &Model, theme: Theme, cells: u16) -> Line<'static> {
    let mut spans = vec![Span::styled(" ebbtide ", theme.brand()), Span::raw(" ")];
    if let Some(held) = model.in_use() {
        let room = usize::from(cells).saturating_sub(BRAND);
        let name = foreign(&held.session.profile, room, theme.strong(), theme);
        let taken: usize = name.iter().map(Span::width).sum();
        spans.extend(name);
        // A number that is cut would be another account's: it is there whole or not at all.
        let account = held.identity().map(|identity| identity.account).filter(|account| !account.is_empty());
        let account = account.map(|account| format!(" in {}", printable(&account)));
        spans.extend(account.filter(|text| taken + text.len() < room).map(|text| Span::styled(text, theme.dim())));
    }
    Line::from(spans)
}

/// `as user/ana · ends 15:36:07 UTC · all the user's rights`. All three are always there: where room is short the end
/// goes without its time zone, then identity and rights give way in their middle, marked as cut.
fn session_line(model: &Model, theme: Theme, cells: u16) -> Line<'static> {
    let Some(held) = model.in_use() else {
        return Line::styled(" no session yet: mint one below", theme.dim());
    };
    let (who, rights) = (who(held), rights(held));
    let [who_cells, rights_cells] = [&who, &rights].map(|text| cell_width(text));
    let cells = usize::from(cells).saturating_sub(1);
    let whole = between(model, held, true);
    let between =
        if who_cells + cells_of(&whole) + rights_cells <= cells { whole } else { between(model, held, false) };
    let room = cells.saturating_sub(cells_of(&between));
    let who = foreign(&who, room - rights_cells.min(room / 2), Style::new(), theme);
    let taken: usize = who.iter().map(Span::width).sum();
    let mut spans = vec![Span::raw(" ")];
    spans.extend(who);
    spans.push(Span::raw(between));
    spans.extend(foreign(&rights, room.saturating_sub(taken), Style::new(), theme));
    Line::from(spans)
}

/// What stands between identity and rights: the end, what was asked for if something else was granted, and a clock that is
/// off.
fn between(model: &Model, held: &HeldSession, zoned: bool) -> String {
    let ends = held.end(model.moment()).map(|end| {
        let verb = if model.phase() == Phase::Expired { "ended" } else { "ends" };
        let when = format::moment(end, model.service_now(), &model.setup.time_zone, zoned);
        format!("{verb} {when}")
    });
    let choice = match held.renewal.choice {
        RenewalChoice::Manual => None,
        RenewalChoice::Automatic => Some("renewed automatically".to_owned()),
    };
    let parts: Vec<String> =
        [ends, choice, other_than_asked(held), clock_trouble(model)].into_iter().flatten().collect();
    if parts.is_empty() { " · ".into() } else { format!(" · {} · ", parts.join(" · ")) }
}

/// `asked 1h, granted 15m`, where that is not the same.
pub(super) fn other_than_asked(held: &HeldSession) -> Option<String> {
    let asked = held.session.request.duration()?;
    let granted = held.session.lifetime?.granted_instead(Some(asked))?;
    Some(format!("asked {asked}, granted {granted}"))
}

/// A clock that is off by more than a few seconds is said, for every time on this screen is the service's.
fn clock_trouble(model: &Model) -> Option<String> {
    let offset = model.clock_offset;
    let off = format_countdown(offset.abs());
    (offset.abs() > TOLERATED_OFFSET)
        .then(|| format!("this clock is {off} {}", if offset.is_positive() { "slow" } else { "fast" }))
}

/// What the session may, as far as the service keeps to what was minted. Foreign text.
pub(super) fn rights(held: &HeldSession) -> String {
    let rights = held.session.request.rights_in_words();
    if held.session.identity_contradiction().is_some() { format!("▲ not kept to: {rights}") } else { rights }
}

/// Foreign text.
pub(super) fn who(held: &HeldSession) -> String {
    // What STS told of it when it was minted stands in until it has answered, and where it does not.
    match (held.identity(), &held.unidentified) {
        (Some(identity), _) if held.session.identity_contradiction().is_some() => {
            format!("▲ as {}, not as minted", identity.arn_resource())
        }
        (Some(identity), _) => format!("as {}", identity.arn_resource()),
        (None, Some(_)) => "identity unknown: GetCallerIdentity failed".into(),
        (None, None) => "checking identity".into(),
    }
}
