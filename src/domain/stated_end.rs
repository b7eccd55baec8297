//! The expiration of credentials, as stated in a variable or a file.
//!
//! Tools write it in different ways: the AWS CLI in RFC 3339, saml2aws with a UTC offset, aws-mfa without a zone (it
//! means UTC), Go programs with `+0000 UTC` at the end.
//!
//! Invariant: text that is not a time gives none; an expiration is never guessed.

use jiff::{Timestamp, civil, tz::TimeZone};

/// The time that `text` states.
///
/// # Errors
/// Where it is not a time, in words that can follow the name of what stated it.
pub fn stated_end(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    let plain = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).unwrap_or(text).trim_end();
    let joined = plain.replace(" +", "+").replace(" -", "-");
    let without_zone = || {
        // A day without a time of it is no end.
        let at = plain.parse::<civil::DateTime>().ok().filter(|_| plain.contains(':'))?;
        at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
    };
    let read = joined.parse().ok().or_else(|| in_seconds(plain)).or_else(without_zone);
    read.ok_or_else(|| format!("not a time: {text}"))
}

/// Seconds since 1970: ten digits until the year 2286.
fn in_seconds(text: &str) -> Option<Timestamp> {
    let plausible = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    Timestamp::from_second(text.parse().ok().filter(|_| plausible)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_as_tools_spell_it() {
        for text in [
            "2036-11-30T00:40:00Z",
            " 2036-11-30T00:40:00+00:00 ",
            "2036-11-30T02:40:00+02:00",
            "2036-11-29T16:40:00-0800",
            "2036-11-30T00:40:00.000Z",
            "2036-11-30 00:40:00",
            "2036-11-30T00:40:00",
            "2036-11-30 00:40:00+00:00",
            "2036-11-30 00:40:00 UTC",
            "2036-11-30 00:40:00 +0000 UTC",
            "2111618400",
        ] {
            assert_eq!(stated_end(text), Ok("2036-11-30T00:40:00Z".parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["soon", "2036-13-30T00:40:00Z", "20361130", "2036-11-30", "2036", "12:40", "-", "9999999999999999"]
        {
            assert_eq!(stated_end(text), Err(format!("not a time: {text}")), "{text}");
        }
    }
}
