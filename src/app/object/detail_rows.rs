//! The details of an object as rows of label and value.
//!
//! Invariant: a value is safe to print; what is copied is the value itself. Missing headers are normal and have no row,
//! unless nobody could say whether they are missing.

use jiff::{Timestamp, tz::TimeZone};

use super::{DetailsTab, ObjectSubject};
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    numbers::{format_bytes, group_digits},
    object::{
        Annotation, ChecksumScope, DetailPart, EtagMeaning, MetadataEntry, ObjectAttributes, ObjectEncryption,
        ObjectHead, RestoreStatus, StoredChecksum,
    },
    safe_text::printable,
};

/// What is known of a row's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// It is told.
    Told,
    /// The answer has not come.
    Waiting,
    /// It is not known, and why.
    Unknown(Box<Failure>),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailRow {
    /// What it tells.
    pub label: &'static str,
    /// Safe to print.
    pub value: String,
    /// Whether that is the value.
    pub state: RowState,
    /// What is put on the clipboard. Foreign text.
    pub copy: String,
    /// The annotation that it names.
    pub annotation: Option<String>,
}

impl DetailRow {
    fn of_text(label: &'static str, text: &str) -> Self {
        Self::told(label, printable(text).into_owned(), text)
    }

    fn told(label: &'static str, value: String, copy: &str) -> Self {
        Self { label, value, state: RowState::Told, copy: copy.to_owned(), annotation: None }
    }

    fn waiting(label: &'static str) -> Self {
        Self { state: RowState::Waiting, ..Self::told(label, "…".into(), "") }
    }

    fn unknown(label: &'static str, failure: &Failure) -> Self {
        let value = match (&failure.code, failure.status) {
            (Some(code), Some(status)) => format!("unknown: {} ({status}) · e explains", printable(code)),
            // What was known before any request; the status line has the whole sentence.
            _ if failure.service == Service::Local && failure.kind == FailureKind::Denied => {
                let why = printable(&failure.message).into_owned();
                let why = why.strip_prefix("this session ").unwrap_or(&why);
                why.split(" · ").next().unwrap_or(why).to_owned()
            }
            _ => format!("unknown: {}", failure.in_one_line()),
        };
        Self { state: RowState::Unknown(Box::new(failure.clone())), ..Self::told(label, value.clone(), &value) }
    }
}

/// Every row, in order.
pub(super) fn detail_rows(subject: &ObjectSubject, details: &DetailsTab, zone: &TimeZone) -> Vec<DetailRow> {
    let mut rows = vec![DetailRow::of_text("Key", &subject.address.key)];
    match &details.head {
        DetailPart::Read(head) => rows.extend(head_rows(head, subject, details, zone)),
        head => {
            rows.extend(listing_rows(subject, zone));
            rows.extend(match head {
                DetailPart::Failed(failure) => Some(DetailRow::unknown("Headers", failure)),
                DetailPart::Loading => Some(DetailRow::waiting("Headers")),
                _ => None,
            });
            rows.extend(attribute_rows(None, &details.attributes));
        }
    }
    rows.extend(details.policy.as_deref().map(|words| DetailRow::of_text("Policy", words)));
    rows.extend(lock_rows(details, zone));
    if let DetailPart::Read(head) = &details.head {
        rows.extend(head.metadata.iter().map(metadata_row));
        rows.extend(head.missing_meta.map(|count| {
            let text = format!("{count} more entries, which the service cannot send as headers");
            DetailRow::of_text("Metadata", &text)
        }));
    }
    rows.extend(list_rows("Tag", &details.tags, |tag| {
        DetailRow::of_text("Tag", &format!("{}={}", tag.key, tag.value))
    }));
    rows.extend(list_rows("Annotation", &details.annotations, annotation_row));
    if let DetailPart::Read(head) = &details.head {
        rows.extend(head.notes.iter().map(|note| DetailRow::of_text("Note", note)));
    }
    rows
}

fn size_row(size: u64) -> DetailRow {
    let exact = group_digits(size);
    let text = if size < 1024 { format!("{exact} bytes") } else { format!("{} · {exact} bytes", format_bytes(size)) };
    DetailRow::told("Size", text, &size.to_string())
}

fn time_row(label: &'static str, at: Timestamp, zone: &TimeZone) -> DetailRow {
    let text = at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    DetailRow::told(label, text, &at.to_string())
}

/// What the listing says, while `HeadObject` has not answered.
fn listing_rows(subject: &ObjectSubject, zone: &TimeZone) -> Vec<DetailRow> {
    let mut rows: Vec<DetailRow> = subject.size.map(size_row).into_iter().collect();
    rows.extend(subject.modified.map(|at| time_row("Modified", at, zone)));
    rows.extend(subject.storage_class.as_deref().map(|class| DetailRow::of_text("Class", class)));
    rows.extend(subject.etag.as_deref().map(|etag| DetailRow::of_text("ETag", etag)));
    rows
}

fn head_rows(head: &ObjectHead, subject: &ObjectSubject, details: &DetailsTab, zone: &TimeZone) -> Vec<DetailRow> {
    let mut rows: Vec<DetailRow> = head.size.map(size_row).into_iter().collect();
    rows.extend(head.last_modified.map(|at| time_row("Modified", at, zone)));
    let content = &head.content;
    let headers = [
        ("Type", &content.content_type),
        ("Encoding", &content.encoding),
        ("Language", &content.language),
        ("Disposition", &content.disposition),
        ("Caching", &content.cache_control),
        ("Expires", &content.expires),
    ];
    let told = |(label, value): (&'static str, &Option<String>)| Some(DetailRow::of_text(label, value.as_deref()?));
    rows.extend(headers.into_iter().filter_map(told));
    rows.push(class_row(head));
    rows.extend(head.restore.map(|state| restore_row(state, zone)));
    rows.extend(head.etag.as_deref().map(|etag| etag_row(etag, head.etag_meaning())));
    rows.extend(attribute_rows(Some(head), &details.attributes));
    let version = head.version_id.as_deref().or(subject.address.version_id.as_deref());
    rows.extend(version.map(|id| DetailRow::told("Version", format!("{} · V lists all", printable(id)), id)));
    rows.extend(head.encryption.as_ref().map(encryption_row));
    rows.extend(head.replication_status.as_deref().map(|status| DetailRow::of_text("Replication", status)));
    rows.extend(head.website_redirect.as_deref().map(|to| DetailRow::of_text("Redirect", to)));
    rows.extend(head.expiration.as_ref().map(|rule| {
        let at = rule.at.map(|at| time_row("Lifecycle", at, zone).value);
        let name = rule.rule.as_deref().map(|name| format!("rule {}", printable(name)));
        let text = at.into_iter().chain(name).collect::<Vec<_>>().join(" · ");
        DetailRow::told("Lifecycle", format!("removed {text}"), &text)
    }));
    rows
}

fn class_row(head: &ObjectHead) -> DetailRow {
    let archive = head.archive_status.as_deref().map(|status| format!(" · {}", printable(status))).unwrap_or_default();
    let restore = if head.needs_restore() { " · must be restored before it can be read" } else { "" };
    DetailRow::told("Class", format!("{}{archive}{restore}", printable(head.class_name())), head.class_name())
}

fn restore_row(state: RestoreStatus, zone: &TimeZone) -> DetailRow {
    match state {
        RestoreStatus::UnderWay => DetailRow::of_text("Restore", "under way"),
        RestoreStatus::Readable { until: Some(until) } => {
            let row = time_row("Restore", until, zone);
            DetailRow { value: format!("restored until {}", row.value), ..row }
        }
        RestoreStatus::Readable { until: None } => DetailRow::of_text("Restore", "restored"),
    }
}

fn etag_row(etag: &str, meaning: Option<EtagMeaning>) -> DetailRow {
    let meaning = match meaning {
        Some(EtagMeaning::Md5) => " · MD5".into(),
        Some(EtagMeaning::Multipart(parts)) => format!(" · {parts} parts, no MD5"),
        Some(EtagMeaning::Encrypted) => " · encrypted, no MD5".into(),
        Some(EtagMeaning::Opaque) | None => String::new(),
    };
    DetailRow::told("ETag", format!("{}{meaning}", printable(etag)), etag)
}

/// Checksums and parts: those of `HeadObject`; where it told none, those of `GetObjectAttributes`.
fn attribute_rows(head: Option<&ObjectHead>, part: &DetailPart<Box<ObjectAttributes>>) -> Vec<DetailRow> {
    let told = part.value();
    let from_head = head.filter(|head| !head.checksums.is_empty()).map(|head| (&head.checksums, head.checksum_scope));
    let checksums = from_head.or_else(|| told.map(|found| (&found.checksums, found.checksum_scope)));
    let mut rows: Vec<DetailRow> = checksums
        .into_iter()
        .flat_map(|(checksums, scope)| checksums.iter().map(move |checksum| checksum_row(checksum, scope)))
        .collect();
    rows.extend(
        head.and_then(|head| head.checksum_refusal.as_deref())
            .filter(|_| rows.is_empty())
            .map(|refusal| DetailRow::unknown("Checksum", refusal)),
    );
    rows.extend(match part {
        DetailPart::Read(found) => found.parts_count.map(|count| {
            let largest = found.parts.iter().filter_map(|part| part.size).max();
            let largest = largest.map(|size| format!(", the largest {}", format_bytes(size))).unwrap_or_default();
            DetailRow::told("Parts", format!("{}{largest}", group_digits(count)), &count.to_string())
        }),
        DetailPart::Failed(failure) => Some(DetailRow::unknown("Parts", failure)),
        DetailPart::Loading => Some(DetailRow::waiting("Parts")),
        DetailPart::NotRead | DetailPart::Absent => None,
    });
    rows
}

fn checksum_row(checksum: &StoredChecksum, scope: Option<ChecksumScope>) -> DetailRow {
    let of = match scope {
        Some(ChecksumScope::WholeObject) => " · of the whole object",
        Some(ChecksumScope::Composite) => " · of the parts",
        None => "",
    };
    let written = checksum.as_written();
    let name = checksum.algorithm.to_uppercase();
    DetailRow::told("Checksum", format!("{} {}{of}", printable(&name), printable(&written)), &written)
}

fn encryption_row(encryption: &ObjectEncryption) -> DetailRow {
    let ObjectEncryption { algorithm, key_id, bucket_key, customer_algorithm } = encryption;
    if let Some(customer) = customer_algorithm {
        return DetailRow::of_text("Encrypted", &format!("{customer}, with a key that the customer keeps (SSE-C)"));
    }
    let mut text = algorithm.clone().unwrap_or_default();
    text.extend(key_id.iter().map(|key| format!(" · {key}")));
    text.push_str(if *bucket_key == Some(true) { " · bucket key" } else { "" });
    DetailRow::of_text("Encrypted", &text)
}

fn lock_rows(details: &DetailsTab, zone: &TimeZone) -> Vec<DetailRow> {
    let retention = match &details.retention {
        DetailPart::Read(rule) => {
            let until = rule.until.map(|until| format!(" until {}", time_row("", until, zone).value));
            let mode = rule.mode.as_deref().unwrap_or("kept");
            Some(DetailRow::of_text("Retention", &format!("{mode}{}", until.unwrap_or_default())))
        }
        part => part_row("Retention", part),
    };
    let hold = match &details.legal_hold {
        DetailPart::Read(on) => Some(DetailRow::of_text("Legal hold", if *on { "on" } else { "off" })),
        part => part_row("Legal hold", part),
    };
    retention.into_iter().chain(hold).collect()
}

/// A part that is not told.
fn part_row<T>(label: &'static str, part: &DetailPart<T>) -> Option<DetailRow> {
    match part {
        DetailPart::Absent => Some(DetailRow::of_text(label, "none")),
        DetailPart::Loading => Some(DetailRow::waiting(label)),
        DetailPart::Failed(failure) => Some(DetailRow::unknown(label, failure)),
        DetailPart::NotRead | DetailPart::Read(_) => None,
    }
}

fn metadata_row(entry: &MetadataEntry) -> DetailRow {
    let decoded = entry.decoded();
    let value = decoded.as_deref().unwrap_or(&entry.value);
    let note = if decoded.is_some() { " · decoded" } else { "" };
    DetailRow::told("Metadata", format!("{}={}{note}", printable(&entry.name), printable(value)), value)
}

fn annotation_row(annotation: &Annotation) -> DetailRow {
    let size = annotation.size.map(|size| format!(" · {}", format_bytes(size))).unwrap_or_default();
    let text = format!("{}{size} · Enter reads it", printable(&annotation.name));
    let row = DetailRow::told("Annotation", text, &annotation.name);
    DetailRow { annotation: Some(annotation.name.clone()), ..row }
}

/// A row for each item; one that says so if there is none, or why it is not known.
fn list_rows<T>(label: &'static str, part: &DetailPart<Vec<T>>, row: impl Fn(&T) -> DetailRow) -> Vec<DetailRow> {
    match part {
        DetailPart::Read(items) if items.is_empty() => vec![DetailRow::of_text(label, "none")],
        DetailPart::Read(items) => items.iter().map(row).collect(),
        part => part_row(label, part).into_iter().collect(),
    }
}
