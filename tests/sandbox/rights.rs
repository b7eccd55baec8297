//! What minted credentials may do: the intersection of everything that has a say.

use aws_sdk_s3::config::Credentials;
use ebbtide::sandbox::Settings;

use crate::support::in_process::{InProcess, assert_refused, minted, pass, refusal};

async fn federated(world: &InProcess, policy: Option<String>) -> Credentials {
    let call = world.sts(world.ana()).get_federation_token().name("bo").set_policy(policy);
    minted(call.send().await.expect("ana may").credentials())
}

async fn assumed(world: &InProcess, role: &str, policy: Option<String>) -> Credentials {
    let arn = format!("arn:aws:iam::111122223333:role/{role}");
    let call = world.sts(world.ana()).assume_role().role_arn(arn).role_session_name("tests").set_policy(policy);
    minted(call.send().await.expect("ana may").credentials())
}

fn scoped(bucket: &str, prefix: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::{bucket}",
              "Condition":{{"StringLike":{{"s3:prefix":"{prefix}*"}}}}}},
            {{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/{prefix}*"}}]}}"#
    )
}

/// Whether a listing under a prefix is allowed.
async fn may_list(s3: &aws_sdk_s3::Client, bucket: &str, prefix: Option<&str>) -> bool {
    let listed = s3.list_objects_v2().bucket(bucket).set_prefix(prefix.map(Into::into)).send().await;
    if listed.is_err() {
        assert_eq!(refusal(listed).code, "AccessDenied");
        return false;
    }
    true
}

async fn may_read(s3: &aws_sdk_s3::Client, bucket: &str, key: &str) -> bool {
    let read = s3.get_object().bucket(bucket).key(key).send().await;
    if read.is_err() {
        assert_eq!(refusal(read).code, "AccessDenied");
        return false;
    }
    true
}

#[tokio::test(start_paused = true)]
async fn a_federated_user_without_a_policy_may_do_nothing() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(federated(&world, None).await);
    assert!(!may_list(&s3, "tide-archive", None).await);
    assert!(!may_read(&s3, "tide-archive", "README.md").await);
    let buckets = refusal(s3.list_buckets().send().await);
    assert_refused(&buckets, 403, "AccessDenied", "no session policy allows the s3:ListAllMyBuckets action");
}

#[tokio::test(start_paused = true)]
async fn a_scoped_session_ends_at_its_bucket_and_prefix() {
    let world = InProcess::new(Settings::default());
    let policy = scoped("tide-logs", "team/");
    for credentials in [federated(&world, Some(policy.clone())).await, assumed(&world, "keeper", Some(policy)).await] {
        let s3 = world.s3(credentials);
        for (bucket, prefix, allowed) in [
            ("tide-logs", Some("team/"), true),
            ("tide-logs", Some("team/alpha/"), true),
            ("tide-logs", Some("team-secret/"), false),
            ("tide-logs", Some("team"), false),
            ("tide-logs", Some(""), false),
            ("tide-logs", None, false),
            ("tide-archive", Some("team/"), false),
        ] {
            assert_eq!(may_list(&s3, bucket, prefix).await, allowed, "{bucket} {prefix:?}");
        }
        assert!(may_read(&s3, "tide-logs", "team/README.md").await);
        assert!(!may_read(&s3, "tide-logs", "gateway.log").await);
        assert!(!may_read(&s3, "tide-logs", "team/none").await, "whether a key is there is told to who may list");
        let head = refusal(s3.head_bucket().bucket("tide-logs").send().await);
        assert_eq!(head.status, 403, "a prefix is no bucket");
        assert_eq!(world.last().header("x-amz-bucket-region"), Some("us-west-2"));
        assert!(world.last().response.body().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_policy_adds_nothing_to_what_its_source_may() {
    let world = InProcess::new(Settings::default());
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#.to_owned();
    let of_ana = world.s3(federated(&world, Some(all.clone())).await);
    assert!(may_list(&of_ana, "tide-logs", None).await);
    assert!(!may_read(&of_ana, "tide-logs", "team-secret/plans.txt").await, "ana's own policy denies it");
    let of_auditor = world.s3(assumed(&world, "auditor", Some(all)).await);
    assert!(may_list(&of_auditor, "tide-logs", None).await);
    assert!(!may_read(&of_auditor, "tide-archive", "README.md").await, "the auditor reads nothing");
}

#[tokio::test(start_paused = true)]
async fn a_role_without_a_session_policy_has_all_its_rights_and_no_more() {
    let world = InProcess::new(Settings::default());
    let reader = world.s3(assumed(&world, "reader", None).await);
    assert!(may_read(&reader, "tide-archive", "README.md").await);
    assert!(may_list(&reader, "tide-logs", Some("team/")).await);
    assert!(!may_list(&reader, "tide-logs", Some("readings/")).await);
    reader.list_buckets().send().await.expect("the reader sees every bucket");
}

#[tokio::test(start_paused = true)]
async fn a_buckets_own_deny_outweighs_every_allow() {
    let world = InProcess::new(Settings::default());
    for credentials in [world.ana(), assumed(&world, "keeper", None).await] {
        let s3 = world.s3(credentials);
        let listed = refusal(s3.list_objects_v2().bucket("tide-vault").send().await);
        assert_refused(&listed, 403, "AccessDenied", "with an explicit deny in a resource-based policy");
        assert!(!may_read(&s3, "tide-vault", "treasure.txt").await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_in_the_policy_ends_rights_before_the_session() {
    let world = InProcess::new(Settings::default());
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*",
        "Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-22T12:00:30Z"}}}}"#;
    let s3 = world.s3(federated(&world, Some(policy.into())).await);
    assert!(may_list(&s3, "tide-archive", None).await);
    pass(30).await;
    assert!(!may_list(&s3, "tide-archive", None).await, "denied, not expired");
}

#[tokio::test(start_paused = true)]
async fn a_write_is_first_denied_then_not_implemented() {
    let world = InProcess::new(Settings::default());
    let ana = world.s3(world.ana());
    let put = refusal(ana.put_object().bucket("tide-archive").key("new").send().await);
    assert_refused(&put, 403, "AccessDenied", "no identity-based policy allows the s3:PutObject action");
    let delete = refusal(ana.delete_object().bucket("tide-archive").key("README.md").send().await);
    assert_refused(&delete, 403, "AccessDenied", "s3:DeleteObject");
    let keeper = world.s3(assumed(&world, "keeper", None).await);
    for refused in [
        refusal(keeper.delete_object().bucket("tide-archive").key("README.md").send().await),
        refusal(keeper.create_bucket().bucket("new-bucket").send().await),
        refusal(keeper.put_object().bucket("tide-archive").key("new").send().await),
        refusal(keeper.put_bucket_policy().bucket("tide-archive").policy("{}").send().await),
    ] {
        assert_refused(&refused, 501, "NotImplemented", "");
    }
}
