//! `GetObjectAttributes`: what is known of an object, and of the parts it was sent in.
//!
//! Invariant: a reply has only the attributes that the request names, and only for a caller that may read the object as
//! well.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html>

use super::{
    call::{NAMESPACE, ObjectTarget, S3Call},
    lookup::VERSION_HEADER,
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, http_date},
    world::SandboxObject,
    xml::Xml,
};

const NAMES_HEADER: &str = "x-amz-object-attributes";
const KNOWN: [&str; 5] = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];
/// The most parts on a page.
const MOST_PARTS: u32 = 1000;

/// Which parts a reply lists.
struct PartsPage {
    after: u32,
    most: u32,
}

impl S3Call<'_> {
    /// `GetObjectAttributes`; that its own action is allowed was checked.
    pub(super) fn get_attributes(&self, target: &ObjectTarget<'_>) -> Result<ServiceReply, ErrorResponse> {
        self.check_object_permission("s3:GetObject", target)?;
        self.refuse_changing()?;
        let names = self.attribute_names()?;
        let page = PartsPage {
            after: self.number_header("x-amz-part-number-marker", 0)?,
            most: self.number_header("x-amz-max-parts", MOST_PARTS)?.min(MOST_PARTS),
        };
        let found = self.find_object(target)?;
        let object = found.object;
        let is_asked = |name: &str| names.iter().any(|asked| asked == name);
        let document = Xml::document("GetObjectAttributesResponse", NAMESPACE, |xml| {
            if is_asked("ETag") {
                xml.text_element("ETag", object.etag().trim_matches('"'));
            }
            if is_asked("Checksum") {
                write_checksum(xml, object);
            }
            if is_asked("ObjectParts") {
                write_parts(xml, object, &page);
            }
            if is_asked("StorageClass") {
                xml.text_element("StorageClass", object.storage_class());
            }
            if is_asked("ObjectSize") {
                xml.text_element("ObjectSize", &object.size.to_string());
            }
        });
        let reply = ServiceReply::from_xml(document).with_header("last-modified", http_date(object.modified));
        Ok(found.with_version(reply, VERSION_HEADER))
    }

    /// The names that were sent: one or more in a header, or several headers.
    fn attribute_names(&self) -> Result<Vec<String>, ErrorResponse> {
        let lines = self.request.headers.get_all(NAMES_HEADER).iter().filter_map(|line| line.to_str().ok());
        // Of several headers this one is among the lines already, and a name that is sent twice is written once.
        let lines = lines.chain(self.request.header_or_parameter(NAMES_HEADER));
        let names = lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_owned());
        let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            let message = format!("Missing required header for this request: {NAMES_HEADER}");
            return Err(ErrorResponse::bad_request("InvalidRequest", message));
        }
        match names.iter().find(|name| !KNOWN.contains(&name.as_str())) {
            Some(other) => {
                Err(ErrorResponse::invalid_argument(NAMES_HEADER, other, "Invalid attribute name specified."))
            }
            None => Ok(names),
        }
    }

    fn number_header(&self, name: &'static str, default: u32) -> Result<u32, ErrorResponse> {
        let Some(text) = self.request.header_or_parameter(name) else { return Ok(default) };
        text.parse().map_err(|_| {
            let message = format!("Argument {name} must be an integer between 0 and 2147483647");
            ErrorResponse::invalid_argument(name, text, message)
        })
    }
}

fn write_checksum(xml: &mut Xml, object: &SandboxObject) {
    let Some(checksum) = object.checksum() else { return };
    xml.parent_element("Checksum", |xml| {
        xml.text_element(checksum.kind.element(), object.checksum_value(checksum));
        xml.text_element("ChecksumType", checksum.type_name());
    });
}

/// The parts of an upload in parts; they are listed only where checksums are stored.
fn write_parts(xml: &mut Xml, object: &SandboxObject, page: &PartsPage) {
    let Some(count) = object.part_count() else { return };
    let last = page.after.saturating_add(page.most).min(count);
    xml.parent_element("ObjectParts", |xml| {
        xml.text_element("PartsCount", &count.to_string());
        let Some(checksum) = object.checksum() else { return };
        xml.text_element("PartNumberMarker", &page.after.to_string());
        xml.text_element("NextPartNumberMarker", &last.to_string());
        xml.text_element("MaxParts", &page.most.to_string());
        xml.text_element("IsTruncated", if last < count { "true" } else { "false" });
        for number in page.after.saturating_add(1)..=last {
            let size = object.part(number).map_or(0, |part| part.end - part.start);
            xml.parent_element("Part", |xml| {
                xml.text_element("PartNumber", &number.to_string());
                xml.text_element("Size", &size.to_string());
                xml.text_element(checksum.kind.element(), &object.part_checksum(checksum.kind, number));
            });
        }
    });
}
