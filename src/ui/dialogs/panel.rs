//! The frame: a title, what stays, what scrolls between, and what may be clicked.
//!
//! Invariant: what stays is never scrolled away, and the selected row of a list is in sight. `↑↓ more` stands there where
//! there is more, and nowhere else.

use ratatui::{
    Frame,
    layout::{Constraint, Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use crate::{
    app::{TextRow, TextTone},
    domain::safe_text::printable,
    ui::{Theme, cells_of, clear, line_width, titled, wrap},
};

/// The widest that text gets.
const WIDEST: u16 = 76;
/// The narrowest that a frame gets.
const NARROWEST: u16 = 27;
/// Cells of a label, at least.
const LABEL: usize = 10;

/// Cells that text has in a panel.
pub(super) fn text_width(area: Rect) -> usize {
    usize::from(WIDEST.min(area.width.saturating_sub(4)).saturating_sub(2))
}

/// A labelled value over as many lines as it needs; it is made printable.
pub(super) fn labelled(label: &str, value: &str, style: Style, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let label = printable(label);
    let column = cells_of(&label).max(LABEL);
    wrap(&printable(value), width.saturating_sub(column + 2))
        .into_iter()
        .enumerate()
        .map(|(at, part)| {
            let label = if at == 0 { &*label } else { "" };
            Line::from(vec![Span::styled(format!(" {label:<column$} "), theme.dim()), Span::styled(part, style)])
        })
        .collect()
}

/// Text over as many lines as it needs; it is made printable.
pub(super) fn paragraph(text: &str, style: Style, width: usize) -> Vec<Line<'static>> {
    wrap(&printable(text), width).into_iter().map(|part| Line::styled(format!(" {part}"), style)).collect()
}

/// What is shown in a frame.
#[derive(Default)]
pub(super) struct Panel {
    pub(super) title: &'static str,
    /// Stays above.
    pub(super) head: Vec<Line<'static>>,
    /// Scrolls; those of a list say of which row they are.
    pub(super) lines: Vec<(Line<'static>, Option<usize>)>,
    /// Stays below.
    pub(super) foot: Vec<Line<'static>>,
    /// The row of a list that is kept in sight.
    pub(super) selected: Option<usize>,
    /// As wide and high as there is room, however little it shows.
    pub(super) fills: bool,
    /// Where in the head the cursor stands: column and line.
    pub(super) cursor: Option<(usize, u16)>,
}

/// Where a panel is drawn, and which of its lines.
pub(super) struct Placed {
    /// The frame around it.
    pub(super) frame: Rect,
    /// Its lines, by their places, as far as there is room for empty ones.
    lines: Vec<usize>,
    /// How many there is room for.
    pub(super) rows: usize,
    /// The first of them that is drawn.
    pub(super) first: usize,
    /// How many are not drawn.
    pub(super) hidden: usize,
}

impl Panel {
    /// Text that scrolls.
    pub(super) fn of(lines: Vec<Line<'static>>) -> Self {
        Self { lines: lines.into_iter().map(|line| (line, None)).collect(), ..Self::default() }
    }

    /// A list, each row of one line or more, with this row selected.
    pub(super) fn of_rows(rows: impl IntoIterator<Item = Vec<Line<'static>>>, selected: usize) -> Self {
        let rows = rows.into_iter().enumerate();
        let lines = rows.flat_map(|(at, lines)| lines.into_iter().map(move |line| (line, Some(at)))).collect();
        Self { lines, selected: Some(selected), ..Self::default() }
    }

    /// What a dialog says itself.
    pub(super) fn of_text(rows: &[TextRow], theme: Theme, area: Rect) -> Self {
        let width = text_width(area);
        let lines = rows.iter().flat_map(|row| {
            let style = style_of(row.tone, theme);
            match row.label {
                Some(label) => labelled(label, &row.text, style, theme, width),
                None if row.text.is_empty() => vec![Line::raw("")],
                None => paragraph(&row.text, style, width),
            }
        });
        Self::of(lines.collect())
    }

    pub(super) fn titled(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    /// Where it goes in the middle of `area`, with so many lines scrolled away.
    pub(super) fn place(&self, scrolled: usize, area: Rect) -> Placed {
        let staying = self.head.len() + self.foot.len();
        let most = usize::from(area.height.saturating_sub(2));
        let room = most.saturating_sub(staying);
        let is_empty = |at: &usize| self.lines[*at].0.width() == 0;
        let mut lines: Vec<usize> = (0..self.lines.len()).collect();
        if lines.len() > room {
            lines.retain(|at| !is_empty(at));
        }
        let rows = if self.fills { room } else { room.min(lines.len()) };
        let all = self.head.iter().chain(&self.foot).chain(self.lines.iter().map(|(line, _)| line));
        let text = all.map(line_width).max().unwrap_or(0).saturating_add(3);
        let title = u16::try_from(self.title.len()).unwrap_or(0).saturating_add(6);
        let width = if self.fills { WIDEST } else { text.max(title).max(NARROWEST) };
        let height = u16::try_from(rows + staying + 2).unwrap_or(u16::MAX);
        let (width, height) = (width.min(area.width), height.min(area.height));
        let frame = area.centered(Constraint::Length(width), Constraint::Length(height));
        let hidden = lines.len().saturating_sub(rows);
        let first = self.selected.map_or(scrolled, |row| self.first_in_sight(&lines, row, rows)).min(hidden);
        Placed { frame, lines, rows, first, hidden }
    }

    /// The first line to draw so that a row is in sight: all of it, or at least its beginning.
    fn first_in_sight(&self, lines: &[usize], row: usize, rows: usize) -> usize {
        let of_row = |at: &usize| self.lines[*at].1 == Some(row);
        let start = lines.iter().position(of_row).unwrap_or(0);
        let end = lines.iter().rposition(of_row).map_or(0, |at| at + 1);
        end.saturating_sub(rows).min(start)
    }

    pub(super) fn draw(&self, scrolled: usize, theme: Theme, area: Rect, frame: &mut Frame) {
        let placed = self.place(scrolled, area);
        let mut around = titled(self.title, true, theme);
        if placed.hidden > 0 {
            around = around.title_bottom(Line::raw(" ↑↓ more ").right_aligned());
        }
        let shown = placed.lines.iter().skip(placed.first).take(placed.rows).map(|at| self.lines[*at].0.clone());
        let empty = placed.rows.saturating_sub(placed.lines.len());
        let lines: Vec<Line> = self
            .head
            .iter()
            .cloned()
            .chain(shown)
            .chain(std::iter::repeat_n(Line::raw(""), empty))
            .chain(self.foot.iter().cloned())
            .collect();
        clear(placed.frame, frame);
        frame.render_widget(Paragraph::new(lines).block(around), placed.frame);
        if let Some((column, line)) = self.cursor {
            let x = placed.frame.x.saturating_add(1).saturating_add(u16::try_from(column).unwrap_or(u16::MAX));
            frame.set_cursor_position((x, placed.frame.y.saturating_add(1).saturating_add(line)));
        }
    }
}

impl Placed {
    /// The row of a list that lies there.
    pub(super) fn row_at(&self, panel: &Panel, click: Position) -> Option<usize> {
        let top = self.frame.y.saturating_add(1).saturating_add(u16::try_from(panel.head.len()).unwrap_or(u16::MAX));
        let inside = click.x > self.frame.x && click.x + 1 < self.frame.right();
        let line = usize::from(click.y.checked_sub(top).filter(|_| inside)?);
        let at = self.lines.get(self.first + line).filter(|_| line < self.rows)?;
        panel.lines[*at].1
    }
}

fn style_of(tone: TextTone, theme: Theme) -> Style {
    match tone {
        TextTone::Plain => Style::new(),
        TextTone::Strong => theme.strong(),
        TextTone::Dim => theme.dim(),
        TextTone::Good => theme.good(),
        TextTone::Warning => theme.warning(),
        TextTone::Bad => theme.bad(),
    }
}
