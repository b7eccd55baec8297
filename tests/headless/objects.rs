//! `stat`, `versions`, `cat`, `head`, `tail` and `presign` against the sandbox.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
};

use ebbtide::clock::Clock;
use jiff::{SignedDuration, Timestamp};
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
        ("versions s3://tide-objects/versions/nothing", 5, "no such key, in any version"),
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
        .command(&["cat", "s3://tide-objects/large/numbered-lines.log"])
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
fn a_link_ends_with_the_session_and_works_until_the_second_that_is_shown_whatever_this_clock_shows() {
    std::thread::scope(|scope| {
        for hours in [0, 3, -3] {
            scope.spawn(move || link_of_a_short_session(SignedDuration::from_hours(hours)));
        }
    });
}

/// With a service whose clock is so far ahead of this machine's.
fn link_of_a_short_session(ahead: SignedDuration) {
    let shore = Shore::ahead(ahead);
    let told: Value = shore.json(&format!("presign -o json -t 6s --expires-in 168h {README}"));
    let seconds = told["seconds"].as_i64().unwrap();
    assert!((1..=6).contains(&seconds), "{told}");
    assert_eq!((&told["asked_seconds"], &told["limited_by"]), (&json!(604_800), &json!("session")));
    let url = told["url"].as_str().unwrap();
    assert_eq!(parameter(url, "X-Amz-Expires"), seconds.to_string());
    assert_eq!(status_of("GET", url), 200);
    let ends: Timestamp = told["expires_at"].as_str().unwrap().parse().unwrap();
    let left = || ends.duration_since(Clock::system().now() + ahead);
    std::thread::sleep((left() - SignedDuration::from_millis(1500)).try_into().unwrap_or_default());
    if left() > SignedDuration::from_millis(500) {
        assert_eq!(status_of("GET", url), 200, "{ahead:?}: until the end");
    }
    std::thread::sleep((left() + SignedDuration::from_millis(1500)).try_into().unwrap_or_default());
    assert_ne!(status_of("GET", url), 200, "{ahead:?}: after the end");
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
    let key = "s3://tide-objects/versions/forecast.json";
    let ended = shore.run(&format!("versions -o ndjson {key}"));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let rows: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() == 3 && rows.iter().all(|row| row["key"] == "versions/forecast.json"), "{}", ended.out);
    let latest: Vec<_> = rows.iter().map(|row| row["is_latest"].as_bool()).collect();
    assert_eq!(latest, [Some(true), Some(false), Some(false)]);
    let oldest = rows[2]["version_id"].as_str().unwrap();
    let old = shore.done(&format!("cat --version-id {oldest} {key}"));
    assert!(old != shore.done(&format!("cat {key}")) && !old.is_empty());
    assert_eq!(shore.json(&format!("stat -o json --version-id {oldest} {key}"))["version_id"], oldest);
    let then = shore.run(&format!("versions --at now -o ndjson {key}"));
    assert_eq!((then.code, then.out.lines().count()), (0, 1), "{}", then.err);
    assert!(then.err.contains("cannot be known"), "{}", then.err);
    let before = shore.run(&format!("versions --at 1990-01-01 {key}"));
    assert!(before.code == 5 && before.err.contains("all of its versions are newer"), "{}", before.err);
}

#[test]
fn a_session_without_the_right_is_told_which_one_is_missing() {
    let shore = Shore::new();
    for (line, said) in [
        (
            format!("stat -u bo --scope list {README}"),
            "this session may not read objects: s3:GetObject is not in its policy",
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

#[test]
fn everything_that_is_kept_with_an_object_is_told() {
    let shore = Shore::new();
    let told = shore.json("stat -o json s3://tide-objects/details/contract.txt");
    assert_eq!(told["tags"], json!({ "team": "survey", "kept": "five years" }), "{told}");
    assert_eq!(told["metadata"]["author"], "Ana");
    assert_eq!(told["metadata_decoded"]["station"], "Sète, quai n° 3");
    assert_eq!(
        told["lock"],
        json!({ "mode": "GOVERNANCE", "retain_until": "2036-09-11T00:00:00Z", "legal_hold": true })
    );
    assert_eq!((&told["content_language"], &told["cache_control"]), (&json!("en"), &json!("max-age=3600")));
    assert!(told["version_id"].is_string() && told["checksums"].is_object(), "{told}");
    let annotated = shore.json("stat -o json s3://tide-objects/annotated/survey.csv");
    let names: Vec<_> = annotated["annotations"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["quality", "remarks"]);
    let large = shore.json("stat -o json s3://tide-objects/large/numbered-lines.log");
    assert_eq!((&large["size"], &large["parts"]), (&json!(5_368_709_120_u64), &json!(320)));
    for (key, restore) in [("1992", None), ("1993", Some(true)), ("1994", Some(false))] {
        let told = shore.json(&format!("stat -o json s3://tide-objects/archive/{key}.csv"));
        assert_eq!(told["restore"].get("ongoing").and_then(Value::as_bool), restore, "{told}");
    }
}

#[test]
fn what_was_current_at_a_time_is_told_of_each_key() {
    let shore = Shore::new();
    let current = |at: &str, place: &str| -> Vec<String> {
        let line = format!("versions -o ndjson --at {at} s3://tide-objects/versions/{place}");
        let out = shore.run(&line).out;
        out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["last_modified"].to_string()).collect()
    };
    for (at, key, modified) in [
        ("2026-09-01T06:05:00Z", "forecast.json", Some("\"2026-09-01T06:05:00Z\"")),
        ("2026-09-03T00:00:00Z", "forecast.json", Some("\"2026-09-02T06:05:00Z\"")),
        ("2026-08-30T00:00:00Z", "forecast.json", None),
        ("2026-09-04T00:00:00Z", "deleted.txt", Some("\"2026-08-02T10:00:00Z\"")),
        ("2026-09-06T00:00:00Z", "deleted.txt", None),
        ("2026-08-25T00:00:00Z", "returned.txt", None),
        ("2026-09-07T00:00:00Z", "returned.txt", Some("\"2026-09-06T10:10:00Z\"")),
    ] {
        assert_eq!(current(at, key).first().map(String::as_str), modified, "{key} at {at}");
    }
    let below = shore.run("versions --at 2026-09-02T12:00:00Z s3://tide-objects/versions/");
    assert!(below.err.contains("Items (4)") && below.err.contains("deleted (1)"), "{} {}", below.out, below.err);
    let all = shore.run("versions s3://tide-objects/versions/forecast.json");
    assert!(all.out.lines().count() == 3 && all.err.contains("Versions (3)"), "{} {}", all.out, all.err);
    let deleted = shore.run("cat s3://tide-objects/versions/deleted.txt");
    assert!(deleted.code == 5 && deleted.err.contains("delete marker"), "{}", deleted.err);
}

#[test]
fn of_five_gibibytes_only_what_is_printed_is_moved_and_packed_content_is_unpacked() {
    let shore = Shore::new();
    let large = "s3://tide-objects/large/numbered-lines.log";
    assert_eq!(shore.done(&format!("head -n 3 {large}")).lines().count(), 3);
    let last = shore.done(&format!("tail -n 2 {large}"));
    assert_eq!(last.lines().count(), 2);
    assert_eq!(shore.done(&format!("tail -c {} {large}", last.len())), last);
    let deep = shore.done(&format!("tail -n 5000 {large}"));
    assert!(deep.lines().count() == 5000 && deep.ends_with(&last));
    let listed = shore.json("ls -R -o json s3://tide-objects/kinds/");
    let packed: Vec<&str> = listed["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["key"].as_str().unwrap())
        .filter(|key| [".csv.gz", ".log.gz", ".csv.zst", ".csv.bz2"].iter().any(|end| key.ends_with(end)))
        .collect();
    assert!(!packed.is_empty(), "{listed}");
    for key in packed {
        let place = format!("s3://tide-objects/{key}");
        let whole = shore.done(&format!("cat --decompress {place}"));
        let first = whole.split_inclusive('\n').take(2).collect::<String>();
        assert_eq!(shore.done(&format!("head -n 2 --decompress {place}")), first, "{key}");
        assert!(whole.ends_with(&shore.done(&format!("tail -n 2 --decompress {place}"))), "{key}");
    }
    let plain = shore.run("cat --decompress s3://tide-objects/kinds/readings.csv");
    assert!(plain.code == 1 && plain.err.contains("hint: without --decompress"), "{}", plain.err);
}

#[test]
fn a_time_in_the_past_and_a_condition_on_the_time_are_judged_by_the_services_clock() {
    let shore = Shore::ahead(SignedDuration::from_hours(3));
    let key = "s3://tide-objects/versions/forecast.json";
    let local = Clock::system().now();
    let told = shore.json(&format!("versions --at now -o json {key}"));
    let at: Timestamp = told["at"].as_str().unwrap().parse().unwrap();
    assert!(at > local + SignedDuration::from_mins(179), "{told}");
    let (past, future) = (local + SignedDuration::from_hours(1), local + SignedDuration::from_hours(4));
    let accepted = shore.run(&format!("versions --at {past} {key}"));
    assert_eq!(accepted.code, 0, "{}", accepted.err);
    let refused = shore.run(&format!("versions --at {future} {key}"));
    assert!(refused.code == 2 && refused.err.contains("this time is in the future"), "{}", refused.err);
    let policy = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*",
        "Condition": { "DateLessThan": { "aws:CurrentTime": past } },
    }] });
    std::fs::write(shore.path("policy.json"), policy.to_string()).unwrap();
    let file = shore.path("policy.json");
    let ended = shore.run(&format!("stat -u bo --policy @{} {README}", file.display()));
    let said = "this session may not read objects: s3:GetObject is not in its policy";
    assert!(ended.code == 3 && ended.err.contains(said), "{}", ended.err);
}
