//! Refusals as services send them, and what is made of each for whom.

use super::*;
use crate::domain::failure::{
    FailureKind::{
        Clock, Denied, Expired, Invalid, InvalidCredentials, NotFound, Throttled, Timeout, Unsupported, WrongRegion,
    },
    Service::{self, Iam, S3, Sts},
};
use crate::domain::mint::AssumeRole;

/// A refusal, who got it, and a part of what is said about it.
struct Case {
    from: Service,
    code: &'static str,
    message: &'static str,
    standing: ErrorContext,
    kind: FailureKind,
    said: &'static str,
    next: &'static str,
}

const UNKNOWN: ErrorContext = ErrorContext {
    minted: None,
    narrowed: false,
    worked: false,
    clock_offset: SignedDuration::ZERO,
    in_interface: false,
};
const SESSION: ErrorContext = ErrorContext { minted: Some(Mode::Session), ..UNKNOWN };
const FEDERATED: ErrorContext = ErrorContext { minted: Some(Mode::Federation), ..UNKNOWN };
const ROLE: ErrorContext = ErrorContext { minted: Some(Mode::Role), ..UNKNOWN };
const NARROWED: ErrorContext = ErrorContext { narrowed: true, ..FEDERATED };
const WORKED: ErrorContext = ErrorContext { worked: true, ..NARROWED };
const BEHIND: ErrorContext = ErrorContext { clock_offset: SignedDuration::from_mins(16), ..ROLE };
const AHEAD: ErrorContext = ErrorContext { clock_offset: SignedDuration::from_hours(-13), ..ROLE };
const MFA: &str = "MultiFactorAuthentication failed";

#[rustfmt::skip]
const CASES: &[Case] = &[
    // aws-facts 2.4: what STS refuses
    case(Sts, "AccessDenied", "Cannot call GetSessionToken with session credentials", UNKNOWN, Denied, "temporary credentials cannot", "--mode role"),
    case(Sts, "AccessDenied", "Cannot call GetFederationToken with session credentials", UNKNOWN, Denied, "temporary credentials cannot", "long-term keys"),
    case(Sts, "AccessDenied", "Roles may not be assumed by root accounts.", UNKNOWN, Denied, "root user", "--mode session"),
    case(Sts, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", UNKNOWN, Denied, "used before", "next code"),
    case(Sts, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.", UNKNOWN, Denied, "a device of this user", ":mfa/"),
    case(Sts, "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.", UNKNOWN, Denied, "none was sent", "--mfa-serial"),
    case(Sts, "AccessDenied", MFA, UNKNOWN, Denied, "multi-factor", "next code"),
    case(Sts, "AccessDenied", "User: arn:aws:iam::1:user/a is not authorized to perform: sts:TagSession on resource: r", UNKNOWN, Denied, "tags are not allowed", "remove the tags"),
    case(Sts, "AccessDenied", "User: arn:aws:iam::1:user/a is not authorized to perform: sts:SetSourceIdentity on resource: r", UNKNOWN, Denied, "source identity is not allowed", "remove the source identity"),
    case(Sts, "AccessDenied", "User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: r", UNKNOWN, Denied, "trust policy does not allow you", "--external-id"),
    case(Sts, "AccessDenied", "User: u is not authorized to perform: sts:GetFederationToken on resource: r with an explicit deny", UNKNOWN, Denied, "cannot take an MFA code", "--mode role"),
    case(Sts, "AccessDenied", "no", UNKNOWN, Denied, "", "another mode"),
    case(Sts, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", UNKNOWN, Invalid, "maximum session duration", "--duration 1h"),
    case(Sts, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", UNKNOWN, Invalid, "one hour at most", "directly with long-term keys"),
    case(Sts, "ValidationError", "1 validation error detected", UNKNOWN, Invalid, "", "correct it"),
    case(Sts, "MalformedPolicyDocument", "Syntax errors in policy.", UNKNOWN, Invalid, "session policy", "correct"),
    case(Sts, "PackedPolicyTooLarge", "Packed size of session tags consumes 112% of allotted space.", UNKNOWN, Invalid, "take 112% of", "fewer tags"),
    case(Sts, "PackedPolicyTooLarge", "The policy is too large", UNKNOWN, Invalid, "take more than 100% of", "shorten"),
    case(Sts, "RegionDisabledException", "STS is not activated in this region", UNKNOWN, Invalid, "not activated", "--region"),
    case(Sts, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.", UNKNOWN, Invalid, "signed for a region", "--region"),
    case(Sts, "ExpiredToken", "The security token included in the request is expired", UNKNOWN, Expired, "profile's own credentials", "log in again"),
    case(Sts, "ExpiredToken", "The security token included in the request is expired", SESSION, Expired, "session has expired", "mint it again"),
    case(Sts, "ExpiredTokenException", "Token expired", UNKNOWN, Expired, "web identity", "identity provider"),
    case(Sts, "InvalidClientTokenId", "The security token included in the request is invalid", UNKNOWN, InvalidCredentials, "access key is unknown", "check the profile's keys"),
    case(Sts, "InvalidClientTokenId", "The security token included in the request is invalid", SESSION, InvalidCredentials, "cannot call IAM without MFA", "--mode direct"),
    case(Sts, "InvalidClientTokenId", "The security token included in the request is invalid", FEDERATED, InvalidCredentials, "cannot call IAM", "a role"),
    case(Sts, "InvalidClientTokenId", "The security token included in the request is invalid", ROLE, InvalidCredentials, "cannot create session tokens", "mint the session again"),
    case(Sts, "SignatureDoesNotMatch", "The request signature we calculated does not match", UNKNOWN, InvalidCredentials, "secret key is wrong", "secret key"),
    case(Sts, "SignatureDoesNotMatch", "The request signature we calculated does not match", BEHIND, InvalidCredentials, "16:00 behind", "set the clock"),
    case(Sts, "SignatureDoesNotMatch", "Signature expired: 20261122T134400Z is now earlier than 20261122T134500Z (20261122T140000Z - 15 min.)", BEHIND, Clock, "16:00 behind", "set the clock"),
    case(Sts, "SignatureDoesNotMatch", "Signature expired: 20261122T134400Z is now earlier than", UNKNOWN, Clock, "more than 15 minutes", "set the clock"),
    case(Sts, "SignatureDoesNotMatch", "Signature not yet current: 20261123T030000Z is still later than", AHEAD, Clock, "13h 00m ahead of", "set the clock"),
    case(Sts, "InvalidSignatureException", "Signature not yet current: 20261123T030000Z is still later than", UNKNOWN, Clock, "more than 15 minutes", "set the clock"),
    case(Sts, "IncompleteSignature", "no", UNKNOWN, InvalidCredentials, "changed the request", "proxy"),
    case(Sts, "AuthFailure", "no", AHEAD, InvalidCredentials, "13h 00m ahead of", "set the clock"),
    case(Sts, "RequestExpired", "no", UNKNOWN, Clock, "more than 15 minutes", "set the clock"),
    case(Sts, "Throttling", "Rate exceeded", UNKNOWN, Throttled, "fewer requests", "wait"),
    // aws-facts 2.9: what S3 refuses
    case(S3, "ExpiredToken", "The provided token has expired.", ROLE, Expired, "session has expired", "mint it again"),
    case(S3, "InvalidTokenId", "The security token included in the request is invalid", ROLE, Expired, "does not know this session", "mint the session again"),
    case(S3, "TokenRefreshRequired", "The provided token must be refreshed.", ROLE, Expired, "session has expired", "mint it again"),
    case(S3, "InvalidToken", "The provided token is malformed or otherwise invalid.", ROLE, InvalidCredentials, "opt-in Regions", "--region"),
    case(S3, "InvalidAccessKeyId", "no such key", ROLE, InvalidCredentials, "different partitions or endpoints", "--endpoint-url"),
    case(S3, "InvalidAccessKeyId", "no such key", UNKNOWN, InvalidCredentials, "does not know this access key", "profile's keys"),
    case(S3, "SignatureDoesNotMatch", "no", ROLE, InvalidCredentials, "changed the request", "secret"),
    case(S3, "RequestTimeTooSkewed", "The difference between the request time and the server's time is too large.", BEHIND, Clock, "16:00 behind", "set the clock"),
    case(S3, "RequestTimeTooSkewed", "no", AHEAD, Clock, "13h 00m ahead of", "set the clock"),
    case(S3, "AccessDenied", "Access Denied", UNKNOWN, Denied, "no policy allows this", "has the permission"),
    case(S3, "AccessDenied", "Access Denied", NARROWED, Denied, "session policy", "scope"),
    case(S3, "AccessDenied", "Access Denied", WORKED, Denied, "revoked", "permission is back"),
    case(S3, "PermanentRedirect", "must be addressed using the specified endpoint", ROLE, WrongRegion, "another region", "--region"),
    case(S3, "TemporaryRedirect", "no", ROLE, WrongRegion, "another region", "--region"),
    case(S3, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'", ROLE, WrongRegion, "another region", "--region"),
    case(S3, "NoSuchBucket", "The specified bucket does not exist", ROLE, NotFound, "no bucket of that name", "check the spelling"),
    case(S3, "NoSuchKey", "The specified key does not exist.", ROLE, NotFound, "does not exist", "reload the list"),
    case(S3, "SlowDown", "Please reduce your request rate.", ROLE, Throttled, "fewer requests", "wait"),
    case(S3, "AllAccessDisabled", "All access to this object has been disabled.", ROLE, Denied, "", "state"),
    case(S3, "RequestTimeout", "Your socket connection to the server was not read from", ROLE, Timeout, "timed out", "network"),
    case(S3, "InvalidBucketName", "The specified bucket is not valid.", ROLE, Invalid, "", "correct it"),
    // calls that a service does not have
    case(Sts, "InvalidAction", "Unknown STS action: GetFederationToken", UNKNOWN, Unsupported, "", "--mode role"),
    case(Sts, "InvalidParameterValue", "Unsupported action GetSessionToken", UNKNOWN, Unsupported, "", "--mode role"),
    case(Sts, "InternalFailure", "API action 'X' for service 'sts' not yet implemented", UNKNOWN, Unsupported, "", "--mode direct"),
    case(Iam, "NotImplemented", "no", UNKNOWN, Unsupported, "", "continue without"),
    case(S3, "NotImplemented", "A header you provided implies functionality that is not implemented", ROLE, Unsupported, "", "address"),
    // IAM
    case(Iam, "AccessDenied", "User: u is not authorized to perform: iam:GetRole on resource: r", UNKNOWN, Denied, "no IAM permissions", "type the ARN"),
    case(Iam, "AccessDenied", "no", UNKNOWN, Denied, "", "ask for the permission"),
    case(Iam, "NoSuchEntity", "The role with name x cannot be found.", UNKNOWN, NotFound, "no such user or role", "account"),
];

const fn case(
    from: Service,
    code: &'static str,
    message: &'static str,
    standing: ErrorContext,
    kind: FailureKind,
    said: &'static str,
    next: &'static str,
) -> Case {
    Case { from, code, message, standing, kind, said, next }
}

impl Case {
    fn failure(&self) -> Failure {
        let failure = Failure::local(self.kind, "list", "s3://b/", self.message);
        Failure { service: self.from, code: Some(self.code.into()), ..failure }
    }

    fn row(&self) -> usize {
        let fits = |row: &TranslatorRow| {
            row.from.is_none_or(|service| service == self.from)
                && row.speaks_of(self.code, self.message)
                && row.when.is_true(&self.standing)
        };
        ROWS.iter().position(fits).unwrap_or_else(|| panic!("{} {:?} has no row", self.code, self.message))
    }
}

#[test]
fn each_refusal_has_one_sentence_and_one_next_move() {
    for case in CASES {
        let meaning = explain_failure(&case.failure(), &case.standing);
        let sentence = meaning.sentence.clone().unwrap_or_default();
        let line = format!("{} {:?}: {meaning:?}", case.code, case.message);
        assert_eq!(failure_kind(case.code, case.message), Some(case.kind), "{line}");
        assert_eq!(sentence.is_empty(), case.said.is_empty(), "{line}");
        assert!(sentence.contains(case.said) && meaning.next.contains(case.next), "{line}");
        assert!(!meaning.next.is_empty() && !meaning.in_one_line().contains('{'), "{line}");
    }
}

#[test]
fn every_row_is_reached_by_a_refusal_above() {
    let reached: Vec<usize> = CASES.iter().map(Case::row).collect();
    let missed: Vec<&TranslatorRow> = (0..ROWS.len()).filter(|at| !reached.contains(at)).map(|at| &ROWS[at]).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn the_kind_of_trouble_is_the_same_whoever_asked_and_whoever_answered() {
    for case in CASES {
        let speaking = ROWS.iter().filter(|row| row.speaks_of(case.code, case.message) && !row.says.is_empty());
        for row in speaking.chain(&ROWS[case.row()..=case.row()]) {
            assert_eq!(Some(row.kind), failure_kind(case.code, case.message), "{} {:?}", case.code, case.message);
        }
    }
}

#[test]
fn a_move_that_is_known_better_stands_instead_of_the_table_s() {
    let failure = Failure { code: Some("PermanentRedirect".into()), service: S3, ..CASES[0].failure() };
    let meaning = explain_failure(&failure.with_hint("use the bucket's region: --region eu-west-1"), &UNKNOWN);
    assert_eq!(meaning.in_one_line(), "use the bucket's region: --region eu-west-1");
}

#[test]
fn managed_policies_narrow_a_session_as_its_own_does() {
    let mut call = AssumeRole::new("arn:aws:iam::111122223333:role/reader", "ana", "1h".parse().unwrap());
    for (arns, narrowed) in [(vec![], false), (vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()], true)] {
        call.policy_arns = arns;
        let request = MintRequest::AssumeRole(Box::new(call.clone()));
        assert_eq!(ErrorContext::of_request(&request, false, SignedDuration::ZERO).narrowed, narrowed, "{request:?}");
    }
}

#[test]
fn an_unknown_code_leaves_the_next_move_to_the_kind_of_trouble() {
    assert_eq!(failure_kind("SomethingNew", "boom"), None);
    let failure = Failure { code: Some("SomethingNew".into()), kind: Denied, ..CASES[0].failure() };
    let meaning = explain_failure(&failure, &UNKNOWN);
    assert_eq!((meaning.sentence, meaning.next.as_str()), (None, Denied.next_move(Sts)));
}

#[test]
fn a_percentage_is_read_where_there_is_one() {
    for (message, found) in [
        ("consumes 112% of", Some("112%")),
        ("100%", Some("100%")),
        ("a % of", None),
        ("none", None),
        ("9999999% of", None),
    ] {
        assert_eq!(find_percentage(message).as_deref(), found, "{message}");
    }
}

/// A message as AWS writes it: whoever asks, what for, and why not.
fn denied_because(cause: &str) -> String {
    format!(
        "User: arn:aws:iam::1:user/a is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" {cause}"
    )
}

#[test]
fn every_cause_that_aws_names_is_told() {
    use DenyingPolicy::{
        BlockPublicAccess, BlockedEncryption, Boundary, Identity, Resource, ResourceControl, RoleTrust, ServiceControl,
        Session, VpcEndpoint,
    };
    for (name, policy, said) in [
        ("identity-based policy", Identity, "identity-based policy of the user or role"),
        ("resource-based policy", Resource, "bucket policy"),
        ("session policy", Session, "session policy"),
        ("permissions boundary", Boundary, "permissions boundary"),
        ("service control policy", ServiceControl, "(SCP)"),
        ("resource control policy", ResourceControl, "(RCP)"),
        ("VPC endpoint policy", VpcEndpoint, "VPC endpoint"),
        ("role trust policy", RoleTrust, "trust policy"),
    ] {
        let article = if name.starts_with('i') { "an" } else { "a" };
        for (cause, explicit) in [
            (format!("because no {name} allows the s3:GetObject action"), false),
            (format!("because no {name} allows the s3:GetObject action."), false),
            (format!("with an explicit deny in {article} {name}"), true),
            (format!("with an explicit deny in the {name}"), true),
            (format!("with\nan explicit  deny in {article} {name}. Encoded authorization failure message: Qm9v"), true),
            (format!("with an explicit deny in {article} {name} (Service: S3, Status Code: 403)"), true),
        ] {
            let message = denied_because(&cause);
            let denial = PolicyDenial::parse_message(&message).unwrap_or_else(|| panic!("{message}"));
            assert_eq!((denial.policy, denial.explicit), (policy, explicit), "{message}");
            assert_eq!(denial.action.as_deref(), Some("s3:GetObject"), "{message}");
            let failure = Failure {
                code: Some("AccessDenied".into()),
                service: S3,
                ..Failure::local(Denied, "list", "", message)
            };
            let meaning = explain_failure(&failure, &UNKNOWN);
            let sentence = meaning.sentence.clone().unwrap();
            assert!(sentence.contains(said) && sentence.contains("s3:GetObject"), "{sentence}");
            assert_eq!(sentence.contains("explicitly denies"), explicit, "{sentence}");
            assert!(!meaning.next.is_empty());
        }
    }
    for (cause, policy) in [
        ("with an explicit deny in a sessions policy", Session),
        (
            "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.",
            BlockPublicAccess,
        ),
        (
            "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
            BlockPublicAccess,
        ),
        (
            "because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type",
            BlockedEncryption,
        ),
    ] {
        assert_eq!(
            PolicyDenial::parse_message(&denied_because(cause)).map(|denial| denial.policy),
            Some(policy),
            "{cause}"
        );
    }
    let through = "with an explicit deny in a VPC endpoint policy transitively through a service control policy";
    let denial = PolicyDenial::parse_message(&denied_because(through)).unwrap();
    assert_eq!((denial.policy, denial.through), (VpcEndpoint, Some(ServiceControl)));
    let named = "with an explicit deny in a permissions boundary: arn:aws:iam::1:policy/edge";
    assert_eq!(
        PolicyDenial::parse_message(&denied_because(named)).unwrap().arn.as_deref(),
        Some("arn:aws:iam::1:policy/edge")
    );
}

#[test]
fn words_in_a_name_and_words_that_are_not_known_name_no_cause() {
    for message in [
        "Access Denied".to_owned(),
        denied_because(""),
        denied_because("because no moon phase policy allows the s3:GetObject action"),
        denied_because("with an explicit deny in a moon phase policy"),
        denied_because("with an explicit deny"),
        denied_because("with an explicit deny in a session policy that is not one"),
        "User: u is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/with an explicit deny in a session policy\"".into(),
        "User: u is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/because no session policy allows the s3:GetObject action\"".into(),
        "because no session policy allows the rm -rf / thing".into(),
    ] {
        assert_eq!(PolicyDenial::parse_message(&message), None, "{message}");
    }
    let odd = "is not authorized to perform: \u{1b}[2J because no session policy allows the \u{1b}[2J action";
    assert_eq!(PolicyDenial::parse_message(odd).map(|denial| denial.action), Some(None), "only a plain name is told");
}

#[test]
fn a_cause_is_told_to_whom_it_befell() {
    let failure = |cause: &str| Failure {
        code: Some("AccessDenied".into()),
        service: S3,
        ..Failure::local(Denied, "list", "s3://b/", denied_because(cause))
    };
    let (identity, session) = (
        "with an explicit deny in an identity-based policy",
        "because no session policy allows the s3:GetObject action",
    );
    for (cause, standing, said, next) in [
        (identity, WORKED, "the session was revoked", "ask the administrator of the user or role"),
        (identity, NARROWED, "explicitly denies s3:GetObject", "another scope does not help"),
        (session, NARROWED, "the session policy does not allow s3:GetObject", "mint a session"),
        (session, WORKED, "a deadline in the policy has passed", "mint a session"),
        (session, UNKNOWN, "set when these credentials were created", "use credentials"),
    ] {
        let meaning = explain_failure(&failure(cause), &standing);
        let sentence = meaning.sentence.unwrap();
        assert!(sentence.contains(said) && meaning.next.contains(next), "{sentence}: {}", meaning.next);
    }
    let tags = Failure {
        service: Sts,
        message: "User: u is not authorized to perform: sts:TagSession on resource: r because no identity-based policy allows the sts:TagSession action".into(),
        ..failure("")
    };
    let meaning = explain_failure(&tags, &UNKNOWN);
    assert!(meaning.sentence.unwrap().contains("no identity-based policy of the user or role allows sts:TagSession"));
    assert!(meaning.next.contains("remove the tags"));
}

#[test]
fn the_interface_is_told_of_fields_and_keys_and_the_command_line_of_options() {
    for case in CASES {
        let shown = explain_failure(&case.failure(), &case.standing.in_interface()).in_one_line();
        for option in ["--mode", "--duration", "--scope", "--external-id", "--mfa-serial"] {
            assert!(!shown.contains(option), "{shown}");
        }
        let printed = explain_failure(&case.failure(), &case.standing).in_one_line();
        assert!(!["(n)", "(g)", "F4", "press"].iter().any(|key| printed.contains(key)), "{printed}");
    }
}
