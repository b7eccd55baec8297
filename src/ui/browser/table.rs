//! The rows of the list, in the columns that there is room for.
//!
//! Invariant: only the rows on screen are looked at, however many there are.

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Row, Table},
};

use crate::{
    app::{Model, Place},
    domain::{
        lifetime::Phase,
        listing::{Entry, SortOrder},
        location::Location,
        safe_text,
    },
    ui::{Theme, foreign, format, policy_hints},
};

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
pub(super) fn table(model: &Model, place: &Place, theme: Theme, cells: u16, rows: usize) -> Table<'static> {
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
