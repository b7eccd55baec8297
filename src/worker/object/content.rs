//! Bytes of objects that were read, kept for a while: another view of them, or coming back to them, asks nobody.
//!
//! Invariant: what is kept was read with the session, of the version and with the `ETag` that it is kept for. The newest
//! [`MOST_KEPT`] contents are kept, [`MOST_BYTES`] together.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::{
    app::LookSource,
    domain::{
        credentials::SessionId,
        object::{ObjectAddress, ReadCost},
    },
    preview::{ByteSpan, ContentWindow},
};

/// Contents that are kept.
const MOST_KEPT: usize = 32;

/// Bytes of all of them.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of one of them.
const MOST_OF_ONE: usize = 3 * 1024 * 1024;

/// What was read of one object.
#[derive(Debug, Clone)]
pub(super) struct ReadContent {
    session: SessionId,
    pub(super) address: ObjectAddress,
    /// The `ETag` that it was asked for with.
    asked_etag: Option<String>,
    /// The `ETag` that it has.
    pub(super) etag: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) content_type: Option<String>,
    pub(super) content_encoding: Option<String>,
    /// In the order of their offsets, none of them touching another.
    windows: Vec<ContentWindow>,
    /// What reading it has cost.
    pub(super) cost: ReadCost,
    /// When the first of it was read.
    pub(super) read_at: Option<Timestamp>,
    /// Whether a decoder asked for ranges of it: more is then read where it says, not behind the beginning.
    pub(super) is_ranged: bool,
}

/// The contents that are kept, the newest last.
#[derive(Debug, Default)]
pub(super) struct KeptContents(VecDeque<ReadContent>);

impl ReadContent {
    /// Nothing of it yet.
    pub(super) fn new(session: SessionId, source: &LookSource) -> Self {
        Self {
            session,
            address: source.address.clone(),
            asked_etag: source.etag.clone(),
            etag: source.etag.clone(),
            size: source.size,
            content_type: None,
            content_encoding: None,
            windows: vec![],
            cost: ReadCost::default(),
            read_at: None,
            is_ranged: false,
        }
    }

    /// Bytes that are held.
    fn bytes(&self) -> usize {
        self.windows.iter().map(|window| window.bytes.len()).sum()
    }

    /// All that was read.
    pub(super) fn windows(&self) -> &[ContentWindow] {
        &self.windows
    }

    /// The bytes from here on that were read without a gap, so many at most.
    pub(super) fn piece(&self, span: ByteSpan) -> &[u8] {
        let found = self.windows.iter().find(|window| (window.offset..window.end()).contains(&span.offset));
        let Some(window) = found else { return &[] };
        let start = usize::try_from(span.offset - window.offset).unwrap_or(usize::MAX);
        let length = usize::try_from(span.length).unwrap_or(usize::MAX);
        &window.bytes[start..start.saturating_add(length).min(window.bytes.len())]
    }

    /// What of a span is still to be read: the part behind what was read of its beginning.
    pub(super) fn missing(&self, span: ByteSpan) -> Option<ByteSpan> {
        let here = self.piece(span).len() as u64;
        (here < span.length).then_some(ByteSpan { offset: span.offset + here, length: span.length - here })
    }

    /// Takes bytes that were read.
    pub(super) fn add(&mut self, window: ContentWindow) {
        if window.bytes.is_empty() {
            return;
        }
        self.windows.push(window);
        self.windows.sort_by_key(|window| window.offset);
        let mut joined: Vec<ContentWindow> = vec![];
        for window in self.windows.drain(..) {
            match joined.last_mut() {
                Some(last) if window.offset <= last.end() => {
                    let known = usize::try_from(last.end() - window.offset).unwrap_or(usize::MAX);
                    last.bytes.extend_from_slice(window.bytes.get(known..).unwrap_or_default());
                }
                _ => joined.push(window),
            }
        }
        self.windows = joined;
        // Going on and on through an object does not keep all of it: its beginning and what was read last stay.
        while self.bytes() > MOST_OF_ONE && self.windows.len() > 2 {
            self.windows.remove(1);
        }
    }
}

impl KeptContents {
    /// What was read of this before, or nothing of it yet.
    pub(super) fn take(&mut self, session: SessionId, source: &LookSource) -> ReadContent {
        let is_it = |kept: &ReadContent| {
            kept.session == session
                && kept.address == source.address
                && source.etag.is_some()
                && (kept.asked_etag == source.etag || kept.etag == source.etag)
        };
        let found = self.0.iter().position(is_it).and_then(|at| self.0.remove(at));
        found.unwrap_or_else(|| ReadContent::new(session, source))
    }

    /// Keeps what was read.
    pub(super) fn keep(&mut self, content: ReadContent) {
        self.0.retain(|kept| kept.session != content.session || kept.address != content.address);
        self.0.push_back(content);
        while self.0.len() > MOST_KEPT || self.0.iter().map(ReadContent::bytes).sum::<usize>() > MOST_BYTES {
            self.0.pop_front();
        }
    }

    pub(super) fn forget_session(&mut self, session: SessionId) {
        self.0.retain(|kept| kept.session != session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(key: &str) -> LookSource {
        LookSource { address: ObjectAddress::new("b", key), etag: Some("e".into()), size: None }
    }

    fn window(offset: u64, length: usize) -> ContentWindow {
        ContentWindow { offset, bytes: (offset..).take(length).map(|at| at.to_le_bytes()[0]).collect() }
    }

    #[test]
    fn what_touches_is_one_and_only_what_is_missing_is_read() {
        let mut content = ReadContent::new(SessionId(1), &source("a"));
        for (offset, length) in [(0, 10), (20, 5), (8, 6)] {
            content.add(window(offset, length));
        }
        let spans: Vec<(u64, usize)> = content.windows().iter().map(|one| (one.offset, one.bytes.len())).collect();
        assert_eq!(spans, [(0, 14), (20, 5)]);
        assert_eq!(content.piece(ByteSpan { offset: 12, length: 9 }), [12, 13]);
        for (offset, length, missing) in
            [(0, 14, None), (0, 20, Some((14, 6))), (14, 4, Some((14, 4))), (22, 3, None), (22, 9, Some((25, 6)))]
        {
            let found = content.missing(ByteSpan { offset, length }).map(|span| (span.offset, span.length));
            assert_eq!(found, missing, "{offset} {length}");
        }
    }

    #[test]
    fn thirty_two_contents_are_kept_and_eight_mebibytes() {
        let mut kept = KeptContents::default();
        let read = |key: &str, length: usize| {
            let mut content = ReadContent::new(SessionId(1), &source(key));
            content.add(window(0, length));
            content
        };
        for number in 0..40 {
            kept.keep(read(&number.to_string(), 10));
        }
        let is_kept = |kept: &mut KeptContents, key: &str| !kept.take(SessionId(1), &source(key)).windows().is_empty();
        assert_eq!(["7", "8", "39"].map(|key| is_kept(&mut kept, key)), [false, true, true]);
        for number in 0..9 {
            kept.keep(read(&format!("large {number}"), 1024 * 1024));
        }
        assert_eq!(["38", "large 0", "large 1"].map(|key| is_kept(&mut kept, key)), [false, false, true]);
        kept.forget_session(SessionId(1));
        assert!(!is_kept(&mut kept, "large 2"), "what a session read goes with it");
    }

    #[test]
    fn what_another_session_or_another_etag_has_is_not_shown() {
        let mut kept = KeptContents::default();
        let mut content = ReadContent::new(SessionId(1), &source("a"));
        content.add(window(0, 3));
        for (session, etag, found) in
            [(2, Some("e"), false), (1, Some("f"), false), (1, None, false), (1, Some("e"), true)]
        {
            kept.keep(content.clone());
            let source = LookSource { etag: etag.map(Into::into), ..source("a") };
            assert_eq!(!kept.take(SessionId(session), &source).windows().is_empty(), found, "{session} {etag:?}");
        }
    }
}
