//! The editor of a policy's JSON: the text, and below it what is wrong with it or what it allows.
//!
//! Invariant: the cursor is always in sight; which lines are shown follows from it alone.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::policy_meaning::meaning;
use crate::{
    app::TextArea,
    domain::{
        policy::{PolicyError, SessionPolicy},
        safe_text::printable,
    },
    ui::{Theme, cells_of, titled, wrap},
};

/// Cells of the line numbers.
const GUTTER: u16 = 6;
/// Rows below the text.
const BELOW: u16 = 5;

pub(super) fn draw(editor: &TextArea, theme: Theme, area: Rect, frame: &mut Frame) {
    let frame_around = titled("session policy, as JSON", true, theme);
    let inner = frame_around.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(frame_around, area);
    let [text, below] = Layout::vertical([Constraint::Min(0), Constraint::Length(BELOW)]).areas(inner);
    let parsed = SessionPolicy::parse_typed(&editor.text());
    draw_text(editor, parsed.as_ref().err(), theme, text, frame);
    let width = usize::from(below.width);
    let mut lines = vec![Line::styled("─".repeat(width), theme.dim())];
    match &parsed {
        Ok(policy) => lines.extend(meaning(policy, width, theme)),
        Err(fault) => {
            let text = format!("▲ {fault}");
            lines.extend(wrap(&printable(&text), width).into_iter().map(|part| Line::styled(part, theme.warning())));
        }
    }
    frame.render_widget(Paragraph::new(lines), below);
}

fn draw_text(editor: &TextArea, fault: Option<&PolicyError>, theme: Theme, area: Rect, frame: &mut Frame) {
    let (row, column) = editor.cursor();
    let (rows, width) = (usize::from(area.height), usize::from(area.width.saturating_sub(GUTTER)));
    let first = first_shown(row, rows);
    let skipped = skipped(&editor.lines()[row], column, width);
    let lines: Vec<Line> = editor
        .lines()
        .iter()
        .enumerate()
        .skip(first)
        .take(rows)
        .map(|(at, line)| {
            let wrong = fault.is_some_and(|fault| fault.line == at + 1);
            let (mark, style) = if wrong { ("▲", theme.warning()) } else { (" ", theme.dim()) };
            let shown = shown(line, skipped, width);
            Line::from(vec![Span::styled(format!("{mark}{:>3}  ", at + 1), style), Span::styled(shown, Style::new())])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
    let before: String = editor.lines()[row].chars().skip(skipped).take(column - skipped).collect();
    let x = usize::from(area.x + GUTTER) + cells_of(&safe(&before));
    let y = usize::from(area.y) + row - first;
    frame.set_cursor_position((u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(y).unwrap_or(u16::MAX)));
}

/// The first line on screen: it changes by half screens, so that the text stands still while the cursor moves in it.
fn first_shown(row: usize, rows: usize) -> usize {
    let half = (rows / 2).max(1);
    (row / half).saturating_sub(1) * half
}

/// How many characters are scrolled away on the left, so that the cursor of its line is in sight.
fn skipped(line: &str, column: usize, width: usize) -> usize {
    let before: Vec<char> = line.chars().take(column).collect();
    let mut cells = 0;
    for (at, c) in before.iter().enumerate().rev() {
        cells += cells_of(&safe(&c.to_string()));
        if cells >= width {
            return at + 1;
        }
    }
    0
}

/// A line over as many rows as it needs, what is left of it as deep as it began.
pub(super) fn folded(line: &str, width: usize) -> Vec<String> {
    let depth = line.chars().take_while(|c| *c == ' ').count().min(width / 2);
    let mut rows = vec![];
    let mut rest = line;
    let mut margin = 0;
    while !rest.is_empty() {
        let taken = fitting(rest, 0, width.saturating_sub(margin)).max(1);
        let cut = rest.char_indices().nth(taken).map_or(rest.len(), |(byte, _)| byte);
        rows.push(format!("{}{}", " ".repeat(margin), safe(&rest[..cut])));
        rest = &rest[cut..];
        margin = depth;
    }
    rows
}

/// How many characters of a line, after those that are skipped, there is room for.
fn fitting(line: &str, skipped: usize, width: usize) -> usize {
    let mut cells = 0;
    line.chars()
        .skip(skipped)
        .take_while(|c| {
            cells += cells_of(&safe(&c.to_string()));
            cells <= width
        })
        .count()
}

/// The part of a line that fits.
fn shown(line: &str, skipped: usize, width: usize) -> String {
    let taken = fitting(line, skipped, width);
    safe(&line.chars().skip(skipped).take(taken).collect::<String>())
}

/// Each character for itself, so that a cell belongs to one character; in JSON a space and a backslash are no disguise.
fn safe(text: &str) -> String {
    let one = |c: char| if matches!(c, ' ' | '\\') { c.to_string() } else { printable(&c.to_string()).into_owned() };
    text.chars().map(one).collect()
}
