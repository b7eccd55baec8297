//! JSON output: values as the service sent them, without characters that a terminal would act on.
//!
//! Invariant: the output parses to the value that was given. Characters that act or hide are written as `\uXXXX`, which
//! JSON permits for any character. <https://www.rfc-editor.org/rfc/rfc8259#section-7>

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::domain::safe_text::acts_or_hides;

/// Writes a value on one line.
pub(super) fn write_compact<W: Write, V: Serialize>(out: &mut W, value: &V) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, EscapingFormatter(&mut CompactFormatter)))?)
}

/// Writes a value over several lines.
pub(super) fn write_pretty<W: Write, V: Serialize>(out: &mut W, value: &V) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, EscapingFormatter(&mut PrettyFormatter::new())))?)
}

/// A document of one object that is written as its values come to hand, over several lines.
pub(super) struct Document {
    layout: PrettyFormatter<'static>,
    has_fields: bool,
    has_items: bool,
}

impl Document {
    /// Begins it.
    pub(super) fn begin_document(out: &mut Vec<u8>) -> io::Result<Self> {
        let mut layout = PrettyFormatter::new();
        layout.begin_object(out)?;
        Ok(Self { layout, has_fields: false, has_items: false })
    }

    /// A field whose value is at hand.
    pub(super) fn write_field(&mut self, out: &mut Vec<u8>, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.begin_field(out, name)?;
        self.write_value(out, value)?;
        self.layout.end_object_value(out)
    }

    /// A field that is a list, whose items come later.
    pub(super) fn begin_list(&mut self, out: &mut Vec<u8>, name: &str) -> io::Result<()> {
        self.begin_field(out, name)?;
        self.has_items = false;
        self.layout.begin_array(out)
    }

    /// An item of the list that was begun.
    pub(super) fn write_item(&mut self, out: &mut Vec<u8>, item: &impl Serialize) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.has_items, true);
        self.layout.begin_array_value(out, is_first)?;
        self.write_value(out, item)?;
        self.layout.end_array_value(out)
    }

    /// Ends the list that was begun.
    pub(super) fn end_list(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.layout.end_array(out)?;
        self.layout.end_object_value(out)
    }

    /// Ends it.
    pub(super) fn end_document(mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.layout.end_object(out)?;
        out.push(b'\n');
        Ok(())
    }

    fn begin_field(&mut self, out: &mut Vec<u8>, name: &str) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.has_fields, true);
        self.layout.begin_object_key(out, is_first)?;
        self.write_value(out, &name)?;
        self.layout.end_object_key(out)?;
        self.layout.begin_object_value(out)
    }

    fn write_value(&mut self, out: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
        Ok(value.serialize(&mut Serializer::with_formatter(out, EscapingFormatter(&mut self.layout)))?)
    }
}

/// Lays out as `F` does, and escapes more.
struct EscapingFormatter<'a, F>(&'a mut F);

impl<F: Formatter> Formatter for EscapingFormatter<'_, F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly every one, and there are millions of them.
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.0.write_string_fragment(out, fragment);
        }
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

    #[test]
    fn a_document_written_piece_by_piece_reads_as_one_written_at_once() {
        let whole =
            json!({ "head": { "a": [1, null] }, "rows": [{ "key": "\u{202e}" }, "b"], "none": [], "complete": false });
        let mut expected = vec![];
        write_pretty(&mut expected, &whole).unwrap();
        expected.push(b'\n');
        let mut out = vec![];
        let mut document = Document::begin_document(&mut out).unwrap();
        document.write_field(&mut out, "head", &whole["head"]).unwrap();
        for list in ["rows", "none"] {
            document.begin_list(&mut out, list).unwrap();
            for item in whole[list].as_array().unwrap() {
                document.write_item(&mut out, item).unwrap();
            }
            document.end_list(&mut out).unwrap();
        }
        document.write_field(&mut out, "complete", &false).unwrap();
        document.end_document(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8(expected).unwrap());
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
