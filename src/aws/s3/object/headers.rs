//! The headers of a response as what they say of an object.
//!
//! Invariant: each header is read by itself. One that has not its form becomes a note and takes no other with it.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>

use jiff::Timestamp;

use crate::domain::{
    name_text::text_of,
    object::{
        ChecksumScope, ContentHeaders, ExpirationRule, MetadataEntry, ObjectEncryption, ObjectHead, ObjectLock,
        RestoreStatus, ServedRange, StoredChecksum, parse_header_date,
    },
};

/// What the names of user metadata begin with.
const METADATA: &str = "x-amz-meta-";

/// What the names of checksums begin with.
const CHECKSUM: &str = "x-amz-checksum-";

/// Names of headers in lower case, with their values.
#[derive(Debug, Clone, Default)]
pub(super) struct ObjectHeaders {
    status: u16,
    pairs: Vec<(String, String)>,
}

impl ObjectHeaders {
    /// A value that is not UTF-8 keeps its bytes as [`text_of`] writes them.
    pub(super) fn from_pairs<'a>(status: u16, pairs: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let pair = |(name, value): (&str, &[u8])| (name.to_ascii_lowercase(), text_of(value).into_owned());
        Self { status, pairs: pairs.map(pair).collect() }
    }

    /// Whether the service sends a part of the object only.
    pub(super) fn is_partial(&self) -> bool {
        self.status == 206
    }

    /// A value; empty is as good as missing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// Without its quotes; a weak one as it is.
    pub(super) fn etag(&self) -> Option<String> {
        self.get("etag").map(strip_quotes)
    }

    /// Which bytes the body has, as the response says.
    pub(super) fn served_range(&self) -> Option<ServedRange> {
        let length = self.get("content-length").and_then(|text| text.parse().ok());
        if self.is_partial() {
            return self.get("content-range").and_then(ServedRange::parse_header);
        }
        Some(ServedRange { first: 0, length, total: length })
    }

    /// What they say of an object.
    pub(super) fn read_head(&self) -> ObjectHead {
        let mut odd = OddHeaders::default();
        let size = if self.is_partial() {
            self.get("content-range").and_then(ServedRange::parse_header).and_then(|range| range.total)
        } else {
            self.number("content-length", &mut odd)
        };
        ObjectHead {
            size,
            etag: self.etag(),
            last_modified: self.date("last-modified", &mut odd),
            content: self.content_headers(),
            storage_class: self.text("x-amz-storage-class"),
            archive_status: self.text("x-amz-archive-status"),
            version_id: self.text("x-amz-version-id"),
            encryption: self.encryption(),
            restore: self.with_form("x-amz-restore", RestoreStatus::parse_header, &mut odd),
            expiration: self.with_form("x-amz-expiration", ExpirationRule::parse_header, &mut odd),
            replication_status: self.text("x-amz-replication-status"),
            website_redirect: self.text("x-amz-website-redirect-location"),
            lock: self.lock(&mut odd),
            missing_meta: self.number("x-amz-missing-meta", &mut odd),
            metadata: self.metadata(),
            checksums: self.checksums(),
            checksum_scope: self.with_form("x-amz-checksum-type", ChecksumScope::parse_type, &mut odd),
            checksum_refusal: None,
            parts_count: self.number("x-amz-mp-parts-count", &mut odd),
            tag_count: self.number("x-amz-tagging-count", &mut odd),
            notes: odd.0,
        }
    }

    fn content_headers(&self) -> ContentHeaders {
        ContentHeaders {
            content_type: self.text("content-type"),
            encoding: self.text("content-encoding"),
            language: self.text("content-language"),
            disposition: self.text("content-disposition"),
            cache_control: self.text("cache-control"),
            expires: self.text("expires"),
        }
    }

    fn encryption(&self) -> Option<ObjectEncryption> {
        let found = ObjectEncryption {
            algorithm: self.text("x-amz-server-side-encryption"),
            key_id: self.text("x-amz-server-side-encryption-aws-kms-key-id"),
            bucket_key: self.get("x-amz-server-side-encryption-bucket-key-enabled").map(|text| text == "true"),
            customer_algorithm: self.text("x-amz-server-side-encryption-customer-algorithm"),
        };
        (found.algorithm.is_some() || found.customer_algorithm.is_some()).then_some(found)
    }

    fn lock(&self, odd: &mut OddHeaders) -> Option<ObjectLock> {
        let found = ObjectLock {
            mode: self.text("x-amz-object-lock-mode"),
            retain_until: self.date("x-amz-object-lock-retain-until-date", odd),
            legal_hold: self.get("x-amz-object-lock-legal-hold").map(|text| text.eq_ignore_ascii_case("on")),
        };
        (found != ObjectLock::default()).then_some(found)
    }

    fn metadata(&self) -> Vec<MetadataEntry> {
        let entry = |(name, value): &(String, String)| {
            Some(MetadataEntry { name: name.strip_prefix(METADATA)?.to_owned(), value: value.clone() })
        };
        let mut entries: Vec<_> = self.pairs.iter().filter_map(entry).collect();
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        entries
    }

    fn checksums(&self) -> Vec<StoredChecksum> {
        let checksum = |(name, value): &(String, String)| {
            let algorithm =
                name.strip_prefix(CHECKSUM).filter(|name| !matches!(*name, "type" | "algorithm" | "mode"))?;
            (!value.trim().is_empty()).then(|| StoredChecksum::from_header(algorithm, value.trim()))
        };
        let mut found: Vec<_> = self.pairs.iter().filter_map(checksum).collect();
        found.sort_by(|one, other| one.algorithm.cmp(&other.algorithm));
        found
    }

    fn number<N: TryFrom<u64>>(&self, name: &str, odd: &mut OddHeaders) -> Option<N> {
        self.with_form(name, |text| text.parse::<u64>().ok()?.try_into().ok(), odd)
    }

    fn date(&self, name: &str, odd: &mut OddHeaders) -> Option<Timestamp> {
        self.with_form(name, parse_header_date, odd)
    }

    /// A value that has a form of its own.
    fn with_form<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>, odd: &mut OddHeaders) -> Option<T> {
        let text = self.get(name)?;
        let value = read(text);
        if value.is_none() {
            odd.add_note(name, text);
        }
        value
    }
}

/// Characters of a value that has not its form, in a note.
const SHOWN: usize = 80;

/// Headers that have not their form, in sentences.
#[derive(Debug, Default)]
struct OddHeaders(Vec<String>);

impl OddHeaders {
    fn add_note(&mut self, name: &str, text: &str) {
        let shown: String = text.chars().take(SHOWN).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        self.0.push(format!("the header {name} has an unknown form: {shown}{more}"));
    }
}

/// An `ETag` without its quotes.
pub(super) fn strip_quotes(text: &str) -> String {
    let text = text.trim();
    if text.starts_with("W/") { text.to_owned() } else { text.trim_matches('"').to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::object::EtagMeaning;

    fn headers(status: u16, lines: &[(&str, &str)]) -> ObjectHeaders {
        ObjectHeaders::from_pairs(status, lines.iter().map(|(name, value)| (*name, value.as_bytes())))
    }

    #[test]
    fn every_header_is_read() {
        let head = headers(
            200,
            &[
                ("Content-Length", "17196646"),
                ("ETag", "\"04de7ab2530a571e501cd5fa7eed725d-2\""),
                ("Last-Modified", "Thu, 01 Oct 2026 08:00:00 GMT"),
                ("content-type", "application/json"),
                ("content-encoding", "gzip"),
                ("expires", "whenever"),
                ("x-amz-storage-class", "GLACIER"),
                ("x-amz-version-id", "v1"),
                ("x-amz-server-side-encryption", "aws:kms"),
                ("x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:eu-west-1:1:key/a"),
                ("x-amz-server-side-encryption-bucket-key-enabled", "true"),
                ("x-amz-restore", "ongoing-request=\"true\""),
                ("x-amz-expiration", "expiry-date=\"Fri, 21 Dec 2029 00:00:00 GMT\", rule-id=\"logs\""),
                ("x-amz-replication-status", "COMPLETED"),
                ("x-amz-website-redirect-location", "/elsewhere"),
                ("x-amz-object-lock-mode", "GOVERNANCE"),
                ("x-amz-object-lock-retain-until-date", "2027-01-01T00:00:00.000Z"),
                ("x-amz-object-lock-legal-hold", "OFF"),
                ("x-amz-missing-meta", "2"),
                ("x-amz-meta-team", "tides"),
                ("x-amz-meta-gauge", "=?UTF-8?Q?SEE=C3=9C?="),
                ("x-amz-checksum-crc64nvme", "8lq3Z0m1c2A="),
                ("x-amz-checksum-type", "FULL_OBJECT"),
                ("x-amz-mp-parts-count", "2"),
                ("x-amz-tagging-count", "3"),
            ],
        )
        .read_head();
        assert_eq!((head.size, head.etag_meaning()), (Some(17_196_646), Some(EtagMeaning::Multipart(2))));
        assert_eq!(head.last_modified, "2026-10-01T08:00:00Z".parse().ok());
        assert_eq!(head.content.expires.as_deref(), Some("whenever"));
        assert_eq!((head.class_name(), head.needs_restore()), ("GLACIER", true));
        assert_eq!(head.encryption.as_ref().unwrap().bucket_key, Some(true));
        assert_eq!(head.expiration.as_ref().unwrap().rule.as_deref(), Some("logs"));
        let lock = head.lock.as_ref().unwrap();
        assert_eq!((lock.legal_hold, lock.retain_until), (Some(false), "2027-01-01T00:00:00Z".parse().ok()));
        let metadata: Vec<_> = head.metadata.iter().map(|entry| (entry.name.as_str(), entry.decoded())).collect();
        assert_eq!(metadata, [("gauge", Some("SEEÜ".to_owned())), ("team", None)]);
        assert_eq!((head.checksums.len(), head.checksum_scope), (1, Some(ChecksumScope::WholeObject)));
        assert_eq!((head.missing_meta, head.parts_count, head.tag_count), (Some(2), Some(2), Some(3)));
        assert_eq!(head.notes, Vec::<String>::new());
    }

    #[test]
    fn missing_headers_are_normal_and_odd_ones_are_noted() {
        assert_eq!(headers(200, &[]).read_head(), ObjectHead::default());
        let head = headers(
            200,
            &[
                ("content-length", "-1"),
                ("last-modified", "yesterday"),
                ("x-amz-restore", "perhaps"),
                ("x-amz-mp-parts-count", "99999999999"),
                ("etag", "\"\""),
                ("x-amz-storage-class", " "),
                ("x-amz-meta-a", "1"),
            ],
        )
        .read_head();
        assert_eq!((head.size, head.last_modified, head.restore, head.parts_count), (None, None, None, None));
        assert_eq!((head.storage_class, head.metadata.len()), (None, 1));
        assert_eq!(head.notes.len(), 4, "{:?}", head.notes);
        assert!(head.notes[1].contains("last-modified") && head.notes[1].contains("yesterday"));
    }

    #[test]
    fn the_size_of_a_part_is_not_the_size_of_the_object() {
        let part = headers(206, &[("content-length", "10"), ("content-range", "bytes 0-9/100")]);
        assert_eq!(part.read_head().size, Some(100));
        assert_eq!(part.served_range(), ServedRange::parse_header("bytes 0-9/100"));
        assert_eq!(headers(206, &[("content-length", "10")]).served_range(), None);
        let whole = headers(200, &[("content-length", "10")]).served_range().unwrap();
        assert_eq!((whole.first, whole.length, whole.total), (0, Some(10), Some(10)));
    }

    proptest! {
        #[test]
        fn no_header_takes_others_with_it(name in "[a-z-]{0,20}", value in any::<Vec<u8>>()) {
            let pairs = [("x-amz-restore", &value[..]), ("last-modified", &value[..]), (name.as_str(), &value[..]), ("etag", b"\"e\"")];
            let head = ObjectHeaders::from_pairs(200, pairs.into_iter()).read_head();
            prop_assert!(head.etag.is_some());
        }
    }
}
