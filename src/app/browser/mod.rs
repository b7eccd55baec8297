//! Buckets, prefixes and objects: the location on screen, and the pages that are fetched for it.
//!
//! Invariant: rows on screen are never lost to an error; going back sends no request, unless the rows there were too many to
//! keep; a page is requested at most once at a time, and a reply to an abandoned request changes nothing.

mod everything;
mod finding;
mod going;
mod history;
mod past;
mod place;
mod reading;
mod selecting;

pub use everything::Everything;
pub use past::PastView;
pub use place::Place;

use history::History;
use jiff::Timestamp;

use super::{
    action::{Action, BrowserAction, ListAction, ObjectTab},
    cx::Cx,
    effect::{Effect, Generation},
    layout::rows_on_screen,
    text_input::TextInput,
    wish::Wish,
};
use crate::domain::{
    failure::Failure,
    listing::{Entry, Listing, Rest},
    location::Location,
};

/// Where the person stands and how they came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    /// Here.
    pub place: Place,
    /// The same location being read anew; takes the place of the rows when its first page has arrived.
    pub refreshing: Option<Listing>,
    /// Why reading anew failed; the rows stay those of before.
    pub refresh_failure: Option<Failure>,
    /// The line that filters, while it is typed in.
    pub filter_line: Option<TextInput>,
    /// How far it is, while everything here is being asked for.
    pub everything: Option<Everything>,
    /// The places before and after this one.
    history: History,
    generation: Generation,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            place: Place::new(Location::all_buckets()),
            refreshing: None,
            refresh_failure: None,
            filter_line: None,
            everything: None,
            history: History::default(),
            generation: Generation::default(),
        }
    }
}

impl Browser {
    /// Stands at `location`, of which nothing has been read.
    pub(super) fn standing_at(location: Location) -> Self {
        Self { place: Place::new(location), ..Self::default() }
    }

    /// Since when a page has been asked for.
    pub fn loading_since(&self) -> Option<Timestamp> {
        match self.active().rest {
            Rest::Loading { since, .. } => Some(since),
            _ => None,
        }
    }

    /// Whether there is a place to go back to, or one further out.
    pub fn can_go_back(&self) -> bool {
        self.history.has_past() || self.place.listing.location.parent().is_some()
    }

    /// Whether there is a place to go forth to again.
    pub fn can_go_forth(&self) -> bool {
        self.history.has_future()
    }

    /// Whether the location on screen has been listed.
    pub fn has_listed(&self) -> bool {
        self.place.listing.read_at.is_some()
    }

    /// Why the newest request of this location has failed.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.place.listing.rest {
            Rest::Failed { failure, .. } => Some(failure),
            _ => self.refresh_failure.as_ref(),
        }
    }

    /// Where the person stands.
    pub fn location(&self) -> &Location {
        &self.place.listing.location
    }

    fn active(&self) -> &Listing {
        self.refreshing.as_ref().unwrap_or(&self.place.listing)
    }

    fn active_mut(&mut self) -> &mut Listing {
        self.refreshing.as_mut().unwrap_or(&mut self.place.listing)
    }

    /// What a key or a click does here.
    pub(super) fn act(&mut self, cx: &mut Cx, action: &Action) -> Vec<Wish> {
        if let Some(wishes) = self.act_in_filter_line(cx, action) {
            return wishes;
        }
        match *action {
            Action::List(action) => self.act_on_rows(cx, action),
            Action::Browser(action) => self.act_on_place(cx, action),
            Action::Refresh => self.refresh(cx),
            Action::Dismiss => self.dismiss(cx),
            _ => vec![],
        }
    }

    fn act_on_rows(&mut self, cx: &mut Cx, action: ListAction) -> Vec<Wish> {
        match action {
            ListAction::Move(rows) => self.select(cx, |at| at.saturating_add_signed(rows)),
            ListAction::MoveHalfScreens(halves) => {
                let half = (rows_on_screen(cx.size().1) / 2).max(1).cast_signed();
                self.select(cx, |at| at.saturating_add_signed(halves * half))
            }
            ListAction::Top => self.select(cx, |_| 0),
            ListAction::Bottom => self.go_to_the_end(cx),
            ListAction::Click(row) => self.click(cx, row),
            ListAction::Open => self.open_row(cx),
            ListAction::Back => self.go_back(cx),
        }
    }

    fn act_on_place(&mut self, cx: &mut Cx, action: BrowserAction) -> Vec<Wish> {
        match action {
            BrowserAction::Earlier => self.go_earlier(cx),
            BrowserAction::Later => self.go_later(cx),
            BrowserAction::Filter => {
                self.open_filter_line();
                vec![]
            }
            BrowserAction::AskPrefix => self.ask_for_prefix(),
            BrowserAction::Sort => self.sort(cx),
            BrowserAction::ReverseOrder => self.reverse(cx),
            BrowserAction::Details => match self.place.entry() {
                Some(Entry::Object(_)) => vec![Wish::ShowObject(ObjectTab::Details)],
                Some(_) => vec![Wish::ShowDetails],
                None => vec![],
            },
            BrowserAction::CopyUri => vec![Effect::Copy(self.selected_uri().into()).into()],
            // The line that asks begins with what the session's own policy lets be listed: not the browser's to know.
            BrowserAction::GoTo => vec![],
        }
    }

    /// The address of the selected row, or of the location where there is none.
    fn selected_uri(&self) -> String {
        let here = self.location();
        self.place.entry().map_or_else(|| here.clone(), |entry| here.of_entry(&entry)).to_string()
    }
}
