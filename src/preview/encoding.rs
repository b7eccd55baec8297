//! Whether bytes are text, and in which encoding.
//!
//! Invariant: text or bytes is decided first: a guess of encodings finds one for any bytes. The encoding is said, and one
//! that was asked for is used. At most [`GUESSED_FROM`] bytes are looked at for a guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that the guess of an encoding looks at.
const GUESSED_FROM: usize = 64 * 1024;

/// Text, with how it was read.
pub(super) struct DecodedText {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// Whether bytes were not valid in it.
    pub(super) invalid: bool,
}

/// The text in `bytes`, if it is text. `whole` says that nothing follows.
pub(super) fn decode_text(bytes: &[u8], whole: bool) -> Option<DecodedText> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(decode_as(encoding, bytes, whole));
    }
    if let Some(encoding) = guess_utf16(bytes) {
        return Some(decode_as(encoding, bytes, whole));
    }
    if !looks_like_text(bytes) {
        return None;
    }
    // UTF-8 that was cut inside a character is still UTF-8.
    let is_utf8 = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && (!whole || error.valid_up_to() == 0),
    };
    if is_utf8 || mostly_utf8(bytes) {
        return Some(decode_as(UTF_8, bytes, whole));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED_FROM)], whole && bytes.len() <= GUESSED_FROM);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    Some(decode_as(encoding, bytes, whole))
}

/// The text in `bytes`, read with an encoding that was asked for.
pub(super) fn decode_as(encoding: &'static Encoding, bytes: &[u8], whole: bool) -> DecodedText {
    let bytes = if whole { bytes } else { without_cut_character(encoding, bytes) };
    let (text, encoding, invalid) = encoding.decode(bytes);
    DecodedText { text: text.into_owned(), encoding, invalid }
}

/// The name of an encoding, in lower case.
pub(super) fn encoding_name(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// The bytes without those of a last character that was cut.
fn without_cut_character<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> &'a [u8] {
    if encoding == UTF_8 {
        // Only the last three bytes can be the beginning of a character.
        let tail = bytes.len().saturating_sub(3);
        let start = bytes[tail..].iter().rposition(|byte| *byte >= 0xC0).map(|at| tail + at);
        return match start {
            Some(start) if bytes.len() - start < utf8_length(bytes[start]) => &bytes[..start],
            _ => bytes,
        };
    }
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let even = bytes.len() & !1;
        let high = |pair: &[u8]| pair[usize::from(encoding == UTF_16LE)] & 0xFC == 0xD8;
        let cut = even >= 2 && high(&bytes[even - 2..even]);
        return &bytes[..if cut { even - 2 } else { even }];
    }
    bytes
}

fn utf8_length(lead: u8) -> usize {
    match lead {
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Whether bytes have none of what text does not have: NUL, and controls other than those for lines, pages and colours.
fn looks_like_text(bytes: &[u8]) -> bool {
    let is_control = |byte: &&u8| matches!(byte, 0x01..=0x06 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    // A few stray controls in a long log are no binary.
    !bytes.contains(&0) && bytes.iter().filter(is_control).count() * 100 <= bytes.len()
}

/// Whether bytes are UTF-8 with a few that are damaged: most of what is not ASCII is valid.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > 8 * invalid
}

/// UTF-16 without a byte order mark: text of any language has spaces and line ends, whose high byte is 0.
fn guess_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    let encoding = match (even, odd) {
        (0, odd) if half >= 4 && odd * 2 > half => UTF_16LE,
        (even, 0) if half >= 4 && even * 2 > half => UTF_16BE,
        _ => return None,
    };
    let (text, invalid) = encoding.decode_without_bom_handling(without_cut_character(encoding, sample));
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace() && *c != '\u{1b}').count();
    (!invalid && controls * 100 <= half).then_some(encoding)
}
