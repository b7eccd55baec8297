//! The wire's answers as rows.
//!
//! Invariant: an answer that breaks the protocol's promises is no page.

use aws_sdk_s3::{
    operation::list_objects_v2::ListObjectsV2Output,
    types::{Bucket as SdkBucket, EncodingType, ObjectStorageClass},
};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use super::rows;
use crate::{
    aws::keys,
    domain::listing::{BlockBuilder, Bucket, ContinuationToken, Entry, Kind, ListRequest, Page, PageFault, RawRow},
};

/// A page of objects and common prefixes.
pub(super) fn page(output: ListObjectsV2Output, request: &ListRequest) -> Result<Page, PageFault> {
    let encoded = output.encoding_type == Some(EncodingType::Url);
    let objects = output.contents.unwrap_or_default();
    let prefixes = output.common_prefixes.unwrap_or_default();
    let count = objects.len() + prefixes.len();
    if output.key_count.is_some_and(|said| usize::try_from(said) != Ok(count)) {
        return Err(PageFault::KeyCount);
    }
    if i32::try_from(count).is_ok_and(|count| count > rows(request)) {
        return Err(PageFault::TooMany);
    }
    let next = match (output.is_truncated, output.next_continuation_token) {
        (Some(false), _) => None,
        (Some(true), Some(token)) if !token.is_empty() => Some(ContinuationToken(token)),
        _ => return Err(PageFault::NoEnd),
    };
    let bytes = |text: &str| if encoded { keys::bytes(text) } else { text.as_bytes().to_vec() };
    let mut rows = BlockBuilder::default();
    let prefix = request.location.prefix.as_bytes();
    for object in objects {
        let name = within(bytes(object.key().unwrap_or_default()), prefix)?;
        rows.push(RawRow {
            kind: Kind::Object,
            name: &name,
            size: object.size.and_then(|size| u64::try_from(size).ok()).ok_or(PageFault::Size)?,
            time: object.last_modified.and_then(timestamp),
            label: object.storage_class.as_ref().map(ObjectStorageClass::as_str),
            etag: object.e_tag.as_deref().map(|etag| etag.trim_matches('"')),
        })?;
    }
    for row in prefixes {
        rows.push(RawRow::prefix(&within(bytes(row.prefix().unwrap_or_default()), prefix)?))?;
    }
    Ok(Page { rows: rows.finish()?, next, elsewhere: None })
}

fn within(name: Vec<u8>, prefix: &[u8]) -> Result<Vec<u8>, PageFault> {
    if name.starts_with(prefix) { Ok(name) } else { Err(PageFault::OutsidePrefix) }
}

/// A bucket.
pub(super) fn bucket_row(bucket: SdkBucket) -> Entry {
    Entry::Bucket(Bucket {
        name: bucket.name.unwrap_or_default(),
        region: bucket.bucket_region,
        created: bucket.creation_date.and_then(timestamp),
    })
}

fn timestamp(time: DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), time.subsec_nanos().try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{CommonPrefix, Object as SdkObject};

    use super::*;
    use crate::domain::location::Location;

    fn object(key: &str) -> SdkObject {
        SdkObject::builder().key(key).size(3).e_tag("\"abc\"").build()
    }

    fn in_logs() -> ListRequest {
        ListRequest { location: Location::new("tide-logs", "logs/"), ..ListRequest::default() }
    }

    fn common(prefix: &str) -> CommonPrefix {
        CommonPrefix::builder().prefix(prefix).build()
    }

    fn two_rows() -> aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2OutputBuilder {
        ListObjectsV2Output::builder()
            .encoding_type(EncodingType::Url)
            .contents(object("logs/b+c.txt"))
            .common_prefixes(common("logs/a/"))
            .key_count(2)
            .is_truncated(false)
    }

    #[test]
    fn a_page_merges_objects_and_prefixes_in_order() {
        let page = page(two_rows().build(), &in_logs()).unwrap();
        let names: Vec<Vec<u8>> = page.rows.names().collect();
        assert_eq!(names, [&b"logs/a/"[..], b"logs/b c.txt"]);
        assert_eq!(page.next, None);
        let Some(Entry::Object(object)) = page.rows.entry(1) else { panic!("an object") };
        assert_eq!(object.etag.as_deref(), Some("abc"));
    }

    #[test]
    fn a_page_that_breaks_its_promises_is_no_page() {
        for (output, fault) in [
            (two_rows().key_count(3), PageFault::KeyCount),
            (two_rows().key_count(-1), PageFault::KeyCount),
            (two_rows().set_is_truncated(None), PageFault::NoEnd),
            (two_rows().is_truncated(true), PageFault::NoEnd),
            (two_rows().is_truncated(true).next_continuation_token(""), PageFault::NoEnd),
            (two_rows().contents(object("somewhere")).key_count(3), PageFault::OutsidePrefix),
            (two_rows().contents(object("logs/b+c.txt")).key_count(3), PageFault::Order),
            (two_rows().contents(object("logs/b")).key_count(3), PageFault::Order),
            (two_rows().common_prefixes(common("logs/A/")).key_count(3), PageFault::Order),
            (two_rows().contents(object("logs/a/")).key_count(3), PageFault::Order),
            (two_rows().contents(SdkObject::builder().key("logs/c").build()).key_count(3), PageFault::Size),
            (two_rows().contents(SdkObject::builder().key("logs/c").size(-1).build()).key_count(3), PageFault::Size),
        ] {
            assert_eq!(page(output.build(), &in_logs()), Err(fault), "{fault}");
        }
    }

    #[test]
    fn keys_that_are_not_utf_8_come_in_the_order_of_their_bytes() {
        let output = two_rows().contents(object("logs/z")).contents(object("logs/%FF")).key_count(4).build();
        assert_eq!(page(output, &in_logs()).unwrap().rows.len(), 4);
    }

    #[test]
    fn more_rows_than_were_asked_for_are_no_page() {
        for (max_keys, given, expected) in [
            (None, 1000, Ok(1000)),
            (None, 1001, Err(PageFault::TooMany)),
            (Some(2), 2, Ok(2)),
            (Some(2), 3, Err(PageFault::TooMany)),
        ] {
            let objects = (0..given).map(|n| object(&format!("logs/{n:04}"))).collect();
            let output = ListObjectsV2Output::builder().set_contents(Some(objects)).is_truncated(false).build();
            let page = page(output, &ListRequest { max_keys, ..in_logs() });
            assert_eq!(page.map(|page| page.rows.len()), expected, "{max_keys:?} {given}");
        }
    }
}
