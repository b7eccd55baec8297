//! The key space of one listing, cut into spans that are listed side by side.
//!
//! Invariant: the spans tile what is still to be listed, each beginning after the key at which the one before it ends; a row
//! belongs to the one span it lies in. So every row comes exactly once, wherever cuts are made and whatever they are
//! guessed from: a bad cut costs one request.

mod alphabet;
mod cuts;
mod span;
mod survey;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use self::{
    alphabet::Alphabets,
    span::{PageAhead, Span, SpanStart},
    survey::{Probe, Survey},
};
use super::{Block, ContinuationToken, ListRequest, Page, PageFault};
use crate::domain::{location::Location, name_text::bytes_of};

/// A rest of fewer pages than this is left alone: cut in two, it would only cost a request more.
const WORTH_CUTTING: f64 = 1.1;

/// What is thought of cuts before any was made.
const AT_FIRST: f64 = 0.125;

/// In which order rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOrder {
    /// In that of the keys' bytes.
    Keys,
    /// As they come.
    Any,
}

/// A request to make, and the number to answer it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedRequest {
    /// Its number.
    pub id: u64,
    /// What to ask.
    pub request: ListRequest,
}

/// A page that does not go on where the one before ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MisplacedPage {
    /// What is wrong with it.
    pub fault: PageFault,
    /// How often in a row the request for it has failed now.
    pub failures: u32,
}

/// What a failed request means for the page that it was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedRequest {
    /// How often in a row the request for it has failed now.
    pub failures: u32,
    /// It was requested by a token alone. Requested again, it can do without.
    pub by_token_alone: bool,
}

/// What a request was made for.
#[derive(Debug)]
enum RequestPurpose {
    Page(SpanStart),
    /// The page after the one that still arrives, by the token that came early.
    Ahead(SpanStart),
    /// The same once that one has come: it is what the span waits for, requested by its token alone.
    Promoted(SpanStart),
    Probe(Probe),
}

/// What is known of the keys, and who lists which part of them.
#[derive(Debug)]
pub struct Keyspace {
    location: Location,
    delimited: bool,
    order: RowOrder,
    /// Requests at a time, at most; with one, nothing is cut.
    most: usize,
    /// Spans of which nothing has come yet since they were cut off.
    guesses: usize,
    /// Which part of the newest cuts was worth its request.
    trust: f64,
    /// Pages that came, also those that were not full.
    pages: usize,
    spans: BTreeMap<SpanStart, Span>,
    idle: BTreeSet<SpanStart>,
    asked: BTreeMap<u64, RequestPurpose>,
    next_id: u64,
    /// Spans to whose next page a token came early.
    early: Vec<SpanStart>,
    ready: VecDeque<Block>,
    held: usize,
    found: u64,
    alphabets: Alphabets,
    survey: Survey,
    begun: bool,
    /// Nothing is after this key: an answer has said so.
    ceiling: Option<Arc<[u8]>>,
    /// Rows of a full page.
    page: f64,
}

impl Keyspace {
    /// Everything in a location after a key, to be requested with so many requests at a time.
    pub fn new(location: Location, delimited: bool, behind: Option<&str>, order: RowOrder, most: usize) -> Self {
        let start: SpanStart = behind.map(|behind| Arc::from(&*bytes_of(behind)));
        Self {
            delimited,
            order,
            most,
            guesses: 0,
            trust: AT_FIRST,
            pages: 0,
            spans: BTreeMap::from([(start.clone(), Span::new(&start, None, 0.0))]),
            idle: BTreeSet::from([start]),
            asked: BTreeMap::new(),
            next_id: 0,
            early: vec![],
            ready: VecDeque::new(),
            held: 0,
            found: 0,
            alphabets: Alphabets::behind_prefix(&location.prefix),
            survey: Survey::new(&location, delimited, most),
            begun: false,
            ceiling: None,
            page: 1.0,
            location,
        }
    }

    /// Whether everything has come.
    pub fn is_complete(&self) -> bool {
        self.spans.is_empty()
    }

    /// Rows that came so far.
    pub fn rows_found(&self) -> u64 {
        self.found
    }

    /// Bytes of rows that wait for others before them.
    pub fn bytes_held(&self) -> usize {
        self.held
    }

    /// The next rows to hand on.
    pub fn next_ready(&mut self) -> Option<Block> {
        self.ready.pop_front()
    }

    /// A request that there is to make now; the range that is thought to have most to come is cut for it if need be.
    pub fn next_ask(&mut self) -> Option<NumberedRequest> {
        if self.idle.is_empty()
            && let Some((probe, request)) = self.survey.next_probe()
        {
            return Some(self.number_request(RequestPurpose::Probe(probe), request));
        }
        if self.idle.is_empty() && self.may_guess() && !self.survey.is_young() {
            self.cut_longest();
        }
        let start = self.idle.pop_first()?;
        self.ask_page(start)
    }

    /// Only the first rows in order, so that nothing more has to wait for them.
    pub fn next_in_front(&mut self) -> Option<NumberedRequest> {
        let front = self.spans.keys().next().filter(|front| self.idle.contains(*front)).cloned()?;
        self.idle.remove(&front);
        self.ask_page(front)
    }

    /// A page whose token came before the page it follows was complete.
    pub fn next_ahead(&mut self) -> Option<NumberedRequest> {
        while let Some(start) = self.early.pop() {
            let Some(span) = self.spans.get_mut(&start).filter(|span| span.ahead.is_none()) else { continue };
            let wanted = span.asked.is_some() && (self.most == 1 || span.rest > WORTH_CUTTING * self.page);
            let Some(token) = span.early.take().filter(|_| wanted) else { continue };
            let request = ListRequest {
                location: self.location.clone(),
                delimited: self.delimited,
                after: Some(token.clone()),
                ..ListRequest::default()
            };
            span.ahead = Some(PageAhead { id: self.next_id, token, page: None, early: None });
            return Some(self.number_request(RequestPurpose::Ahead(start), request));
        }
        None
    }

    fn ask_page(&mut self, start: SpanStart) -> Option<NumberedRequest> {
        let span = self.spans.get_mut(&start)?;
        span.asked = Some(self.next_id);
        let request = ListRequest {
            location: self.location.clone(),
            delimited: self.delimited,
            after: span.token.clone(),
            last: span.last_name(),
            max_keys: None,
        };
        Some(self.number_request(RequestPurpose::Page(start), request))
    }

    fn number_request(&mut self, purpose: RequestPurpose, request: ListRequest) -> NumberedRequest {
        let id = self.next_id;
        self.next_id += 1;
        self.asked.insert(id, purpose);
        NumberedRequest { id, request }
    }

    /// The token of the page after the one that is arriving.
    pub fn token_came(&mut self, id: u64, token: ContinuationToken) {
        match self.asked.get(&id) {
            Some(RequestPurpose::Page(start) | RequestPurpose::Promoted(start)) => {
                if let Some(span) = self.spans.get_mut(start) {
                    span.early = Some(token);
                    self.early.push(start.clone());
                }
            }
            Some(RequestPurpose::Ahead(start)) => {
                let ahead = self.spans.get_mut(start).and_then(|span| span.ahead.as_mut());
                if let Some(ahead) = ahead.filter(|ahead| ahead.id == id) {
                    ahead.early = Some(token);
                }
            }
            Some(RequestPurpose::Probe(_)) | None => {}
        }
    }

    /// Takes an answer.
    ///
    /// # Errors
    /// If the page does not go on where the one before ended; it is to be requested again.
    pub fn take_reply(&mut self, id: u64, page: Page) -> Result<(), MisplacedPage> {
        match self.asked.remove(&id) {
            Some(RequestPurpose::Page(start) | RequestPurpose::Promoted(start)) => self.take_page(&start, page),
            Some(RequestPurpose::Ahead(start)) => {
                let ahead = self.spans.get_mut(&start).and_then(|span| span.ahead.as_mut());
                if let Some(ahead) = ahead.filter(|ahead| ahead.id == id) {
                    ahead.page = Some(page);
                }
                Ok(())
            }
            Some(RequestPurpose::Probe(probe)) => {
                self.learn_from(&page.rows);
                self.take_probe(&probe, Some(&page));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes it that a request failed, which will be made again, from the same token. `None` if the listing goes on without
    /// its answer.
    pub fn take_failure(&mut self, id: u64) -> Option<FailedRequest> {
        match self.asked.remove(&id)? {
            RequestPurpose::Page(start) => {
                self.begin_again(start).map(|failures| FailedRequest { failures, by_token_alone: false })
            }
            RequestPurpose::Promoted(start) => {
                self.begin_again(start).map(|failures| FailedRequest { failures, by_token_alone: true })
            }
            RequestPurpose::Ahead(start) => {
                self.spans.get_mut(&start)?.ahead = None;
                None
            }
            RequestPurpose::Probe(probe) => {
                self.take_probe(&probe, None);
                None
            }
        }
    }

    /// Treats a request as not sent, because the session was over or the service asked for fewer.
    pub fn put_back(&mut self, id: u64) {
        match self.asked.remove(&id) {
            Some(RequestPurpose::Probe(probe)) => self.survey.put_back(probe),
            Some(RequestPurpose::Page(start) | RequestPurpose::Promoted(start)) => {
                let failures = self.spans.get(&start).map_or(0, |span| span.failures);
                self.begin_again(start.clone());
                if let Some(span) = self.spans.get_mut(&start) {
                    span.failures = failures;
                }
            }
            Some(RequestPurpose::Ahead(start)) => {
                if let Some(span) = self.spans.get_mut(&start) {
                    span.ahead = None;
                }
            }
            None => {}
        }
    }

    /// Takes what a question brought, and estimates by it.
    fn take_probe(&mut self, probe: &Probe, page: Option<&Page>) {
        let known = self.survey.known_so_far();
        self.survey.take_reply(probe, page);
        if self.survey.known_so_far() != known {
            self.estimate_anew();
        }
    }

    fn begin_again(&mut self, start: SpanStart) -> Option<u32> {
        let span = self.spans.get_mut(&start)?;
        // What was requested ahead may still be what follows.
        (span.asked, span.early) = (None, None);
        span.failures += 1;
        let failures = span.failures;
        self.idle.insert(start);
        Some(failures)
    }

    fn take_page(&mut self, start: &SpanStart, page: Page) -> Result<(), MisplacedPage> {
        let Some(span) = self.spans.get_mut(start) else { return Ok(()) };
        let rows = match span.take_page(page) {
            Ok(rows) => rows,
            Err(fault) => {
                return Err(MisplacedPage { fault, failures: self.begin_again(start.clone()).unwrap_or_default() });
            }
        };
        span.asked = None;
        self.pages += 1;
        self.found += rows.len() as u64;
        self.note_page(start, &rows);
        self.hand_on(start, rows);
        self.go_on(start)
    }

    /// Rows of the first span go on at once, and then those of the spans that follow it.
    fn hand_on(&mut self, start: &SpanStart, rows: Block) {
        let in_front = self.spans.keys().next() == Some(start);
        if self.order == RowOrder::Any || in_front {
            if !rows.is_empty() {
                self.ready.push_back(rows);
            }
        } else if let Some(span) = self.spans.get_mut(start).filter(|_| !rows.is_empty()) {
            self.held += rows.memory_bytes();
            span.rows.push(rows);
        }
        if self.order == RowOrder::Any && self.spans.get(start).is_some_and(|span| span.done) {
            self.spans.remove(start);
        }
        while let Some(mut first) = self.spans.first_entry() {
            for rows in first.get_mut().rows.drain(..) {
                self.held -= rows.memory_bytes();
                self.ready.push_back(rows);
            }
            if !first.get().done {
                break;
            }
            first.remove();
        }
    }

    /// What is next in a span: nothing, the page that was requested ahead, or a request.
    fn go_on(&mut self, start: &SpanStart) -> Result<(), MisplacedPage> {
        let Some(span) = self.spans.get_mut(start).filter(|span| !span.done) else { return Ok(()) };
        span.early = None;
        match span.ahead.take().filter(|ahead| span.token.as_ref() == Some(&ahead.token)) {
            Some(PageAhead { page: Some(page), .. }) => self.take_page(start, page),
            Some(ahead) => {
                span.asked = Some(ahead.id);
                span.early = ahead.early;
                if span.early.is_some() {
                    self.early.push(start.clone());
                }
                self.asked.insert(ahead.id, RequestPurpose::Promoted(start.clone()));
                Ok(())
            }
            None => {
                self.idle.insert(start.clone());
                Ok(())
            }
        }
    }
}
