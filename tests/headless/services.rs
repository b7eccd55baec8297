//! Services that are not AWS, and clocks that are wrong, with the program as a process: what ends a session, how long it
//! lives, who it is, and what a code of an MFA device is spent on.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use ebbtide::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::shore::{Ended, ended};

/// What is answered.
struct Reply {
    status: u16,
    body: String,
    /// How far ahead of the truth it is dated; `None` has no `Date`.
    dated: Option<SignedDuration>,
    /// How long it takes.
    takes: Duration,
}

fn reply(status: u16, body: impl Into<String>) -> Reply {
    Reply { status, body: body.into(), dated: Some(SignedDuration::ZERO), takes: Duration::ZERO }
}

fn refusal(status: u16, code: &str) -> Reply {
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    reply(status, if code.is_empty() { String::new() } else { body })
}

fn now() -> Timestamp {
    Clock::system().now()
}

/// A service on loopback that takes any signature. Notes what it was asked.
struct Service {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// `answer` is shown the head of a request and its body.
    fn answering(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (notes, answer) = (asked.clone(), Arc::new(answer));
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (notes, answer) = (notes.clone(), answer.clone());
                thread::spawn(move || serve(connection.unwrap(), &notes, &*answer));
            }
        });
        Self { url, asked }
    }

    /// How many requests had this text in them.
    fn asked(&self, text: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.contains(text)).count()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
        command
            .args(line.split_whitespace())
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("XDG_DATA_HOME", std::env::temp_dir().join("ebbtide-services"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "ASIAFIRST")
            .env("AWS_SECRET_ACCESS_KEY", "s")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", &self.url);
        command
    }

    fn run(&self, line: &str) -> Ended {
        ended(self.command(line).output().unwrap())
    }

    /// The same with an exported session that ends so many seconds from now.
    fn run_with_end(&self, line: &str, seconds: i64) -> Ended {
        let end = (now() + SignedDuration::from_secs(seconds)).to_string();
        ended(self.command(line).env("AWS_SESSION_TOKEN", "t").env("AWS_CREDENTIAL_EXPIRATION", end).output().unwrap())
    }
}

fn serve(mut connection: TcpStream, notes: &Mutex<Vec<String>>, answer: &impl Fn(&str) -> Reply) {
    let mut request = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let length = text.split_once("content-length: ").and_then(|(_, rest)| rest.split("\r\n").next()?.parse().ok());
        let whole = text.find("\r\n\r\n").is_some_and(|end| request.len() >= end + 4 + length.unwrap_or(0usize));
        if whole {
            break;
        }
        match connection.read(&mut buffer) {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let reply = answer(&request);
    notes.lock().unwrap().push(request);
    thread::sleep(reply.takes);
    let date = reply.dated.map(|ahead| (now() + ahead).strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n").to_string());
    let head = format!(
        "HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n",
        reply.status,
        reply.body.len(),
        date.unwrap_or_default()
    );
    let _ = connection.write_all(format!("{head}{}", reply.body).as_bytes());
}

const PAGE: &str = "<ListBucketResult><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>\
    <Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>";
const ROLE: &str = "arn:aws:iam::111122223333:role/reader";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/reader/ebbtide";

/// What `AssumeRole` grants for so long: `ASIANEW` or what it is called.
fn grant(key: &str, life: SignedDuration) -> Reply {
    let end = (now() + life).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    reply(
        200,
        format!(
            "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>{SESSION}</Arn>\
             <AssumedRoleId>AROA:ebbtide</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{key}</AccessKeyId>\
             <SecretAccessKey>secretsecretsecretsecretsecretsecretsecr</SecretAccessKey>\
             <SessionToken>tokentokentoken</SessionToken>\
             <Expiration>{end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

const REFUSALS: [(u16, &str); 12] = [
    (400, "ExpiredToken"),
    (403, "ExpiredTokenException"),
    (403, "AccessDenied"),
    (403, ""),
    (401, ""),
    (403, "InvalidAccessKeyId"),
    (403, "InvalidTokenId"),
    (400, "InvalidTokenId"),
    (400, "InvalidToken"),
    (403, "SignatureDoesNotMatch"),
    (403, "RequestTimeTooSkewed"),
    (400, "NoSuchSession"),
];

#[test]
fn after_the_end_every_refusal_is_the_end_and_before_it_the_code_decides() {
    for (status, code) in REFUSALS {
        let service = Service::answering(move |_| refusal(status, code));
        let over = service.run_with_end("ls -m direct s3://vault/", -60);
        assert_eq!(over.code, 4, "{status} {code}: {}", over.err);
        assert!(over.err.contains("could not list s3://vault/: the session expired at "), "{}", over.err);
        assert!(over.err.contains(&status.to_string()) && !over.err.contains("revoked"), "{}", over.err);
        assert_eq!(over.err.contains("Token"), code.contains("Token"), "no code that nobody sent: {}", over.err);
        let alive = service.run_with_end("ls -m direct s3://vault/", 3600);
        let expected = match (status, code) {
            (_, "AccessDenied") | (403, "") => 3,
            (_, "RequestTimeTooSkewed" | "NoSuchSession") => 1,
            _ => 4,
        };
        assert_eq!(alive.code, expected, "{status} {code}: {}", alive.err);
        assert!(!alive.err.contains("expired at"), "{}", alive.err);
    }
}

#[test]
fn a_listing_of_everything_outlasts_one_session_whatever_its_refusal_is_called() {
    for (status, code) in [(403, "AccessDenied"), (403, "InvalidAccessKeyId"), (403, "")] {
        for line in ["count -o json", "ls --all -o json"] {
            let mints = Mutex::new(0);
            let service = Service::answering(move |request| {
                if request.contains("Action=AssumeRole") {
                    *mints.lock().unwrap() += 1;
                    let first = *mints.lock().unwrap() == 1;
                    return grant(
                        if first { "ASIAOLD" } else { "ASIANEW" },
                        SignedDuration::from_secs(if first { 2 } else { 3600 }),
                    );
                }
                if request.starts_with("POST") {
                    return refusal(405, "MethodNotAllowed");
                }
                let behind = request.split_once("start-after=").and_then(|(_, rest)| rest.split(['&', ' ']).next());
                let token = request.contains("continuation-token");
                if request.contains("Credential=ASIAOLD") && (token || behind.is_some()) {
                    return Reply { takes: Duration::from_millis(2500), ..refusal(status, code) };
                }
                let more = "<IsTruncated>true</IsTruncated><NextContinuationToken>2</NextContinuationToken>";
                let page = match behind {
                    _ if token => PAGE.replace(">a<", ">b<"),
                    Some(behind) if behind < "b" => PAGE.replace(">a<", ">b<"),
                    Some(_) => "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>".into(),
                    None => PAGE.replace("<IsTruncated>false</IsTruncated>", more),
                };
                reply(200, page)
            });
            let listed = service.run(&format!("{line} --role-arn {ROLE} s3://vault/"));
            assert_eq!(listed.code, 0, "{line} {status} {code}: {}", listed.err);
            let document: Value = serde_json::from_str(&listed.out).unwrap();
            let count = if line.starts_with("count") { &document["objects"] } else { &document["count"] };
            assert_eq!((count, &document["complete"]), (&2.into(), &true.into()), "{document}");
            assert_eq!(service.asked("Action=AssumeRole"), 2);
        }
    }
}

#[test]
fn who_a_session_is_comes_from_its_mint_where_nobody_else_tells() {
    for (status, code) in
        [(405, "MethodNotAllowed"), (501, "NotImplemented"), (404, ""), (400, "BadRequest"), (403, "")]
    {
        let service = Service::answering(move |request| match request {
            _ if request.contains("Action=AssumeRole") => grant("ASIANEW", SignedDuration::from_hours(1)),
            _ if request.starts_with("POST") => refusal(status, code),
            _ => reply(200, PAGE),
        });
        for line in ["ls -o json", "count -o json"] {
            let role = service.run(&format!("{line} --role-arn {ROLE} s3://vault/"));
            assert_eq!(role.code, 0, "{status} {line}: {}", role.err);
            let document: Value = serde_json::from_str(&role.out).unwrap();
            assert_eq!(document["identity"]["arn"], SESSION, "{document}");
            assert_eq!(document["identity"]["account"], "111122223333");
            let direct = service.run(&format!("{line} -m direct s3://vault/"));
            assert_eq!(direct.code, 0, "{status} {line}: {}", direct.err);
            let document: Value = serde_json::from_str(&direct.out).unwrap();
            assert_eq!((&document["identity"], &document["complete"]), (&Value::Null, &true.into()), "{document}");
            let note = "note: the identity of the session is unknown: GetCallerIdentity ";
            assert!(!role.err.contains("unknown") && direct.err.contains(note), "{} {}", role.err, direct.err);
            assert!(role.err.contains("; the identity shown is from the AssumeRole response\n"), "{}", role.err);
        }
        let whoami = service.run(&format!("whoami -o json --role-arn {ROLE}"));
        assert_eq!(whoami.code, 0, "{status}: {}", whoami.err);
        assert_eq!(serde_json::from_str::<Value>(&whoami.out).unwrap()["arn"], SESSION);
        let minted = service.run(&format!("mint --role-arn {ROLE}"));
        assert!(minted.out.contains(SESSION), "{}", minted.out);
    }
}

#[test]
fn s3_judges_exported_credentials_where_sts_cannot_and_a_known_end_before_both() {
    for (status, code, left, exit) in [
        (200, "", 3600, 0),
        (403, "AccessDenied", 3600, 0),
        (403, "", 3600, 3),
        (403, "InvalidAccessKeyId", 3600, 4),
        (400, "ExpiredToken", 3600, 4),
        (403, "AccessDenied", -60, 4),
        (200, "", -60, 4),
    ] {
        let service = Service::answering(move |request| match request {
            _ if request.starts_with("POST") => refusal(405, "MethodNotAllowed"),
            _ if status == 200 => reply(200, "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>"),
            _ => refusal(status, code),
        });
        let judged = service.run_with_end("status -o json", left);
        assert_eq!(judged.code, exit, "{status} {code} {left}: {} {}", judged.out, judged.err);
        if exit == 0 {
            assert_eq!(serde_json::from_str::<Value>(&judged.out).unwrap()["arn"], Value::Null);
        }
    }
}

#[test]
fn another_length_than_was_asked_for_is_shown_with_both() {
    for (asked, hours, instead) in [
        ("15m", 12, Some("15m requested, 12h granted")),
        ("12h", 1, Some("12h requested, 1h granted")),
        ("1h", 1, None),
    ] {
        let service = Service::answering(move |request| match request {
            _ if request.contains("Action=AssumeRole") => grant("ASIANEW", SignedDuration::from_hours(hours)),
            _ => refusal(405, "MethodNotAllowed"),
        });
        let minted = service.run(&format!("mint -t {asked} --role-arn {ROLE}"));
        assert_eq!(minted.code, 0, "{}", minted.err);
        assert_eq!(minted.out.contains("granted"), instead.is_some(), "{}", minted.out);
        assert!(instead.is_none_or(|instead| minted.out.contains(instead)), "{}", minted.out);
    }
}

#[test]
fn a_date_that_is_wrong_or_missing_makes_no_session_longer_or_shorter() {
    let hours = SignedDuration::from_hours;
    for dated in [Some(hours(0)), Some(hours(13)), Some(hours(-13)), Some(hours(24 * 365)), None] {
        let service = Service::answering(move |request| {
            let answer = match request {
                _ if request.contains("Action=AssumeRole") => grant("ASIANEW", hours(1)),
                _ if request.starts_with("POST") => refusal(405, "MethodNotAllowed"),
                _ => reply(200, PAGE),
            };
            Reply { dated, ..answer }
        });
        let minted = service.run(&format!("mint --role-arn {ROLE}"));
        assert!(minted.code == 0 && !minted.out.contains("granted"), "{dated:?}: {}{}", minted.out, minted.err);
        assert!(["in 1h 00m", "in 59:5"].iter().any(|left| minted.out.contains(left)), "{dated:?}: {}", minted.out);
        let wrong = dated.is_some_and(|dated| dated != hours(0));
        assert_eq!(minted.err.contains("note: the date of a response from STS is"), wrong, "{dated:?}: {}", minted.err);
        let listed = service.run_with_end("ls -m direct s3://vault/", 600);
        assert_eq!(listed.code, 0, "{}", listed.err);
        assert_eq!(listed.err.contains("note: the date of a response from S3 is"), wrong, "{dated:?}: {}", listed.err);
    }
}

/// What a service whose clock is so far ahead says of a request, if it is not signed for its time.
fn for_another_time(request: &str, ahead: SignedDuration) -> Option<Reply> {
    let signed = request.to_ascii_lowercase().split_once("x-amz-date: ")?.1.get(..16)?.to_ascii_uppercase();
    let signed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", signed).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    let off = (now() + ahead).duration_since(signed.unwrap().timestamp());
    let text = if off.is_negative() {
        "Signature not yet current: x is still later than y"
    } else {
        "Signature expired: x is now earlier than y"
    };
    let body = format!(
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>{text}</Message></Error></ErrorResponse>"
    );
    (off.abs() > SignedDuration::from_mins(15)).then(|| Reply { dated: Some(ahead), ..reply(403, body) })
}

#[test]
fn a_code_is_spent_once_and_well_whatever_this_machine_s_clock_shows() {
    let serial = "arn:aws:iam::111122223333:mfa/ana";
    for minutes in [0, 16, -16, 780, -780] {
        let ahead = SignedDuration::from_mins(minutes);
        let service = Service::answering(move |request| {
            let life = ahead + SignedDuration::from_hours(1);
            for_another_time(request, ahead).unwrap_or_else(|| match request {
                _ if request.contains("Action=AssumeRole") => Reply { dated: Some(ahead), ..grant("ASIANEW", life) },
                _ => Reply { dated: Some(ahead), ..refusal(405, "MethodNotAllowed") },
            })
        });
        let mut command = service.command(&format!("mint --role-arn {ROLE} --mfa-serial {serial} --mfa-code-stdin"));
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"730461\n").unwrap();
        let minted = ended(child.wait_with_output().unwrap());
        assert_eq!(minted.code, 0, "{minutes}: {}", minted.err);
        assert_eq!(service.asked("TokenCode=730461"), 1, "{minutes}");
        assert!(["in 1h 00m", "in 59:5"].iter().any(|left| minted.out.contains(left)), "{minutes}: {}", minted.out);
    }
}

#[test]
fn a_clock_that_cannot_be_put_right_is_named_and_not_the_secret_key() {
    let service = Service::answering(|request| {
        let refused = for_another_time(request, SignedDuration::from_hours(13));
        Reply { dated: None, ..refused.unwrap_or_else(|| refusal(405, "MethodNotAllowed")) }
    });
    let refused = service.run(&format!("mint --role-arn {ROLE}"));
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("hint: this machine's clock and the service's are"), "{}", refused.err);
    assert!(!refused.err.contains("secret"), "{}", refused.err);
}
