//! What went wrong, who said so, and what to do next.
//!
//! Invariant: what to do next is in sight at every size, however long the service's own words are.

use ratatui::{layout::Rect, style::Style, text::Line};

use super::panel::{Panel, labelled, text_width};
use crate::{
    app::Model,
    domain::{
        failure::{Failure, Service},
        lifetime::Phase,
        translator,
    },
    ui::{Theme, policy_hints},
};

/// More lines than this of a service's own words come behind what to do.
const MOST_LINES: usize = 2;

/// The demo proposes half a minute, so that a whole life can be watched.
const LONGER: &str = "the demo mints for 30s: press n and change Duration to 15m";

pub(super) fn panel(model: &Model, theme: Theme, area: Rect) -> Panel {
    let Some(failure) = model.failure() else { return Panel::of(vec![Line::raw(" nothing is wrong any more")]) };
    let width = text_width(area);
    let row = |label, value: &str, style| labelled(label, value, style, theme, width);
    let meaning = translator::explain_failure(failure, &model.standing(failure));
    // What the session's own policy says is known better than what such a refusal mostly means.
    let means = policy_hints::why_not_listed(model, failure).or(meaning.sentence);
    let why = row("Why", &failure.reason_in(&model.setup.time_zone), Style::new());
    let next = row("Next", &meaning.next, theme.strong());
    let means = means.map(|means| row("Means", &means, Style::new())).unwrap_or_default();
    let mut lines = row("What", &format!("could not {} {}", failure.action, failure.subject), theme.bad());
    if why.len() > MOST_LINES {
        lines.extend(means.into_iter().chain(next).chain(why));
    } else {
        lines.extend(why.into_iter().chain(means).chain(next));
    }
    if let (true, Phase::Expired) = (model.setup.sandbox, model.phase()) {
        lines.extend(row("Longer", LONGER, theme.strong()));
    }
    lines.push(Line::raw(""));
    lines.extend(particulars(model, failure).iter().flat_map(|(label, value)| row(label, value, theme.dim())));
    Panel::of(lines)
}

fn particulars(model: &Model, failure: &Failure) -> Vec<(&'static str, String)> {
    let mut rows = vec![];
    rows.extend(failure.code.clone().map(|code| ("Code", code)));
    rows.extend(failure.status.map(|status| ("HTTP", status.to_string())));
    rows.extend(failure.request_id.clone().map(|id| ("Request", id)));
    if let (Some(held), Service::S3) = (model.in_use(), failure.service) {
        rows.push(("Region", held.session.region.clone()));
        rows.push(("Endpoint", held.session.endpoint.clone().unwrap_or_else(|| "AWS".into())));
        rows.push(("Rights", held.session.request.rights_in_words()));
    }
    rows
}
