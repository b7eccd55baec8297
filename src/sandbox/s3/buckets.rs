//! Operations on buckets themselves: which there are, whether one is there, where it lives.
//!
//! Invariant: a bucket's region is told even to somebody who may not look inside it.

use http::StatusCode;

use super::call::{Call, NAMESPACE, REGION_HEADER};
use crate::sandbox::{
    refusal::Refusal,
    reply::{Reply, s3_date},
    s3::page::{position_of, token_of},
    xml::Xml,
};

/// The most buckets on a page.
const MOST_BUCKETS: usize = 10_000;

impl Call<'_> {
    /// `ListBuckets`. A bucket's region is told whenever some parameter was sent, as AWS does.
    pub(super) fn list_buckets(&self) -> Result<Reply, Refusal> {
        const KNOWN: [&str; 4] = ["max-buckets", "continuation-token", "prefix", "bucket-region"];
        let most = self.number("max-buckets", 1, MOST_BUCKETS)?;
        let after = self.request.parameter("continuation-token").map(position_of).transpose()?;
        // Every bucket is asked for, so only a policy about every bucket allows it.
        self.permit("s3:ListAllMyBuckets", "arn:aws:s3:::*", None)?;

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
        Ok(Reply::xml(Xml::document("ListAllMyBucketsResult", NAMESPACE, |xml| {
            self.tell_owner(xml);
            xml.group("Buckets", |xml| {
                for (name, bucket) in page {
                    xml.group("Bucket", |xml| {
                        xml.text("Name", name);
                        xml.text("CreationDate", &s3_date(bucket.created));
                        xml.optional("BucketRegion", with_region.then_some(&bucket.region));
                    });
                }
            });
            xml.optional("ContinuationToken", token.as_deref());
            xml.optional("Prefix", prefix);
        })))
    }

    /// `HeadBucket`. Its refusals have no body, but the region in a header.
    pub(super) fn head_bucket(&self, name: &str, arn: &str) -> Result<Reply, Refusal> {
        let bucket = self.bucket(name)?;
        self.permit("s3:ListBucket", arn, Some(bucket))
            .map_err(|refusal| refusal.with_header(REGION_HEADER, bucket.region.as_str()))?;
        let mut reply = Reply::empty(StatusCode::OK);
        reply.headers.push((REGION_HEADER, bucket.region.clone()));
        Ok(reply)
    }

    /// `GetBucketLocation`, which may be asked in any region; the oldest region is written as nothing.
    pub(super) fn get_bucket_location(&self, name: &str, arn: &str) -> Result<Reply, Refusal> {
        let bucket = match self.bucket(name) {
            Err(refusal) if refusal.status == StatusCode::MOVED_PERMANENTLY => &self.inner.world.buckets[name],
            found => found?,
        };
        self.permit("s3:GetBucketLocation", arn, Some(bucket))?;
        let region = if bucket.region == "us-east-1" { "" } else { &bucket.region };
        Ok(Reply::xml(location_document(region)))
    }
}

/// The root element itself holds the region's name.
fn location_document(region: &str) -> String {
    Xml::document("LocationConstraint", NAMESPACE, |xml| xml.content(region))
}
