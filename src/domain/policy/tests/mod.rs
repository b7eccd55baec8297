//! What is built, what is read, and what both allow.
//!
//! Invariant: the matcher here is not the one that is tested, and what a scope must allow is said by `starts_with`.

mod meaning;
mod rights;
mod rulings;

use proptest::prelude::*;

use super::{
    Ruling, SessionPolicy, SessionRights, Verb, Verbs,
    scope::{escape_wildcards, with_delimiter},
};
use crate::domain::location::Location;
use jiff::Timestamp;
use serde_json::Value;

#[test]
fn a_scope_is_written_with_its_condition_and_nothing_wider() {
    for (verbs, location, json) in [
        (
            Verbs::READ,
            Location::new("tide-logs", "team"),
            concat!(
                r#"{"Version":"2012-10-17","Statement":["#,
                r#"{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::tide-logs","#,
                r#""Condition":{"StringLike":{"s3:prefix":"team/*"}}},"#,
                r#"{"Effect":"Allow","Action":["s3:GetBucketLocation"],"Resource":"arn:aws:s3:::tide-logs"},"#,
                r#"{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::tide-logs/team/*"}]}"#,
            ),
        ),
        (
            Verbs::LIST,
            Location::all_buckets(),
            concat!(
                r#"{"Version":"2012-10-17","Statement":["#,
                r#"{"Effect":"Allow","Action":["s3:ListAllMyBuckets"],"Resource":"*"},"#,
                r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":"arn:aws:s3:::*"}]}"#,
            ),
        ),
        (
            Verbs::WRITE,
            Location::new("tide-logs", ""),
            concat!(
                r#"{"Version":"2012-10-17","Statement":["#,
                r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"#,
                r#""Resource":"arn:aws:s3:::tide-logs"},"#,
                r#"{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:AbortMultipartUpload","#,
                r#""s3:ListMultipartUploadParts","s3:DeleteObject"],"#,
                r#""Resource":"arn:aws:s3:::tide-logs/*"}]}"#,
            ),
        ),
    ] {
        assert_eq!(SessionPolicy::for_scope(verbs, &location).as_json(), json);
    }
}

fn narrowed(policy: &SessionPolicy, now: Timestamp) -> SessionRights<'_> {
    SessionRights::new(Some(policy), &[], now).unwrap()
}

#[test]
fn wildcards_and_variables_in_a_name_stand_for_themselves() {
    for (name, pattern) in [
        ("a*b?", "a${*}b${?}"),
        ("${aws:username}", "${$}{aws:username}"),
        ("$${*}", "${$}${$}{${*}}"),
        (r#"q"\é"#, r#"q"\é"#),
    ] {
        assert_eq!(escape_wildcards(name), pattern);
    }
}

/// Reads an IAM pattern as IAM does: `*` any run, `?` any one, `${*}` `${?}` `${$}` the character itself, any other
/// variable the value it has for user `mallory`.
fn matches(pattern: &str, text: &str) -> bool {
    enum Token {
        Run,
        One,
        Char(char),
    }
    let (mut tokens, mut rest) = (vec![], pattern);
    while let Some(c) = rest.chars().next() {
        let variable = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
        rest = &rest[c.len_utf8()..];
        match (variable, c) {
            (Some((name, after)), _) => {
                let value = if matches!(name, "*" | "?" | "$") { name } else { "mallory" };
                tokens.extend(value.chars().map(Token::Char));
                rest = after;
            }
            (None, '*') => tokens.push(Token::Run),
            (None, '?') => tokens.push(Token::One),
            (None, c) => tokens.push(Token::Char(c)),
        }
    }
    let mut reached = vec![true];
    let text: Vec<char> = text.chars().collect();
    reached.resize(text.len() + 1, false);
    for token in tokens {
        let mut next = vec![false; text.len() + 1];
        for i in 0..=text.len() {
            next[i] = match token {
                Token::Run => reached[i] || i > 0 && next[i - 1],
                Token::One => i > 0 && reached[i - 1],
                Token::Char(c) => i > 0 && reached[i - 1] && text[i - 1] == c,
            };
        }
        reached = next;
    }
    reached[text.len()]
}

/// Whether a policy without `Deny` allows `action` on `resource` in a request with this `s3:prefix`.
fn allows(policy: &SessionPolicy, action: &str, resource: &str, prefix: Option<&str>) -> bool {
    let document: Value = serde_json::from_str(policy.as_json()).unwrap();
    document["Statement"].as_array().unwrap().iter().any(|statement| {
        let condition = statement.get("Condition").map(|c| c["StringLike"]["s3:prefix"].as_str().unwrap());
        statement["Action"].as_array().unwrap().iter().any(|allowed| allowed == action)
            && matches(statement["Resource"].as_str().unwrap(), resource)
            && condition.is_none_or(|pattern| prefix.is_some_and(|prefix| matches(pattern, prefix)))
    })
}

/// Short names over the characters that could be taken for something else.
fn hostile_name() -> impl Strategy<Value = String> {
    let bits =
        ["*", "?", "$", "${*}", "${aws:username}", "{", "}", "\"", "\\", "é", "🦀", "a", "b", "-", "/", "mallory"];
    prop::collection::vec(prop::sample::select(bits.to_vec()), 0..6).prop_map(|bits| bits.concat())
}

fn verbs() -> impl Strategy<Value = Verbs> {
    prop::collection::vec(prop::sample::select(Verb::ALL.to_vec()), 1..7).prop_map(Verbs::from_iter)
}

proptest! {
    #[test]
    fn keys_outside_the_prefix_are_neither_listed_nor_read(
        verbs in verbs(), prefix in hostile_name(), key in hostile_name(), bucket in hostile_name(),
    ) {
        let policy = SessionPolicy::for_scope(verbs, &Location::new(format!("b{bucket}"), &prefix));
        let below = with_delimiter(&prefix);
        for key in [key.clone(), format!("{prefix}-secret/{key}"), format!("{prefix}{key}"), prefix.clone()] {
            let inside = key.starts_with(&*below);
            let object = format!("arn:aws:s3:::b{bucket}/{key}");
            prop_assert_eq!(allows(&policy, "s3:GetObject", &object, None), inside && verbs.contains(Verb::Get), "{}", key);
            prop_assert_eq!(allows(&policy, "s3:PutObject", &object, None), inside && verbs.contains(Verb::Put), "{}", key);
            let now = Timestamp::UNIX_EPOCH;
            for verb in Verb::ALL {
                let ruling = narrowed(&policy, now).may_do(verb, &format!("b{bucket}"), &key);
                let allowed = inside && verbs.contains(verb);
                prop_assert_eq!((ruling.is_allowed(), ruling.is_refused()), (allowed, !allowed), "{:?} {}", verb, key);
            }
            let listed = allows(&policy, "s3:ListBucket", &format!("arn:aws:s3:::b{bucket}"), Some(&key));
            prop_assert_eq!(listed, inside && verbs.contains(Verb::List), "{}", key);
        }
    }

    #[test]
    fn keys_inside_the_prefix_can_be_listed_and_read(prefix in hostile_name(), rest in hostile_name()) {
        let policy = SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", &prefix));
        let key = format!("{}{rest}", with_delimiter(&prefix));
        let object = format!("arn:aws:s3:::tide-logs/{key}");
        prop_assert!(allows(&policy, "s3:GetObject", &object, None));
        prop_assert!(allows(&policy, "s3:ListBucket", "arn:aws:s3:::tide-logs", Some(&key)));
        prop_assert!(allows(&policy, "s3:GetBucketLocation", "arn:aws:s3:::tide-logs", None));
    }

    #[test]
    fn other_buckets_stay_shut(verbs in verbs(), bucket in hostile_name(), other in hostile_name(), key in hostile_name()) {
        // No name of a bucket contains a slash.
        let [bucket, other] = [bucket, other].map(|name| format!("b{}", name.replace('/', "_")));
        prop_assume!(bucket != other);
        let policy = SessionPolicy::for_scope(verbs, &Location::new(&bucket, ""));
        for action in ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"] {
            for resource in [format!("arn:aws:s3:::{other}"), format!("arn:aws:s3:::{other}/{key}")] {
                prop_assert!(!allows(&policy, action, &resource, Some("")), "{} {}", action, resource);
            }
        }
    }

    #[test]
    fn a_scope_is_ascii_and_reads_back(verbs in verbs(), bucket in prop::option::of(any::<String>()), prefix in any::<String>()) {
        let policy = SessionPolicy::for_scope(verbs, &Location { bucket, prefix });
        prop_assert!(policy.as_json().is_ascii());
        let read_back = SessionPolicy::parse_typed(policy.as_json()).unwrap();
        prop_assert_eq!(read_back.as_json(), policy.as_json());
    }
}

/// Which verbs of list, get, put and delete a policy gives on `s3://tide-logs/team/x`: `y`es, `n`o, `?`.
fn verdicts(policy: &SessionPolicy) -> String {
    let now = "2026-11-22T14:00:00Z".parse().unwrap();
    [Verb::List, Verb::Get, Verb::Put, Verb::Delete]
        .map(|verb| match narrowed(policy, now).may_do(verb, "tide-logs", "team/x") {
            Ruling::Allowed(_) => 'y',
            Ruling::Denied(_) | Ruling::NotAllowed => 'n',
            Ruling::Unclear { .. } => '?',
        })
        .iter()
        .collect()
}

/// A policy of statements, each its effect, actions, resources and what else stands in it.
fn written(statements: &[&str]) -> SessionPolicy {
    SessionPolicy::parse_typed(&format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(",")))
        .unwrap()
}

#[test]
fn policies_that_somebody_wrote_are_judged_in_words_and_verdicts() {
    let all = r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::tide-logs/*"}"#;
    let rows: &[(&[&str], &str, &str, usize)] = &[
        (&[all], "nyyy", "may do everything on s3://tide-logs/; may not list or see other buckets", 1),
        (
            &[r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#],
            "yyyy",
            "may do everything in every service on everything",
            2,
        ),
        (
            &[r#"{"Effect":"Allow","NotAction":"s3:Delete*","Resource":"*"}"#],
            "yyyn",
            "may do everything but s3:Delete* on everything; may not delete",
            2,
        ),
        (
            &[r#"{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::tide-logs/team/*"}"#],
            "nnnn",
            "may read everything but tide-logs/team/*; may not list, write or delete",
            1,
        ),
        (
            &[
                r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::tide-logs","arn:aws:s3:::tide-logs/*"]}"#,
            ],
            "yynn",
            "may list and read s3://tide-logs/; may not write, delete or see other buckets",
            0,
        ),
        (
            &[all, r#"{"Effect":"Deny","Action":"s3:PutObject","Resource":"arn:aws:s3:::tide-logs/team/*"}"#],
            "nyny",
            "may do everything on s3://tide-logs/; never: write s3://tide-logs/team/; may not list or see other buckets",
            1,
        ),
        (
            &[r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#],
            "nnnn",
            "allows nothing; never: do everything on everything",
            1,
        ),
        (
            &[r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::tide-logs/${aws:username}/*"}"#],
            "n?nn",
            "may read s3://tide-logs/${aws:username}/; may not list, write, delete or see other buckets",
            0,
        ),
    ];
    for (statements, expected, words, risks) in rows {
        let policy = written(statements);
        assert_eq!(verdicts(&policy), *expected, "{statements:?}");
        assert_eq!(policy.in_words(), *words);
        assert_eq!(policy.find_risks().len(), *risks, "{statements:?}: {:?}", policy.find_risks());
    }
}

#[test]
fn what_cannot_be_known_here_is_neither_allowed_nor_denied() {
    let get = |rest: &str| {
        format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::tide-logs/*"{rest}}}"#)
    };
    for (rest, expected) in [
        ("", 'y'),
        (r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, '?'),
        (r#","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-22T14:00:01Z"}}"#, 'y'),
        (r#","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-22T14:00:00Z"}}"#, 'n'),
        (r#","Condition":{"DateLessThanEquals":{"aws:CurrentTime":"2026-11-22T14:00:00Z"}}"#, 'y'),
        (r#","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-11-22T14:00:00Z"}}"#, 'n'),
        (r#","Condition":{"DateLessThan":{"aws:CurrentTime":"soon"}}"#, '?'),
        (r#","Condition":{"StringLike":{"s3:prefix":"team/*"}}"#, 'n'),
        (r#","Condition":{"StringLikeIfExists":{"s3:prefix":"team/*"}}"#, 'y'),
        (r#","Condition":{"StringNotEquals":{"s3:prefix":"team/"}}"#, 'y'),
        (r#","Condition":{"Null":{"s3:prefix":"true"}}"#, 'y'),
        (r#","Condition":{"Null":{"s3:prefix":"false"}}"#, 'n'),
        (r#","Condition":{"ForAnyValue:StringLike":{"aws:TagKeys":"x"}}"#, '?'),
        (r#","Principal":"*""#, '?'),
    ] {
        assert_eq!(verdicts(&written(&[&get(rest)])).chars().nth(1), Some(expected), "{rest}");
    }
    let own = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::tide-logs/${aws:username}/*"}"#;
    let home = r#"{"Effect":"Allow","Action":"S3:GETOBJECT","Resource":"arn:aws-cn:s3:::tide-logs/te${*}m/*"}"#;
    let deny =
        r#"{"Effect":"Deny","Action":"s3:Get*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
    for (statements, expected) in [
        (vec![own], "n?nn"),
        (vec![home], "nnnn"),
        (vec![&get(""), deny], "n?nn"),
        (vec![r#"{"Effect":"Maybe","Action":"s3:GetObject","Resource":"*"}"#], "n?nn"),
        (vec!["{}"], "????"),
    ] {
        assert_eq!(verdicts(&written(&statements)), expected, "{statements:?}");
    }
}

#[test]
fn what_lies_above_a_scope_can_still_be_gone_through() {
    let now = Timestamp::UNIX_EPOCH;
    let policy = SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", "team/alpha/"));
    for (bucket, prefix, reached) in [
        ("tide-logs", "team/alpha/", "yes"),
        ("tide-logs", "team/alpha/2026/", "yes"),
        ("tide-logs", "team/", "perhaps"),
        ("tide-logs", "", "perhaps"),
        ("tide-logs", "team/beta/", "no"),
        ("tide-logs", "team-secret/", "no"),
        ("tide-eu", "", "no"),
    ] {
        let ruling = narrowed(&policy, now).may_reach(&Location::new(bucket, prefix));
        let told = match ruling {
            Ruling::Allowed(_) => "yes",
            Ruling::Unclear { .. } => "perhaps",
            Ruling::Denied(_) | Ruling::NotAllowed => "no",
        };
        assert_eq!(told, reached, "{bucket} {prefix}: {ruling:?}");
    }
    assert!(narrowed(&policy, now).may_list(&Location::all_buckets()).is_refused());
    assert_eq!(policy.listable_places(), ["s3://tide-logs/team/alpha/"]);
}

#[test]
fn a_scope_in_plain_words() {
    let logs = Location::new("tide-logs", "app/");
    for (verbs, location, words) in [
        (Verbs::READ, &logs, "may list and read s3://tide-logs/app/; may not write, delete or see other buckets"),
        (Verb::Put.into(), &logs, "may write s3://tide-logs/app/; may not list, read, delete or see other buckets"),
        (
            Verbs::WRITE,
            &Location::new("tide-logs", ""),
            "may list, read, write and delete s3://tide-logs/; may not see other buckets",
        ),
        (
            Verbs::LIST,
            &Location::all_buckets(),
            "may see the names of all buckets and list every bucket; may not read, write or delete",
        ),
    ] {
        let policy = SessionPolicy::for_scope(verbs, location);
        assert_eq!(policy.in_words(), words);
        assert_eq!(policy.find_risks(), [""; 0]);
    }
}

#[test]
fn a_policy_of_any_kind_is_shown_as_it_means() {
    let policy = SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", "app/"));
    assert_eq!(SessionPolicy::parse_typed(&policy.pretty_json()).unwrap().as_json(), policy.as_json());
    assert!(policy.pretty_json().lines().count() > 10, "{}", policy.pretty_json());
    assert!(policy.pretty_json().contains("\n      \"Action\": [\"s3:GetObject\"],\n"), "{}", policy.pretty_json());
}

#[test]
fn a_summary_says_what_is_allowed() {
    let logs = Location::new("tide-logs", "app/");
    let rows = [
        (SessionPolicy::for_scope(Verbs::READ, &logs), "read s3://tide-logs/app/*"),
        (SessionPolicy::for_scope(Verbs::WRITE, &Location::new("tide-logs", "app")), "write s3://tide-logs/app/*"),
        (SessionPolicy::for_scope(Verbs::LIST, &Location::new("tide-logs", "")), "list s3://tide-logs/*"),
        (SessionPolicy::for_scope(Verbs::LIST, &Location::all_buckets()), "list every bucket"),
        (SessionPolicy::parse_typed(r#"{"Statement": {}}"#).unwrap(), "allows nothing"),
        (
            SessionPolicy::parse_typed(
                r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::tide-logs/app/*"}}"#,
            )
            .unwrap(),
            "may read s3://tide-logs/app/; may not list, write, delete or see other buckets",
        ),
    ];
    for (policy, summary) in rows {
        assert_eq!(policy.summary_line(), summary);
    }
}
