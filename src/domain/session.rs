//! A minted session without its secrets.
//!
//! Invariant: it holds no secret, so it may be shown, compared and logged.

use jiff::Timestamp;

use super::{
    credentials::SessionId,
    identity::Identity,
    lifetime::Lifetime,
    mint::{MintRequest, Mode, SourceKind},
    policy::{Fact, SessionRights},
};

/// What came of a [`MintRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The handle under which the worker keeps the credentials.
    pub id: SessionId,
    /// Whose credentials minted it.
    pub profile: String,
    /// Where requests are signed for.
    pub region: String,
    /// A custom endpoint; `None` is AWS.
    pub endpoint: Option<String>,
    /// The custom endpoint that minted it, which is where it signs in to a console; `None` is AWS.
    pub sign_in_endpoint: Option<String>,
    /// Whether the session token travels unencrypted to another machine.
    pub exposed: bool,
    /// What was requested; renewing sends the same again.
    pub request: MintRequest,
    /// The last four characters of its key id. Foreign text.
    pub key_id_end: String,
    /// Whether a session token comes with it: such credentials expire, even if the expiration is unknown.
    pub temporary: bool,
    /// From when to when it lives; `None` for long-term keys, and for temporary ones of unknown end.
    pub lifetime: Option<Lifetime>,
    /// What else STS returned about it.
    pub grant: Grant,
    /// Who the session is, by its own `GetCallerIdentity`; `None` until that has answered.
    pub identity: Option<Identity>,
}

impl Session {
    /// What its session policies leave it; `None` where nothing narrows it.
    pub fn session_rights(&self, now: Timestamp) -> Option<SessionRights<'_>> {
        rights_of_request(&self.request, self.endpoint.as_deref(), self.identity.as_ref(), now)
    }

    /// That `GetCallerIdentity` and the reply that granted the session tell of two identities; in a sentence. Foreign
    /// text.
    pub fn identity_contradiction(&self) -> Option<String> {
        self.grant.find_contradiction(&self.request, self.identity.as_ref()?)
    }
}

/// What the session policies of a request leave the session that it mints, which is used at this endpoint; `None` where
/// nothing narrows it.
pub fn rights_of_request<'a>(
    request: &'a MintRequest,
    endpoint: Option<&str>,
    identity: Option<&'a Identity>,
    now: Timestamp,
) -> Option<SessionRights<'a>> {
    let rights = SessionRights::new(request.policy(), request.policy_arns(), now)?;
    let rights = request.tags().iter().fold(rights, |rights, tag| {
        rights.with_fact(format!("aws:principaltag/{}", tag.key.to_ascii_lowercase()), tag.value.as_str())
    });
    let encrypted = endpoint.is_none_or(|url| !url.starts_with("http://"));
    let rights = rights.with_fact("aws:securetransport", encrypted).with_fact("aws:viaawsservice", false);
    Some(match identity {
        Some(identity) => of_identity(rights, identity),
        None => rights,
    })
}

/// What is known about this identity, if it is one of AWS.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
fn of_identity<'a>(rights: SessionRights<'a>, identity: &'a Identity) -> SessionRights<'a> {
    let Some(partition) = identity.arn.strip_prefix("arn:").and_then(|rest| rest.split(':').next()) else {
        return rights;
    };
    let rights = rights.in_partition(partition);
    let rights = rights.with_fact("aws:userid", identity.user_id.as_str());
    let rights = rights.with_fact("aws:principalaccount", identity.account.as_str());
    match identity.arn_resource().split('/').next() {
        Some("federated-user") => rights
            .with_fact("aws:principalarn", identity.arn.as_str())
            .with_fact("aws:principaltype", "FederatedUser")
            .with_fact("aws:username", Fact::Absent),
        // The role's own ARN may have a path, which its sessions' does not tell.
        Some("assumed-role") => {
            rights.with_fact("aws:principaltype", "AssumedRole").with_fact("aws:username", Fact::Absent)
        }
        _ => rights,
    }
}

impl Grant {
    /// A sentence if `GetCallerIdentity` returns another identity than was granted for `request`. Foreign text.
    ///
    /// AWS returns the same ARN in both places; some services return the ARN of the minting identity instead, and then with
    /// that one's rights.
    pub fn find_contradiction(&self, request: &MintRequest, identity: &Identity) -> Option<String> {
        let granted = match (&self.arn, request.mode()) {
            (Some(arn), _) if arn.eq_ignore_ascii_case(&identity.arn) => return None,
            (Some(arn), _) => arn.splitn(6, ':').nth(5).unwrap_or(arn).to_owned(),
            (None, mode @ (Mode::Federation | Mode::Role)) if is_root(&identity.arn) => format!("a {}", mode.noun()),
            _ => return None,
        };
        let is_narrowed = request.policy().is_some() || !request.policy_arns().is_empty();
        let so = if is_narrowed || request.mode() == Mode::Federation {
            "this service ignores the session policy"
        } else {
            "these are not the requested credentials"
        };
        Some(format!("GetCallerIdentity returns {}, but STS granted {granted}: {so}", identity.arn_resource()))
    }
}

/// Whether an ARN is that of the account itself, which no such session is.
fn is_root(arn: &str) -> bool {
    SourceKind::from_arn(arn, false) == Some(SourceKind::Root)
}

/// What STS tells of a session besides its credentials. Every text in it is foreign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grant {
    /// `AROA…:session-name` of a role session, `ACCOUNT:name` of a federated user.
    pub user_id: Option<String>,
    /// The session as a resource policy names it: `arn:aws:sts::…:assumed-role/…/…` or `…:federated-user/…`.
    pub arn: Option<String>,
    /// How many per cent of their room in the session token its policies and tags take up: `SessionTokenUtilization`,
    /// or the older `PackedPolicySize`, whichever the service tells. More than 100 is refused.
    pub packed_percent: Option<u32>,
    /// The session token's length in bytes, where the service tells it.
    pub token_size: Option<u32>,
    /// Source identity: who uses the session; it stays set in every session assumed from it.
    pub source_identity: Option<String>,
}

impl Grant {
    /// The session's identity, as far as the mint reply has it: some services have no `GetCallerIdentity`.
    pub fn granted_identity(&self) -> Option<Identity> {
        let arn = self.arn.clone()?;
        let account = arn.split(':').nth(4).unwrap_or_default().to_owned();
        Some(Identity { account, arn, user_id: self.user_id.clone().unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mint::{AssumeRole, FederationToken, SessionToken};

    #[test]
    fn an_identity_that_is_not_the_one_granted_is_a_contradiction() {
        let hour = "1h".parse().unwrap();
        let role = || {
            let arn = "arn:aws:iam::111122223333:role/reader";
            MintRequest::AssumeRole(Box::new(AssumeRole::new(arn, "ana", hour)))
        };
        let user = || MintRequest::FederationToken(Box::new(FederationToken::new("ana", hour)));
        let (federated, assumed) =
            ("sts::111122223333:federated-user/ana", "sts::111122223333:assumed-role/reader/ana");
        let policy = "ignores the session policy";
        for (request, granted, says, contradiction) in [
            (user(), Some(federated), federated, None),
            (role(), Some(assumed), assumed, None),
            (role(), Some("sts::111122223333:assumed-role/Reader/ana"), assumed, None),
            (user(), Some(federated), "iam::111122223333:root", Some(policy)),
            (user(), Some(federated), "iam::111122223333:user/bo", Some(policy)),
            (user(), Some(federated), "sts::111122223333:federated-user/bo", Some(policy)),
            (user(), None, "iam::111122223333:root", Some("returns root, but STS granted a federated user")),
            (role(), Some(assumed), "sts::444455556666:assumed-role/reader/ana", Some("not the requested credentials")),
            (role(), None, "iam::111122223333:root", Some("STS granted a role session")),
            // What the service does not tell contradicts nothing.
            (role(), None, "sts::1:session", None),
            (role(), None, "iam::111122223333:user/ana", None),
            (MintRequest::SessionToken(SessionToken::new(hour)), None, "iam::111122223333:user/ana", None),
            (MintRequest::Direct, None, "iam::111122223333:root", None),
        ] {
            let arn = |rest: &str| format!("arn:aws:{rest}");
            let grant = Grant { arn: granted.map(arn), ..Grant::default() };
            let identity = Identity { account: "111122223333".into(), arn: arn(says), user_id: String::new() };
            let told = grant.find_contradiction(&request, &identity);
            assert_eq!(told.is_some(), contradiction.is_some(), "{granted:?} {says}: {told:?}");
            assert!(contradiction.is_none_or(|part| told.as_ref().unwrap().contains(part)), "{told:?}");
        }
    }
}
