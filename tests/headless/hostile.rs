//! Commands against services that answer what no service should: nothing of it is taken for an answer or followed without
//! end, and it is named as what it is.

use std::{process::Command, sync::Mutex, thread};

use ebbtide::clock::Clock;
use jiff::SignedDuration;

use crate::{
    fake::{Fake, http},
    shore::{Ended, ended},
};

const BUCKET: &str = "s3://tide-logs";

/// The program with keys of its own, against `endpoint`.
fn run(endpoint: &str, line: &str) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
    command
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("EBBTIDE_MINT_LOG", "off")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "canarySECRET")
        .env("AWS_REGION", "us-west-2")
        .env("AWS_ENDPOINT_URL", endpoint)
        .args(line.split_whitespace());
    ended(command.output().unwrap())
}

fn page(keys: &[&str], token: Option<&str>) -> String {
    let row = |key: &&str| format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>");
    let keys = keys.iter().map(row).collect::<Vec<_>>().concat();
    let token = token.map(|token| format!("<NextContinuationToken>{token}</NextContinuationToken>"));
    let more = token.is_some();
    format!("<ListBucketResult><IsTruncated>{more}</IsTruncated>{}{keys}</ListBucketResult>", token.unwrap_or_default())
}

fn grant(credentials: &str) -> String {
    format!(
        "<GetSessionTokenResponse><GetSessionTokenResult><Credentials>{credentials}</Credentials>\
         </GetSessionTokenResult></GetSessionTokenResponse>"
    )
}

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ana</Arn>\
    <UserId>A</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/// Everything that lists objects.
const LISTING: [&str; 4] = ["ls", "ls -R", "ls --all", "count"];

#[test]
fn pages_that_lead_nowhere_are_not_followed_and_never_look_complete() {
    type PageOf = fn(usize) -> String;
    let services: [(&str, PageOf, &str); 3] = [
        ("empty pages", |n| page(&[], Some(&n.to_string())), "only empty pages"),
        ("one token", |n| page(&[&format!("k{n:09}")], Some("A")), "the same continuation token twice"),
        ("the same keys", |n| page(&["a", "b"], Some(&n.to_string())), ""),
    ];
    for (name, answer, told) in services {
        for command in LISTING {
            let fake = Fake::answering(move |_, n| http(200, "", answer(n)));
            let ended = run(&format!("http://{}", fake.address), &format!("{command} -m direct {BUCKET}"));
            assert_eq!(ended.code, 1, "{name}, {command}: {}", ended.err);
            assert!(ended.err.contains(told), "{name}, {command}: {}", ended.err);
            assert!(
                !ended.err.contains("Items (") && !ended.out.contains("\"complete\": true"),
                "{name}: {}",
                ended.out
            );
            // Twenty by each of the requests that are made at a time.
            assert!(fake.asked() <= 22 * 64, "{name}, {command}: {} requests", fake.asked());
        }
        let fake = Fake::answering(move |_, n| http(200, "", answer(n)));
        let ended = run(&format!("http://{}", fake.address), &format!("ls -o json -m direct {BUCKET}"));
        assert!(ended.code == 1 && !ended.out.contains("\"complete\": true"), "{name}: {}", ended.out);
        assert!(fake.asked() <= 22, "{name}: {} requests", fake.asked());
    }
}

#[test]
fn buckets_and_roles_that_lead_nowhere_are_not_followed() {
    let fake = Fake::answering(move |request, n| {
        http(
            200,
            "",
            match request {
                _ if request.contains("GetCallerIdentity") => IDENTITY.to_owned(),
                _ if request.contains("ListRoles") => format!(
                    "<ListRolesResponse><ListRolesResult><Roles/><IsTruncated>true</IsTruncated><Marker>m{n}</Marker>\
                 </ListRolesResult></ListRolesResponse>"
                ),
                _ => format!(
                    "<ListAllMyBucketsResult><Buckets/><ContinuationToken>t{n}</ContinuationToken></ListAllMyBucketsResult>"
                ),
            },
        )
    });
    let endpoint = format!("http://{}", fake.address);
    for (line, asked) in [("ls -m direct", 20), ("roles", 21), (&format!("ls --check -m direct {BUCKET}"), 60)] {
        let before = fake.asked();
        let ended = run(&endpoint, line);
        assert!(ended.err.contains("only empty pages"), "{line}: {}", ended.err);
        assert_eq!(ended.code, 1, "{line}: {}", ended.err);
        assert!(fake.asked() - before <= asked, "{line}: {} requests", fake.asked() - before);
    }
}

#[test]
fn a_grant_that_is_not_whole_said_once_and_alive_is_not_used() {
    let end = Clock::system().now() + SignedDuration::from_hours(1);
    let past = Clock::system().now() - SignedDuration::from_secs(20);
    let whole = grant(&format!(
        "<Expiration>{end}</Expiration><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SessionToken>t</SessionToken>\
         <SecretAccessKey>abcdefghijklmnopqrstuvwxyz0123456789ABCD</SecretAccessKey>"
    ));
    let cut = whole.split_once("stuvw").unwrap().0.to_owned();
    for (body, told) in [
        (whole.clone(), ""),
        (cut, "the response is incomplete: it ends too early"),
        (
            whole.replace("<SessionToken>", "<SecretAccessKey>x</SecretAccessKey><SessionToken>"),
            "SecretAccessKey twice",
        ),
        (whole.replace(&end.to_string(), &past.to_string()), "had already expired"),
        (whole.replace("ASIAEXAMPLE", ""), "the access key ID is empty"),
        (whole.replace("</GetSessionTokenResponse>", ""), "it ends too early"),
    ] {
        let shown = body.clone();
        // No length: the end of the connection is the end of the answer.
        let fake = Fake::answering(move |_, _| format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes());
        let ended = run(&format!("http://{}", fake.address), "mint -o json");
        assert!(ended.err.contains(told), "{shown}: {}", ended.err);
        assert_eq!(
            (ended.code == 0, ended.out.is_empty()),
            (told.is_empty(), !told.is_empty()),
            "{shown}: {}",
            ended.out
        );
    }
}

#[test]
fn seconds_of_throttling_end_no_listing() {
    const SLOW_DOWN: &str = "<Error><Code>SlowDown</Code><Message>slower</Message></Error>";
    let lines = LISTING.map(|command| format!("{command} -m direct {BUCKET}"));
    let others = ["ls -m direct".to_owned(), "mint".to_owned()];
    thread::scope(|scope| {
        for line in lines.iter().chain(&others) {
            scope.spawn(move || {
                let begun = Mutex::new(None);
                let fake = Fake::answering(move |request, _| {
                    let now = Clock::system().now();
                    let since = now.duration_since(*begun.lock().unwrap().get_or_insert(now));
                    match request {
                        _ if since < SignedDuration::from_secs(3) => http(503, "", SLOW_DOWN),
                        _ if request.contains("GetSessionToken") => {
                            let end = Clock::system().now() + SignedDuration::from_hours(1);
                            http(
                                200,
                                "",
                                grant(&format!(
                                    "<Expiration>{end}</Expiration><AccessKeyId>ASIAEXAMPLE</AccessKeyId>\
                                 <SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>"
                                )),
                            )
                        }
                        _ if request.contains("GetCallerIdentity") => http(200, "", IDENTITY),
                        _ if request.contains("tide-logs") => http(200, "", page(&["a", "b"], None)),
                        _ => http(200, "", "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"),
                    }
                });
                let ended = run(&format!("http://{}", fake.address), line);
                assert_eq!(ended.code, 0, "{line}: {}", ended.err);
                assert!(fake.asked() < 30, "{line}: {} requests", fake.asked());
            });
        }
    });
}

#[test]
fn what_is_no_answer_is_named_as_what_it_is() {
    let plain = "http://";
    for (scheme, answer, told, hint, code) in [
        (plain, b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), "does not speak HTTP", "check the port", 1),
        (plain, vec![0x15, 3, 1, 0, 2, 2, 0x46], "does not speak HTTP", "write https://", 1),
        ("https://", http(200, "", ""), "does not speak TLS", "write http://", 6),
        (
            plain,
            http(400, "", "Client sent an HTTP request to an HTTPS server.\n"),
            "Client sent an HTTP request",
            "write https://",
            1,
        ),
        (
            plain,
            http(302, "Location: https://ana:secret@portal.example:8443/login?token=secret\r\n", "<html>"),
            "the service redirects to https://portal.example:8443; ebbtide does not follow that",
            "check the address",
            1,
        ),
        (
            plain,
            http(301, "Location: /login\r\n", ""),
            "the service redirects to another address",
            "check the address",
            1,
        ),
        (
            plain,
            http(200, "", "<html><head><title>Welcome</title></head></html>"),
            "a web page with the title \"Welcome\"",
            "check the address",
            1,
        ),
        (plain, http(200, "", "\u{1f}\u{8b}"), "it is binary", "check the address", 1),
        (plain, http(200, "", [0x1f, 0x8b, 8, 0]), "compressed with gzip", "check the address", 1),
        (plain, http(200, "", ""), "it is empty", "check the address", 1),
        (plain, http(200, "", "{\"message\":\"hi\"}"), "JSON with the message \"hi\"", "check the address", 1),
        (plain, http(200, "", "<Other/>"), "XML with the root <Other>", "check the address", 1),
        (plain, http(407, "", ""), "a proxy requires a user name and a password", "NO_PROXY", 1),
        (
            plain,
            http(403, "", "<title>403 Forbidden</title>"),
            "with the title \"403 Forbidden\"",
            "something other",
            1,
        ),
    ] {
        for line in ["mint", &format!("ls -m direct {BUCKET}")] {
            let reply = answer.clone();
            let fake = Fake::answering(move |_, _| reply.clone());
            let ended = run(&format!("{scheme}{}", fake.address), line);
            assert!(ended.err.contains(told) && ended.err.contains(hint), "{line}: {told}: {}", ended.err);
            assert!(!ended.err.contains("secret"), "{line}: {}", ended.err);
            assert_eq!(ended.code, code, "{line}: {}", ended.err);
        }
    }
}

#[test]
fn the_reason_of_a_refusal_to_look_is_the_one_that_a_read_is_given_and_no_dead_link_is_signed() {
    for (code, exit) in
        [("SignatureDoesNotMatch", 4), ("InvalidToken", 4), ("InvalidAccessKeyId", 4), ("AccessDenied", 3)]
    {
        let fake = Fake::answering(move |request, _| match request {
            _ if request.starts_with("HEAD") => http(if code == "InvalidToken" { 400 } else { 403 }, "", ""),
            _ => http(403, "", format!("<Error><Code>{code}</Code><Message>m</Message></Error>")),
        });
        let endpoint = format!("http://{}", fake.address);
        for command in ["stat", "cat", "head -n 0"] {
            let ended = run(&endpoint, &format!("{command} -m direct {BUCKET}/a"));
            assert_eq!(ended.code, exit, "{command} {code}: {}", ended.err);
            assert!(ended.err.contains(code), "{command} {code}: {}", ended.err);
        }
        let link = run(&endpoint, &format!("presign -m direct {BUCKET}/a"));
        let is_signed = exit != 4;
        assert_eq!((link.code == 0, !link.out.is_empty()), (is_signed, is_signed), "{code}: {}", link.err);
    }
}

#[test]
fn parts_that_are_shorter_than_the_range_are_completed() {
    let whole = (0..20_000).map(|n| format!("line {n:07}\n")).collect::<Vec<_>>().concat();
    let content = whole.clone();
    let fake = Fake::answering(move |request, _| {
        let size = content.len();
        let Some(range) =
            request.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=").map(str::to_owned))
        else {
            return http(200, "ETag: \"e\"\r\n", &content);
        };
        let (first, last) = range.trim().split_once('-').unwrap();
        let (first, end) = match (first.parse(), last.parse::<usize>()) {
            (Ok(first), Ok(last)) => (first, size.min(last + 1)),
            (Ok(first), Err(_)) => (first, size),
            (Err(_), count) => (size.saturating_sub(count.unwrap()), size),
        };
        let end = end.min(first + 5000);
        let headers = format!("ETag: \"e\"\r\nContent-Range: bytes {first}-{}/{size}\r\n", end - 1);
        http(206, &headers, &content[first..end])
    });
    let endpoint = format!("http://{}", fake.address);
    for (line, expected) in [
        ("head -n 1000", &whole[..13_000]),
        ("head -n 6000", &whole[..78_000]),
        ("head -c 20001", &whole[..20_001]),
        ("tail -n 1000", &whole[whole.len() - 13_000..]),
        ("tail -n 6000", &whole[whole.len() - 78_000..]),
        ("tail -c 20001", &whole[whole.len() - 20_001..]),
        ("cat", &whole[..]),
    ] {
        let ended = run(&endpoint, &format!("{line} -m direct {BUCKET}/a"));
        assert!(ended.code == 0 && ended.out == expected, "{line}: {} bytes {}", ended.out.len(), ended.err);
    }
}

#[test]
fn an_end_that_is_too_long_to_be_kept_is_no_fault_of_the_arguments() {
    let fake = Fake::answering(|_, _| http(200, "ETag: \"e\"\r\n", vec![b'x'; 17 << 20]));
    let ended = run(&format!("http://{}", fake.address), &format!("tail -n 2 -m direct {BUCKET}/a"));
    assert!(ended.code == 1 && ended.err.contains("longer than 16 MiB"), "{} {}", ended.code, ended.err);
}

#[test]
fn versions_in_no_order_are_read_to_the_end_and_what_was_current_is_not_guessed() {
    let row = |tag: &str, key: &str, id: &str, latest: bool, month: u8| {
        format!(
            "<{tag}><Key>{key}</Key><VersionId>{id}</VersionId><IsLatest>{latest}</IsLatest>\
             <LastModified>2026-0{month}-01T00:00:00Z</LastModified></{tag}>"
        )
    };
    let fake = Fake::answering(move |request, _| {
        let rows = if request.contains("key-marker=") {
            format!("<IsTruncated>false</IsTruncated>{}", row("DeleteMarker", "a", "d", true, 2))
        } else {
            let next = "<IsTruncated>true</IsTruncated><NextKeyMarker>ab</NextKeyMarker>\
                        <NextVersionIdMarker>1</NextVersionIdMarker>";
            format!("{next}{}{}", row("Version", "a", "1", false, 1), row("Version", "ab", "1", true, 1))
        };
        http(200, "", format!("<ListVersionsResult>{rows}</ListVersionsResult>"))
    });
    let endpoint = format!("http://{}", fake.address);
    let all = run(&endpoint, &format!("versions -m direct {BUCKET}/a"));
    assert!(all.code == 0 && all.err.contains("Versions (1), delete markers (1)"), "{} {}", all.out, all.err);
    let then = run(&endpoint, &format!("versions -m direct --at 2026-03-01 {BUCKET}/a"));
    assert!(then.code == 5 && then.err.contains("it was deleted at"), "{} {}", then.out, then.err);
    let below = run(&endpoint, &format!("versions -m direct -o json --at 2026-03-01 {BUCKET}/"));
    assert!(below.code == 1 && below.err.contains("not in ascending order"), "{} {}", below.out, below.err);
    assert!(below.out.contains("\"complete\": false"), "{}", below.out);
}
