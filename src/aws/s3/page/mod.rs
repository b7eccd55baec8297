//! Pages of objects and common prefixes, read off the wire as they arrive.
//!
//! The SDK signs, sends, repeats and waits; but its parser takes milliseconds for a page, and takes a truncated one for
//! whole. So [`body`] puts this reader between the connection and the SDK.
//!
//! Invariant: an answer that breaks the protocol's promises is no page.

mod body;
mod fault;
mod rows;
mod values;
mod xml;

#[cfg(test)]
mod tests;

use std::mem;

use jiff::Timestamp;

pub(super) use self::{
    body::{Early, PageTaker},
    fault::Fault,
};
use self::{
    rows::Rows,
    values::{etag, number, time, word},
    xml::{Scanner, Sink},
};
use crate::{
    aws::refusal::Refusal,
    domain::listing::{ContinuationToken, Kind, Page, PageFault, RawRow},
};

/// What a page must keep to.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// What every name begins with.
    pub(super) prefix: Vec<u8>,
    /// The name behind which it begins.
    pub(super) behind: Option<Vec<u8>>,
    /// Whether that name was sent, in place of a token.
    pub(super) by_name: bool,
    /// Rows at most.
    pub(super) most: usize,
    /// The token it was asked for with.
    pub(super) token: Option<ContinuationToken>,
}

/// Bytes kept of an answer, to say what it is if it is not a page.
const KEPT: usize = 128;

/// Reads one answer.
#[derive(Debug)]
struct PageReader {
    scanner: Scanner,
    answer: Answer,
    first: Vec<u8>,
}

impl PageReader {
    fn new(asked: Asked, early: Early) -> Self {
        let rows = Rows::with_room(asked.most);
        let answer = Answer { asked, early, rows, ..Answer::default() };
        Self { scanner: Scanner::default(), answer, first: vec![] }
    }

    /// Reads on.
    fn feed(&mut self, chunk: &[u8]) -> Result<(), Fault> {
        let room = KEPT - self.first.len();
        self.first.extend_from_slice(&chunk[..chunk.len().min(room)]);
        self.scanner.feed(chunk, &mut self.answer).map_err(|fault| match self.answer.root {
            Root::None => Fault::foreign(&self.first),
            _ => fault,
        })
    }

    /// Whether a token was told since this was asked last.
    fn has_just_told(&mut self) -> bool {
        mem::take(&mut self.answer.has_just_told)
    }

    /// The page, once the answer has ended.
    fn finish(self) -> Result<Page, Fault> {
        if self.first.trim_ascii().is_empty() {
            return Err(Fault::foreign(&self.first));
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
const TWICE: Fault = Fault::Xml("it says something twice");

/// A row that nobody could ask for.
const NAMELESS: Fault = Fault::Xml("a row without a name");

impl Sink for Answer {
    fn opens(&mut self, depth: usize, name: &[u8]) -> Result<(), Fault> {
        match depth {
            1 => {
                self.root = match name {
                    b"ListBucketResult" => Root::Listing,
                    b"Error" => Root::Refusal,
                    _ => return Err(Fault::Xml("another root")), // said with its first bytes
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

    fn closes(&mut self, depth: usize, name: &[u8], text: &[u8]) -> Result<(), Fault> {
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
    fn field(&mut self, name: &[u8], text: &[u8]) -> Result<(), Fault> {
        let object = &mut self.object;
        match name {
            b"Key" if object.key.is_empty() => object.key.extend_from_slice(text),
            b"Key" => return Err(TWICE),
            b"LastModified" => object.time = time(text),
            b"ETag" => replace(&mut object.etag, etag(text)),
            b"Size" if text.trim_ascii().is_empty() => object.size = None,
            b"Size" => object.size = Some(number(text).ok_or(PageFault::Size)?),
            b"StorageClass" => replace(&mut object.storage_class, word(text)),
            _ => {}
        }
        Ok(())
    }

    /// The object whose fields have come.
    fn object(&mut self) -> Result<(), Fault> {
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

    fn common_prefix(&mut self, text: &[u8]) -> Result<(), Fault> {
        if text.is_empty() {
            return Err(NAMELESS);
        }
        Ok(self.rows.push(RawRow::prefix(text), self.encoded, &self.asked)?)
    }

    /// What the answer says of itself.
    fn said(&mut self, name: &[u8], text: &[u8]) -> Result<(), Fault> {
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

    /// A token, told to whoever waits for it unless the answer has said that it leads nowhere.
    fn next(&mut self, text: &[u8]) -> Result<(), Fault> {
        let token = std::str::from_utf8(text).map_err(|_| Fault::Xml("a token that is no text"))?;
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

    fn refused(&mut self, name: &[u8], text: &[u8]) -> Result<(), Fault> {
        match name {
            b"Code" => once(&mut self.code, String::from_utf8_lossy(text).into_owned()),
            b"Message" => once(&mut self.message, String::from_utf8_lossy(text).into_owned()),
            _ => Ok(()),
        }
    }

    fn finish(self) -> Result<Page, Fault> {
        if self.root == Root::Refusal {
            return Err(Fault::Refused(Refusal { code: self.code.unwrap_or_default(), message: self.message }));
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

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), Fault> {
    if slot.replace(value).is_some() { Err(TWICE) } else { Ok(()) }
}

fn replace(buffer: &mut String, text: Option<&str>) {
    buffer.clear();
    buffer.push_str(text.unwrap_or_default());
}
