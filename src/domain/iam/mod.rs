//! What IAM returns about users, roles and MFA devices, as far as minting needs it.
//!
//! Invariant: everything here came from IAM and is foreign text. Minting does not need any of it, because most
//! identities are not allowed to call IAM.

mod trust;

pub use trust::{Admission, MfaNeed, asks_for_external_id, asks_for_mfa, could_admit};

use super::{duration::SessionDuration, identity::Identity};

/// An IAM user, as `GetUser` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
    pub arn: String,
    /// `AIDA…`; another one if the user is ever made anew.
    pub id: String,
}

/// A role, as `GetRole` and `ListRoles` answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
    pub arn: String,
    /// The longest session it grants, an hour to twelve; `None` where the service does not say.
    pub longest: Option<SessionDuration>,
    /// Who may assume it, as JSON. May be empty where the service does not say.
    pub trust_policy: String,
    /// What its maker wrote about it.
    pub description: Option<String>,
}

/// A user that should exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnsuredUser {
    /// The user, as IAM finds it now.
    pub user: User,
    /// Whether it was made for this.
    pub created: bool,
}

/// A role to choose, with what is to be expected of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedRole {
    /// Without the path.
    pub name: String,
    /// What assuming it takes.
    pub arn: String,
    /// The longest session it grants; `None` where the service does not say.
    pub longest: Option<SessionDuration>,
    /// Whether it could admit the caller.
    pub admission: Admission,
    /// From whom assuming it asks for the code of an MFA device.
    pub needs_mfa: MfaNeed,
    /// Whether assuming it asks for an external ID.
    pub needs_external_id: bool,
}

/// What is known of a role before it is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoleFacts {
    /// The longest session it grants.
    pub longest: Option<SessionDuration>,
    /// From whom assuming it asks for the code of an MFA device.
    pub needs_mfa: MfaNeed,
    /// Whether assuming it asks for an external ID.
    pub needs_external_id: bool,
}

impl Role {
    /// What minting needs to know of it.
    pub fn role_facts(&self) -> RoleFacts {
        RoleFacts {
            longest: self.longest,
            needs_mfa: asks_for_mfa(&self.trust_policy),
            needs_external_id: asks_for_external_id(&self.trust_policy),
        }
    }
}

impl OfferedRole {
    /// What a role is to `caller`.
    pub fn for_caller(role: Role, caller: &Identity) -> Self {
        let admission = could_admit(&role.trust_policy, caller);
        let RoleFacts { longest, needs_mfa, needs_external_id } = role.role_facts();
        Self { name: role.name, arn: role.arn, longest, admission, needs_mfa, needs_external_id }
    }

    /// What minting needs to know of it.
    pub const fn role_facts(&self) -> RoleFacts {
        RoleFacts { longest: self.longest, needs_mfa: self.needs_mfa, needs_external_id: self.needs_external_id }
    }
}

/// How a role is named: by its ARN, or by its name in the caller's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleName<'a> {
    /// The name without its path, which is what IAM asks for.
    pub name: &'a str,
    /// The whole ARN, if that is what was given.
    pub arn: Option<&'a str>,
}

impl<'a> RoleName<'a> {
    /// Reads `NAME` or `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`; `None` for what can be neither.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if !text.starts_with("arn:") {
            return is_name(text).then_some(Self { name: text, arn: None });
        }
        let mut parts = text.splitn(6, ':').skip(2);
        let (service, _, account, resource) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
        let whole = service == "iam" && !account.is_empty() && is_name(name);
        whole.then_some(Self { name, arn: Some(text) })
    }
}

/// Whether a user or a role can be called so: 1 to 64 letters, digits and `_+=,.@-`.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (1..=64).contains(&text.len()) && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_by_its_name_or_by_its_arn() {
        for (text, name, is_arn) in [
            ("reader", "reader", false),
            (" s3.reader@x ", "s3.reader@x", false),
            ("arn:aws:iam::111122223333:role/reader", "reader", true),
            ("arn:aws-cn:iam::111122223333:role/teams/tide/reader", "reader", true),
        ] {
            let role = RoleName::parse(text).unwrap();
            assert_eq!((role.name, role.arn.is_some()), (name, is_arn), "{text}");
        }
        for text in [
            "",
            "a b",
            "arn:aws:iam::111122223333:user/ana",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam:::role/reader",
            "arn:aws:sts::111122223333:assumed-role/reader/ana",
            "arn:aws:iam",
            "reader/ana",
        ] {
            assert_eq!(RoleName::parse(text), None, "{text}");
        }
    }
}
