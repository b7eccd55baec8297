//! The details of an object as JSON: a contract with scripts.
//!
//! Invariant: the fields are always there. A part that is refused is null, and `unavailable` has the reason under its
//! name.

use serde_json::{Map, Value, json};

use crate::{
    cli::ls::JsonName,
    domain::{
        failure::Failure,
        name_text::bytes_of,
        object::{
            Annotation, ChecksumScope, DetailPart, EtagMeaning, MetadataEntry, ObjectDetails, ObjectEncryption,
            ObjectHead, ObjectTag, RestoreStatus, StoredChecksum,
        },
    },
};

/// The document.
pub(super) fn details_json(details: &ObjectDetails) -> Value {
    let ObjectDetails { address, head, .. } = details;
    let key = bytes_of(&address.key);
    let JsonName { text, encoded } = JsonName::from_bytes(&key);
    let mut unavailable = Map::new();
    let mut document = json!({
        "bucket": address.bucket,
        "key": text,
        "size": head.size,
        "etag": head.etag,
        "etag_is": head.etag_meaning().map(etag_word),
        "last_modified": head.last_modified,
        "storage_class": head.class_name(),
        "archive_status": head.archive_status,
        "content_type": head.content.content_type,
        "content_encoding": head.content.encoding,
        "content_language": head.content.language,
        "content_disposition": head.content.disposition,
        "cache_control": head.content.cache_control,
        "expires": head.content.expires,
        "metadata": metadata_json(&head.metadata, |entry| Some(entry.value.clone())),
        "missing_meta": head.missing_meta,
        "tags": known(&details.tags, "tags", &mut unavailable).map(|tags| tags_json(tags)),
        "checksums": checksums_json(details, &mut unavailable),
        "parts": parts_json(details, &mut unavailable),
        "version_id": head.version_id,
        "encryption": head.encryption.as_ref().map(encryption_json),
        "restore": head.restore.map(restore_json),
        "expiration": head.expiration.as_ref().map(|rule| json!({ "at": rule.at, "rule": rule.rule })),
        "replication_status": head.replication_status,
        "website_redirect": head.website_redirect,
        "lock": lock_json(details, &mut unavailable),
        "annotations": known(&details.annotations, "annotations", &mut unavailable)
            .map(|found| found.iter().map(annotation_json).collect::<Vec<_>>()),
    });
    if let Some(encoded) = encoded {
        document["key_encoded"] = encoded.into();
    }
    let decoded = metadata_json(&head.metadata, MetadataEntry::decoded);
    if decoded.as_object().is_some_and(|entries| !entries.is_empty()) {
        document["metadata_decoded"] = decoded;
    }
    if !head.notes.is_empty() {
        document["notes"] = head.notes.clone().into();
    }
    document["unavailable"] = unavailable.into();
    document
}

/// The value of a part; the reason why there is none goes to `unavailable`.
fn known<'a, T>(part: &'a DetailPart<T>, name: &str, unavailable: &mut Map<String, Value>) -> Option<&'a T> {
    if let Some(failure) = part.failure() {
        unavailable.insert(name.to_owned(), reason(failure).into());
    }
    part.value()
}

/// `AccessDenied: this session may not read tags: …`.
fn reason(failure: &Failure) -> String {
    let status = failure.status.map(|status| status.to_string());
    match failure.code.clone().or(status) {
        Some(code) => format!("{code}: {}", failure.message),
        None => failure.message.clone(),
    }
}

const fn etag_word(meaning: EtagMeaning) -> &'static str {
    match meaning {
        EtagMeaning::Md5 => "md5",
        EtagMeaning::Multipart(_) => "multipart",
        EtagMeaning::Encrypted => "encrypted",
        EtagMeaning::Opaque => "opaque",
    }
}

fn metadata_json(entries: &[MetadataEntry], value: impl Fn(&MetadataEntry) -> Option<String>) -> Value {
    entries.iter().filter_map(|entry| Some((entry.name.clone(), Value::from(value(entry)?)))).collect()
}

fn tags_json(tags: &[ObjectTag]) -> Value {
    tags.iter().map(|tag| (tag.key.clone(), Value::from(tag.value.as_str()))).collect()
}

/// Those of `HeadObject`; where it told none, those of `GetObjectAttributes`.
fn checksums_json(details: &ObjectDetails, unavailable: &mut Map<String, Value>) -> Value {
    let ObjectHead { checksums, checksum_scope, checksum_refusal, .. } = &details.head;
    let attributes = details.attributes.value().filter(|found| checksums.is_empty() && !found.checksums.is_empty());
    if let (Some(refusal), None) = (checksum_refusal.as_deref().filter(|_| checksums.is_empty()), attributes) {
        unavailable.insert("checksums".into(), reason(refusal).into());
        return Value::Null;
    }
    let (checksums, scope) =
        attributes.map_or((checksums, *checksum_scope), |found| (&found.checksums, found.checksum_scope));
    let mut found = Map::new();
    found.insert("type".into(), scope.map(ChecksumScope::name).into());
    let value = |checksum: &StoredChecksum| (checksum.algorithm.clone(), Value::from(checksum.as_written()));
    found.extend(checksums.iter().map(value));
    found.into()
}

/// How many parts: as the service says, or as an `ETag` of parts says.
fn parts_json(details: &ObjectDetails, unavailable: &mut Map<String, Value>) -> Option<u32> {
    let told = known(&details.attributes, "attributes", unavailable).and_then(|found| found.parts_count);
    let by_etag = match details.head.etag_meaning() {
        Some(EtagMeaning::Multipart(parts)) => Some(parts),
        _ => None,
    };
    told.or(details.head.parts_count).or(by_etag)
}

fn encryption_json(encryption: &ObjectEncryption) -> Value {
    let ObjectEncryption { algorithm, key_id, bucket_key, customer_algorithm } = encryption;
    json!({
        "algorithm": algorithm,
        "key_id": key_id,
        "bucket_key": bucket_key,
        "customer_algorithm": customer_algorithm,
    })
}

fn restore_json(state: RestoreStatus) -> Value {
    match state {
        RestoreStatus::UnderWay => json!({ "ongoing": true, "until": null }),
        RestoreStatus::Readable { until } => json!({ "ongoing": false, "until": until }),
    }
}

/// Retention and legal hold together: by their own calls, or as far as `HeadObject` told them.
fn lock_json(details: &ObjectDetails, unavailable: &mut Map<String, Value>) -> Value {
    let head = details.head.lock.clone().unwrap_or_default();
    let retention = known(&details.retention, "retention", unavailable);
    let hold = known(&details.legal_hold, "legal_hold", unavailable);
    let mode = retention.and_then(|rule| rule.mode.clone()).or(head.mode);
    let until = retention.and_then(|rule| rule.until).or(head.retain_until);
    let hold = hold.copied().or(head.legal_hold);
    if mode.is_none() && until.is_none() && hold.is_none() {
        return Value::Null;
    }
    json!({ "mode": mode, "retain_until": until, "legal_hold": hold })
}

fn annotation_json(annotation: &Annotation) -> Value {
    let Annotation { name, size, last_modified, etag } = annotation;
    json!({ "name": name, "size": size, "last_modified": last_modified, "etag": etag })
}
