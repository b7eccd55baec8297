//! Tests: how services other than AWS respond, and what ebbtide makes of each response.
//!
//! Invariant: whatever a service responds, the outcome is a session, or one sentence with a next move.

use super::{Aws, Minted, Setting, Source, scripted_server::ScriptedServer};
use crate::{
    clock::Clock,
    domain::{
        duration::SessionDuration,
        failure::{Failure, FailureKind},
        mint::{AssumeRole, FederationToken, MintRequest, SessionToken},
        profile::SourceOptions,
    },
};

const NOW: &str = "2026-11-22T12:00:00Z";
const HOUR: SessionDuration = SessionDuration::from_secs(3600);

async fn source_over(parrot: &ScriptedServer) -> Source {
    let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=eu-west-1\n\
        endpoint_url=http://127.0.0.1:9\n"
        .into();
    let clock = Clock::starting_at(NOW.parse().unwrap());
    let aws = Aws::new(clock, Setting::Fixed { shared_config }).with_http_client(parrot.client());
    aws.source(&SourceOptions::default()).await.unwrap()
}

fn role_request() -> MintRequest {
    MintRequest::AssumeRole(Box::new(AssumeRole {
        role_arn: "arn:minio:iam:::role/reader".into(),
        session_name: "tide".into(),
        duration: HOUR,
        policy: None,
        policy_arns: vec![],
        tags: vec![],
        transitive_tags: vec![],
        external_id: None,
        source_identity: None,
        mfa_serial: None,
    }))
}

fn federation_request() -> MintRequest {
    MintRequest::FederationToken(Box::new(FederationToken {
        name: "tide".into(),
        duration: HOUR,
        policy: None,
        policy_arns: vec![],
        tags: vec![],
    }))
}

fn session_request() -> MintRequest {
    MintRequest::SessionToken(SessionToken { duration: HOUR, mfa_serial: None })
}

/// What comes of minting a role session where the answer's result holds this.
async fn assume_role_reply(inside: &str) -> Result<Minted, Failure> {
    let answer = format!("<AssumeRoleResponse><AssumeRoleResult>{inside}</AssumeRoleResult></AssumeRoleResponse>");
    source_over(&ScriptedServer::replying(answer)).await.mint_session(&role_request(), None).await
}

fn credentials_xml(expiration: &str) -> String {
    format!(
        "<Credentials><AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>canarySECRET</SecretAccessKey>\
         <SessionToken>canaryTOKEN</SessionToken>{expiration}</Credentials>"
    )
}

fn mint_expiring(at: &str) -> String {
    credentials_xml(&format!("<Expiration>{at}</Expiration>"))
}

#[tokio::test]
async fn the_least_that_grants_a_session_is_credentials_and_their_end() {
    for more in [
        "",
        "<AssumedRoleUser><Arn></Arn><AssumedRoleId></AssumedRoleId></AssumedRoleUser>",
        "<AssumedRoleUser><Arn/><AssumeRoleId/></AssumedRoleUser>",
        "<AssumedRoleUser/><SourceIdentity/>",
        "<Audience>x</Audience><Unheard><Of>it</Of></Unheard>",
    ] {
        let minted = assume_role_reply(&format!("{}{more}", mint_expiring("2026-11-22T13:00:00Z"))).await.unwrap();
        assert_eq!(minted.grant, crate::domain::session::Grant::default(), "{more}");
        assert_eq!(minted.credentials.expiration, Some("2026-11-22T13:00:00Z".parse().unwrap()));
    }
}

#[tokio::test]
async fn an_end_is_understood_in_every_form_that_services_write() {
    for at in [
        "2026-11-22T13:00:00Z",
        "2026-11-22T13:00:00.000Z",
        "2026-11-22T13:00:00.123456789Z",
        "2026-11-22T13:00:00+00:00",
        "2026-11-22T14:00:00+01:00",
        "2026-11-22T14:00:00.5+01:00",
    ] {
        let minted = assume_role_reply(&mint_expiring(at)).await.unwrap();
        assert_eq!(minted.credentials.expiration, Some("2026-11-22T13:00:00Z".parse().unwrap()), "{at}");
    }
}

#[tokio::test]
async fn an_end_that_is_no_time_and_a_grant_that_is_none_are_not_used() {
    for inside in [
        mint_expiring("2026-11-22T13:00:00"),
        mint_expiring("tomorrow"),
        mint_expiring(""),
        credentials_xml(""),
        "<Credentials/>".into(),
        String::new(),
    ] {
        let failure = assume_role_reply(&inside).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Malformed, "{inside}: {failure}");
        assert!(!format!("{failure}{failure:?}").contains("canary"), "{failure:?}");
        assert!(failure.next_move().contains("does not behave like AWS"), "{}", failure.next_move());
    }
}

/// Refusals of a call that the service does not have: status and body.
const UNKNOWN_CALLS: [(u16, &str); 12] = [
    // AWS, MiniStack
    (
        400,
        "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Unknown STS action: X</Message></Error><RequestId>1</RequestId></ErrorResponse>",
    ),
    // without a request id
    (400, "<ErrorResponse><Error><Code>InvalidAction</Code><Message>no</Message></Error></ErrorResponse>"),
    // MinIO's STS
    (
        400,
        "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type></Type><Code>InvalidParameterValue</Code><Message>Unsupported action GetFederationToken</Message></Error><RequestId>1</RequestId></ErrorResponse>",
    ),
    // LocalStack
    (
        501,
        "<ErrorResponse><Error><Code>InternalFailure</Code><Message>API action 'GetFederationToken' for service 'sts' not yet implemented or pro feature</Message></Error></ErrorResponse>",
    ),
    // S3 servers for which this is a POST to no bucket
    (
        405,
        "<?xml version=\"1.0\"?><Error><Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message></Error>",
    ),
    (501, "<Error><Code>NotImplemented</Code><RequestId>1</RequestId></Error>"),
    (405, ""),
    (501, ""),
    (405, "<html><body>405 Not Allowed</body></html>"),
    // in JSON
    (404, "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\",\"message\":\"no\"}"),
    (400, "{\"__type\":\"UnknownOperationException\"}"),
    (501, "{\"Code\":\"NotImplemented\",\"Message\":\"canaryNOT\"}"),
];

#[tokio::test]
async fn a_call_that_the_service_does_not_have_is_told_from_a_refusal() {
    for (status, body) in UNKNOWN_CALLS {
        for request in [session_request(), federation_request(), role_request()] {
            let parrot = ScriptedServer::saying_in_turn(&[(status, body)]);
            let failure = source_over(&parrot).await.mint_session(&request, None).await.unwrap_err();
            let line = format!("{status} {body}: {failure} | {}", failure.next_move());
            assert_eq!(failure.kind, FailureKind::Unsupported, "{line}");
            assert!(failure.next_move().contains("--mode"), "{line}");
            assert_eq!(parrot.recorded_requests().len(), 1, "{line}");
        }
        let iam = source_over(&ScriptedServer::saying_in_turn(&[(status, body)])).await.iam().await.unwrap();
        let failure = iam.get_user("bo").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unsupported, "{body}: {failure}");
        assert!(failure.next_move().contains("continue without"), "{}", failure.next_move());
    }
}

#[tokio::test]
async fn a_refusal_is_understood_in_whichever_form_it_comes() {
    let denied = [
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>why not</Message></Error></ErrorResponse>",
        "<Error><Code>AccessDenied</Code><Message>why not</Message><Resource>/</Resource></Error>",
        "<Response><Errors><Error><Code>AccessDenied</Code><Message>why not</Message></Error></Errors></Response>",
        "{\"__type\":\"AccessDenied\",\"message\":\"why not\"}",
        "{\"Code\":\"AccessDenied\",\"Message\":\"why not\"}",
    ];
    for body in denied {
        for request in [session_request(), federation_request(), role_request()] {
            let failure = source_over(&ScriptedServer::saying_in_turn(&[(403, body)]))
                .await
                .mint_session(&request, None)
                .await
                .unwrap_err();
            assert_eq!(failure.kind, FailureKind::Denied, "{body}");
            assert!(failure.in_one_line().contains("AccessDenied (403): why not"), "{body}: {failure}");
        }
    }
}

#[tokio::test]
async fn what_is_no_answer_of_sts_says_so() {
    for (status, body, told) in [
        (200, "<html>welcome</html>", "it is a web page"),
        (200, "<!DOCTYPE html><html><title>Log in</title>", "with the title \"Log in\""),
        (200, "", "it is empty"),
        (200, "{}", "it is JSON"),
        (200, "<ListAllMyBucketsResult/>", "with the root <ListAllMyBucketsResult>"),
        (200, "SSH-2.0-OpenSSH_9.6", "it starts with SSH-2.0-OpenSSH_9.6"),
    ] {
        let failure = source_over(&ScriptedServer::saying_in_turn(&[(status, body); 2]))
            .await
            .mint_session(&role_request(), None)
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Malformed, "{body}: {failure}");
        assert!(failure.message.contains(told), "{body}: {failure}");
        assert!(failure.message.contains("not a response from STS"), "{body}: {failure}");
        assert!(failure.next_move().contains("check the address"), "{}", failure.next_move());
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_without_a_code_is_told_by_what_came_instead() {
    for (status, body, told) in [
        (403, "<html><head><title>403 Forbidden</title></head></html>", "a web page with the title \"403 Forbidden\""),
        (
            502,
            "<html><head><title>502 Bad Gateway</title></head></html>",
            "a web page with the title \"502 Bad Gateway\"",
        ),
        (403, "{\"message\":\"Forbidden\"}", "it is JSON with the message \"Forbidden\""),
        (500, "upstream connect error", "it starts with upstream connect error"),
        (403, "", "no reason given"),
        (407, "", "a proxy requires a user name and a password"),
    ] {
        for request in [session_request(), federation_request(), role_request()] {
            let failure = source_over(&ScriptedServer::saying_in_turn(&[(status, body); 3]))
                .await
                .mint_session(&request, None)
                .await
                .unwrap_err();
            assert_eq!(failure.status, Some(status));
            assert!(failure.message.contains(told), "{status} {body}: {failure}");
        }
    }
}

#[tokio::test]
async fn a_grant_that_was_cut_off_or_says_a_field_twice_is_not_used() {
    let inside = "<Credentials><Expiration>2026-11-22T13:00:00Z</Expiration><AccessKeyId>ASIAX</AccessKeyId>\
         <SessionToken>canaryTOKEN</SessionToken><SecretAccessKey>canarySECRET</SecretAccessKey></Credentials>";
    let answer = format!("<AssumeRoleResponse><AssumeRoleResult>{inside}</AssumeRoleResult></AssumeRoleResponse>");
    let mint = async |answer: &str| {
        source_over(&ScriptedServer::replying(answer)).await.mint_session(&role_request(), None).await
    };
    mint(&answer).await.unwrap();
    for end in 1..answer.len() {
        let failure = mint(&answer[..end]).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Malformed, "{}", &answer[..end]);
        assert!(!format!("{failure}{failure:?}").contains("canary"), "{failure:?}");
    }
    for field in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Credentials", "AssumeRoleResult"] {
        let close = format!("</{field}>");
        let twice = answer.replacen(&close, &format!("{close}<{field}></{field}>"), 1);
        let failure = mint(&twice).await.unwrap_err();
        assert!(failure.message.contains(&format!("it has {field} twice")), "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_throttles_is_outlived_without_a_code_and_named_with_one() {
    let throttling = "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>";
    let grant = format!(
        "<AssumeRoleResponse><AssumeRoleResult>{}</AssumeRoleResult></AssumeRoleResponse>",
        mint_expiring("2026-11-22T13:00:00Z")
    );
    let mut script = vec![(400, throttling); 6];
    script.push((200, &grant));
    let parrot = ScriptedServer::saying_in_turn(&script);
    source_over(&parrot).await.mint_session(&role_request(), None).await.unwrap();
    assert_eq!(parrot.recorded_requests().len(), 7);
    // The call that reads the clock outlives it too, and then the code is refused.
    script[6] = (405, "");
    script.push((400, throttling));
    let parrot = ScriptedServer::saying_in_turn(&script);
    let code = crate::domain::mint::MfaCode::parse_code("730461").unwrap();
    let failure = source_over(&parrot).await.mint_session(&role_request(), Some(&code)).await.unwrap_err();
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Throttled, "Rate exceeded"));
    let with_code = parrot.recorded_requests().into_iter().filter(|asked| asked.body.contains("TokenCode")).count();
    assert_eq!((parrot.recorded_requests().len(), with_code), (8, 1), "a code is sent once");
}
