//! The wire's answers as rows.
//!
//! Invariant: an answer that breaks the protocol's promises is no page.

use aws_sdk_s3::{
    operation::list_objects_v2::ListObjectsV2Output,
    types::{Bucket as SdkBucket, CommonPrefix, EncodingType, Object as SdkObject},
};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use super::{ListRequest, rows};
use crate::{
    aws::keys,
    domain::listing::{Bucket, ContinuationToken, Entry, Object, Page, PageFault},
};

/// A page of objects and common prefixes.
pub(super) fn page(output: ListObjectsV2Output, request: &ListRequest) -> Result<Page, PageFault> {
    let encoded = output.encoding_type == Some(EncodingType::Url);
    let read = |text: &str| if encoded { keys::decode(text) } else { text.to_owned() };
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
    let ascend = ascends(objects.iter().map(SdkObject::key), encoded)
        && ascends(prefixes.iter().map(CommonPrefix::prefix), encoded);
    if !ascend {
        return Err(PageFault::Order);
    }
    let prefixes = prefixes.into_iter().map(|row| Ok(Entry::Prefix(read(row.prefix().unwrap_or_default()))));
    let rows: Result<_, _> = objects.into_iter().map(|row| object_row(row, read)).chain(prefixes).collect();
    Page::checked(rows?, next, &request.location.prefix)
}

/// Whether one list of the wire ascends, by the bytes of its keys: those that are not UTF-8 sort otherwise as shown.
fn ascends<'a>(keys: impl Iterator<Item = Option<&'a str>>, encoded: bool) -> bool {
    let bytes = |key: &str| if encoded { keys::bytes(key) } else { key.into() };
    let keys: Vec<Vec<u8>> = keys.map(|key| bytes(key.unwrap_or_default())).collect();
    keys.is_sorted_by(|a, b| a < b)
}

fn object_row(object: SdkObject, read: impl Fn(&str) -> String) -> Result<Entry, PageFault> {
    let size = object.size.and_then(|size| u64::try_from(size).ok()).ok_or(PageFault::Size)?;
    Ok(Entry::Object(Object {
        key: read(object.key().unwrap_or_default()),
        size,
        modified: object.last_modified.and_then(timestamp),
        storage_class: object.storage_class.map(|class| class.as_str().to_owned()),
        etag: object.e_tag.map(|etag| etag.trim_matches('"').to_owned()),
    }))
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
        let names: Vec<&str> = page.entries.iter().map(Entry::name).collect();
        assert_eq!(names, ["logs/a/", "logs/b c.txt"]);
        assert_eq!(page.next, None);
        let Entry::Object(object) = &page.entries[1] else { panic!("an object") };
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
        assert_eq!(page(output, &in_logs()).unwrap().entries.len(), 4);
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
            assert_eq!(page.map(|page| page.entries.len()), expected, "{max_keys:?} {given}");
        }
    }
}
