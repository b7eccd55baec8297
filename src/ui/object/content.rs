//! The rows of a content that are on screen.
//!
//! Invariant: every text of a content is drawn by way of `visit_content`; a role has a form besides its colour where it
//! carries meaning.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Paragraph,
};

use crate::{
    app::{ContentScroll, Finding, Look, Model, ShownLook, gutter},
    domain::safe_text::{content_width, printable, visit_content},
    preview::{
        NoteLevel, Preview, PreviewBody, PreviewLine, PreviewTable, PreviewView, RowNumbering, SpanRole, TableRow,
        TextSpan,
    },
    ui::{Theme, cells_of, format, wrap},
};

/// Cells between the columns of a table.
const GAP: usize = 2;

pub(super) fn draw(model: &Model, shown: &ShownLook, theme: Theme, area: Rect, frame: &mut Frame) {
    let look = &model.object.look;
    let notes = notes(&shown.reply.preview, shown.note_rows(), usize::from(area.width), theme);
    let rows = usize::from(area.height).saturating_sub(notes.len());
    let painter = Painter { shown, scroll: look.scroll, finding: &look.finding, theme, cells: area.width.into() };
    let mut lines = match &shown.reply.preview.body {
        PreviewBody::Lines(lines) => painter.lines(lines, rows),
        PreviewBody::Table(table) => painter.table(table, rows),
    };
    lines.resize(rows, Line::raw(""));
    lines.extend(notes);
    frame.render_widget(Paragraph::new(lines), area);
}

/// What has to be known besides the first note, which stands in the status line.
fn notes(preview: &Preview, most: usize, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let line = |note: &crate::preview::PreviewNote| {
        let (sign, style) = note_look(note.level, theme);
        let text = wrap(&format!(" {sign} {}", printable(&note.text)), cells).into_iter().next().unwrap_or_default();
        Line::styled(text, style)
    };
    preview.notes.iter().skip(1).take(most).map(line).collect()
}

/// The sign and the style of a note.
pub(super) fn note_look(level: NoteLevel, theme: Theme) -> (char, Style) {
    match level {
        NoteLevel::Info => ('○', theme.dim()),
        NoteLevel::Warning => ('▲', theme.warning()),
        NoteLevel::Error => ('✗', theme.bad()),
    }
}

/// ` lines 1–14 of 565 read `: which part is on screen.
pub(super) fn seen_rows(look: &Look, shown: &ShownLook, (cells, rows): (usize, usize)) -> String {
    let rows = rows.saturating_sub(shown.note_rows() + usize::from(shown.is_table())).max(1);
    let preview = &shown.reply.preview;
    let count = shown.rows();
    if count == 0 {
        return " no rows ".into();
    }
    let (first, last) = (look.scroll.top + 1, last_row(look.scroll, shown, cells, rows).min(count));
    let end = if shown.is_all() { ", all" } else { " read" };
    let name = match preview.numbering {
        RowNumbering::Rows => "rows",
        RowNumbering::Offsets if preview.view == PreviewView::Entropy => "samples",
        RowNumbering::Offsets => "rows of 16 bytes",
        RowNumbering::Lines | RowNumbering::None => "lines",
    };
    let part = if shown.is_end() { "last " } else { "" };
    let columns = match &preview.body {
        PreviewBody::Table(table) => {
            let left = look.scroll.left;
            let of = table.columns.len();
            if left == 0 { format!(" · {of} columns") } else { format!(" · from column {} of {of}", left + 1) }
        }
        PreviewBody::Lines(_) => String::new(),
    };
    let numbers = row_numbers(preview, look.scroll.top, last - 1);
    let seen = numbers.unwrap_or_else(|| format!("{}–{}", format::count(first), format::count(last)));
    format!(" {part}{name} {seen} of {}{end}{columns} ", format::count(count))
}

/// The numbers that the first and the last row on screen have, where they are counted from elsewhere than the beginning.
fn row_numbers(preview: &Preview, first: usize, last: usize) -> Option<String> {
    let number = |at: usize| match &preview.body {
        PreviewBody::Lines(lines) => lines.get(at)?.number,
        PreviewBody::Table(table) => table.rows.get(at)?.number,
    };
    let (first, last) = (number(first)?, number(last)?);
    match preview.numbering {
        RowNumbering::Lines | RowNumbering::Rows => Some(format!("{}–{}", format::count(first), format::count(last))),
        RowNumbering::Offsets | RowNumbering::None => None,
    }
}

/// The last row of which something is on screen, counted from 1.
fn last_row(scroll: ContentScroll, shown: &ShownLook, cells: usize, rows: usize) -> usize {
    if shown.is_table() || !scroll.wrap {
        return scroll.top + rows;
    }
    let cells = ContentScroll::wrapped_cells(shown, cells);
    let (mut at, mut left) = (scroll.top, rows + scroll.part);
    while left > 0 && at < shown.rows() {
        left = left.saturating_sub(scroll.rows_of_line(shown, at, cells));
        at += 1;
    }
    at
}

struct Painter<'a> {
    shown: &'a ShownLook,
    scroll: ContentScroll,
    finding: &'a Finding,
    theme: Theme,
    cells: usize,
}

impl Painter<'_> {
    /// Lines from the first on screen, as many rows as there are.
    fn lines(&self, lines: &[PreviewLine], rows: usize) -> Vec<Line<'static>> {
        let mut drawn = vec![];
        let room = self.cells.saturating_sub(gutter(self.shown));
        for (at, line) in lines.iter().enumerate().skip(self.scroll.top) {
            if drawn.len() >= rows {
                break;
            }
            if self.scroll.wrap {
                drawn.extend(self.wrapped(at, line, rows - drawn.len()));
            } else {
                drawn.push(self.row(at, line, room));
            }
        }
        drawn
    }

    /// The rows of a line that is wrapped, so many at most. What is said of its rest stands behind its last cell.
    fn wrapped(&self, at: usize, line: &PreviewLine, most: usize) -> Vec<Line<'static>> {
        let cells = ContentScroll::wrapped_cells(self.shown, self.cells);
        let above = if at == self.scroll.top { self.scroll.part } else { 0 };
        let count = self.scroll.rows_of_line(self.shown, at, cells).saturating_sub(above).min(most);
        let mark = line.cut_mark();
        let mark = mark.iter().map(|mark| (mark.as_str(), self.theme.escaped()));
        let pieces = styled(&line.spans, self.theme).chain(mark);
        let rows = cut_rows(pieces, above * cells, cells, count, self.theme);
        let numbered = |(part, spans): (usize, Vec<Span<'static>>)| {
            let number = line.number.filter(|_| above + part == 0);
            self.marked(at, std::iter::once(self.number(at, number)).chain(spans).collect())
        };
        rows.into_iter().enumerate().map(numbered).collect()
    }

    /// The only row of a line. What is said of its rest is always on screen.
    fn row(&self, at: usize, line: &PreviewLine, room: usize) -> Line<'static> {
        let mut mark = line.cut_mark().unwrap_or_default();
        if cells_of(&mark) * 2 > room {
            " …".clone_into(&mut mark);
        }
        let cells = room.saturating_sub(cells_of(&mark));
        let mut spans = vec![self.number(at, line.number)];
        spans.extend(window(&line.spans, self.scroll.left, cells, self.theme));
        if !mark.is_empty() {
            spans.push(Span::styled(mark, self.theme.escaped()));
        }
        self.marked(at, Line::from(spans))
    }

    fn number(&self, at: usize, number: Option<u64>) -> Span<'static> {
        let (cells, is_match) = (self.shown.number_cells, self.finding.rows.binary_search(&at).is_ok());
        let sign = if is_match { '•' } else { ' ' };
        if cells == 0 {
            return Span::styled(sign.to_string(), self.theme.focus());
        }
        let text = match (number, self.shown.reply.preview.numbering) {
            (Some(offset), RowNumbering::Offsets) => format!("{offset:0cells$x}"),
            (Some(number), _) => format!("{number:>cells$}"),
            (None, _) => " ".repeat(cells),
        };
        Span::styled(format!("{sign}{text}  "), if is_match { self.theme.focus() } else { self.theme.dim() })
    }

    /// The current match is one bar across the row.
    fn marked(&self, at: usize, line: Line<'static>) -> Line<'static> {
        if self.finding.current() != Some(at) || self.finding.text.is_empty() {
            return line;
        }
        Line::styled(line.to_string(), self.theme.selected())
    }

    /// The head and the rows, from the leftmost column that is shown.
    fn table(&self, table: &PreviewTable, rows: usize) -> Vec<Line<'static>> {
        let columns = self.columns();
        let gutter = " ".repeat(gutter(self.shown));
        let mut head = vec![Span::raw(gutter)];
        for (column, cells) in &columns {
            let Some(named) = table.columns.get(*column) else { continue };
            let span = TextSpan { text: named.name.clone(), role: SpanRole::Heading };
            head.extend(self.cell(&span, *cells, named.right));
        }
        let mut drawn = vec![Line::from(head)];
        let body = table.rows.iter().enumerate().skip(self.scroll.top).take(rows.saturating_sub(1));
        drawn.extend(body.map(|(at, row)| self.table_row(table, at, row, &columns)));
        drawn
    }

    fn table_row(&self, table: &PreviewTable, at: usize, row: &TableRow, columns: &[(usize, usize)]) -> Line<'static> {
        let mut spans = vec![self.number(at, row.number)];
        for (column, cells) in columns {
            let right = table.columns.get(*column).is_some_and(|column| column.right);
            match row.cells.get(*column) {
                Some(cell) => spans.extend(self.cell(cell, *cells, right)),
                None => spans.push(Span::raw(" ".repeat(cells + GAP))),
            }
        }
        self.marked(at, Line::from(spans))
    }

    /// The columns there is room for, each with its cells.
    fn columns(&self) -> Vec<(usize, usize)> {
        let mut room = self.cells.saturating_sub(gutter(self.shown));
        let mut columns = vec![];
        for (column, cells) in self.shown.column_cells.iter().copied().enumerate().skip(self.scroll.left) {
            if room == 0 {
                break;
            }
            let cells = cells.min(room);
            columns.push((column, cells));
            room = room.saturating_sub(cells + GAP);
        }
        columns
    }

    /// A cell in the cells of its column; what does not fit ends in an ellipsis.
    fn cell(&self, cell: &TextSpan, cells: usize, right: bool) -> Vec<Span<'static>> {
        let end = cell.text.floor_char_boundary(4 * cells + 64);
        let (text, width) = (&cell.text[..end], content_width(&cell.text[..end], 0));
        let is_cut = width > cells || end < cell.text.len();
        let kept = if is_cut { cells.saturating_sub(1) } else { cells };
        let span = TextSpan { text: text.to_owned(), role: cell.role };
        let mut spans = window(std::slice::from_ref(&span), 0, kept, self.theme);
        if is_cut {
            spans.push(Span::styled("…", self.theme.escaped()));
        }
        let taken: usize = spans.iter().map(Span::width).sum();
        let rest = " ".repeat(cells.saturating_sub(taken));
        if right {
            spans.insert(0, Span::raw(rest));
        } else {
            spans.push(Span::raw(rest));
        }
        spans.push(Span::raw(" ".repeat(GAP)));
        spans
    }
}

/// So many cells of a line from this cell on.
fn window(spans: &[TextSpan], from: usize, cells: usize, theme: Theme) -> Vec<Span<'static>> {
    cut_rows(styled(spans, theme), from, cells, 1, theme).pop().unwrap_or_default()
}

fn styled(spans: &[TextSpan], theme: Theme) -> impl Iterator<Item = (&str, Style)> {
    spans.iter().map(move |span| (span.text.as_str(), role_style(span.role, theme)))
}

/// So many rows of so many cells each, from this cell of a line on. The line is gone through once, whatever it is cut into. A
/// wide character stands where its last cell is.
fn cut_rows<'a>(
    pieces: impl Iterator<Item = (&'a str, Style)>,
    from: usize,
    cells: usize,
    count: usize,
    theme: Theme,
) -> Vec<Vec<Span<'static>>> {
    let (mut at, mut rows) = (0, vec![Vec::<Span<'static>>::new(); count]);
    let end = from + cells * count;
    for (text, style) in pieces {
        if at >= end {
            break;
        }
        let escape = style.patch(theme.escaped());
        // What cannot be on screen any more is not looked at: a cell has a base and two marks of four bytes at most.
        let seen = text.floor_char_boundary(12 * (end - at) + 64);
        visit_content(&text[..seen], at, |piece, width, escaped| {
            // What has no cells of its own belongs to the cell before it.
            let last = (at + width).saturating_sub(1);
            let is_behind = if width > 0 { last >= from } else { at > from };
            let row = if is_behind && cells > 0 { rows.get_mut((last - from) / cells) } else { None };
            if let Some(row) = row.filter(|_| !piece.is_empty()) {
                let style = if escaped { escape } else { style };
                match row.last_mut() {
                    Some(before) if before.style == style => before.content.to_mut().push_str(piece),
                    _ => row.push(Span::styled(piece.to_owned(), style)),
                }
            }
            at += width;
        });
    }
    rows
}

/// What a role looks like. Without colour, what carries meaning is told by the text itself or by weight.
fn role_style(role: SpanRole, theme: Theme) -> Style {
    match role {
        SpanRole::Plain | SpanRole::Punctuation => Style::new(),
        SpanRole::Key | SpanRole::Heading => theme.strong(),
        SpanRole::String | SpanRole::Info => theme.good(),
        SpanRole::Number | SpanRole::Keyword => theme.number(),
        SpanRole::Comment | SpanRole::Muted => theme.dim(),
        SpanRole::Error | SpanRole::Invalid => theme.bad(),
        SpanRole::Warning => theme.warning(),
        SpanRole::Added => theme.added(),
        SpanRole::Removed => theme.removed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_cut_at_once_are_those_that_are_cut_one_by_one() {
        let theme = Theme::coloured();
        let text = |text: &str, role| TextSpan { text: text.into(), role };
        let spans = [
            text("plain and long\tthen ", SpanRole::Plain),
            text("日本語の文 e\u{301}x", SpanRole::Key),
            text("\u{1b}[2J\u{202e}\r", SpanRole::Error),
            text(&"end ".repeat(9), SpanRole::Number),
        ];
        let shown = |row: &[Span<'static>]| row.iter().map(|span| span.content.to_string()).collect::<String>();
        for cells in [1, 2, 3, 7, 10, 100] {
            let rows = cut_rows(styled(&spans, theme), 2 * cells, cells, 30, theme);
            let alone: Vec<_> = (2..32).map(|row| window(&spans, row * cells, cells, theme)).collect();
            assert_eq!(rows, alone, "{cells}");
            let all = cut_rows(styled(&spans, theme), 0, cells, 200, theme);
            let all: String = all.iter().map(|row| shown(row)).collect();
            assert!(all.contains("日本語の文 e\u{301}x\\x1b[2J"), "{cells}: {all}");
        }
        assert_eq!(cut_rows(styled(&spans, theme), 0, 0, 1, theme), [vec![]], "no room");
    }
}
