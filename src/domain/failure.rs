//! What went wrong, what it concerned, and what to do next.
//!
//! Invariant: a [`Failure`] holds no secret. It carries a service's code, message and request id, never its raw reply:
//! some replies echo the session token.

use std::{fmt, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use super::safe_text::printable;

/// Whose answer, or lack of one, this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The Security Token Service, which mints.
    Sts,
    /// S3, which is browsed.
    S3,
    /// IAM, which may be asked about users, roles and MFA devices.
    Iam,
    /// AWS's sign-in service, which lets a session into the web console.
    SignIn,
    /// This machine: profiles, files, what was typed.
    Local,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sts => "STS",
            Self::S3 => "S3",
            Self::Iam => "IAM",
            Self::SignIn => "the sign-in service",
            Self::Local => "ebbtide",
        })
    }
}

/// Where the service does not have a call of STS.
const NO_SUCH_MODE: &str = "this service does not have this call of STS: choose another mode, --mode role (which most \
    have) or --mode direct (which needs none)";

/// Where the service does not have a call of IAM.
const NO_IAM: &str =
    "this service does not have this call of IAM, which nothing else needs: go on without, type the ARN";

/// What kind of trouble it is: decides the next move and the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The session is over (`ExpiredToken`, `TokenRefreshRequired`).
    Expired,
    /// A policy says no, or nothing says yes.
    Denied,
    /// Unknown key, wrong secret, forged or foreign session token.
    InvalidCredentials,
    /// No such bucket, key or profile.
    NotFound,
    /// The bucket lives in another region than was asked.
    WrongRegion,
    /// Too many requests.
    Throttled,
    /// No connection.
    Network,
    /// No answer in time.
    Timeout,
    /// The two clocks disagree by more than a signature may be old.
    Clock,
    /// An answer that is not what the protocol promises; never taken for an empty one.
    Malformed,
    /// The service does not have this call: many that are not AWS have few of STS's, and none of IAM's.
    Unsupported,
    /// Something typed or configured that cannot be right.
    Invalid,
    /// Anything else.
    Other,
}

impl FailureKind {
    /// The next move where nothing more is known than the kind of trouble and whose it is.
    pub const fn next_move(self, service: Service) -> &'static str {
        match (self, service) {
            (Self::Expired, Service::Sts) => "the profile's own credentials have expired: log in again, then mint",
            (Self::Expired, _) => "the session is over: mint again with the same request",
            (Self::Denied, Service::Sts) => {
                "the profile may not mint this: choose another mode, or ask for the permission or the role's trust"
            }
            (Self::Denied, _) => "these credentials may not do this: mint a session that may, or go elsewhere",
            (Self::InvalidCredentials, _) => {
                "the service does not know these credentials: check the profile's keys and its endpoint"
            }
            (Self::NotFound, _) => "check the name; names are case-sensitive",
            (Self::WrongRegion, _) => "ask in the bucket's own region, with --region",
            (Self::Throttled, _) => "the service asks for fewer requests: wait a little, then try again",
            (Self::Network, _) => "check the network, the endpoint and the proxy, then try again",
            (Self::Timeout, _) => "try again; if it stays, check the network, the endpoint and the proxy",
            (Self::Clock, _) => "this machine's clock is wrong: set it, then try again",
            (Self::Malformed, _) => "this endpoint does not answer as AWS does: check its address",
            (Self::Unsupported, Service::Sts) => NO_SUCH_MODE,
            (Self::Unsupported, Service::Iam) => NO_IAM,
            (Self::Unsupported, _) => "this service does not have this call: check its address, or go on without",
            (Self::Invalid, _) => "correct it and try again",
            (Self::Other, _) => "try again; if it stays, the request id helps the service's support",
        }
    }
}

/// One failed piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of trouble.
    pub kind: FailureKind,
    /// Who refused or did not answer.
    pub service: Service,
    /// What was tried, as a verb phrase: `list`, `assume the role`.
    pub action: String,
    /// On what: a location, a role, a profile, a file with its line. Foreign text.
    pub subject: String,
    /// The service's own code: `AccessDenied`, `ExpiredToken`.
    pub code: Option<String>,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The service's own words, or ours where it said nothing. Foreign text.
    pub message: String,
    /// For a support case.
    pub request_id: Option<String>,
    /// How long the service asked to wait before the next request.
    pub asks_to_wait: Option<Duration>,
    /// A move better than the kind's own, where the place that failed knows one.
    pub hint: Option<String>,
    /// When the session that was refused had ended, by the service's clock, where that is why: see [`ending`](super::ending).
    pub ended: Option<Timestamp>,
}

impl Failure {
    /// Trouble on this machine: no service was asked.
    pub fn local(
        kind: FailureKind,
        action: impl Into<String>,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            service: Service::Local,
            action: action.into(),
            subject: subject.into(),
            code: None,
            status: None,
            message: message.into(),
            request_id: None,
            asks_to_wait: None,
            hint: None,
            ended: None,
        }
    }

    /// The same failure with a better next move.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What happened in one line without the subject: `S3 answered AccessDenied (403): …`. Safe to print.
    pub fn reason(&self) -> String {
        self.reason_in(&TimeZone::UTC)
    }

    /// The same, with times as a clock in this zone shows them.
    pub fn reason_in(&self, zone: &TimeZone) -> String {
        match self.ended {
            Some(at) => format!("{}; {}", ended_at(at, zone), self.answer()),
            None => self.answer(),
        }
    }

    fn answer(&self) -> String {
        let message = printable(&self.message);
        match (&self.code, self.status) {
            (Some(code), Some(status)) => {
                format!("{} answered {} ({status}): {message}", self.service, printable(code))
            }
            (None, Some(status)) => format!("{} answered {status}: {message}", self.service),
            _ => message.into_owned(),
        }
    }
}

/// `the session ended at 15:36:07 UTC`.
pub fn ended_at(at: Timestamp, zone: &TimeZone) -> String {
    format!("the session ended at {}", at.to_zoned(zone.clone()).strftime("%H:%M:%S %Z"))
}

impl fmt::Display for Failure {
    /// `could not list s3://tide-vault/: S3 answered AccessDenied (403): …`. Safe to print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}", self.action)?;
        if !self.subject.is_empty() {
            write!(f, " {}", printable(&self.subject))?;
        }
        write!(f, ": {}", self.reason())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_happened_to_what_and_who_said_so() {
        let failure = Failure {
            code: Some("AccessDenied".into()),
            status: Some(403),
            service: Service::S3,
            ..Failure::local(FailureKind::Denied, "list", "s3://tide-vault/", "Access Denied")
        };
        assert_eq!(
            failure.to_string(),
            "could not list s3://tide-vault/: S3 answered AccessDenied (403): Access Denied"
        );
    }

    #[test]
    fn a_message_cannot_reach_the_terminal_raw() {
        let failure = Failure::local(FailureKind::Other, "list", "s3://b\u{1b}[2J/", "boom\r\n\u{202e}");
        let text = failure.to_string();
        assert!(!text.contains(['\u{1b}', '\r', '\n', '\u{202e}']), "{text:?}");
    }
}
