//! Reads the answer that a page comes as.
//!
//! Invariant: an answer that breaks the protocol's promises is no page, and what it says twice where it can be said once is
//! not believed either time.

use std::mem;

use jiff::Timestamp;

use super::{
    asked::PageRequest,
    early::EarlyToken,
    rows::RowCollector,
    values::{parse_etag, parse_number, parse_time, trim_word},
};
use crate::{
    aws::{
        document::{DocumentFields, DocumentReader},
        refusal::Refusal,
        reply_fault::ReplyFault,
        xml::{Scanner, Sink},
    },
    domain::listing::{ContinuationToken, Page, PageFault, RawRow, RowKind},
};

/// Reads one response.
#[derive(Debug)]
pub(super) struct PageReader(DocumentReader<ParsedPage>);

impl PageReader {
    pub(super) fn new(asked: PageRequest, early: EarlyToken) -> Self {
        let rows = RowCollector::with_room(asked.most);
        let page = ParsedPage { asked, early, rows, ..ParsedPage::default() };
        Self(DocumentReader::new(Scanner::default(), page))
    }

    /// Reads on.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Result<(), ReplyFault> {
        self.0.feed(chunk)
    }

    /// Whether a token was passed on since the last call.
    pub(super) fn take_new_token(&mut self) -> bool {
        mem::take(&mut self.0.fields_mut().has_new_token)
    }

    /// The page, once the response has ended.
    pub(super) fn finish(self) -> Result<Page, ReplyFault> {
        self.0.finish()?.into_page()
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum PageRoot {
    /// Not seen yet.
    #[default]
    None,
    Listing,
    Refusal,
}

/// What the elements inside the one that is open now mean.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum ElementGroup {
    #[default]
    Unknown,
    Object,
    CommonPrefixes,
}

/// What was read of an answer.
#[derive(Debug, Default)]
struct ParsedPage {
    asked: PageRequest,
    early: EarlyToken,
    has_new_token: bool,
    root: PageRoot,
    group: ElementGroup,
    object: ObjectFields,
    rows: RowCollector,
    /// Whether names are in form encoding.
    encoded: Option<bool>,
    key_count: Option<u64>,
    is_truncated: Option<bool>,
    token: Option<ContinuationToken>,
    /// A refusal's.
    code: Option<String>,
    message: Option<String>,
}

/// The object that is being read; empty is absent. Buffers are used again.
#[derive(Debug, Default)]
struct ObjectFields {
    key: Vec<u8>,
    size: Option<u64>,
    time: Option<Timestamp>,
    storage_class: String,
    etag: String,
}

/// Which of two values counts is unknown.
const TWICE: ReplyFault = ReplyFault::Xml("it has an element twice");

/// A row that could not be requested.
const NAMELESS: ReplyFault = ReplyFault::Xml("a row without a name");

impl DocumentFields for ParsedPage {
    fn has_root(&self) -> bool {
        self.root != PageRoot::None
    }
}

impl Sink for ParsedPage {
    type Fault = ReplyFault;

    fn on_open(&mut self, depth: usize, name: &[u8]) -> Result<(), ReplyFault> {
        match depth {
            1 => {
                self.root = match name {
                    b"ListBucketResult" => PageRoot::Listing,
                    b"Error" => PageRoot::Refusal,
                    _ => return Err(ReplyFault::Xml("another root element")), // said with its first bytes
                }
            }
            2 => {
                self.group = match (self.root, name) {
                    (PageRoot::Listing, b"Contents") => ElementGroup::Object,
                    (PageRoot::Listing, b"CommonPrefixes") => ElementGroup::CommonPrefixes,
                    _ => ElementGroup::Unknown,
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn on_close(&mut self, depth: usize, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        match (depth, self.root, self.group) {
            (3, _, ElementGroup::Object) => self.read_object_field(name, text),
            (2, _, ElementGroup::Object) => self.push_object(),
            (3, _, ElementGroup::CommonPrefixes) if name == b"Prefix" => self.common_prefix(text),
            (2, PageRoot::Listing, ElementGroup::Unknown) => self.read_page_field(name, text),
            (2, PageRoot::Refusal, _) => self.read_refusal_field(name, text),
            _ => Ok(()),
        }
    }
}

impl ParsedPage {
    /// A field of an object.
    fn read_object_field(&mut self, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        let object = &mut self.object;
        match name {
            b"Key" if object.key.is_empty() => object.key.extend_from_slice(text),
            b"Key" => return Err(TWICE),
            b"LastModified" => object.time = parse_time(text),
            b"ETag" => replace_text(&mut object.etag, parse_etag(text)),
            b"Size" if object.size.is_some() => return Err(TWICE),
            // Empty is as good as missing.
            b"Size" if !text.trim_ascii().is_empty() => {
                object.size = Some(parse_number(text).ok_or_else(|| not_a_size(text))?);
            }
            b"StorageClass" => replace_text(&mut object.storage_class, trim_word(text)),
            _ => {}
        }
        Ok(())
    }

    /// The object whose fields have come.
    fn push_object(&mut self) -> Result<(), ReplyFault> {
        let object = &mut self.object;
        if object.key.is_empty() {
            return Err(NAMELESS);
        }
        let row = RawRow {
            kind: RowKind::Object,
            name: &object.key,
            size: object.size,
            time: object.time,
            label: Some(&*object.storage_class).filter(|class| !class.is_empty()),
            etag: Some(&*object.etag).filter(|etag| !etag.is_empty()),
        };
        self.rows.push(row, self.encoded, &self.asked)?;
        object.key.clear();
        object.storage_class.clear();
        object.etag.clear();
        (object.size, object.time) = (None, None);
        Ok(())
    }

    fn common_prefix(&mut self, text: &[u8]) -> Result<(), ReplyFault> {
        if text.is_empty() {
            return Err(NAMELESS);
        }
        Ok(self.rows.push(RawRow::common_prefix(text), self.encoded, &self.asked)?)
    }

    /// What the answer says of itself.
    fn read_page_field(&mut self, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        match name {
            b"EncodingType" => set_once(&mut self.encoded, text.trim_ascii() == b"url"),
            b"KeyCount" => set_once(&mut self.key_count, parse_number(text).ok_or(PageFault::KeyCount)?),
            b"IsTruncated" => match text.trim_ascii() {
                b"true" => set_once(&mut self.is_truncated, true),
                b"false" => set_once(&mut self.is_truncated, false),
                _ => Err(PageFault::NoEnd.into()),
            },
            b"NextContinuationToken" => self.read_next_token(text),
            _ => Ok(()),
        }
    }

    /// A token, passed on at once unless the response has said that it is the last page.
    fn read_next_token(&mut self, text: &[u8]) -> Result<(), ReplyFault> {
        let token = std::str::from_utf8(text).map_err(|_| ReplyFault::Xml("a continuation token that is not text"))?;
        if token.is_empty() {
            return Ok(());
        }
        let token = ContinuationToken(token.to_owned());
        if self.asked.token.as_ref() == Some(&token) {
            return Err(PageFault::RepeatedToken.into());
        }
        if self.is_truncated != Some(false) {
            self.early.tell_token(&token);
            self.has_new_token = true;
        }
        set_once(&mut self.token, token)
    }

    fn read_refusal_field(&mut self, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        match name {
            b"Code" => set_once(&mut self.code, String::from_utf8_lossy(text).into_owned()),
            b"Message" => set_once(&mut self.message, String::from_utf8_lossy(text).into_owned()),
            _ => Ok(()),
        }
    }

    fn into_page(self) -> Result<Page, ReplyFault> {
        if self.root == PageRoot::Refusal {
            return Err(ReplyFault::Refused(Refusal { code: self.code.unwrap_or_default(), message: self.message }));
        }
        if self.key_count.is_some_and(|said| usize::try_from(said) != Ok(self.rows.len())) {
            return Err(PageFault::KeyCount.into());
        }
        let next = match (self.is_truncated, self.token) {
            (Some(false), _) => None,
            (Some(true), Some(token)) => Some(token),
            _ => return Err(PageFault::NoEnd.into()),
        };
        Ok(Page { rows: self.rows.finish(self.encoded == Some(true))?, next, elsewhere: None })
    }
}

/// What is wrong with a size that is no number.
fn not_a_size(text: &[u8]) -> PageFault {
    let text = text.trim_ascii();
    let is_number = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    match text.strip_prefix(b"-") {
        Some(digits) if is_number(digits) => PageFault::NegativeSize,
        _ if is_number(text) => PageFault::HugeSize,
        _ => PageFault::SizeNoNumber,
    }
}

fn set_once<T>(slot: &mut Option<T>, value: T) -> Result<(), ReplyFault> {
    if slot.replace(value).is_some() { Err(TWICE) } else { Ok(()) }
}

fn replace_text(buffer: &mut String, text: Option<&str>) {
    buffer.clear();
    buffer.push_str(text.unwrap_or_default());
}
