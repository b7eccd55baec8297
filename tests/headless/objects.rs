//! `stat`, `versions`, `cat`, `head`, `tail` and `presign` against the sandbox.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
};

use ebbtide::clock::Clock;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::shore::Shore;

const README: &str = "s3://tide-archive/README.md";

#[test]
fn stat_says_the_same_in_every_form_and_names_what_is_not_known() {
    let shore = Shore::new();
    let told = shore.json(&format!("stat -o json {README}"));
    let listed = shore.json("ls -o json s3://tide-archive/README.md");
    let row = &listed["objects"][0];
    for field in ["key", "size", "etag", "last_modified", "storage_class"] {
        assert_eq!(told[field], row[field], "{field}: {told}");
    }
    assert_eq!((&told["bucket"], &told["etag_is"]), (&json!("tide-archive"), &json!("md5")));
    for (part, field) in [("tags", "tags"), ("annotations", "annotations")] {
        let is_refused = told["unavailable"].get(part).is_some();
        assert_eq!(told[field].is_null(), is_refused, "{part}: {told}");
    }
    let text = shore.done(&format!("stat {README}"));
    let size = row["size"].as_u64().unwrap();
    assert!(text.contains(&format!("size          {size} bytes")) && text.contains(" · MD5\n"), "{text}");
}

#[test]
fn what_is_no_object_is_refused_before_anything_is_sent_and_what_is_not_there_is_not_found() {
    let shore = Shore::new();
    for (line, code, error) in [
        ("stat s3://tide-archive", 2, "this names a bucket and no object"),
        ("cat s3://tide-archive/", 2, "this names a bucket and no object"),
        ("head", 2, "this names no object"),
        ("tail -n 3 README.md", 2, "does not start with s3://"),
        ("presign --expires-in soon s3://tide-archive/README.md", 2, "--expires-in: not a duration"),
        ("versions --at tomorrow s3://tide-archive/README.md", 2, "--at: not a time"),
        ("versions --at 2999-01-01 s3://tide-archive/README.md", 2, "--at: this time is in the future"),
        ("versions", 2, "versions: no bucket was given"),
        ("stat s3://tide-archive/nothing", 5, "no such object"),
        ("cat s3://tide-archive/nothing", 5, "404"),
        ("tail s3://tide-archive/nothing", 5, "404"),
        ("versions s3://tide-archive/nothing", 5, "no such key, in any version"),
        ("cat s3://tide-vault/secret", 3, "403"),
    ] {
        let ended = shore.run(line);
        assert_eq!(ended.code, code, "{line}: {}", ended.err);
        assert!(ended.err.contains(error) && ended.err.contains("hint: "), "{line}: {}", ended.err);
    }
}

#[test]
fn head_and_tail_are_the_ends_of_what_cat_writes() {
    let shore = Shore::new();
    let whole = shore.done(&format!("cat {README}"));
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    assert!(lines.len() > 2, "{whole}");
    for count in [0, 1, 2, lines.len(), lines.len() + 5] {
        let first = lines[..count.min(lines.len())].concat();
        let last = lines[lines.len().saturating_sub(count)..].concat();
        assert_eq!(shore.done(&format!("head -n {count} {README}")), first);
        assert_eq!(shore.done(&format!("tail -n {count} {README}")), last);
    }
    for count in [0, 1, 7, whole.len(), whole.len() + 5] {
        assert_eq!(shore.done(&format!("head -c {count} {README}")), whole[..count.min(whole.len())]);
        assert_eq!(shore.done(&format!("tail -c {count} {README}")), whole[whole.len().saturating_sub(count)..]);
    }
    assert_eq!(shore.done(&format!("head {README}")), shore.done(&format!("head -n 10 {README}")));
}

#[test]
fn cat_ends_quietly_when_its_reader_does() {
    let shore = Shore::new();
    let mut child = shore
        .command(&["cat", "s3://tide-archive/tiles.bin"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 16];
    let found = child.stdout.as_mut().unwrap().read(&mut start).unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    if found > 0 {
        assert!(ended.status.success() && err.is_empty(), "{:?} {err}", ended.status);
    } else {
        assert!(err.contains("error: "), "{err}");
    }
}

/// The status of a reply to a request without credentials.
fn status_of(method: &str, url: &str) -> u16 {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    write!(connection, "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(connection).read_line(&mut line).unwrap();
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    url.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

#[test]
fn a_link_ends_with_the_session_and_works_until_the_second_that_is_shown() {
    let shore = Shore::new();
    let told: Value = shore.json(&format!("presign -o json -t 3s --expires-in 168h {README}"));
    let seconds = told["seconds"].as_i64().unwrap();
    assert!((1..=3).contains(&seconds), "{told}");
    assert_eq!((&told["asked_seconds"], &told["limited_by"]), (&json!(604_800), &json!("session")));
    let url = told["url"].as_str().unwrap();
    assert_eq!(parameter(url, "X-Amz-Expires"), seconds.to_string());
    assert_eq!(status_of("GET", url), 200);
    let ends: Timestamp = told["expires_at"].as_str().unwrap().parse().unwrap();
    let left = ends.duration_since(Clock::system().now());
    std::thread::sleep(left.unsigned_abs() + std::time::Duration::from_millis(1500));
    assert_eq!(status_of("GET", url), 403);
}

#[test]
fn a_link_says_what_limits_it_and_to_whom_it_belongs() {
    let shore = Shore::new();
    let ended = shore.run(&format!("presign --expires-in 15m -u bo --scope read {README}"));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.starts_with("http://127.0.0.1:") && ended.out.lines().count() == 1, "{}", ended.out);
    for words in ["works for 15:00, until ", "as asked", "federated-user/bo", "policy allows it", "ends earlier if"] {
        assert!(ended.err.contains(words), "{words}: {}", ended.err);
    }
    assert!(!ended.err.contains("X-Amz-Security-Token"), "{}", ended.err);
    assert_eq!(status_of("GET", ended.out.trim()), 200);
    let head = shore.done(&format!("presign --method head {README}"));
    assert_eq!((status_of("HEAD", head.trim()), status_of("GET", head.trim())), (200, 403));
    let listing = shore.run(&format!("presign -u bo --scope list {README}"));
    assert!(listing.err.contains("does not allow it") && listing.err.contains("refused as well"), "{}", listing.err);
}

#[test]
fn the_versions_of_one_key_are_its_own() {
    let shore = Shore::new();
    let ended = shore.run(&format!("versions -o ndjson {README}"));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let rows: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["key"] == "README.md"), "{}", ended.out);
    assert_eq!(rows[0]["is_latest"], true);
    let then = shore.run(&format!("versions --at now -o ndjson {README}"));
    assert_eq!((then.code, then.out.lines().count()), (0, 1), "{}", then.err);
    assert!(then.err.contains("cannot be known"), "{}", then.err);
    let before = shore.run(&format!("versions --at 1990-01-01 {README}"));
    assert!(before.code == 5 && before.err.contains("all of its versions are newer"), "{}", before.err);
}

#[test]
fn a_session_without_the_right_is_told_which_one_is_missing() {
    let shore = Shore::new();
    for (line, said) in [
        (
            format!("stat -u bo --scope list {README}"),
            "this session may not read: s3:GetObject is not in its policy",
        ),
        (
            format!("versions -u bo {README}"),
            "this session may not list versions: s3:ListBucketVersions is not in its policy",
        ),
    ] {
        let ended = shore.run(&line);
        assert!(ended.code == 3 && ended.err.contains(said), "{line}: {}", ended.err);
    }
    let told = shore.json(&format!("stat -o json -u bo --scope get {README}"));
    let tags = told["unavailable"]["tags"].as_str().unwrap();
    assert!(tags.ends_with("this session may not read tags: s3:GetObjectTagging is not in its policy"), "{tags}");
}
