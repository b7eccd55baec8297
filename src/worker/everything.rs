//! Lists everything in a location, and continues with another session after the first has expired.
//!
//! Invariant: requests use only the latest session. While there is no valid session, no request is sent, and the rows
//! are kept.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval},
};

use super::handle::{Handle, catch_panic, forgotten_session};
use crate::{
    app::{Generation, Loaded, Message},
    aws::S3,
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        listing::{Block, ListRequest, Page, RequestCounter, TokenListener},
        location::Location,
    },
    lister::{Ended, Event, ListProgress, Pages, Plan, RowOrder, list_all},
};

/// Requests at a time, where the service stands that many: a million keys in two seconds at 50 ms an answer. Twice as
/// many would take a second off, and keep twice as many rows and buffers waiting for those before them.
const MOST_IN_FLIGHT: usize = 32;

/// Rows come faster than they can be drawn: they are handed on together, thirty times a second.
const TOLD_EVERY: Duration = Duration::from_millis(33);

/// The session in use. Replies keep the listing's number also after a change: none of its rows may be dropped.
#[derive(Clone)]
struct CurrentSession {
    /// Which session it is since the listing began.
    number: u64,
    session: SessionId,
    s3: Option<S3>,
}

/// Hands sessions to the listing that is under way.
pub(super) struct ListingLink {
    to: watch::Sender<CurrentSession>,
    session: SessionId,
}

impl ListingLink {
    /// Whether the listing has ended, or asks with this session.
    pub(super) fn ends_with(&self, session: SessionId) -> bool {
        self.session == session || self.to.is_closed()
    }
}

/// The browser's way to list a location: its rows as they are looked at.
pub(super) fn browse_plan(location: Location) -> Plan {
    Plan {
        location,
        delimited: true,
        behind: None,
        most_in_flight: MOST_IN_FLIGHT,
        order: RowOrder::Keys,
        most_memory: usize::MAX,
    }
}

/// Pages with the session of the moment.
#[derive(Clone)]
struct RenewablePages {
    handle: Handle,
    generation: Generation,
    in_use: watch::Receiver<CurrentSession>,
    /// The newest session that got a refusal, and its number: when that is reported, another one may be in
    /// use.
    refused: Arc<Mutex<(u64, SessionId)>>,
    subject: String,
}

impl RenewablePages {
    fn new(handle: Handle, generation: Generation, in_use: watch::Receiver<CurrentSession>, subject: String) -> Self {
        let first = in_use.borrow().clone();
        let refused = Arc::new(Mutex::new((first.number, first.session)));
        Self { handle, generation, in_use, refused, subject }
    }

    async fn ask_page(
        &self,
        with: &CurrentSession,
        request: ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> Result<Page, Failure> {
        let answer = match &with.s3 {
            Some(s3) => s3.get_page(request, early, sent).await,
            None => Err(forgotten_session("list", &self.subject)),
        };
        answer.inspect_err(|_| {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            *refused = (*refused).max((with.number, with.session));
        })
    }

    fn newest_refused(&self) -> (u64, SessionId) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages for RenewablePages {
    async fn get_page(
        &self,
        request: ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> Result<Page, Failure> {
        let signer = self.in_use.borrow().clone();
        let answer = self.ask_page(&signer, request.clone(), early, sent).await;
        // Another session came while this one was refused.
        let newer = self.in_use.borrow().clone();
        let ended = answer.as_ref().is_err_and(|failure| failure.kind == FailureKind::Expired);
        if newer.number != signer.number && ended { self.ask_page(&newer, request, None, sent).await } else { answer }
    }

    async fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) {
        let s3 = self.in_use.borrow().s3.clone();
        if let Some(s3) = s3 {
            s3.sit_out(wait, failure, attempt).await;
        }
    }

    async fn wait_for_renewal(&self, ended: Failure) -> Result<(), Failure> {
        let mut in_use = self.in_use.clone();
        // Not the one in use by now, which may have come since the refusal.
        let (number, session) = self.newest_refused();
        let paused = Message::ListingPaused { generation: self.generation, session, failure: ended.clone() };
        self.handle.send_reply(paused).await;
        in_use.wait_for(|now| now.number > number).await.map(drop).map_err(|_| ended)
    }
}

impl Handle {
    /// The work, and where it gets its next session from.
    pub(super) fn list_everything(
        self,
        generation: Generation,
        session: SessionId,
        plan: Plan,
    ) -> (impl Future<Output = ()> + Send, ListingLink) {
        let s3 = self.s3_of(session);
        let (link, in_use) = watch::channel(CurrentSession { number: 0, session, s3 });
        let subject = plan.location.in_words();
        let pages = RenewablePages::new(self.clone(), generation, in_use, subject.clone());
        let source = pages.clone();
        let work = async move {
            let (events, arriving) = mpsc::channel(64);
            let listing = catch_panic("list", &subject, Box::pin(list_all(pages, plan, events)));
            let (outcome, ()) = tokio::join!(listing, self.forward_events(generation, arriving));
            let outcome = outcome.map(|ended| match ended {
                Ended::Complete => Loaded::Everything,
                Ended::Full { .. } | Ended::Unwanted => Loaded::AsMuchAsFits,
            });
            let (_, session) = source.newest_refused();
            self.send_reply(Message::EverythingArrived { generation, session, outcome }).await;
        };
        (work, ListingLink { to: link, session })
    }

    /// Goes on with another session.
    pub(super) fn resume_listing(&self, link: &mut ListingLink, session: SessionId) {
        let s3 = self.s3_of(session);
        link.session = session;
        link.to.send_modify(|in_use| *in_use = CurrentSession { number: in_use.number + 1, session, s3 });
    }

    fn s3_of(&self, session: SessionId) -> Option<S3> {
        self.lock_sessions().get(&session).map(|held| held.s3.clone())
    }

    async fn forward_events(&self, generation: Generation, mut arriving: mpsc::Receiver<Event>) {
        let mut ticks = interval(TOLD_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut rows, mut progress, mut new) = (vec![], ListProgress::default(), false);
        loop {
            tokio::select! {
                event = arriving.recv() => match event {
                    Some(Event::Rows(block)) => { rows.push(block); new = true; }
                    Some(Event::Progress(now)) => { progress = now; new = true; }
                    Some(Event::Paused) => {}
                    None => break,
                },
                _ = ticks.tick(), if new => {
                    self.tell_rows(generation, std::mem::take(&mut rows), progress).await;
                    new = false;
                }
            }
        }
        self.tell_rows(generation, rows, progress).await;
    }

    async fn tell_rows(&self, generation: Generation, rows: Vec<Block>, progress: ListProgress) {
        let ListProgress { found, requests, .. } = progress;
        self.send_reply(Message::RowsArrived { generation, rows, found, requests }).await;
    }
}
