//! Keys on the wire. XML cannot carry every byte of a key, so listings ask for `encoding-type=url` and decode it here.
//!
//! Invariant: an odd key never makes its page fail.

use memchr::memchr2;

/// Whether a key reads differently once it is decoded.
pub(super) fn is_encoded(wire: &[u8]) -> bool {
    memchr2(b'%', b'+', wire).is_some()
}

/// Undoes form encoding, into a buffer that is emptied first: `+` is a space, `%2B` is a plus, a `%` before anything but
/// two digits stands for itself. The bytes are what S3 sorts by.
pub(super) fn decode_form_encoding<'a>(wire: &[u8], into: &'a mut Vec<u8>) -> &'a [u8] {
    into.clear();
    let mut rest = wire;
    while let Some(at) = memchr2(b'%', b'+', rest) {
        into.extend_from_slice(&rest[..at]);
        let (byte, length) = match &rest[at..] {
            [b'+', ..] => (b' ', 1),
            [_, high, low, ..] => hex_digits(*high, *low).map_or((b'%', 1), |byte| (byte, 3)),
            _ => (b'%', 1),
        };
        into.push(byte);
        rest = &rest[at + length..];
    }
    into.extend_from_slice(rest);
    into
}

fn hex_digits(high: u8, low: u8) -> Option<u8> {
    let mut byte = [0];
    hex::decode_to_slice([high, low], &mut byte).ok()?;
    Some(byte[0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encoded_keys_are_read() {
        let mut buffer = vec![];
        for (wire, key) in [
            ("plain/key.txt", &b"plain/key.txt"[..]),
            ("a+b%2Bc", b"a b+c"),
            ("100%25", b"100%"),
            ("%C3%A9%c3%a9", "éé".as_bytes()),
            ("%00%1B%0A", b"\0\x1b\n"),
            ("broken%", b"broken%"),
            ("broken%4", b"broken%4"),
            ("%%41%zz", b"%A%zz"),
            ("a%FFb%C3", b"a\xffb\xc3"),
        ] {
            assert_eq!(decode_form_encoding(wire.as_bytes(), &mut buffer), key, "{wire}");
            assert_eq!(is_encoded(wire.as_bytes()), wire != "plain/key.txt");
        }
    }

    proptest! {
        #[test]
        fn every_key_survives_the_wire(key in any::<Vec<u8>>()) {
            let wire: String = form_urlencoded::byte_serialize(&key).collect();
            let mut buffer = vec![];
            prop_assert_eq!(decode_form_encoding(wire.as_bytes(), &mut buffer), &key[..]);
        }
    }
}
