//! A strict XML reader that takes its input in pieces of any size.
//!
//! It knows what responses of S3, STS and IAM consist of: elements, text, character references, comments, CDATA,
//! processing instructions. Attributes are checked and skipped. Document types are refused, because with them a short
//! response can expand to gigabytes.
//!
//! Invariant: the result, fault or not, does not depend on where the input was cut. The reader keeps no more of one text
//! or tag than it was made for, and opens no elements deeper than [`DEEPEST`].

mod fault;
mod references;

use std::mem;

use memchr::{memchr, memchr2, memchr3, memmem};

pub(super) use self::fault::XmlFault;
use self::references::unescape_text;

/// The longest text, tag or comment unless more is allowed. A key of 1,024 bytes, every one encoded, has 3 KiB.
const LONGEST: usize = 8 * 1024;

/// The most elements within each other; a page has four.
const DEEPEST: usize = 16;

/// Some editors and servers begin files with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Receives what was read. The root has depth 1.
pub(super) trait Sink {
    /// Why it rejects what was read.
    type Fault: From<XmlFault>;

    /// An element begins.
    fn on_open(&mut self, depth: usize, name: &[u8]) -> Result<(), Self::Fault>;

    /// An element ends; `text` is what stood in it if it held no other element, else empty.
    fn on_close(&mut self, depth: usize, name: &[u8], text: &[u8]) -> Result<(), Self::Fault>;
}

/// Where the reading stands.
#[derive(Debug)]
pub(super) struct Scanner {
    /// Bytes of a text or tag at most.
    longest: usize,
    /// The beginning of a tag, comment or reference whose end has not come yet.
    pending: Vec<u8>,
    /// The names of the open elements, back to back.
    names: Vec<u8>,
    open: Vec<OpenElement>,
    /// What the innermost element held so far.
    text: Vec<u8>,
    /// Text of an element that came whole.
    whole: Vec<u8>,
    /// Bytes of text before the root.
    before: usize,
    has_root: bool,
}

#[derive(Debug)]
struct OpenElement {
    /// Where its name begins.
    name: usize,
    has_children: bool,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::with_longest(LONGEST)
    }
}

impl Scanner {
    /// Reads texts and tags of so many bytes at most.
    pub(super) fn with_longest(longest: usize) -> Self {
        Self {
            longest,
            pending: vec![],
            names: vec![],
            open: vec![],
            text: vec![],
            whole: vec![],
            before: 0,
            has_root: false,
        }
    }

    /// Reads on.
    pub(super) fn feed<S: Sink>(&mut self, chunk: &[u8], sink: &mut S) -> Result<(), S::Fault> {
        let mut rest = chunk;
        while let Some(first) = self.pending.first() {
            let last = if *first == b'<' { memchr(b'>', rest) } else { memchr2(b';', b'<', rest) };
            let end = last.map(|at| at + 1);
            let (more, behind) = rest.split_at(end.unwrap_or(rest.len()));
            self.keep_bytes(more)?;
            if end.is_none() {
                return Ok(());
            }
            rest = behind;
            let pending = mem::take(&mut self.pending);
            let taken = self.scan_bytes(&pending, sink)?;
            self.keep_bytes(&pending[taken..])?;
        }
        let taken = self.scan_bytes(rest, sink)?;
        Ok(self.keep_bytes(&rest[taken..])?)
    }

    /// Whether this is the end, or only where the bytes stop.
    pub(super) fn finish(&self) -> Result<(), XmlFault> {
        let complete = self.has_root && self.open.is_empty() && self.pending.is_empty();
        if complete { Ok(()) } else { Err(XmlFault::CutOff) }
    }

    fn keep_bytes(&mut self, bytes: &[u8]) -> Result<(), XmlFault> {
        self.check_length(self.pending.len() + bytes.len())?;
        self.pending.extend_from_slice(bytes);
        Ok(())
    }

    fn check_length(&self, length: usize) -> Result<(), XmlFault> {
        if length <= self.longest { Ok(()) } else { Err(XmlFault::Malformed("a text or tag that is too long")) }
    }

    /// Reads what is whole; returns how much that was.
    fn scan_bytes<S: Sink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<usize, S::Fault> {
        let mut at = 0;
        while let Some(first) = bytes.get(at) {
            let rest = &bytes[at..];
            let step = if *first == b'<' { self.scan_markup(rest, sink)? } else { self.scan_text(rest)? };
            if step == 0 {
                break;
            }
            at += step;
        }
        Ok(at)
    }

    /// Text up to the next tag or as far as it has come.
    fn scan_text(&mut self, bytes: &[u8]) -> Result<usize, XmlFault> {
        let end = memchr(b'<', bytes);
        let run = &bytes[..end.unwrap_or(bytes.len())];
        let Some(element) = self.open.last() else { return self.scan_outside(run) };
        if element.has_children {
            return if is_space(run) { Ok(run.len()) } else { Err(MIXED) };
        }
        let taken = unescape_text(run, &mut self.text)?;
        self.check_length(self.text.len())?;
        if end.is_some() && taken < run.len() { Err(OPEN_REFERENCE) } else { Ok(taken) }
    }

    fn scan_outside(&mut self, run: &[u8]) -> Result<usize, XmlFault> {
        let allowed = |(at, byte): (usize, &u8)| {
            is_space(&[*byte]) || !self.has_root && BYTE_ORDER_MARK.get(self.before + at) == Some(byte)
        };
        if !run.iter().enumerate().all(allowed) {
            return Err(XmlFault::Malformed("text outside the root element"));
        }
        self.before += run.len();
        Ok(run.len())
    }

    /// A tag, comment or the like; 0 if it is not whole.
    fn scan_markup<S: Sink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<usize, S::Fault> {
        let length = match bytes.get(1) {
            None => return Ok(0),
            Some(b'/') => self.end_tag(bytes, sink)?,
            Some(b'?') => self.no_element(bytes, "?>")?,
            Some(b'!') => self.scan_declaration(bytes)?,
            Some(_) => return self.start_tag(bytes, sink),
        };
        self.check_length(if length == 0 { bytes.len() } else { length })?;
        Ok(length)
    }

    fn start_tag<S: Sink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<usize, S::Fault> {
        let Some(tag) = StartTag::parse_tag(bytes)? else {
            self.check_length(bytes.len())?;
            return Ok(0);
        };
        self.check_length(tag.length)?;
        let whole = whole_element(tag.name, &bytes[tag.length..]);
        if let Some((raw, is_plain)) = whole.filter(|_| !tag.is_empty && !self.open.is_empty()) {
            self.plain_element(tag.name, raw, is_plain, sink)?;
            return Ok(tag.length + raw.len() + tag.name.len() + END_TAG);
        }
        self.open_element(tag.name, sink)?;
        if tag.is_empty {
            self.close_element(sink)?;
        }
        Ok(tag.length)
    }

    /// An element that came with all of its text and nothing else: nearly every one of a page.
    fn plain_element<S: Sink>(
        &mut self,
        name: &[u8],
        raw: &[u8],
        is_plain: bool,
        sink: &mut S,
    ) -> Result<(), S::Fault> {
        let depth = self.begin_element()?;
        sink.on_open(depth, name)?;
        if is_plain {
            self.check_length(raw.len())?;
            return sink.on_close(depth, name, raw);
        }
        self.whole.clear();
        if unescape_text(raw, &mut self.whole)? < raw.len() {
            return Err(OPEN_REFERENCE.into());
        }
        self.check_length(self.whole.len())?;
        sink.on_close(depth, name, &self.whole)
    }

    /// Makes room for an element; returns its depth.
    fn begin_element(&mut self) -> Result<usize, XmlFault> {
        match self.open.last_mut() {
            None if self.has_root => return Err(XmlFault::Malformed("an element after the root element")),
            None => self.has_root = true,
            Some(parent) => parent.has_children = true,
        }
        if self.open.len() == DEEPEST {
            return Err(XmlFault::Malformed("elements nested too deeply"));
        }
        if !is_space(&self.text) {
            return Err(MIXED);
        }
        self.text.clear();
        Ok(self.open.len() + 1)
    }

    fn open_element<S: Sink>(&mut self, name: &[u8], sink: &mut S) -> Result<(), S::Fault> {
        let depth = self.begin_element()?;
        self.open.push(OpenElement { name: self.names.len(), has_children: false });
        self.names.extend_from_slice(name);
        sink.on_open(depth, name)
    }

    /// Ends the innermost element.
    fn close_element<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Fault> {
        let depth = self.open.len();
        let element = self.open.pop().ok_or(UNMATCHED)?;
        sink.on_close(depth, &self.names[element.name..], &self.text)?;
        self.names.truncate(element.name);
        self.text.clear();
        Ok(())
    }

    fn end_tag<S: Sink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<usize, S::Fault> {
        let Some(end) = memchr(b'>', bytes) else { return Ok(0) };
        let name = self.open.last().map(|element| &self.names[element.name..]);
        if name != Some(bytes[2..end].trim_ascii_end()) {
            return Err(UNMATCHED.into());
        }
        self.close_element(sink)?;
        Ok(end + 1)
    }

    fn scan_declaration(&mut self, bytes: &[u8]) -> Result<usize, XmlFault> {
        const CDATA: &[u8] = b"<![CDATA[";
        if bytes.starts_with(b"<!--") {
            let inner = self.no_element(&bytes[4..], "-->")?;
            return Ok(if inner == 0 { 0 } else { inner + 4 });
        }
        if bytes.starts_with(CDATA) && !self.open.is_empty() {
            let Some(length) = memmem::find(&bytes[CDATA.len()..], b"]]>") else { return Ok(0) };
            let text = &bytes[CDATA.len()..][..length];
            if self.open.last().is_some_and(|element| element.has_children) && !is_space(text) {
                return Err(MIXED);
            }
            self.text.extend_from_slice(text);
            self.check_length(self.text.len())?;
            return Ok(CDATA.len() + length + 3);
        }
        let may_become_one = [&b"<!--"[..], CDATA].iter().any(|start| start.starts_with(bytes));
        if may_become_one { Ok(0) } else { Err(XmlFault::Malformed("a document type")) }
    }

    /// Passes over what ends in `last`.
    fn no_element(&self, bytes: &[u8], last: &str) -> Result<usize, XmlFault> {
        if self.has_root && self.open.is_empty() {
            return Err(XmlFault::Malformed("content after the root element"));
        }
        Ok(memmem::find(bytes, last.as_bytes()).map_or(0, |at| at + last.len()))
    }
}

/// `</`, `>`
const END_TAG: usize = 3;

const MIXED: XmlFault = XmlFault::Malformed("text beside elements");
const UNMATCHED: XmlFault = XmlFault::Malformed("an end tag that does not match its start tag");
const OPEN_REFERENCE: XmlFault = XmlFault::Malformed("an unfinished reference");

fn is_space(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
}

/// `<Key>`, `<Prefix/>`, `<ListBucketResult xmlns="…">`.
struct StartTag<'a> {
    name: &'a [u8],
    /// Whether it is the whole element.
    is_empty: bool,
    /// With its brackets.
    length: usize,
}

impl<'a> StartTag<'a> {
    /// `None` if it is not whole.
    fn parse_tag(bytes: &'a [u8]) -> Result<Option<Self>, XmlFault> {
        let letters = bytes[1..].iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or_default();
        if letters > 0 && bytes[1 + letters] == b'>' {
            return Ok(Some(Self { name: &bytes[1..=letters], is_empty: false, length: letters + 2 }));
        }
        let Some(end) = end_of_tag(bytes) else { return Ok(None) };
        let inside = &bytes[1..end];
        let (name, rest) = inside.split_at(inside.iter().position(|byte| !is_of_a_name(*byte)).unwrap_or(inside.len()));
        if name.first().is_none_or(|first| first.is_ascii_digit() || b"-.".contains(first)) {
            return Err(XmlFault::Malformed("a tag without a name"));
        }
        let (attributes, is_empty) = rest.strip_suffix(b"/").map_or((rest, false), |rest| (rest, true));
        check_attributes(attributes).ok_or(XmlFault::Malformed("an invalid tag"))?;
        Ok(Some(Self { name, is_empty, length: end + 1 }))
    }
}

/// Where the `>` is that ends a tag; those in quotes end none.
fn end_of_tag(bytes: &[u8]) -> Option<usize> {
    let mut from = 1;
    loop {
        let at = from + memchr3(b'>', b'"', b'\'', &bytes[from..])?;
        if bytes[at] == b'>' {
            return Some(at);
        }
        from = at + 1 + memchr(bytes[at], &bytes[at + 1..])? + 1;
    }
}

/// The text up to the end tag, if the element is all there and holds nothing else; and whether no character in it is
/// referred to.
fn whole_element<'a>(name: &[u8], behind: &'a [u8]) -> Option<(&'a [u8], bool)> {
    let first = memchr2(b'<', b'&', behind)?;
    let is_plain = behind[first] == b'<';
    let length = if is_plain { first } else { first + memchr(b'<', &behind[first..])? };
    let (raw, end) = behind.split_at(length);
    end.strip_prefix(b"</")?.strip_prefix(name)?.starts_with(b">").then_some((raw, is_plain))
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte) || !byte.is_ascii()
}

/// `None` unless they are `name="value"`, each after space.
fn check_attributes(mut rest: &[u8]) -> Option<()> {
    while !is_space(rest) {
        let attribute = rest.trim_ascii_start();
        let name = attribute.iter().position(|byte| !is_of_a_name(*byte)).filter(|length| *length > 0)?;
        let value = attribute[name..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let (quote, value) = value.split_first().filter(|(quote, _)| b"\"'".contains(quote))?;
        let length = memchr(*quote, value).filter(|length| memchr(b'<', &value[..*length]).is_none())?;
        if attribute.len() == rest.len() {
            return None;
        }
        rest = &value[length + 1..];
    }
    Some(())
}
