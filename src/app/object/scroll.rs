//! Which rows of a content are on screen.
//!
//! Invariant: what is on screen exists: there is always a row at the top, and no further down than that the last one is at
//! the bottom. A line that is wrapped is gone through row by row.

use super::ShownLook;
use crate::preview::PreviewBody;

/// The place in a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContentScroll {
    /// The first line on screen.
    pub top: usize,
    /// How many rows of it are above, where lines are wrapped.
    pub part: usize,
    /// Cells to the left, or columns of a table.
    pub left: usize,
    /// Whether long lines go on in the next row.
    pub wrap: bool,
}

/// Cells that a step sideways takes.
const SIDEWAYS: usize = 20;

/// Columns that rows' numbers and what parts them from the content take.
pub fn gutter(shown: &ShownLook) -> usize {
    if shown.number_cells == 0 { 1 } else { shown.number_cells + 3 }
}

impl ContentScroll {
    /// Cells of a wrapped row; one is left for a wide character that begins in the last.
    pub fn wrapped_cells(shown: &ShownLook, columns: usize) -> usize {
        columns.saturating_sub(gutter(shown) + 1).max(1)
    }

    /// The rows that a line takes.
    pub fn rows_of_line(self, shown: &ShownLook, line: usize, cells: usize) -> usize {
        if !self.wrap {
            return 1;
        }
        shown.line_cells.get(line).map_or(1, |width| width.div_ceil(cells).max(1))
    }

    /// Moves by rows, and holds to what there is.
    pub(super) fn move_by(&mut self, rows: isize, shown: &ShownLook, size: (usize, usize)) {
        if self.wrap && !shown.is_table() {
            self.move_wrapped(rows, shown, Self::wrapped_cells(shown, size.0));
        } else {
            self.top = self.top.saturating_add_signed(rows);
        }
        self.hold(shown, size);
    }

    fn move_wrapped(&mut self, rows: isize, shown: &ShownLook, cells: usize) {
        let rows_of = |at: usize| self.rows_of_line(shown, at, cells);
        let (mut top, mut part, mut left) = (self.top, self.part, rows.unsigned_abs());
        while left > 0 {
            left -= 1;
            match rows > 0 {
                true if part + 1 < rows_of(top) => part += 1,
                true if top + 1 < shown.rows() => (top, part) = (top + 1, 0),
                false if part > 0 => part -= 1,
                false if top > 0 => (top, part) = (top - 1, rows_of(top - 1) - 1),
                _ => break,
            }
        }
        (self.top, self.part) = (top, part);
    }

    /// No further than to the end.
    pub(super) fn hold(&mut self, shown: &ShownLook, (columns, rows): (usize, usize)) {
        let rows = rows.saturating_sub(shown.note_rows() + usize::from(shown.is_table())).max(1);
        let last = match (&shown.reply.preview.body, self.wrap) {
            (PreviewBody::Lines(_), true) => self.last_wrapped(shown, Self::wrapped_cells(shown, columns), rows),
            _ => (shown.rows().saturating_sub(rows), 0),
        };
        (self.top, self.part) = (self.top, if self.wrap { self.part } else { 0 }).min(last);
        let most = if shown.is_table() {
            shown.column_cells.len().saturating_sub(1)
        } else {
            (shown.widest + gutter(shown)).saturating_sub(columns)
        };
        self.left = if self.wrap && !shown.is_table() { 0 } else { self.left.min(most) };
    }

    /// The place from which the last row is at the bottom: only the lines of the last screen are looked at.
    fn last_wrapped(self, shown: &ShownLook, cells: usize, rows: usize) -> (usize, usize) {
        let mut room = rows;
        for at in (0..shown.rows()).rev() {
            let taken = self.rows_of_line(shown, at, cells);
            if taken >= room {
                return (at, taken - room);
            }
            room -= taken;
        }
        (0, 0)
    }

    /// Moves sideways, by columns or by cells.
    pub(super) fn move_sideways(&mut self, steps: isize, shown: &ShownLook, size: (usize, usize)) {
        let by = if shown.is_table() { 1 } else { SIDEWAYS.cast_signed() };
        self.left = self.left.saturating_add_signed(steps * by);
        self.hold(shown, size);
    }

    /// Brings a row on screen.
    pub(super) fn show_row(&mut self, row: usize, shown: &ShownLook, size: (usize, usize)) {
        let rows = size.1.saturating_sub(shown.note_rows() + usize::from(shown.is_table())).max(1);
        if row < self.top || row >= self.top + rows || self.wrap {
            (self.top, self.part) = (row.saturating_sub(rows / 3), 0);
        }
        self.hold(shown, size);
    }
}
