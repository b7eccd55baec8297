//! The heights that state and views share.
//!
//! Invariant: what is as high as something on screen is counted here, for both.

/// Rows for profiles on a terminal of so many rows: all but header (2), borders (2), status and hints (2), and what is
/// told of the chosen one.
pub fn profiles_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(6).saturating_sub(details_rows(rows))).max(1)
}

/// Rows below the list, a line to part them included, for what is told of the chosen profile.
pub fn details_rows(rows: u16) -> u16 {
    if rows < 20 { 0 } else { 6 }
}
