//! What an object has besides its content: attributes, parts, tags, locks, annotations, each with a right of its own.

use aws_sdk_s3::{
    Client,
    types::{AnnotationEntry, ObjectAttributes},
};
use ebbtide::sandbox::Settings;

use crate::support::in_process::{InProcess, assert_refused, minted, refusal};

const OBJECTS: &str = "tide-objects";
const ALL: [ObjectAttributes; 5] = [
    ObjectAttributes::Etag,
    ObjectAttributes::Checksum,
    ObjectAttributes::ObjectParts,
    ObjectAttributes::StorageClass,
    ObjectAttributes::ObjectSize,
];

/// Somebody who may do these things everywhere.
async fn allowed(world: &InProcess, actions: &str) -> Client {
    let policy =
        format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}}}"#);
    let minting = world.sts(world.ana()).get_federation_token().name("bo").policy(policy);
    world.s3(minted(minting.send().await.expect("ana may").credentials()))
}

#[tokio::test(start_paused = true)]
async fn attributes_are_those_that_are_asked_for() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let ask = |key: &str| s3.get_object_attributes().bucket(OBJECTS).key(key);
    let whole = ask("checksums/whole-sha256.csv").set_object_attributes(Some(ALL.into())).send().await.unwrap();
    assert_eq!((whole.object_size(), whole.storage_class().unwrap().as_str()), (Some(704), "STANDARD"));
    assert!(!whole.e_tag().unwrap().contains('"') && whole.version_id().is_some() && whole.last_modified().is_some());
    assert!(whole.checksum().unwrap().checksum_sha256().is_some() && whole.object_parts().is_none());
    let size = ask("kinds/tide.py").object_attributes(ObjectAttributes::ObjectSize).send().await.unwrap();
    assert!(size.e_tag().is_none() && size.checksum().is_none() && size.object_size().is_some());
    let odd = ask("kinds/tide.py").object_attributes("Colour".into()).send().await;
    assert_refused(&refusal(odd), 400, "InvalidArgument", "Invalid attribute name");
    let none = ask("kinds/none").object_attributes(ObjectAttributes::Etag).send().await;
    assert_refused(&refusal(none), 404, "NoSuchKey", "");
    let none = ask("checksums/parts-none.log").set_object_attributes(Some(ALL.into())).send().await.unwrap();
    let parts = none.object_parts().unwrap();
    assert!(none.checksum().is_none() && parts.parts().is_empty() && parts.total_parts_count() == Some(2));
}

#[tokio::test(start_paused = true)]
async fn parts_come_in_pages_with_their_checksums() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let page = |key: &str, after: Option<&str>, most| {
        let ask = s3.get_object_attributes().bucket(OBJECTS).key(key).object_attributes(ObjectAttributes::ObjectParts);
        ask.set_part_number_marker(after.map(Into::into)).set_max_parts(most).send()
    };
    let (mut after, mut sizes) = (None, vec![]);
    loop {
        let reply = page("large/numbered-lines.log", after.as_deref(), Some(150)).await.unwrap();
        let parts = reply.object_parts().unwrap();
        assert_eq!((parts.total_parts_count(), parts.max_parts()), (Some(320), Some(150)));
        let numbers: Vec<_> = parts.parts().iter().map(|part| part.part_number().unwrap()).collect();
        assert_eq!(numbers[0], i32::try_from(sizes.len()).unwrap() + 1);
        assert!(parts.parts().iter().all(|part| part.checksum_crc64_nvme().is_some_and(|sum| sum.len() == 12)));
        sizes.extend(parts.parts().iter().map(|part| part.size().unwrap()));
        if parts.is_truncated() != Some(true) {
            break;
        }
        after = parts.next_part_number_marker().map(ToOwned::to_owned);
    }
    assert_eq!((sizes.len(), sizes.iter().sum::<i64>()), (320, 5 << 30));
    let composite = page("checksums/parts-sha1.log", None, None).await.unwrap();
    let sizes: Vec<_> = composite.object_parts().unwrap().parts().iter().map(|part| part.size().unwrap()).collect();
    assert_eq!(sizes, [5 << 20, 5 << 20, (2 << 20) + 100]);
}

#[tokio::test(start_paused = true)]
async fn attributes_need_the_right_to_read_as_well() {
    let world = InProcess::new(Settings::default());
    for (actions, missing) in
        [(r#""s3:GetObject""#, "s3:GetObjectAttributes"), (r#""s3:GetObjectAttributes""#, "s3:GetObject ")]
    {
        let s3 = allowed(&world, actions).await;
        let ask = s3.get_object_attributes().bucket(OBJECTS).key("kinds/tide.py");
        let refused = ask.object_attributes(ObjectAttributes::Etag).send().await;
        assert_refused(&refusal(refused), 403, "AccessDenied", &format!("policy allows the {}", missing.trim()));
        assert!(refusal_text(&world).contains(missing), "{}", refusal_text(&world));
    }
}

fn refusal_text(world: &InProcess) -> String {
    world.last().text()
}

#[tokio::test(start_paused = true)]
async fn tags_and_locks_are_told_to_who_may_read_them() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let key = "details/contract.txt";
    let tags = s3.get_object_tagging().bucket(OBJECTS).key(key).send().await.unwrap();
    let tags_told: Vec<_> = tags.tag_set().iter().map(|tag| (tag.key(), tag.value())).collect();
    assert_eq!(tags_told, [("kept", "five years"), ("team", "survey")]);
    assert!(tags.version_id().is_some());
    let retention = s3.get_object_retention().bucket(OBJECTS).key(key).send().await.unwrap();
    let retention = retention.retention().unwrap();
    assert_eq!(retention.mode().unwrap().as_str(), "GOVERNANCE");
    assert_eq!(retention.retain_until_date().unwrap().to_string(), "2036-09-11T00:00:00Z");
    let hold = s3.get_object_legal_hold().bucket(OBJECTS).key(key).send().await.unwrap();
    assert_eq!(hold.legal_hold().unwrap().status().unwrap().as_str(), "ON");
    let head = s3.head_object().bucket(OBJECTS).key(key).send().await.unwrap();
    assert_eq!(head.object_lock_mode().unwrap().as_str(), "GOVERNANCE");
    assert!(head.object_lock_retain_until_date().is_some() && head.object_lock_legal_hold_status().is_some());
    let unlocked = s3.get_object_retention().bucket(OBJECTS).key("kinds/tide.py").send().await;
    assert_refused(&refusal(unlocked), 404, "NoSuchObjectLockConfiguration", "");

    let reader = allowed(&world, r#""s3:GetObject""#).await;
    let head = reader.head_object().bucket(OBJECTS).key(key).send().await.unwrap();
    assert!(head.object_lock_mode().is_none() && head.object_lock_legal_hold_status().is_none());
    assert_eq!(world.last().header("x-amz-tagging-count"), None);
    let refused = reader.get_object_tagging().bucket(OBJECTS).key(key).send().await;
    assert_refused(&refusal(refused), 403, "AccessDenied", "s3:GetObjectTagging");
}

#[tokio::test(start_paused = true)]
async fn a_condition_may_ask_for_an_objects_tags() {
    let world = InProcess::new(Settings::default());
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*",
        "Condition":{"StringEquals":{"s3:ExistingObjectTag/team":"survey"}}}}"#;
    let bo = world.sts(world.ana()).get_federation_token().name("bo").policy(policy).send().await.unwrap();
    let s3 = world.s3(minted(bo.credentials()));
    let get = |key: &str| s3.get_object().bucket(OBJECTS).key(key).send();
    get("details/contract.txt").await.expect("its team is survey");
    for other in ["details/released.txt", "kinds/tide.py"] {
        assert_refused(&refusal(get(other).await), 403, "AccessDenied", "s3:GetObject");
    }
}

#[tokio::test(start_paused = true)]
async fn annotations_are_listed_in_pages_and_read_by_name() {
    let world = InProcess::new(Settings::default());
    let s3 = world.s3(world.ana());
    let key = "annotated/survey.csv";
    let list = || s3.list_object_annotations().bucket(OBJECTS).key(key);
    let all = list().send().await.unwrap();
    let names: Vec<_> = all.annotations().iter().map(AnnotationEntry::annotation_name).collect();
    assert_eq!((names.as_slice(), all.annotation_count()), (["quality", "remarks"].as_slice(), Some(2)));
    assert!(all.object_version_id().is_some() && all.next_continuation_token().is_none());
    let first = list().max_annotation_results(1).send().await.unwrap();
    assert_eq!(first.annotations().len(), 1);
    let rest = list().continuation_token(first.next_continuation_token().unwrap()).send().await.unwrap();
    assert_eq!(rest.annotations()[0].annotation_name(), "remarks");
    assert_eq!(list().annotation_prefix("q").send().await.unwrap().annotation_count(), Some(1));
    assert_refused(&refusal(list().max_annotation_results(0).send().await), 400, "InvalidArgument", "");
    let get = |name: &str| s3.get_object_annotation().bucket(OBJECTS).key(key).annotation_name(name).send();
    let quality = get("quality").await.unwrap();
    assert_eq!(quality.e_tag(), all.annotations()[0].e_tag());
    assert_eq!(quality.content_length(), Some(all.annotations()[0].size()));
    let payload = quality.annotation_payload.collect().await.expect("its checksum holds").into_bytes();
    assert!(payload.starts_with(b"{\"surveyed_by\": \"ana\""), "{payload:?}");
    assert_refused(&refusal(get("none").await), 404, "NoSuchAnnotation", "");
    let other = allowed(&world, r#""s3:ListObjectAnnotations""#).await;
    let denied = other.get_object_annotation().bucket(OBJECTS).key(key).annotation_name("quality").send().await;
    assert_refused(&refusal(denied), 403, "AccessDenied", "s3:GetObjectAnnotation");
}
