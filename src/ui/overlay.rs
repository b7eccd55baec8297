//! What is laid over the screen: a row in full, a failure with its next moves, the lines that ask.
//!
//! Invariant: a panel hides nothing that it does not repeat or that one `Esc` would not bring back.

use ratatui::{
    Frame,
    layout::{Constraint, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Theme, clear, foreign, form::window, format, policy_hints, popup, titled, wrap};
use crate::{
    app::{Browser, GoTo, Model, Screen, TextInput},
    domain::{
        failure::{Failure, Service},
        listing::Entry,
        location::Location,
        safe_text::printable,
        translator,
    },
};

/// The widest a panel's text gets.
const WIDEST: u16 = 76;

pub(super) fn text_width(area: Rect) -> usize {
    usize::from(WIDEST.min(area.width.saturating_sub(6)))
}

/// A labelled value over as many lines as it needs.
pub(super) fn labelled(label: &str, value: &str, style: Style, theme: Theme, width: usize) -> Vec<Line<'static>> {
    wrap(value, width.saturating_sub(12))
        .into_iter()
        .enumerate()
        .map(|(at, part)| {
            let label = if at == 0 { label } else { "" };
            Line::from(vec![Span::styled(format!(" {label:<10} "), theme.dim()), Span::styled(part, style)])
        })
        .collect()
}

/// Everything the listing says about the selected row; no request is made for it.
pub(super) fn details(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let Some(place) = model.browser().map(|browser| &browser.place) else { return };
    let Some(entry) = place.entry() else { return };
    let zone = &model.setup.time_zone;
    let time = |at: Option<jiff::Timestamp>| at.map_or_else(|| "not said".into(), |at| format::second(at, zone));
    let uri = place.listing.location.of(&entry);
    let mut values = vec![("Address", uri.to_string())];
    match &entry {
        Entry::Bucket(bucket) => values.extend([
            ("Region", bucket.region.clone().unwrap_or_else(|| "not said".into())),
            ("Created", time(bucket.created)),
        ]),
        Entry::Prefix(_) => values.push(("Kind", "common prefix: Enter lists what lies below it".into())),
        Entry::Object(object) => values.extend([
            ("Size", object.size.map_or_else(|| "not said".into(), format::exact_size)),
            ("Modified", time(object.modified)),
            ("Class", object.storage_class.clone().unwrap_or_else(|| "not said".into())),
            ("ETag", object.etag.clone().unwrap_or_else(|| "not said".into())),
        ]),
    }
    values.extend(policy_hints::rights_on(model, &entry));
    let width = text_width(area);
    let mut lines: Vec<Line> = values
        .iter()
        .flat_map(|(label, value)| labelled(label, &printable(value), Style::new(), theme, width))
        .collect();
    lines.extend([Line::raw(""), Line::styled(" y copies the address · Esc closes", theme.dim())]);
    popup(" details ", lines, 0, theme, area, frame);
}

/// What went wrong, who said so, and what to do next.
pub(super) fn explanation(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let Some(failure) = model.failure() else {
        return popup(" what went wrong ", vec![Line::raw(" nothing, any more")], 0, theme, area, frame);
    };
    let width = text_width(area);
    let mut lines = vec![];
    lines.extend(labelled("What", &what(failure), theme.bad(), theme, width));
    lines.extend(labelled("Why", &failure.reason_in(&model.setup.time_zone), Style::new(), theme, width));
    let meaning = translator::meaning(failure, &model.standing(failure));
    // What the session's own policy says is known better than what such a refusal mostly means.
    let own = policy_hints::why_not_listed(model, failure).map(|why| printable(&why).into_owned());
    if let Some(sentence) = own.as_ref().or(meaning.sentence.as_ref()) {
        lines.extend(labelled("Means", sentence, Style::new(), theme, width));
    }
    lines.extend(labelled("Next", &meaning.next, theme.strong(), theme, width));
    lines.push(Line::raw(""));
    for (label, value) in particulars(model, failure) {
        lines.extend(labelled(label, &printable(&value), theme.dim(), theme, width));
    }
    lines.extend([Line::raw(""), Line::styled(next_keys(model), theme.dim())]);
    popup(" what went wrong ", lines, 0, theme, area, frame);
}

fn what(failure: &Failure) -> String {
    format!("could not {} {}", failure.action, printable(&failure.subject))
}

fn particulars(model: &Model, failure: &Failure) -> Vec<(&'static str, String)> {
    let mut rows = vec![];
    rows.extend(failure.code.clone().map(|code| ("Code", code)));
    rows.extend(failure.status.map(|status| ("HTTP", status.to_string())));
    rows.extend(failure.request_id.clone().map(|id| ("Request", id)));
    if let (Some(held), Service::S3) = (model.in_use(), failure.service) {
        rows.push(("Region", held.session.region.clone()));
        rows.push(("Endpoint", held.session.endpoint.clone().unwrap_or_else(|| "AWS".into())));
        rows.push(("Rights", held.session.request.rights()));
    }
    rows
}

fn next_keys(model: &Model) -> &'static str {
    match model.screen {
        Screen::MintForm | Screen::Compare => " Esc closes",
        Screen::Browser => " r asks again · R renews · n mints another · g goes elsewhere · Esc closes",
    }
}

/// The line that asks where to go: also to a bucket that may not be listed among all.
pub(super) fn go_to(go_to: &GoTo, theme: Theme, area: Rect, frame: &mut Frame) {
    let remark = match &go_to.refusal {
        Some(refusal) => Line::styled(format!(" ▲ {}", printable(refusal)), theme.warning()),
        None => Line::styled(" BUCKET, s3://BUCKET/PREFIX, an ARN, a web address; s3:// is the buckets", theme.dim()),
    };
    let style = if go_to.untouched { theme.selected() } else { Style::new() };
    asking(" go to ", &go_to.input, style, remark, theme, area, frame);
}

/// The line that asks S3 for what begins with something; it says below what.
pub(super) fn ask_prefix(line: &TextInput, model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let Some(here) = model.browser().map(Browser::location) else { return };
    let below = Location { prefix: here.directory().to_owned(), ..here.clone() }.in_words();
    let room = text_width(area).saturating_sub(28);
    let mut remark = vec![Span::styled(" below ", theme.dim())];
    remark.extend(foreign(&below, room, theme.dim(), theme));
    remark.push(Span::styled(" · S3 tells case apart", theme.dim()));
    asking(" ask S3 for names that begin with ", line, Style::new(), Line::from(remark), theme, area, frame);
}

/// A line in a frame, with a remark below it.
fn asking(
    title: &'static str,
    input: &TextInput,
    style: Style,
    remark: Line<'static>,
    theme: Theme,
    area: Rect,
    frame: &mut Frame,
) {
    let width = WIDEST.min(area.width.saturating_sub(4));
    let place = area.centered(Constraint::Length(width), Constraint::Length(4));
    clear(place, frame);
    let (text, cursor) = window(input, usize::from(width).saturating_sub(4));
    let lines = vec![Line::from(vec![Span::raw(" "), Span::styled(text, style)]), remark];
    frame.render_widget(Paragraph::new(lines).block(titled(title, true, theme)), place);
    let x = place.x.saturating_add(2).saturating_add(u16::try_from(cursor).unwrap_or(u16::MAX));
    frame.set_cursor_position((x, place.y + 1));
}
