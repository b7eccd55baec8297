//! `ListObjects` in both its versions, and `ListObjectVersions`: the same pages, asked for and told in three ways.
//!
//! Invariant: the three differ in names alone: where a page begins (`marker`, `continuation-token` or `start-after`,
//! `key-marker`), how the next one is asked for, and what an entry is called. No bucket here has versions, so each object
//! is the one version of itself.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html> and
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html>

use std::borrow::Cow;

use super::{
    call::{Call, NAMESPACE},
    page::{Page, Query, position_of, token_of},
};
use crate::sandbox::{
    refusal::Refusal,
    reply::{Reply, s3_date},
    world::Object,
    xml::Xml,
};

/// The greatest number S3 reads.
const MOST: usize = 0x7fff_ffff;

/// The three calls that list objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `ListObjects`
    One,
    /// `ListObjectsV2`
    Two,
    /// `ListObjectVersions`
    Versions,
}

impl Form {
    const fn action(self) -> &'static str {
        match self {
            Self::One | Self::Two => "s3:ListBucket",
            Self::Versions => "s3:ListBucketVersions",
        }
    }

    const fn root(self) -> &'static str {
        match self {
            Self::One | Self::Two => "ListBucketResult",
            Self::Versions => "ListVersionsResult",
        }
    }
}

impl Call<'_> {
    pub(super) fn list_objects(&self, name: &str, arn: &str, form: Form) -> Result<Reply, Refusal> {
        let bucket = self.bucket(name)?;
        let parameter = |name| self.request.parameter(name);
        let ask = self.signed.caller.ask(form.action(), arn, self.now);
        let ask = ask.with("s3:prefix", parameter("prefix")).with("s3:delimiter", parameter("delimiter"));
        self.permit_asked(&ask, Some(bucket))?;
        self.refuse_changing()?;
        if let Some(other) = parameter("encoding-type").filter(|encoding| *encoding != "url") {
            return Err(Refusal::argument("encoding-type", other, "Invalid Encoding Method specified in Request"));
        }
        let after = self.position(form)?;
        let most = self.number("max-keys", 0, MOST)?.unwrap_or(MOST).min(self.inner.settings.max_keys);
        let query = Query {
            prefix: parameter("prefix").unwrap_or_default(),
            delimiter: parameter("delimiter").unwrap_or_default(),
            after: after.as_deref(),
            most,
        };
        Ok(Reply::xml(self.document(name, form, &query, &query.page(&bucket.objects))))
    }

    /// Where the page begins: behind this.
    fn position(&self, form: Form) -> Result<Option<Cow<'_, str>>, Refusal> {
        let parameter = |name| self.request.parameter(name);
        match form {
            Form::One => Ok(parameter("marker").map(Cow::Borrowed)),
            Form::Two => match parameter("continuation-token") {
                Some(token) => position_of(token).map(|position| Some(Cow::Owned(position))),
                None => Ok(parameter("start-after").map(Cow::Borrowed)),
            },
            Form::Versions => match (parameter("key-marker"), parameter("version-id-marker")) {
                (None | Some(""), Some(version)) if !version.is_empty() => {
                    let message = "A version-id marker cannot be specified without a key marker.";
                    Err(Refusal::argument("version-id-marker", version, message))
                }
                (key, _) => Ok(key.map(Cow::Borrowed)),
            },
        }
    }

    /// What says how the page ends comes before its keys, as AWS writes it.
    fn document(&self, name: &str, form: Form, query: &Query<'_>, page: &Page<'_>) -> String {
        let parameter = |name| self.request.parameter(name);
        let encoding = parameter("encoding-type");
        let encode = |text| encoded(text, encoding.is_some());
        Xml::document(form.root(), NAMESPACE, |xml| {
            xml.text("Name", name);
            xml.text("Prefix", &encode(query.prefix));
            self.tell_beginning(xml, form, page, encode);
            xml.text("MaxKeys", &query.most.to_string());
            xml.optional("Delimiter", parameter("delimiter").filter(|text| !text.is_empty()).map(encode).as_deref());
            xml.optional("EncodingType", encoding);
            xml.text("IsTruncated", if page.more_after.is_some() { "true" } else { "false" });
            tell_end(xml, form, query, page, encode);
            for (key, object) in &page.keys {
                self.tell_entry(xml, form, &encode(key), object);
            }
            for prefix in &page.common_prefixes {
                xml.group("CommonPrefixes", |xml| xml.text("Prefix", &encode(prefix)));
            }
        })
    }

    /// Where the page began, as it was asked for.
    fn tell_beginning<'a>(
        &'a self,
        xml: &mut Xml,
        form: Form,
        page: &Page<'_>,
        encode: impl Fn(&'a str) -> Cow<'a, str>,
    ) {
        let sent = |name| self.request.parameter(name);
        match form {
            Form::One => xml.text("Marker", &encode(sent("marker").unwrap_or_default())),
            Form::Two => {
                xml.optional("ContinuationToken", sent("continuation-token"));
                xml.optional("StartAfter", sent("start-after").map(encode).as_deref());
                xml.text("KeyCount", &(page.keys.len() + page.common_prefixes.len()).to_string());
            }
            Form::Versions => {
                xml.text("KeyMarker", &encode(sent("key-marker").unwrap_or_default()));
                xml.text("VersionIdMarker", sent("version-id-marker").unwrap_or_default());
            }
        }
    }

    fn tell_entry(&self, xml: &mut Xml, form: Form, key: &str, object: &Object) {
        let element = if form == Form::Versions { "Version" } else { "Contents" };
        // The second version of the call leaves the owner out unless asked for.
        let with_owner = form != Form::Two || self.request.parameter("fetch-owner") == Some("true");
        xml.group(element, |xml| {
            xml.text("Key", key);
            if form == Form::Versions {
                xml.text("VersionId", "null");
                xml.text("IsLatest", "true");
            }
            xml.text("LastModified", &s3_date(object.modified));
            xml.text("ETag", object.etag());
            xml.text("Size", &object.size.to_string());
            if with_owner {
                self.tell_owner(xml);
            }
            xml.text("StorageClass", object.storage_class());
        });
    }
}

/// How the next page is asked for. `ListObjects` tells it only where a delimiter may have hidden the last key; else that
/// key is the next marker.
fn tell_end<'a>(
    xml: &mut Xml,
    form: Form,
    query: &Query<'_>,
    page: &Page<'a>,
    encode: impl Fn(&'a str) -> Cow<'a, str>,
) {
    let Some(last) = page.more_after else { return };
    match form {
        Form::One if query.delimiter.is_empty() => {}
        Form::One => xml.text("NextMarker", &encode(last)),
        Form::Two => xml.text("NextContinuationToken", &token_of(last)),
        Form::Versions => {
            xml.text("NextKeyMarker", &encode(last));
            // A common prefix has no version.
            xml.optional("NextVersionIdMarker", page.keys.iter().any(|(key, _)| *key == last).then_some("null"));
        }
    }
}

/// Text as `encoding-type=url` asks for it: form encoding that leaves `/` alone.
fn encoded(text: &str, is_asked: bool) -> Cow<'_, str> {
    if !is_asked {
        return Cow::Borrowed(text);
    }
    let steps: Vec<String> =
        text.split('/').map(|step| form_urlencoded::byte_serialize(step.as_bytes()).collect()).collect();
    Cow::Owned(steps.join("/"))
}
