//! What went wrong, what it concerned, and what to do next.
//!
//! Invariant: a [`Failure`] holds no secret. It carries a service's code, message and request id, never its raw reply:
//! some replies echo the session token.

use std::{fmt, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use super::safe_text::printable;

/// The service that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The Security Token Service, which mints.
    Sts,
    /// S3, which is browsed.
    S3,
    /// IAM, for users, roles and MFA devices.
    Iam,
    /// AWS's sign-in service, for the web console.
    SignIn,
    /// This machine: profiles, files, input.
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

/// The next move if the service lacks an STS call.
const NO_SUCH_MODE: &str = "this service does not support this STS call: use --mode role, which most services support, \
    or --mode direct, which makes no call";

/// The next move if the service lacks an IAM call.
const NO_IAM: &str =
    "this service does not support this IAM call; only this lookup needs it: continue without it, or type the ARN";

/// The kind of failure: decides the next move and the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The session has expired (`ExpiredToken`, `TokenRefreshRequired`).
    Expired,
    /// A policy denies, or none allows.
    Denied,
    /// Unknown key, wrong secret, forged or foreign session token.
    InvalidCredentials,
    /// No such bucket, key or profile.
    NotFound,
    /// The bucket is in another region.
    WrongRegion,
    /// Too many requests.
    Throttled,
    /// No connection.
    Network,
    /// No response in time.
    Timeout,
    /// The two clocks differ by more than a signature's lifetime.
    Clock,
    /// A response that breaks the protocol; never taken for an empty one.
    Malformed,
    /// The service does not support this call: services other than AWS often have few STS calls and no IAM.
    Unsupported,
    /// Wrong input or configuration.
    Invalid,
    /// Anything else.
    Other,
}

impl FailureKind {
    /// The next move if nothing more is known than the kind of failure and the service.
    pub const fn next_move(self, service: Service) -> &'static str {
        match (self, service) {
            (Self::Expired, Service::Sts) => "the profile's own credentials have expired: log in again, then mint",
            (Self::Expired, _) => "the session has expired: mint it again",
            (Self::Denied, Service::Sts) => {
                "the profile is not allowed to mint this: use another mode, or ask for the permission"
            }
            (Self::Denied, _) => "these credentials are not allowed to do this: use a session that has the permission",
            (Self::InvalidCredentials, _) => {
                "the service does not know these credentials: check the profile's keys and endpoint"
            }
            (Self::NotFound, _) => "check the spelling",
            (Self::WrongRegion, _) => "use the bucket's region: --region",
            (Self::Throttled, _) => "the service asks for fewer requests: wait a moment, then try again",
            (Self::Network, _) => "check the network, the endpoint and the proxy, then try again",
            (Self::Timeout, _) => "try again; if that fails too, check the network, the endpoint and the proxy",
            (Self::Clock, _) => "this machine's clock is wrong: set it, then try again",
            (Self::Malformed, _) => "the endpoint does not behave like AWS: check the address of the endpoint",
            (Self::Unsupported, Service::Sts) => NO_SUCH_MODE,
            (Self::Unsupported, Service::Iam) => NO_IAM,
            (Self::Unsupported, _) => "this service does not support this call: check the address of the endpoint",
            (Self::Invalid, _) => "correct it and try again",
            (Self::Other, _) => "try again; if that fails too, give the request id to the support of the service",
        }
    }
}

/// One failed piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// The service that refused or did not respond.
    pub service: Service,
    /// The action that failed, as a verb phrase: `list`, `assume the role`.
    pub action: String,
    /// Its object: a location, a role, a profile, a file with its line. Foreign text.
    pub subject: String,
    /// The service's own code: `AccessDenied`, `ExpiredToken`.
    pub code: Option<String>,
    /// HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The service's own message, or ours if it sent none. Foreign text.
    pub message: String,
    /// For a support case.
    pub request_id: Option<String>,
    /// How long the service asked to wait before the next request.
    pub asks_to_wait: Option<Duration>,
    /// A better next move than the kind's own, if one is known.
    pub hint: Option<String>,
    /// When the session expired, by the service's clock, if that is the reason: see [`ending`](super::ending).
    pub ended: Option<Timestamp>,
}

impl Failure {
    /// A failure on this machine: no request was sent.
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
    pub fn in_one_line(&self) -> String {
        self.reason_in(&TimeZone::UTC)
    }

    /// The same, with times as a clock in this zone shows them.
    pub fn reason_in(&self, zone: &TimeZone) -> String {
        match self.ended {
            Some(at) => format!("{}; {}", ended_at(at, zone), self.service_answer()),
            None => self.service_answer(),
        }
    }

    fn service_answer(&self) -> String {
        let message = printable(&self.message);
        match (&self.code, self.status) {
            (Some(code), Some(status)) => {
                format!("{} answered {} ({status}): {message}", self.service, printable(code))
            }
            // Without a code, something in between may have answered.
            (None, Some(status)) => format!("HTTP status {status}: {message}"),
            _ => message.into_owned(),
        }
    }
}

/// `the session expired at 15:36:07 UTC`.
pub fn ended_at(at: Timestamp, zone: &TimeZone) -> String {
    format!("the session expired at {}", at.to_zoned(zone.clone()).strftime("%H:%M:%S %Z"))
}

impl fmt::Display for Failure {
    /// `could not list s3://tide-vault/: S3 answered AccessDenied (403): …`. Safe to print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}", self.action)?;
        if !self.subject.is_empty() {
            write!(f, " {}", printable(&self.subject))?;
        }
        write!(f, ": {}", self.in_one_line())
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
