//! The model, drawn.
//!
//! ```text
//! ┌ header   profile and account · mode · time left       ┐   header.rs
//! │          as whom · ends when · with what rights       │
//! ├ body     the form, the list, or an object             ┤   form/, browser/, object/
//! │          over it: dialogs                             │   dialogs/
//! ├ status   what is happening                            ┤   status.rs
//! └ hints    what can be done now              help  quit ┘
//! ```
//!
//! Invariant: a view reads the model and changes nothing; its work grows with the terminal, never with the listing; and
//! foreign text comes here only through [`foreign`] or `printable`.

mod browser;
mod compare;
mod dialogs;
mod form;
mod format;
mod header;
mod object;
mod policy_hints;
mod status;
mod theme;

pub use theme::Theme;

use jiff::Timestamp;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Block, BorderType, Clear, Paragraph},
};

use crate::{
    app::{Action, ListAction, Model, Screen},
    domain::{lifetime::format_countdown, safe_text},
};

/// Below this many columns and rows there is only a line that says so.
const LEAST: (u16, u16) = (60, 15);

/// The regions of the screen, from top to bottom: header, body, status and hints.
fn regions(area: Rect) -> [Rect; 3] {
    Layout::vertical([Constraint::Length(2), Constraint::Min(0), Constraint::Length(2)]).areas(area)
}

/// Draws the model.
pub fn view(model: &Model, theme: &Theme, frame: &mut Frame) {
    let (theme, area) = (*theme, frame.area());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return too_small(model, area, frame);
    }
    let [header, body, bottom] = regions(area);
    header::draw(model, theme, header, frame);
    match model.screen {
        Screen::MintForm => form::draw(model, theme, body, frame),
        Screen::Browser => {
            let (list, pane) = object::beside(model, body);
            browser::draw(model, theme, list, frame);
            if let Some(pane) = pane {
                object::draw_pane(model, theme, pane, frame);
            }
        }
        Screen::Object => object::draw(model, theme, body, frame),
        Screen::Compare => compare::draw(model, theme, body, frame),
    }
    status::draw(model, theme, bottom, frame);
    dialogs::draw(model, theme, body, frame);
}

/// The body of a terminal of this size.
fn body(model: &Model) -> Rect {
    regions(Rect::new(0, 0, model.size.0, model.size.1))[1]
}

/// What a click means; `None` is nothing.
pub fn hit(model: &Model, column: u16, row: u16) -> Option<Action> {
    let (body, click) = (body(model), Position::new(column, row));
    if let Some(dialog) = model.dialogs.front() {
        return dialogs::hit(model, dialog, body, click);
    }
    let list = match model.screen {
        Screen::Browser => browser::rows_area(object::beside(model, body).0),
        Screen::Object => return object::hit(model, body, click),
        Screen::MintForm => return form::hit(model, body, click),
        Screen::Compare => compare::rows_area(body),
    };
    list.contains(click).then(|| Action::List(ListAction::Click(usize::from(row - list.y))))
}

/// What the wheel means there, turned by so many rows.
pub fn wheel(model: &Model, column: u16, row: u16, rows: isize) -> Action {
    object::wheel(model, body(model), Position::new(column, row), rows)
}

/// An action as it is on the screen as it is drawn: one that scrolls says how far, for only the view knows how much text
/// does not fit.
pub fn settle(model: &Model, action: Action) -> Action {
    match model.dialogs.front() {
        Some(dialog) => dialogs::scroll(model, dialog, body(model), action),
        None => action,
    }
}

/// Still says the most important things: that there is no room, how long the session lives, and how to leave.
fn too_small(model: &Model, area: Rect, frame: &mut Frame) {
    let mut lines = vec![
        Line::raw(format!("needs {}×{}", LEAST.0, LEAST.1)),
        Line::raw(format!("this is {}×{}", area.width, area.height)),
    ];
    let left = model.lifetime().map(|lifetime| format_countdown(lifetime.remaining(model.moment())));
    let session = header::expired_words(model).or_else(|| left.map(|left| format!("session: {left} left")));
    lines.extend(session.map(Line::raw));
    lines.push(Line::raw("Ctrl-c quits"));
    frame.render_widget(Paragraph::new(lines), area);
}

/// Foreign text in at most `cells` cells, what is not printable made visible and told apart by its style.
fn foreign(text: &str, cells: usize, style: Style, theme: Theme) -> Vec<Span<'static>> {
    safe_text::fit_cells(text, cells)
        .into_iter()
        .map(|piece| {
            let style = if piece.escaped { style.patch(theme.escaped()) } else { style };
            Span::styled(piece.text.into_owned(), style)
        })
        .collect()
}

/// Cells of text that is safe already; `safe_text::width` counts foreign text as the escapes it would become.
fn cells_of(text: &str) -> usize {
    Span::raw(text).width()
}

fn line_width(line: &Line) -> u16 {
    u16::try_from(line.width()).unwrap_or(u16::MAX)
}

/// A sign that turns while work is under way, after a moment: what answers at once shows none.
fn spinner(model: &Model, since: Timestamp) -> char {
    const FRAMES: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
    model.spinner_turns(since).map_or(' ', |turns| FRAMES[turns % FRAMES.len()])
}

fn block(focused: bool, theme: Theme) -> Block<'static> {
    let style = if focused { theme.focus() } else { theme.dim() };
    Block::bordered().border_type(BorderType::Rounded).border_style(style)
}

fn titled(title: &'static str, focused: bool, theme: Theme) -> Block<'static> {
    block(focused, theme).title(Span::styled(format!(" {title} "), theme.strong()))
}

/// Clears `place`, and the left half of a wide character that reaches into it and would be painted over the frame.
fn clear(place: Rect, frame: &mut Frame) {
    if let Some(left) = place.x.checked_sub(1) {
        for y in place.top()..place.bottom() {
            if let Some(cell) = frame.buffer_mut().cell_mut(Position::new(left, y))
                && cells_of(cell.symbol()) > 1
            {
                cell.reset();
            }
        }
    }
    frame.render_widget(Clear, place);
}

/// Cuts text that is already safe into lines of at most `width` cells, at spaces where there are any.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![];
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && cells_of(&line) + 1 + cells_of(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if cells_of(&line) + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}
