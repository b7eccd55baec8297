//! Bytes of objects that were read, kept for a while: another view of them, or coming back to them, asks nobody.
//!
//! Invariant: what is kept was read with the session, of the version and with the `ETag` that it is kept for. The newest
//! [`MOST_KEPT`] contents are kept, [`MOST_BYTES`] together.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;

use crate::{
    app::LookSource,
    domain::{
        credentials::SessionId,
        object::{ObjectAddress, ReadCost},
    },
    preview::{ByteSpan, ContentWindow, LARGEST_BUDGET},
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
pub(super) struct KeptContents {
    contents: VecDeque<ReadContent>,
    /// Sessions of which nothing is kept any more: a look that is being stopped may still come with something.
    forgotten: HashSet<SessionId>,
}

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
        let newest = window.offset;
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
        if self.bytes() > MOST_OF_ONE {
            self.drop_middle(newest);
        }
        while self.bytes() > MOST_OF_ONE && self.windows.len() > 2 && !self.is_ranged {
            self.windows.remove(1);
        }
    }

    /// Going on and on through an object does not keep all of it: its beginning and what was read last, from `newest` on,
    /// stay. What lies elsewhere, a long footer perhaps, stays too.
    fn drop_middle(&mut self, newest: u64) {
        let holds = |window: &ContentWindow| (window.offset..window.end()).contains(&newest);
        let Some(at) = self.windows.iter().position(holds) else { return };
        let window = &mut self.windows[at];
        let beginning = if window.offset == 0 { LARGEST_BUDGET.min(newest) } else { 0 };
        let last = usize::try_from(newest - window.offset).unwrap_or(usize::MAX);
        let last = ContentWindow { offset: newest, bytes: window.bytes.split_off(last.min(window.bytes.len())) };
        window.bytes.truncate(usize::try_from(beginning).unwrap_or(usize::MAX));
        window.bytes.shrink_to_fit();
        if window.bytes.is_empty() {
            *window = last;
        } else if window.end() == last.offset {
            window.bytes.extend_from_slice(&last.bytes);
        } else {
            self.windows.insert(at + 1, last);
        }
    }

    /// Whether every byte of the object is here.
    pub(super) fn is_whole(&self) -> bool {
        let whole = self.size.map(|size| ByteSpan { offset: 0, length: size });
        whole.is_some_and(|whole| self.missing(whole).is_none())
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
        let found = self.contents.iter().position(is_it).and_then(|at| self.contents.remove(at));
        match found {
            // A service that does not say how large an object is leaves that to the listing of the same `ETag`.
            Some(kept) => ReadContent { size: kept.size.or(source.size), ..kept },
            None => ReadContent::new(session, source),
        }
    }

    /// Keeps what was read, unless its session was forgotten meanwhile.
    pub(super) fn keep(&mut self, content: ReadContent) {
        if self.forgotten.contains(&content.session) {
            return;
        }
        self.contents.retain(|kept| kept.session != content.session || kept.address != content.address);
        self.contents.push_back(content);
        while self.contents.len() > MOST_KEPT
            || self.contents.iter().map(ReadContent::bytes).sum::<usize>() > MOST_BYTES
        {
            self.contents.pop_front();
        }
    }

    pub(super) fn forget_session(&mut self, session: SessionId) {
        self.contents.retain(|kept| kept.session != session);
        self.forgotten.insert(session);
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
    fn going_on_through_an_object_keeps_its_beginning_and_what_was_read_last() {
        let mut content = ReadContent::new(SessionId(1), &source("a"));
        let step = 256 * 1024;
        for at in 0..40 {
            content.add(window(at * step as u64, step));
            assert!(content.bytes() <= MOST_OF_ONE, "{at}: {} bytes", content.bytes());
            let newest = ByteSpan { offset: at * step as u64, length: step as u64 };
            assert_eq!(content.missing(newest), None, "{at}: what was read last is here");
        }
        assert_eq!(content.missing(ByteSpan { offset: 0, length: LARGEST_BUDGET }), None);
        assert!(content.windows().iter().all(|one| one.bytes[..9] == window(one.offset, 9).bytes), "in its place");

        // A footer that was asked for stays, however far somebody goes on.
        let mut content = ReadContent { is_ranged: true, ..ReadContent::new(SessionId(1), &source("a")) };
        let footer = ByteSpan { offset: 1 << 30, length: 4 << 20 };
        content.add(window(footer.offset, 4 << 20));
        for at in 0..40 {
            content.add(window(at * step as u64, step));
            assert!(content.bytes() <= (4 << 20) + MOST_OF_ONE, "{at}: {} bytes", content.bytes());
        }
        assert_eq!(content.missing(footer), None);
    }

    #[test]
    fn all_is_here_only_where_there_is_no_gap() {
        let mut content = ReadContent::new(SessionId(1), &LookSource { size: Some(30), ..source("a") });
        for (offset, length, is_whole) in [(0, 10, false), (20, 10, false), (20, 10, false), (5, 15, true)] {
            content.add(window(offset, length));
            assert_eq!(content.is_whole(), is_whole, "{offset}");
        }
        assert!(!ReadContent { size: None, ..content }.is_whole(), "nobody says where it ends");
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
        kept.keep(read("late", 10));
        assert!(!is_kept(&mut kept, "late"), "what comes of a forgotten session is not kept");
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
