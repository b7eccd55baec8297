//! The one frame around every dialog, and what is drawn in it.
//!
//! Invariant: what is drawn, what a click meets, and how far a text scrolls are derived from the same panel in the same
//! way. Nothing is stored, so a resize or a shorter text leaves no scrolling behind.
//!
//! A dialog that holds all it says is drawn as its text; the others have a file of the same name here, which makes a
//! [`Panel`] of them. What does not fit loses its empty lines first; then it scrolls, and says so.

mod access;
mod copy_menu;
mod details;
mod explanation;
mod export;
mod help;
mod lines;
mod link;
mod panel;
mod policy_builder;
mod policy_editor;
mod policy_meaning;
mod recent_list;
mod role_chain;
mod role_picker;
mod session_list;
mod user_panel;

use ratatui::{
    Frame,
    layout::{Position, Rect},
};

use panel::Panel;

use super::Theme;
use crate::app::{Action, Dialog, DialogAction, ListAction, Model};

/// Draws the dialog in front, if any.
pub(super) fn draw(model: &Model, theme: Theme, body: Rect, frame: &mut Frame) {
    match model.dialogs.front() {
        Some(Dialog::PolicyBuilder(builder)) => policy_builder::draw(builder, theme, body, frame),
        Some(dialog) => panel(model, dialog, theme, body).draw(model.dialogs.scrolled(), theme, body, frame),
        None => {}
    }
}

/// What a dialog shows, where `area` is the room for it.
fn panel(model: &Model, dialog: &Dialog, theme: Theme, area: Rect) -> Panel {
    let panel = match dialog {
        Dialog::AccessPanel(access) => access::panel(access, model, theme, area),
        Dialog::AskCode(line) => lines::ask_code(line, model, theme, area),
        Dialog::AskPrefix(line) => lines::ask_prefix(line, model, theme, area),
        Dialog::AskTime(line) => lines::ask_time(line, model, theme, area),
        Dialog::CopyMenu(menu) => copy_menu::panel(menu, model, theme, area),
        Dialog::Details(_) => details::panel(model, theme, area),
        Dialog::Explanation(_) => explanation::panel(model, theme, area),
        Dialog::Export(export) => export::panel(export, model, theme, area),
        Dialog::GoTo(line) => lines::go_to(line, theme, area),
        Dialog::Help(_) => help::panel(model, theme),
        Dialog::LinkDialog(link) => link::panel(link, model, theme, area),
        Dialog::RecentList(list) => recent_list::panel(list, theme, area),
        Dialog::RoleChain(_) => role_chain::panel(model, theme, area),
        Dialog::RolePicker(picker) => role_picker::panel(picker, model, theme, area),
        Dialog::SessionList(list) => session_list::panel(list, model, theme, area),
        Dialog::UserPanel(user) => user_panel::panel(user, model, theme, area),
        other => Panel::of_text(&other.text(), theme, area),
    };
    panel.titled(dialog.title())
}

/// What a click on a dialog means; `None` is nothing. Beside it, it closes what holds no text.
pub(super) fn hit(model: &Model, dialog: &Dialog, body: Rect, click: Position) -> Option<Action> {
    if let Dialog::PolicyBuilder(builder) = dialog {
        return policy_builder::hit(builder, body, click).map(|row| Action::List(ListAction::Click(row)));
    }
    let panel = panel(model, dialog, Theme::plain(), body);
    let placed = panel.place(model.dialogs.scrolled(), body);
    if placed.frame.contains(click) {
        return placed.row_at(&panel, click).map(|row| Action::List(ListAction::Click(row)));
    }
    (!dialog.holds_text()).then_some(Action::Dismiss)
}

/// Where an action scrolls the text of a dialog, said as the line that is to be the first one; any other action, and one
/// that finds nothing to scroll, is as it was.
pub(super) fn scroll(model: &Model, dialog: &Dialog, body: Rect, action: Action) -> Action {
    if let Dialog::PolicyBuilder(builder) = dialog {
        return policy_builder::scroll(builder, body, action);
    }
    if !dialog.moves().scrolls() {
        return action;
    }
    let placed = panel(model, dialog, Theme::plain(), body).place(model.dialogs.scrolled(), body);
    let half = (placed.rows / 2).max(1).cast_signed();
    let line = match action {
        _ if placed.hidden == 0 => return action,
        Action::List(ListAction::Move(lines)) => placed.first.saturating_add_signed(lines),
        Action::List(ListAction::MoveHalfScreens(halves)) => placed.first.saturating_add_signed(halves * half),
        Action::List(ListAction::Top) => 0,
        Action::List(ListAction::Bottom) => placed.hidden,
        other => return other,
    };
    Action::Dialog(DialogAction::ScrollTo(line.min(placed.hidden)))
}
