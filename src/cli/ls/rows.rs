//! One row, as text and as JSON.
//!
//! Invariant: a name in JSON is what the service sent; a name that is not UTF-8 comes with its percent-encoded bytes in
//! a field that other rows do not have. Text for people goes through [`printable`].

use std::{
    borrow::Cow,
    io::{self, Write},
};

use serde::{Serialize, Serializer};

use super::moments::TimeWriter;
use crate::domain::{
    listing::{RawRow, RowKind},
    name_text::{self, text_of},
    safe_text::printable,
};

/// A name in JSON. One that is not UTF-8 cannot be written there: it is made readable, and written exactly beside that.
pub(in crate::cli) struct JsonName<'a> {
    pub(in crate::cli) text: Cow<'a, str>,
    pub(in crate::cli) encoded: Option<String>,
}

impl<'a> JsonName<'a> {
    pub(in crate::cli) fn from_bytes(name: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(name) {
            return Self { text: Cow::Borrowed(text), encoded: None };
        }
        let text = text_of(name);
        Self { text: name_text::readable_name(&text).into(), encoded: Some(name_text::percent_encoded(&text)) }
    }
}

#[derive(Serialize)]
struct ObjectRow<'a> {
    key: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_encoded: Option<String>,
    size: Option<u64>,
    etag: Option<&'a str>,
    last_modified: Option<&'a str>,
    storage_class: Option<&'a str>,
}

#[derive(Serialize)]
struct PrefixRow<'a> {
    prefix: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix_encoded: Option<String>,
}

#[derive(Serialize)]
struct BucketRow<'a> {
    name: Cow<'a, str>,
    region: Option<&'a str>,
    creation_date: Option<&'a str>,
}

/// A row as JSON.
pub(super) struct JsonRow<'a> {
    row: RawRow<'a>,
    time: Option<&'a str>,
}

impl<'a> JsonRow<'a> {
    pub(super) fn from_row(row: RawRow<'a>, moments: &'a mut TimeWriter) -> Self {
        Self { row, time: row.time.map(|time| moments.exact_time(time)) }
    }
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { row, time } = self;
        let JsonName { text, encoded } = JsonName::from_bytes(row.name);
        match row.kind {
            RowKind::Object => ObjectRow {
                key: text,
                key_encoded: encoded,
                size: row.size,
                etag: row.etag,
                last_modified: *time,
                storage_class: row.label,
            }
            .serialize(serializer),
            RowKind::Prefix => PrefixRow { prefix: text, prefix_encoded: encoded }.serialize(serializer),
            RowKind::Bucket => BucketRow { name: text, region: row.label, creation_date: *time }.serialize(serializer),
        }
    }
}

/// A common prefix in JSON: text, or an object with its bytes if it is not UTF-8.
pub(super) struct ListedPrefix<'a>(pub(super) &'a [u8]);

impl Serialize for ListedPrefix<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let JsonName { text, encoded } = JsonName::from_bytes(self.0);
        if encoded.is_none() {
            return text.serialize(serializer);
        }
        PrefixRow { prefix: text, prefix_encoded: encoded }.serialize(serializer)
    }
}

/// What stands where the service said nothing.
const UNKNOWN: &str = "—";

/// Date, size and name; of a bucket its region.
pub(super) fn write_text(out: &mut Vec<u8>, row: RawRow<'_>, moments: &mut TimeWriter) -> io::Result<()> {
    match (row.kind, row.time) {
        (RowKind::Prefix, _) => out.extend_from_slice(&[b' '; 20]),
        (_, Some(time)) => out.extend_from_slice(moments.in_seconds(time).as_bytes()),
        (_, None) => out.extend_from_slice(&[b'-'; 20]),
    }
    match (row.kind, row.size) {
        (RowKind::Prefix, _) => write!(out, "  {:>14}  ", "PRE")?,
        (RowKind::Bucket, _) => write!(out, "  {:<14}  ", printable(row.label.unwrap_or("-")))?,
        (RowKind::Object, Some(size)) => write!(out, "  {size:>14}  ")?,
        (RowKind::Object, None) => write!(out, "  {UNKNOWN:>14}  ")?,
    }
    write_name(out, row.name);
    out.push(b'\n');
    Ok(())
}

/// `key => etag` of an object; any other row is only its name.
pub(super) fn write_etag(out: &mut Vec<u8>, row: RawRow<'_>) {
    write_name(out, row.name);
    if row.kind == RowKind::Object {
        out.extend_from_slice(b" => ");
        out.extend_from_slice(printable(row.etag.unwrap_or("-")).as_bytes());
    }
    out.push(b'\n');
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.extend_from_slice(printable(&text_of(name)).as_bytes());
}
