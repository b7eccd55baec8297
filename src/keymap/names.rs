//! The names of keys: `Enter`, `Ctrl-s`, `F4`, `→`, `x`.
//!
//! Invariant: a key has one name, and a name one key.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The keys that are not called by the character they type.
const NAMED: &[(&str, KeyCode)] = &[
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("↑", KeyCode::Up),
    ("↓", KeyCode::Down),
    ("←", KeyCode::Left),
    ("→", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Backspace", KeyCode::Backspace),
    ("Del", KeyCode::Delete),
    ("Space", KeyCode::Char(' ')),
];

/// Whether a key that was pressed is the one of this name.
pub(super) fn is(name: &str, pressed: KeyEvent) -> bool {
    // Shift is in the character already; keeping it would make `G` another key on some terminals.
    key(name) == Some((pressed.code, pressed.modifiers - KeyModifiers::SHIFT))
}

/// The key of a name.
pub(super) fn key(name: &str) -> Option<(KeyCode, KeyModifiers)> {
    if let Some((_, code)) = NAMED.iter().find(|(named, _)| *named == name) {
        return Some((*code, KeyModifiers::NONE));
    }
    if let Some(letter) = name.strip_prefix("Ctrl-") {
        return Some((KeyCode::Char(only(letter)?), KeyModifiers::CONTROL));
    }
    if let Some(number) = name.strip_prefix('F').and_then(|number| number.parse().ok()) {
        return Some((KeyCode::F(number), KeyModifiers::NONE));
    }
    Some((KeyCode::Char(only(name)?), KeyModifiers::NONE))
}

fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_keys() {
        for (name, code, modifiers) in [
            ("Enter", KeyCode::Enter, KeyModifiers::NONE),
            ("Ctrl-s", KeyCode::Char('s'), KeyModifiers::CONTROL),
            ("F10", KeyCode::F(10), KeyModifiers::NONE),
            ("F", KeyCode::Char('F'), KeyModifiers::NONE),
            ("G", KeyCode::Char('G'), KeyModifiers::SHIFT),
            ("[", KeyCode::Char('['), KeyModifiers::NONE),
            ("Space", KeyCode::Char(' '), KeyModifiers::NONE),
        ] {
            assert!(is(name, KeyEvent::new(code, modifiers)), "{name}");
        }
        assert_eq!(key("Nowhere"), None);
    }
}
