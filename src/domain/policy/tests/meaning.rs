//! Words, risks and places follow from what a policy means, however it is spelled.

use jiff::Timestamp;

use super::written;
use crate::domain::{location::Location, policy::SessionRights};

const EVERYTHING: &str = "it allows every action of every service";
const ALL_OF_S3: &str = "it allows every S3 action, including changes of bucket policies";
const EVERY_BUCKET: &str = "its Resource includes every bucket";

fn allow(actions: &str, resources: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":{actions},"Resource":{resources}}}"#)
}

#[test]
fn a_risk_is_known_in_every_spelling() {
    let on_logs = r#"["arn:aws:s3:::tide-logs","arn:aws:s3:::tide-logs/*"]"#;
    for (actions, resources, risks) in [
        (r#""*""#, on_logs, &[EVERYTHING][..]),
        (r#""**""#, on_logs, &[EVERYTHING]),
        (r#""*:*""#, on_logs, &[EVERYTHING]),
        (r#"["s3:*","*:?*"]"#, on_logs, &[EVERYTHING]),
        (r#""s3:*""#, on_logs, &[ALL_OF_S3]),
        (r#""S3:**""#, on_logs, &[ALL_OF_S3]),
        (r#""s3:?*""#, on_logs, &[ALL_OF_S3]),
        (r#""s?:*""#, on_logs, &[ALL_OF_S3]),
        (
            r#"["s3:A*","s3:B*","s3:C*","s3:D*","s3:G*","s3:I*","s3:L*","s3:O*","s3:P*","s3:R*","s3:S*","s3:T*","s3:U*"]"#,
            on_logs,
            &[ALL_OF_S3],
        ),
        (r#"["s3:Get*","s3:List*"]"#, on_logs, &[]),
        (r#""s3:GetObject""#, r#""*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::**""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::?*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::*/*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:*:s3:::*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws-cn:s3:::*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:*""#, &[EVERY_BUCKET]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::*/public/*""#, &[]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::tide*""#, &[]),
        (r#""s3:GetObject""#, r#""arn:*:s3:::tide-logs/*""#, &[]),
        (r#""s3:ListAllMyBuckets""#, r#""*""#, &[]),
        (r#""S3:LISTALLMYB?CKETS""#, r#""arn:aws:s3:::*""#, &[]),
        (r#""s3:ListAllMy*""#, r#""*""#, &[]),
        (r#"["s3:ListAllMyBuckets","s3:ListBucket"]"#, r#""*""#, &[EVERY_BUCKET]),
    ] {
        assert_eq!(written(&[&allow(actions, resources)]).find_risks(), risks, "{actions} on {resources}");
    }
}

#[test]
fn statements_are_judged_together() {
    let logs = r#"["arn:aws:s3:::tide-logs","arn:aws:s3:::tide-logs/*"]"#;
    let (a, rest) = (r#""arn:aws:s3:::a*""#, r#"["arn:aws:s3:::?*","arn:aws:s3:::*/x"]"#);
    let split = [allow(r#""s3:ListBucket""#, a), allow(r#""s3:ListBucket""#, rest)];
    assert_eq!(written(&[&split[0], &split[1]]).find_risks(), [EVERY_BUCKET]);
    let deny = |rest: &str| format!(r#"{{"Effect":"Deny",{rest}}}"#);
    let all = allow(r#""s3:*""#, r#""*""#);
    for (denied, risks) in [
        (r#""Action":"s3:PutBucketPolicy","Resource":"*""#, &[EVERY_BUCKET][..]),
        (
            r#""Action":"s3:PutBucketPolicy","Resource":"*","Condition":{"Null":{"s3:prefix":"true"}}"#,
            &[ALL_OF_S3, EVERY_BUCKET],
        ),
        (r#""Action":"*","Resource":["arn:aws:s3:::vault","arn:aws:s3:::vault/*"]"#, &[ALL_OF_S3]),
        (r#""Action":"s3:DeleteObject","Resource":"arn:aws:s3:::vault/*""#, &[ALL_OF_S3, EVERY_BUCKET]),
    ] {
        assert_eq!(written(&[&all, &deny(denied)]).find_risks(), risks, "{denied}");
    }
    for (statement, risk) in [
        (format!(r#"{{"Effect":"Allow","NotAction":"iam:*","Resource":{logs}}}"#), "NotAction"),
        (r#"{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::vault/*"}"#.into(), "NotResource"),
    ] {
        let risks = written(&[&statement]).find_risks();
        assert!(risks.iter().any(|told| told.starts_with(risk)), "{statement}: {risks:?}");
    }
    assert_eq!(
        written(&[r#"{"Effect":"Allow","NotAction":"*","Resource":"*"}"#]).find_risks(),
        [""; 0],
        "it allows nothing"
    );
}

#[test]
fn words_are_those_of_the_actions_that_a_pattern_takes() {
    let rest = "; may not write, delete or see other buckets";
    for (actions, resources, words) in [
        (r#""S3:GETOBJECT""#, r#""arn:aws:s3:::b/*""#, "may read s3://b/; may not list, write, delete or see other buckets".to_owned()),
        (r#""s3:Get?bject""#, r#""arn:aws:s3:::b/*""#, "may read s3://b/; may not list, write, delete or see other buckets".to_owned()),
        (
            r#"["s3:ListBucket","s3:Get?bject"]"#,
            r#"["arn:aws-cn:s3:::b","arn:*:s3:::b/*"]"#,
            format!("may list and read s3://b/{rest}"),
        ),
        (
            r#""s3:List*""#,
            r#""arn:aws:s3:::b""#,
            "may list, list old versions of and do s3:List* on s3://b/; may not read, write, delete or see other buckets"
                .to_owned(),
        ),
        (
            r#""s3:List*""#,
            r#""arn:aws:s3:::*""#,
            "may list, list old versions of and do s3:List* on every bucket and see the names of all buckets; may not \
             read, write or delete"
                .to_owned(),
        ),
        (r#""s3:ListAllMyBuckets""#, r#""arn:aws:s3:::b""#, "allows nothing".to_owned()),
        (r#""s3:ListBucket""#, r#""arn:aws:s3:::b/*""#, "allows nothing".to_owned()),
        (r#""s3:?*""#, r#""arn:*""#, "may do everything on everything".to_owned()),
        (r#""s3:GetObject""#, r#""arn:*:s3:::*""#, "may read every bucket; may not list, write or delete".to_owned()),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::tide*""#, "may read s3://tide*; may not list, write or delete".to_owned()),
        (r#""s3:ListBucket""#, r#""arn:aws:s3:::tide*""#, "may list s3://tide*/; may not read, write or delete".to_owned()),
        (r#""*:*""#, r#""arn:aws:s3:::b/x""#, "may do everything in every service on s3://b/x; may not list or see other buckets".to_owned()),
    ] {
        assert_eq!(written(&[&allow(actions, resources)]).in_words(), words, "{actions} on {resources}");
    }
}

#[test]
fn only_a_place_without_wildcards_is_offered_to_go_to() {
    let list = |resource: &str, prefixes: &str| {
        let condition = if prefixes.is_empty() {
            String::new()
        } else {
            format!(r#","Condition":{{"StringLike":{{"s3:prefix":{prefixes}}}}}"#)
        };
        format!(r#"{{"Effect":"Allow","Action":"s3:List*","Resource":"{resource}"{condition}}}"#)
    };
    for (resource, prefixes, offered) in [
        ("arn:aws:s3:::b", "", Some(("b", ""))),
        ("arn:*:s3:::b", "", Some(("b", ""))),
        ("arn:aws:s3:::b*", "", None),
        ("arn:aws:s3:::*", "", None),
        ("*", "", None),
        ("arn:aws:s3:::b", r#""team/*""#, Some(("b", "team/"))),
        ("arn:aws:s3:::b", r#""team*""#, Some(("b", "team"))),
        ("arn:aws:s3:::b", r#""team/""#, Some(("b", "team/"))),
        ("arn:aws:s3:::b", r#""*/team/*""#, None),
        ("arn:aws:s3:::b", r#""t${*}/*""#, Some(("b", "t*/"))),
        ("arn:aws:s3:::b", r#""${aws:username}/*""#, None),
        ("arn:aws:s3:::b", r#"["","team/*"]"#, None),
        ("arn:aws:s3:::*", r#""team/*""#, None),
    ] {
        let policy = written(&[&list(resource, prefixes)]);
        let rights = SessionRights::new(Some(&policy), &[], Timestamp::UNIX_EPOCH).unwrap();
        let wanted = offered.map(|(bucket, prefix)| Location::new(bucket, prefix));
        assert_eq!(rights.only_listable(), wanted, "{resource} {prefixes}");
    }
}
