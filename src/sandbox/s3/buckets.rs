//! Operations on buckets themselves: which there are, whether one is there, where it lives.
//!
//! Invariant: a bucket's region is returned even to a caller that may not list it.

use http::StatusCode;

use super::call::{NAMESPACE, REGION_HEADER, S3Call};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, s3_date},
    s3::page::{position_of, token_of},
    xml::Xml,
};

/// The most buckets on a page.
const MOST_BUCKETS: usize = 10_000;

impl S3Call<'_> {
    /// `ListBuckets`. A bucket's region is returned whenever some parameter was sent, as AWS does.
    pub(super) fn list_buckets(&self) -> Result<ServiceReply, ErrorResponse> {
        const KNOWN: [&str; 4] = ["max-buckets", "continuation-token", "prefix", "bucket-region"];
        let most = self.whole_number("max-buckets", 1, MOST_BUCKETS)?;
        let after = self.request.parameter("continuation-token").map(position_of).transpose()?;
        // The call concerns every bucket, so only a policy about every bucket allows it.
        self.check_permission("s3:ListAllMyBuckets", "arn:aws:s3:::*", None)?;

        let with_region = KNOWN.iter().any(|name| self.request.parameter(name).is_some());
        let prefix = self.request.parameter("prefix");
        let region = self.request.parameter("bucket-region");
        let mut buckets = self.inner.world.buckets.iter().filter(|(name, bucket)| {
            after.as_ref().is_none_or(|after| *name > after)
                && prefix.is_none_or(|prefix| name.starts_with(prefix))
                && region.is_none_or(|region| bucket.region == region)
        });
        let page: Vec<_> = buckets.by_ref().take(most.unwrap_or(MOST_BUCKETS)).collect();
        let token = buckets.next().and(page.last()).map(|(name, _)| token_of(name));
        Ok(ServiceReply::from_xml(Xml::document("ListAllMyBucketsResult", NAMESPACE, |xml| {
            self.write_owner(xml);
            xml.parent_element("Buckets", |xml| {
                for (name, bucket) in page {
                    xml.parent_element("Bucket", |xml| {
                        xml.text_element("Name", name);
                        xml.text_element("CreationDate", &s3_date(bucket.created));
                        xml.optional_element("BucketRegion", with_region.then_some(&bucket.region));
                    });
                }
            });
            xml.optional_element("ContinuationToken", token.as_deref());
            xml.optional_element("Prefix", prefix);
        })))
    }

    /// `HeadBucket`. Its refusals have no body, but the region in a header.
    pub(super) fn head_bucket(&self, name: &str, arn: &str) -> Result<ServiceReply, ErrorResponse> {
        let bucket = self.find_bucket(name)?;
        self.check_permission("s3:ListBucket", arn, Some(bucket))
            .map_err(|refusal| refusal.with_header(REGION_HEADER, bucket.region.as_str()))?;
        Ok(ServiceReply::without_body(StatusCode::OK).with_header(REGION_HEADER, bucket.region.as_str()))
    }

    /// `GetBucketLocation`, which may be called in any region; `us-east-1` is written as nothing.
    pub(super) fn get_bucket_location(&self, name: &str, arn: &str) -> Result<ServiceReply, ErrorResponse> {
        let bucket = match self.find_bucket(name) {
            Err(refusal) if refusal.status == StatusCode::MOVED_PERMANENTLY => &self.inner.world.buckets[name],
            found => found?,
        };
        self.check_permission("s3:GetBucketLocation", arn, Some(bucket))?;
        let region = if bucket.region == "us-east-1" { "" } else { &bucket.region };
        Ok(ServiceReply::from_xml(location_document(region)))
    }
}

/// The root element itself holds the region's name.
fn location_document(region: &str) -> String {
    Xml::document("LocationConstraint", NAMESPACE, |xml| xml.push_text(region))
}
