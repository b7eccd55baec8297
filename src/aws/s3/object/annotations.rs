//! Annotations: named payloads beside an object's content.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectAnnotations.html>
//!
//! Invariant: a payload is read on demand, one at a time, and no further than S3 lets one be long.

use aws_sdk_s3::{Client, types::AnnotationEntry};
use hyper::body::Bytes;

use super::{headers::strip_quotes, parts::as_timestamp};
use crate::{
    aws::{
        calls::RetryMode,
        reply_checker::ReplyChecker,
        s3::{S3, names::RawByteNames},
    },
    domain::{
        failure::Failure,
        object::{Annotation, ObjectAddress},
    },
};

/// Bytes of a payload at most.
const LONGEST_PAYLOAD: usize = 1024 * 1024;

/// Pages that are read at most: an object has 1,000 annotations at most, and a page may be shorter.
const MOST_PAGES: usize = 20;

impl S3 {
    /// The annotations of an object, without what they hold.
    ///
    /// # Errors
    /// Whatever S3 says; many services do not have them. `Malformed` if the pages do not come to an end.
    pub async fn object_annotations(&self, address: &ObjectAddress) -> Result<Vec<Annotation>, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt("list the annotations of", &subject);
        let (mut found, mut after) = (vec![], None);
        for _ in 0..MOST_PAGES {
            let send = |client: &Client| {
                let call = client.list_object_annotations().bucket(&address.bucket).key(&address.key);
                call.set_version_id(address.version_id.clone())
                    .set_continuation_token(after.clone())
                    .customize()
                    .interceptor(ReplyChecker::of_details())
                    .interceptor(RawByteNames)
                    .send()
            };
            let page = self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await?;
            found.extend(page.annotations.unwrap_or_default().into_iter().map(read_entry));
            let next = page.next_continuation_token.filter(|token| !token.is_empty());
            if next.is_none() {
                return Ok(found);
            }
            if next == after {
                break;
            }
            after = next;
        }
        Err(attempt.malformed_reply("the list of annotations does not come to an end"))
    }

    /// What one annotation holds.
    ///
    /// # Errors
    /// Whatever S3 says; `Malformed` if it is longer than an annotation can be.
    pub async fn read_annotation(&self, address: &ObjectAddress, name: &str) -> Result<Bytes, Failure> {
        let subject = format!("{name} of {address}");
        let attempt = self.attempt("read the annotation", &subject);
        let send = |client: &Client| {
            let call = client.get_object_annotation().bucket(&address.bucket).key(&address.key);
            call.set_version_id(address.version_id.clone())
                .annotation_name(name)
                .customize()
                .interceptor(RawByteNames)
                .send()
        };
        let output = self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await?;
        let (mut body, mut payload) = (output.annotation_payload, vec![]);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| attempt.malformed_reply(format!("it ended too early: {error}")))?;
            if payload.len() + chunk.len() > LONGEST_PAYLOAD {
                return Err(attempt.malformed_reply("it is longer than 1 MiB, which no annotation can be"));
            }
            payload.extend_from_slice(&chunk);
        }
        Ok(payload.into())
    }
}

fn read_entry(entry: AnnotationEntry) -> Annotation {
    Annotation {
        name: entry.annotation_name,
        size: entry.size.try_into().ok(),
        last_modified: as_timestamp(entry.last_modified),
        etag: entry.e_tag.as_deref().map(strip_quotes),
    }
}
