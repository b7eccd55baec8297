//! Annotations: named payloads that are attached to an object.
//!
//! Invariant: they are listed in the order of their names' bytes, each once, in pages that a token continues.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectAnnotations.html> and
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAnnotation.html>

use bytes::Bytes;
use http::StatusCode;

use super::{
    call::{NAMESPACE, ObjectTarget, S3Call},
    page::{position_of, token_of},
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, http_date, s3_date},
    world::ObjectAnnotation,
    xml::Xml,
};

const VERSION_HEADER: &str = "x-amz-object-version-id";
/// The most on a page, and on an object.
const MOST_ANNOTATIONS: usize = 1000;

impl S3Call<'_> {
    /// `ListObjectAnnotations`
    pub(super) fn list_annotations(&self, target: &ObjectTarget<'_>) -> Result<ServiceReply, ErrorResponse> {
        let most = self.whole_number("max-annotation-results", 1, MOST_ANNOTATIONS)?.unwrap_or(MOST_ANNOTATIONS);
        let after = self.request.parameter("continuation-token").map(position_of).transpose()?;
        let found = self.find_object(target)?;
        let prefix = self.request.parameter("annotation-prefix").unwrap_or_default();
        let mut listed = found.object.properties().annotations.iter().filter(|annotation| {
            annotation.name.starts_with(prefix) && after.as_ref().is_none_or(|after| annotation.name > *after)
        });
        let page: Vec<_> = listed.by_ref().take(most).collect();
        let next = listed.next().and(page.last()).map(|last| token_of(&last.name));
        let document = Xml::document("ListObjectAnnotationsOutput", NAMESPACE, |xml| {
            xml.parent_element("Annotations", |xml| {
                for annotation in &page {
                    write_annotation(xml, annotation);
                }
            });
            xml.text_element("Bucket", target.bucket_name);
            xml.text_element("Key", target.key);
            xml.optional_element("AnnotationPrefix", self.request.parameter("annotation-prefix"));
            xml.text_element("MaxAnnotationResults", &most.to_string());
            xml.text_element("AnnotationCount", &page.len().to_string());
            xml.optional_element("ContinuationToken", self.request.parameter("continuation-token"));
            xml.optional_element("NextContinuationToken", next.as_deref());
        });
        Ok(found.with_version(ServiceReply::from_xml(document), VERSION_HEADER))
    }

    /// `GetObjectAnnotation`
    pub(super) fn get_annotation(&self, target: &ObjectTarget<'_>) -> Result<ServiceReply, ErrorResponse> {
        let found = self.find_object(target)?;
        let name = self.request.parameter("annotationName").unwrap_or_default();
        let annotation = found.object.properties().annotations.iter().find(|annotation| annotation.name == name);
        let annotation = annotation.ok_or_else(|| {
            let message = "The specified annotation does not exist on this object.";
            ErrorResponse::new(StatusCode::NOT_FOUND, "NoSuchAnnotation", message)
                .with_detail("AnnotationName", name)
                .with_detail("Key", target.key)
        })?;
        let payload = Bytes::from_static(annotation.payload);
        let mut reply = ServiceReply::from_content("application/octet-stream", payload)
            .with_header("content-length", annotation.payload.len().to_string())
            .with_header("last-modified", http_date(annotation.modified))
            .with_header("etag", annotation.etag())
            .with_header("x-amz-server-side-encryption", "AES256");
        if self.is_checksum_asked() {
            let (kind, value) = annotation.checksum();
            reply = reply.with_header(kind.header(), value).with_header("x-amz-checksum-type", "FULL_OBJECT");
        }
        Ok(found.with_version(reply, VERSION_HEADER))
    }
}

fn write_annotation(xml: &mut Xml, annotation: &ObjectAnnotation) {
    xml.parent_element("AnnotationEntry", |xml| {
        xml.text_element("AnnotationName", &annotation.name);
        xml.text_element("LastModified", &s3_date(annotation.modified));
        xml.text_element("ETag", &annotation.etag());
        xml.text_element("ChecksumAlgorithm", annotation.checksum().0.name());
        xml.text_element("Size", &annotation.payload.len().to_string());
    });
}
