//! Going from place to place: in, out, elsewhere, and back.
//!
//! Invariant: going back sends no request, unless the rows there were too many to keep; whatever was requested is abandoned
//! when its place is left.

use super::{Browser, Place, history::History};
use crate::{
    app::{
        action::ObjectTab,
        cx::Cx,
        effect::{Effect, View},
        text_input::TextInput,
        wish::Wish,
    },
    domain::{listing::Entry, location::Location},
};

impl Browser {
    /// Begins anew at `location`, with nowhere to go back to but outwards.
    pub(in crate::app) fn start_at(&mut self, cx: &mut Cx, location: Location) -> Vec<Wish> {
        self.history = History::default();
        self.enter(cx, Place::new(location))
    }

    /// Goes to another location.
    pub(in crate::app) fn go_to(&mut self, cx: &mut Cx, location: Location) -> Vec<Wish> {
        self.go_to_place(cx, Place::new(location))
    }

    /// The same, and what is there at the time that is shown here.
    fn go_within(&mut self, cx: &mut Cx, location: Location) -> Vec<Wish> {
        let place = Place::new(location).at_time(self.place.time());
        self.go_to_place(cx, place)
    }

    pub(super) fn go_to_place(&mut self, cx: &mut Cx, place: Place) -> Vec<Wish> {
        self.leave();
        self.enter(cx, place)
    }

    /// Goes to the names below this directory that begin with `text`, byte for byte: one request, also among millions that
    /// are not loaded. Where that is on screen already, nothing happens.
    pub(in crate::app) fn list_prefix(&mut self, cx: &mut Cx, text: &str) -> Vec<Wish> {
        let here = &self.place.listing.location;
        let wanted = Location { prefix: format!("{}{text}", here.directory()), ..here.clone() };
        if wanted == *here { vec![] } else { self.go_within(cx, wanted) }
    }

    /// Asks for a prefix. In the reply to such a request the line begins with the prefix that was listed.
    pub(super) fn ask_for_prefix(&self) -> Vec<Wish> {
        let here = &self.place.listing.location;
        if here.bucket.is_none() {
            return vec![Wish::warn("open a bucket first: P lists its keys with a prefix · / filters the buckets")];
        }
        let listed = &here.prefix[here.directory().len()..];
        let line = TextInput::new(listed);
        let typed = if line.text() == listed { listed.to_owned() } else { String::new() };
        vec![Wish::AskForPrefix(typed)]
    }

    /// Opens the selected row: what lies below it, or the object.
    pub(super) fn open_row(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let Some(entry) = self.place.entry() else {
            // Where nothing has been read yet, Enter requests it.
            return self.load(cx);
        };
        if matches!(entry, Entry::Object(_)) {
            return vec![Wish::ShowObject(ObjectTab::Look)];
        }
        let location = self.place.listing.location.of_entry(&entry);
        if self.history.leads_to(&location, self.place.time()) {
            self.go_later(cx)
        } else {
            self.go_within(cx, location)
        }
    }

    /// Puts the current place into history as it is; a page that was requested is requested again on return.
    fn leave(&mut self) {
        let here = self.take_here();
        self.history.leave(here);
    }

    pub(super) fn take_here(&mut self) -> Place {
        self.abandon();
        (self.refresh_failure, self.filter_line) = (None, None);
        std::mem::replace(&mut self.place, Place::new(Location::all_buckets()))
    }

    /// Begins to read a place; whatever was requested is abandoned.
    pub(super) fn enter(&mut self, cx: &mut Cx, place: Place) -> Vec<Wish> {
        self.abandon();
        (self.refresh_failure, self.filter_line) = (None, None);
        self.place = place;
        self.load(cx)
    }

    /// Where the person came from; from where they began, one step out.
    pub(super) fn go_back(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if self.history.has_past() {
            return self.go_earlier(cx);
        }
        let here = &self.place.listing.location;
        let Some(parent) = here.parent() else {
            return vec![Wish::warn("this is the list of buckets: nothing is above it · n new session")];
        };
        let seek = if here.prefix.is_empty() { here.bucket.clone() } else { Some(here.prefix.clone()) };
        // The list of buckets is the same at any time.
        let time = self.place.time().filter(|_| parent.bucket.is_some());
        let here = self.take_here();
        self.history.leave_outwards(here);
        self.enter(cx, Place::new(parent).at_time(time).seeking(seek))
    }

    /// One place back in history.
    pub(super) fn go_earlier(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if !self.history.has_past() {
            return vec![Wish::warn("no earlier location")];
        }
        let here = self.take_here();
        self.history.back(here).map_or(vec![], |place| self.return_to(cx, place))
    }

    /// One place forth again.
    pub(super) fn go_later(&mut self, cx: &mut Cx) -> Vec<Wish> {
        if !self.history.has_future() {
            return vec![Wish::warn("no later location")];
        }
        let here = self.take_here();
        self.history.forth(here).map_or(vec![], |place| self.return_to(cx, place))
    }

    /// Shows a place as it was left.
    pub(super) fn return_to(&mut self, cx: &mut Cx, place: Place) -> Vec<Wish> {
        self.filter_line = None;
        self.place = place;
        self.take_up(cx)
    }

    /// Goes on with a place that was left; a page that was requested then is requested again.
    pub(in crate::app) fn take_up(&mut self, cx: &mut Cx) -> Vec<Wish> {
        // A new number, so that the reply to the page that was left behind is not taken for this one's.
        self.generation = cx.next_generation();
        let mut wishes = vec![Effect::CancelListing(View::Browser).into()];
        wishes.extend(self.go_on(cx));
        wishes
    }
}
