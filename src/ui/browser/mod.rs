//! The list: buckets, common prefixes and objects, and what stands in their place where there are none.
//!
//! Invariant: only the rows on screen are looked at, however many there are; a list that could not be read never
//! looks empty.

pub(super) mod finding;
mod table;
mod vacancy;

use jiff::Timestamp;
use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Margin, Rect},
    text::{Line, Span},
    widgets::{Paragraph, Scrollbar, ScrollbarOrientation, ScrollbarState},
};

use table::table;
use vacancy::instead_of_rows;

use super::{Theme, block, foreign, format, line_width};
use crate::{
    app::{Model, Place},
    domain::{lifetime::Phase, safe_text},
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
    let past = place.past.as_ref().map(|past| format!(" · as of {} · read-only", past_time(past.at, model)));
    let past = past.unwrap_or_default();
    let elsewhere = listing.elsewhere.as_ref().map(|region| format!(" in {}", safe_text::printable(region)));
    let elsewhere = elsewhere.unwrap_or_default();
    let arrangement = finding::arrangement(place, theme);
    let taken = as_of.len() + elsewhere.len() + past.len() + usize::from(line_width(&arrangement));
    let room = usize::from(cells).saturating_sub(taken + 6);
    let mut spans = vec![Span::raw(" ")];
    spans.extend(foreign(&listing.location.in_words(), room, theme.strong(), theme));
    spans.push(Span::styled(elsewhere, theme.dim()));
    spans.push(Span::styled(past, theme.warning()));
    spans.extend(arrangement);
    spans.extend([Span::raw(" "), Span::styled(as_of, theme.bad())]);
    Line::from(spans)
}

/// `2026-11-01 12:00 UTC`; with seconds where there are any.
pub(super) fn past_time(at: Timestamp, model: &Model) -> String {
    let at = at.to_zoned(model.setup.time_zone.clone());
    let form = if at.second() == 0 { "%Y-%m-%d %H:%M %Z" } else { "%Y-%m-%d %H:%M:%S %Z" };
    at.strftime(form).to_string()
}
