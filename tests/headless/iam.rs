//! IAM from the command line: users and roles, rows M6 and M7 of what must work, the way into the console.

use serde_json::Value;

use crate::{READER, shore::Shore};

const ARCHIVE: &str = "s3://tide-archive";

#[test]
fn m6_user_role_and_bucket_are_checked_then_the_first_fifty_objects_are_listed_with_their_etags() {
    let shore = Shore::new();
    let line = format!("ls -R --check --etags --max 50 -t 3600 -u ana --role-arn {READER} {ARCHIVE}");
    let ended = shore.run(&line);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let checks: Vec<&str> = ended.err.lines().take(3).collect();
    assert_eq!(
        checks,
        ["✓ user ana: exists", "✓ role reader: exists, sessions up to 1h", "✓ bucket tide-archive: exists"]
    );
    let rows: Vec<&str> = ended.out.lines().collect();
    assert_eq!(rows.len(), 50);
    assert!(rows.iter().all(|row| row.split_once(" => ").is_some_and(|(_, etag)| etag.len() == 32)), "{rows:?}");
    assert!(ended.err.ends_with("\nItems (50), and more that are not listed\n"), "{}", ended.err);
}

#[test]
fn m6_the_first_that_does_not_exist_ends_it_before_anything_is_minted_or_listed() {
    let shore = Shore::new();
    let role = "arn:aws:iam::111122223333:role";
    for (line, mark, what) in [
        (format!("ls --check -u nobody --role-arn {READER} {ARCHIVE}"), "✗ user nobody", "find the user nobody"),
        (format!("ls --check -u ana --role-arn {role}/none {ARCHIVE}"), "✗ role none", "find the role"),
        (
            format!("ls --check -u ana --role-arn {READER} s3://no-such-bucket"),
            "✗ bucket no-such-bucket",
            "find the bucket",
        ),
    ] {
        let ended = shore.run(&line);
        assert_eq!((ended.code, ended.out.as_str()), (5, ""), "{line}: {}", ended.err);
        assert!(ended.err.contains(mark) && ended.err.contains(what), "{}", ended.err);
    }
}

#[test]
fn m7_a_user_that_is_not_there_is_created_and_waited_for_and_then_used() {
    let shore = Shore::new();
    let ended = shore.run(&format!("ls -R --create-user --etags -u visitor {ARCHIVE}"));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.err.contains("note: created the IAM user visitor; to delete it: aws iam delete-user"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("✓ user visitor: created"), "{}", ended.err);
    assert!(ended.err.ends_with("Items (71)\n"));
    let again = shore.run(&format!("ls -R --create-user -u visitor {ARCHIVE}"));
    assert!(again.code == 0 && again.err.contains("✓ user visitor: exists"), "{}", again.err);
    assert!(!again.err.contains("created"), "{}", again.err);
    let who = shore.json("user visitor -o json");
    assert_eq!((&who["arn"], &who["created"]), (&"arn:aws:iam::111122223333:user/visitor".into(), &false.into()));
}

#[test]
fn what_may_not_be_asked_is_told_and_stops_nothing() {
    let shore = Shore::new();
    let ended = shore.run("ls -R --check -p guest -m session s3://tide-archive");
    assert!(ended.code == 0 && ended.err.contains("? bucket tide-archive: unknown"), "{}", ended.err);
    let ended = shore.run(&format!("ls -R --check -p guest -u guest --role-arn {READER} {ARCHIVE}"));
    assert!(ended.err.contains("? user guest: unknown: IAM answered AccessDenied (403)"), "{}", ended.err);
    assert!(ended.err.contains("? role reader: unknown"), "{}", ended.err);
    // Asking to create is more than asking.
    let ended = shore.run(&format!("ls --create-user -p guest -u nobody --role-arn {READER} {ARCHIVE}"));
    assert_eq!(ended.code, 3, "{}", ended.err);
}

#[test]
fn a_user_exists_or_does_not_or_is_made() {
    let shore = Shore::new();
    assert!(shore.done("user ana").contains("arn:aws:iam::111122223333:user/ana"));
    let none = shore.run("user nobody");
    assert!(none.code == 5 && none.err.contains("hint: check the name and the account"), "{}", none.err);
    let made = shore.json("user nobody --create -o json");
    assert_eq!((&made["name"], &made["created"]), (&"nobody".into(), &true.into()));
    assert_eq!(shore.run("user").code, 2);
    assert_eq!(shore.run("user a/b").code, 2);
    assert_eq!(shore.run("user ana -p guest").code, 3);
}

#[test]
fn a_role_tells_its_maximum_and_whether_it_might_admit_the_caller() {
    let shore = Shore::new();
    for (role, seconds, forecast, why) in [
        ("auditor", 14_400, "likely", None),
        (READER, 3600, "likely", None),
        ("diver", 14_400, "unknown", Some("it requires MFA")),
        ("tide-gauge", 3600, "unlikely", Some("only the services")),
        ("locked", 3600, "unlikely", None),
    ] {
        let told = shore.json(&format!("role {role} -o json"));
        assert_eq!(
            (&told["max_duration_seconds"], &told["admits"]["forecast"]),
            (&seconds.into(), &forecast.into()),
            "{told}"
        );
        assert!(why.is_none_or(|why| told["admits"]["why"].as_str().unwrap().contains(why)), "{told}");
    }
    assert!(shore.done("role auditor").contains("longest     4h\n"));
    assert_eq!(shore.run("role nobody").code, 5);
    assert_eq!(shore.run("role arn:aws:iam::999999999999:role/reader").code, 5);
    assert_eq!(shore.run("role arn:aws:iam::111122223333:user/ana").code, 2);
}

#[test]
fn roles_are_listed_with_the_likely_ones_marked() {
    let shore = Shore::new();
    let ended = shore.run("roles");
    let text = ended.out;
    assert!(text.contains("likely        4h  arn:aws:iam::111122223333:role/auditor\n"), "{text}");
    assert!(text.contains("unlikely      1h  arn:aws:iam::111122223333:role/service/tide-gauge\n"), "{text}");
    assert_eq!(ended.err, "Roles (10)\n");
    let below = shore.json("roles --path-prefix /service/ -o json");
    assert_eq!((&below["count"], &below["complete"]), (&2.into(), &true.into()));
    let lines = shore.done("roles -o ndjson");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["arn"].is_string()));
    let refused = shore.run("roles -p guest");
    assert!(refused.code == 3 && refused.err.contains("type the ARN"), "{}", refused.err);
}
