//! Heights that the state and its views share.
//!
//! Invariant: a line of the screen is counted here or in a view, never in both.

/// Rows of the list that fit a terminal of `rows` rows: all but header (2), table head and borders (3), status and
/// hints (2).
pub fn rows_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(7)).max(1)
}

/// Rows for profiles on a terminal of so many rows: all but header (2), borders (2), status and hints (2), and what is
/// said of the chosen one.
pub fn profiles_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(6).saturating_sub(details_rows(rows))).max(1)
}

/// Rows below the list, a line to part them included, for what is said of the chosen profile.
pub const fn details_rows(rows: u16) -> u16 {
    if rows < 20 { 0 } else { 6 }
}

/// Columns from which on there is room for a pane beside the list.
const LEAST_FOR_PANE: u16 = 100;

/// Columns that the pane beside the list takes, where there is room for one.
pub const fn pane_columns(columns: u16) -> Option<u16> {
    // Something over two fifths, which cannot be more than there are.
    let part = columns / 100 * 43 + columns % 100 * 43 / 100;
    if columns < LEAST_FOR_PANE { None } else { Some(if part < 56 { 56 } else { part }) }
}

/// Rows of the pane, its frame included, in which what the listing says of the object stands below its content.
pub const fn pane_details_rows(size: (u16, u16)) -> u16 {
    if size.0 >= 140 && size.1 >= 40 { 9 } else { 0 }
}

/// Columns and rows for content in the pane: without header (2), status and hints (2), the frame, and two lines above.
pub fn pane_content(size: (u16, u16)) -> (usize, usize) {
    let columns = pane_columns(size.0).unwrap_or_default().saturating_sub(2);
    let rows = size.1.saturating_sub(8 + pane_details_rows(size));
    (columns.into(), usize::from(rows).max(1))
}

/// Columns and rows for content, or for rows, on the screen of an object: without header (2), status and hints (2), the
/// frame, and three lines above.
pub fn object_content(size: (u16, u16)) -> (usize, usize) {
    (size.0.saturating_sub(2).into(), usize::from(size.1.saturating_sub(9)).max(1))
}
