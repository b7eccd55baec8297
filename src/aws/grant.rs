//! What STS grants, checked before it is believed.
//!
//! Invariant: what could not be a key, or ends at no time that can be right, is no session: the countdown rests on it, and
//! keys go into the headers of requests.

use aws_sdk_sts::types::Credentials as Granted;
use jiff::{SignedDuration, Timestamp};

use crate::domain::{credentials::Credentials, duration::SessionDuration, lifetime::Lifetime, session::Grant};

/// The longest that STS grants, unless more was requested: then the service is not AWS.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(36);

/// How far a service's clock may be from the one that its `Expiration` was computed with.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// The longest key id, secret key and token that are believed to be one. AWS documents no length of a token.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html>
const LONGEST_KEY: usize = 128;
const LONGEST_SECRET: usize = 1024;
const LONGEST_TOKEN: usize = 64 * 1024;

/// A fresh session.
#[derive(Debug, Clone)]
pub struct Minted {
    /// What signs its requests.
    pub credentials: Credentials,
    /// When it was requested, by the service's clock: not later than it was granted, however slow the answer.
    pub issued: Timestamp,
    /// When it starts and ends; `None` if it does not expire, or its expiration is unknown.
    pub lifetime: Option<Lifetime>,
    /// What else STS returned.
    pub grant: Grant,
}

/// A grant that can be right at `now`, the service's time, for the requested duration; or why it cannot.
pub(super) fn check_grant(
    granted: Option<Granted>,
    now: Timestamp,
    asked: Option<SessionDuration>,
) -> Result<Credentials, String> {
    let granted = granted.ok_or("the response has no credentials")?;
    for (what, text, longest) in [
        ("the access key ID", &granted.access_key_id, LONGEST_KEY),
        ("the secret key", &granted.secret_access_key, LONGEST_SECRET),
        ("the session token", &granted.session_token, LONGEST_TOKEN),
    ] {
        if let Some(why) = not_a_key(text, longest) {
            return Err(format!("the granted credentials are implausible and were not used: {what} {why}"));
        }
    }
    let expiration = Timestamp::from_second(granted.expiration.secs()).map_err(|_| {
        format!("the granted expiration, {}, is implausible; the session was not used", granted.expiration)
    })?;
    let left = expiration.duration_since(now);
    if left <= SignedDuration::ZERO {
        return Err(format!("the granted session had already expired at {expiration}; it was not used"));
    }
    let longest =
        asked.map_or(LONGEST_LIFE, |asked| LONGEST_LIFE.max(SignedDuration::from_secs(asked.as_secs().into())));
    if left > longest + TOLERANCE {
        return Err(format!("the granted expiration, {expiration}, is implausible; the session was not used"));
    }
    Ok(Credentials {
        access_key_id: granted.access_key_id,
        secret_access_key: granted.secret_access_key.into(),
        session_token: Some(granted.session_token.into()),
        expiration: Some(expiration),
    })
}

/// Why a text can be no key or token: whatever it is, it goes into the headers of requests.
fn not_a_key(text: &str, longest: usize) -> Option<&'static str> {
    if text.is_empty() {
        Some("is empty")
    } else if text.len() > longest {
        Some("is too long")
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some("has invalid characters")
    } else {
        None
    }
}
