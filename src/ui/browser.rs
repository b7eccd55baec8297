//! The list: buckets, common prefixes and objects, and what stands in their place where there are none.
//!
//! Invariant: only the rows on screen are looked at, however many there are; a list that could not be read never
//! looks empty.

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Layout, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Paragraph, Row, Scrollbar, ScrollbarOrientation, ScrollbarState, Table},
};

use super::{Theme, block, finding, foreign, format, line_width, policy_hints, spinner, wrap};
use crate::{
    app::{Model, Place},
    domain::{
        failure::{Failure, FailureKind},
        lifetime::Phase,
        listing::{Entry, Rest, SortOrder},
        location::Location,
        mint::MintRequest,
        safe_text, translator,
    },
};

/// The cells of the list's rows within the body: inside the border, below the table's head.
pub(super) fn rows_area(body: Rect) -> Rect {
    let inner = body.inner(Margin::new(1, 1));
    Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner }
}

pub(super) fn draw(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    let Some(browser) = model.browser() else { return };
    let place = &browser.place;
    let frame_around = block(model.dialogs.is_empty(), theme)
        .title(title(model, place, theme, area.width))
        .title_bottom(Line::raw(finding::position(place)).right_aligned());
    frame.render_widget(frame_around, area);
    if place.count() == 0 {
        let text = instead_of_rows(model, place, theme, usize::from(area.width.saturating_sub(8)));
        let lines = u16::try_from(text.len()).unwrap_or(u16::MAX);
        let middle = area.inner(Margin::new(2, 1)).centered_vertically(Constraint::Length(lines));
        frame.render_widget(Paragraph::new(text).alignment(Alignment::Center), middle);
        return;
    }
    let rows = rows_area(area).height;
    // A free cell on the right keeps the last column apart from the scroll bar.
    let inner = area.inner(Margin::new(1, 1));
    let inner = Rect { width: inner.width.saturating_sub(1), ..inner };
    frame.render_widget(table(model, place, theme, inner.width, usize::from(rows)), inner);
    scrollbar(place, area, rows, frame);
}

fn scrollbar(place: &Place, area: Rect, rows: u16, frame: &mut Frame) {
    let count = place.count();
    if count > usize::from(rows) {
        let mut state = ScrollbarState::new(count.saturating_sub(usize::from(rows))).position(place.offset);
        let bar = Scrollbar::new(ScrollbarOrientation::VerticalRight)
            .begin_symbol(None)
            .end_symbol(None)
            .track_symbol(Some("│"))
            .thumb_symbol("┃");
        // Beside the rows, on the border: below the border's corner and the table's head.
        let beside = Rect { y: area.y + 2, height: rows, ..area };
        frame.render_stateful_widget(bar, beside, &mut state);
    }
}

/// ` s3://tide-logs/readings/ `: where the list stands; rows that may be out of date say of when they are.
fn title(model: &Model, place: &Place, theme: Theme, cells: u16) -> Line<'static> {
    let listing = &place.listing;
    let as_of = match (model.phase(), listing.read_at) {
        (Phase::Expired, Some(at)) if !listing.rows.is_empty() => {
            format!("as of {} ", format::clock_time(at, &model.setup.time_zone))
        }
        _ => String::new(),
    };
    let elsewhere = listing.elsewhere.as_ref().map(|region| format!(" in {}", safe_text::printable(region)));
    let elsewhere = elsewhere.unwrap_or_default();
    let arrangement = finding::arrangement(place, theme);
    let taken = as_of.len() + elsewhere.len() + usize::from(line_width(&arrangement));
    let room = usize::from(cells).saturating_sub(taken + 6);
    let mut spans = vec![Span::raw(" ")];
    spans.extend(foreign(&listing.location.in_words(), room, theme.strong(), theme));
    spans.push(Span::styled(elsewhere, theme.dim()));
    spans.extend(arrangement);
    spans.extend([Span::raw(" "), Span::styled(as_of, theme.bad())]);
    Line::from(spans)
}

/// A column: what it shows, and how many cells it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Size,
    /// Of an object when it was modified, of a bucket when it was created.
    Time,
    /// Of an object its storage class, of a bucket its region.
    Class,
    Etag,
}

impl Column {
    /// On a list of so many cells. A wide list gives its cells to all columns: names far from their sizes are hard to read.
    const fn constraint(self, cells: u16) -> Constraint {
        match self {
            Self::Name => Constraint::Fill(1),
            Self::Size => Constraint::Length(9),
            Self::Time => Constraint::Length(if cells >= WIDE { 19 } else { 16 }),
            Self::Class => Constraint::Length(if cells >= WIDE { 19 } else { 12 }),
            Self::Etag => Constraint::Length(if cells >= WIDE { 34 } else { 14 }),
        }
    }

    /// The column that rows are sorted by has a mark, unless that is the order in which they come.
    const fn head(self, buckets: bool, order: SortOrder, reversed: bool) -> &'static str {
        match (self, buckets) {
            (Self::Name, _) if matches!(order, SortOrder::Name) && reversed => "  Name ▴",
            (Self::Name, _) => "  Name",
            (Self::Size, _) if matches!(order, SortOrder::Size) && reversed => "   Size ▴",
            (Self::Size, _) if matches!(order, SortOrder::Size) => "   Size ▾",
            (Self::Size, _) => "     Size",
            (Self::Time, false) if matches!(order, SortOrder::Time) && reversed => "Modified ▴",
            (Self::Time, true) if matches!(order, SortOrder::Time) && reversed => "Created ▴",
            (Self::Time, false) if matches!(order, SortOrder::Time) => "Modified ▾",
            (Self::Time, true) if matches!(order, SortOrder::Time) => "Created ▾",
            (Self::Time, false) => "Modified",
            (Self::Time, true) => "Created",
            (Self::Class, false) => "Class",
            (Self::Class, true) => "Region",
            (Self::Etag, _) => "ETag",
        }
    }

    /// The columns there is room for, in order.
    fn fitting(buckets: bool, cells: u16) -> Vec<Self> {
        [(Self::Name, true), (Self::Size, !buckets), (Self::Time, cells >= 56), (Self::Class, cells >= 72)]
            .into_iter()
            .chain([(Self::Etag, !buckets && cells >= 95)])
            .filter_map(|(column, fits)| fits.then_some(column))
            .collect()
    }
}

/// The rows on screen, and only those: what a table is not given costs it nothing.
fn table(model: &Model, place: &Place, theme: Theme, cells: u16, rows: usize) -> Table<'static> {
    let buckets = place.listing.location.bucket.is_none();
    let columns = Column::fitting(buckets, cells);
    let widths: Vec<Constraint> = columns.iter().map(|column| column.constraint(cells)).collect();
    let name_cells = Layout::horizontal(&widths).spacing(GAP).split(Rect::new(0, 0, cells, 1))[0].width;
    let arrangement = place.arrangement();
    let head = |column: &Column| column.head(buckets, arrangement.order, arrangement.reversed);
    let head = Row::new(columns.iter().map(|column| Span::styled(head(column), theme.dim())));
    let (expired, cells_wide) = (model.phase() == Phase::Expired, cells >= WIDE);
    let visible = (place.offset..).take(rows).map_while(|at| Some((at, place.get(at)?)));
    let body = visible.map(|(at, entry)| {
        let cells = columns.iter().map(|column| match column {
            Column::Name => name(model, &place.listing.location, &entry, usize::from(name_cells), theme),
            column => {
                let telling = *column == Column::Size || is_unusual_class(*column, &entry);
                let style = if telling && !expired { Style::new() } else { theme.dim() };
                Line::styled(value(*column, &entry, cells_wide, &model.setup.time_zone), style)
            }
        });
        if at == place.selected {
            // One bar across the row: colours of its parts would break it.
            return Row::new(cells.map(|line| line.to_string()).collect::<Vec<_>>()).style(theme.selected());
        }
        Row::new(cells)
    });
    Table::new(body, widths).column_spacing(GAP).header(head)
}

/// Cells between columns.
const GAP: u16 = 2;
/// From so many cells on a list is wide.
const WIDE: u16 = 130;

/// A name below the last `/` of where the list stands; what can be gone into has a mark, and another where the session's
/// own policy would refuse.
fn name(model: &Model, here: &Location, entry: &Entry, cells: usize, theme: Theme) -> Line<'static> {
    let directory = here.directory();
    let relative = entry.name().strip_prefix(directory).unwrap_or(entry.name());
    let (mark, style) = match entry {
        Entry::Object(_) => ("  ", Style::new()),
        _ if policy_hints::is_out_of_reach(model, entry) => ("✗ ", theme.dim()),
        Entry::Bucket(_) | Entry::Prefix(_) => ("▸ ", theme.container()),
    };
    let mut spans = vec![Span::styled(mark, style)];
    if relative.is_empty() {
        // An object whose key is the prefix itself: the marker that some tools leave for a directory.
        spans.push(Span::styled("(the prefix itself)", theme.dim()));
    } else {
        spans.extend(foreign(relative, cells.saturating_sub(2), style, theme));
    }
    Line::from(spans)
}

/// A class that decides whether an object can be read at once stands out among the usual ones.
fn is_unusual_class(column: Column, entry: &Entry) -> bool {
    let Entry::Object(object) = entry else { return false };
    column == Column::Class && object.storage_class.as_deref().is_some_and(|class| class != "STANDARD")
}

fn value(column: Column, entry: &Entry, wide: bool, zone: &TimeZone) -> String {
    let time = |at: Option<Timestamp>| match at {
        Some(at) if wide => format::second_of_day(at, zone),
        Some(at) => format::minute(at, zone),
        None => String::new(),
    };
    let [class, etag] = if wide { [19, 34] } else { [12, 14] };
    match (column, entry) {
        (Column::Size, Entry::Object(object)) => {
            format!("{:>9}", object.size.map_or_else(|| "—".to_owned(), format::size))
        }
        (Column::Size, _) => format!("{:>9}", "—"),
        (Column::Time, Entry::Object(object)) => time(object.modified),
        (Column::Time, Entry::Bucket(bucket)) => time(bucket.created),
        (Column::Class, Entry::Object(object)) => short(object.storage_class.as_deref().unwrap_or_default(), class),
        (Column::Class, Entry::Bucket(bucket)) => short(bucket.region.as_deref().unwrap_or_default(), class),
        (Column::Etag, Entry::Object(object)) => short(object.etag.as_deref().unwrap_or_default(), etag),
        (Column::Name | Column::Time | Column::Class | Column::Etag, _) => String::new(),
    }
}

fn short(text: &str, cells: usize) -> String {
    safe_text::fit_cells(text, cells).iter().map(|piece| piece.text.as_ref()).collect()
}

/// An empty list, a list on its way, a refused one: each looks like itself.
fn instead_of_rows(model: &Model, place: &Place, theme: Theme, cells: usize) -> Vec<Line<'static>> {
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
        Rest::Complete if listing.location.prefix.is_empty() => vec![
            Line::styled(format!("{here} is empty"), theme.strong()),
            Line::raw(""),
            Line::styled("← goes back · r reads again", theme.key()),
        ],
        Rest::Complete if listing.location.asks_for_names() => vec![
            Line::styled(format!("no key begins with {here}"), theme.strong()),
            Line::raw("S3 is case-sensitive"),
            Line::raw(""),
            Line::styled("← goes back · P asks for another · g goes elsewhere", theme.key()),
        ],
        Rest::Complete => vec![
            Line::styled(format!("nothing lies below {here}"), theme.strong()),
            Line::raw("S3 cannot tell an empty prefix from one that does not exist"),
            Line::raw(""),
            Line::styled("← goes back · g goes elsewhere · r reads again", theme.key()),
        ],
        Rest::Stopped(_) if listing.pages > 0 => vec![
            Line::styled(format!("▲ nothing but empty pages of {here} so far"), theme.warning()),
            Line::raw("each says that there is more"),
            Line::raw(""),
            Line::styled("Enter asks for one more · r reads again · ← goes back", theme.key()),
        ],
        Rest::Next(_) | Rest::Stopped(_) => vec![
            Line::raw(format!("{here} is not read yet")),
            Line::raw(""),
            Line::styled("Enter reads it", theme.key()),
        ],
    }
}

fn refused(model: &Model, failure: &Failure, place: &str, theme: Theme, cells: usize) -> Vec<Line<'static>> {
    let title = match failure.kind {
        FailureKind::Denied => "not allowed to list",
        FailureKind::Expired => "the session is over; could not list",
        FailureKind::NotFound => "there is no",
        FailureKind::Network | FailureKind::Timeout => "no answer; could not list",
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
    let leads_elsewhere = model.rights().is_some_and(|rights| rights.only_listable().is_some());
    let direct = model.in_use().is_some_and(|held| held.session.request == MintRequest::Direct);
    let keys = match (failure.kind, direct) {
        _ if own.is_some() && leads_elsewhere => "g goes there · p mints one for here · n mints another · ← goes back",
        _ if own.is_some() => "p mints a session for this location · n mints another · ← goes back",
        (FailureKind::Expired, false) => "R mints again and goes on here · ← goes back",
        (FailureKind::Expired, true) => "log in again, then R reads the profile's credentials · n mints a session",
        _ => "r tries again · ← goes back · g goes elsewhere · n mints another",
    };
    lines.extend(wrap(keys, cells).into_iter().map(|line| Line::styled(line, theme.key())));
    lines
}
