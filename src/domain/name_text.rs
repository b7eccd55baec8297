//! Names as text, including those that are not UTF-8.
//!
//! A key is any sequence of bytes. Nearly all keys are UTF-8, and everything that shows, types, joins and sends names
//! works on text. So a byte that is not part of a character becomes a character of its own: U+10FE80 for the byte 80, up
//! to U+10FEFF for the byte ff. Python does the same with lone surrogates, which a `str` cannot hold.
//! <https://peps.python.org/pep-0383/>
//!
//! Invariant: a name has one text, and different names have different texts: [`bytes_of`] returns what [`text_of`] was
//! given. If a key really contains one of these private characters, it is kept as the four bytes that encode it.

use std::borrow::Cow;

use memchr::memchr;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// The character that stands for the byte 0, if any did: those below 80 are characters themselves.
const FIRST: u32 = 0x10_fe00;

/// The first byte of U+10FE80 and of every character near it.
const LEADING: u8 = 0xf4;

/// What is not written as `%XX`: RFC 3986's unreserved characters, and the `/` between names.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The text of a name.
pub fn text_of(name: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(text) if !is_not_utf8(text) => Cow::Borrowed(text),
        _ => Cow::Owned(written_out(name)),
    }
}

/// The name that a text stands for.
pub fn bytes_of(text: &str) -> Cow<'_, [u8]> {
    if !is_not_utf8(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut name = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte_of(c) {
            Some(byte) => name.push(byte),
            None => name.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(name)
}

/// The byte that a character stands for, if it stands for one.
pub fn byte_of(c: char) -> Option<u8> {
    u32::from(c).checked_sub(FIRST).and_then(|byte| u8::try_from(byte).ok()).filter(|byte| !byte.is_ascii())
}

/// Whether a text stands for a name that is not UTF-8.
pub fn is_not_utf8(text: &str) -> bool {
    // All of these characters begin so, and hardly any other does.
    memchr(LEADING, text.as_bytes()).is_some() && text.contains(stands_for_a_byte)
}

/// A name for people: each byte that is no part of a character as `\xff`.
pub fn readable_name(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match byte_of(c) {
            Some(byte) => shown.extend(["\\x", &hex::encode([byte])]),
            None => shown.push(c),
        }
    }
    shown
}

/// A name's bytes in the form that URLs have, `a%FFb/c`: exact, whatever it holds.
pub fn percent_encoded(text: &str) -> String {
    percent_encode(&bytes_of(text), ENCODED).to_string()
}

fn stands_for_a_byte(c: char) -> bool {
    byte_of(c).is_some()
}

fn written_out(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len() + 16);
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if stands_for_a_byte(c) {
                text.extend(c.encode_utf8(&mut [0; 4]).bytes().map(standing_for));
            } else {
                text.push(c);
            }
        }
        text.extend(chunk.invalid().iter().copied().map(standing_for));
    }
    text
}

fn standing_for(byte: u8) -> char {
    char::from_u32(FIRST + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER) // all of them are characters
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_that_are_no_text_stand_as_characters_and_are_told_apart_from_what_looks_like_them() {
        for (name, shown, encoded) in [
            (&b"plain/k\xc3\xa9y"[..], "plain/kéy", "plain/k%C3%A9y"),
            (b"a\xffb\xc3", r"a\xffb\xc3", "a%FFb%C3"),
            (br"a\xffb", r"a\xffb", "a%5Cxffb"),
            ("\u{10feff}".as_bytes(), r"\xf4\x8f\xbb\xbf", "%F4%8F%BB%BF"),
        ] {
            let text = text_of(name);
            assert_eq!((&*bytes_of(&text), readable_name(&text).as_str()), (name, shown));
            assert_eq!(percent_encoded(&text), encoded);
        }
        assert_ne!(text_of(b"\xff"), text_of("\u{10feff}".as_bytes()));
        assert!(is_not_utf8(&text_of(b"\x80")) && !is_not_utf8(&text_of(br"\x80")));
    }

    proptest! {
        #[test]
        fn a_name_has_one_text_and_comes_back_from_it(
            name in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(vec![0xf4, 0x8f, 0xbb, 0xbf])], 0..24),
        ) {
            let text = text_of(&name);
            prop_assert_eq!(&*bytes_of(&text), &name[..]);
        }
    }
}
