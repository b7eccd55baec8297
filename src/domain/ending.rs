//! Whether a refusal means that the session has expired.
//!
//! Services report expiration in many ways: `ExpiredToken` with 400 or 403, `AccessDenied` with or without a message, an
//! unknown key or token. So the clock decides first: a refusal after the expiration is due to the expiration, whatever
//! its code. Before the expiration, the code decides.
//!
//! Invariant: only this module decides it, for every call that a session signs.

use jiff::SignedDuration;

use super::{
    failure::{Failure, FailureKind},
    lifetime::Lifetime,
    moment::Moment,
};

/// How exactly the service's clock is known: `Date` and `Expiration` have whole seconds each.
const RESOLUTION: SignedDuration = SignedDuration::from_secs(2);

/// The failure of a call that a session of this lifetime signed, as it came at this moment.
#[must_use]
pub fn judge_failure(failure: Failure, lifetime: Option<Lifetime>, at: Moment) -> Failure {
    match lifetime.filter(|lifetime| lifetime.remaining(at) <= RESOLUTION && is_refusal(&failure)) {
        Some(lifetime) => {
            Failure { kind: FailureKind::Expired, ended: Some(lifetime.expiration), hint: None, ..failure }
        }
        None => failure,
    }
}

/// Whether a service refused these credentials. What it says about the location that was requested,
/// about itself or about too many requests says nothing about them.
fn is_refusal(failure: &Failure) -> bool {
    let of_the_credentials = match failure.kind {
        FailureKind::Expired
        | FailureKind::Denied
        | FailureKind::InvalidCredentials
        | FailureKind::Clock
        | FailureKind::Invalid => true,
        FailureKind::Other => failure.status.is_some_and(|status| (400..500).contains(&status)),
        FailureKind::NotFound
        | FailureKind::WrongRegion
        | FailureKind::Throttled
        | FailureKind::Network
        | FailureKind::Timeout
        | FailureKind::Malformed
        | FailureKind::Unsupported => false,
    };
    of_the_credentials && failure.status.is_some()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::failure::Service;

    fn at(second: i64) -> Moment {
        Moment { local: Timestamp::from_second(second).unwrap(), offset: SignedDuration::ZERO }
    }

    fn refused(kind: FailureKind, status: u16, code: Option<&str>) -> Failure {
        Failure {
            code: code.map(Into::into),
            status: Some(status),
            service: Service::S3,
            ..Failure::local(kind, "list", "s3://tide-logs/", "no reason given")
        }
    }

    /// An hour from 0 on.
    fn hour() -> Lifetime {
        Lifetime::until_expiration(at(3600).local, at(0))
    }

    #[test]
    fn after_the_end_every_refusal_is_the_end_and_before_it_the_code_decides() {
        for (kind, status, code) in [
            (FailureKind::Expired, 400, Some("ExpiredToken")),
            (FailureKind::Expired, 403, Some("ExpiredTokenException")),
            (FailureKind::Denied, 403, Some("AccessDenied")),
            (FailureKind::Denied, 403, None),
            (FailureKind::InvalidCredentials, 401, None),
            (FailureKind::InvalidCredentials, 403, Some("InvalidAccessKeyId")),
            (FailureKind::InvalidCredentials, 403, Some("SignatureDoesNotMatch")),
            (FailureKind::InvalidCredentials, 400, Some("InvalidToken")),
            (FailureKind::Clock, 403, Some("RequestTimeTooSkewed")),
            (FailureKind::Invalid, 400, Some("InvalidRequest")),
            (FailureKind::Other, 400, Some("SessionIsNoMore")),
        ] {
            let failure = refused(kind, status, code);
            for (second, ended) in [(0, false), (3597, false), (3598, true), (3600, true), (90_000, true)] {
                let judged = judge_failure(failure.clone(), Some(hour()), at(second));
                assert_eq!(judged.kind, if ended { FailureKind::Expired } else { kind }, "{code:?} {status} {second}");
                assert_eq!(judged.ended.is_some(), ended, "{code:?} {status} {second}");
                assert_eq!((judged.code.as_deref(), judged.status), (code, Some(status)), "what came is kept");
            }
            assert_eq!(judge_failure(failure.clone(), None, at(90_000)), failure, "no end is known");
        }
    }

    #[test]
    fn what_is_no_refusal_is_not_the_end() {
        for (kind, status) in [
            (FailureKind::NotFound, Some(404)),
            (FailureKind::WrongRegion, Some(301)),
            (FailureKind::Throttled, Some(503)),
            (FailureKind::Unsupported, Some(501)),
            (FailureKind::Malformed, Some(200)),
            (FailureKind::Other, Some(500)),
            (FailureKind::Network, None),
            (FailureKind::Timeout, None),
            (FailureKind::Expired, None),
            (FailureKind::Invalid, None),
        ] {
            let failure = Failure { status, ..refused(kind, 0, None) };
            assert_eq!(judge_failure(failure.clone(), Some(hour()), at(90_000)), failure, "{kind:?}");
        }
    }

    #[test]
    fn the_end_is_said_before_what_the_service_said() {
        let judged = judge_failure(refused(FailureKind::Denied, 403, Some("AccessDenied")), Some(hour()), at(3605));
        assert_eq!(
            judged.to_string(),
            "could not list s3://tide-logs/: the session expired at 01:00:00 UTC; S3 answered AccessDenied (403): no reason given"
        );
        assert!(judged.next_move().contains("mint it again"), "{}", judged.next_move());
    }
}
