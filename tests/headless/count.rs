//! `count`, and `ls --all`: everything below, by many requests at a time.

use std::{fs, time::Duration};

use serde_json::{Value, json};

use crate::shore::Shore;

#[test]
fn objects_and_bytes_are_counted_by_class_and_by_first_level_prefix() {
    let shore = Shore::new();
    let listed = shore.json("ls -R -o json s3://tide-logs");
    let objects = listed["objects"].as_array().unwrap();
    let size = |of: &dyn Fn(&str) -> bool| -> (u64, u64) {
        let sizes = objects.iter().filter(|object| of(object["key"].as_str().unwrap()));
        let sizes: Vec<u64> = sizes.map(|object| object["size"].as_u64().unwrap()).collect();
        (sizes.len() as u64, sizes.iter().sum())
    };
    let counted = shore.json("count -o json s3://tide-logs");
    let total = |value: &Value| (value["objects"].as_u64().unwrap(), value["bytes"].as_u64().unwrap());
    assert_eq!((total(&counted), &counted["complete"]), (size(&|_| true), &json!(true)));
    assert_eq!(total(&counted["here"]), size(&|key| !key.contains('/')));
    let prefixes = counted["prefixes"].as_array().unwrap();
    let names: Vec<&str> = prefixes.iter().map(|prefix| prefix["prefix"].as_str().unwrap()).collect();
    assert_eq!(names, ["readings/", "team-secret/", "team/"]);
    for (prefix, name) in prefixes.iter().zip(names) {
        assert_eq!(total(prefix), size(&|key| key.starts_with(name)), "{name}");
    }
    assert_eq!(counted["storage_classes"][0]["storage_class"], "STANDARD");
    assert!(counted["requests"].as_u64().is_some_and(|requests| requests > 12), "{counted}");
    assert!(counted["identity"]["arn"].as_str().is_some_and(|arn| arn.ends_with("user/ana")), "{counted}");
}

#[test]
fn the_forms_of_a_count_say_the_same() {
    let shore = Shore::new();
    let text = shore.done("count s3://tide-archive");
    assert!(text.ends_with("\nObjects (71), bytes (6650831463), requests (1)\n"), "{text}");
    assert!(
        text.contains("  directly in s3://tide-archive/\n") && text.contains("  storage class GLACIER_IR\n"),
        "{text}"
    );
    let lines = shore.done("count -o ndjson s3://tide-archive");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sum = |field| lines.iter().filter_map(|line| line.get(field).and(line["bytes"].as_u64())).sum::<u64>();
    assert_eq!((sum("prefix") + sum("here"), sum("storage_class")), (6_650_831_463, 6_650_831_463));
    assert_eq!(
        lines.last(),
        Some(&json!({ "objects": 71, "bytes": 6_650_831_463_u64, "requests": 1, "complete": true }))
    );
}

#[test]
fn what_cannot_be_counted_is_named() {
    let shore = Shore::new();
    for (line, code, error) in [
        ("count", 2, "error: count: no bucket was given"),
        ("count --max-in-flight 65 s3://tide-logs", 2, "--max-in-flight"),
        ("count s3://tide-logs/nothing/here", 5, "no key starts with this prefix"),
        ("count s3://tide-vault", 3, "S3 answered AccessDenied (403)"),
        ("count s3://no-such-bucket", 5, "S3 answered NoSuchBucket (404)"),
        ("ls --all", 2, "error: --all: no bucket was given"),
        ("ls --all --max 3 s3://tide-logs", 2, "cannot be used with"),
    ] {
        let ended = shore.run(line);
        assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{line}: {}", ended.err);
        assert!(ended.err.contains(error), "{line}: {}", ended.err);
    }
    let nothing = Shore::new().run("count s3://tide-empty");
    assert!(nothing.code == 5 || nothing.out.starts_with("Objects (0)"), "{}", nothing.err);
}

#[test]
fn a_session_that_ends_midway_is_minted_again_once_and_what_was_counted_is_marked() {
    // Twelve pages, one after another, take six seconds at least; two sessions live four.
    let shore = Shore::slow(Duration::from_millis(500));
    let ended = shore.run("count -t 2s --max-in-flight 1 -o json s3://tide-logs/readings/");
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("S3 answered ExpiredToken (400)"), "{}", ended.err);
    let counted: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(counted["complete"], false);
    assert!(counted["objects"].as_u64().is_some_and(|objects| objects < 12_000), "{counted}");
    let log = fs::read_to_string(shore.path(".local/share/ebbtide/mints.ndjson")).unwrap();
    assert_eq!(log.lines().count(), 2, "{log}");
}

#[test]
fn everything_at_once_is_what_comes_page_by_page() {
    let shore = Shore::new();
    for rest in
        ["s3://tide-logs", "-o ndjson s3://tide-logs/readings", "--etags s3://tide-oddities", "-u ana s3://tide-eu"]
    {
        assert_eq!(shore.done(&format!("ls --all {rest}")), shore.done(&format!("ls -R {rest}")), "{rest}");
    }
    let counted = shore.json("ls --all -o json s3://tide-logs");
    assert_eq!((&counted["count"], &counted["complete"]), (&json!(12_039), &json!(true)));
}
