//! `ListObjectsV2`: pages of keys, rolled up at a delimiter.
//!
//! Invariant: the items of a listing (keys, and common prefixes for the keys they stand for) come in the order of their
//! bytes, each once; a page is the first items that sort strictly after a position, and the position of the next page is
//! the last item of this one. So a token needs no memory here, and no key below a common prefix is ever looked at twice.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>

use std::{
    borrow::Cow,
    collections::BTreeMap,
    ops::Bound::{self, Excluded, Included, Unbounded},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{Call, NAMESPACE};
use crate::sandbox::{
    refusal::Refusal,
    reply::{Reply, s3_date},
    world::Object,
    xml::Xml,
};

/// The greatest number S3 reads.
const MOST: usize = 0x7fff_ffff;
/// Bytes of a continuation token that prove it is one of ours.
const PROOF: usize = 6;

/// What is listed.
struct Query<'a> {
    prefix: &'a str,
    delimiter: &'a str,
    /// Only items that sort after it.
    after: Option<&'a str>,
    most: usize,
}

/// One page.
struct Page<'a> {
    keys: Vec<(&'a str, &'a Object)>,
    common_prefixes: Vec<&'a str>,
    /// The last item, where there are more.
    more_after: Option<&'a str>,
}

impl Call<'_> {
    pub(super) fn list_objects_v2(&self, name: &str, arn: &str) -> Result<Reply, Refusal> {
        self.only(&[
            "list-type",
            "prefix",
            "delimiter",
            "max-keys",
            "continuation-token",
            "start-after",
            "encoding-type",
            "fetch-owner",
        ])?;
        let bucket = self.bucket(name)?;
        let parameter = |name| self.request.parameter(name);
        let ask = self.signed.caller.ask("s3:ListBucket", arn, self.now);
        let ask = ask.with("s3:prefix", parameter("prefix")).with("s3:delimiter", parameter("delimiter"));
        self.permit_asked(&ask, Some(bucket))?;
        if let Some(other) = parameter("encoding-type").filter(|encoding| *encoding != "url") {
            return Err(Refusal::argument("encoding-type", other, "Invalid Encoding Method specified in Request"));
        }
        let position = parameter("continuation-token").map(position_of).transpose()?;
        let most = self.number("max-keys", 0, MOST)?.unwrap_or(MOST).min(self.inner.settings.max_keys);
        let query = Query {
            prefix: parameter("prefix").unwrap_or_default(),
            delimiter: parameter("delimiter").unwrap_or_default(),
            after: position.as_deref().or(parameter("start-after")),
            most,
        };
        Ok(Reply::xml(self.document(name, &query, &query.page(&bucket.objects))))
    }

    /// What says how the page ends comes before its keys, as AWS writes it.
    fn document(&self, name: &str, query: &Query<'_>, page: &Page<'_>) -> String {
        let parameter = |name| self.request.parameter(name);
        let encoding = parameter("encoding-type");
        let encode = |text| encoded(text, encoding.is_some());
        let owner = (parameter("fetch-owner") == Some("true")).then_some(self.inner.world.account.as_str());
        Xml::document("ListBucketResult", NAMESPACE, |xml| {
            xml.text("Name", name);
            xml.text("Prefix", &encode(query.prefix));
            xml.optional("ContinuationToken", parameter("continuation-token"));
            xml.optional("StartAfter", parameter("start-after").map(encode).as_deref());
            xml.text("KeyCount", &(page.keys.len() + page.common_prefixes.len()).to_string());
            xml.text("MaxKeys", &query.most.to_string());
            xml.optional("Delimiter", parameter("delimiter").filter(|text| !text.is_empty()).map(encode).as_deref());
            xml.optional("EncodingType", encoding);
            xml.text("IsTruncated", if page.more_after.is_some() { "true" } else { "false" });
            xml.optional("NextContinuationToken", page.more_after.map(token_of).as_deref());
            for (key, object) in &page.keys {
                contents(xml, &encode(key), object, owner);
            }
            for prefix in &page.common_prefixes {
                xml.group("CommonPrefixes", |xml| xml.text("Prefix", &encode(prefix)));
            }
        })
    }
}

fn contents(xml: &mut Xml, key: &str, object: &Object, owner: Option<&str>) {
    xml.group("Contents", |xml| {
        xml.text("Key", key);
        xml.text("LastModified", &s3_date(object.modified));
        xml.text("ETag", object.etag());
        xml.text("Size", &object.size.to_string());
        if let Some(owner) = owner {
            xml.group("Owner", |xml| xml.text("ID", owner));
        }
        xml.text("StorageClass", object.storage_class());
    });
}

impl Query<'_> {
    fn page<'a>(&self, objects: &'a BTreeMap<String, Object>) -> Page<'a> {
        let mut page = Page { keys: vec![], common_prefixes: vec![], more_after: None };
        let mut last = None;
        let mut rest =
            self.start().map(|start| objects.range::<str, _>((start.as_ref().map(String::as_str), Unbounded)));
        while let Some((key, object)) = rest.as_mut().and_then(Iterator::next) {
            if !key.starts_with(self.prefix) {
                break;
            }
            if page.keys.len() + page.common_prefixes.len() == self.most {
                page.more_after = last;
                break;
            }
            if let Some(common) = self.common_prefix(key) {
                page.common_prefixes.push(common);
                last = Some(common);
                rest = successor(common).map(|next| objects.range::<str, _>((Included(next.as_str()), Unbounded)));
            } else {
                page.keys.push((key, object));
                last = Some(key);
            }
        }
        page
    }

    /// Where the first item can stand; `None` where nothing can.
    fn start(&self) -> Option<Bound<String>> {
        let Some(after) = self.after.filter(|after| *after >= self.prefix) else {
            return Some(Included(self.prefix.to_owned()));
        };
        // A position on or below a common prefix is after that prefix, and so after all it stands for.
        match self.common_prefix(after) {
            Some(common) => successor(common).map(Included),
            None => Some(Excluded(after.to_owned())),
        }
    }

    /// What `key` is rolled up to: everything up to the first delimiter behind the prefix.
    fn common_prefix<'a>(&self, key: &'a str) -> Option<&'a str> {
        let rest = key.strip_prefix(self.prefix).filter(|_| !self.delimiter.is_empty())?;
        let end = rest.find(self.delimiter)? + self.delimiter.len();
        Some(&key[..self.prefix.len() + end])
    }
}

/// The least text that sorts after everything that begins with `prefix`: its last character made the next one.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        // Characters sort as their UTF-8 does; the range steps over the surrogates, which no text holds.
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return Some(text);
        }
    }
    None
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

/// The continuation token for what comes after `position`.
pub(super) fn token_of(position: &str) -> String {
    let mut bytes = proof(position);
    bytes.extend_from_slice(position.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The position a continuation token stands for, if it is one.
pub(super) fn position_of(token: &str) -> Result<String, Refusal> {
    let position = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| {
        let (found, position) = bytes.split_at_checked(PROOF)?;
        let position = std::str::from_utf8(position).ok()?;
        (found == proof(position)).then(|| position.to_owned())
    });
    let message = "The continuation token provided is incorrect";
    position.ok_or_else(|| Refusal::argument("continuation-token", token, message))
}

fn proof(position: &str) -> Vec<u8> {
    Sha256::digest(position)[..PROOF].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_prefix_is_the_least_text_that_does() {
        for (prefix, next) in [("a/", Some("a0")), ("é", Some("ê")), ("a\u{10ffff}", Some("b")), ("\u{10ffff}", None)]
        {
            assert_eq!(successor(prefix).as_deref(), next);
        }
        assert_eq!(successor("\u{d7ff}").as_deref(), Some("\u{e000}"));
    }

    #[test]
    fn a_token_that_was_changed_is_none_of_ours() {
        let token = token_of("readings/é");
        assert_eq!(position_of(&token).unwrap(), "readings/é");
        for forged in ["", "x", "forged", &token[1..], &format!("{token}A"), &token.replacen('c', "d", 1)] {
            assert!(position_of(forged).is_err(), "{forged}");
        }
    }
}
