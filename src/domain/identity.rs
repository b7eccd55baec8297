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

/// What the shape of an ARN says about the credentials behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// An account's root.
    Root,
    /// An IAM user, by long-term keys or by a session token of `GetSessionToken`.
    User,
    /// A session of `AssumeRole` and its relatives.
    AssumedRole,
    /// A session of `GetFederationToken`.
    FederatedUser,
    /// A shape this program does not know.
    Other,
}

impl Identity {
    /// The kind of identity, read off the ARN.
    pub fn kind(&self) -> IdentityKind {
        let resource = self.resource();
        match resource.split('/').next() {
            Some("root") => IdentityKind::Root,
            Some("user") => IdentityKind::User,
            Some("assumed-role") => IdentityKind::AssumedRole,
            Some("federated-user") => IdentityKind::FederatedUser,
            _ => IdentityKind::Other,
        }
    }

    /// The ARN's last part, `assumed-role/s3-reader/ana`: enough to tell who this is where space is short.
    pub fn resource(&self) -> &str {
        self.arn.splitn(6, ':').nth(5).unwrap_or(&self.arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_tells_the_kind() {
        for (arn, kind, resource) in [
            ("arn:aws:iam::111122223333:root", IdentityKind::Root, "root"),
            ("arn:aws:iam::111122223333:user/ana", IdentityKind::User, "user/ana"),
            ("arn:aws:sts::111122223333:assumed-role/r/s", IdentityKind::AssumedRole, "assumed-role/r/s"),
            ("arn:aws:sts::111122223333:federated-user/bo", IdentityKind::FederatedUser, "federated-user/bo"),
            ("minio-root", IdentityKind::Other, "minio-root"),
        ] {
            let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: String::new() };
            assert_eq!((identity.kind(), identity.resource()), (kind, resource), "{arn}");
        }
    }
}
