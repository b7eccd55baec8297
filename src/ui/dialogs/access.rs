//! May I? Each thing that can be done: what the session's policies say, by which statement, and what S3 really answered.
//!
//! Invariant: predicted and real stand side by side, and where they differ a sign and words say so. What is not known says
//! so; what was never asked never looks answered.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, paragraph, text_width};
use crate::{
    app::{AccessPanel, AskedAccess, Model, RowTarget, SeenAnswer},
    domain::{
        failure::{Failure, FailureKind},
        object::{ObjectAction, Permit},
        policy::{Ruling, SessionRights},
        safe_text::printable,
    },
    ui::{Theme, cells_of, foreign, format, spinner},
};

/// Cells of what can be done.
const ACTION: usize = 15;
/// Cells of what is predicted.
const PREDICTED: usize = 12;

pub(super) fn panel(access: &AccessPanel, model: &Model, theme: Theme, area: Rect) -> Panel {
    let width = text_width(area);
    let held = model.sessions.find(access.session);
    let rights = held.and_then(|held| held.session.session_rights(model.service_now()));
    let rows = access.actions().iter().enumerate().map(|(at, action)| {
        let permit = permit(rights.as_ref(), *action, &access.target);
        let seen = model.answers.find_answer(&asked(access, *action));
        vec![verdict(&permit, seen, at == access.selected, model, theme), reason(&permit, seen, width, theme)]
    });
    let mut subject = vec![Span::raw(" ")];
    subject.extend(foreign(&access.target.in_words(), width, theme.strong(), theme));
    let columns = format!("   {:<ACTION$} {:<PREDICTED$} S3 answered", "", "its policy");
    let price = format!("t sends {} · write and delete are never tried", access.target.probe_price());
    let foot = match access.asked {
        Some((_, since)) => vec![Line::styled(format!(" {} testing", spinner(model, since)), theme.focus())],
        None => paragraph(&price, theme.dim(), width),
    };
    Panel {
        head: vec![Line::from(subject), Line::styled(columns, theme.dim())],
        foot,
        ..Panel::of_rows(rows, access.selected)
    }
}

fn permit<'p>(rights: Option<&SessionRights<'p>>, action: ObjectAction, target: &RowTarget) -> Permit<'p> {
    let of_place = |location| Permit::of_location(rights, action, location);
    match target {
        RowTarget::Object { address, .. } => Permit::of_object(rights, action, address),
        RowTarget::Place { location, .. } => {
            of_place(location).unwrap_or(Permit { action, permission: action.permissions(false)[0], ruling: None })
        }
    }
}

fn asked(access: &AccessPanel, action: ObjectAction) -> AskedAccess {
    match &access.target {
        RowTarget::Object { address, .. } => AskedAccess::of_object(access.session, action, address),
        RowTarget::Place { location, .. } => AskedAccess::of_place(access.session, action, location),
    }
}

/// `▸ read            ✗ may not    ✗ refused 15:02:11`
fn verdict(
    permit: &Permit<'_>,
    seen: Option<&SeenAnswer>,
    selected: bool,
    model: &Model,
    theme: Theme,
) -> Line<'static> {
    let (predicted, style) = match permit.ruling {
        None => ("? unknown", theme.dim()),
        Some(Ruling::Allowed(_)) => ("✓ may", theme.good()),
        Some(Ruling::Denied(_) | Ruling::NotAllowed) => ("✗ may not", theme.bad()),
        Some(Ruling::Unclear { .. }) => ("? depends", theme.warning()),
    };
    let (real, real_style) = match seen {
        None if matches!(permit.action, ObjectAction::Write | ObjectAction::Delete) => {
            ("never tried".into(), theme.dim())
        }
        None => ("not asked".to_owned(), theme.dim()),
        Some(SeenAnswer { failure, at, .. }) => {
            let time = format::clock_time(*at, &model.setup.time_zone);
            let (words, style) = answer_words(failure.as_ref(), theme);
            (format!("{words} {time}"), style)
        }
    };
    let name = if selected { theme.selected() } else { theme.strong() };
    let mut spans = vec![
        Span::styled(if selected { " ▸ " } else { "   " }, theme.focus()),
        Span::styled(format!("{:<ACTION$} ", permit.action.in_words()), name),
        Span::styled(format!("{predicted:<PREDICTED$} "), style),
        Span::styled(real, real_style),
    ];
    if differs(permit, seen) {
        spans.push(Span::styled(" ▲ differs", theme.warning()));
    }
    Line::from(spans)
}

fn answer_words(failure: Option<&Failure>, theme: Theme) -> (String, Style) {
    let Some(failure) = failure else { return ("✓ answered".into(), theme.good()) };
    match failure.kind {
        FailureKind::Denied => ("✗ refused".into(), theme.bad()),
        FailureKind::Expired => ("✗ session over".into(), theme.bad()),
        FailureKind::NotFound => ("○ not there".into(), theme.warning()),
        FailureKind::Network | FailureKind::Timeout => ("? no response".into(), theme.warning()),
        _ => {
            let code = failure.code.as_deref().unwrap_or("failed");
            (format!("? {}", printable(code)), theme.warning())
        }
    }
}

/// Whether S3 refused what the policies allow, or answered what they refuse.
fn differs(permit: &Permit<'_>, seen: Option<&SeenAnswer>) -> bool {
    let Some(seen) = seen else { return false };
    match &seen.failure {
        None => permit.is_refused(),
        Some(failure) => failure.kind == FailureKind::Denied && permit.ruling.is_some_and(Ruling::is_allowed),
    }
}

/// The permission that decides and the statement; or, where S3 says otherwise, who may have.
fn reason(permit: &Permit<'_>, seen: Option<&SeenAnswer>, width: usize, theme: Theme) -> Line<'static> {
    let name = permit.permission;
    let because = match permit.ruling {
        None => "no session policy; its source decides".to_owned(),
        Some(Ruling::Allowed(by)) => by.to_string(),
        Some(Ruling::Denied(by)) => format!("denied by {by}"),
        Some(Ruling::NotAllowed) => "not in its policy".into(),
        Some(Ruling::Unclear { why, .. }) => format!("depends on {why}"),
    };
    let otherwise = match (differs(permit, seen), permit.is_refused()) {
        (false, _) => "",
        (true, false) => " · its source or a bucket policy refuses",
        (true, true) => " · a bucket policy may allow it",
    };
    let mut spans = vec![Span::raw("     ")];
    let room = width.saturating_sub(5 + cells_of(otherwise));
    spans.extend(foreign(&format!("{name} · {because}"), room, theme.dim(), theme));
    spans.push(Span::styled(otherwise, theme.warning()));
    Line::from(spans)
}
