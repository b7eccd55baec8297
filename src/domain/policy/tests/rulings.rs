//! What is granted and refused where the whole request is known, as tables, and against a matcher of four lines.

use jiff::Timestamp;
use proptest::prelude::*;

use crate::domain::policy::{
    ConditionFacts, Fact, Policy, PolicyKind, PrincipalNames, RequestContext, Ruling, StatementName,
};

/// A ruling without the statement that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Denied,
    Allowed,
    Nothing,
}

fn said(policy: &Policy, ask: &RequestContext<'_>) -> Said {
    match policy.rule_on(ask) {
        Ruling::Denied(_) => Said::Denied,
        Ruling::Allowed(_) => Said::Allowed,
        Ruling::NotAllowed => Said::Nothing,
        unclear @ Ruling::Unclear { .. } => panic!("all is known: {unclear:?}"),
    }
}

fn policy(json: &str) -> Policy {
    Policy::parse_strictly(json, PolicyKind::Identity).unwrap()
}

fn ask<'a>(action: &'a str, resource: &'a str) -> RequestContext<'a> {
    let now: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let facts = ConditionFacts::whole()
        .with_fact("aws:currenttime", now)
        .with_fact("aws:epochtime", now)
        .with_fact("aws:securetransport", false);
    RequestContext::new(action, resource, facts)
}

fn statement(rest: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"{rest}}}}}"#
    )
}

fn holds(condition: &str, ask: &RequestContext<'_>) -> bool {
    said(&policy(&statement(&format!(r#","Condition":{{{condition}}}"#))), ask) == Said::Allowed
}

#[test]
fn deny_wins_wherever_it_stands() {
    let policy = policy(
        r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Deny","Action":"s3:Get*","Resource":"arn:aws:s3:::b/secret/*"},
            {"Effect":"Allow","Action":["S3:GETOBJECT","s3:List?ucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}"#,
    );
    for (action, resource, verdict) in [
        ("s3:GetObject", "arn:aws:s3:::b/a", Said::Allowed),
        ("s3:GetObject", "arn:aws:s3:::b/secret/a", Said::Denied),
        ("s3:ListBucket", "arn:aws:s3:::b", Said::Allowed),
        ("s3:ListBucket", "arn:aws:s3:::bb", Said::Nothing),
        ("s3:PutObject", "arn:aws:s3:::b/a", Said::Nothing),
    ] {
        assert_eq!(said(&policy, &ask(action, resource)), verdict, "{action} {resource}");
    }
}

#[test]
fn not_action_and_not_resource_are_everything_else() {
    let policy =
        policy(r#"{"Statement":[{"Effect":"Allow","NotAction":"s3:Put*","NotResource":"arn:aws:s3:::vault*"}]}"#);
    assert_eq!(said(&policy, &ask("s3:GetObject", "arn:aws:s3:::b/a")), Said::Allowed);
    assert_eq!(said(&policy, &ask("s3:PutObject", "arn:aws:s3:::b/a")), Said::Nothing);
    assert_eq!(said(&policy, &ask("s3:GetObject", "arn:aws:s3:::vault/a")), Said::Nothing);
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
        let verdict = said(&policy, &ask("s3:ListBucket", "arn:aws:s3:::b").with_optional_fact("s3:prefix", prefix));
        assert_eq!(verdict == Said::Allowed, holds, "{condition} with {prefix:?}");
    }
}

#[test]
fn a_condition_asks_who_is_asking_and_since_when() {
    let facts = ask("s3:ListBucket", "arn:aws:s3:::b")
        .with_optional_fact("aws:principalarn", Some("arn:aws:iam::111122223333:role/crew"))
        .with_optional_fact("aws:principaltag/team", Some("Alpha"))
        .with_optional_fact("aws:multifactorauthpresent", Some("true"))
        .with_optional_fact("aws:multifactorauthage", Some("60"))
        .with_optional_fact("aws:tokenissuetime", Some("2026-06-01T11:00:00Z"));
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
        assert_eq!(said(&policy, &facts) == Said::Allowed, holds, "{condition}");
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused_by_name() {
    for (json, named) in [
        (statement(r#","NotPrincipal":{"AWS":"*"}"#), "NotPrincipal"),
        (statement(r#","Principal":"*""#), "principal"),
        (statement(r#","Condition":{"IpAddress":{"s3:prefix":"10.0.0.0/8"}}"#), "IpAddress"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":"a","s3:prefix":"b"}}"#), "\"s3:prefix\" is given twice"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":[]}}"#), "s3:prefix has no value"),
        (statement(r#","Condition":{"NotBool":{"aws:SecureTransport":"true"}}"#), "NotBool"),
        (statement(r#","Condition":{"NullIfExists":{"s3:prefix":"true"}}"#), "NullIfExists"),
        (statement(r#","Condition":{"StringLike":{"aws:TokenIssueTime":"2026*"}}"#), "StringLike"),
        (statement(r#","Condition":{"StringLike":{"aws:PrincipalTag/":"a"}}"#), "aws:PrincipalTag/"),
        (statement(r#","Condition":{"DateLessThan":{"aws:CurrentTime":"soon"}}"#), "soon"),
        (statement(r#","Condition":{"StringLike":{"kms:ViaService":"x"}}"#), "kms:ViaService"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":"${kms:ViaService}/*"}}"#), "kms:ViaService"),
        (statement(r#","Condition":{"StringLike":{"s3:prefix":"${aws:username, x}/*"}}"#), "aws:username, x"),
        (statement(r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}"#), "10.0.0.0/33"),
        (statement(r#","Condition":{"NumericNotLessThan":{"s3:max-keys":"1"}}"#), "NumericNotLessThan"),
        (statement(r#","Condition":{"ForSomeValues:StringLike":{"s3:prefix":"1"}}"#), "ForSomeValues:StringLike"),
        (statement(r#","Condition":{"StringLike":"x"}"#), "StringLike"),
        (statement(r#","Conditions":{}"#), "Conditions"),
        (
            r#"{"Id":"x","Statements":[],"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#.into(),
            "Statements",
        ),
        (statement(r#","NotAction":"s3:*""#), "NotAction"),
        (statement(r#","Action":"s3:*""#), "Action"),
        (r#"{"Statement":{"Effect":"Allow","Resource":"*"}}"#.into(), "actions"),
        (r#"{"Statement":{"Effect":"Allow","Action":"s3:*"}}"#.into(), "resources"),
        (r#"{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}"#.into(), "actions"),
        (r#"{"Statement":{"Effect":"Allow","Action":"ListBucket","Resource":"*"}}"#.into(), "ListBucket"),
        (r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"b/*"}}"#.into(), "b/*"),
        (r#"{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}"#.into(), "allow"),
        (r#"{"Version":"2026-01-01","Statement":[{}]}"#.into(), "2026-01-01"),
        (r#"{"Statement":[]}"#.into(), "is empty"),
        (r#"{"Statement":"#.into(), "Syntax errors"),
        ("[]".into(), "Syntax errors"),
    ] {
        let refusal = Policy::parse_strictly(&json, PolicyKind::Identity).unwrap_err();
        assert!(refusal.contains(named), "{json}: {refusal}");
    }
}

#[test]
fn trust_is_by_name() {
    let trust = Policy::parse_strictly(
        r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:a","arn:b"]}}}"#,
        PolicyKind::Trust,
    )
    .unwrap();
    let said_to =
        |names: &[&str], action| said(&trust, &ask(action, "arn:role").by_principal(PrincipalNames::These(names)));
    assert_eq!(said_to(&["arn:b"], "sts:AssumeRole"), Said::Allowed);
    assert_eq!(said_to(&["arn:c"], "sts:AssumeRole"), Said::Nothing);
    assert_eq!(said_to(&["arn:a"], "sts:TagSession"), Said::Nothing);
}

#[test]
fn every_operator_compares_as_aws_documents() {
    let one = ask("s3:ListBucket", "arn:aws:s3:::b")
        .with_optional_fact("s3:prefix", Some("Team/a"))
        .with_optional_fact("s3:max-keys", Some("1000"))
        .with_optional_fact("aws:sourceip", Some("203.0.113.7"))
        .with_optional_fact("aws:vpcsourceip", Some("2001:db8::7"))
        .with_optional_fact("aws:principalarn", Some("arn:aws:iam::111122223333:role/crew/mate"))
        .with_optional_fact("aws:tagkeys", Some(Fact::Several(vec!["team".into(), "shift".into()])));
    for (condition, met) in [
        (r#""StringNotEquals":{"s3:prefix":"team/a"}"#, true),
        (r#""StringEqualsIgnoreCase":{"s3:prefix":"team/A"}"#, true),
        (r#""StringNotEqualsIgnoreCase":{"s3:prefix":["x","TEAM/A"]}"#, false),
        (r#""StringNotLike":{"s3:prefix":"T*"}"#, false),
        (r#""NumericEquals":{"s3:max-keys":"1000.0"}"#, true),
        (r#""NumericLessThan":{"s3:max-keys":"1000"}"#, false),
        (r#""NumericLessThanEquals":{"s3:max-keys":1000}"#, true),
        (r#""NumericGreaterThan":{"s3:max-keys":"999.5"}"#, true),
        (r#""NumericGreaterThanEquals":{"s3:max-keys":["5000","1000"]}"#, true),
        (r#""NumericNotEquals":{"s3:max-keys":["5000","1000"]}"#, false),
        (r#""DateEquals":{"aws:CurrentTime":"2026-06-01T12:00:00Z"}"#, true),
        (r#""DateNotEquals":{"aws:CurrentTime":"2026-06-01T12:00:00Z"}"#, false),
        (r#""DateGreaterThan":{"aws:EpochTime":"1780315199"}"#, true),
        (r#""NumericLessThan":{"aws:EpochTime":"1780315201"}"#, true),
        (r#""IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/29"]}"#, true),
        (r#""IpAddress":{"aws:SourceIp":"203.0.113.8/29"}"#, false),
        (r#""IpAddress":{"aws:SourceIp":"0.0.0.0/0"}"#, true),
        (r#""IpAddress":{"aws:SourceIp":"::/0"}"#, false),
        (r#""NotIpAddress":{"aws:SourceIp":"203.0.113.7"}"#, false),
        (r#""IpAddress":{"aws:VpcSourceIp":"2001:DB8::/32"}"#, true),
        (r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/crew/*"}"#, true),
        (r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/crew/*"}"#, false),
        (r#""ArnLike":{"aws:PrincipalArn":"*"}"#, true),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:*:crew"}"#, false),
        (r#""Bool":{"aws:SecureTransport":["True","false"]}"#, true),
        (r#""BoolIfExists":{"aws:ViaAWSService":"true"}"#, true),
        (r#""Null":{"aws:SourceVpce":"true","s3:prefix":"false"}"#, true),
        (r#""ForAllValues:StringEquals":{"aws:TagKeys":["team","shift","x"]}"#, true),
        (r#""ForAllValues:StringEquals":{"aws:TagKeys":["team"]}"#, false),
        (r#""ForAnyValue:StringLike":{"aws:TagKeys":"sh*"}"#, true),
        (r#""ForAnyValue:StringNotEquals":{"aws:TagKeys":["team","shift"]}"#, false),
        (r#""ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}"#, true),
        (r#""ForAllValues:StringNotEquals":{"aws:TagKeys":"team"}"#, false),
        (r#""StringNotEquals":{"aws:TagKeys":"team"}"#, false),
    ] {
        assert_eq!(holds(condition, &one), met, "{condition}");
    }
    let bare = ask("s3:ListBucket", "arn:aws:s3:::b");
    for (condition, met) in [
        (r#""ForAllValues:StringEquals":{"aws:TagKeys":"team"}"#, true),
        (r#""ForAnyValue:StringEquals":{"aws:TagKeys":"team"}"#, false),
        (r#""ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}"#, false),
        (r#""ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"team"}"#, true),
        (r#""NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#, true),
        (r#""IpAddressIfExists":{"aws:SourceIp":"10.0.0.0/8"}"#, true),
        (r#""NumericNotEquals":{"s3:max-keys":"1"}"#, true),
        (r#""ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::1:user/x"}"#, true),
        (r#""StringLike":{"s3:prefix":"*"}"#, false),
        (r#""StringLike":{"s3:prefix":["","*"]}"#, false),
    ] {
        assert_eq!(holds(condition, &bare), met, "absent: {condition}");
    }
}

#[test]
fn a_variable_stands_for_the_value_that_the_request_has() {
    let home = policy(
        r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"},
            {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b",
             "Condition":{"StringLike":{"s3:prefix":["${aws:PrincipalTag/team, 'none'}/*"]}}}]}"#,
    );
    let get = |key| ask("s3:GetObject", key).with_optional_fact("aws:username", Some("an*"));
    assert_eq!(said(&home, &get("arn:aws:s3:::b/an*/x")), Said::Allowed);
    assert_eq!(said(&home, &get("arn:aws:s3:::b/ana/x")), Said::Nothing, "a * of a value is no wildcard");
    assert_eq!(said(&home, &ask("s3:GetObject", "arn:aws:s3:::b//x")), Said::Nothing, "no name, no home");
    let list = |prefix| ask("s3:ListBucket", "arn:aws:s3:::b").with_optional_fact("s3:prefix", Some(prefix));
    assert_eq!(said(&home, &list("none/x")), Said::Allowed);
    let tagged = list("none/x").with_optional_fact("aws:principaltag/team", Some("crew"));
    assert_eq!(said(&home, &tagged), Said::Nothing);
}

#[test]
fn the_statement_that_decides_is_named() {
    let policy = policy(
        r#"{"Version":"2012-10-17","Statement":[
            {"Sid":"Read","Effect":"Allow","Action":"s3:Get*","Resource":"*"},
            {"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/secret/*"},
            {"Sid":"KeepOut","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::vault/*"}]}"#,
    );
    for (resource, decided, told) in [
        ("arn:aws:s3:::b/a", Some((1, Some("Read"))), "statement 1 (Read)"),
        ("arn:aws:s3:::b/secret/a", Some((2, None)), "statement 2"),
        ("arn:aws:s3:::vault/a", Some((3, Some("KeepOut"))), "statement 3 (KeepOut)"),
    ] {
        let ask = ask("s3:GetObject", resource);
        let by = match policy.rule_on(&ask) {
            Ruling::Allowed(by) | Ruling::Denied(by) => Some(by),
            _ => None,
        };
        assert_eq!(by, decided.map(|(number, sid)| StatementName { number, sid }), "{resource}");
        assert_eq!(by.unwrap().to_string(), told);
    }
}

#[test]
fn the_folder_policy_of_aws_lets_the_top_be_listed_with_an_empty_prefix_alone() {
    let folders = policy(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b",
            "Condition":{"StringEquals":{"s3:prefix":["","team/"],"s3:delimiter":["/"]}}}}"#,
    );
    let list = |prefix: Option<&'static str>, delimiter: Option<&'static str>| {
        ask("s3:ListBucket", "arn:aws:s3:::b")
            .with_optional_fact("s3:prefix", prefix)
            .with_optional_fact("s3:delimiter", delimiter)
    };
    for (prefix, delimiter, allowed) in [
        (Some(""), Some("/"), true),
        (Some("team/"), Some("/"), true),
        (None, Some("/"), false),
        (Some(""), None, false),
        (Some("home/"), Some("/"), false),
    ] {
        assert_eq!(said(&folders, &list(prefix, delimiter)) == Said::Allowed, allowed, "{prefix:?} {delimiter:?}");
    }
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
        prop_assert_eq!(said(&read, &ask("s3:GetObject", &arn)) == Said::Allowed, expected);
        let list = ask("s3:ListBucket", "arn:aws:s3:::b").with_optional_fact("s3:prefix", Some(&key));
        prop_assert_eq!(said(&read, &list) == Said::Allowed, expected);
    }
}
