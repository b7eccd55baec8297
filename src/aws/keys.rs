//! Keys as they come over the wire. XML cannot carry every byte of a key, so listings ask for `encoding-type=url`; the
//! SDK then hands keys over encoded.
//!
//! Invariant: no key fails the page it came with.

/// Undoes form encoding: `+` is a space, `%2B` is a plus. The bytes are what S3 sorts by.
pub(super) fn bytes(encoded: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(&encoded.replace('+', " ")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encoded_keys_are_read() {
        for (wire, key) in [
            ("plain/key.txt", &b"plain/key.txt"[..]),
            ("a+b%2Bc", b"a b+c"),
            ("100%25", b"100%"),
            ("%C3%A9", "é".as_bytes()),
            ("%00%1B%0A", b"\0\x1b\n"),
            ("broken%", b"broken%"),
            ("a%FFb%C3", b"a\xffb\xc3"),
        ] {
            assert_eq!(bytes(wire), key, "{wire}");
        }
    }

    proptest! {
        #[test]
        fn every_key_survives_the_wire(key in any::<Vec<u8>>()) {
            let wire: String = form_urlencoded::byte_serialize(&key).collect();
            prop_assert_eq!(bytes(&wire), key);
        }
    }
}
