//! Numbers for people.
//!
//! Invariant: the digits do not change; only separators are added.

use std::fmt::Display;

use bytesize::ByteSize;

/// `12,022`, for a whole number that is not negative.
pub fn group_digits(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12.3 MiB`, `640 B`, and beyond what 64 bits hold `16.0 EiB`.
pub fn format_bytes(bytes: impl Into<u128>) -> String {
    const EXBIBYTE: u128 = 1 << 60;
    let bytes = bytes.into();
    if let Ok(bytes) = u64::try_from(bytes) {
        return ByteSize(bytes).display().iec().to_string();
    }
    format!("{}.{} EiB", group_digits(bytes / EXBIBYTE), bytes % EXBIBYTE * 10 / EXBIBYTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_beyond_64_bits_are_what_they_are() {
        for (number, text) in [
            (u128::from(u64::MAX) + 1, "16.0 EiB"),
            (3 << 64, "48.0 EiB"),
            ((1 << 70) + (1 << 59), "1,024.5 EiB"),
            (1 << 20, "1.0 MiB"),
        ] {
            assert_eq!(format_bytes(number), text);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0u64, "0"), (999, "999"), (1000, "1,000"), (12_022, "12,022"), (1_234_567, "1,234,567")]
        {
            assert_eq!(group_digits(number), text);
        }
    }
}
