//! Character references: `&amp;`, `&#233;`, `&#xe9;`.
//!
//! Invariant: a reference to no character is a fault; an incomplete reference is left for the next piece.

use memchr::memchr;

use super::fault::XmlFault;

/// The longest reference to a character: `&#x0010FFFF;`.
const LONGEST_REFERENCE: usize = 12;

/// Appends `raw` with its references to characters replaced; returns how much of it that was. The rest is the beginning
/// of a reference.
pub(super) fn unescape(raw: &[u8], into: &mut Vec<u8>) -> Result<usize, XmlFault> {
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest) {
        into.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        // Around every `ETag`.
        if let Some(behind) = rest.strip_prefix(b"&quot;") {
            into.push(b'"');
            rest = behind;
            continue;
        }
        let Some((character, length)) = reference(rest)? else { return Ok(raw.len() - rest.len()) };
        into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[length..];
    }
    into.extend_from_slice(rest);
    Ok(raw.len())
}

/// The character that is referred to, and the length of the reference; `None` if it is not whole.
fn reference(bytes: &[u8]) -> Result<Option<(char, usize)>, XmlFault> {
    let unknown = XmlFault::Malformed("a reference to an unknown character");
    let Some(end) = memchr(b';', &bytes[..bytes.len().min(LONGEST_REFERENCE)]) else {
        return if bytes.len() < LONGEST_REFERENCE { Ok(None) } else { Err(unknown) };
    };
    let character = match &bytes[1..end] {
        b"quot" => Some('"'),
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"apos" => Some('\''),
        [b'#', b'x', digits @ ..] => code_point(digits, 16),
        [b'#', digits @ ..] => code_point(digits, 10),
        _ => None,
    };
    character.map(|character| Some((character, end + 1))).ok_or(unknown)
}

fn code_point(digits: &[u8], radix: u32) -> Option<char> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_those_to_nothing_refused() {
        for (raw, text) in [
            ("a&amp;b&lt;&gt;&quot;&apos;", Some("a&b<>\"'")),
            ("&#233;&#xe9;&#xE9;&#x0001F30A;", Some("ééé🌊")),
            ("&amp;amp;", Some("&amp;")),
            ("&nbsp;", None),
            ("&;", None),
            ("&#;", None),
            ("&#x;", None),
            ("&#+7;", None),
            ("&#xD800;", None),
            ("&#x110000;", None),
            ("& and so on;", None),
        ] {
            let mut read = vec![];
            let taken = unescape(raw.as_bytes(), &mut read);
            assert_eq!(taken.is_ok().then_some(read), text.map(|text| text.as_bytes().to_vec()), "{raw}");
        }
    }

    #[test]
    fn a_reference_that_is_not_whole_is_left() {
        let mut read = vec![];
        assert_eq!((unescape(b"ab&#x1F3", &mut read), &read[..]), (Ok(2), &b"ab"[..]));
    }
}
