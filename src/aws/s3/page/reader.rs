//! Reads the answer that a page comes as.
//!
//! Invariant: an answer that breaks the protocol's promises is no page, and what it says twice where it can be said once is
//! not believed either time.

use std::mem;

use jiff::Timestamp;

use super::{
    asked::Asked,
    early::Early,
    rows::Rows,
    values::{etag, number, time, word},
};
use crate::{
    aws::{
        answer_fault::{AnswerFault, Beginning},
        refusal::Refusal,
        xml::{Scanner, Sink},
    },
    domain::listing::{ContinuationToken, Kind, Page, PageFault, RawRow},
};

/// Reads one answer.
#[derive(Debug)]
pub(super) struct PageReader {
    scanner: Scanner,
    answer: Answer,
    first: Beginning,
}

impl PageReader {
    pub(super) fn new(asked: Asked, early: Early) -> Self {
        let rows = Rows::with_room(asked.most);
        let answer = Answer { asked, early, rows, ..Answer::default() };
        Self { scanner: Scanner::default(), answer, first: Beginning::default() }
    }

    /// Reads on.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Result<(), AnswerFault> {
        self.first.note(chunk);
        self.scanner.feed(chunk, &mut self.answer).map_err(|fault| match self.answer.root {
            Root::None => self.first.foreign(),
            _ => fault,
        })
    }

    /// Whether a token was told since this was asked last.
    pub(super) fn has_just_told(&mut self) -> bool {
        mem::take(&mut self.answer.has_just_told)
    }

    /// The page, once the answer has ended.
    pub(super) fn finish(self) -> Result<Page, AnswerFault> {
        if self.first.is_blank() {
            return Err(self.first.foreign());
        }
        self.scanner.finish()?;
        self.answer.finish()
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Root {
    /// Not seen yet.
    #[default]
    None,
    Listing,
    Refusal,
}

/// What the elements inside the one that is open now mean.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Group {
    #[default]
    Unknown,
    Object,
    CommonPrefixes,
}

/// What was read of an answer.
#[derive(Debug, Default)]
struct Answer {
    asked: Asked,
    early: Early,
    has_just_told: bool,
    root: Root,
    group: Group,
    object: Fields,
    rows: Rows,
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
struct Fields {
    key: Vec<u8>,
    size: Option<u64>,
    time: Option<Timestamp>,
    storage_class: String,
    etag: String,
}

/// Nobody can say which of two values holds.
const TWICE: AnswerFault = AnswerFault::Xml("it has an element twice");

/// A row that could not be requested.
const NAMELESS: AnswerFault = AnswerFault::Xml("a row without a name");

impl Sink for Answer {
    type Fault = AnswerFault;

    fn opens(&mut self, depth: usize, name: &[u8]) -> Result<(), AnswerFault> {
        match depth {
            1 => {
                self.root = match name {
                    b"ListBucketResult" => Root::Listing,
                    b"Error" => Root::Refusal,
                    _ => return Err(AnswerFault::Xml("another root element")), // said with its first bytes
                }
            }
            2 => {
                self.group = match (self.root, name) {
                    (Root::Listing, b"Contents") => Group::Object,
                    (Root::Listing, b"CommonPrefixes") => Group::CommonPrefixes,
                    _ => Group::Unknown,
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn closes(&mut self, depth: usize, name: &[u8], text: &[u8]) -> Result<(), AnswerFault> {
        match (depth, self.root, self.group) {
            (3, _, Group::Object) => self.field(name, text),
            (2, _, Group::Object) => self.object(),
            (3, _, Group::CommonPrefixes) if name == b"Prefix" => self.common_prefix(text),
            (2, Root::Listing, Group::Unknown) => self.said(name, text),
            (2, Root::Refusal, _) => self.refused(name, text),
            _ => Ok(()),
        }
    }
}

impl Answer {
    /// A field of an object.
    fn field(&mut self, name: &[u8], text: &[u8]) -> Result<(), AnswerFault> {
        let object = &mut self.object;
        match name {
            b"Key" if object.key.is_empty() => object.key.extend_from_slice(text),
            b"Key" => return Err(TWICE),
            b"LastModified" => object.time = time(text),
            b"ETag" => replace(&mut object.etag, etag(text)),
            b"Size" if object.size.is_some() => return Err(TWICE),
            // Empty is as good as missing.
            b"Size" if !text.trim_ascii().is_empty() => {
                object.size = Some(number(text).ok_or_else(|| not_a_size(text))?);
            }
            b"StorageClass" => replace(&mut object.storage_class, word(text)),
            _ => {}
        }
        Ok(())
    }

    /// The object whose fields have come.
    fn object(&mut self) -> Result<(), AnswerFault> {
        let object = &mut self.object;
        if object.key.is_empty() {
            return Err(NAMELESS);
        }
        let row = RawRow {
            kind: Kind::Object,
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

    fn common_prefix(&mut self, text: &[u8]) -> Result<(), AnswerFault> {
        if text.is_empty() {
            return Err(NAMELESS);
        }
        Ok(self.rows.push(RawRow::prefix(text), self.encoded, &self.asked)?)
    }

    /// What the answer says of itself.
    fn said(&mut self, name: &[u8], text: &[u8]) -> Result<(), AnswerFault> {
        match name {
            b"EncodingType" => once(&mut self.encoded, text.trim_ascii() == b"url"),
            b"KeyCount" => once(&mut self.key_count, number(text).ok_or(PageFault::KeyCount)?),
            b"IsTruncated" => match text.trim_ascii() {
                b"true" => once(&mut self.is_truncated, true),
                b"false" => once(&mut self.is_truncated, false),
                _ => Err(PageFault::NoEnd.into()),
            },
            b"NextContinuationToken" => self.next(text),
            _ => Ok(()),
        }
    }

    /// A token, passed on at once unless the response has said that it is the last page.
    fn next(&mut self, text: &[u8]) -> Result<(), AnswerFault> {
        let token = std::str::from_utf8(text).map_err(|_| AnswerFault::Xml("a continuation token that is not text"))?;
        if token.is_empty() {
            return Ok(());
        }
        let token = ContinuationToken(token.to_owned());
        if self.asked.token.as_ref() == Some(&token) {
            return Err(PageFault::RepeatedToken.into());
        }
        if self.is_truncated != Some(false) {
            self.early.tell(&token);
            self.has_just_told = true;
        }
        once(&mut self.token, token)
    }

    fn refused(&mut self, name: &[u8], text: &[u8]) -> Result<(), AnswerFault> {
        match name {
            b"Code" => once(&mut self.code, String::from_utf8_lossy(text).into_owned()),
            b"Message" => once(&mut self.message, String::from_utf8_lossy(text).into_owned()),
            _ => Ok(()),
        }
    }

    fn finish(self) -> Result<Page, AnswerFault> {
        if self.root == Root::Refusal {
            return Err(AnswerFault::Refused(Refusal { code: self.code.unwrap_or_default(), message: self.message }));
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

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), AnswerFault> {
    if slot.replace(value).is_some() { Err(TWICE) } else { Ok(()) }
}

fn replace(buffer: &mut String, text: Option<&str>) {
    buffer.clear();
    buffer.push_str(text.unwrap_or_default());
}
