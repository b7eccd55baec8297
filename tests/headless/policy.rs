//! `ebbtide policy`, and what `--scope` and `--policy` make of a session.
//!
//! Invariant: writing a policy asks nobody; what it says is what the sandbox then enforces.

use super::shore::Shore;

#[test]
fn a_policy_is_written_in_words_and_as_json_without_asking_anybody() {
    let shore = Shore::new();
    let text = shore.done("policy s3://tide-logs/team");
    let words = "may list and read s3://tide-logs/team/; may not write, delete or see other buckets\n";
    assert!(text.starts_with(words), "{text}");
    assert!(text.contains(" of 2048 characters\n\n{\n  \"Version\": \"2012-10-17\",\n"), "{text}");
    let sent = shore.done("policy --scope put -o ndjson s3://tide-logs/in/");
    assert!(
        sent.starts_with(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject""#),
        "{sent}"
    );
    let escaped = shore.done("policy --scope get -o json s3://tide-logs/漢/");
    assert!(escaped.contains(r"tide-logs/\u6f22/*") && escaped.is_ascii(), "{escaped}");
    assert_eq!(shore.json("policy --scope list,tags -o json s3://tide-logs")["Statement"].as_array().unwrap().len(), 2);
    let risky = shore.done(r#"policy s3://x-y --policy {"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#);
    assert!(risky.contains("risk: it allows every action of every service\n"), "{risky}");
}

#[test]
fn a_bad_scope_or_template_is_refused_with_what_there_is() {
    let shore = Shore::new();
    for (arguments, reason) in [
        ("policy --scope all s3://tide-logs", "not a scope: write list, read or write"),
        ("policy --scope none s3://tide-logs", "choose at least one action"),
        ("policy --policy template:nope s3://tide-logs", "there are list-only, read-prefix"),
        ("ls -u bo --scope everything -b tide-logs", "not a scope"),
    ] {
        let refused = shore.run(arguments);
        assert_eq!(refused.code, 2, "{arguments}: {}", refused.err);
        assert!(refused.err.contains(reason), "{arguments}: {}", refused.err);
    }
}

#[test]
fn verbs_with_commas_and_templates_narrow_a_session_as_they_say() {
    let shore = Shore::new();
    for (narrowing, code) in [
        ("--scope list,tags", 0),
        ("--scope get,put", 3),
        ("--policy template:list-only", 0),
        ("--policy template:read-until", 0),
        ("--policy template:drop-box", 3),
    ] {
        let listed = shore.run(&format!("ls -u bo {narrowing} s3://tide-logs/team/"));
        assert_eq!(listed.code, code, "{narrowing}: {}", listed.err);
    }
    let outside = shore.run("ls -u bo --policy template:list-only -b tide-archive");
    assert_eq!(outside.code, 0, "a template is filled in with --bucket too: {}", outside.err);
}

#[test]
fn a_prefix_that_ends_within_a_name_is_said_to_be_narrowed_and_never_said_not_to_be_there() {
    let shore = Shore::new();
    let note =
        "note: s3://BUCKET[/PREFIX]: a scope ends at a /, so this is s3://tide-logs/readings/2026/station-0/ and not";
    for line in ["ls -u bo", "ls -R -u bo", "ls -R --all -u bo", "count -u bo", "ls -p keeper --scope list"] {
        let nothing = shore.run(&format!("{line} s3://tide-logs/readings/2026/station-0"));
        assert_eq!(nothing.code, 5, "{line}: {}", nothing.err);
        assert!(nothing.err.contains(note), "{line}: {}", nothing.err);
        assert!(nothing.err.contains(
            "other names that start with s3://tide-logs/readings/2026/station-0 are outside the session's scope"
        ));
        assert!(
            nothing.err.contains("hint: to see those names, use the location s3://tide-logs/readings/2026/"),
            "{line}"
        );
    }
    let names = "s3://tide-logs/readings/2026/station-0000";
    for line in ["ls", "ls -p keeper", "ls -p keeper --scope none"] {
        let listed = shore.run(&format!("{line} {names}"));
        assert!(listed.code == 0 && listed.out.contains("station-00001.csv"), "{line}: {}", listed.err);
        assert!(!listed.err.contains("scope ends"), "what no scope narrows is listed as asked: {}", listed.err);
    }
    let below = shore.run("ls -u bo s3://tide-logs/team");
    assert!(below.code == 0 && below.err.contains("this is s3://tide-logs/team/"), "{}", below.err);
    let template = shore.run("ls -u bo --policy template:list-only s3://tide-logs/team");
    assert!(
        template.code == 0 && template.err.contains("only allows to list s3://tide-logs/team/"),
        "{}",
        template.err
    );
    let whole = shore.run("ls -u bo s3://tide-logs/team/");
    assert!(whole.code == 0 && !whole.err.contains("scope ends"), "{}", whole.err);
}
