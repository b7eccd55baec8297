//! Pages: requested, arrived, refused, requested anew.
//!
//! Invariant: a page is requested at most once at a time, and a reply to an abandoned request changes nothing; rows on
//! screen are never lost to an error.

use super::{Browser, Place};
use crate::{
    app::{
        cx::Cx,
        effect::{Effect, Generation, View},
        layout::rows_on_screen,
        wish::Wish,
    },
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        lifetime::Phase,
        listing::{Listing, Page, Rest},
    },
};

impl Browser {
    /// Goes on where an ended session left off: the same page, from the same continuation token. A page that was requested
    /// with the old session is requested again: its refusal would be taken for one of the new session.
    pub(in crate::app) fn resume(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let interrupted = self.refresh_failure.take().is_some();
        if interrupted || self.refreshing.is_some() {
            return self.refresh(cx);
        }
        if let Some(wishes) = self.resume_everything(cx) {
            return wishes;
        }
        if self.loading_since().is_some() {
            self.abandon();
            return self.load(cx);
        }
        // Whatever the page failed for: a person who has renewed the session expects it to go on.
        if matches!(self.place.listing.rest, Rest::Failed { .. }) { self.load(cx) } else { self.go_on(cx) }
    }

    /// Requests again a page that failed because the session had ended, if a session is live now; else reads ahead.
    pub(in crate::app) fn go_on(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let is_over = cx.facts.phase == Phase::Expired;
        if !is_over && let Some(wishes) = self.resume_everything(cx) {
            return wishes;
        }
        let lacked_a_session = match &self.place.listing.rest {
            Rest::Failed { failure, .. } => {
                matches!(failure.kind, FailureKind::Expired | FailureKind::InvalidCredentials)
            }
            _ => false,
        };
        if lacked_a_session && !is_over { self.load(cx) } else { self.read_ahead(cx) }
    }

    /// A page was answered.
    pub(in crate::app) fn page_arrived(
        &mut self,
        cx: &mut Cx,
        generation: Generation,
        outcome: Result<Page, Failure>,
    ) -> Vec<Wish> {
        if generation != self.generation {
            return vec![];
        }
        let listing = self.active_mut();
        let outcome = outcome.and_then(|page| {
            listing.add_page(page, cx.now()).map_err(|fault| {
                Failure::local(FailureKind::Malformed, "list", listing.location.in_words(), fault.to_string())
            })
        });
        match outcome {
            Ok(()) => self.show_page(cx),
            Err(failure) => self.page_failed(cx, failure),
        }
    }

    fn show_page(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let mut wishes = vec![];
        let is_empty_so_far = |listing: &Listing| listing.rows.is_empty() && matches!(listing.rest, Rest::Next(_));
        if self.refreshing.as_ref().is_some_and(is_empty_so_far) {
            // The rows on screen stay until others can take their place.
            return self.load(cx);
        }
        if let Some(listing) = self.refreshing.take() {
            self.place.replace(listing);
            wishes.push(Wish::SayIfQuiet("reloaded".into()));
        }
        self.place.find_sought();
        wishes.extend(self.read_ahead(cx));
        wishes
    }

    fn page_failed(&mut self, cx: &Cx, failure: Failure) -> Vec<Wish> {
        // A page is requested anew as soon as another session is in use.
        let refused = cx.facts.session.map(|session| self.refused(cx, session, failure.clone()));
        if self.refreshing.take().is_some() {
            self.refresh_failure = Some(failure);
        } else {
            self.place.listing.record_failure(failure);
        }
        refused.into_iter().collect()
    }

    /// A service refused a session here, where it may have been allowed to list before.
    pub(super) fn refused(&self, cx: &Cx, session: SessionId, failure: Failure) -> Wish {
        let worked = self.has_listed() && cx.facts.phase != Phase::Expired;
        Wish::Refused { session, failure, worked }
    }

    /// Abandons whatever is requested, without the person having stopped it.
    pub(in crate::app) fn abandon(&mut self) {
        (self.refreshing, self.everything) = (None, None);
        self.place.listing.pause_request();
        // A reply that comes in another place is not for it.
        self.place.asked = None;
    }

    /// Requests again the page that failed; a listing without trouble is reloaded, its rows staying until then.
    pub(super) fn refresh(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let listing = &self.place.listing;
        let is_under_way = matches!(listing.rest, Rest::Complete | Rest::Loading { .. }) && !listing.rows.is_empty();
        if self.place.past.is_some() && is_under_way {
            return vec![Wish::warn("nothing to reload: this is how it was · @ lists it again, or as of another time")];
        }
        self.refresh_failure = None;
        self.abandon();
        let place = &mut self.place;
        if place.listing.rows.is_empty() {
            let location = place.listing.location.clone();
            let anew = Place::new(location).at_time(place.time()).arranged_like(place);
            return self.enter(cx, anew);
        }
        if matches!(place.listing.rest, Rest::Failed { .. } | Rest::Stopped(_)) {
            return self.load(cx);
        }
        place.seek = place.entry().map(|entry| entry.name().to_owned());
        self.refreshing = Some(Listing::new(place.listing.location.clone()));
        self.load(cx)
    }

    /// Dismisses a failure that has been seen; else stops what is under way; else shows every row again.
    pub(super) fn dismiss(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if self.refresh_failure.take().is_some() {
            return vec![];
        }
        if self.loading_since().is_none() {
            let leaves = self.place.past.is_some() && self.place.wanted.filter.is_empty();
            return if leaves { self.leave_past(cx) } else { self.clear_filter(cx) };
        }
        if self.refreshing.take().is_none() {
            self.place.listing.stop_loading();
        }
        self.everything = None;
        self.generation = cx.next_generation();
        vec![Wish::warn("stopped · ↓ past the last row loads more"), Effect::CancelListing(View::Browser).into()]
    }

    /// Requests the next page.
    pub(super) fn load(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if let Some(at) = self.place.time() {
            return self.load_past(cx, at);
        }
        let Some(session) = cx.facts.session else { return vec![] };
        let Some(after) = self.active().wanted_token() else { return vec![] };
        self.everything = None;
        let generation = cx.next_generation();
        self.generation = generation;
        let listing = self.active_mut();
        listing.start_loading(cx.now());
        let (location, last) = (listing.location.clone(), listing.last_name());
        vec![Effect::List { view: View::Browser, generation, session, location, after, last }.into()]
    }

    /// Requests the next page before the person reaches the last row: two screenfuls ahead, and never with a session that
    /// is known to be over.
    pub(super) fn read_ahead(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let place = &self.place;
        // Rows that are filtered or sorted have no next page: how many it would add to them is unknown.
        let near_the_end = if place.wanted.is_plain() {
            place.selected + 2 * rows_on_screen(cx.size().1) >= place.count()
        } else {
            place.listing.rows.is_empty()
        };
        let near_the_end = near_the_end || place.seeks_further();
        let wanted = self.refreshing.is_none() && matches!(place.listing.rest, Rest::Next(_));
        if wanted && near_the_end && cx.live_session().is_some() { self.load(cx) } else { vec![] }
    }
}
