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
