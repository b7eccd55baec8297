//! A link before it is made: how long it works and why, who signs, what it will answer, what ends it earlier.
//!
//! Invariant: what is shown is derived for this moment, as it would be for the link. That it will be refused is said before
//! it can be copied.

use jiff::SignedDuration;
use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::panel::{Panel, labelled, paragraph, text_width};
use crate::{
    app::{HeldSession, LIFETIMES, LinkDialog, Model},
    domain::{
        duration::SessionDuration,
        lifetime::{Phase, format_countdown},
        object::{LinkMethod, ObjectAction, Permit, PresignLimit, PresignPlan, earlier_ends},
        policy::Ruling,
    },
    ui::{Theme, foreign, form::window, format},
};

/// Cells of the lifetime that is typed.
const TYPED: usize = 10;

pub(super) fn panel(link: &LinkDialog, model: &Model, theme: Theme, area: Rect) -> Panel {
    let width = text_width(area);
    let mut address = vec![Span::raw(" ")];
    address.extend(foreign(&link.address.to_string(), width, theme.strong(), theme));
    let (typed, cursor) = asked_line(link, theme);
    let mut rows = vec![];
    let Some(held) = model.sessions.find(link.session) else {
        return Panel::of(paragraph("the session was dropped", theme.bad(), width));
    };
    rows.extend(granted_rows(link, held, model));
    // Behind how long it lasts: that it will be refused is in sight on the smallest terminal.
    rows.insert(1, policy_row(link, held, model));
    rows.push(method_row(link));
    rows.push(LinkRow("Signed by", signer(held), RowMood::Plain));
    rows.push(LinkRow("For", "anyone who has the link, without credentials".into(), RowMood::Plain));
    rows.push(LinkRow(
        "Earlier",
        format!("it ends earlier if {}", earlier_ends(held.session.request.mode()).join("; ")),
        RowMood::Plain,
    ));
    let lines = rows.iter().flat_map(|LinkRow(label, text, mood)| {
        let style = match mood {
            RowMood::Plain => Style::new(),
            RowMood::Good => theme.good(),
            RowMood::Warning => theme.warning(),
            RowMood::Bad => theme.bad(),
        };
        labelled(label, text, style, theme, width)
    });
    Panel { head: vec![Line::from(address), typed], cursor: Some((cursor, 1)), ..Panel::of(lines.collect()) }
}

/// What a row says, and how it is meant.
struct LinkRow(&'static str, String, RowMood);

#[derive(Clone, Copy)]
enum RowMood {
    Plain,
    Good,
    Warning,
    Bad,
}

/// The lifetime that is typed, and what there is to choose; and in which column the cursor stands.
fn asked_line(link: &LinkDialog, theme: Theme) -> (Line<'static>, usize) {
    const LABEL: &str = " Lifetime   ";
    let (text, cursor) = window(link.input.line(), TYPED);
    let style = if link.input.is_untouched() { theme.selected() } else { Style::new() };
    let rest = " ".repeat(TYPED.saturating_sub(Span::raw(&text).width()));
    let choices = format!(" ←→ {}", LIFETIMES.join(" "));
    let spans = vec![
        Span::styled(LABEL, theme.dim()),
        Span::styled(text, style),
        Span::raw(rest),
        Span::styled(choices, theme.dim()),
    ];
    (Line::from(spans), LABEL.len() + cursor)
}

fn granted_rows(link: &LinkDialog, held: &HeldSession, model: &Model) -> Vec<LinkRow> {
    let asked = match link.asked() {
        Ok(asked) => asked,
        Err(refusal) => return vec![LinkRow("Granted", format!("▲ {refusal}"), RowMood::Warning)],
    };
    let (lifetime, at) = (held.session.lifetime, model.moment());
    let plan = PresignPlan::for_session(asked, lifetime, held.session.temporary, at);
    let Some(plan) = plan.filter(|_| held.phase(at) != Phase::Expired) else {
        return vec![LinkRow("Granted", "✗ no link: the session is over · R renews it".into(), RowMood::Bad)];
    };
    let granted = format_countdown(SignedDuration::from_secs(plan.seconds.into()));
    let asked = SessionDuration::from_secs(plan.asked_seconds);
    let (why, mood) = match plan.limited_by {
        PresignLimit::Asked => ("as asked".to_owned(), RowMood::Plain),
        PresignLimit::Session => (format!("▲ not {asked}: the session that signs it ends then"), RowMood::Warning),
        PresignLimit::SevenDays => (format!("▲ not {asked}: no link lasts longer than 7 days"), RowMood::Warning),
    };
    let ends = format::second(plan.expires_at(), &model.setup.time_zone);
    let mut rows = vec![
        LinkRow("Granted", format!("{granted} · {why}"), mood),
        LinkRow("Ends", format!("{ends}, by the service's clock"), RowMood::Plain),
    ];
    if plan.end_is_unknown {
        let text = "▲ when the session ends is unknown: the link ends with it";
        rows.push(LinkRow("", text.into(), RowMood::Warning));
    }
    rows
}

fn method_row(link: &LinkDialog) -> LinkRow {
    let text = match link.method {
        LinkMethod::Get => "● GET, the content · ○ HEAD, without it · Tab",
        LinkMethod::Head => "○ GET, the content · ● HEAD, without it · Tab",
    };
    LinkRow("Method", text.into(), RowMood::Plain)
}

/// What the session's own policies say to the call that the link is.
fn policy_row(link: &LinkDialog, held: &HeldSession, model: &Model) -> LinkRow {
    let rights = held.session.session_rights(model.service_now());
    let permit = Permit::of_object(rights.as_ref(), ObjectAction::Read, &link.address);
    let name = permit.permission;
    let (text, mood) = match permit.ruling {
        _ if permit.is_refused() => {
            (format!("✗ will answer 403: {}", permit.refusal().unwrap_or_default()), RowMood::Bad)
        }
        Some(Ruling::Allowed(by)) => (format!("✓ {name} is allowed by {by} of the session's policy"), RowMood::Good),
        Some(Ruling::Unclear { why, .. }) => (format!("? {name} depends on {why}: unknown here"), RowMood::Warning),
        _ => (format!("? {name}: no session policy narrows it; its source decides, unknown here"), RowMood::Plain),
    };
    LinkRow("Policy", text, mood)
}

fn signer(held: &HeldSession) -> String {
    let arn = held.identity().map(|identity| identity.arn);
    arn.unwrap_or_else(|| format!("the {} of {}", held.session.request.mode().noun(), held.session.profile))
}
