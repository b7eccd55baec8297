//! The table of refusals: what each means, and the next move.
//!
//! Codes and words are those of <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>, the operations' own pages, and, where AWS
//! documents no words, what its services have been seen to answer.
//!
//! Invariant: a more specific row stands before a more general one; rows with the same code and words have the same
//! kind.

use crate::domain::{
    failure::{
        FailureKind::{
            self, Clock, Denied, Expired, Invalid, InvalidCredentials, NotFound, Throttled, Timeout, Unsupported,
            WrongRegion,
        },
        Service,
    },
    mint::Mode,
};

/// A refusal, what it means, and the next move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TranslatorRow {
    /// Only from this service.
    pub from: Option<Service>,
    /// The codes; `Throttl*` stands for every code that starts with `Throttl`.
    pub codes: &'static [&'static str],
    /// A part of the message; an empty text fits every message.
    pub says: &'static str,
    /// What else must be true.
    pub when: RowCondition,
    /// The kind of trouble.
    pub kind: FailureKind,
    /// What it means; empty if the service's own message says enough. May hold `{offset}` and `{percent}`.
    pub sentence: &'static str,
    /// The next move, with options as on the command line; empty if the kind's own next move fits.
    pub next: &'static str,
}

/// What must be true of the session and the clock for a row to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowCondition {
    /// Nothing.
    Always,
    /// The same was allowed before, and the session has not expired.
    Worked,
    /// A session policy limits the session.
    Narrowed,
    /// The session was minted in one of these modes.
    Minted(&'static [Mode]),
    /// The two clocks are far apart.
    Skewed,
}

const STS: Option<Service> = Some(Service::Sts);
const S3: Option<Service> = Some(Service::S3);
const ANY: Option<Service> = None;

const DENIED: &[&str] = &["AccessDenied*"];
const SIGNATURE: &[&str] =
    &["SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "AuthFailure"];
const UNHEARD_OF: &[&str] =
    &["InvalidAction", "NotImplemented*", "UnknownOperation*", "UnsupportedOperation*", "MethodNotAllowed"];
const MINTED: RowCondition = RowCondition::Minted(&[Mode::Session, Mode::Federation, Mode::Role]);

const CLOCKS_APART: &str = "this machine's clock is {offset} the service's clock; AWS accepts up to 15 minutes";
const CLOCKS_DIFFER: &str = "this machine's clock and the service's are more than 15 minutes apart";
const SET_THE_CLOCK: &str = "set the clock, then try again";

/// Every row, in the order in which they are tried.
#[rustfmt::skip]
pub const ROWS: &[TranslatorRow] = &[
    // --- what temporary credentials cannot mint
    table_row(STS, DENIED, "with session credentials", RowCondition::Always, Denied,
        "temporary credentials cannot create a session token or a federated user",
        "use --mode role or --mode direct, or a profile with long-term keys"),
    table_row(STS, DENIED, "may not be assumed by root", RowCondition::Always, Denied,
        "the root user of an account cannot assume a role",
        "use the keys of an IAM user, or --mode session"),
    // --- multi-factor authentication
    table_row(STS, DENIED, "invalid MFA one time pass code", RowCondition::Always, Denied,
        "the MFA code is wrong, too old, or was used before",
        "wait for the next code of the device (up to 30 s), then try again with it"),
    table_row(STS, DENIED, "unable to validate MFA code", RowCondition::Always, Denied,
        "the MFA serial number does not belong to a device of this user",
        "check it: arn:aws:iam::ACCOUNT:mfa/NAME (not :user/), or the serial number printed on the device"),
    table_row(STS, DENIED, "must provide both MFA serial number and one time pass code", RowCondition::Always, Denied,
        "an MFA code is required, and none was sent",
        "set the device with --mfa-serial, then type its code"),
    table_row(STS, DENIED, "MultiFactorAuthentication", RowCondition::Always, Denied,
        "multi-factor authentication failed",
        "check the serial number of the device, then type its next code"),
    // --- what a trust policy or the caller's own policies do not allow
    table_row(STS, DENIED, "sts:TagSession", RowCondition::Always, Denied,
        "session tags are not allowed: the role's trust policy or your own policy does not allow sts:TagSession",
        "remove the tags, or ask to allow sts:TagSession"),
    table_row(STS, DENIED, "sts:SetSourceIdentity", RowCondition::Always, Denied,
        "a source identity is not allowed: the role's trust policy or your own policy does not allow sts:SetSourceIdentity",
        "remove the source identity, or ask to allow sts:SetSourceIdentity"),
    table_row(STS, DENIED, "sts:AssumeRole", RowCondition::Always, Denied,
        "the role's trust policy does not allow you, or your own policy does not allow sts:AssumeRole on the role",
        "check the role's ARN; the trust policy may also require an external ID (--external-id) or an MFA code (--mfa-serial)"),
    table_row(STS, DENIED, "sts:GetFederationToken", RowCondition::Always, Denied,
        "sts:GetFederationToken is not allowed, or a policy requires MFA, and this call cannot take an MFA code",
        "use --mode role with MFA, or ask to allow sts:GetFederationToken"),
    table_row(STS, DENIED, "", RowCondition::Always, Denied,
        "",
        "the profile is not allowed to mint this: use another mode, or ask for the permission"),
    // --- calls that a service which is not AWS does not have; the next move is that of the kind
    table_row(ANY, UNHEARD_OF, "", RowCondition::Always, Unsupported, "", ""),
    table_row(ANY, &["InvalidParameterValue"], "Unsupported action", RowCondition::Always, Unsupported, "", ""),
    table_row(ANY, &["InternalFailure"], "not yet implemented", RowCondition::Always, Unsupported, "", ""),
    // --- durations
    table_row(STS, &["ValidationError"], "MaxSessionDuration", RowCondition::Always, Invalid,
        "the requested duration is longer than the role's maximum session duration",
        "request a shorter session; every role allows --duration 1h"),
    table_row(STS, &["ValidationError"], "role chaining", RowCondition::Always, Invalid,
        "a role assumed with temporary credentials (role chaining) lasts one hour at most",
        "use --duration 1h, or assume the role directly with long-term keys (and an MFA code, if the role requires one)"),
    // --- session policies
    table_row(STS, &["MalformedPolicyDocument"], "", RowCondition::Always, Invalid,
        "AWS cannot read the session policy",
        "correct the session policy"),
    table_row(STS, &["PackedPolicyTooLarge"], "", RowCondition::Always, Invalid,
        "session policy and tags take {percent} of the space that AWS allows",
        "shorten the session policy, or use fewer managed policies or fewer tags"),
    // --- regions
    table_row(STS, &["RegionDisabledException"], "", RowCondition::Always, Invalid,
        "STS is not activated in this region",
        "use another region: --region"),
    table_row(ANY, &["SignatureDoesNotMatch", "InvalidClientTokenId"], "Credential should be scoped to a valid region",
        RowCondition::Always, Invalid,
        "the request was signed for a region that this service is not in",
        "check --region, AWS_REGION and the profile's region"),
    table_row(S3, &["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException"], "", RowCondition::Always, WrongRegion,
        "the bucket is in another region",
        "use the bucket's region: --region"),
    // --- expired sessions
    table_row(STS, &["ExpiredTokenException"], "", RowCondition::Always, Expired,
        "the web identity token has expired",
        "get a new token from the identity provider, then try again"),
    table_row(STS, &["ExpiredToken"], "", MINTED, Expired,
        "the session has expired",
        "mint it again"),
    table_row(STS, &["ExpiredToken"], "", RowCondition::Always, Expired,
        "the profile's own credentials have expired",
        "log in again, then mint"),
    table_row(ANY, &["InvalidTokenId"], "", RowCondition::Always, Expired,
        "the service does not know this session, or no longer knows it",
        "mint the session again; if that fails too, check the keys and the endpoint"),
    table_row(ANY, &["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"], "", RowCondition::Always, Expired,
        "the session has expired",
        "mint it again"),
    // --- tokens and keys
    table_row(S3, &["InvalidToken"], "", RowCondition::Always, InvalidCredentials,
        "the session token is damaged, belongs to another key, or comes from the global STS endpoint, whose tokens opt-in Regions reject",
        "mint the session again, from STS in the region: --region"),
    table_row(ANY, &["InvalidClientTokenId", "UnrecognizedClientException"], "",
        RowCondition::Minted(&[Mode::Session]), InvalidCredentials,
        "a session token cannot call IAM without MFA, and in STS only AssumeRole and GetCallerIdentity; for other calls AWS says that the key is unknown",
        "mint the session with MFA, or use the profile's own keys: --mode direct"),
    table_row(ANY, &["InvalidClientTokenId", "UnrecognizedClientException"], "",
        RowCondition::Minted(&[Mode::Federation]), InvalidCredentials,
        "a federated user cannot call IAM, and in STS only GetCallerIdentity; for other calls AWS says that the key is unknown",
        "use a role, or the profile's own keys: --mode direct"),
    table_row(ANY, &["InvalidClientTokenId", "UnrecognizedClientException"], "",
        RowCondition::Minted(&[Mode::Role]), InvalidCredentials,
        "the access key is unknown, or the call is not open to a role session, which cannot create session tokens or federated users",
        "mint the session again; if that fails too, check the endpoint"),
    table_row(STS, &["InvalidClientTokenId", "UnrecognizedClientException"], "", RowCondition::Always, InvalidCredentials,
        "the access key is unknown, or a session of this kind cannot make this call",
        "check the profile's keys and endpoint"),
    table_row(S3, &["InvalidAccessKeyId"], "", MINTED, InvalidCredentials,
        "S3 does not know the session's access key: S3 and STS belong to different partitions or endpoints, or the key was deleted or is only seconds old",
        "check that --endpoint-url and --region belong to the same service, then mint again"),
    table_row(ANY, &["InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "MissingAuthenticationToken"],
        "", RowCondition::Always, InvalidCredentials,
        "the service does not know this access key",
        "check the profile's keys and endpoint"),
    // --- signatures and clocks
    table_row(ANY, SIGNATURE, "Signature expired", RowCondition::Skewed, Clock, CLOCKS_APART, SET_THE_CLOCK),
    table_row(ANY, SIGNATURE, "Signature expired", RowCondition::Always, Clock, CLOCKS_DIFFER, SET_THE_CLOCK),
    table_row(ANY, SIGNATURE, "Signature not yet current", RowCondition::Skewed, Clock, CLOCKS_APART, SET_THE_CLOCK),
    table_row(ANY, SIGNATURE, "Signature not yet current", RowCondition::Always, Clock, CLOCKS_DIFFER, SET_THE_CLOCK),
    table_row(ANY, SIGNATURE, "", RowCondition::Skewed, InvalidCredentials,
        "the signature does not match, and this machine's clock is {offset} the service's clock",
        "set the clock, then try again; if that fails too, the secret key is wrong"),
    table_row(ANY, SIGNATURE, "", RowCondition::Always, InvalidCredentials,
        "the secret key is wrong, or a proxy changed the request",
        "check the profile's secret key, then the proxy"),
    table_row(ANY, &["RequestTimeTooSkewed", "RequestExpired"], "", RowCondition::Skewed, Clock, CLOCKS_APART, SET_THE_CLOCK),
    table_row(ANY, &["RequestTimeTooSkewed", "RequestExpired"], "", RowCondition::Always, Clock, CLOCKS_DIFFER, SET_THE_CLOCK),
    // --- S3's refusals
    table_row(S3, DENIED, "", RowCondition::Worked, Denied,
        "this was allowed before, and the session has not expired: it was revoked, or the permission was removed",
        "ask the administrator of the role or user; a new session helps only if the permission is back"),
    table_row(S3, DENIED, "", RowCondition::Narrowed, Denied,
        "a policy does not allow this; it may be the session policy, or a deadline in it has passed",
        "choose a location in the session's scope, or use another --scope"),
    table_row(S3, DENIED, "", RowCondition::Always, Denied,
        "no policy allows this, or a policy of the user or role, the bucket or the organization denies it",
        "use a session that has the permission"),
    table_row(S3, &["AllAccessDisabled", "AccountProblem", "InvalidObjectState"], "", RowCondition::Always, Denied,
        "",
        "ask the administrator about the state of the account or the object"),
    table_row(S3, &["NoSuchBucket"], "", RowCondition::Always, NotFound,
        "this service has no bucket of that name",
        "check the spelling"),
    table_row(S3, &["NoSuchKey", "NotFound"], "", RowCondition::Always, NotFound,
        "the object does not exist, or was deleted",
        "check the key, or reload the list"),
    table_row(ANY, &["SlowDown", "Throttl*", "TooManyRequestsException", "RequestLimitExceeded", "ServiceUnavailable"], "",
        RowCondition::Always, Throttled,
        "the service asks for fewer requests",
        "wait a moment, then try again"),
    table_row(ANY, &["RequestTimeout"], "", RowCondition::Always, Timeout,
        "the service timed out while waiting for the request",
        "try again; if that fails too, check the network and the proxy"),
    table_row(S3, &["InvalidArgument", "InvalidBucketName", "KeyTooLongError"], "", RowCondition::Always, Invalid,
        "",
        "correct it and try again"),
    // --- IAM's
    table_row(ANY, DENIED, "iam:", RowCondition::Always, Denied,
        "these credentials have no IAM permissions; only this lookup needs them",
        "type the ARN, or ask for the permission"),
    table_row(ANY, DENIED, "", RowCondition::Always, Denied,
        "",
        "ask for the permission, or use other credentials"),
    table_row(ANY, &["NoSuchEntity"], "", RowCondition::Always, NotFound,
        "there is no such user or role in this account",
        "check the name and the account"),
    table_row(ANY, &["ValidationError", "InvalidParameterValue"], "", RowCondition::Always, Invalid,
        "",
        "correct it and try again"),
];

const fn table_row(
    from: Option<Service>,
    codes: &'static [&'static str],
    says: &'static str,
    when: RowCondition,
    kind: FailureKind,
    sentence: &'static str,
    next: &'static str,
) -> TranslatorRow {
    TranslatorRow { from, codes, says, when, kind, sentence, next }
}
