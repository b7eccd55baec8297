//! The left column of the form: the profiles, and what is known of the chosen one; and what is said of it on the right.
//!
//! Invariant: everything here was read from files and environment; nothing was asked, and no command was run. A profile
//! that cannot be used is marked by a sign, not by colour alone.

use ratatui::{
    Frame,
    layout::{Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Theme, cells_of, foreign, summary_entry::SummaryEntry, titled, window, wrap};
use crate::{
    app::{Model, Profiles, SessionForm, details_rows},
    domain::{
        mint::Field,
        profile::{Profile, ProfileKind},
        safe_text::printable,
    },
};

/// Lines on the right for one thing that is told of a profile: a command can be a book.
const MOST_LINES: usize = 4;

/// The cells of the list within the left column, on a terminal of so many rows.
pub(super) fn list_area(column: Rect, rows: u16) -> Rect {
    let inner = column.inner(Margin::new(1, 1));
    Rect { height: inner.height.saturating_sub(details_rows(rows)), ..inner }
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let form = &model.form;
    let list = list_area(area, model.size.1);
    let shown = form.shown_profiles();
    let mut around = titled("profile", form.focus == Field::Profile, theme);
    if form.profiles.all().len() > usize::from(list.height) {
        let at = shown.iter().position(|at| *at == form.profile).map_or(0, |at| at + 1);
        around = around.title_bottom(Line::raw(format!(" {at} of {} ", shown.len())).right_aligned());
    }
    frame.render_widget(around, area);
    frame.render_widget(Paragraph::new(rows(form, &shown, theme, list)), list);
    let details = Rect { y: list.bottom(), height: details_rows(model.size.1), ..list };
    if let Some(find) = &form.find {
        let (text, cursor) = window(find, usize::from(list.width).saturating_sub(1));
        let line = Line::from(vec![Span::styled("/", theme.focus()), Span::styled(text, theme.strong())]);
        let at =
            if details.height > 0 { details } else { Rect { y: list.bottom().saturating_sub(1), height: 1, ..list } };
        crate::ui::clear(Rect { height: 1, ..at }, frame);
        frame.render_widget(Paragraph::new(line), at);
        frame.set_cursor_position((at.x.saturating_add(1 + u16::try_from(cursor).unwrap_or(u16::MAX)), at.y));
    } else if let Some(profile) = form.chosen() {
        let mut lines = vec![Line::styled("─".repeat(usize::from(details.width)), theme.dim())];
        lines.extend(known(profile, usize::from(details.width), theme));
        frame.render_widget(Paragraph::new(lines), details);
    }
}

fn rows(form: &SessionForm, shown: &[usize], theme: Theme, area: Rect) -> Vec<Line<'static>> {
    match &form.profiles {
        Profiles::Loading => vec![Line::styled("reading …", theme.dim())],
        Profiles::Failed(failure) => {
            let mut lines = vec![Line::styled("✗ not readable", theme.bad())];
            lines.extend(wrap(&failure.to_string(), usize::from(area.width)).into_iter().map(Line::raw));
            lines.push(Line::styled("F5 reloads", theme.dim()));
            lines
        }
        Profiles::Ready(profiles) if profiles.is_empty() => vec![Line::styled("none", theme.dim())],
        Profiles::Ready(_) if form.find.is_some() && shown.is_empty() => {
            vec![Line::styled("no profile matches", theme.warning())]
        }
        Profiles::Ready(profiles) => {
            let height = usize::from(area.height);
            let visible = shown.iter().skip(form.first_shown(shown, height)).take(height);
            let focused = form.focus == Field::Profile;
            visible.map(|at| row(&profiles[*at], (*at == form.profile, focused), area.width, theme)).collect()
        }
    }
}

/// `▸ dev-admin         keys`. The chosen one is marked, and looks selected while keys go to the list.
fn row(profile: &Profile, (chosen, focused): (bool, bool), width: u16, theme: Theme) -> Line<'static> {
    let (kind, kind_style) = match &profile.problem {
        Some(problem) if problem.blocks => ("✗ broken".to_owned(), theme.bad()),
        Some(_) => (format!("▲ {}", profile.kind.name()), theme.warning()),
        None => (profile.kind.name().to_owned(), theme.dim()),
    };
    let room = usize::from(width).saturating_sub(cells_of(&kind) + 3);
    let style = if chosen { theme.strong() } else { Style::new() };
    let mut spans = vec![Span::styled(if chosen { "▸ " } else { "  " }, theme.focus())];
    let name = foreign(&profile.name, room, style, theme);
    let taken: usize = name.iter().map(Span::width).sum();
    spans.extend(name);
    spans.push(Span::raw(" ".repeat(room.saturating_sub(taken) + 1)));
    spans.push(Span::styled(kind, kind_style));
    let line = Line::from(spans);
    if chosen && focused { line.patch_style(theme.selected()) } else { line }
}

/// What the files say of a profile; no request is sent.
fn known(profile: &Profile, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut facts = vec![kind_in_words(profile)];
    facts.extend(profile.region.clone());
    facts.extend(profile.account.as_ref().map(|account| format!("account {account}")));
    if let Some(role) = &profile.role_arn {
        let name = role.split_once("role/").map_or(role.as_str(), |(_, name)| name);
        let source = profile.source_profile.as_ref().or(profile.credential_source.as_ref());
        let from = source.map(|source| format!(" from {source}")).unwrap_or_default();
        facts.push(format!("assumes {name}{from}"));
    }
    if profile.mfa_serial.is_some() {
        facts.push("with an MFA device".into());
    }
    let lines = facts.iter().flat_map(|fact| wrap(&printable(fact), width));
    lines.map(|line| Line::styled(line, theme.dim())).collect()
}

fn kind_in_words(profile: &Profile) -> String {
    match profile.kind {
        ProfileKind::Keys => "long-term keys",
        ProfileKind::SessionKeys => "a session's keys",
        ProfileKind::Role => "a role",
        ProfileKind::Sso => "Identity Center",
        ProfileKind::Process => "runs a command",
        ProfileKind::WebIdentity => "a web identity",
        ProfileKind::Environment => "environment's keys",
        ProfileKind::Container => "container's role",
        ProfileKind::Instance => "instance's role",
        ProfileKind::Nothing => "no credentials",
    }
    .into()
}

/// What to know before anything is sent: what is wrong, which command would run, where the endpoints come from.
pub(super) fn source_words(form: &SessionForm, theme: Theme) -> Vec<SummaryEntry> {
    let Some(profile) = form.chosen() else { return vec![] };
    let entry = |text: String, style, matters| SummaryEntry { text, style, matters, most_lines: MOST_LINES };
    let problem = profile.problem.as_ref().map(|problem| entry(format!("▲ {problem}"), theme.warning(), true));
    let command = profile.command.as_ref().map(|command| entry(format!("runs: {command}"), theme.strong(), true));
    let endpoints = endpoint_words(profile, form.endpoint_option()).into_iter();
    let endpoints = endpoints.map(|words| entry(words, theme.dim(), false));
    problem.into_iter().chain(command).chain(endpoints).collect()
}

/// Custom endpoints, and what named them. Those that a person has just typed need no explanation.
fn endpoint_words(profile: &Profile, endpoint_option: Option<&str>) -> Vec<String> {
    if endpoint_option.is_some() {
        return vec!["endpoint from --endpoint-url".into()];
    }
    let sts = profile.sts_endpoint_origin.as_ref().map(|origin| format!("endpoint from {origin}"));
    let elsewhere = profile.s3_endpoint != profile.sts_endpoint;
    let s3 = profile.s3_endpoint.as_ref().zip(profile.s3_endpoint_origin.as_ref()).filter(|_| elsewhere);
    let s3 = s3.map(|(url, origin)| format!("S3 at {url}, from {origin}"));
    sts.into_iter().chain(s3).collect()
}
