//! Reads the response that a page of versions comes as.
//!
//! Invariant: a response that breaks the protocol's promises is no page; versions and delete markers keep the order of
//! the wire.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html>

use crate::{
    aws::{
        document::{DocumentFields, DocumentReader},
        keys::decode_form_encoding,
        refusal::Refusal,
        reply_fault::ReplyFault,
        s3::page::{parse_etag, parse_number, parse_time, trim_word},
        xml::{Scanner, Sink},
    },
    domain::{
        listing::PageFault,
        name_text::text_of,
        object::{ObjectVersion, VersionKind, VersionMarker, VersionsPage},
    },
};

/// Rows of a page at most.
const MOST_ROWS: usize = 1000;

/// Reads one response.
#[derive(Debug)]
pub(super) struct VersionsReader(DocumentReader<ParsedVersions>);

impl VersionsReader {
    pub(super) fn new() -> Self {
        Self(DocumentReader::new(Scanner::default(), ParsedVersions::default()))
    }

    /// Reads on.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Result<(), ReplyFault> {
        self.0.feed(chunk)
    }

    /// The page, once the response has ended.
    pub(super) fn finish(self) -> Result<VersionsPage, ReplyFault> {
        self.0.finish()?.into_page()
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum VersionsRoot {
    /// Not seen yet.
    #[default]
    None,
    Listing,
    Refusal,
}

/// What the elements inside the one that is open now belong to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum VersionGroup {
    #[default]
    Unknown,
    Version,
    DeleteMarker,
    CommonPrefixes,
}

/// What was read of a response. Names are as they came until it is known whether they are encoded.
#[derive(Debug, Default)]
struct ParsedVersions {
    root: VersionsRoot,
    group: VersionGroup,
    fields: VersionFields,
    rows: Vec<VersionFields>,
    prefixes: Vec<Vec<u8>>,
    encoded: bool,
    is_truncated: Option<bool>,
    next_key: Option<Vec<u8>>,
    next_version: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

/// One version or delete marker.
#[derive(Debug, Default)]
struct VersionFields {
    is_marker: bool,
    key: Vec<u8>,
    version_id: Option<String>,
    is_latest: bool,
    last_modified: Option<jiff::Timestamp>,
    size: Option<u64>,
    etag: Option<String>,
    storage_class: Option<String>,
}

/// A row that could not be asked for.
const NAMELESS: ReplyFault = ReplyFault::Xml("a version without a key");
const TWICE: ReplyFault = ReplyFault::Xml("it has an element twice");
const NOT_TEXT: ReplyFault = ReplyFault::Xml("a version ID that is not text");

impl Sink for ParsedVersions {
    type Fault = ReplyFault;

    fn on_open(&mut self, depth: usize, name: &[u8]) -> Result<(), ReplyFault> {
        match depth {
            1 => {
                self.root = match name {
                    b"ListVersionsResult" | b"ListObjectVersionsResult" => VersionsRoot::Listing,
                    b"Error" => VersionsRoot::Refusal,
                    _ => return Err(ReplyFault::Xml("another root element")), // said with its first bytes
                }
            }
            2 => {
                self.group = match (self.root, name) {
                    (VersionsRoot::Listing, b"Version") => VersionGroup::Version,
                    (VersionsRoot::Listing, b"DeleteMarker") => VersionGroup::DeleteMarker,
                    (VersionsRoot::Listing, b"CommonPrefixes") => VersionGroup::CommonPrefixes,
                    _ => VersionGroup::Unknown,
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn on_close(&mut self, depth: usize, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        match (depth, self.root, self.group) {
            (3, _, VersionGroup::Version | VersionGroup::DeleteMarker) => self.fields.read_field(name, text),
            (2, _, VersionGroup::Version) => self.push_row(false),
            (2, _, VersionGroup::DeleteMarker) => self.push_row(true),
            (3, _, VersionGroup::CommonPrefixes) if name == b"Prefix" => {
                self.prefixes.push(text.to_vec());
                self.check_count()
            }
            (2, VersionsRoot::Listing, VersionGroup::Unknown) => self.read_page_field(name, text),
            (2, VersionsRoot::Refusal, _) => {
                let text = Some(String::from_utf8_lossy(text).into_owned());
                match name {
                    b"Code" => self.code = text,
                    b"Message" => self.message = text,
                    _ => {}
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl DocumentFields for ParsedVersions {
    fn has_root(&self) -> bool {
        self.root != VersionsRoot::None
    }
}

impl VersionFields {
    fn read_field(&mut self, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        match name {
            b"Key" if self.key.is_empty() => self.key = text.to_vec(),
            b"Key" => return Err(TWICE),
            b"VersionId" => self.version_id = word(text)?,
            b"IsLatest" => self.is_latest = text.trim_ascii() == b"true",
            b"LastModified" => self.last_modified = parse_time(text),
            b"Size" if !text.trim_ascii().is_empty() => {
                self.size = Some(parse_number(text).ok_or(PageFault::SizeNoNumber)?);
            }
            b"ETag" => self.etag = parse_etag(text).filter(|etag| !etag.is_empty()).map(str::to_owned),
            b"StorageClass" => self.storage_class = trim_word(text).filter(|word| !word.is_empty()).map(str::to_owned),
            _ => {}
        }
        Ok(())
    }

    fn into_version(self, encoded: bool) -> ObjectVersion {
        let Self { is_marker, key, version_id, is_latest, last_modified, size, etag, storage_class } = self;
        let kind =
            if is_marker { VersionKind::DeleteMarker } else { VersionKind::Content { size, etag, storage_class } };
        ObjectVersion { key: decode_name(&key, encoded), version_id, is_latest, last_modified, kind }
    }
}

impl ParsedVersions {
    fn push_row(&mut self, is_marker: bool) -> Result<(), ReplyFault> {
        let fields = std::mem::take(&mut self.fields);
        if fields.key.is_empty() {
            return Err(NAMELESS);
        }
        self.rows.push(VersionFields { is_marker, ..fields });
        self.check_count()
    }

    fn check_count(&self) -> Result<(), ReplyFault> {
        if self.rows.len() + self.prefixes.len() > MOST_ROWS { Err(PageFault::TooMany.into()) } else { Ok(()) }
    }

    fn read_page_field(&mut self, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        match name {
            b"EncodingType" => self.encoded = text.trim_ascii() == b"url",
            b"IsTruncated" => {
                let truncated = match text.trim_ascii() {
                    b"true" => true,
                    b"false" => false,
                    _ => return Err(PageFault::NoEnd.into()),
                };
                if self.is_truncated.replace(truncated).is_some() {
                    return Err(TWICE);
                }
            }
            b"NextKeyMarker" if !text.is_empty() => self.next_key = Some(text.to_vec()),
            b"NextVersionIdMarker" => self.next_version = word(text)?,
            _ => {}
        }
        Ok(())
    }

    fn into_page(self) -> Result<VersionsPage, ReplyFault> {
        if self.root == VersionsRoot::Refusal {
            return Err(ReplyFault::Refused(Refusal { code: self.code.unwrap_or_default(), message: self.message }));
        }
        let encoded = self.encoded;
        let next = match (self.is_truncated, self.next_key) {
            (Some(false), _) => None,
            (Some(true), Some(key)) => {
                Some(VersionMarker { key: decode_name(&key, encoded), version_id: self.next_version })
            }
            _ => return Err(PageFault::NoEnd.into()),
        };
        Ok(VersionsPage {
            versions: self.rows.into_iter().map(|row| row.into_version(encoded)).collect(),
            prefixes: self.prefixes.iter().map(|prefix| decode_name(prefix, encoded)).collect(),
            next,
        })
    }
}

fn decode_name(wire: &[u8], encoded: bool) -> String {
    if !encoded {
        return text_of(wire).into_owned();
    }
    let mut buffer = vec![];
    text_of(decode_form_encoding(wire, &mut buffer)).into_owned()
}

/// Text without the space around it; empty is as good as missing.
fn word(text: &[u8]) -> Result<Option<String>, ReplyFault> {
    let word = trim_word(text).ok_or(NOT_TEXT)?;
    Ok(Some(word.to_owned()).filter(|word| !word.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<?xml version=\"1.0\"?>\n<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
        <Name>tide</Name><Prefix>a</Prefix><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
        <NextKeyMarker>a+b</NextKeyMarker><NextVersionIdMarker>v0</NextVersionIdMarker>\
        <Version><Key>a</Key><VersionId>v3</VersionId><IsLatest>false</IsLatest>\
        <LastModified>2026-11-02T06:15:01.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>5</Size>\
        <StorageClass>STANDARD</StorageClass><Owner><ID>x</ID></Owner></Version>\
        <DeleteMarker><Key>a</Key><VersionId>v2</VersionId><IsLatest>true</IsLatest></DeleteMarker>\
        <Version><Key>a%20b%FF</Key><VersionId>null</VersionId><IsLatest>true</IsLatest></Version>\
        <CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListVersionsResult>\n";

    fn read(pieces: &[&[u8]]) -> Result<VersionsPage, ReplyFault> {
        let mut reader = VersionsReader::new();
        for piece in pieces {
            reader.feed(piece)?;
        }
        reader.finish()
    }

    #[test]
    fn versions_and_delete_markers_keep_the_order_of_the_wire() {
        let page = read(&[PAGE.as_bytes()]).unwrap();
        let told: Vec<_> = page
            .versions
            .iter()
            .map(|version| {
                (version.key.as_str(), version.version_id.as_deref(), version.is_delete_marker(), version.is_latest)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("a", Some("v3"), false, false),
                ("a", Some("v2"), true, true),
                ("a b\u{10feff}", Some("null"), false, true)
            ]
        );
        assert_eq!((page.versions[0].size(), page.versions[0].etag()), (Some(5), Some("e")));
        assert_eq!(page.prefixes, ["a/"]);
        assert_eq!(page.next, Some(VersionMarker { key: "a b".into(), version_id: Some("v0".into()) }));
    }

    #[test]
    fn a_page_is_whole_wherever_it_is_cut_in_pieces_and_incomplete_wherever_it_stops() {
        let (bytes, whole) = (PAGE.as_bytes(), PAGE.trim_end().len());
        let expected = read(&[bytes]).unwrap();
        for at in 1..bytes.len() {
            let (first, second) = bytes.split_at(at);
            assert_eq!(read(&[first, second]).as_ref(), Ok(&expected), "cut at {at}");
            if at < whole {
                assert!(read(&[first]).is_err(), "{}", &PAGE[..at]);
            }
        }
    }

    #[test]
    fn what_breaks_the_protocol_is_no_page() {
        for (from, to) in [
            ("<IsTruncated>true</IsTruncated>", ""),
            ("<IsTruncated>true</IsTruncated>", "<IsTruncated>maybe</IsTruncated>"),
            ("<NextKeyMarker>a+b</NextKeyMarker>", ""),
            ("<Key>a</Key>", ""),
            ("<Key>a</Key>", "<Key>a</Key><Key>b</Key>"),
            ("<Size>5</Size>", "<Size>five</Size>"),
            ("<Size>5</Size>", "<Size>-5</Size>"),
            ("ListVersionsResult", "html"),
        ] {
            assert!(read(&[PAGE.replace(from, to).as_bytes()]).is_err(), "{from} {to}");
        }
        let refusal = read(&[b"<Error><Code>AccessDenied</Code><Token-0>x</Token-0></Error>"]);
        assert_eq!(refusal, Err(ReplyFault::Refused(Refusal { code: "AccessDenied".into(), message: None })));
        let many = "<Version><Key>a</Key></Version>".repeat(1001);
        let long = format!("<ListVersionsResult>{many}<IsTruncated>false</IsTruncated></ListVersionsResult>");
        assert_eq!(read(&[long.as_bytes()]), Err(PageFault::TooMany.into()));
    }
}
