//! Buckets, prefixes and objects: where the person stands, and the pages that are fetched for them.
//!
//! Invariant: rows on screen are never lost to an error; going back costs no request; a page is asked for at most once
//! at a time, and an answer to an abandoned question changes nothing.

use jiff::Timestamp;

use super::{
    Action, Effect, Generation, GoTo, Model, Overlay, Screen, TextInput, Tone, View, compare, handover, ledger,
    renewal, scope_here, session,
};
use crate::domain::{
    failure::{Failure, FailureKind},
    lifetime::Phase,
    listing::{Entry, Listing, Page, Rest},
    location::Location,
    safe_text::printable,
};

/// One location with its rows and the person's place among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The rows and what follows them.
    pub listing: Listing,
    /// Which row is selected.
    pub selected: usize,
    /// The first row on screen.
    pub offset: usize,
    /// A row to select as soon as it arrives.
    seek: Option<String>,
}

impl Place {
    fn new(location: Location) -> Self {
        Self { listing: Listing::new(location), selected: 0, offset: 0, seek: None }
    }

    /// The row that is selected.
    pub fn entry(&self) -> Option<Entry> {
        self.listing.rows.get(self.selected)
    }
}

/// Where the person stands and how they came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    /// Here.
    pub place: Place,
    /// The same location being read anew; takes the place of the rows when its first page has arrived.
    pub refreshing: Option<Listing>,
    /// Why reading anew failed; the rows stay those of before.
    pub refresh_failure: Option<Failure>,
    /// The places that `Back` returns to, innermost last, each as it was left.
    trail: Vec<Place>,
    /// The place that `Back` left: going into it again costs no request either.
    left: Option<Place>,
    generation: Generation,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            place: Place::new(Location::buckets()),
            refreshing: None,
            refresh_failure: None,
            trail: vec![],
            left: None,
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
        !self.trail.is_empty() || self.place.listing.location.parent().is_some()
    }

    fn active(&self) -> &Listing {
        self.refreshing.as_ref().unwrap_or(&self.place.listing)
    }

    fn active_mut(&mut self) -> &mut Listing {
        self.refreshing.as_mut().unwrap_or(&mut self.place.listing)
    }
}

/// Rows of the list that fit a terminal of `rows` rows: all but header (2), table head and borders (3), status and
/// hints (2).
pub fn rows_on_screen(rows: u16) -> usize {
    usize::from(rows.saturating_sub(7)).max(1)
}

pub(super) fn act(model: &mut Model, action: &Action) -> Vec<Effect> {
    match *action {
        Action::Move(rows) => select(model, |at| at.saturating_add_signed(rows)),
        Action::MoveHalfScreens(halves) => {
            let half = (rows_on_screen(model.size.1) / 2).max(1).cast_signed();
            select(model, |at| at.saturating_add_signed(halves * half))
        }
        Action::Top => select(model, |_| 0),
        Action::Bottom => select(model, |_| usize::MAX),
        Action::Click(row) => click(model, row),
        Action::Open => open(model),
        Action::Back => back(model),
        Action::Refresh => refresh(model),
        Action::Renew => session::renew_in_use(model),
        Action::Sessions => ledger::open(model),
        Action::HandOver => handover::open(model),
        Action::ChooseRenewal => {
            if let Some(id) = model.current.as_ref().map(|current| current.session.id) {
                renewal::choose_next(model, id);
            }
            vec![]
        }
        Action::Compare => compare::open(model, model.ledger.in_use()),
        Action::SwitchSession(steps) => ledger::cycle(model, steps),
        Action::Dismiss => dismiss(model),
        Action::NewSession => {
            let here = &model.browser.place.listing.location;
            model.form.location = if here.bucket.is_some() { TextInput::of(here) } else { TextInput::default() };
            model.screen = Screen::MintForm;
            vec![]
        }
        Action::ScopeHere => scope_here::scope_here(model),
        Action::GoTo => {
            model.overlay = Some(Overlay::GoTo(GoTo::from(&scope_here::go_to_from(model))));
            vec![]
        }
        Action::Details if model.browser.place.entry().is_some() => {
            model.overlay = Some(Overlay::Details);
            vec![]
        }
        Action::Explain if model.failure().is_some() => {
            model.overlay = Some(Overlay::Explanation);
            vec![]
        }
        Action::CopyUri => copy_uri(model),
        _ => vec![],
    }
}

/// Begins anew at `location`, with nowhere to go back to but outwards.
pub(super) fn start_at(model: &mut Model, location: Location) -> Vec<Effect> {
    model.browser.trail.clear();
    model.browser.left = None;
    enter(model, Place::new(location))
}

/// Goes on where an ended session left off: the same page, from the same continuation token. A page that was asked for
/// with the old session is asked for again: its refusal would be taken for one of the new session.
pub(super) fn resume(model: &mut Model) -> Vec<Effect> {
    let interrupted = model.browser.refresh_failure.take().is_some();
    if interrupted || model.browser.refreshing.is_some() {
        return refresh(model);
    }
    if model.browser.loading_since().is_some() {
        pause(&mut model.browser);
        return load(model);
    }
    go_on(model)
}

/// Asks again for a page that failed for want of a living session, if there is one now; else reads ahead.
pub(super) fn go_on(model: &mut Model) -> Vec<Effect> {
    let for_want_of_a_session = match &model.browser.place.listing.rest {
        Rest::Failed { failure, .. } => {
            matches!(failure.kind, FailureKind::Expired | FailureKind::InvalidCredentials)
        }
        _ => false,
    };
    if for_want_of_a_session && model.phase() != Phase::Expired { load(model) } else { read_ahead(model) }
}

/// Follows what was typed into the go-to line; an answer that names no location stays in the line with its reason.
pub(super) fn go_to(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let location = Location::typed(text).map_err(|refusal| refusal.to_string())?;
    leave(model);
    Ok(enter(model, Place::new(location)))
}

pub(super) fn page_arrived(model: &mut Model, generation: Generation, outcome: Result<Page, Failure>) -> Vec<Effect> {
    if generation != model.browser.generation {
        return vec![];
    }
    let now = model.now;
    let outcome = outcome.and_then(|page| {
        let listing = model.browser.active_mut();
        listing.add(page, now).map_err(|fault| {
            Failure::local(FailureKind::Malformed, "list", listing.location.in_words(), fault.to_string())
        })
    });
    match outcome {
        Ok(()) => {
            if let Some(listing) = model.browser.refreshing.take() {
                model.browser.place.listing = listing;
                model.say(Tone::Good, "read again");
            }
            find_sought(model);
            read_ahead(model)
        }
        Err(failure) => {
            let effects = session::refused(model, &failure);
            if model.browser.refreshing.take().is_some() {
                model.browser.refresh_failure = Some(failure);
            } else {
                model.browser.place.listing.fail(failure);
            }
            effects
        }
    }
}

/// Keeps the selected row on screen; called whenever rows, selection or size have changed.
pub(super) fn scroll_into_view(model: &mut Model) {
    let rows = rows_on_screen(model.size.1);
    let place = &mut model.browser.place;
    let count = place.listing.rows.len();
    place.selected = place.selected.min(count.saturating_sub(1));
    place.offset = place.offset.clamp((place.selected + 1).saturating_sub(rows), place.selected);
    place.offset = place.offset.min(count.saturating_sub(rows));
}

fn select(model: &mut Model, to: impl FnOnce(usize) -> usize) -> Vec<Effect> {
    let place = &mut model.browser.place;
    let last = place.listing.rows.len().saturating_sub(1);
    let wanted = to(place.selected);
    place.selected = wanted.min(last);
    place.seek = None;
    // Going on past the last row is asking for more, also where asking had been stopped.
    if wanted > last && matches!(place.listing.rest, Rest::Stopped(_)) && model.browser.refreshing.is_none() {
        return load(model);
    }
    read_ahead(model)
}

fn click(model: &mut Model, row: usize) -> Vec<Effect> {
    let place = &model.browser.place;
    let at = place.offset + row;
    if at >= place.listing.rows.len() {
        return vec![];
    }
    if at == place.selected { open(model) } else { select(model, |_| at) }
}

fn open(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let Some(entry) = place.entry() else {
        // Nothing to open: where nothing has been read yet, Enter asks for it.
        return load(model);
    };
    if matches!(entry, Entry::Object(_)) {
        model.overlay = Some(Overlay::Details);
        return vec![];
    }
    let location = place.listing.location.of(&entry);
    let known = model.browser.left.take_if(|left| left.listing.location == location && left.entry().is_some());
    leave(model);
    match known {
        Some(place) => return_to(model, place),
        None => enter(model, Place::new(location)),
    }
}

/// Puts the current place on the trail as it is; a page that was being asked for is asked for again on return.
fn leave(model: &mut Model) {
    let browser = &mut model.browser;
    pause(browser);
    let here = std::mem::replace(&mut browser.place, Place::new(Location::buckets()));
    browser.trail.push(here);
}

/// Abandons whatever is being asked for, without the person having said stop.
pub(super) fn pause(browser: &mut Browser) {
    browser.refreshing = None;
    browser.place.listing.pause();
}

/// Begins to read a place; whatever was being asked for is abandoned.
fn enter(model: &mut Model, place: Place) -> Vec<Effect> {
    pause(&mut model.browser);
    model.browser.refresh_failure = None;
    model.browser.place = place;
    load(model)
}

fn back(model: &mut Model) -> Vec<Effect> {
    if !model.browser.can_go_back() {
        return vec![];
    }
    pause(&mut model.browser);
    model.browser.refresh_failure = None;
    if let Some(place) = model.browser.trail.pop() {
        model.browser.left = Some(std::mem::replace(&mut model.browser.place, Place::new(Location::buckets())));
        return return_to(model, place);
    }
    let here = &model.browser.place.listing.location;
    let Some(parent) = here.parent() else { return vec![] };
    let seek = if here.prefix.is_empty() { here.bucket.clone() } else { Some(here.prefix.clone()) };
    enter(model, Place { seek, ..Place::new(parent) })
}

/// Shows a place as it was left.
fn return_to(model: &mut Model, place: Place) -> Vec<Effect> {
    model.browser.place = place;
    take_up(model)
}

/// Goes on with a place that was left; a page that was being asked for then is asked for again.
pub(super) fn take_up(model: &mut Model) -> Vec<Effect> {
    // A new number, so that the answer to the page that was left behind is not taken for this one's.
    model.browser.generation = model.next_generation();
    let mut effects = vec![Effect::CancelListing(View::Browser)];
    effects.extend(go_on(model));
    effects
}

/// Asks again for the page that failed; a listing without trouble is read anew, its rows staying until then.
fn refresh(model: &mut Model) -> Vec<Effect> {
    model.browser.refresh_failure = None;
    pause(&mut model.browser);
    let place = &mut model.browser.place;
    if place.listing.rows.is_empty() {
        let location = place.listing.location.clone();
        return enter(model, Place::new(location));
    }
    if matches!(place.listing.rest, Rest::Failed { .. } | Rest::Stopped(_)) {
        return load(model);
    }
    place.seek = place.entry().map(|entry| entry.name().to_owned());
    model.browser.refreshing = Some(Listing::new(place.listing.location.clone()));
    load(model)
}

/// Puts away news of a failure that has been seen; else stops what is under way.
fn dismiss(model: &mut Model) -> Vec<Effect> {
    let seen = model.mint_failure.take().or_else(|| model.browser.refresh_failure.take()).is_some();
    if seen || model.browser.loading_since().is_none() {
        return vec![];
    }
    if model.browser.refreshing.take().is_none() {
        model.browser.place.listing.stop_loading();
    }
    model.browser.generation = model.next_generation();
    model.say(Tone::Warning, "stopped; ↓ past the last row goes on");
    vec![Effect::CancelListing(View::Browser)]
}

/// Asks for the next page.
fn load(model: &mut Model) -> Vec<Effect> {
    let Some(session) = model.current.as_ref().map(|current| current.session.id) else { return vec![] };
    let now = model.now;
    let Some(after) = model.browser.active().wanted() else { return vec![] };
    let generation = model.next_generation();
    model.browser.generation = generation;
    let listing = model.browser.active_mut();
    listing.start_loading(now);
    let last = listing.last();
    let view = View::Browser;
    vec![Effect::List { view, generation, session, location: listing.location.clone(), after, last }]
}

/// Asks for the next page before the person reaches the last row: two screenfuls ahead, and never with a session that
/// is known to be over.
fn read_ahead(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let near_the_end = place.selected + 2 * rows_on_screen(model.size.1) >= place.listing.rows.len();
    let wanted = model.browser.refreshing.is_none() && matches!(place.listing.rest, Rest::Next(_));
    if wanted && near_the_end && model.phase() != Phase::Expired { load(model) } else { vec![] }
}

fn find_sought(model: &mut Model) {
    let place = &mut model.browser.place;
    let Some(sought) = &place.seek else { return };
    if let Some(found) = place.listing.rows.position(sought) {
        place.selected = found;
        place.seek = None;
    }
}

fn copy_uri(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let here = &place.listing.location;
    let uri = place.entry().map_or_else(|| here.clone(), |entry| here.of(&entry));
    vec![Effect::Copy(uri.to_string())]
}

pub(super) fn copied(model: &mut Model, outcome: Result<String, String>) {
    match outcome {
        Ok(text) if text.starts_with('{') => model.say(Tone::Good, "copied the policy, as it is sent"),
        Ok(text) => model.say(Tone::Good, format!("copied {}", printable(&text))),
        Err(reason) => model.say(Tone::Warning, format!("not copied: {}", printable(&reason))),
    }
}
