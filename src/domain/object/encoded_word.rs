//! User metadata that is not ASCII: S3 returns it as RFC 2047 writes it in headers of mail.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>
//!
//! Invariant: a word that cannot be decoded in full stays as it was written.

use base64::{Engine, engine::general_purpose::STANDARD};

/// The text that a value stands for, if it has encoded words; `None` if it is text already.
pub fn decode_words(value: &str) -> Option<String> {
    let (mut text, mut rest, mut found) = (String::new(), value, false);
    while let Some(at) = rest.find("=?") {
        let (before, here) = rest.split_at(at);
        let Some((word, behind)) = split_word(here).and_then(|(word, behind)| Some((decode_word(word)?, behind)))
        else {
            text.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        // Space between two encoded words is no part of the text. RFC 2047, section 6.2
        if !(found && before.trim().is_empty()) {
            text.push_str(before);
        }
        text.push_str(&word);
        (rest, found) = (behind, true);
    }
    text.push_str(rest);
    found.then_some(text)
}

/// `charset?encoding?text` of the `=?…?=` at the start, and what follows it.
fn split_word(text: &str) -> Option<([&str; 3], &str)> {
    let mut parts = text.strip_prefix("=?")?.splitn(3, '?');
    let (charset, encoding, tail) = (parts.next()?, parts.next()?, parts.next()?);
    let (encoded, behind) = tail.split_once("?=")?;
    Some(([charset, encoding, encoded], behind))
}

fn decode_word([charset, encoding, encoded]: [&str; 3]) -> Option<String> {
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(encoded).ok()?,
        "Q" | "q" => decode_q(encoded)?,
        _ => return None,
    };
    // A language may follow the charset: RFC 2231, section 5.
    let charset = charset.split('*').next().unwrap_or_default().to_ascii_lowercase();
    match charset.as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => String::from_utf8(bytes).ok(),
        "iso-8859-1" | "latin1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

/// `=C3=A9` is a byte each, `_` a space.
fn decode_q(encoded: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut rest) = (vec![], encoded.as_bytes());
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        bytes.push(match first {
            b'_' => b' ',
            b'=' => {
                let mut byte = [0];
                hex::decode_to_slice(rest.get(..2)?, &mut byte).ok()?;
                rest = &rest[2..];
                byte[0]
            }
            other => *other,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encoded_words_are_decoded_and_everything_else_stays() {
        for (value, text) in [
            ("=?UTF-8?B?Z3LDvG4=?=", Some("grün")),
            ("=?utf-8?q?gr=C3=BCn_und_blau?=", Some("grün und blau")),
            ("=?UTF-8?Q?a?= =?UTF-8?Q?b?=", Some("ab")),
            ("x =?UTF-8?Q?a?= y", Some("x a y")),
            ("=?ISO-8859-1?Q?caf=E9?=", Some("café")),
            ("=?UTF-8*de?Q?ja?=", Some("ja")),
            ("=?=?UTF-8?Q?a?=", Some("=?a")),
            ("=?UTF-8?Q?gr=C3?=", None),
            ("=?UTF-8?B?!!?=", None),
            ("=?UTF-8?Q?=F?=", None),
            ("=?koi8-r?Q?=F0?=", None),
            ("=?UTF-8?X?a?=", None),
            ("=?UTF-8?Q?a", None),
            ("plain", None),
            ("", None),
        ] {
            assert_eq!(decode_words(value).as_deref(), text, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_its_word_and_any_value_is_read(text in any::<String>(), value in any::<String>()) {
            let word = format!("=?UTF-8?B?{}?=", STANDARD.encode(&text));
            prop_assert_eq!(decode_words(&word), Some(text));
            let _ = decode_words(&value);
            let _ = decode_words(&format!("=?UTF-8?Q?{value}?="));
        }
    }
}
