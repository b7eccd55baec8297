//! Who a set of credentials is, as `GetCallerIdentity` answers.
//!
//! Invariant: the ARN is kept as the service sent it; what is shown of it is derived.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

/// The answer of `GetCallerIdentity`: needs no permission and works under an explicit deny.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// `arn:aws:iam::…:user/…`, `arn:aws:sts::…:assumed-role/…/…` or `arn:aws:sts::…:federated-user/…`.
    pub arn: String,
    /// Unique id; for a role, `AROA…:session-name`.
    pub user_id: String,
}

impl Identity {
    /// The ARN's last part, `assumed-role/s3-reader/ana`: enough to tell who this is where space is short.
    pub fn resource(&self) -> &str {
        self.arn.splitn(6, ':').nth(5).unwrap_or(&self.arn)
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
            assert_eq!(identity.resource(), resource, "{arn}");
        }
    }
}
