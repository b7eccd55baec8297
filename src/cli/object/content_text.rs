//! Content on its way to standard output: as it is, or, where that is a terminal, so that it cannot act on the terminal.
//!
//! Invariant: a terminal gets no character that acts or hides except line breaks and tabs; anything else gets every byte
//! as it is.

use std::io::{self, IsTerminal, Write};

use crate::domain::safe_text::acts_or_hides;

/// Standard output for content.
pub(super) struct ContentOutput {
    out: io::Stdout,
    is_terminal: bool,
    /// The beginning of a character or line end whose rest has not come yet.
    pending: Vec<u8>,
}

impl ContentOutput {
    pub(super) fn new() -> Self {
        let out = io::stdout();
        Self { is_terminal: out.is_terminal(), out, pending: vec![] }
    }

    pub(super) fn write_content(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.is_terminal {
            return self.out.write_all(bytes);
        }
        self.pending.extend_from_slice(bytes);
        let (text, taken) = harmless_text(&self.pending, false);
        self.pending.drain(..taken);
        self.out.write_all(text.as_bytes())
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let (text, _) = harmless_text(&self.pending, true);
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Text that a terminal may get, and how many bytes it stands for. What may become another character with the bytes that
/// follow waits for them, unless this is the end.
fn harmless_text(bytes: &[u8], is_end: bool) -> (String, usize) {
    let (mut text, mut taken) = (String::with_capacity(bytes.len()), 0);
    for chunk in bytes.utf8_chunks() {
        let mut characters = chunk.valid().chars().peekable();
        while let Some(c) = characters.next() {
            let is_last = taken + c.len_utf8() == bytes.len();
            if c == '\r' && is_last && !is_end {
                return (text, taken);
            }
            taken += c.len_utf8();
            match c {
                '\n' | '\t' => text.push(c),
                '\r' if characters.peek() == Some(&'\n') => {}
                _ if acts_or_hides(c) => text.extend(c.escape_unicode()),
                _ => text.push(c),
            }
        }
        let rest = chunk.invalid();
        if !is_end && !rest.is_empty() && taken + rest.len() == bytes.len() && may_go_on(rest) {
            return (text, taken);
        }
        taken += rest.len();
        text.extend(rest.iter().map(|byte| format!("\\x{byte:02x}")));
    }
    (text, taken)
}

/// Whether bytes are the beginning of a character in UTF-8.
fn may_go_on(bytes: &[u8]) -> bool {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 0,
    };
    bytes.len() < length && bytes[1..].iter().all(|byte| byte & 0xc0 == 0x80)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(pieces: &[&[u8]]) -> String {
        let (mut pending, mut shown) = (vec![], String::new());
        for piece in pieces {
            pending.extend_from_slice(piece);
            let (text, taken) = harmless_text(&pending, false);
            pending.drain(..taken);
            shown += &text;
        }
        shown + &harmless_text(&pending, true).0
    }

    #[test]
    fn content_keeps_its_lines_and_loses_what_acts() {
        for (content, shown) in [
            (&b"a\tb\r\n  c\n"[..], "a\tb\n  c\n"),
            (b"\x1b[2J\x07", "\\u{1b}[2J\\u{7}"),
            ("grün \u{202e}x".as_bytes(), "grün \\u{202e}x"),
            (b"caf\xe9\n", "caf\\xe9\n"),
            (b"a\rb\r", "a\\u{d}b\\u{d}"),
            (b"cut \xe2\x82", "cut \\xe2\\x82"),
        ] {
            assert_eq!(whole(&[content]), shown, "{content:?}");
        }
    }

    proptest! {
        #[test]
        fn it_does_not_matter_where_content_is_cut(content in any::<Vec<u8>>(), text in ".{0,40}\r\n", at in 0usize..60) {
            for bytes in [&content[..], text.as_bytes()] {
                let (first, second) = bytes.split_at(at.min(bytes.len()));
                let shown = whole(&[first, second]);
                prop_assert_eq!(&shown, &whole(&[bytes]));
                prop_assert!(shown.chars().all(|c| matches!(c, '\n' | '\t') || !acts_or_hides(c)));
            }
        }
    }
}
