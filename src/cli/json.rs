//! JSON as it is printed: the value as the service sent it, its text without a character that a terminal would act upon.
//!
//! Invariant: what is written reads back as what was given. Characters that act or hide stand as `\uXXXX`, which JSON
//! permits for any character. <https://www.rfc-editor.org/rfc/rfc8259#section-7>

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::domain::safe_text::acts_or_hides;

/// Writes a value on one line.
pub(super) fn write_compact<W: Write, V: Serialize>(out: &mut W, value: &V) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Harmless(CompactFormatter)))?)
}

/// Writes a value over several lines.
pub(super) fn write_pretty<W: Write, V: Serialize>(out: &mut W, value: &V) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Harmless(PrettyFormatter::new())))?)
}

/// Lays out as `F` does, and escapes more.
struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| acts_or_hides(*c)) {
            self.0.write_string_fragment(out, &fragment[plain..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        self.0.write_string_fragment(out, &fragment[plain..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn nothing_in_a_key_acts_on_a_terminal() {
        let value = json!({ "key": "a b\u{202e}c\u{200b}\u{7f}\u{9b}2J\u{1b}[2J\u{e0041}\u{e9}" });
        let mut text = vec![];
        write_compact(&mut text, &value).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, r#"{"key":"a b\u202ec\u200b\u007f\u009b2J\u001b[2J\udb40\udc41é"}"#);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in any::<String>()) {
            let value = json!({ text.clone(): [text, 1, null] });
            for write in [write_compact::<Vec<u8>, Value>, write_pretty::<Vec<u8>, Value>] {
                let mut written = vec![];
                write(&mut written, &value).unwrap();
                prop_assert_eq!(&serde_json::from_slice::<Value>(&written).unwrap(), &value);
            }
        }
    }
}
