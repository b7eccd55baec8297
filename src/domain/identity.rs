//! The identity of credentials, from `GetCallerIdentity`.
//!
//! Invariant: the ARN is kept as the service sent it; what is shown is derived from it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

use super::failure::{Failure, FailureKind, Service};

/// The answer of `GetCallerIdentity`: needs no permission and works under an explicit deny.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits; empty where a service that is not AWS has none.
    pub account: String,
    /// `arn:aws:iam::…:user/…`, `arn:aws:sts::…:assumed-role/…/…` or `arn:aws:sts::…:federated-user/…`.
    pub arn: String,
    /// Unique id; for a role, `AROA…:session-name`.
    pub user_id: String,
}

impl Identity {
    /// The ARN's last part, `assumed-role/s3-reader/ana`: enough to tell who this is where space is short.
    pub fn arn_resource(&self) -> &str {
        self.arn.splitn(6, ':').nth(5).unwrap_or(&self.arn)
    }
}

/// Whether a failure of `GetCallerIdentity` only means that the service does not support it: AWS allows it
/// to everyone with valid credentials, and many other services do not have it.
pub fn is_not_told(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::Unsupported
        | FailureKind::NotFound
        | FailureKind::Denied
        | FailureKind::Malformed
        | FailureKind::Invalid
        | FailureKind::WrongRegion
        | FailureKind::Other => failure.service == Service::Sts,
        FailureKind::Expired
        | FailureKind::InvalidCredentials
        | FailureKind::Clock
        | FailureKind::Throttled
        | FailureKind::Network
        | FailureKind::Timeout => false,
    }
}

/// Whose credentials would sign the call that mints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who they are.
    pub identity: Identity,
    /// Whether a session token comes with them.
    pub temporary: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arns_last_part_tells_who_it_is() {
        for (arn, resource) in [
            ("arn:aws:iam::111122223333:root", "root"),
            ("arn:aws:iam::111122223333:user/ana", "user/ana"),
            ("arn:aws:sts::111122223333:assumed-role/r/s:t", "assumed-role/r/s:t"),
            ("minio-root", "minio-root"),
        ] {
            let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: String::new() };
            assert_eq!(identity.arn_resource(), resource, "{arn}");
        }
    }
}
