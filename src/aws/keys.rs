//! Keys as they come over the wire. XML cannot carry every byte of a key, so listings ask for `encoding-type=url`; the
//! SDK then hands keys over encoded.
//!
//! Invariant: what cannot be read as UTF-8 stays visible, byte by byte, and never fails the page it came with.

use std::fmt::Write;

/// Undoes form encoding: `+` is a space, `%2B` is a plus. A byte that is not UTF-8 becomes the text `\xff`.
pub(super) fn decode(encoded: &str) -> String {
    match String::from_utf8(bytes(encoded)) {
        Ok(text) => text,
        Err(error) => visible(error.as_bytes()),
    }
}

/// The key itself, which S3 sorts by.
pub(super) fn bytes(encoded: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(&encoded.replace('+', " ")).collect()
}

fn visible(bytes: &[u8]) -> String {
    bytes.utf8_chunks().fold(String::new(), |mut text, chunk| {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encoded_keys_are_read() {
        for (wire, key) in [
            ("plain/key.txt", "plain/key.txt"),
            ("a+b%2Bc", "a b+c"),
            ("100%25", "100%"),
            ("%C3%A9", "é"),
            ("%00%1B%0A", "\0\u{1b}\n"),
            ("broken%", "broken%"),
            ("a%FFb%C3", "a\\xffb\\xc3"),
        ] {
            assert_eq!(decode(wire), key, "{wire}");
        }
    }

    proptest! {
        #[test]
        fn every_key_survives_the_wire(key in any::<String>()) {
            let wire: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
            prop_assert_eq!(decode(&wire), key);
        }
    }
}
