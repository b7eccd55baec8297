//! A session policy in words: what it allows, what is risky about it, and how long it is.
//!
//! Invariant: a policy that is too long is marked by a sign before it is by a colour.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::{
    domain::{policy::SessionPolicy, safe_text::printable},
    ui::{Theme, wrap},
};

/// What a policy allows, what is risky about it, and how long it is.
pub(super) fn meaning(policy: &SessionPolicy, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = styled(&policy.in_words(), width, Style::new());
    for risk in policy.find_risks() {
        lines.extend(styled(&format!("▲ {risk}"), width, theme.warning()));
    }
    lines.push(gauge(policy, theme));
    lines
}

pub(super) fn styled(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    wrap(&printable(text), width).into_iter().map(|part| Line::styled(part, style)).collect()
}

/// `━━╌╌╌╌ 345 of 2048 characters`.
fn gauge(policy: &SessionPolicy, theme: Theme) -> Line<'static> {
    const CELLS: usize = 6;
    let (length, most) = (policy.as_json().len(), SessionPolicy::MOST_CHARACTERS);
    let filled = (length * CELLS).div_ceil(most).min(CELLS);
    let style = if length > most { theme.bad() } else { theme.good() };
    let mark = if length > most { "▲ " } else { "" };
    Line::from(vec![
        Span::styled("━".repeat(filled), style),
        Span::styled("╌".repeat(CELLS - filled), theme.dim()),
        Span::styled(format!(" {mark}{length} of {most} characters"), if length > most { style } else { theme.dim() }),
    ])
}
