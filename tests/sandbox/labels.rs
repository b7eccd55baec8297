//! What a session is labelled and narrowed with: tags, a source identity, an external id, managed policies; and how full
//! that makes its token.

use aws_sdk_s3::config::Credentials;
use aws_sdk_sts::{
    operation::assume_role::builders::AssumeRoleFluentBuilder,
    types::{PolicyDescriptorType, Tag},
};
use ebbtide::sandbox::Settings;

use crate::support::in_process::{InProcess, assert_refused, minted, refusal};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ARCHIVE_ONLY: &str = "arn:aws:iam::111122223333:policy/archive-only";
const LIST_LOGS: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::tide-logs"}}"#;

fn assume(world: &InProcess, credentials: Credentials, role: &str) -> AssumeRoleFluentBuilder {
    let arn = format!("arn:aws:iam::111122223333:role/{role}");
    world.sts(credentials).assume_role().role_arn(arn).role_session_name("tests")
}

async fn assumed(call: AssumeRoleFluentBuilder) -> Credentials {
    minted(call.send().await.expect("the role admits").credentials())
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().expect("it has both")
}

fn managed(arn: &str) -> PolicyDescriptorType {
    PolicyDescriptorType::builder().arn(arn).build()
}

fn refused_to(caller: &str, action: &str, role: &str) -> String {
    format!(
        "User: arn:aws:{caller} is not authorized to perform: sts:{action} on resource: arn:aws:iam::111122223333:role/{role}"
    )
}

#[tokio::test(start_paused = true)]
async fn a_tag_opens_what_the_roles_policy_gives_for_it() {
    let world = InProcess::new(Settings::default());
    for (value, reads) in [(Some("alpha"), true), (Some("beta"), false), (None, false)] {
        let call = assume(&world, world.ana(), "crew").set_tags(value.map(|value| vec![tag("Team", value)]));
        let s3 = world.s3(assumed(call).await);
        s3.list_objects_v2().bucket("tide-logs").send().await.expect("with or without a tag");
        let read = s3.get_object().bucket("tide-logs").key("team/README.md").send().await;
        assert_eq!(read.is_ok(), reads, "{value:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn tags_and_a_source_identity_need_the_roles_consent() {
    let world = InProcess::new(Settings::default());
    let tagged = assume(&world, world.ana(), "reader").tags(tag("team", "alpha")).send().await;
    let words = refused_to("iam::111122223333:user/ana", "TagSession", "reader");
    assert_refused(&refusal(tagged), 403, "AccessDenied", &words);
    let named = assume(&world, world.ana(), "reader").source_identity("ana").send().await;
    let words = refused_to("iam::111122223333:user/ana", "SetSourceIdentity", "reader");
    assert_refused(&refusal(named), 403, "AccessDenied", &words);
}

#[tokio::test(start_paused = true)]
async fn a_transitive_tag_and_the_source_identity_stick_along_the_chain() {
    let world = InProcess::new(Settings::default());
    let call = assume(&world, world.ana(), "crew").tags(tag("team", "alpha")).tags(tag("shift", "night"));
    let crew = assumed(call.transitive_tag_keys("TEAM").source_identity("ana-at-home")).await;

    let mate = assume(&world, crew.clone(), "mate").send().await.expect("the mate takes both");
    assert_eq!(mate.source_identity(), Some("ana-at-home"));
    let s3 = world.s3(minted(mate.credentials()));
    s3.get_object().bucket("tide-logs").key("team/README.md").send().await.expect("the tag was handed on");

    let again = assume(&world, crew.clone(), "mate").tags(tag("Team", "beta")).send().await;
    assert_refused(&refusal(again), 400, "ValidationError", "Team is inherited");
    assume(&world, crew.clone(), "mate").tags(tag("shift", "day")).send().await.expect("that one was not handed on");
    let renamed = assume(&world, crew.clone(), "mate").source_identity("somebody-else").send().await;
    let caller = "sts::111122223333:assumed-role/crew/tests";
    assert_refused(&refusal(renamed), 403, "AccessDenied", &refused_to(caller, "SetSourceIdentity", "mate"));
    assume(&world, crew.clone(), "mate")
        .source_identity("ana-at-home")
        .send()
        .await
        .expect("the same may be said again");
    let reader = assume(&world, crew, "reader").send().await;
    assert_refused(&refusal(reader), 403, "AccessDenied", &refused_to(caller, "TagSession", "reader"));
}

#[tokio::test(start_paused = true)]
async fn tags_are_checked_each_and_together() {
    let world = InProcess::new(Settings::default());
    let call = || assume(&world, world.ana(), "crew");
    let many = |count: usize| (0..count).map(|number| tag(&format!("key-{number}"), "value")).collect::<Vec<_>>();
    for (call, code, words) in [
        (
            call().tags(tag("", "x")),
            "ValidationError",
            "'tags.member.1.Key' failed to satisfy constraint: Member must have length",
        ),
        (call().tags(tag("a*", "x")), "ValidationError", "regular expression"),
        (call().tags(tag("a", &"x".repeat(257))), "ValidationError", "less than or equal to 256"),
        (call().tags(tag("Dept", "x")).tags(tag("dept", "y")), "ValidationError", "Tag keys are case insensitive"),
        (
            call().tags(tag("a", "x")).transitive_tag_keys("b"),
            "ValidationError",
            "must be included in the requested tags",
        ),
        (call().set_tags(Some(many(51))), "ValidationError", "Member must have length less than or equal to 50"),
        (call().set_tags(Some(many(50))), "PackedPolicyTooLarge", "Packed size of session tags consumes "),
        (call().source_identity("aws:ana"), "ValidationError", "sourceIdentity"),
        (call().source_identity("a"), "ValidationError", "greater than or equal to 2"),
        (call().external_id("a"), "ValidationError", "externalId"),
    ] {
        assert_refused(&refusal(call.send().await), 400, code, words);
    }
}

#[tokio::test(start_paused = true)]
async fn a_federated_user_can_be_tagged_by_who_may() {
    let world = InProcess::new(Settings::default());
    let call = world.sts(world.ana()).get_federation_token().name("bo").policy_arns(managed(READ_ONLY));
    let reply = call.tags(tag("team", "alpha")).send().await.expect("ana may tag");
    world.s3(minted(reply.credentials())).list_buckets().send().await.expect("the managed policy allows");
}

#[tokio::test(start_paused = true)]
async fn an_external_id_is_asked_for_and_compared() {
    let world = InProcess::new(Settings::default());
    let words = refused_to("iam::111122223333:user/ana", "AssumeRole", "partner");
    for id in [None, Some("tide-partner-43")] {
        let call = assume(&world, world.ana(), "partner").set_external_id(id.map(Into::into));
        assert_refused(&refusal(call.send().await), 403, "AccessDenied", &words);
    }
    assumed(assume(&world, world.ana(), "partner").external_id("tide-partner-42")).await;
    assumed(assume(&world, world.ana(), "reader").external_id("not-asked-for")).await;
}

#[tokio::test(start_paused = true)]
async fn managed_policies_add_up_and_narrow() {
    let world = InProcess::new(Settings::default());
    let list = async |credentials: Credentials, bucket: &str| {
        world.s3(credentials).list_objects_v2().bucket(bucket).send().await.is_ok()
    };
    let archive = assumed(assume(&world, world.ana(), "keeper").policy_arns(managed(ARCHIVE_ONLY))).await;
    assert!(list(archive.clone(), "tide-archive").await);
    assert!(!list(archive, "tide-logs").await);
    let both = assume(&world, world.ana(), "keeper").policy_arns(managed(ARCHIVE_ONLY)).policy(LIST_LOGS);
    let both = assumed(both).await;
    assert!(list(both.clone(), "tide-archive").await && list(both.clone(), "tide-logs").await);
    assert!(!list(both, "tide-oddities").await);
    let reader = assumed(assume(&world, world.ana(), "reader").policy_arns(managed(READ_ONLY))).await;
    assert!(!list(reader, "tide-logs").await, "they add nothing to the role's own rights");
}

#[tokio::test(start_paused = true)]
async fn a_managed_policy_must_exist_and_ten_are_the_most() {
    let world = InProcess::new(Settings::default());
    let call = || assume(&world, world.ana(), "keeper");
    let none = "arn:aws:iam::111122223333:policy/none";
    assert_refused(&refusal(call().policy_arns(managed(none)).send().await), 400, "ValidationError", none);
    let eleven = call().set_policy_arns(Some(vec![managed(READ_ONLY); 11])).send().await;
    assert_refused(
        &refusal(eleven),
        400,
        "ValidationError",
        "'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
    assumed(call().set_policy_arns(Some(vec![managed(READ_ONLY); 10]))).await;
    let short = call().policy_arns(managed("short")).send().await;
    assert_refused(&refusal(short), 400, "ValidationError", "greater than or equal to 20");
}

#[tokio::test(start_paused = true)]
async fn the_token_fills_up_with_policies_and_tags() {
    let world = InProcess::new(Settings::default());
    let mut sizes = vec![];
    for (policy, tags) in [(None, 0), (Some(LIST_LOGS), 0), (Some(LIST_LOGS), 10), (Some(LIST_LOGS), 20)] {
        let tags = (0..tags).map(|number| tag(&format!("key-{number}"), "value")).collect();
        let call = assume(&world, world.ana(), "crew").set_policy(policy.map(Into::into)).set_tags(Some(tags));
        let reply = call.send().await.unwrap();
        let token = reply.credentials().unwrap().session_token();
        assert_eq!(reply.session_token_size(), i32::try_from(token.len()).ok());
        let text = world.last().text();
        let packed = text
            .split_once("<PackedPolicySize>")
            .map_or(0, |(_, rest)| rest.split_once('<').unwrap().0.parse().unwrap());
        sizes.push((packed, reply.session_token_utilization().unwrap(), token.len()));
    }
    assert!(sizes.is_sorted_by(|less, more| less.0 < more.0 && less.1 < more.1 && less.2 < more.2), "{sizes:?}");
    assert_eq!(sizes[0].0, 0, "nothing was packed");
    let session = world.sts(world.ana()).get_session_token().send().await.unwrap();
    assert!(session.session_token_size() > Some(0) && session.session_token_utilization() < Some(100));
}
