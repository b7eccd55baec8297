//! An object, drawn: on a screen of its own, or in a pane beside the list.
//!
//! ```text
//! ╭ s3://bucket/…/name ───────────╮
//! │ what it is · what it cost     │   head.rs
//! │ ▸ v look   i details   V …    │
//! │                               │
//! │ content, details or versions  │   content.rs, details.rs, versions.rs
//! ╰────── which part one sees ────╯
//! ```
//!
//! Invariant: only the rows on screen are looked at. What stands in the place of content says why, and never looks like
//! content.

mod content;
mod details;
mod head;
mod instead;
mod pane;
mod status;
mod versions;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Position, Rect},
    text::Line,
};

pub(super) use pane::{beside, draw as draw_pane, wheel};
pub(super) use status::{find_line, status};

use super::{Theme, block};
use crate::app::{Action, ListAction, Model, ObjectTab, ViewerAction, object_content};

/// Two lines above the content, and one that parts them from it; then the content.
fn areas(body: Rect) -> [Rect; 3] {
    let inner = body.inner(Margin::new(1, 1));
    let [kind, tabs, _, content] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Length(1), Constraint::Min(0)])
            .areas(inner);
    [kind, tabs, content]
}

pub(super) fn draw(model: &Model, theme: Theme, body: Rect, frame: &mut Frame) {
    let Some(subject) = &model.object.subject else { return };
    let [kind, tabs, content] = areas(body);
    let around = block(model.dialogs.is_empty(), theme)
        .title(head::title(model, subject, body.width, theme))
        .title_bottom(Line::raw(seen_part(model)).right_aligned());
    frame.render_widget(around, body);
    frame.render_widget(head::tabs(model, theme, tabs.width), tabs);
    match model.object.tab {
        ObjectTab::Look => {
            frame.render_widget(head::kind(model, theme, kind.width), kind);
            draw_look(model, theme, content, frame);
        }
        ObjectTab::Details => details::draw(model, theme, content, frame),
        ObjectTab::Versions => versions::draw(model, theme, content, frame),
    }
}

/// The content, or what stands in its place.
fn draw_look(model: &Model, theme: Theme, area: Rect, frame: &mut Frame) {
    match &model.object.look.shown {
        Some(shown) => content::draw(model, shown, theme, area, frame),
        None => instead::draw(model, theme, area, frame),
    }
}

/// Which part of it is on screen.
fn seen_part(model: &Model) -> String {
    let object = &model.object;
    match object.tab {
        ObjectTab::Look => {
            let size = object_content(model.size);
            object.look.shown.as_ref().map(|shown| content::seen_rows(&object.look, shown, size)).unwrap_or_default()
        }
        ObjectTab::Details => details::cost(&object.details),
        ObjectTab::Versions => versions::position(&object.versions),
    }
}

/// What a click means.
pub(super) fn hit(model: &Model, body: Rect, click: Position) -> Option<Action> {
    let [_, tabs, content] = areas(body);
    if tabs.contains(click) {
        let tab = head::tab_at(usize::from(click.x - tabs.x))?;
        return Some(Action::Object(ViewerAction::Show(tab)));
    }
    let first = match model.object.tab {
        ObjectTab::Look => return None,
        ObjectTab::Details => content.y,
        ObjectTab::Versions => content.y + 1,
    };
    let on_row = content.contains(click) && click.y >= first;
    on_row.then(|| Action::List(ListAction::Click(usize::from(click.y - first))))
}
