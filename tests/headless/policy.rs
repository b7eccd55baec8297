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
    assert!(risky.contains("risky: it allows every action of every service\n"), "{risky}");
}

#[test]
fn a_bad_scope_or_template_is_refused_with_what_there_is() {
    let shore = Shore::new();
    for (arguments, reason) in [
        ("policy --scope all s3://tide-logs", "not a scope: list, read or write"),
        ("policy --scope none s3://tide-logs", "choose at least one verb"),
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
