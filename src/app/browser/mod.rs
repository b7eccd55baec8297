//! Buckets, prefixes and objects: where the person stands, and the pages that are fetched for them.
//!
//! Invariant: rows on screen are never lost to an error; going back costs no request, unless the rows there were too many to keep; a page is asked for at most once
//! at a time, and an answer to an abandoned question changes nothing.

mod copying;
mod everything;
mod finding;
mod history;
mod place;
mod places;
mod reading;
mod selecting;

pub(super) use copying::copied;
pub use everything::Everything;
pub(super) use everything::{everything_arrived, listing_paused, rows_arrived};
pub(super) use finding::{arranged, keep_up};
pub use place::Place;
pub(super) use places::{go_to, start_at, take_up};
pub(super) use reading::{go_on, page_arrived, pause, resume};
pub use selecting::rows_on_screen;
pub(super) use selecting::scroll_into_view;

use history::History;
use jiff::Timestamp;

use super::{
    Action, Effect, Generation, Model, Screen, TextInput, Tone, compare, fulfil, ledger, scope_here, session,
    wish::Wish,
};
use crate::domain::{
    failure::Failure,
    listing::{Listing, Rest},
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
            place: Place::new(Location::buckets()),
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
    pub(super) fn at(location: Location) -> Self {
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

    fn active(&self) -> &Listing {
        self.refreshing.as_ref().unwrap_or(&self.place.listing)
    }

    fn active_mut(&mut self) -> &mut Listing {
        self.refreshing.as_mut().unwrap_or(&mut self.place.listing)
    }
}

pub(super) fn act(model: &mut Model, action: &Action) -> Vec<Effect> {
    if let Some(effects) = finding::act_in_line(model, action) {
        return effects;
    }
    match *action {
        Action::Find => finding::open_line(model),
        Action::AskPrefix => ask_prefix(model),
        Action::Sort => finding::sort(model),
        Action::Move(rows) => selecting::select(model, |at| at.saturating_add_signed(rows)),
        Action::MoveHalfScreens(halves) => {
            let half = (rows_on_screen(model.size.1) / 2).max(1).cast_signed();
            selecting::select(model, |at| at.saturating_add_signed(halves * half))
        }
        Action::Top => selecting::select(model, |_| 0),
        Action::Bottom => everything::to_the_end(model),
        Action::Click(row) => selecting::click(model, row),
        Action::Open => places::open(model),
        Action::Back => places::back(model),
        Action::Earlier => places::earlier(model),
        Action::Later => places::later(model),
        Action::Refresh => reading::refresh(model),
        Action::Renew => session::renew_in_use(model),
        Action::Sessions => fulfil(model, vec![Wish::ListSessions]),
        Action::HandOver => fulfil(model, vec![Wish::ExportCredentials]),
        Action::ChooseRenewal => fulfil(model, vec![Wish::AskRenewal(None)]),
        Action::Compare => compare::open(model, model.ledger.in_use()),
        Action::SwitchSession(steps) => ledger::cycle(model, steps),
        Action::Dismiss => reading::dismiss(model),
        Action::NewSession => {
            let here = &model.browser.place.listing.location;
            let here = if here.bucket.is_some() { TextInput::of(here) } else { TextInput::default() };
            model.form.choose_location(here);
            model.screen = Screen::MintForm;
            vec![]
        }
        Action::ScopeHere => scope_here::scope_here(model),
        Action::GoTo => {
            let from = scope_here::go_to_from(model);
            fulfil(model, vec![Wish::AskWhereToGo(from)])
        }
        Action::Details if model.browser.place.entry().is_some() => fulfil(model, vec![Wish::ShowDetails]),
        Action::Explain => fulfil(model, vec![Wish::Explain]),
        Action::CopyUri => copying::copy_uri(model),
        _ => vec![],
    }
}

/// Asks for a prefix, in a bucket.
fn ask_prefix(model: &mut Model) -> Vec<Effect> {
    let here = model.browser.place.listing.location.clone();
    if here.bucket.is_none() {
        model.say(Tone::Warning, "open a bucket first: P lists keys with a prefix · / filters the buckets");
        return vec![];
    }
    fulfil(model, vec![Wish::AskPrefix(here)])
}
