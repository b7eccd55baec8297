//! Reads which policy denied a request from AWS's message.
//!
//! Invariant: only phrases that AWS documents are read, and only at the end of a message: messages also quote names of
//! objects and roles, and a name can hold any words. Without such a phrase, the policy is unknown.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html> and
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html>

use super::plain::Meaning;
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    safe_text::printable,
};

/// The kind of policy or setting that denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DenyingPolicy {
    /// Attached to the user or the role.
    Identity,
    /// A bucket's, an access point's.
    Resource,
    /// The session policy.
    Session,
    /// A permissions boundary.
    Boundary,
    /// A service control policy (SCP) of the organization.
    ServiceControl,
    /// A resource control policy (RCP) of the organization.
    ResourceControl,
    /// Of the VPC endpoint that the request went through.
    VpcEndpoint,
    /// Who may assume a role.
    RoleTrust,
    /// S3 Block Public Access.
    BlockPublicAccess,
    /// The bucket accepts no object encrypted with a customer-provided key (SSE-C).
    BlockedEncryption,
}

/// A denial, with the policy that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDenial {
    /// The kind of policy.
    pub policy: DenyingPolicy,
    /// Whether a statement denies explicitly; otherwise no statement allows.
    pub explicit: bool,
    /// Through which other kind of policy it was found.
    pub through: Option<DenyingPolicy>,
    /// `s3:ListBucket`, where it is named.
    pub action: Option<String>,
    /// The policy's ARN, where it is named. Foreign text.
    pub arn: Option<String>,
}

use DenyingPolicy::{
    BlockPublicAccess, BlockedEncryption, Boundary, Identity, Resource, ResourceControl, RoleTrust, ServiceControl,
    Session, VpcEndpoint,
};

/// What AWS calls each kind, without its article. `sessions policy` stands in its documentation.
const KINDS: [(&str, DenyingPolicy); 9] = [
    ("identity-based policy", Identity),
    ("resource-based policy", Resource),
    ("session policy", Session),
    ("sessions policy", Session),
    ("permissions boundary", Boundary),
    ("service control policy", ServiceControl),
    ("resource control policy", ResourceControl),
    ("vpc endpoint policy", VpcEndpoint),
    ("role trust policy", RoleTrust),
];

/// What S3 says of settings of buckets.
const SETTINGS: [(&str, DenyingPolicy); 4] = [
    ("because public acls are prevented by the blockpublicacls setting in s3 block public access", BlockPublicAccess),
    (
        "because public policies are prevented by the blockpublicpolicy setting in s3 block public access",
        BlockPublicAccess,
    ),
    (
        "because public access is prevented by the restrictpublicbuckets setting in s3 block public access",
        BlockPublicAccess,
    ),
    (
        "because this bucket has blocked upload requests that specify server side encryption with customer provided keys",
        BlockedEncryption,
    ),
];

impl PolicyDenial {
    /// What a refusal names as its cause, if it names one.
    pub fn of_failure(failure: &Failure) -> Option<Self> {
        if failure.kind == FailureKind::Denied { Self::parse_message(&failure.message) } else { None }
    }

    /// Reads a service's message; `None` where it names no cause in words that are known.
    pub fn parse_message(message: &str) -> Option<Self> {
        // Some clients break the line; case differs between services.
        let words = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = words.to_ascii_lowercase();
        let found = read_explicit(&words, &folded).or_else(|| read_implicit(&words, &folded));
        let found = found.or_else(|| read_setting(&folded))?;
        Some(Self { action: found.action.clone().or_else(|| action_in(&words, &folded)), ..found })
    }

    /// What it means, and the next move.
    pub(super) fn explain_denial(&self, service: Service, worked: bool, narrowed: bool) -> Meaning {
        let action = self.action.as_deref().map_or("this", |action| action);
        let verb = if self.explicit { format!("explicitly denies {action}") } else { format!("allows {action}") };
        let which = if self.explicit { "a" } else { "no" };
        let subject = match (self.policy, service) {
            (Identity, _) => {
                format!("{} identity-based policy of the user or role {verb}", if self.explicit { "an" } else { which })
            }
            (Resource, Service::S3) => format!("{which} bucket policy {verb}"),
            (Resource, _) => format!("{which} policy of the resource {verb}"),
            (Session, _) if narrowed => self.of_one("the session policy", action),
            (Session, _) => self.of_one("a session policy that was set when these credentials were created", action),
            (Boundary, _) => self.of_one("the permissions boundary of the user or role", action),
            (ServiceControl, _) => format!("{which} service control policy (SCP) of the organization {verb}"),
            (ResourceControl, _) => format!("{which} resource control policy (RCP) of the organization {verb}"),
            (VpcEndpoint, _) => self.of_one("the VPC endpoint policy", action),
            (RoleTrust, _) => self.of_one("the role's trust policy", action),
            (BlockPublicAccess, _) => "S3 Block Public Access prevents this".to_owned(),
            (BlockedEncryption, _) => {
                "the bucket accepts no upload that is encrypted with a customer-provided key (SSE-C)".to_owned()
            }
        };
        let through = match self.through {
            Some(ServiceControl) => ", through a service control policy (SCP)",
            Some(ResourceControl) => ", through a resource control policy (RCP)",
            Some(_) => ", through another policy",
            None => "",
        };
        let arn = self.arn.as_deref().map(|arn| format!(" ({})", printable(arn))).unwrap_or_default();
        let changed = if worked { "; it was allowed before: " } else { "" };
        let changed = match (worked, self.policy) {
            (true, Identity) => format!("{changed}the session was revoked, or the permission was removed"),
            (true, Session) => format!("{changed}a deadline in the policy has passed"),
            (true, _) => format!("{changed}the policy was changed"),
            (false, _) => String::new(),
        };
        Meaning { sentence: Some(format!("{subject}{arn}{through}{changed}")), next: self.next_move(narrowed).into() }
    }

    /// For a policy of which there is one.
    fn of_one(&self, policy: &str, action: &str) -> String {
        if self.explicit {
            format!("{policy} explicitly denies {action}")
        } else {
            format!("{policy} does not allow {action}")
        }
    }

    fn next_move(&self, narrowed: bool) -> &'static str {
        match self.policy {
            Identity if self.explicit => "ask the administrator of the user or role; another scope does not help",
            Identity => "ask for the permission for the user or role, or use another one; a wider scope does not help",
            Resource if self.explicit => "ask the owner of the bucket; another scope does not help",
            Resource => "ask the owner of the bucket to allow this identity",
            Session if narrowed => "mint a session whose session policy allows it",
            Session => "use credentials whose session policy allows it",
            Boundary => {
                "ask the administrator of the user or role; other policies cannot allow more than the permissions boundary"
            }
            ServiceControl | ResourceControl => {
                "ask the administrator of the organization; no policy in the account can allow it"
            }
            VpcEndpoint => "ask the administrator of the VPC endpoint, or use another network",
            RoleTrust => {
                "check the role's ARN; the trust policy may require an external ID (--external-id) or an MFA code (--mfa-serial)"
            }
            BlockPublicAccess | BlockedEncryption => "ask the owner of the bucket",
        }
    }
}

/// `with an explicit deny in a permissions boundary: arn:…`, `… transitively through a service control policy`.
fn read_explicit(words: &str, folded: &str) -> Option<PolicyDenial> {
    const PHRASE: &str = "with an explicit deny in ";
    let at = outside_quotes(folded, PHRASE)?;
    let (policy, rest) = parse_policy_kind(without_article(&folded[at + PHRASE.len()..]))?;
    let through = rest.strip_prefix(" transitively through ").and_then(|rest| parse_policy_kind(without_article(rest)));
    let rest = through.as_ref().map_or(rest, |(_, rest)| rest);
    let arn_at = words.len() - rest.len();
    let (arn, rest) = match rest.strip_prefix(": ").filter(|rest| rest.starts_with("arn:")) {
        Some(_) => {
            let arn = words[arn_at + 2..].split(' ').next().unwrap_or_default();
            (Some(arn.trim_end_matches('.').to_owned()), &rest[(2 + arn.len()).min(rest.len())..])
        }
        None => (None, rest),
    };
    ends_name(rest).then_some(PolicyDenial {
        policy,
        explicit: true,
        through: through.map(|(policy, _)| policy),
        action: None,
        arn,
    })
}

/// `because no session policy allows the s3:GetObject action`.
fn read_implicit(words: &str, folded: &str) -> Option<PolicyDenial> {
    const PHRASE: &str = "because no ";
    let at = outside_quotes(folded, PHRASE)?;
    let (policy, rest) = parse_policy_kind(&folded[at + PHRASE.len()..])?;
    let rest = rest.strip_prefix(" allows the ").or_else(|| rest.strip_prefix(" allows "))?;
    let start = words.len() - rest.len();
    let (action, rest) = rest.split_once(' ')?;
    let rest = rest.strip_prefix("action")?;
    let action = Some(words[start..start + action.len()].to_owned()).filter(|action| is_action(action));
    ends_name(rest).then_some(PolicyDenial { policy, explicit: false, through: None, action, arn: None })
}

fn read_setting(folded: &str) -> Option<PolicyDenial> {
    let said = |(phrase, _): &&(&str, DenyingPolicy)| outside_quotes(folded, phrase).is_some();
    let (_, policy) = SETTINGS.iter().find(said)?;
    Some(PolicyDenial { policy: *policy, explicit: true, through: None, action: None, arn: None })
}

/// Where a phrase stands last, unless within the quotation marks that S3 puts around names.
fn outside_quotes(text: &str, phrase: &str) -> Option<usize> {
    let at = text.rfind(phrase)?;
    text[..at].matches('"').count().is_multiple_of(2).then_some(at)
}

fn without_article(text: &str) -> &str {
    ["a ", "an ", "the "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(text)
}

fn parse_policy_kind(text: &str) -> Option<(DenyingPolicy, &str)> {
    KINDS.iter().find_map(|(name, policy)| Some((*policy, text.strip_prefix(name)?)))
}

/// Whether nothing follows that could belong to a name.
fn ends_name(rest: &str) -> bool {
    rest.is_empty() || rest == "." || rest.starts_with(". ") || rest.starts_with(" (") || rest.starts_with(": ")
}

/// What follows `is not authorized to perform:`.
fn action_in(words: &str, folded: &str) -> Option<String> {
    const PHRASE: &str = "is not authorized to perform: ";
    let start = folded.find(PHRASE)? + PHRASE.len();
    words[start..].split(' ').next().filter(|action| is_action(action)).map(str::to_owned)
}

/// Whether it is safe to print as it is.
fn is_action(text: &str) -> bool {
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    text.len() <= 100 && text.split_once(':').is_some_and(|(service, name)| is_word(service) && is_word(name))
}
