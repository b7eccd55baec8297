//! A minted session as everybody but its keeper knows it: everything about it except its secrets.
//!
//! Invariant: no secret is in here, so it may be shown, compared and logged.

use super::{credentials::SessionId, identity::Identity, lifetime::Lifetime, mint::MintRequest};

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
    /// What was asked for; renewing sends the same again.
    pub request: MintRequest,
    /// The last four characters of its key id. Foreign text.
    pub key_id_end: String,
    /// Whether a session token comes with it: such credentials end, also where nobody has said when.
    pub temporary: bool,
    /// From when to when it lives; `None` for long-term keys, and for temporary ones of unknown end.
    pub lifetime: Option<Lifetime>,
    /// What STS told of it besides.
    pub grant: Grant,
    /// Who the session is, by its own `GetCallerIdentity`; `None` until that has answered.
    pub identity: Option<Identity>,
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
    /// Who is behind the session, which stays with every session assumed from it.
    pub source_identity: Option<String>,
}

impl Grant {
    /// Who the session is, as far as the service told it when it was minted: some have no `GetCallerIdentity`.
    pub fn identity(&self) -> Option<Identity> {
        let arn = self.arn.clone()?;
        let account = arn.split(':').nth(4).unwrap_or_default().to_owned();
        Some(Identity { account, arn, user_id: self.user_id.clone().unwrap_or_default() })
    }
}
