//! The table: one row a refusal.
//!
//! Codes and words are those of <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>, the operations' own pages, and, where AWS
//! documents no words, what its services have been seen to answer.
//!
//! Invariant: what needs more to fit stands before what needs less; rows of one code and words have one kind.

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
pub struct Row {
    /// Only of this service.
    pub from: Option<Service>,
    /// The codes; one that ends in `*` stands for all that begin so.
    pub codes: &'static [&'static str],
    /// A part of the message; empty fits every message.
    pub says: &'static str,
    /// Only to whom.
    pub when: When,
    /// The kind of trouble.
    pub kind: FailureKind,
    /// What it means; empty where the service's words say it all. May hold `{offset}` and `{percent}`.
    pub sentence: &'static str,
    /// The next move; empty where the kind of trouble says it.
    pub next: &'static str,
}

/// What must be true of the asker for a row to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing.
    Always,
    /// The same was allowed before, and there is time left.
    Worked,
    /// A session policy narrows the session.
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
const MINTED: When = When::Minted(&[Mode::Session, Mode::Federation, Mode::Role]);

const CLOCKS_APART: &str = "this machine's clock is {offset} the service's; 15 minutes are tolerated";
const CLOCKS_DIFFER: &str = "this machine's clock and the service's are more than 15 minutes apart";
const SET_THE_CLOCK: &str = "set the clock, then try again";

/// Every row, in the order in which they are tried.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // --- what temporary credentials may not mint
    row(STS, DENIED, "with session credentials", When::Always, Denied,
        "these credentials are temporary already, and only long-term keys may mint a session token or a federated user",
        "use --mode role or --mode direct, or a profile with long-term keys"),
    row(STS, DENIED, "may not be assumed by root", When::Always, Denied,
        "an account's root keys may not assume roles",
        "use the keys of an IAM user, or --mode session"),
    // --- multi-factor authentication
    row(STS, DENIED, "invalid MFA one time pass code", When::Always, Denied,
        "the MFA code was mistyped, is too old, or has been used before",
        "wait for the device's next code, at most 30 s, and mint again with that"),
    row(STS, DENIED, "unable to validate MFA code", When::Always, Denied,
        "the MFA serial number names no device of this user",
        "check it: arn:aws:iam::ACCOUNT:mfa/NAME (not :user/), or the number on the device"),
    row(STS, DENIED, "must provide both MFA serial number and one time pass code", When::Always, Denied,
        "an MFA code is asked for, and none was given",
        "give the device with --mfa-serial and type its code"),
    row(STS, DENIED, "MultiFactorAuthentication", When::Always, Denied,
        "multi-factor authentication failed",
        "check the device's serial number, and type its next code"),
    // --- what a trust policy or the caller's own policies do not allow
    row(STS, DENIED, "sts:TagSession", When::Always, Denied,
        "tags may not be given here: the role's trust policy or yours does not allow sts:TagSession",
        "mint without tags, or have sts:TagSession allowed"),
    row(STS, DENIED, "sts:SetSourceIdentity", When::Always, Denied,
        "a source identity may not be given here: the role's trust policy or yours does not allow sts:SetSourceIdentity",
        "mint without a source identity, or have sts:SetSourceIdentity allowed"),
    row(STS, DENIED, "sts:AssumeRole", When::Always, Denied,
        "the role's trust policy does not name you, or your own policy does not allow sts:AssumeRole on it",
        "check the ARN; the trust policy may also ask for an external id (--external-id) or an MFA code (--mfa-serial)"),
    row(STS, DENIED, "sts:GetFederationToken", When::Always, Denied,
        "sts:GetFederationToken is not allowed, or denied to whoever has no MFA: the call has no MFA parameters",
        "use --mode role with MFA, or have sts:GetFederationToken allowed"),
    row(STS, DENIED, "", When::Always, Denied,
        "",
        "the profile may not mint this: choose another mode, or ask for the permission or the role's trust"),
    // --- calls that a service which is not AWS does not have; the next move is that of the kind
    row(ANY, UNHEARD_OF, "", When::Always, Unsupported, "", ""),
    row(ANY, &["InvalidParameterValue"], "Unsupported action", When::Always, Unsupported, "", ""),
    row(ANY, &["InternalFailure"], "not yet implemented", When::Always, Unsupported, "", ""),
    // --- durations
    row(STS, &["ValidationError"], "MaxSessionDuration", When::Always, Invalid,
        "the role's maximum session duration is shorter than what was asked for",
        "ask for less: every role allows --duration 1h"),
    row(STS, &["ValidationError"], "role chaining", When::Always, Invalid,
        "a role assumed with temporary credentials lives one hour at most, whatever its own maximum",
        "ask for --duration 1h, or assume the role directly with long-term keys (and an MFA code)"),
    // --- session policies
    row(STS, &["MalformedPolicyDocument"], "", When::Always, Invalid,
        "the session policy is not one that AWS can read",
        "correct the session policy"),
    row(STS, &["PackedPolicyTooLarge"], "", When::Always, Invalid,
        "session policy and tags, packed, take {percent} of the space there is",
        "shorten the session policy, name fewer managed policies, or give fewer tags"),
    // --- regions
    row(STS, &["RegionDisabledException"], "", When::Always, Invalid,
        "STS is switched off in that region",
        "choose another region with --region"),
    row(ANY, &["SignatureDoesNotMatch", "InvalidClientTokenId"], "Credential should be scoped to a valid region",
        When::Always, Invalid,
        "the service is not in that region",
        "check --region, AWS_REGION or the profile's region"),
    row(S3, &["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException"], "", When::Always, WrongRegion,
        "the bucket lives in another region",
        "ask in the bucket's own region, with --region"),
    // --- the end
    row(STS, &["ExpiredTokenException"], "", When::Always, Expired,
        "the web identity token has expired",
        "get a new one from the identity provider, then mint"),
    row(STS, &["ExpiredToken"], "", MINTED, Expired,
        "the session is over",
        "mint again with the same request"),
    row(STS, &["ExpiredToken"], "", When::Always, Expired,
        "the profile's own credentials have expired",
        "log in again, then mint"),
    row(ANY, &["InvalidTokenId"], "", When::Always, Expired,
        "the service does not know this session, or not any more",
        "mint again with the same request; if it stays, check the keys and the endpoint"),
    row(ANY, &["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"], "", When::Always, Expired,
        "the session is over",
        "mint again with the same request"),
    // --- tokens and keys
    row(S3, &["InvalidToken"], "", When::Always, InvalidCredentials,
        "the session token was altered, belongs to another key, or came from the global STS endpoint, whose tokens opt-in regions refuse",
        "mint again, from STS in a region (--region)"),
    row(ANY, &["InvalidClientTokenId", "UnrecognizedClientException"], "",
        When::Minted(&[Mode::Session]), InvalidCredentials,
        "a session token may call no IAM unless minted with MFA, and of STS only AssumeRole and GetCallerIdentity; that is answered as if the key were unknown",
        "mint it with MFA, or use the profile's own keys for this (--mode direct)"),
    row(ANY, &["InvalidClientTokenId", "UnrecognizedClientException"], "",
        When::Minted(&[Mode::Federation]), InvalidCredentials,
        "a federated user may call no IAM, and of STS only GetCallerIdentity; that is answered as if the key were unknown",
        "use the profile's own keys for this (--mode direct), or a role"),
    row(ANY, &["InvalidClientTokenId", "UnrecognizedClientException"], "",
        When::Minted(&[Mode::Role]), InvalidCredentials,
        "the key is unknown, or a session of this kind may not call this: a role session mints neither session tokens nor federated users",
        "mint again; if it stays, check the endpoint"),
    row(STS, &["InvalidClientTokenId", "UnrecognizedClientException"], "", When::Always, InvalidCredentials,
        "the key is unknown, or a session of this kind may not call this",
        "check the profile's keys and its endpoint"),
    row(S3, &["InvalidAccessKeyId"], "", MINTED, InvalidCredentials,
        "S3 does not know the session's key: S3 and STS are of different partitions or endpoints, or the key is seconds old or was deleted",
        "check that --endpoint-url and --region mean one service, then mint again"),
    row(ANY, &["InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "MissingAuthenticationToken"],
        "", When::Always, InvalidCredentials,
        "the service does not know this key",
        "check the profile's keys and its endpoint"),
    // --- signatures and clocks
    row(ANY, SIGNATURE, "Signature expired", When::Skewed, Clock, CLOCKS_APART, SET_THE_CLOCK),
    row(ANY, SIGNATURE, "Signature expired", When::Always, Clock, CLOCKS_DIFFER, SET_THE_CLOCK),
    row(ANY, SIGNATURE, "Signature not yet current", When::Skewed, Clock, CLOCKS_APART, SET_THE_CLOCK),
    row(ANY, SIGNATURE, "Signature not yet current", When::Always, Clock, CLOCKS_DIFFER, SET_THE_CLOCK),
    row(ANY, SIGNATURE, "", When::Skewed, InvalidCredentials,
        "the signature does not match; this machine's clock is {offset} the service's",
        "set the clock, then try again; if it stays, the secret is wrong"),
    row(ANY, SIGNATURE, "", When::Always, InvalidCredentials,
        "the secret is wrong, or something between here and the service changed the request",
        "check the profile's secret key; then the proxy"),
    row(ANY, &["RequestTimeTooSkewed", "RequestExpired"], "", When::Skewed, Clock, CLOCKS_APART, SET_THE_CLOCK),
    row(ANY, &["RequestTimeTooSkewed", "RequestExpired"], "", When::Always, Clock, CLOCKS_DIFFER, SET_THE_CLOCK),
    // --- S3's refusals
    row(S3, DENIED, "", When::Worked, Denied,
        "this worked before and there is time left: the session was revoked, or the permission was taken away",
        "ask whoever manages the role or user; minting again helps only if the permission is back"),
    row(S3, DENIED, "", When::Narrowed, Denied,
        "a policy does not allow this, perhaps the session's own, or a deadline in it has passed",
        "go where the session's scope leads (g), or mint one whose scope holds this (n)"),
    row(S3, DENIED, "", When::Always, Denied,
        "no policy allows this, or one denies it: of the user or role, the bucket, or the organisation",
        "mint a session that may, or go elsewhere"),
    row(S3, &["AllAccessDisabled", "AccountProblem", "InvalidObjectState"], "", When::Always, Denied,
        "",
        "see the account's or the object's state with whoever manages it"),
    row(S3, &["NoSuchBucket"], "", When::Always, NotFound,
        "no account has a bucket of that name at this service",
        "check the name; names are case-sensitive"),
    row(S3, &["NoSuchKey", "NotFound"], "", When::Always, NotFound,
        "there is no such object, or it was deleted",
        "check the key, or read the list again"),
    row(ANY, &["SlowDown", "Throttl*", "TooManyRequestsException", "RequestLimitExceeded", "ServiceUnavailable"], "",
        When::Always, Throttled,
        "the service asks for fewer requests",
        "wait a little, then try again"),
    row(ANY, &["RequestTimeout"], "", When::Always, Timeout,
        "the service waited too long for the request",
        "try again; if it stays, check the network and the proxy"),
    row(S3, &["InvalidArgument", "InvalidBucketName", "KeyTooLongError"], "", When::Always, Invalid,
        "",
        "correct it and try again"),
    // --- IAM's
    row(ANY, DENIED, "iam:", When::Always, Denied,
        "these credentials have no rights in IAM; nothing else needs them",
        "go on without: type the ARN, or ask for the permission"),
    row(ANY, DENIED, "", When::Always, Denied,
        "",
        "ask for the permission, or use other credentials"),
    row(ANY, &["NoSuchEntity"], "", When::Always, NotFound,
        "IAM has no user or role of that name in this account",
        "check the name and the account"),
    row(ANY, &["ValidationError", "InvalidParameterValue"], "", When::Always, Invalid,
        "",
        "correct it and try again"),
];

const fn row(
    from: Option<Service>,
    codes: &'static [&'static str],
    says: &'static str,
    when: When,
    kind: FailureKind,
    sentence: &'static str,
    next: &'static str,
) -> Row {
    Row { from, codes, says, when, kind, sentence, next }
}
