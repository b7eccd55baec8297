//! The model, drawn.
//!
//! ```text
//! ┌ header   profile and account · mode · time left       ┐   header.rs
//! │          as whom · ends when · with what rights       │
//! ├ body     the form, or the list                        ┤   form/, browser.rs
//! │          over it: help, details, explanation, go-to   │   help.rs, overlay.rs
//! │          or all of it: the policy builder             │   policy_builder.rs, policy_editor.rs
//! ├ status   what is happening                            ┤   status.rs
//! └ hints    what can be done now              help  quit ┘
//! ```
//!
//! Invariant: a view reads the model and changes nothing; its work grows with the terminal, never with the listing; and
//! foreign text comes here only through [`foreign`] or `printable`.

mod browser;
mod compare;
mod finding;
mod form;
mod format;
mod handover;
mod header;
mod help;
mod iam;
mod ledger;
mod overlay;
mod policy_builder;
mod policy_editor;
mod policy_hints;
mod recents;
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
    app::{Action, Model, Overlay, Screen},
    domain::{lifetime::countdown, safe_text},
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
        Screen::Browser => browser::draw(model, theme, body, frame),
        Screen::Compare => compare::draw(model, theme, body, frame),
    }
    status::draw(model, theme, bottom, frame);
    match &model.overlay {
        Some(Overlay::Help { scrolled, below }) => {
            help::draw(model, below.as_deref(), *scrolled, theme, body, frame);
        }
        Some(Overlay::Explanation) => overlay::explanation(model, theme, body, frame),
        Some(Overlay::Details) => overlay::details(model, theme, body, frame),
        Some(Overlay::Recents(selected)) => recents::draw(model, *selected, theme, body, frame),
        Some(Overlay::Code(entry)) => form::code(model, entry, theme, body, frame),
        Some(Overlay::Chain) => form::role_chain(model, theme, body, frame),
        Some(Overlay::HandOver(panel)) => handover::draw(model, panel, theme, body, frame),
        Some(Overlay::Ledger(panel)) => ledger::draw(model, *panel, theme, body, frame),
        Some(Overlay::RolePicker(picker)) => iam::roles(picker, model, theme, body, frame),
        Some(Overlay::User(panel)) => iam::user(panel, model, theme, body, frame),
        Some(Overlay::GoTo(go_to)) => overlay::go_to(go_to, theme, body, frame),
        Some(Overlay::AskPrefix(line)) => overlay::ask_prefix(line, model, theme, body, frame),
        Some(Overlay::PolicyBuilder(builder)) => policy_builder::draw(builder, theme, body, frame),
        None => {}
    }
}

/// What lies under a click.
pub fn hit(model: &Model, column: u16, row: u16) -> Option<Action> {
    let [_, body, _] = regions(Rect::new(0, 0, model.size.0, model.size.1));
    if matches!(model.overlay, Some(Overlay::PolicyBuilder(_))) {
        return None;
    }
    if model.overlay.is_some() {
        return Some(Action::Dismiss);
    }
    let list = match model.screen {
        Screen::Browser => browser::rows_area(body),
        Screen::MintForm => form::list_area(body, model.size.1),
        Screen::Compare => return None,
    };
    list.contains(Position::new(column, row)).then(|| Action::Click(usize::from(row - list.y)))
}

/// Still says the most important things: that there is no room, how long the session lives, and how to leave.
fn too_small(model: &Model, area: Rect, frame: &mut Frame) {
    let mut lines = vec![
        Line::raw(format!("needs {}×{}", LEAST.0, LEAST.1)),
        Line::raw(format!("this is {}×{}", area.width, area.height)),
    ];
    let left = model.lifetime().map(|lifetime| countdown(lifetime.remaining(model.moment())));
    let session = header::expired_words(model).or_else(|| left.map(|left| format!("session: {left} left")));
    lines.extend(session.map(Line::raw));
    lines.push(Line::raw("Ctrl-c quits"));
    frame.render_widget(Paragraph::new(lines), area);
}

/// Foreign text in at most `cells` cells, what is not printable made visible and told apart by its style.
fn foreign(text: &str, cells: usize, style: Style, theme: Theme) -> Vec<Span<'static>> {
    safe_text::fit(text, cells)
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
    block(focused, theme).title(Span::styled(title, theme.strong()))
}

/// Lines in a frame over the middle of `area`, scrolled if they do not fit.
fn popup(title: &'static str, lines: Vec<Line<'static>>, scrolled: u16, theme: Theme, area: Rect, frame: &mut Frame) {
    let width = lines.iter().map(line_width).max().unwrap_or(0).max(24).saturating_add(3).min(area.width);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let place = area.centered(Constraint::Length(width), Constraint::Length(height));
    let hidden = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_sub(height.saturating_sub(2));
    let mut frame_around = titled(title, true, theme);
    if hidden > 0 {
        frame_around = frame_around.title_bottom(Line::raw(" ↑↓ more ").right_aligned());
    }
    clear(place, frame);
    frame.render_widget(Paragraph::new(lines).block(frame_around).scroll((scrolled.min(hidden), 0)), place);
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
