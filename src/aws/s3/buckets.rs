//! Buckets as rows.
//!
//! Invariant: a row has exactly what S3 returned.

use aws_sdk_s3::types::Bucket as SdkBucket;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::domain::listing::{Bucket, Entry};

/// A bucket.
pub(super) fn bucket_row(bucket: SdkBucket) -> Entry {
    Entry::Bucket(Bucket {
        name: bucket.name.unwrap_or_default(),
        region: bucket.bucket_region,
        created: bucket.creation_date.and_then(convert_time),
    })
}

fn convert_time(time: DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), time.subsec_nanos().try_into().ok()?).ok()
}
