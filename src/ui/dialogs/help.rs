//! The keys of what lies below, from the keymap itself.
//!
//! Invariant: no key is listed that does nothing, and none works that is not listed.

use ratatui::text::{Line, Span};

use super::panel::Panel;
use crate::{app::Model, keymap, ui::Theme};

pub(super) fn panel(model: &Model, theme: Theme) -> Panel {
    let line = |(keys, help): (Vec<&'static str>, &'static str)| {
        let also = if keys.len() > 1 { format!("  {}", keys[1..].join(" ")) } else { String::new() };
        let key = Span::styled(format!(" {:<10}", keys[0]), theme.key());
        Line::from(vec![key, Span::raw(help), Span::styled(also, theme.dim())])
    };
    Panel::of(keymap::help(model).into_iter().map(line).collect())
}
