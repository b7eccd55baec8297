//! The details of an object as rows for people.
//!
//! Invariant: every value is safe to print. A part that is not known says why.

use jiff::Timestamp;

use crate::{
    cli::output::format_time,
    domain::{
        failure::Failure,
        numbers::{format_bytes, group_digits},
        object::{
            Annotation, ChecksumScope, DetailPart, EtagMeaning, MetadataEntry, ObjectAttributes, ObjectDetails,
            ObjectEncryption, ObjectHead, ObjectTag, RestoreStatus, RetentionRule, StoredChecksum,
        },
        safe_text::printable,
    },
};

type Row = (&'static str, String);

/// Everything that is known, row by row.
pub(super) fn details_rows(details: &ObjectDetails) -> Vec<Row> {
    let ObjectDetails { address, head, .. } = details;
    let mut rows = vec![("key", safe(&address.key))];
    rows.push(("size", size_text(head.size)));
    rows.push(("modified", format_time(head.last_modified)));
    rows.extend(content_rows(head));
    rows.push(("class", class_text(head)));
    rows.extend(head.restore.map(|state| ("restore", restore_text(state))));
    rows.push(("etag", etag_text(head)));
    rows.extend(checksum_rows(details));
    rows.extend(parts_row(&details.attributes));
    rows.extend(head.version_id.as_deref().map(|id| ("version", safe(id))));
    rows.push(("encryption", head.encryption.as_ref().map_or_else(|| "not told".into(), encryption_text)));
    rows.extend(head.replication_status.as_deref().map(|status| ("replication", safe(status))));
    rows.extend(head.website_redirect.as_deref().map(|to| ("redirect", safe(to))));
    rows.extend(head.expiration.as_ref().map(|rule| {
        let by = rule.rule.as_deref().map(|name| format!(", rule {}", safe(name))).unwrap_or_default();
        ("expires", format!("{}{by}", format_time(rule.at)))
    }));
    rows.push(("retention", part_text(&details.retention, retention_text)));
    rows.push(("legal hold", part_text(&details.legal_hold, |on| if *on { "on" } else { "off" }.into())));
    rows.extend(metadata_rows(&head.metadata));
    rows.extend(
        head.missing_meta.map(|count| ("metadata", format!("{count} more that the service cannot send as headers"))),
    );
    rows.extend(list_rows("tag", &details.tags, |tag: &ObjectTag| format!("{}={}", safe(&tag.key), safe(&tag.value))));
    rows.extend(list_rows("annotation", &details.annotations, annotation_text));
    rows.extend(head.notes.iter().map(|note| ("note", safe(note))));
    rows
}

fn safe(text: &str) -> String {
    printable(text).into_owned()
}

fn size_text(size: Option<u64>) -> String {
    match size {
        None => "not told".into(),
        // Below a KiB the short form says the same again.
        Some(size @ ..1024) => format!("{} bytes", group_digits(size)),
        Some(size) => format!("{} bytes ({})", group_digits(size), format_bytes(size)),
    }
}

fn content_rows(head: &ObjectHead) -> Vec<Row> {
    let content = &head.content;
    let rows = [
        ("type", &content.content_type),
        ("coding", &content.encoding),
        ("language", &content.language),
        ("disposition", &content.disposition),
        ("caching", &content.cache_control),
        ("expires at", &content.expires),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, safe(value.as_deref()?)))).collect()
}

fn class_text(head: &ObjectHead) -> String {
    let archive = head.archive_status.as_deref().map(|status| format!(", {}", safe(status))).unwrap_or_default();
    let restore = if head.needs_restore() { " · must be restored before it can be read" } else { "" };
    format!("{}{archive}{restore}", safe(head.class_name()))
}

fn restore_text(state: RestoreStatus) -> String {
    match state {
        RestoreStatus::UnderWay => "under way".into(),
        RestoreStatus::Readable { until: Some(until) } => format!("restored until {}", format_time(Some(until))),
        RestoreStatus::Readable { until: None } => "restored".into(),
    }
}

fn etag_text(head: &ObjectHead) -> String {
    let Some(etag) = &head.etag else { return "not told".into() };
    let meaning = match head.etag_meaning() {
        Some(EtagMeaning::Md5) => " · MD5".into(),
        Some(EtagMeaning::Multipart(parts)) => format!(" · {parts} parts, no MD5 of the content"),
        Some(EtagMeaning::Encrypted) => " · no MD5: the object is encrypted".into(),
        Some(EtagMeaning::Opaque) | None => String::new(),
    };
    format!("{}{meaning}", safe(etag))
}

/// Those of `HeadObject`; where it told none, those of `GetObjectAttributes`.
fn checksum_rows(details: &ObjectDetails) -> Vec<Row> {
    let head = &details.head;
    if let Some(refusal) = head.checksum_refusal.as_deref().filter(|_| head.checksums.is_empty()) {
        return vec![("checksum", unknown(refusal))];
    }
    let attributes = details.attributes.value();
    let (checksums, scope) = match attributes {
        Some(attributes) if head.checksums.is_empty() => (&attributes.checksums, attributes.checksum_scope),
        _ => (&head.checksums, head.checksum_scope),
    };
    let of = match scope {
        Some(ChecksumScope::WholeObject) => " · of the whole object",
        Some(ChecksumScope::Composite) => " · of the parts' checksums",
        None => "",
    };
    checksums.iter().map(|checksum| ("checksum", format!("{}{of}", checksum_text(checksum)))).collect()
}

fn checksum_text(checksum: &StoredChecksum) -> String {
    format!("{} {}", safe(&checksum.algorithm.to_uppercase()), safe(&checksum.as_written()))
}

fn parts_row(attributes: &DetailPart<ObjectAttributes>) -> Option<Row> {
    match attributes {
        DetailPart::Read(found) => found.parts_count.map(|count| {
            let sizes = found.parts.iter().filter_map(|part| part.size).max();
            let largest = sizes.map(|size| format!(", the largest {}", format_bytes(size))).unwrap_or_default();
            ("parts", format!("{count}{largest}"))
        }),
        DetailPart::Failed(failure) => Some(("parts", unknown(failure))),
        DetailPart::NotRead | DetailPart::Loading | DetailPart::Absent => None,
    }
}

fn encryption_text(encryption: &ObjectEncryption) -> String {
    let ObjectEncryption { algorithm, key_id, bucket_key, customer_algorithm } = encryption;
    if let Some(customer) = customer_algorithm {
        return format!("{}, with a key that the customer keeps (SSE-C)", safe(customer));
    }
    let mut text = algorithm.as_deref().map(safe).unwrap_or_default();
    text.extend(key_id.iter().map(|key| format!(" · {}", safe(key))));
    text.push_str(if *bucket_key == Some(true) { " · bucket key" } else { "" });
    text
}

fn retention_text(rule: &RetentionRule) -> String {
    let until = rule.until.map(|until: Timestamp| format!(" until {}", format_time(Some(until)))).unwrap_or_default();
    format!("{}{until}", safe(rule.mode.as_deref().unwrap_or("kept")))
}

fn metadata_rows(metadata: &[MetadataEntry]) -> Vec<Row> {
    let text = |entry: &MetadataEntry| {
        let value =
            entry.decoded().map_or_else(|| safe(&entry.value), |decoded| format!("{} (decoded)", safe(&decoded)));
        ("metadata", format!("{}={value}", safe(&entry.name)))
    };
    metadata.iter().map(text).collect()
}

fn annotation_text(annotation: &Annotation) -> String {
    let size = annotation.size.map(|size| format!(" · {}", format_bytes(size))).unwrap_or_default();
    format!("{}{size}", safe(&annotation.name))
}

/// A row for each item; one that says so if there is none, or why it is not known.
fn list_rows<T>(name: &'static str, part: &DetailPart<Vec<T>>, text: impl Fn(&T) -> String) -> Vec<Row> {
    match part {
        DetailPart::Read(items) if !items.is_empty() => items.iter().map(|item| (name, text(item))).collect(),
        part => vec![(name, part_text(part, |_| "none".into()))],
    }
}

fn part_text<T>(part: &DetailPart<T>, text: impl Fn(&T) -> String) -> String {
    match part {
        DetailPart::Read(value) => text(value),
        DetailPart::Absent => "none".into(),
        DetailPart::Failed(failure) => unknown(failure),
        DetailPart::NotRead | DetailPart::Loading => "not asked for".into(),
    }
}

fn unknown(failure: &Failure) -> String {
    format!("unknown: {}", failure.in_one_line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_twice_only_where_the_short_form_is_shorter() {
        for (size, text) in [
            (None, "not told"),
            (Some(0), "0 bytes"),
            (Some(97), "97 bytes"),
            (Some(1023), "1,023 bytes"),
            (Some(1024), "1,024 bytes (1.0 KiB)"),
        ] {
            assert_eq!(size_text(size), text);
        }
    }
}
