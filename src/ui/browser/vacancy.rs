//! What stands in the place of rows where there are none.
//!
//! Invariant: an empty list, one on its way and a refused one each look like themselves; a list that could not be read
//! never looks empty.

use ratatui::text::Line;

use super::finding;
use crate::{
    app::{Model, Place},
    domain::{
        failure::{Failure, FailureKind},
        listing::Rest,
        mint::MintRequest,
        safe_text, translator,
    },
    ui::{Theme, policy_hints, spinner, wrap},
};

/// What is said of a list that shows no row, in so many cells a line.
pub(super) fn instead_of_rows(model: &Model, place: &Place, theme: Theme, cells: usize) -> Vec<Line<'static>> {
    let listing = &place.listing;
    if !listing.rows.is_empty() {
        return finding::nothing_matches(place, theme, cells);
    }
    let here = safe_text::printable(&listing.location.in_words()).into_owned();
    match &listing.rest {
        Rest::Loading { since, .. } => vec![
            Line::raw(format!("{} listing {here}", spinner(model, *since))),
            Line::raw(""),
            Line::styled("Esc stops", theme.key()),
        ],
        Rest::Failed { failure, .. } => refused(model, failure, &here, theme, cells),
        Rest::Complete if place.past.is_some() => vec![
            Line::styled(format!("nothing was in {here} then"), theme.strong()),
            Line::raw("versions that were removed since then cannot be known"),
            Line::raw(""),
            Line::styled("Esc back to now · @ another time", theme.key()),
        ],
        Rest::Complete if listing.location.prefix.is_empty() => vec![
            Line::styled(format!("{here} is empty"), theme.strong()),
            Line::raw(""),
            Line::styled("← back · r reload", theme.key()),
        ],
        Rest::Complete if listing.location.asks_for_names() => vec![
            Line::styled(format!("no key starts with {here}"), theme.strong()),
            Line::raw("S3 is case-sensitive"),
            Line::raw(""),
            Line::styled("← back · P another prefix · g go to", theme.key()),
        ],
        Rest::Complete => vec![
            Line::styled(format!("no keys under {here}"), theme.strong()),
            Line::raw("S3 cannot tell an empty prefix from one that does not exist"),
            Line::raw(""),
            Line::styled("← back · g go to · r reload", theme.key()),
        ],
        Rest::Stopped(_) if listing.pages > 0 => vec![
            Line::styled(format!("▲ {here}: only empty pages so far"), theme.warning()),
            Line::raw("S3 says that there are more"),
            Line::raw(""),
            Line::styled("Enter load one more · r reload · ← back", theme.key()),
        ],
        Rest::Next(_) | Rest::Stopped(_) => vec![
            Line::raw(format!("{here} is not loaded yet")),
            Line::raw(""),
            Line::styled("Enter load it", theme.key()),
        ],
    }
}

fn refused(model: &Model, failure: &Failure, place: &str, theme: Theme, cells: usize) -> Vec<Line<'static>> {
    let title = match failure.kind {
        FailureKind::Denied if failure.action.contains("versions") => "not allowed to list the versions of",
        FailureKind::Denied => "not allowed to list",
        FailureKind::Expired => "session expired; could not list",
        FailureKind::NotFound => "there is no",
        FailureKind::Network | FailureKind::Timeout => "no response; could not list",
        _ => "could not list",
    };
    let mut lines = vec![Line::styled(format!("✗ {title} {place}"), theme.bad()), Line::raw("")];
    lines.extend(wrap(&failure.reason_in(&model.setup.time_zone), cells).into_iter().map(Line::raw));
    lines.push(Line::raw(""));
    let meaning = translator::explain_failure(failure, &model.standing(failure));
    let own = policy_hints::why_not_listed(model, failure);
    if let Some(own) = &own {
        lines.extend(wrap(&safe_text::printable(own), cells).into_iter().map(Line::raw));
    } else {
        for sentence in meaning.sentence.iter().chain([&meaning.next]) {
            lines.extend(wrap(sentence, cells).into_iter().map(Line::raw));
        }
    }
    lines.push(Line::raw(""));
    let is_past = model.browser().is_some_and(|browser| browser.place.past.is_some());
    let leads_elsewhere = model.rights().is_some_and(|rights| rights.only_listable().is_some());
    let direct = model.in_use().is_some_and(|held| held.session.request == MintRequest::Direct);
    let keys = match (failure.kind, direct) {
        _ if own.is_some() && is_past => "p session that may list versions · Esc back to now",
        _ if own.is_some() && leads_elsewhere => "g go there · p session for this location · n new session · ← back",
        _ if own.is_some() => "p session for this location · n new session · ← back",
        (FailureKind::Expired, false) => "R renew and continue · ← back",
        (FailureKind::Expired, true) => "log in again, then R reload the credentials · n new session",
        _ => "r retry · ← back · g go to · n new session",
    };
    lines.extend(wrap(keys, cells).into_iter().map(|line| Line::styled(line, theme.key())));
    lines
}
