//! What the evaluator grants and refuses, as tables, and against a matcher of four lines.

use proptest::prelude::*;

use super::*;

fn policy(json: &str) -> Policy {
    Policy::read(json, Kind::Identity).unwrap()
}

fn ask<'a>(action: &'a str, resource: &'a str) -> Ask<'a> {
    let now = "2026-06-01T12:00:00Z".parse().unwrap();
    Ask { action, resource, facts: Facts::at(now) }
}

fn statement(rest: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"{rest}}}}}"#
    )
}

#[test]
fn deny_wins_wherever_it_stands() {
    let policy = policy(
        r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Deny","Action":"s3:Get*","Resource":"arn:aws:s3:::b/secret/*"},
            {"Effect":"Allow","Action":["S3:GETOBJECT","s3:List?ucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}"#,
    );
    for (action, resource, verdict) in [
        ("s3:GetObject", "arn:aws:s3:::b/a", Verdict::Allowed),
        ("s3:GetObject", "arn:aws:s3:::b/secret/a", Verdict::Denied),
        ("s3:ListBucket", "arn:aws:s3:::b", Verdict::Allowed),
        ("s3:ListBucket", "arn:aws:s3:::bb", Verdict::Silent),
        ("s3:PutObject", "arn:aws:s3:::b/a", Verdict::Silent),
    ] {
        assert_eq!(policy.says(&ask(action, resource)), verdict, "{action} {resource}");
    }
}

#[test]
fn not_action_and_not_resource_are_everything_else() {
    let policy =
        policy(r#"{"Statement":[{"Effect":"Allow","NotAction":"s3:Put*","NotResource":"arn:aws:s3:::vault*"}]}"#);
    assert_eq!(policy.says(&ask("s3:GetObject", "arn:aws:s3:::b/a")), Verdict::Allowed);
    assert_eq!(policy.says(&ask("s3:PutObject", "arn:aws:s3:::b/a")), Verdict::Silent);
    assert_eq!(policy.says(&ask("s3:GetObject", "arn:aws:s3:::vault/a")), Verdict::Silent);
}

#[test]
fn a_condition_decides_by_value_and_by_absence() {
    for (condition, prefix, holds) in [
        (r#""StringEquals":{"s3:prefix":["","team/"]}"#, Some(""), true),
        (r#""StringEquals":{"s3:prefix":["","team/"]}"#, None, false),
        (r#""StringEquals":{"s3:prefix":"team/*"}"#, Some("team/a"), false),
        (r#""StringLike":{"S3:Prefix":"team/*"}"#, Some("team/a"), true),
        (r#""StringLike":{"s3:prefix":"team/*"}"#, Some("team-secret/"), false),
        (r#""StringLikeIfExists":{"s3:prefix":"team/*"}"#, None, true),
        (r#""StringNotLike":{"s3:prefix":"team/*"}"#, None, true),
        (r#""StringNotEquals":{"s3:prefix":["a","b"]}"#, Some("b"), false),
        (r#""DateLessThan":{"aws:CurrentTime":"2026-06-01T12:00:01Z"}"#, None, true),
        (r#""DateLessThan":{"aws:CurrentTime":"2026-06-01T12:00:00Z"}"#, None, false),
        (r#""DateGreaterThanEquals":{"aws:CurrentTime":"2026-06-01"}"#, None, true),
        (r#""Bool":{"aws:SecureTransport":true}"#, None, false),
        (r#""Bool":{"aws:SecureTransport":"false"},"StringLike":{"s3:prefix":"a"}"#, Some("a"), true),
        (r#""Bool":{"aws:SecureTransport":"false"},"StringLike":{"s3:prefix":"a"}"#, Some("b"), false),
    ] {
        let policy = policy(&statement(&format!(r#","Condition":{{{condition}}}"#)));
        let verdict = policy.says(&ask("s3:ListBucket", "arn:aws:s3:::b").with("s3:prefix", prefix));
        assert_eq!(verdict == Verdict::Allowed, holds, "{condition} with {prefix:?}");
    }
}

#[test]
fn a_condition_asks_who_is_asking_and_since_when() {
    let facts = ask("s3:ListBucket", "arn:aws:s3:::b")
        .with("aws:principalarn", Some("arn:aws:iam::111122223333:role/crew"))
        .with("aws:principaltag/team", Some("Alpha"))
        .with("aws:multifactorauthpresent", Some("true"))
        .with("aws:multifactorauthage", Some("60"))
        .with("aws:tokenissuetime", Some("2026-06-01T11:00:00Z"));
    for (condition, holds) in [
        (r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#, true),
        (r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#, false),
        (r#""NumericLessThan":{"aws:MultiFactorAuthAge":"60"}"#, false),
        (r#""NumericLessThanEquals":{"aws:MultiFactorAuthAge":60}"#, true),
        (r#""NumericNotEquals":{"aws:MultiFactorAuthAge":60}"#, false),
        (r#""DateLessThan":{"aws:TokenIssueTime":"2026-06-01T11:00:01Z"}"#, true),
        (r#""DateLessThan":{"aws:TokenIssueTime":"2026-06-01T11:00:00Z"}"#, false),
        (r#""Null":{"aws:TokenIssueTime":"true"}"#, false),
        (r#""Null":{"aws:SourceIdentity":"true"}"#, true),
        (r#""StringEquals":{"aws:PrincipalTag/Team":"alpha"}"#, false),
        (r#""StringEqualsIgnoreCase":{"aws:PrincipalTag/Team":"alpha"}"#, true),
        (r#""StringNotEqualsIgnoreCase":{"aws:PrincipalTag/Team":"alpha"}"#, false),
        (r#""StringEquals":{"aws:PrincipalTag/Shift":"night"}"#, false),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/cr*"}"#, true),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:*:role/crew"}"#, false),
        (r#""ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/crew"}"#, false),
    ] {
        let policy = policy(&statement(&format!(r#","Condition":{{{condition}}}"#)));
        assert_eq!(policy.says(&facts) == Verdict::Allowed, holds, "{condition}");
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused_by_name() {
    for (json, named) in [
        (statement(r#","NotPrincipal":{"AWS":"*"}"#), "NotPrincipal"),
        (statement(r#","Principal":"*""#), "principal"),
        (statement(r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#), "aws:SourceIp"),
        (statement(r#","Condition":{"IpAddress":{"s3:prefix":"10.0.0.0/8"}}"#), "IpAddress"),
        (statement(r#","Condition":{"ForAllValues:StringLike":{"s3:prefix":"a"}}"#), "ForAllValues:StringLike"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":"a","s3:prefix":"b"}}"#), "s3:prefix is given twice"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":[]}}"#), "s3:prefix has no value"),
        (statement(r#","Condition":{"NotBool":{"aws:SecureTransport":"true"}}"#), "NotBool"),
        (statement(r#","Condition":{"NullIfExists":{"s3:prefix":"true"}}"#), "NullIfExists"),
        (statement(r#","Condition":{"StringLike":{"aws:TokenIssueTime":"2026*"}}"#), "StringLike"),
        (statement(r#","Condition":{"StringLike":{"aws:PrincipalTag/":"a"}}"#), "aws:PrincipalTag/"),
        (statement(r#","Condition":{"DateLessThan":{"aws:CurrentTime":"soon"}}"#), "soon"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":"${aws:username}/*"}}"#), "${aws:username}"),
        (statement(r#","NotAction":"s3:*""#), "NotAction"),
        (statement(r#","Action":"s3:*""#), "Action"),
        (r#"{"Statement":{"Effect":"Allow","Resource":"*"}}"#.into(), "actions"),
        (r#"{"Statement":{"Effect":"Allow","Action":"s3:*"}}"#.into(), "resources"),
        (r#"{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}"#.into(), "actions"),
        (r#"{"Statement":{"Effect":"Allow","Action":"ListBucket","Resource":"*"}}"#.into(), "ListBucket"),
        (r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"b/*"}}"#.into(), "b/*"),
        (r#"{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}"#.into(), "allow"),
        (r#"{"Version":"2026-01-01","Statement":[]}"#.into(), "2026-01-01"),
        (r#"{"Statement":[]}"#.into(), "at least one"),
        (r#"{"Statement":"#.into(), "Syntax errors"),
        ("[]".into(), "Syntax errors"),
    ] {
        let refusal = Policy::read(&json, Kind::Identity).unwrap_err();
        assert!(refusal.contains(named), "{json}: {refusal}");
    }
}

#[test]
fn trust_is_by_name() {
    let trust = Policy::read(
        r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:a","arn:b"]}}}"#,
        Kind::Trust,
    )
    .unwrap();
    assert_eq!(trust.says_to(&["arn:b"], &ask("sts:AssumeRole", "arn:role")), Verdict::Allowed);
    assert_eq!(trust.says_to(&["arn:c"], &ask("sts:AssumeRole", "arn:role")), Verdict::Silent);
    assert_eq!(trust.says_to(&["arn:a"], &ask("sts:TagSession", "arn:role")), Verdict::Silent);
}

proptest! {
    /// Any prefix, made literal, lets exactly the keys below it through.
    #[test]
    fn a_policy_for_a_prefix_takes_no_key_outside_it(
        prefix in "[ab/*?$é{}]{0,6}",
        key in "[ab/*?$é{}]{0,8}",
        inside in any::<bool>(),
    ) {
        let escaped: String = prefix
            .chars()
            .map(|c| if matches!(c, '*' | '?' | '$') { format!("${{{c}}}") } else { c.to_string() })
            .collect();
        let key = if inside { format!("{prefix}{key}") } else { key };
        let expected = key.as_bytes().starts_with(prefix.as_bytes());
        let read = policy(&format!(
            r#"{{"Version":"2012-10-17","Statement":[
                {{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/{escaped}*"}},
                {{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b",
                 "Condition":{{"StringLike":{{"s3:prefix":"{escaped}*"}}}}}}]}}"#
        ));
        let arn = format!("arn:aws:s3:::b/{key}");
        prop_assert_eq!(read.says(&ask("s3:GetObject", &arn)) == Verdict::Allowed, expected);
        let list = ask("s3:ListBucket", "arn:aws:s3:::b").with("s3:prefix", Some(&key));
        prop_assert_eq!(read.says(&list) == Verdict::Allowed, expected);
    }
}

mod agreement {
    //! The interface has an evaluator of its own, for its hints. Neither knows the other's code, so they must agree.

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{
        location::Location,
        policy::{SessionPolicy, Verb, Verdict as Told},
    };

    fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
        prop::collection::vec(prop::sample::select(of), 1..3)
    }

    fn statement() -> impl Strategy<Value = Value> {
        let resources = &[
            "*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::tide",
            "arn:aws:s3:::tide/*",
            "arn:aws:s3:::tide/a${*}/?*",
            "arn:aws:s3:::t*/a",
        ];
        let actions = &["*", "s3:*", "s3:GetObject", "S3:Get*", "s3:ListBucket", "s3:PutObject", "s3:List*"];
        let condition = prop::option::of((
            prop::sample::select(&["StringLike", "StringEquals"][..]),
            some(&["", "a*", "a/?", "${*}/*", "*"]),
        ));
        (any::<bool>(), any::<bool>(), any::<bool>(), some(actions), some(resources), condition).prop_map(
            |(allow, not_action, not_resource, actions, resources, condition)| {
                let mut statement = json!({"Effect": if allow { "Allow" } else { "Deny" }});
                statement[if not_action { "NotAction" } else { "Action" }] = json!(actions);
                statement[if not_resource { "NotResource" } else { "Resource" }] = json!(resources);
                if let Some((operator, values)) = condition {
                    statement["Condition"] = json!({ operator: {"s3:prefix": values} });
                }
                statement
            },
        )
    }

    proptest! {
        #[test]
        fn both_evaluators_say_the_same_of_any_policy(
            statements in prop::collection::vec(statement(), 1..4),
            version in prop::sample::select(&["2012-10-17", "2008-10-17"][..]),
            key in prop::sample::select(&["a", "a*/b", "a/b", "*/x", "b", "${*}/x"][..]),
            prefix in prop::sample::select(&["", "a", "a/b", "*/x", "b"][..]),
        ) {
            let json = json!({"Version": version, "Statement": statements}).to_string();
            let (sandbox, local) = (Policy::read(&json, Kind::Identity).unwrap(), SessionPolicy::parse(&json).unwrap());
            let now = jiff::Timestamp::UNIX_EPOCH;
            let asked = |action: &str, resource: &str, prefix| {
                let delimiter = Some("/").filter(|_| action == "s3:ListBucket");
                let ask = Ask { action, resource, facts: Facts::at(now) }
                    .with("s3:prefix", prefix)
                    .with("s3:delimiter", delimiter);
                if sandbox.says(&ask) == Verdict::Allowed { Told::Allowed } else { Told::Denied }
            };
            let object = format!("arn:aws:s3:::tide/{key}");
            prop_assert_eq!(asked("s3:GetObject", &object, None), local.may(Verb::Get, "tide", key, now));
            prop_assert_eq!(asked("s3:DeleteObject", &object, None), local.may(Verb::Delete, "tide", key, now));
            let sent = Some(prefix).filter(|prefix| !prefix.is_empty());
            let listed = local.may_list(&Location::new("tide", prefix), now);
            prop_assert_eq!(asked("s3:ListBucket", "arn:aws:s3:::tide", sent), listed);
            prop_assert_eq!(asked("s3:ListAllMyBuckets", "*", None), local.may_list(&Location::buckets(), now));
        }
    }
}
