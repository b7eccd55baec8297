//! What a program's bytes ask of a terminal: the kinds of sequences, the attributes, the text.
//!
//! Invariant: every byte is read by a terminal's own state machine, so nothing hides between two sequences.

use std::collections::BTreeSet;

use vte::{Params, Parser, Perform};

/// Everything a stream of bytes asked for.
#[derive(Debug, Default)]
pub(crate) struct Sequences {
    /// Each kind once: `CSI H`, `CSI ?1049h`, `OSC 52`, `ESC 7`, `C0 0d`.
    pub(crate) kinds: BTreeSet<String>,
    /// The parameters of every `SGR`, one attribute or colour each, subparameters after colons.
    pub(crate) attributes: BTreeSet<String>,
    /// Text in the order in which it was sent, `\n` where something else came between.
    pub(crate) text: String,
}

impl Sequences {
    /// Reads what a program sent.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut sequences = Self::default();
        Parser::new().advance(&mut sequences, bytes);
        sequences
    }

    fn note(&mut self, kind: String) {
        self.kinds.insert(kind);
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

impl Perform for Sequences {
    fn print(&mut self, c: char) {
        self.text.push(c);
    }

    fn execute(&mut self, byte: u8) {
        self.note(format!("C0 {byte:02x}"));
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignored: bool, action: char) {
        assert!(!ignored, "a sequence longer than terminals read");
        let marks = String::from_utf8_lossy(intermediates).into_owned();
        let numbers: Vec<String> =
            params.iter().map(|parts| parts.iter().map(u16::to_string).collect::<Vec<_>>().join(":")).collect();
        if action == 'm' && marks.is_empty() {
            self.attributes.extend(numbers);
            self.note("CSI m".into());
        } else if marks == "?" {
            // A mode is a kind of its own.
            for number in numbers {
                self.note(format!("CSI ?{number}{action}"));
            }
        } else {
            self.note(format!("CSI {marks}{action}"));
        }
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        self.note(format!("OSC {}", String::from_utf8_lossy(params.first().unwrap_or(&&[][..]))));
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        self.note(format!("ESC {}{}", String::from_utf8_lossy(intermediates), char::from(byte)));
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        self.note(format!("DCS {action}"));
    }
}
