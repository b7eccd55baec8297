//! `GetObjectAttributes`: checksums and parts, page by page.
//!
//! Invariant: parts that were not read are said to be missing. A marker that does not go on ends in a failure.

use aws_sdk_s3::{
    Client,
    operation::get_object_attributes::GetObjectAttributesOutput,
    types::{Checksum, GetObjectAttributesParts, ObjectAttributes as AttributeName, ObjectPart as SdkPart},
};

use super::headers::strip_quotes;
use crate::{
    aws::{
        calls::RetryMode,
        failure::Attempt,
        reply_checker::ReplyChecker,
        s3::{S3, names::RawByteNames},
    },
    domain::{
        failure::Failure,
        object::{ChecksumScope, ObjectAddress, ObjectAttributes, ObjectPart, StoredChecksum},
    },
};

/// Parts of one answer: S3 gives no more.
const PARTS: i32 = 1000;

/// Pages of parts that are read at most: S3 has uploads of 10,000 parts at most.
const MOST_PAGES: usize = 10;

impl S3 {
    /// Checksums and parts of an object.
    ///
    /// # Errors
    /// Whatever S3 says; `Malformed` if the parts do not come to an end.
    pub async fn object_attributes(&self, address: &ObjectAddress) -> Result<ObjectAttributes, Failure> {
        let subject = address.to_string();
        let attempt = self.attempt("read the attributes of", &subject);
        let first = self.send_attributes(address, attempt, None).await?;
        let mut attributes = read_attributes(&first);
        let mut marker = next_marker(&first);
        for _ in 1..MOST_PAGES {
            let Some(after) = marker.take() else { break };
            let page = self.send_attributes(address, attempt, Some(after.clone())).await?;
            let parts = read_parts(&page);
            let goes_on = parts
                .first()
                .is_some_and(|first| attributes.parts.last().is_none_or(|last| last.number < first.number));
            if !goes_on {
                return Err(attempt.malformed_reply("the service repeats parts of the page before"));
            }
            attributes.parts.extend(parts);
            marker = next_marker(&page);
        }
        attributes.has_more_parts = marker.is_some();
        Ok(attributes)
    }

    async fn send_attributes(
        &self,
        address: &ObjectAddress,
        attempt: Attempt<'_>,
        after: Option<String>,
    ) -> Result<GetObjectAttributesOutput, Failure> {
        let names = [
            AttributeName::Etag,
            AttributeName::Checksum,
            AttributeName::ObjectParts,
            AttributeName::StorageClass,
            AttributeName::ObjectSize,
        ];
        let send = |client: &Client| {
            let call = client.get_object_attributes().bucket(&address.bucket).key(&address.key);
            call.set_version_id(address.version_id.clone())
                .set_object_attributes(Some(names.to_vec()))
                .max_parts(PARTS)
                .set_part_number_marker(after.clone())
                .customize()
                .interceptor(ReplyChecker::of_details())
                .interceptor(RawByteNames)
                .send()
        };
        Ok(self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await?)
    }
}

fn read_attributes(output: &GetObjectAttributesOutput) -> ObjectAttributes {
    let checksum = output.checksum.as_ref();
    let parts = output.object_parts.as_ref();
    ObjectAttributes {
        size: output.object_size.and_then(|size| size.try_into().ok()),
        etag: output.e_tag.as_deref().map(strip_quotes),
        storage_class: output.storage_class.as_ref().map(|class| class.as_str().to_owned()),
        checksums: checksum.map(checksums_of).unwrap_or_default(),
        checksum_scope: checksum
            .and_then(|checksum| checksum.checksum_type.as_ref())
            .and_then(|scope| ChecksumScope::parse_type(scope.as_str())),
        parts_count: parts.and_then(|parts| parts.total_parts_count).and_then(|count| count.try_into().ok()),
        parts: read_parts(output),
        has_more_parts: false,
    }
}

fn read_parts(output: &GetObjectAttributesOutput) -> Vec<ObjectPart> {
    let parts = output.object_parts.iter().flat_map(GetObjectAttributesParts::parts);
    parts
        .filter_map(|part| {
            Some(ObjectPart {
                number: part.part_number?.try_into().ok()?,
                size: part.size.and_then(|size| size.try_into().ok()),
                checksums: checksums_of_part(part),
            })
        })
        .collect()
}

fn next_marker(output: &GetObjectAttributesOutput) -> Option<String> {
    let parts = output.object_parts.as_ref().filter(|parts| parts.is_truncated == Some(true))?;
    parts.next_part_number_marker.clone().filter(|marker| !marker.is_empty())
}

fn named(values: &[(&str, Option<&str>)]) -> Vec<StoredChecksum> {
    let checksum = |(name, value): &(&str, Option<&str>)| Some(StoredChecksum::from_header(name, (*value)?));
    values.iter().filter_map(checksum).collect()
}

/// The checksums that one of the SDK's types holds; the types have the same getters and no trait in common.
macro_rules! stored_checksums {
    ($of:expr) => {
        named(&[
            ("crc32", $of.checksum_crc32()),
            ("crc32c", $of.checksum_crc32_c()),
            ("crc64nvme", $of.checksum_crc64_nvme()),
            ("md5", $of.checksum_md5()),
            ("sha1", $of.checksum_sha1()),
            ("sha256", $of.checksum_sha256()),
            ("sha512", $of.checksum_sha512()),
            ("xxhash128", $of.checksum_xxhash128()),
            ("xxhash3", $of.checksum_xxhash3()),
            ("xxhash64", $of.checksum_xxhash64()),
        ])
    };
}

fn checksums_of(of: &Checksum) -> Vec<StoredChecksum> {
    stored_checksums!(of)
}

fn checksums_of_part(of: &SdkPart) -> Vec<StoredChecksum> {
    stored_checksums!(of)
}
