//! A location as of a time: what was current then, listed as it arrives, read-only.
//!
//! Invariant: rows of a time are never mixed with those of now. A place that shows a time goes into and out of places of
//! the same time; leaving it returns to the place it was asked for from, as that was left.

use jiff::Timestamp;

use super::{Browser, Everything, Place};
use crate::{
    app::{
        cx::Cx,
        effect::{Effect, Generation},
        message::Loaded,
        wish::Wish,
    },
    domain::{
        failure::{Failure, FailureKind},
        location::Location,
        object::PastRows,
    },
};

/// Of which time a place is, and which version each row of its listing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastView {
    /// By the services' clock.
    pub at: Timestamp,
    /// Versions that came without a time: they are left out.
    pub undated: u64,
    /// One for each row.
    version_ids: Vec<Option<Box<str>>>,
    /// Bytes of their text.
    text: usize,
}

impl PastView {
    pub(super) const fn at_time(at: Timestamp) -> Self {
        Self { at, undated: 0, version_ids: vec![], text: 0 }
    }

    /// The version of a row of the listing.
    pub(super) fn version_of(&self, row: usize) -> Option<String> {
        self.version_ids.get(row)?.as_deref().map(str::to_owned)
    }

    /// Bytes that the ids take.
    pub(super) fn memory(&self) -> usize {
        self.text + self.version_ids.len() * size_of::<Option<Box<str>>>()
    }
}

impl Browser {
    /// Goes to a location as of a time.
    pub(in crate::app) fn go_to_past(&mut self, cx: &mut Cx, location: Location, at: Timestamp) -> Vec<Wish> {
        self.go_to_place(cx, Place::new(location).at_time(Some(at)))
    }

    /// Goes back to the place of now that a time was asked for from, with its rows.
    pub(super) fn leave_past(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let location = self.place.listing.location.clone();
        let here = self.take_here();
        let earlier = self.history.back_to(here, |place| place.past.is_none());
        match earlier {
            Some(place) => self.return_to(cx, place),
            None => self.enter(cx, Place::new(location)),
        }
    }

    /// Requests all that follows the last row, as of the time of this place.
    pub(super) fn load_past(&mut self, cx: &mut Cx, at: Timestamp) -> Vec<Wish> {
        let Some(session) = cx.facts.session else { return vec![] };
        if self.place.listing.wanted_token().is_none() {
            return vec![];
        }
        let since = cx.now();
        let generation = cx.next_generation();
        self.generation = generation;
        let listing = &mut self.place.listing;
        listing.start_loading_everything(since);
        let (location, behind) = (listing.location.clone(), listing.last_name());
        self.everything = Some(Everything { found: 0, requests: 0, since, paused: false, at_the_end: false });
        vec![Effect::ListPast { generation, session, location, at, behind }.into()]
    }

    /// The session is another one: what the one before was asked for is asked for again, behind the last row.
    pub(super) fn resume_past(&mut self, cx: &mut Cx) -> Option<Vec<Wish>> {
        let at = self.place.past.as_ref()?.at;
        self.everything.as_ref()?;
        self.abandon();
        Some(self.load_past(cx, at))
    }

    /// Rows that were current at the time of this place.
    pub(in crate::app) fn past_rows_arrived(
        &mut self,
        cx: &mut Cx,
        generation: Generation,
        came: PastRows,
        (undated, requests): (u64, u64),
    ) -> Vec<Wish> {
        let Some(everything) = self.under_way(generation) else { return vec![] };
        everything.found += came.rows.len() as u64;
        everything.requests = requests;
        let at_the_end = everything.at_the_end;
        let listing = &mut self.place.listing;
        if let Err(fault) = listing.join_rows(came.rows, cx.now()) {
            let failure =
                Failure::local(FailureKind::Malformed, "list", listing.location.in_words(), fault.to_string());
            return self.break_off(cx, Err(failure));
        }
        if let Some(past) = &mut self.place.past {
            past.text += came.version_ids.iter().flatten().map(String::len).sum::<usize>();
            past.version_ids.extend(came.version_ids.into_iter().map(|id| id.map(String::into_boxed_str)));
            past.undated = undated;
        }
        if self.place.memory() >= cx.setup.most_memory {
            return self.break_off(cx, Ok(Loaded::AsMuchAsFits));
        }
        if at_the_end {
            self.place.choose(self.place.count().saturating_sub(1));
        }
        self.place.find_sought();
        vec![]
    }
}
