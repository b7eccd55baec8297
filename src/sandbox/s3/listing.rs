//! `ListObjects` in both its versions, and `ListObjectVersions`: the same pages in three forms.
//!
//! Invariant: the three differ in names alone: where a page begins (`marker`, `continuation-token` or `start-after`,
//! `key-marker`), how the next one is requested, what an entry is called, and whether what is not current has one.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html> and
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html>

use std::borrow::Cow;

use super::{
    call::{NAMESPACE, S3Call},
    page::{ListPage, ListQuery, ListedVersion, position_of, token_of},
};
use crate::sandbox::{
    error_response::ErrorResponse,
    reply::{ServiceReply, s3_date},
    world::{KeyHistory, RestoreState, SandboxBucket, SandboxObject, VersionState},
    xml::Xml,
};

/// Asks for more about each object; S3 knows `RestoreStatus`.
const OPTIONAL_HEADER: &str = "x-amz-optional-object-attributes";
/// The greatest number S3 reads.
const MOST: usize = 0x7fff_ffff;

/// The three calls that list objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListOperation {
    /// `ListObjects`
    ListObjects,
    /// `ListObjectsV2`
    ListObjectsV2,
    /// `ListObjectVersions`
    ListObjectVersions,
}

impl ListOperation {
    const fn action(self) -> &'static str {
        match self {
            Self::ListObjects | Self::ListObjectsV2 => "s3:ListBucket",
            Self::ListObjectVersions => "s3:ListBucketVersions",
        }
    }

    const fn root_element(self) -> &'static str {
        match self {
            Self::ListObjects | Self::ListObjectsV2 => "ListBucketResult",
            Self::ListObjectVersions => "ListVersionsResult",
        }
    }
}

impl S3Call<'_> {
    pub(super) fn list_objects(
        &self,
        name: &str,
        arn: &str,
        form: ListOperation,
    ) -> Result<ServiceReply, ErrorResponse> {
        let bucket = self.find_bucket(name)?;
        let parameter = |name| self.request.parameter(name);
        let ask = self.signed.caller.request_context(form.action(), arn, self.now);
        let ask = ask
            .with_optional_fact("s3:prefix", parameter("prefix"))
            .with_optional_fact("s3:delimiter", parameter("delimiter"));
        self.check_request(&ask, Some(bucket))?;
        self.refuse_changing()?;
        if let Some(other) = self.request.header_or_parameter(OPTIONAL_HEADER).filter(|asked| *asked != "RestoreStatus")
        {
            return Err(ErrorResponse::invalid_argument(OPTIONAL_HEADER, other, "Invalid attribute name specified."));
        }
        if let Some(other) = parameter("encoding-type").filter(|encoding| *encoding != "url") {
            return Err(ErrorResponse::invalid_argument(
                "encoding-type",
                other,
                "Invalid Encoding Method specified in Request",
            ));
        }
        let after = self.start_position(form)?;
        let after_version = self.start_version(form, bucket)?;
        let most = self.whole_number("max-keys", 0, MOST)?.unwrap_or(MOST).min(self.inner.settings.max_keys);
        let query = ListQuery {
            prefix: parameter("prefix").unwrap_or_default(),
            delimiter: parameter("delimiter").unwrap_or_default(),
            after: after.as_deref(),
            after_version,
            most,
            all_versions: form == ListOperation::ListObjectVersions,
        };
        Ok(ServiceReply::from_xml(self.list_document(name, form, &query, &query.first_page(&bucket.objects))))
    }

    /// Where the page begins: after this.
    fn start_position(&self, form: ListOperation) -> Result<Option<Cow<'_, str>>, ErrorResponse> {
        let parameter = |name| self.request.parameter(name);
        match form {
            ListOperation::ListObjects => Ok(parameter("marker").map(Cow::Borrowed)),
            ListOperation::ListObjectsV2 => match parameter("continuation-token") {
                Some(token) => position_of(token).map(|position| Some(Cow::Owned(position))),
                None => Ok(parameter("start-after").map(Cow::Borrowed)),
            },
            ListOperation::ListObjectVersions => Ok(parameter("key-marker").map(Cow::Borrowed)),
        }
    }

    /// Of the key where the page begins, the version behind which it does.
    fn start_version(&self, form: ListOperation, bucket: &SandboxBucket) -> Result<Option<&str>, ErrorResponse> {
        const NAME: &str = "version-id-marker";
        let parameter = |name| self.request.parameter(name).filter(|text| !text.is_empty());
        let Some(version) = parameter(NAME).filter(|_| form == ListOperation::ListObjectVersions) else {
            return Ok(None);
        };
        let Some(key) = parameter("key-marker") else {
            let message = "A version-id marker cannot be specified without a key marker.";
            return Err(ErrorResponse::invalid_argument(NAME, version, message));
        };
        let mut versions = bucket.objects.get(key).into_iter().flat_map(KeyHistory::versions);
        if versions.any(|known| known.id() == version) {
            return Ok(Some(version));
        }
        Err(ErrorResponse::invalid_argument(NAME, version, "Invalid version id specified"))
    }

    /// What says how the page ends comes before its keys, as AWS writes it.
    fn list_document(&self, name: &str, form: ListOperation, query: &ListQuery<'_>, page: &ListPage<'_>) -> String {
        let parameter = |name| self.request.parameter(name);
        let encoding = parameter("encoding-type");
        let encode = |text| url_encode(text, encoding.is_some());
        Xml::document(form.root_element(), NAMESPACE, |xml| {
            xml.text_element("Name", name);
            xml.text_element("Prefix", &encode(query.prefix));
            self.write_beginning(xml, form, page, encode);
            xml.text_element("MaxKeys", &query.most.to_string());
            xml.optional_element(
                "Delimiter",
                parameter("delimiter").filter(|text| !text.is_empty()).map(encode).as_deref(),
            );
            xml.optional_element("EncodingType", encoding);
            xml.text_element("IsTruncated", if page.more_after.is_some() { "true" } else { "false" });
            write_end(xml, form, query, page, encode);
            for listed in &page.keys {
                self.write_entry(xml, form, &encode(listed.key), listed);
            }
            for prefix in &page.common_prefixes {
                xml.parent_element("CommonPrefixes", |xml| xml.text_element("Prefix", &encode(prefix)));
            }
        })
    }

    /// Where the page began, as it was requested.
    fn write_beginning<'a>(
        &'a self,
        xml: &mut Xml,
        form: ListOperation,
        page: &ListPage<'_>,
        encode: impl Fn(&'a str) -> Cow<'a, str>,
    ) {
        let sent = |name| self.request.parameter(name);
        match form {
            ListOperation::ListObjects => xml.text_element("Marker", &encode(sent("marker").unwrap_or_default())),
            ListOperation::ListObjectsV2 => {
                xml.optional_element("ContinuationToken", sent("continuation-token"));
                xml.optional_element("StartAfter", sent("start-after").map(encode).as_deref());
                xml.text_element("KeyCount", &(page.keys.len() + page.common_prefixes.len()).to_string());
            }
            ListOperation::ListObjectVersions => {
                xml.text_element("KeyMarker", &encode(sent("key-marker").unwrap_or_default()));
                xml.text_element("VersionIdMarker", sent("version-id-marker").unwrap_or_default());
            }
        }
    }

    fn write_entry(&self, xml: &mut Xml, form: ListOperation, key: &str, listed: &ListedVersion<'_>) {
        let element = match (&listed.version.state, form) {
            (VersionState::Deleted(_), _) => "DeleteMarker",
            (_, ListOperation::ListObjectVersions) => "Version",
            (_, ListOperation::ListObjects | ListOperation::ListObjectsV2) => "Contents",
        };
        // The second version of the call leaves the owner out unless requested.
        let with_owner = form != ListOperation::ListObjectsV2 || self.request.parameter("fetch-owner") == Some("true");
        xml.parent_element(element, |xml| {
            xml.text_element("Key", key);
            if form == ListOperation::ListObjectVersions {
                xml.text_element("VersionId", listed.version.id());
                xml.text_element("IsLatest", if listed.is_latest { "true" } else { "false" });
            }
            xml.text_element("LastModified", &s3_date(listed.version.modified()));
            if let VersionState::Object(object) = &listed.version.state {
                self.write_object(xml, object);
            }
            if with_owner {
                self.write_owner(xml);
            }
            if let VersionState::Object(object) = &listed.version.state {
                xml.text_element("StorageClass", object.storage_class());
            }
        });
    }

    /// What is written of an object itself; the state of its restoration only if the request names it.
    fn write_object(&self, xml: &mut Xml, object: &SandboxObject) {
        xml.text_element("ETag", object.etag());
        if let Some(checksum) = object.checksum() {
            xml.text_element("ChecksumAlgorithm", checksum.kind.name());
            xml.text_element("ChecksumType", checksum.type_name());
        }
        xml.text_element("Size", &object.size.to_string());
        let is_asked = self.request.header_or_parameter(OPTIONAL_HEADER).is_some();
        let restore = object.properties().restore_state(self.inner.started, self.now).filter(|_| is_asked);
        let Some(restore) = restore else { return };
        xml.parent_element("RestoreStatus", |xml| match restore {
            RestoreState::Ongoing => xml.text_element("IsRestoreInProgress", "true"),
            RestoreState::Until(end) => {
                xml.text_element("IsRestoreInProgress", "false");
                xml.text_element("RestoreExpiryDate", &s3_date(end));
            }
        });
    }
}

/// How the next page is requested. `ListObjects` tells it only where a delimiter may have hidden the last key; else that
/// key is the next marker.
fn write_end<'a>(
    xml: &mut Xml,
    form: ListOperation,
    query: &ListQuery<'_>,
    page: &ListPage<'a>,
    encode: impl Fn(&'a str) -> Cow<'a, str>,
) {
    let Some(last) = page.more_after else { return };
    match form {
        ListOperation::ListObjects if query.delimiter.is_empty() => {}
        ListOperation::ListObjects => xml.text_element("NextMarker", &encode(last.text)),
        ListOperation::ListObjectsV2 => xml.text_element("NextContinuationToken", &token_of(last.text)),
        ListOperation::ListObjectVersions => {
            xml.text_element("NextKeyMarker", &encode(last.text));
            xml.optional_element("NextVersionIdMarker", last.version);
        }
    }
}

/// Text as `encoding-type=url` asks for it: form encoding that leaves `/` alone.
fn url_encode(text: &str, is_asked: bool) -> Cow<'_, str> {
    if !is_asked {
        return Cow::Borrowed(text);
    }
    let steps: Vec<String> =
        text.split('/').map(|step| form_urlencoded::byte_serialize(step.as_bytes()).collect()).collect();
    Cow::Owned(steps.join("/"))
}
