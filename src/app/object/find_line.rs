//! The line that finds text in what was read.
//!
//! Invariant: it finds as one types, and asks nobody.

use super::ObjectViewer;
use crate::app::{
    action::{Action, Edit, ListAction, TextAction},
    cx::Cx,
    layout::object_content,
    text_input::TextInput,
    wish::Wish,
};

impl ObjectViewer {
    /// What a key does in the line that finds, if it is for the line.
    pub(super) fn act_in_find_line(&mut self, cx: &Cx, action: &Action) -> Option<Vec<Wish>> {
        let (look, size) = (&mut self.look, object_content(cx.size()));
        let line = look.finding.line.as_mut()?;
        let shown = look.shown.as_ref()?;
        match action {
            Action::Submit => look.finding.line = None,
            Action::Dismiss => look.finding.clear(),
            Action::Text(TextAction::Edit(Edit::DeletePrevChar)) if line.text().is_empty() => look.finding.clear(),
            Action::Text(TextAction::Edit(edit)) => line.edit(*edit),
            Action::Text(TextAction::Paste(text)) => line.paste(text),
            Action::List(ListAction::Move(steps)) => look.finding.step(*steps),
            _ => return None,
        }
        let typed = look.finding.line.as_ref().map(TextInput::text).map(str::to_owned);
        if let Some(typed) = typed.filter(|typed| *typed != look.finding.text) {
            look.finding.seek(&typed, &shown.reply.preview, look.scroll.top);
        }
        if let Some(row) = look.finding.current() {
            look.scroll.show_row(row, shown, size);
        }
        Some(vec![])
    }
}
