//! The meaning of keyboard and mouse sequences.
//!
//! Invariant: an unknown sequence is ignored, never taken for keys.
//! <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// `Esc O` and this.
pub(super) fn parse_ss3(last: u8) -> Option<Event> {
    letter_key(last).map(|code| Event::Key(code.into()))
}

/// `Esc [`, the parameters, and this.
pub(super) fn parse_csi(parameters: &[u8], last: u8) -> Option<Event> {
    let parameters = std::str::from_utf8(parameters).ok()?;
    if let Some(report) = parameters.strip_prefix('<') {
        return sgr_mouse(report, last);
    }
    if parameters == "[" {
        let number = last.checked_sub(b'A').filter(|number| *number < 5)?;
        return Some(Event::Key(KeyCode::F(number + 1).into()));
    }
    match last {
        b'I' if parameters.is_empty() => return Some(Event::FocusGained),
        b'O' if parameters.is_empty() => return Some(Event::FocusLost),
        b'Z' => return Some(Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT))),
        _ => {}
    }
    let [first, second, third] = parse_parameters(parameters)?;
    let code = match (last, first) {
        (b'~', Some(27)) => unicode_key(third?)?,
        (b'~', Some(number)) => numbered_key(number)?,
        (b'u', Some(number)) => unicode_key(number)?,
        // Any other number is an answer to a question, such as where the cursor is.
        (last, None | Some(1)) => letter_key(last)?,
        _ => return None,
    };
    Some(Event::Key(KeyEvent::new(code, key_modifiers(second.unwrap_or(1)))))
}

/// The first three; after a colon stands what only keyboards in an extended mode send.
fn parse_parameters(parameters: &str) -> Option<[Option<u32>; 3]> {
    let mut numbers = [None; 3];
    for (number, part) in numbers.iter_mut().zip(parameters.split(';')) {
        match part.split(':').next() {
            None | Some("") => {}
            Some(digits) => *number = Some(digits.parse().ok()?),
        }
    }
    Some(numbers)
}

/// A click in its first form: button, column and row as characters from the space on.
pub(super) fn parse_click(bytes: &[u8]) -> Option<Event> {
    let &[button, column, row] = bytes else { return None };
    let number = |byte: u8, from: u8| byte.checked_sub(from).map(u16::from);
    mouse_event(number(button, 32)?, number(column, 33)?, number(row, 33)?, false)
}

fn sgr_mouse(report: &str, last: u8) -> Option<Event> {
    let mut numbers = report.split(';').map(|number| number.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    match last {
        b'M' | b'm' => mouse_event(button, column.checked_sub(1)?, row.checked_sub(1)?, last == b'm'),
        _ => None,
    }
}

fn mouse_event(code: u16, column: u16, row: u16, released: bool) -> Option<Event> {
    let button = match code & 0b11 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    // Buttons from four on are the wheel's; 32 says that the mouse moved.
    let kind = match (code & 0b1100_0000, code & 0b11, code & 32 != 0) {
        (0, 3, false) => MouseEventKind::Up(MouseButton::Left),
        (0, 3, true) => MouseEventKind::Moved,
        (0, _, true) => MouseEventKind::Drag(button),
        (0, ..) if released => MouseEventKind::Up(button),
        (0, ..) => MouseEventKind::Down(button),
        (64, 0, _) => MouseEventKind::ScrollUp,
        (64, 1, _) => MouseEventKind::ScrollDown,
        (64, 2, _) => MouseEventKind::ScrollLeft,
        (64, ..) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, code & 4 != 0);
    modifiers.set(KeyModifiers::ALT, code & 8 != 0);
    modifiers.set(KeyModifiers::CONTROL, code & 16 != 0);
    Some(Event::Mouse(MouseEvent { kind, column, row, modifiers }))
}

/// The keys that are told by a letter.
fn letter_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'M' => KeyCode::Enter, // of the keypad
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// The keys that are told by a number.
fn numbered_key(number: u32) -> Option<KeyCode> {
    let function = |first: u8, at: u32, offset: u32| u8::try_from(at - offset).ok().map(|at| KeyCode::F(first + at));
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(1, number, 11),
        17..=21 => function(6, number, 17),
        23..=26 => function(11, number, 23),
        28..=29 => function(15, number, 28),
        31..=34 => function(17, number, 31),
        _ => None,
    }
}

fn unicode_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        127 => KeyCode::Backspace,
        _ => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

/// One more than a bit each.
fn key_modifiers(number: u32) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, bits & 1 != 0);
    modifiers.set(KeyModifiers::ALT, bits & 2 != 0);
    modifiers.set(KeyModifiers::CONTROL, bits & 4 != 0);
    modifiers.set(KeyModifiers::SUPER, bits & 8 != 0);
    modifiers
}
