//! Heights that the state and its views share.
//!
//! Invariant: a line of the screen is counted here or in a view, never in both.

/// Rows of the list that fit a terminal of `rows` rows: all but header (2), table head and borders (3), status and
/// hints (2).
pub fn rows_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(7)).max(1)
}
