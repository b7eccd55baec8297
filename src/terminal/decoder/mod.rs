//! Turns the bytes from a terminal into events.
//!
//! Invariant: an unfinished sequence never blocks the keyboard. It is dropped after the silence that
//! [`Decoder::patience`] names, or at the next `Ctrl-C`. A paste is never taken for keys, however it ends. The memory
//! for both is limited.
//!
//! Written here, because the terminal library waits forever for the end of a paste or sequence, and its reader cannot be
//! told to stop. The states are those of <https://vt100.net/emu/dec_ansi_parser>, as far as a keyboard needs them.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use memchr::memmem;

use super::sequence;

const ESC: u8 = 0x1b;
const CTRL_C: u8 = 0x03;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// How long after `Esc` the rest of a sequence may take: a key that is pressed takes longer.
const KEY_PAUSE: Duration = Duration::from_millis(30);
/// How long the rest of a sequence that has begun may take over a slow connection.
const SEQUENCE_PAUSE: Duration = Duration::from_millis(250);
/// How long a terminal may be silent within a paste, or within a string that it sends.
const LONGEST_SILENCE: Duration = Duration::from_secs(1);
/// A `Ctrl-C` with nothing after it for so long was typed, and is no part of what is pasted.
const TYPED_PAUSE: Duration = Duration::from_millis(100);

/// The longest sequence that means something has a third of it.
const LONGEST_SEQUENCE: usize = 64;
/// Bytes of a paste that are kept: more than any field takes.
const LONGEST_PASTE: usize = 1 << 20;

/// More than a person types between two looks at the keyboard.
const MOST_TYPED: usize = 32;

/// What has begun.
#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// `Esc`, which may be a key or the beginning of something.
    Escape,
    /// `Esc [`, and its parameters.
    Csi,
    /// `Esc O`.
    Ss3,
    /// `Esc` and the letter that begins a string: or that letter with Alt.
    Introducer(u8),
    /// A string from the terminal, which was not requested; whether its last byte was `Esc`.
    Text { escaped: bool },
    /// Bytes of a click in the form of before 1991: so many are to come.
    Click(u8),
    /// Some of a character's bytes.
    Character,
    /// Between the brackets.
    Paste,
}

/// Takes bytes, and gives events.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// Parameters, or a part of a character.
    kept: Vec<u8>,
    pasted: Vec<u8>,
    /// A paste was given up, and its end may still come.
    gave_up: bool,
}

impl Decoder {
    /// Takes what came in one piece.
    pub(super) fn take_bytes(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        let mut bytes = self.behind_what_was_given_up(bytes, events);
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.state == State::Paste {
                bytes = self.take_paste(bytes, events);
            } else {
                bytes = rest;
                self.take_byte(byte, events);
            }
        }
    }

    /// What is left of a paste that was given up is a paste as well: what lies before its end, and what nobody types at
    /// once.
    fn behind_what_was_given_up<'a>(&mut self, bytes: &'a [u8], events: &mut Vec<Event>) -> &'a [u8] {
        if !std::mem::take(&mut self.gave_up) {
            return bytes;
        }
        match memmem::find(bytes, PASTE_ENDS) {
            Some(end) if memmem::find(&bytes[..end], PASTE_BEGINS).is_none() => {
                push_paste(&bytes[..end], events);
                &bytes[end + PASTE_ENDS.len()..]
            }
            None if bytes.len() > MOST_TYPED && !bytes.contains(&ESC) => {
                self.gave_up = true;
                push_paste(bytes, events);
                &[]
            }
            _ => bytes,
        }
    }

    /// How long what is incomplete is waited for; `None` where nothing is.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape | State::Introducer(_) => Some(KEY_PAUSE),
            State::Csi | State::Ss3 | State::Character | State::Click(_) => Some(SEQUENCE_PAUSE),
            State::Paste if self.pasted.ends_with(&[CTRL_C]) => Some(TYPED_PAUSE),
            State::Paste | State::Text { .. } => Some(LONGEST_SILENCE),
        }
    }

    /// Nothing came for so long.
    pub(super) fn note_silence(&mut self, events: &mut Vec<Event>) {
        match std::mem::take(&mut self.state) {
            State::Escape => events.push(key_event(KeyCode::Esc)),
            State::Introducer(letter) => events.push(with_alt(letter)),
            State::Ss3 => events.push(with_alt(b'O')),
            State::Csi if self.kept.is_empty() => events.push(with_alt(b'[')),
            State::Paste => self.give_up(events),
            State::Ground | State::Csi | State::Text { .. } | State::Click(_) | State::Character => {}
        }
        self.kept.clear();
    }

    /// A paste without an end: what came of it is a paste, unless `Ctrl-C` says that it is not wanted.
    fn give_up(&mut self, events: &mut Vec<Event>) {
        let pasted = std::mem::take(&mut self.pasted);
        self.gave_up = true;
        if pasted.ends_with(&[CTRL_C]) {
            events.push(control_event(CTRL_C));
        } else {
            push_paste(&pasted, events);
        }
    }

    /// Takes what is pasted; what lies after its end is left. Text that holds an end itself cannot end the paste before
    /// the last end that came with it, unless another paste begins.
    fn take_paste<'a>(&mut self, bytes: &'a [u8], events: &mut Vec<Event>) -> &'a [u8] {
        let before = self.pasted.len();
        // An end that is cut in two lies on the seam.
        let seam = before.saturating_sub(PASTE_ENDS.len() - 1);
        self.pasted.extend_from_slice(bytes);
        let ends = memmem::find_iter(&self.pasted[seam..], PASTE_ENDS).map(|at| seam + at);
        let next = memmem::find(&self.pasted[seam..], PASTE_BEGINS).map_or(usize::MAX, |at| seam + at);
        let mut ends = ends.peekable();
        let first = ends.peek().copied();
        let Some(end) = ends.take_while(|end| *end < next).last().or(first) else {
            // The end must still be found: its beginning may have come.
            if self.pasted.len() > LONGEST_PASTE {
                self.pasted.drain(LONGEST_PASTE / 2..self.pasted.len() - (PASTE_ENDS.len() - 1));
            }
            return &[];
        };
        let behind = end + PASTE_ENDS.len() - before;
        self.pasted.truncate(end);
        push_paste(&std::mem::take(&mut self.pasted), events);
        self.state = State::Ground;
        &bytes[behind..]
    }

    fn take_byte(&mut self, byte: u8, events: &mut Vec<Event>) {
        match self.state {
            State::Ground => self.on_ground(byte, events),
            State::Escape => self.behind_escape(byte, events),
            State::Csi => self.on_parameter(byte, events),
            State::Ss3 => {
                self.state = State::Ground;
                match sequence::parse_ss3(byte) {
                    Some(event) => events.push(event),
                    None if byte.is_ascii_control() => self.on_ground(byte, events),
                    None => {}
                }
            }
            State::Introducer(_) => {
                self.state = State::Text { escaped: false };
                self.on_text(byte, false, events);
            }
            State::Text { escaped } => self.on_text(byte, escaped, events),
            State::Click(left) => {
                self.kept.push(byte);
                self.state = if left > 1 { State::Click(left - 1) } else { State::Ground };
                if left == 1 {
                    events.extend(sequence::parse_click(&self.kept));
                    self.kept.clear();
                }
            }
            State::Character => self.on_character(byte, events),
            // Taken whole, by `paste`.
            State::Paste => {}
        }
    }

    fn on_ground(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            ESC => self.state = State::Escape,
            0..=0x1f | 0x7f => events.push(control_event(byte)),
            0x80.. => {
                self.state = State::Character;
                self.on_character(byte, events);
            }
            _ => events.push(character_event(char::from(byte))),
        }
    }

    fn behind_escape(&mut self, byte: u8, events: &mut Vec<Event>) {
        self.kept.clear();
        self.state = State::Ground;
        match byte {
            // The second may begin something.
            ESC => {
                events.push(key_event(KeyCode::Esc));
                self.state = State::Escape;
            }
            b'[' => self.state = State::Csi,
            b'O' => self.state = State::Ss3,
            b'P' | b'X' | b']' | b'^' | b'_' => self.state = State::Introducer(byte),
            CTRL_C => events.push(control_event(byte)),
            0x80.. => self.on_ground(byte, events),
            _ => events.push(with_alt(byte)),
        }
    }

    fn on_parameter(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            // Whatever begins anew, or is a key of its own, ends what has begun.
            0..=0x1f | 0x7f.. => {
                self.state = State::Ground;
                self.kept.clear();
                self.on_ground(byte, events);
            }
            // The console of Linux has one letter more: `Esc [ [ A`.
            b'@'..=b'~' if self.kept.is_empty() && byte == b'[' => self.kept.push(byte),
            b'@'..=b'~' => self.end_of_sequence(byte, events),
            // Too long to mean anything: only its end is waited for.
            _ if self.kept.len() >= LONGEST_SEQUENCE => {}
            _ => self.kept.push(byte),
        }
    }

    fn end_of_sequence(&mut self, last: u8, events: &mut Vec<Event>) {
        self.state = match (&self.kept[..], last) {
            (b"200", b'~') => State::Paste,
            (b"", b'M') => State::Click(3),
            (parameters, last) => {
                events.extend(sequence::parse_csi(parameters, last));
                State::Ground
            }
        };
        self.kept.clear();
    }

    /// Nothing was asked of the terminal, so what it says is dropped.
    fn on_text(&mut self, byte: u8, escaped: bool, events: &mut Vec<Event>) {
        const BELL: u8 = 0x07;
        const CANCEL: u8 = 0x18;
        const SUBSTITUTE: u8 = 0x1a;
        match byte {
            BELL | CANCEL | SUBSTITUTE => self.state = State::Ground,
            b'\\' if escaped => self.state = State::Ground,
            CTRL_C => {
                self.state = State::Ground;
                events.push(control_event(byte));
            }
            // Another sequence has begun within it: it has no end.
            _ if escaped && byte != ESC => self.behind_escape(byte, events),
            _ => self.state = State::Text { escaped: byte == ESC },
        }
    }

    fn on_character(&mut self, byte: u8, events: &mut Vec<Event>) {
        // No character goes on with a byte of ASCII, and what is no character is dropped.
        if byte.is_ascii() {
            self.state = State::Ground;
            self.kept.clear();
            return self.on_ground(byte, events);
        }
        self.kept.push(byte);
        match std::str::from_utf8(&self.kept) {
            Ok(text) => events.extend(text.chars().map(character_event)),
            Err(error) if error.error_len().is_none() => return,
            Err(_) => {}
        }
        self.kept.clear();
        self.state = State::Ground;
    }
}

fn push_paste(text: &[u8], events: &mut Vec<Event>) {
    if !text.is_empty() {
        events.push(Event::Paste(String::from_utf8_lossy(text).into_owned()));
    }
}

fn key_event(code: KeyCode) -> Event {
    Event::Key(code.into())
}

fn character_event(c: char) -> Event {
    let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
}

/// A byte below the space, or the one of Backspace.
fn control_event(byte: u8) -> Event {
    let with_ctrl = |c: u8| Event::Key(KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL));
    match byte {
        b'\r' => key_event(KeyCode::Enter),
        b'\t' => key_event(KeyCode::Tab),
        0x7f => key_event(KeyCode::Backspace),
        ESC => key_event(KeyCode::Esc),
        0 => with_ctrl(b' '),
        1..=0x1a => with_ctrl(byte - 1 + b'a'),
        _ => with_ctrl(byte.wrapping_sub(0x1c).wrapping_add(b'4')),
    }
}

fn with_alt(byte: u8) -> Event {
    let plain = if byte.is_ascii_control() { control_event(byte) } else { character_event(char::from(byte)) };
    match plain {
        Event::Key(key) => Event::Key(KeyEvent::new(key.code, key.modifiers | KeyModifiers::ALT)),
        other => other,
    }
}

#[cfg(test)]
mod tests;
