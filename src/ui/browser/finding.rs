//! What is said of a list that is filtered or sorted: what of it is shown, and how much of it is loaded at all.
//!
//! Invariant: rows that are not loaded are never counted as rows that do not match.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Paragraph,
};

use crate::{
    app::{Place, TextInput},
    domain::{
        listing::{Rest, SortOrder},
        safe_text::printable,
    },
    ui::{Theme, foreign, form::window, format, wrap},
};

/// Cells that a filter takes of the title at most.
const FILTER_CELLS: usize = 20;

/// ` 12 of 2,000 loaded, more to come `: which row is selected, what is loaded, and whether there is more.
pub(in crate::ui) fn position(place: &Place) -> String {
    let listing = &place.listing;
    let (at, loaded) = (format::count(place.selected + 1), format::count(listing.rows.len()));
    match (listing.rows.is_empty(), &listing.rest) {
        (true, Rest::Complete) => " empty ".into(),
        (true, Rest::Failed { .. }) => " not listed ".into(),
        (true, _) => " nothing loaded yet ".into(),
        _ if !place.arrangement().is_plain() => format!(" {} ", position_among_shown(place)),
        (false, Rest::Complete) => format!(" {at} of {loaded}, all "),
        (false, Rest::Failed { .. }) => format!(" {at} of {loaded} loaded, incomplete "),
        (false, _) => format!(" {at} of {loaded} loaded, more to come "),
    }
}

/// `3 of 12 that match · 12,000 loaded, more not loaded`. Rows that are loaded and not sorted in yet are told apart.
fn position_among_shown(place: &Place) -> String {
    let (shown, looked_at) = (place.count(), place.looked_at());
    let at = format::count((place.selected + 1).min(shown));
    let [of, loaded] = [shown, place.listing.rows.len()].map(format::count);
    let rest = rest(place);
    if !place.arrangement().filter.is_empty() {
        return format!("{at} of {of} that match · {loaded} loaded, {rest}");
    }
    if looked_at < place.listing.rows.len() {
        return format!("{at} of {of} sorted · {loaded} loaded, {rest}");
    }
    format!("{at} of {loaded} loaded, {rest}")
}

const fn rest(place: &Place) -> &'static str {
    match &place.listing.rest {
        Rest::Complete => "all",
        Rest::Failed { .. } => "incomplete",
        _ => "more not loaded",
    }
}

/// ` · prefix · /json · largest first`: how the rows were asked for, chosen and sorted, for the title.
pub(in crate::ui) fn arrangement(place: &Place, theme: Theme) -> Line<'static> {
    let arrangement = place.arrangement();
    let mut spans = vec![];
    if place.listing.location.asks_for_names() {
        spans.push(Span::styled(" · prefix", theme.focus()));
    }
    if !arrangement.filter.is_empty() {
        spans.push(Span::styled(" · /", theme.focus()));
        spans.extend(foreign(&arrangement.filter, FILTER_CELLS, theme.focus(), theme));
    }
    let order = match (arrangement.order, arrangement.reversed) {
        (SortOrder::Name, false) => None,
        (SortOrder::Name, true) => Some(" · last name first"),
        (SortOrder::Size, false) => Some(" · largest first"),
        (SortOrder::Size, true) => Some(" · smallest first"),
        (SortOrder::Time, false) => Some(" · newest first"),
        (SortOrder::Time, true) => Some(" · oldest first"),
    };
    spans.extend(order.map(|order| Span::styled(order, theme.focus())));
    Line::from(spans)
}

/// The line that filters, over the status: what is typed and how much of what is loaded matches.
pub(in crate::ui) fn line(
    input: &TextInput,
    place: &Place,
    focused: bool,
    theme: Theme,
    area: Rect,
    frame: &mut Frame,
) {
    let counted = if place.listing.rows.is_empty() {
        "nothing loaded yet".into()
    } else if place.wanted.filter.is_empty() {
        "filters the loaded rows".into()
    } else if place.arrangement().filter != place.wanted.filter {
        // The frame counts what the filter before this one left.
        "filtering".into()
    } else {
        let [shown, loaded] = [place.count(), place.listing.rows.len()].map(format::count);
        format!("{shown} of {loaded} loaded match, {}", rest(place))
    };
    let room = usize::from(area.width).saturating_sub(counted.chars().count() + 6);
    let (text, cursor) = window(input, room);
    let used = u16::try_from(cursor).unwrap_or(u16::MAX);
    let spans = vec![
        Span::styled(" / ", theme.key()),
        Span::raw(text),
        Span::styled(if focused { "   " } else { " · " }, theme.dim()),
        Span::styled(counted, theme.dim()),
    ];
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
    if focused {
        frame.set_cursor_position((area.x.saturating_add(3).saturating_add(used), area.y));
    }
}

/// In the place of rows, where some are loaded and none matches.
pub(in crate::ui) fn nothing_matches(place: &Place, theme: Theme, cells: usize) -> Vec<Line<'static>> {
    let loaded = format::rows(place.listing.rows.len());
    let mut lines: Vec<Line> = wrap(&format!("nothing matches {}", printable(&place.arrangement().filter)), cells)
        .into_iter()
        .map(|line| Line::styled(line, theme.strong()))
        .collect();
    let (among, keys) = match &place.listing.rest {
        Rest::Complete => (format!("among all {loaded}"), "Esc show all"),
        Rest::Failed { .. } => {
            (format!("among {loaded} loaded before the listing failed"), "Esc show all · then r retry")
        }
        _ => {
            let keys = "↓ load more · Esc show all · then P list the prefix on S3";
            (format!("among {loaded} loaded so far"), keys)
        }
    };
    lines.extend([Line::raw(among), Line::raw("")]);
    lines.extend(wrap(keys, cells).into_iter().map(|line| Line::styled(line, theme.key())));
    lines
}
