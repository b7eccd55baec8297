//! Codes of a virtual MFA device: RFC 6238 with HMAC-SHA-1, six digits and 30 seconds, like AWS's devices.
//!
//! Invariant: a code depends only on the seed and the time window; `Debug` shows neither.

use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha1::Sha1;

/// How long a code stands, in seconds.
const WINDOW: i64 = 30;
/// The alphabet of RFC 4648's base 32.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What a device and the service that checks it share.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(Vec<u8>);

/// A text that is not base 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a seed in base 32: use the letters A to Z and the digits 2 to 7")]
pub struct NotASeed;

impl Seed {
    /// The code of the window that `at` lies in.
    pub fn code_at(&self, at: Timestamp) -> String {
        self.code_of(window_at(at))
    }

    /// The six digits of a window, see [`window`].
    #[expect(clippy::missing_panics_doc, reason = "HMAC takes keys of every length, and its digest has 20 bytes")]
    pub fn code_of(&self, window: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of every length");
        mac.update(&window.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[19] & 0xf);
        let word = digest[offset..offset + 4].try_into().expect("four of 20 bytes, from at most the 16th on");
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
    }
}

/// The number of the window that `at` lies in, counted from 1970.
pub fn window_at(at: Timestamp) -> i64 {
    at.as_second().div_euclid(WINDOW)
}

/// When the code of the window that `at` lies in gives way to the next.
pub fn valid_until(at: Timestamp) -> Timestamp {
    let past = SignedDuration::from_secs(at.as_second().rem_euclid(WINDOW));
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.saturating_add(SignedDuration::from_secs(WINDOW) - past).unwrap_or(at)
}

/// Reads base 32 as authenticator apps show it: case, spaces and padding do not matter.
impl FromStr for Seed {
    type Err = NotASeed;

    fn from_str(text: &str) -> Result<Self, NotASeed> {
        let (mut bytes, mut buffer, mut bits) = (vec![], 0_u32, 0);
        for letter in text.trim_end_matches('=').bytes().filter(|letter| *letter != b' ') {
            let letter = letter.to_ascii_uppercase();
            let value = ALPHABET.iter().position(|other| *other == letter).ok_or(NotASeed)?;
            buffer = (buffer << 5) | u32::try_from(value).map_err(|_| NotASeed)?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from(buffer >> bits & 0xff).map_err(|_| NotASeed)?);
            }
        }
        if bytes.is_empty() { Err(NotASeed) } else { Ok(Self(bytes)) }
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed of RFC 6238's appendix B: `12345678901234567890`.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn the_rfcs_own_vectors_hold() {
        let seed: Seed = RFC.parse().unwrap();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(seed.code_at(Timestamp::from_second(second).unwrap()), code, "at {second}");
        }
    }

    #[test]
    fn a_code_stands_until_its_window_ends() {
        for (at, until) in [
            ("2026-11-22T12:00:00Z", "2026-11-22T12:00:30Z"),
            ("2026-11-22T12:00:29.999Z", "2026-11-22T12:00:30Z"),
            ("2026-11-22T12:00:30Z", "2026-11-22T12:01:00Z"),
            ("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
        ] {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(valid_until(at), until.parse().unwrap(), "{at}");
            assert_eq!(window_at(valid_until(at)), window_at(at) + 1);
        }
    }

    #[test]
    fn a_seed_is_read_as_apps_show_it() {
        let seed: Seed = RFC.parse().unwrap();
        assert_eq!("gezd gnbv gy3t qojq gezd gnbv gy3t qojq".parse(), Ok(seed.clone()));
        assert_eq!(format!("{RFC}====").parse(), Ok(seed));
        for text in ["", "====", "GEZ1", "GEZD-GNBV", "é"] {
            assert_eq!(text.parse::<Seed>(), Err(NotASeed), "{text}");
        }
        assert_eq!(format!("{:?}", RFC.parse::<Seed>().unwrap()), "Seed(…)");
    }
}
