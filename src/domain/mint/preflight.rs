//! What an identity can mint, known before the call.
//!
//! Invariant: a verdict says what AWS does, not what a policy allows: it depends only on the kind of identity, and no
//! permission changes it. What is unknown limits nothing.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>

use super::{Draft, Mode};
use crate::domain::{
    duration::SessionDuration,
    profile::{Profile, ProfileKind},
};

/// What kind of caller mints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// An IAM user's long-term keys.
    User,
    /// The account's root keys.
    Root,
    /// What `GetSessionToken` gave: the user's ARN, and a session token.
    SessionToken,
    /// A role session, however it came about: `AssumeRole`, SSO, web identity, an instance's or a container's role.
    AssumedRole,
    /// What `GetFederationToken` gave.
    FederatedUser,
}

impl SourceKind {
    /// Every kind, for tables.
    pub const ALL: [Self; 5] = [Self::User, Self::Root, Self::SessionToken, Self::AssumedRole, Self::FederatedUser];

    /// The kind of identity, by the ARN of `GetCallerIdentity` and whether a session token was sent; `None` for an ARN
    /// that AWS would not give.
    pub fn from_arn(arn: &str, temporary: bool) -> Option<Self> {
        let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':').skip(1);
        let (service, resource) = (parts.next()?, parts.nth(2)?);
        match (service, resource.split('/').next()?) {
            ("iam" | "sts", "root" | "user") if temporary => Some(Self::SessionToken),
            ("iam" | "sts", "root") => Some(Self::Root),
            ("iam", "user") => Some(Self::User),
            ("sts", "assumed-role") => Some(Self::AssumedRole),
            ("sts", "federated-user") => Some(Self::FederatedUser),
            _ => None,
        }
    }

    /// What files and environment alone tell of the credentials that a profile gives; no request is sent. Keys with a
    /// session token are taken for a user's; that they may be a role session's makes no difference to what they may
    /// mint.
    pub const fn of_profile(profile: &Profile) -> Option<Self> {
        match profile.kind {
            ProfileKind::Role
            | ProfileKind::Sso
            | ProfileKind::WebIdentity
            | ProfileKind::Container
            | ProfileKind::Instance => Some(Self::AssumedRole),
            _ if profile.is_temporary() => Some(Self::SessionToken),
            _ => None,
        }
    }

    /// In words, for sentences.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::User => "an IAM user's keys",
            Self::Root => "the account's root keys",
            Self::SessionToken => "a session token",
            Self::AssumedRole => "a role session",
            Self::FederatedUser => "a federated user",
        }
    }

    /// Whether a session token comes with such credentials.
    pub const fn is_temporary(self) -> bool {
        !matches!(self, Self::User | Self::Root)
    }
}

/// What is known before the call; what is not, is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MintFacts {
    /// What kind of caller will sign the call.
    pub source: Option<SourceKind>,
    /// `MaxSessionDuration` of the role that is requested.
    pub role_maximum: Option<SessionDuration>,
    /// Whether the role's trust policy asks for a code of an MFA device.
    pub role_needs_mfa: bool,
    /// Whether the role's trust policy asks for an external ID.
    pub role_needs_external_id: bool,
}

/// Whether a mode is open to a source, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Open(LongestSession),
    /// It is not, whatever the permissions.
    Closed(&'static str),
}

/// The longest session a source gets by a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongestSession {
    /// The length.
    pub duration: SessionDuration,
    /// What sets it, where it is less than the mode's own: `root keys`, `role chaining`, `the role's maximum`.
    pub because: Option<&'static str>,
    /// Whether a longer duration is shortened to it; otherwise it is refused.
    pub clamps: bool,
}

/// Why temporary credentials mint no further ones.
const NO_MORE_TOKENS: &str = "temporary credentials cannot create a session token or a federated user";

/// Whether credentials with a session token are kept from a mode, by that token alone; the reason.
pub const fn closed_to_temporary(mode: Mode) -> Option<&'static str> {
    match mode {
        Mode::Session | Mode::Federation => Some(NO_MORE_TOKENS),
        Mode::Role | Mode::Direct => None,
    }
}

impl MintFacts {
    /// What the files say about the identity that would mint `draft`; no request is sent. A role profile's own role is
    /// assumed by its source, and the files show at most that this is temporary.
    pub fn of_profile(profile: &Profile, draft: &Draft) -> Self {
        let source = if draft.is_of(profile) {
            profile.chains_roles.then_some(SourceKind::AssumedRole)
        } else {
            SourceKind::of_profile(profile)
        };
        Self { source, ..Self::default() }
    }

    /// The modes that are open to the source.
    pub fn open_modes(&self) -> impl Iterator<Item = Mode> {
        Mode::ALL.into_iter().filter(|mode| matches!(self.judge_mode(*mode), Verdict::Open(_)))
    }

    /// What AWS says to a mode.
    pub fn judge_mode(&self, mode: Mode) -> Verdict {
        let own = LongestSession {
            duration: SessionDuration::from_secs(*mode.allowed_durations().end()),
            because: None,
            clamps: false,
        };
        let hour = |because, clamps| LongestSession { duration: SessionDuration::HOUR, because: Some(because), clamps };
        match (self.source, mode) {
            (_, Mode::Direct) => Verdict::Open(own),
            (Some(SourceKind::FederatedUser), Mode::Role) => Verdict::Closed("a federated user cannot assume a role"),
            (Some(SourceKind::Root), Mode::Role) => {
                Verdict::Closed("the root user cannot assume a role: use an IAM user's keys")
            }
            (Some(SourceKind::Root), _) => Verdict::Open(hour("root keys", true)),
            (Some(kind), Mode::Session | Mode::Federation) if kind.is_temporary() => Verdict::Closed(NO_MORE_TOKENS),
            (Some(SourceKind::SessionToken | SourceKind::AssumedRole), Mode::Role) => {
                Verdict::Open(hour("role chaining", false))
            }
            (_, Mode::Role) => Verdict::Open(match self.role_maximum {
                Some(duration) if duration < own.duration => {
                    LongestSession { duration, because: Some("the role's maximum"), clamps: false }
                }
                _ => own,
            }),
            (_, Mode::Session | Mode::Federation) => Verdict::Open(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_and_a_session_token_tell_the_kind() {
        for (arn, temporary, kind) in [
            ("arn:aws:iam::111122223333:user/ana", false, Some(SourceKind::User)),
            ("arn:aws-us-gov:iam::111122223333:user/team/ana", false, Some(SourceKind::User)),
            ("arn:aws:iam::111122223333:user/ana", true, Some(SourceKind::SessionToken)),
            ("arn:aws:iam::111122223333:root", false, Some(SourceKind::Root)),
            ("arn:aws:iam::111122223333:root", true, Some(SourceKind::SessionToken)),
            ("arn:aws:sts::111122223333:assumed-role/reader/ana", true, Some(SourceKind::AssumedRole)),
            ("arn:aws:sts::111122223333:federated-user/ana", true, Some(SourceKind::FederatedUser)),
            ("minio-root", false, None),
            ("arn:aws:s3:::bucket", false, None),
        ] {
            assert_eq!(SourceKind::from_arn(arn, temporary), kind, "{arn}");
        }
    }

    #[test]
    fn the_kind_of_caller_decides_what_it_may_mint_and_for_how_long() {
        // Hours of session, federation, role; 0 is closed.
        for (kind, hours) in [
            (Some(SourceKind::User), [36, 36, 12]),
            (Some(SourceKind::Root), [1, 1, 0]),
            (Some(SourceKind::SessionToken), [0, 0, 1]),
            (Some(SourceKind::AssumedRole), [0, 0, 1]),
            (Some(SourceKind::FederatedUser), [0, 0, 0]),
            (None, [36, 36, 12]),
        ] {
            let facts = MintFacts { source: kind, ..MintFacts::default() };
            let most = [Mode::Session, Mode::Federation, Mode::Role].map(|mode| match facts.judge_mode(mode) {
                Verdict::Open(most) => most.duration.as_secs() / 3600,
                Verdict::Closed(_) => 0,
            });
            assert_eq!(most, hours, "{kind:?}");
            assert!(matches!(facts.judge_mode(Mode::Direct), Verdict::Open(_)), "{kind:?}");
        }
    }

    #[test]
    fn a_roles_maximum_counts_unless_chaining_caps_lower() {
        let four = SessionDuration::from_secs(4 * 3600);
        for (source, hours, because) in [
            (Some(SourceKind::User), 4, "the role's maximum"),
            (None, 4, "the role's maximum"),
            (Some(SourceKind::AssumedRole), 1, "role chaining"),
        ] {
            let facts = MintFacts { source, role_maximum: Some(four), ..MintFacts::default() };
            let Verdict::Open(most) = facts.judge_mode(Mode::Role) else { panic!("{source:?}") };
            assert_eq!((most.duration.as_secs(), most.because), (hours * 3600, Some(because)), "{source:?}");
        }
    }

    #[test]
    fn a_profiles_own_role_is_capped_where_temporary_credentials_assume_it() {
        let role_arn = "arn:aws:iam::111122223333:role/reader".to_owned();
        for (chains_roles, hours) in [(true, 1), (false, 12)] {
            let kind = ProfileKind::Role;
            let profile = Profile { kind, chains_roles, role_arn: Some(role_arn.clone()), ..Profile::default() };
            let draft = Draft { mode: Mode::Role, role_arn: role_arn.clone(), ..Draft::default() };
            let Verdict::Open(most) = MintFacts::of_profile(&profile, &draft).judge_mode(Mode::Role) else { panic!() };
            assert_eq!(most.duration.as_secs(), hours * 3600, "{chains_roles}");
        }
    }
}
