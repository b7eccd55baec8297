//! MFA codes, and the device they come from.
//!
//! Invariant: a code leaves [`MfaCode`] only through [`MfaCode::expose`]; `Debug` never prints one, and dropping it
//! overwrites its memory.

use std::fmt;

use jiff::Timestamp;
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

use crate::domain::{
    identity::Identity,
    totp::{valid_until, window_at},
};

/// Digits of a code: AWS takes exactly six.
pub const DIGITS: usize = 6;

/// Six digits that an MFA device shows for half a minute. Sent once, never again.
#[derive(Clone, PartialEq, Eq)]
pub struct MfaCode(Zeroizing<String>);

/// Text that is not six digits. Says nothing of the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an MFA code, which has six digits")]
pub struct NotACode;

impl MfaCode {
    /// Reads six ASCII digits, with whatever white space is around them.
    pub fn parse_code(text: &str) -> Result<Self, NotACode> {
        let digits = text.trim();
        let six = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        if six { Ok(Self(Zeroizing::new(digits.to_owned()))) } else { Err(NotACode) }
    }

    /// The digits, for the one call that sends them.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// That a code was sent to STS, which takes each code once. Remembers a fingerprint, not the code.
#[derive(Clone, PartialEq, Eq)]
pub struct SpentCode {
    fingerprint: [u8; 32],
    window: i64,
}

impl fmt::Debug for SpentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A million codes are soon tried against a fingerprint.
        f.debug_struct("SpentCode").field("window", &self.window).finish_non_exhaustive()
    }
}

impl SpentCode {
    /// Notes that the code of device `serial` was sent at `now`, by the service's clock.
    pub fn note_sent(serial: &str, code: &MfaCode, now: Timestamp) -> Self {
        Self { fingerprint: fingerprint_of(serial, code), window: window_at(now) }
    }

    /// Whether this is the same code of the same device, and STS would refuse it: in the window in which it was sent,
    /// and in the next, for which the device shows another.
    pub fn is_same(&self, serial: &str, code: &MfaCode, now: Timestamp) -> bool {
        (0..=1).contains(&(window_at(now) - self.window)) && self.fingerprint == fingerprint_of(serial, code)
    }
}

fn fingerprint_of(serial: &str, code: &MfaCode) -> [u8; 32] {
    Sha256::new().chain_update(serial).chain_update([0]).chain_update(code.expose()).finalize().into()
}

/// Whole seconds until devices show their next code, at least 1.
pub fn next_code_in(now: Timestamp) -> i64 {
    valid_until(now).duration_since(now).as_secs().max(1)
}

/// The serial number that a virtual device has if it was named after its user, as the console proposes; `None` where the
/// caller is no IAM user.
pub fn conventional_serial(caller: &Identity) -> Option<String> {
    let (partition, user) = caller.arn.strip_prefix("arn:")?.split_once(":iam::")?;
    let (account, path) = user.split_once(":user/")?;
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    Some(format!("arn:{partition}:iam::{account}:mfa/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> MfaCode {
        MfaCode::parse_code(text).unwrap()
    }

    #[test]
    fn a_code_is_six_digits_and_nothing_else() {
        for (text, read) in [("730461", true), (" 000000\n", true), ("73046", false), ("7304611", false)] {
            assert_eq!(MfaCode::parse_code(text).is_ok(), read, "{text:?}");
        }
        for text in ["", "73046a", "+73046", "73 461", "٧٣٠٤٦١", "1234é"] {
            assert_eq!(MfaCode::parse_code(text), Err(NotACode), "{text:?}");
        }
    }

    #[test]
    fn debug_does_not_print_the_code() {
        assert_eq!(format!("{:?} {:#?}", code("730461"), Some(code("730461"))), "*** Some(\n    ***,\n)");
        let spent = SpentCode::note_sent("d", &code("730461"), Timestamp::UNIX_EPOCH);
        assert_eq!(format!("{spent:?}"), "SpentCode { window: 0, .. }", "nor what it could be guessed from");
    }

    #[test]
    fn a_code_is_spent_until_the_device_has_shown_another() {
        let at = |second: i64| Timestamp::from_second(1_000_020 + second).unwrap(); // a window begins at 1,000,020
        let spent = SpentCode::note_sent("device", &code("730461"), at(12));
        for (serial, text, second, is) in [
            ("device", "730461", 12, true),
            ("device", "730461", 29, true),
            ("device", "730461", 59, true),
            ("device", "730461", 60, false),
            ("device", "730462", 13, false),
            ("another", "730461", 13, false),
        ] {
            assert_eq!(spent.is_same(serial, &code(text), at(second)), is, "{serial} {text} after {second} s");
        }
        assert_eq!([0, 1, 29, 30].map(|second| next_code_in(at(second))), [30, 29, 1, 30]);
    }

    #[test]
    fn a_device_is_looked_for_under_its_users_name() {
        for (arn, serial) in [
            ("arn:aws:iam::111122223333:user/ana", Some("arn:aws:iam::111122223333:mfa/ana")),
            ("arn:aws-cn:iam::111122223333:user/team/ana", Some("arn:aws-cn:iam::111122223333:mfa/ana")),
            ("arn:aws:iam::111122223333:root", None),
            ("arn:aws:sts::111122223333:assumed-role/r/s", None),
            ("minio-root", None),
        ] {
            let caller = Identity { arn: arn.into(), account: String::new(), user_id: String::new() };
            assert_eq!(conventional_serial(&caller).as_deref(), serial, "{arn}");
        }
    }
}
