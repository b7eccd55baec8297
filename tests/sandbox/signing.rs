//! Who signed: keys, secrets, session tokens, time and tampering.

use std::time::Duration;

use aws_sdk_s3::{config::Credentials, presigning::PresigningConfig};
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use bytes::Bytes;
use ebbtide::{clock::Clock, domain::duration::SessionDuration, sandbox::Settings};

use crate::support::in_process::{Exchange, InProcess, ORIGIN, assert_refused, keys, minted, pass, presigned, refusal};

async fn session(world: &InProcess) -> Credentials {
    let reply = world.sts(world.ana()).get_session_token().send().await.expect("ana may");
    minted(reply.credentials())
}

/// Both services refuse the same credentials, each with its own code.
async fn assert_both_refuse(world: &InProcess, credentials: Credentials, s3: (u16, &str), sts: (u16, &str)) {
    let listed = refusal(world.s3(credentials.clone()).list_buckets().send().await);
    assert_eq!((listed.status, listed.code.as_str()), s3, "{listed:?}");
    let asked = refusal(world.sts(credentials).get_caller_identity().send().await);
    assert_eq!((asked.status, asked.code.as_str()), sts, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_refused() {
    let world = InProcess::new(Settings::default());
    let unknown = keys("AKIANOBODYKNOWSTHIS0", "secret", None);
    assert_both_refuse(&world, unknown, (403, "InvalidAccessKeyId"), (403, "InvalidClientTokenId")).await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_is_refused() {
    let world = InProcess::new(Settings::default());
    let ana = world.ana();
    let mistyped = keys(ana.access_key_id(), "not hers", None);
    assert_both_refuse(&world, mistyped, (403, "SignatureDoesNotMatch"), (403, "SignatureDoesNotMatch")).await;
    let minted = session(&world).await;
    let mistyped = keys(minted.access_key_id(), "not its own", minted.session_token());
    assert_both_refuse(&world, mistyped, (403, "SignatureDoesNotMatch"), (403, "SignatureDoesNotMatch")).await;
}

#[tokio::test(start_paused = true)]
async fn a_forged_or_foreign_session_token_is_refused() {
    let world = InProcess::new(Settings::default());
    let (one, other) = (session(&world).await, session(&world).await);
    for token in ["forged", other.session_token().unwrap()] {
        let credentials = keys(one.access_key_id(), one.secret_access_key(), Some(token));
        assert_both_refuse(&world, credentials, (400, "InvalidToken"), (403, "InvalidClientTokenId")).await;
    }
    let ana = world.ana();
    let with_token = keys(ana.access_key_id(), ana.secret_access_key(), one.session_token());
    assert_both_refuse(&world, with_token, (400, "InvalidToken"), (403, "InvalidClientTokenId")).await;
}

#[tokio::test(start_paused = true)]
async fn a_temporary_key_without_its_session_token_is_no_key() {
    let world = InProcess::new(Settings::default());
    let minted = session(&world).await;
    let bare = keys(minted.access_key_id(), minted.secret_access_key(), None);
    assert_both_refuse(&world, bare, (403, "InvalidAccessKeyId"), (403, "InvalidClientTokenId")).await;
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_on_the_second() {
    let settings = Settings { min_duration: SessionDuration::from_secs(2), ..Settings::default() };
    let world = InProcess::new(settings);
    let reply = world.sts(world.ana()).get_session_token().duration_seconds(2).send().await.unwrap();
    let credentials = minted(reply.credentials());
    assert_eq!(reply.credentials().unwrap().expiration().to_string(), "2026-11-22T12:00:02Z");
    world.s3(credentials.clone()).list_buckets().send().await.expect("it is alive");
    pass(1).await;
    world.s3(credentials.clone()).list_buckets().send().await.expect("it is alive");
    pass(1).await;
    assert_both_refuse(&world, credentials.clone(), (400, "ExpiredToken"), (403, "ExpiredToken")).await;
    let listed = refusal(world.s3(credentials.clone()).list_buckets().send().await);
    assert_eq!(listed.message, "The provided token has expired.");
    let token = credentials.session_token().unwrap();
    assert!(world.last().text().contains(&format!("<Token-0>{token}</Token-0>")), "as AWS does");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_anonymous() {
    let world = InProcess::new(Settings::default());
    let request = http::Request::get("http://sandbox/tide-archive?list-type=2").body(Bytes::new()).unwrap();
    let s3 = world.send(request).await;
    assert_eq!(s3.response.status(), 403);
    assert!(s3.text().contains("<Error><Code>AccessDenied</Code>"), "{}", s3.text());
    assert_eq!(s3.header("x-amz-bucket-region"), Some("us-west-2"));
    let nowhere = http::Request::get("http://sandbox/tide-none/key").body(Bytes::new()).unwrap();
    assert!(world.send(nowhere).await.text().contains("<Code>NoSuchBucket</Code>"), "as AWS does");
    let form = Bytes::from_static(b"Action=GetCallerIdentity&Version=2011-06-15");
    let sts = world.send(http::Request::post("http://sandbox/").body(form).unwrap()).await;
    assert_eq!(sts.response.status(), 403);
    assert!(sts.text().contains("<Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code>"), "{}", sts.text());
    assert!(sts.text().contains("<RequestId>"));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_is_refused_then_corrected_by_the_sdk() {
    let world = InProcess::new(Settings::default());
    let signed = captured(&world).await;
    pass(15 * 60 + 1).await;
    let late = world.send(signed.request).await;
    assert_eq!(late.response.status(), 403);
    assert!(late.text().contains("<Code>RequestTimeTooSkewed</Code>"), "{}", late.text());
    assert!(late.text().contains("<ServerTime>2026-11-22T12:15:01Z</ServerTime>"), "{}", late.text());

    world.sts(world.ana()).get_caller_identity().send().await.unwrap();
    let signed = world.last();
    pass(15 * 60 + 1).await;
    let late = world.send(signed.request).await;
    assert!(late.text().contains("<Code>SignatureDoesNotMatch</Code>"), "{}", late.text());
    assert!(late.text().contains("Signature expired: 20261122T121501Z is now earlier than"), "{}", late.text());

    // A client whose clock is half an hour slow: the reply's Date tells it, and its second attempt holds.
    let slow = world.seen_by(Clock::starting_at(ORIGIN.parse().unwrap()));
    slow.s3(slow.ana()).list_buckets().send().await.expect("the SDK corrects its clock by the Date header");
    let sent = slow.last();
    assert_eq!(sent.header("date"), Some("Sun, 22 Nov 2026 12:30:02 GMT"));
}

async fn captured(world: &InProcess) -> Exchange {
    world.s3(world.ana()).list_objects_v2().bucket("tide-archive").prefix("a b+c").send().await.expect("ana may");
    world.last()
}

/// A request with its signature in a header.
fn signed_in_headers(world: &InProcess, mut request: http::Request<Bytes>, payload: &str) -> http::Request<Bytes> {
    let identity = world.ana().into();
    let parameters = v4::SigningParams::builder().identity(&identity).region("us-west-2").name("s3");
    let parameters = parameters
        .time(world.clock.now().into())
        .settings(SigningSettings::default())
        .build()
        .expect("nothing is missing");
    let (method, uri) = (request.method().to_string(), request.uri().to_string());
    let headers = [("x-amz-content-sha256", payload)].into_iter();
    let signable = SignableRequest::new(&method, &uri, headers, SignableBody::Precomputed(payload.into()))
        .expect("it can be signed");
    let (instructions, _) = sign(signable, &parameters.into()).expect("it can be signed").into_parts();
    instructions.apply_to_request_http1x(&mut request);
    request
}

/// Something done to a request on its way.
type Change = fn(&mut http::Request<Bytes>);

#[tokio::test(start_paused = true)]
async fn what_was_signed_cannot_be_changed() {
    let world = InProcess::new(Settings::default());
    let signed = captured(&world).await;
    assert_eq!(world.send(signed.request.clone()).await.response.status(), 200, "as it was sent");

    let changes: [(&str, Change); 6] = [
        ("SignatureDoesNotMatch", |request| {
            *request.uri_mut() = "http://sandbox/tide-logs?list-type=2".parse().unwrap();
        }),
        ("SignatureDoesNotMatch", |request| *request.method_mut() = http::Method::DELETE),
        ("SignatureDoesNotMatch", |request| {
            let uri = request.uri().to_string().replace("sandbox", "elsewhere");
            *request.uri_mut() = uri.parse().unwrap();
        }),
        ("XAmzContentSHA256Mismatch", |request| *request.body_mut() = Bytes::from_static(b"more")),
        ("AccessDenied", |request| {
            request.headers_mut().insert("x-amz-expected-bucket-owner", "111122223333".parse().unwrap());
        }),
        ("InvalidRequest", |request| {
            request.headers_mut().remove("x-amz-content-sha256");
        }),
    ];
    for (code, change) in changes {
        let mut request = signed.request.clone();
        change(&mut request);
        let text = world.send(request).await.text();
        assert!(text.contains(&format!("<Code>{code}</Code>")), "{code}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signature_for_another_service_or_no_region_is_refused() {
    let world = InProcess::new(Settings::default());
    let scoped = |from: &'static str, to: &'static str, mut signed: Exchange| {
        let authorization = signed.request.headers()["authorization"].to_str().unwrap().replace(from, to);
        signed.request.headers_mut().insert("authorization", authorization.parse().unwrap());
        signed.request
    };
    let request = scoped("/s3/", "/ec2/", captured(&world).await);
    assert!(world.send(request).await.text().contains("incorrect service &quot;ec2&quot;"));

    let nowhere = world.s3_in("eu-nowhere-1", world.ana()).list_buckets().send().await;
    assert_refused(&refusal(nowhere), 400, "AuthorizationHeaderMalformed", "expecting 'us-west-2'");

    let malformed = scoped("Signature=", "Sig=", captured(&world).await);
    assert!(world.send(malformed).await.text().contains("<Code>AuthorizationHeaderMalformed</Code>"));
}

#[tokio::test(start_paused = true)]
async fn a_chunked_body_is_part_of_an_upload_alone() {
    let world = InProcess::new(Settings::default());
    let mut signed = captured(&world).await;
    signed.request.headers_mut().insert("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER".parse().unwrap());
    let reply = world.send(signed.request).await;
    assert!(reply.response.status() == 501 && reply.text().contains("STREAMING-UNSIGNED-PAYLOAD-TRAILER"));
    for payload in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"] {
        let (uri, method) = ("http://sandbox/tide-archive/new", http::Method::PUT);
        let body = Bytes::from_static(b"4;chunk-signature=00\r\nmore\r\n0;chunk-signature=00\r\n\r\n");
        let request = http::Request::builder().method(method).uri(uri).header("x-amz-content-sha256", payload);
        let reply = world.send(signed_in_headers(&world, request.body(body).unwrap(), payload)).await.text();
        let denied = "no identity-based policy allows the s3:PutObject action";
        let expected = if payload.contains("ECDSA") { payload } else { denied };
        assert!(reply.contains(expected), "{payload}: {reply}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_way_of_signing_is_refused_in_awss_words() {
    let world = InProcess::new(Settings::default());
    let version_2 = "<Code>InvalidRequest</Code><Message>The authorization mechanism you have provided is not supported. \
                     Please use AWS4-HMAC-SHA256.</Message>";
    let old = "tide-archive/README.md?AWSAccessKeyId=AKIATIDEANAEXAMPLE01&Signature=x%3D&Expires=1795352400";
    for (target, authorization, status, words) in [
        (old, None, 400, version_2),
        ("tide-archive", Some("AWS AKIATIDEANAEXAMPLE01:x="), 400, version_2),
        ("", Some("AWS AKIATIDEANAEXAMPLE01:x="), 400, version_2),
        ("tide-archive", Some("Basic YW5hOmFuYQ=="), 400, "Unsupported Authorization Type"),
        ("tide-archive", Some("AWS4-ECDSA-P256-SHA256 Credential=x"), 501, "AWS4-ECDSA-P256-SHA256"),
        ("tide-archive", Some("AWS4-HMAC-SHA256 Credential=x"), 400, "requires 'SignedHeaders' parameter"),
        (old, Some("AWS4-HMAC-SHA256 Credential=x"), 400, "Only one auth mechanism allowed"),
        ("tide-archive?X-Amz-Algorithm=AWS5", None, 400, "X-Amz-Algorithm only supports"),
        ("tide-archive?X-Amz-Algorithm=AWS4-HMAC-SHA256", None, 400, "<Code>AuthorizationQueryParametersError<"),
    ] {
        let mut request = http::Request::get(format!("http://sandbox/{target}"));
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let reply = world.send(request.body(Bytes::new()).unwrap()).await;
        let text = reply.text();
        assert_eq!(reply.response.status(), status, "{target} {authorization:?}: {text}");
        assert!(text.contains(words), "{target} {authorization:?}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_presigned_url_may_say_what_the_reply_is_and_must_be_signed_for_a_region() {
    let world = InProcess::new(Settings::default());
    let get = async |target: &str, from: &str, to: &str| {
        let uri = presigned(&world, &world.ana(), "s3", &http::Method::GET, target).replace(from, to);
        world.send(http::Request::get(uri).body(Bytes::new()).unwrap()).await
    };
    let target = "tide-archive/README.md?response-content-disposition=attachment&response-content-type=text%2Fplain";
    let reply = get(target, "", "").await;
    assert_eq!(reply.header("content-disposition"), Some("attachment"), "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("text/plain"));
    let elsewhere = get("tide-archive/README.md", "us-west-2", "eu-nowhere-1").await.text();
    assert!(!elsewhere.contains("expecting"), "a signature for elsewhere does not hold: {elsewhere}");
    let owner = "tide-archive/README.md?x-amz-expected-bucket-owner=999988887777";
    assert_eq!(get(owner, "", "").await.response.status(), 403);
    let customer = "tide-archive/README.md?x-amz-server-side-encryption-customer-algorithm=AES256";
    assert_eq!(get(customer, "", "").await.response.status(), 501);
    assert_eq!(get("tide-archive/README.md?unknown=1&x-amz-api-version=2", "", "").await.response.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_presigned_url_is_good_until_it_or_its_session_ends() {
    let world = InProcess::new(Settings::default());
    let reply = world.sts(world.ana()).get_session_token().duration_seconds(900).send().await.unwrap();
    let s3 = world.s3(minted(reply.credentials()));
    let presign = async |seconds| {
        let config = PresigningConfig::builder()
            .expires_in(Duration::from_secs(seconds))
            .start_time(world.clock.now().into())
            .build()
            .unwrap();
        let get = s3.get_object().bucket("tide-oddities").key("plus+sign.txt").presigned(config).await.unwrap();
        http::Request::get(get.uri()).body(Bytes::new()).unwrap()
    };
    let (short, long) = (presign(60).await, presign(3600).await);
    assert_eq!(world.send(short.clone()).await.response.status(), 200);
    let changed = short.uri().to_string().replace("plus%2Bsign", "spaces%20in%20the%20name");
    let changed = http::Request::get(changed).body(Bytes::new()).unwrap();
    assert!(world.send(changed).await.text().contains("<Code>SignatureDoesNotMatch</Code>"));
    pass(61).await;
    let over = world.send(short).await;
    assert!(over.text().contains("<Message>Request has expired</Message>"), "{}", over.text());
    assert_eq!(world.send(long.clone()).await.response.status(), 200);
    pass(900).await;
    let over = world.send(long).await;
    assert!(over.text().contains("<Code>ExpiredToken</Code>"), "{}", over.text());
}

#[tokio::test(start_paused = true)]
async fn a_presigned_url_lives_a_week_at_most_and_says_when_it_ended() {
    let world = InProcess::new(Settings::default());
    let send = async |uri: String| world.send(http::Request::get(uri).body(Bytes::new()).unwrap()).await;
    let uri = presigned(&world, &world.ana(), "s3", &http::Method::GET, "tide-archive/README.md");
    for (seconds, words) in [
        ("604801", "must be less than a week"),
        ("99999999999999999999", "should be a number"),
        ("-1", "must be non-negative"),
        ("0", "must be at least 1"),
        ("soon", "should be a number"),
    ] {
        let reply = send(uri.replace("X-Amz-Expires=60", &format!("X-Amz-Expires={seconds}"))).await;
        assert_eq!(reply.response.status(), 400, "{seconds}");
        let text = reply.text();
        assert!(text.contains("<Code>AuthorizationQueryParametersError<") && text.contains(words), "{seconds}: {text}");
    }
    let longer = send(uri.replace("X-Amz-Expires=60", "X-Amz-Expires=61")).await.text();
    assert!(longer.contains("<Code>SignatureDoesNotMatch<"), "how long it lives is signed: {longer}");
    pass(60).await;
    assert_eq!(send(uri.clone()).await.response.status(), 200, "until the last second");
    pass(1).await;
    let over = send(uri).await.text();
    let ended = "<X-Amz-Expires>60</X-Amz-Expires><Expires>2026-11-22T12:01:00Z</Expires>\
                 <ServerTime>2026-11-22T12:01:01Z</ServerTime>";
    assert!(over.contains(ended), "{over}");
}

#[tokio::test(start_paused = true)]
async fn a_presigned_url_is_for_its_method_alone_and_covers_what_would_change_the_answer() {
    let world = InProcess::new(Settings::default());
    let target = "tide-objects/kinds/tide.py";
    let send = async |signed: http::Method, sent: http::Method, header: (&'static str, &str)| {
        let uri = presigned(&world, &world.ana(), "s3", &signed, target);
        let request = http::Request::builder().method(sent).uri(uri).header(header.0, header.1);
        world.send(request.body(Bytes::new()).unwrap()).await
    };
    let plain = ("accept", "*/*");
    assert_eq!(send(http::Method::HEAD, http::Method::HEAD, plain).await.response.status(), 200);
    assert_eq!(send(http::Method::GET, http::Method::HEAD, plain).await.response.status(), 403);
    let got = send(http::Method::HEAD, http::Method::GET, plain).await.text();
    assert!(got.contains("<Code>SignatureDoesNotMatch<"), "{got}");
    let ranged = send(http::Method::GET, http::Method::GET, ("range", "bytes=0-3")).await;
    assert_eq!((ranged.response.status().as_u16(), ranged.text().as_str()), (206, "\"\"\"H"));
    let unsigned = send(http::Method::GET, http::Method::GET, ("x-amz-checksum-mode", "ENABLED")).await;
    assert_eq!(unsigned.response.status(), 403);
    assert!(unsigned.text().contains("<HeadersNotSigned>x-amz-checksum-mode<"), "{}", unsigned.text());
    let moved =
        presigned(&world, &world.ana(), "s3", &http::Method::GET, &format!("{target}?x-amz-checksum-mode=ENABLED"));
    let moved = world.send(http::Request::get(moved).body(Bytes::new()).unwrap()).await;
    assert!(moved.header("x-amz-checksum-crc64nvme").is_some(), "a header that was moved into the query is signed");
}

#[tokio::test(start_paused = true)]
async fn a_presigned_url_from_the_end_of_time_is_refused() {
    let world = InProcess::new(Settings::default());
    let ana = world.ana();
    let uri = format!(
        "http://sandbox/tide-archive?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}%2F99991230%2Fus-west-2%2Fs3%2F\
         aws4_request&X-Amz-Date=99991230T000000Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
        ana.access_key_id()
    );
    let reply = world.send(http::Request::get(uri).body(Bytes::new()).unwrap()).await;
    assert_eq!(reply.response.status(), 403);
    assert!(reply.text().contains("<Code>RequestTimeTooSkewed</Code>"), "{}", reply.text());
}

#[tokio::test(start_paused = true)]
async fn the_root_of_a_buckets_own_host_is_the_bucket() {
    let world = InProcess::new(Settings::default());
    for (host, envelope) in
        [("tide-logs.localhost", "<Error><Code>AccessDenied</Code>"), ("localhost", "<ErrorResponse")]
    {
        let request = http::Request::post(format!("http://{host}:9000/?delete")).body(Bytes::new()).unwrap();
        let reply = world.send(request).await;
        assert!(reply.text().contains(envelope), "{host}: {}", reply.text());
    }
}
