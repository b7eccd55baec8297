//! What a client can say of a session whose policies it knows in part.

use jiff::Timestamp;

use super::written;
use crate::domain::{
    location::Location,
    policy::{Doubt, Fact, Ruling, SessionPolicy, SessionRights, Verb},
};

const READ_B: &str =
    r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#;
const KEEP_OUT: &str = r#"{"Sid":"KeepOut","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b/secret/*"}"#;

fn rights<'a>(policy: Option<&'a SessionPolicy>, managed: &'a [String]) -> SessionRights<'a> {
    SessionRights::new(policy, managed, Timestamp::UNIX_EPOCH).unwrap()
}

#[test]
fn beside_a_managed_policy_of_unknown_text_only_a_deny_is_sure() {
    let managed = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess".to_owned()];
    let policy = written(&[READ_B, KEEP_OUT]);
    let alone = rights(Some(&policy), &[]);
    let both = rights(Some(&policy), &managed);
    let unclear = Ruling::Unclear { by: None, why: Doubt::Policy(&managed[0]) };
    assert!(alone.may_list(&Location::new("b", "")).is_allowed());
    assert_eq!(alone.may_list(&Location::new("other", "")), Ruling::NotAllowed);
    for location in [Location::new("b", ""), Location::new("other", ""), Location::all_buckets()] {
        assert_eq!(both.may_list(&location), unclear, "it may allow, and it may deny");
        assert_eq!(both.may_reach(&location), unclear);
    }
    for rights in [&alone, &both] {
        assert!(matches!(rights.may_do(Verb::Get, "b", "secret/x"), Ruling::Denied(by) if by.sid == Some("KeepOut")));
    }
    assert_eq!(rights(None, &managed).may_do(Verb::Get, "b", "x"), unclear);
    assert_eq!(both.only_listable(), None);
    assert!(SessionRights::new(None, &[], Timestamp::UNIX_EPOCH).is_none(), "nothing narrows it");
}

#[test]
fn the_list_of_buckets_is_every_bucket_of_the_partition() {
    let list = |resource: &str| {
        written(&[&format!(r#"{{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"{resource}"}}"#)])
    };
    for (resource, partition, allowed) in [
        ("*", "aws", true),
        ("arn:aws:s3:::*", "aws", true),
        ("arn:*:s3:::*", "aws", true),
        ("arn:aws:s3:::**", "aws", true),
        ("arn:aws:s3:::tide", "aws", false),
        ("arn:aws:s3:::tide*", "aws", false),
        ("arn:aws:s3:::*", "aws-cn", false),
        ("arn:aws-cn:s3:::*", "aws-cn", true),
        ("arn:aws-cn:s3:::*", "aws", false),
    ] {
        let policy = list(resource);
        let ruling = rights(Some(&policy), &[]).in_partition(partition).may_list(&Location::all_buckets());
        assert_eq!(ruling.is_allowed(), allowed, "{resource} in {partition}: {ruling:?}");
    }
}

#[test]
fn the_top_of_a_bucket_is_listed_with_an_empty_prefix() {
    let listing = |condition: &str| {
        written(&[&format!(
            r#"{{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{{{condition}}}}}"#
        )])
    };
    for (condition, top, team, home) in [
        (r#""StringLike":{"s3:prefix":["","team/*"]},"StringEquals":{"s3:delimiter":["/"]}"#, true, true, false),
        (r#""StringEquals":{"s3:prefix":""}"#, true, false, false),
        (r#""Null":{"s3:prefix":"true"}"#, false, false, false),
        (r#""StringNotLike":{"s3:prefix":"team/*"}"#, true, false, true),
    ] {
        let policy = listing(condition);
        let may = |prefix: &str| rights(Some(&policy), &[]).may_list(&Location::new("b", prefix)).is_allowed();
        assert_eq!((may(""), may("team/"), may("home/")), (top, team, home), "{condition}");
    }
}

#[test]
fn what_is_known_of_the_session_is_used_and_what_is_not_is_told() {
    let own = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}"#;
    let address = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#;
    let policy = written(&[own]);
    assert!(matches!(
        rights(Some(&policy), &[]).may_do(Verb::Get, "b", "crew/x"),
        Ruling::Unclear { by: Some(_), why: Doubt::Key("aws:PrincipalTag/team") }
    ));
    let tagged = rights(Some(&policy), &[]).with_fact("aws:principaltag/team", "crew");
    assert!(tagged.may_do(Verb::Get, "b", "crew/x").is_allowed());
    assert!(tagged.may_do(Verb::Get, "b", "other/x").is_refused());
    let untagged = rights(Some(&policy), &[]).with_fact("aws:principaltag/team", Fact::Absent);
    assert!(untagged.may_do(Verb::Get, "b", "crew/x").is_refused());
    let policy = written(&[address]);
    let ruling = rights(Some(&policy), &[]).may_do(Verb::Get, "b", "x");
    assert!(matches!(ruling, Ruling::Unclear { why: Doubt::Key("aws:SourceIp"), .. }), "{ruling:?}");
}
