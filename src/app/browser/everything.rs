//! Everything that a location holds: requested by many requests at a time, shown in the order of keys.
//!
//! Invariant: rows are only added behind the last one, so that where this is stopped, for whatever reason, it goes on behind
//! that row. An end of the session pauses it once; the next session resumes it.

use jiff::Timestamp;

use super::Browser;
use crate::{
    app::{
        cx::Cx,
        effect::{Effect, Generation, View},
        message::Loaded,
        wish::Wish,
    },
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        listing::{Block, Rest},
    },
};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Everything {
    /// Rows that came, also those that wait for others before them.
    pub found: u64,
    /// Requests that were made.
    pub requests: u64,
    /// When it began.
    pub since: Timestamp,
    /// Whether it waits for another session.
    pub(super) paused: bool,
    /// Whether the last row stays selected as more come.
    pub(super) at_the_end: bool,
}

impl Everything {
    /// Rows a second, once there is a second to speak of.
    pub fn rate(&self, now: Timestamp) -> Option<u64> {
        let elapsed =
            u64::try_from(now.duration_since(self.since).as_millis()).ok().filter(|elapsed| *elapsed >= 1000)?;
        Some(self.found.saturating_mul(1000) / elapsed)
    }
}

impl Browser {
    /// Selects the last row, and requests all that follow it.
    pub(super) fn go_to_the_end(&mut self, cx: &mut Cx) -> Vec<Wish> {
        self.place.choose(self.place.count().saturating_sub(1));
        let wishes = self.load_everything(cx);
        if let Some(everything) = &mut self.everything {
            everything.at_the_end = true;
        }
        wishes
    }

    fn load_everything(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if self.place.past.is_some() {
            return if self.everything.is_some() { vec![] } else { self.load(cx) };
        }
        let Some(session) = cx.live_session() else { return vec![] };
        let listing = &self.place.listing;
        let requested = self.everything.is_some() || self.refreshing.is_some();
        if requested || listing.rest == Rest::Complete {
            return vec![];
        }
        // The list of buckets cannot be entered in the middle.
        if listing.location.bucket.is_none() {
            return self.load(cx);
        }
        let left = cx.setup.most_memory.checked_sub(listing.rows.memory_bytes()).filter(|left| *left > 0);
        let Some(most_memory) = left else { return vec![say_that_it_is_full(cx)] };
        let (location, behind, since) = (listing.location.clone(), listing.last_name(), cx.now());
        let generation = cx.next_generation();
        self.generation = generation;
        self.place.listing.start_loading_everything(since);
        self.everything = Some(Everything { found: 0, requests: 0, since, paused: false, at_the_end: false });
        vec![Effect::ListEverything { generation, session, location, behind, most_memory }.into()]
    }

    /// The newest rows, and how many were found by how many requests.
    pub(in crate::app) fn rows_arrived(
        &mut self,
        cx: &mut Cx,
        generation: Generation,
        rows: Vec<Block>,
        (found, requests): (u64, u64),
    ) -> Vec<Wish> {
        let Some(everything) = self.under_way(generation) else { return vec![] };
        (everything.found, everything.requests) = (found, requests);
        let at_the_end = everything.at_the_end;
        let listing = &mut self.place.listing;
        for block in rows {
            if let Err(fault) = listing.join_rows(block, cx.now()) {
                let subject = listing.location.in_words();
                let failure = Failure::local(FailureKind::Malformed, "list", subject, fault.to_string());
                return self.break_off(cx, Err(failure));
            }
        }
        // The listing knows what its rows take as they come; what they take where they are kept is known here.
        if listing.rows.memory_bytes() >= cx.setup.most_memory {
            return self.break_off(cx, Ok(Loaded::AsMuchAsFits));
        }
        if at_the_end {
            self.place.choose(self.place.count().saturating_sub(1));
        }
        self.place.find_sought();
        vec![]
    }

    /// It has ended, one way or the other.
    pub(in crate::app) fn everything_arrived(
        &mut self,
        cx: &Cx,
        generation: Generation,
        session: SessionId,
        outcome: Result<Loaded, Failure>,
    ) -> Vec<Wish> {
        if self.under_way(generation).is_none() {
            return vec![];
        }
        self.end_everything(cx, Some(session), outcome)
    }

    /// Ends it here; what is still requested is not wanted.
    pub(super) fn break_off(&mut self, cx: &mut Cx, outcome: Result<Loaded, Failure>) -> Vec<Wish> {
        self.generation = cx.next_generation();
        let mut wishes = vec![Effect::CancelListing(View::Browser).into()];
        wishes.extend(self.end_everything(cx, None, outcome));
        wishes
    }

    /// `signer` is the session that signed what ended it, if that was a request.
    fn end_everything(&mut self, cx: &Cx, signer: Option<SessionId>, outcome: Result<Loaded, Failure>) -> Vec<Wish> {
        self.everything = None;
        let listing = &mut self.place.listing;
        match outcome {
            Ok(Loaded::Everything) => {
                listing.rest = Rest::Complete;
                vec![]
            }
            Ok(Loaded::AsMuchAsFits) => {
                listing.stop_loading();
                vec![say_that_it_is_full(cx)]
            }
            Err(failure) => {
                listing.record_failure(failure.clone());
                signer.map(|session| self.refused(cx, session, failure)).into_iter().collect()
            }
        }
    }

    /// A session is over; what was requested with it waits for another one, unless that has been given already.
    pub(in crate::app) fn listing_paused(
        &mut self,
        cx: &Cx,
        generation: Generation,
        session: SessionId,
        failure: Failure,
    ) -> Vec<Wish> {
        let is_in_use = cx.facts.session == Some(session);
        let Some(everything) = self.under_way(generation).filter(|_| is_in_use) else { return vec![] };
        everything.paused = true;
        self.place.listing.record_failure(failure.clone());
        vec![self.refused(cx, session, failure)]
    }

    /// Gives the session in use to the listing that is under way, if one is.
    pub(super) fn resume_everything(&mut self, cx: &mut Cx) -> Option<Vec<Wish>> {
        if self.place.past.is_some() {
            return self.resume_past(cx);
        }
        let session = cx.facts.session?;
        let everything = self.everything.as_mut()?;
        if std::mem::take(&mut everything.paused) {
            self.place.listing.start_loading_everything(cx.now());
        }
        Some(vec![Effect::ResumeListing { session }.into()])
    }

    pub(super) fn under_way(&mut self, generation: Generation) -> Option<&mut Everything> {
        if generation == self.generation { self.everything.as_mut() } else { None }
    }
}

fn say_that_it_is_full(cx: &Cx) -> Wish {
    let most = bytesize::ByteSize::b(cx.setup.most_memory as u64).display().iec();
    Wish::warn(format!("stopped: the rows take {most}, the memory limit (--max-memory) · P lists a prefix"))
}
