//! Sends the requests of a listing, and waits where it must.
//!
//! Invariant: every request belongs to this value and ends with it. While a session is being renewed, or while a service
//! asks to wait, no new request is sent.

use std::{
    future::pending,
    hash::{BuildHasher, RandomState},
    pin::Pin,
};

use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
};

use super::{
    pace::{Pace, Slower},
    pages::Pages,
    plan::{Ended, Event, ListProgress, Plan},
};
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    listing::{
        ContinuationToken, Page, RequestCounter, TokenListener,
        keyspace::{Keyspace, NumberedRequest, RowOrder},
        may_refuse_the_token,
    },
    location::Location,
    name_text::text_of,
};

/// Bytes of rows that may wait for others before them.
const MOST_HELD: usize = 64 << 20;

/// Pages that may arrive at a time where they are requested one after another: the next as soon as the one before it has
/// sent its token. Three: one is on its way while two are read, each on a core.
const AHEAD: usize = 3;

/// How often in a row a request may fail.
const MOST_FAILURES: u32 = 2;

/// Sessions in a row that bring nothing; a slow answer may come when its session is already over.
const MOST_FRUITLESS: u32 = 8;

type WaitFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

type RenewalFuture = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// A listing under way.
pub(super) struct ListingRun<P> {
    pages: P,
    location: Location,
    order: RowOrder,
    most_memory: usize,
    space: Keyspace,
    pace: Pace,
    requests: JoinSet<RequestResult>,
    tokens: (mpsc::UnboundedSender<ReceivedToken>, mpsc::UnboundedReceiver<ReceivedToken>),
    events: mpsc::Sender<Event>,
    sent: RequestCounter,
    /// Bytes of the rows that were handed on, which the receiver may keep in fewer blocks; and the last of them.
    handed_on: usize,
    last: Option<String>,
    session: ListingSession,
    wait: Option<WaitFuture>,
    chance: RandomState,
}

/// Which session it is since the listing began, and whether another one is being waited for.
#[derive(Default)]
struct ListingSession {
    number: u64,
    /// Renewals since the last answer.
    fruitless: u32,
    renewal: Option<RenewalFuture>,
}

/// How a request ended, and of which session and round it was.
struct RequestResult {
    id: u64,
    session: u64,
    round: u64,
    page: Result<Page, Failure>,
}

/// A token that came before its page was complete.
struct ReceivedToken {
    id: u64,
    token: ContinuationToken,
}

impl<P: Pages> ListingRun<P> {
    pub(super) fn new(pages: P, plan: Plan, events: mpsc::Sender<Event>) -> Self {
        let Plan { location, delimited, behind, most_in_flight, order, most_memory } = plan;
        Self {
            pages,
            order,
            most_memory,
            space: Keyspace::new(location.clone(), delimited, behind.as_deref(), order, most_in_flight),
            location,
            pace: Pace::new(most_in_flight),
            requests: JoinSet::new(),
            tokens: mpsc::unbounded_channel(),
            events,
            sent: RequestCounter::default(),
            handed_on: 0,
            last: None,
            session: ListingSession::default(),
            wait: None,
            chance: RandomState::new(),
        }
    }

    pub(super) async fn run_to_end(mut self) -> Result<Ended, Failure> {
        let ended = self.list_to_end().await;
        if ended.is_err() {
            // The requests that failed count too.
            let _ = self.send_progress().await;
        }
        ended
    }

    async fn list_to_end(&mut self) -> Result<Ended, Failure> {
        loop {
            self.start_requests();
            tokio::select! {
                biased;
                Some(ReceivedToken { id, token }) = self.tokens.1.recv() => {
                    self.space.token_came(id, token);
                    continue;
                }
                Some(answer) = self.requests.join_next() => self.handle_result(answer).await?,
                renewed = await_pending_renewal(&mut self.session.renewal) => {
                    renewed?;
                    self.session.number += 1;
                    self.session.renewal = None;
                }
                () = await_pending_wait(&mut self.wait) => self.wait = None,
            }
            if let Some(ended) = self.hand_on().await {
                return Ok(ended);
            }
        }
    }

    /// Makes the requests that there are to make now.
    fn start_requests(&mut self) {
        while self.session.renewal.is_none() && self.wait.is_none() {
            let free = self.requests.len() < self.pace.limit();
            let full = self.space.bytes_held() > self.waiting_room();
            let next = match free {
                true if full => self.space.next_in_front(),
                true => self.space.next_ask(),
                false => None,
            };
            // Requested one after another, the next page is still requested while the last ones arrive.
            let ahead = next.is_none() && !full && self.requests.len() < self.pace.limit().max(AHEAD);
            let Some(ask) = next.or_else(|| if ahead { self.space.next_ahead() } else { None }) else { return };
            self.start_request(ask);
        }
    }

    /// Bytes of rows that may wait: what waits is held like what was handed on.
    fn waiting_room(&self) -> usize {
        self.most_memory.saturating_sub(self.handed_on).min(MOST_HELD)
    }

    fn start_request(&mut self, ask: NumberedRequest) {
        let (session, round) = (self.session.number, self.pace.round());
        let (pages, tokens) = (self.pages.clone(), self.tokens.0.clone());
        let sent = self.sent.clone();
        self.requests.spawn(async move {
            let id = ask.id;
            let early: TokenListener = Box::new(move |token| {
                // There is no receiver once the listing has ended.
                let _ = tokens.send(ReceivedToken { id, token });
            });
            let page = pages.get_page(ask.request, Some(early), &sent).await;
            RequestResult { id, session, round, page }
        });
    }

    async fn handle_result(&mut self, answer: Result<RequestResult, JoinError>) -> Result<(), Failure> {
        let RequestResult { id, session, round, page } = answer.map_err(|_| self.broken_request())?;
        match page {
            Ok(page) => {
                self.pace.note_answer();
                self.session.fruitless = 0;
                if let Err(unfit) = self.space.take_reply(id, page) {
                    let failure = self.malformed_listing(&unfit.fault.to_string());
                    return if unfit.failures < MOST_FAILURES { Ok(()) } else { Err(failure) };
                }
                Ok(())
            }
            Err(failure) if is_end_of_session(&failure) => {
                self.space.put_back(id);
                self.await_renewal(session, failure).await
            }
            Err(failure) if asks_for_fewer(&failure) => {
                self.space.put_back(id);
                self.slow_down(round, failure)
            }
            Err(failure) => match self.space.take_failure(id) {
                // Requested again, it goes on after the last row, which was not known then.
                Some(failed) if failed.by_token_alone && may_refuse_the_token(&failure) => Ok(()),
                Some(failed) if failed.failures >= MOST_FAILURES || is_final(&failure) => Err(failure),
                Some(_) | None => Ok(()),
            },
        }
    }

    /// Waits before the next request, as the service asked.
    fn slow_down(&mut self, round: u64, failure: Failure) -> Result<(), Failure> {
        match self.pace.note_refusal(round, failure.asks_to_wait, self.random_fraction()) {
            Slower::Already => {}
            Slower::Wait(wait, attempt) => {
                let pages = self.pages.clone();
                self.wait = Some(Box::pin(async move { pages.sit_out(wait, &failure, attempt).await }));
            }
            Slower::Hopeless => return Err(failure),
        }
        Ok(())
    }

    /// Waits for another session, once for each that ends.
    async fn await_renewal(&mut self, session: u64, ended: Failure) -> Result<(), Failure> {
        if session < self.session.number || self.session.renewal.is_some() {
            return Ok(());
        }
        self.session.fruitless += 1;
        if self.session.fruitless > MOST_FRUITLESS {
            return Err(ended);
        }
        let pages = self.pages.clone();
        self.session.renewal = Some(Box::pin(async move { pages.wait_for_renewal(ended).await }));
        let _ = self.events.send(Event::Paused).await;
        Ok(())
    }

    /// Hands on what came; returns how the listing ended, if it did.
    async fn hand_on(&mut self) -> Option<Ended> {
        while let Some(rows) = self.space.next_ready() {
            self.handed_on = self.handed_on.saturating_add(rows.memory_of_rows());
            if self.order == RowOrder::Keys {
                let last = rows.len().checked_sub(1).map(|last| rows.name(last));
                self.last = last.map(|last| text_of(&last).into_owned());
            }
            if self.events.send(Event::Rows(rows)).await.is_err() {
                return Some(Ended::Unwanted);
            }
            if self.handed_on >= self.most_memory && !self.space.is_complete() {
                return Some(Ended::Full { behind: self.last.take() });
            }
        }
        if !self.send_progress().await {
            return Some(Ended::Unwanted);
        }
        self.space.is_complete().then_some(Ended::Complete)
    }

    /// Reports the progress; whether anything still takes the events.
    async fn send_progress(&mut self) -> bool {
        let in_flight = if self.space.is_complete() { 0 } else { self.requests.len() };
        let progress = ListProgress { found: self.space.rows_found(), requests: self.sent.count(), in_flight };
        self.events.send(Event::Progress(progress)).await.is_ok()
    }

    /// A number from 0 to 1.
    fn random_fraction(&self) -> f64 {
        f64::from((self.chance.hash_one(self.sent.count()) % 1000) as u32) / 1000.0
    }

    fn malformed_listing(&self, fault: &str) -> Failure {
        let failure = Failure::local(FailureKind::Malformed, "list", self.location.in_words(), fault);
        Failure { service: Service::S3, ..failure }
    }

    /// The code of a request panicked. The panic message is dropped: it may quote anything.
    fn broken_request(&self) -> Failure {
        Failure::local(FailureKind::Other, "list", self.location.in_words(), "a bug in ebbtide")
    }
}

async fn await_pending_renewal(renewal: &mut Option<RenewalFuture>) -> Result<(), Failure> {
    match renewal {
        Some(renewal) => renewal.await,
        None => pending().await,
    }
}

async fn await_pending_wait(wait: &mut Option<WaitFuture>) {
    match wait {
        Some(wait) => wait.await,
        None => pending().await,
    }
}

fn is_end_of_session(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Expired | FailureKind::InvalidCredentials)
}

fn asks_for_fewer(failure: &Failure) -> bool {
    failure.kind == FailureKind::Throttled || matches!(failure.status, Some(429 | 503))
}

/// What would fail again however often it is tried; a faulty page has been requested twice by then, and what was not
/// answered in time has had as long as any call has, its repetitions included.
fn is_final(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::Denied
            | FailureKind::NotFound
            | FailureKind::WrongRegion
            | FailureKind::Invalid
            | FailureKind::Malformed
            | FailureKind::Timeout
    )
}
