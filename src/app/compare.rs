//! One location as two sessions see it, side by side: what a scope hides, and what it leaves.
//!
//! Invariant: each side asks with its own credentials. A row is said to be missing from a side only where that side's pages
//! reach beyond it or are complete; what was refused or is not loaded yet is never told as missing.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::{
    Action, Effect, Generation, Model, Screen, Tone, View, browser::rows_on_screen, fulfil, session, wish::Wish,
};
use crate::domain::{
    credentials::SessionId,
    failure::{Failure, FailureKind},
    lifetime::Phase,
    listing::{Entry, Listing, Page, Rest},
    location::Location,
    name_text::bytes_of,
};

/// What one session sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Which session.
    pub session: SessionId,
    /// Its rows and what follows them.
    pub listing: Listing,
    generation: Generation,
}

/// Of a row, what is known of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The side has it.
    There,
    /// The side does not have it, and would have told by now.
    Missing,
    /// The side's pages do not reach so far yet.
    NotLoaded,
    /// The side was refused before it came so far.
    Refused,
}

/// Both sides and the person's place among their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Left and right.
    pub sides: [Side; 2],
    /// Every row that either side has, in S3's order: its place on the left and on the right.
    rows: Vec<[Option<usize>; 2]>,
    /// Which row is selected.
    pub selected: usize,
    /// The first row on screen.
    pub offset: usize,
}

impl Side {
    fn new(session: SessionId, location: Location) -> Self {
        Self { session, listing: Listing::new(location), generation: Generation::default() }
    }

    /// What is known of a row of this name that has not come.
    fn without(&self, name: &str) -> Seen {
        let passed = self.listing.rows.last_name().is_some_and(|last| *last > *bytes_of(name));
        match &self.listing.rest {
            _ if passed => Seen::Missing,
            Rest::Complete => Seen::Missing,
            Rest::Failed { .. } => Seen::Refused,
            Rest::Next(_) | Rest::Loading { .. } | Rest::Stopped(_) => Seen::NotLoaded,
        }
    }
}

impl Comparison {
    fn new(sessions: [SessionId; 2], location: &Location) -> Self {
        let sides = sessions.map(|session| Side::new(session, location.clone()));
        Self { sides, rows: vec![], selected: 0, offset: 0 }
    }

    /// Where both look.
    pub const fn location(&self) -> &Location {
        &self.sides[0].listing.location
    }

    /// How many rows either side has so far.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no side has a row so far.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row, and what is known of it on each side.
    pub fn row(&self, at: usize) -> Option<(Entry, [Seen; 2])> {
        let row = self.rows.get(at)?;
        let found = |side: usize| row[side].and_then(|at| self.sides[side].listing.rows.get(at));
        let entry = found(0).or_else(|| found(1))?;
        let seen = |side: usize| if row[side].is_some() { Seen::There } else { self.sides[side].without(entry.name()) };
        let seen = [seen(0), seen(1)];
        Some((entry, seen))
    }

    /// Since when a page has been asked for.
    pub fn loading_since(&self) -> Option<Timestamp> {
        let since = |side: &Side| match side.listing.rest {
            Rest::Loading { since, .. } => Some(since),
            _ => None,
        };
        self.sides.iter().filter_map(since).min()
    }

    /// Joins both sides' rows by name.
    fn merge(&mut self) {
        let [left, right] = [0, 1].map(|side| &self.sides[side].listing.rows);
        let (mut l, mut r) = (0, 0);
        self.rows.clear();
        while l < left.len() || r < right.len() {
            let order = match (left.name(l), right.name(r)) {
                (Some(a), Some(b)) => a.cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            let (on_left, on_right) = (order.is_le().then_some(l), order.is_ge().then_some(r));
            (l, r) = (l + usize::from(order.is_le()), r + usize::from(order.is_ge()));
            self.rows.push([on_left, on_right]);
        }
    }

    /// Whether `side` is the one to go on: it is not further than the other, unless that has nothing more to tell.
    fn lags(&self, side: usize) -> bool {
        let other = &self.sides[1 - side].listing;
        !matches!(other.rest, Rest::Next(_) | Rest::Loading { .. }) || self.sides[side].listing.last() <= other.last()
    }
}

/// Compares the session in `row` of the ledger with the one in use, or that one with the next.
pub(super) fn open(model: &mut Model, row: usize) -> Vec<Effect> {
    let ids: Vec<SessionId> = model.sessions().map(|(current, _)| current.session.id).collect();
    let in_use = model.ledger.in_use();
    if ids.len() < 2 {
        model.say(Tone::Warning, "nothing to compare with: n mints a second session");
        return vec![];
    }
    let other = if row == in_use { (in_use + 1) % ids.len() } else { row };
    let location = model.browser.place.listing.location.clone();
    model.screen = Screen::Compare;
    begin(model, [ids[in_use], ids[other]], &location)
}

fn begin(model: &mut Model, sessions: [SessionId; 2], location: &Location) -> Vec<Effect> {
    model.comparison = Some(Comparison::new(sessions, location));
    let mut effects = cancel();
    effects.extend(load(model, 0));
    effects.extend(load(model, 1));
    effects
}

fn cancel() -> Vec<Effect> {
    vec![Effect::CancelListing(View::Left), Effect::CancelListing(View::Right)]
}

/// Asks for a side's next page.
fn load(model: &mut Model, side: usize) -> Option<Effect> {
    let (now, generation) = (model.now, model.next_generation());
    let asked = &mut model.comparison.as_mut()?.sides[side];
    let after = asked.listing.wanted()?;
    asked.generation = generation;
    asked.listing.start_loading(now);
    let (location, last) = (asked.listing.location.clone(), asked.listing.last());
    let view = [View::Left, View::Right][side];
    Some(Effect::List { view, generation, session: asked.session, location, after, last })
}

/// Takes a page that was asked for here; gives back one that was not.
pub(super) fn page_arrived(
    model: &mut Model,
    generation: Generation,
    outcome: Result<Page, Failure>,
) -> Result<Vec<Effect>, Result<Page, Failure>> {
    let now = model.now;
    let Some(comparison) = &mut model.comparison else { return Err(outcome) };
    let Some(side) = comparison.sides.iter_mut().find(|side| side.generation == generation) else {
        return Err(outcome);
    };
    let (listing, id) = (&mut side.listing, side.session);
    let outcome = outcome.and_then(|page| {
        listing.add(page, now).map_err(|fault| {
            Failure::local(FailureKind::Malformed, "list", listing.location.in_words(), fault.to_string())
        })
    });
    if let Err(failure) = outcome {
        listing.fail(failure.clone());
        if let Some(current) = model.session_mut(id) {
            current.note_refusal(&failure, now);
        }
        return Ok(vec![]);
    }
    comparison.merge();
    Ok(read_ahead(model))
}

/// Asks for more before the person reaches the last row: the side that lags behind first, so that both go in step.
fn read_ahead(model: &mut Model) -> Vec<Effect> {
    let rows = rows_on_screen(model.size.1);
    let now = model.moment();
    let Some(comparison) = &model.comparison else { return vec![] };
    let near_the_end = comparison.selected + 2 * rows >= comparison.len();
    let wanted = |side: &usize| {
        let asked = &comparison.sides[*side];
        let alive = model.session(asked.session).is_some_and(|current| current.phase(now) != Phase::Expired);
        near_the_end && alive && matches!(asked.listing.rest, Rest::Next(_)) && comparison.lags(*side)
    };
    let sides: Vec<usize> = [0, 1].into_iter().filter(wanted).collect();
    sides.into_iter().filter_map(|side| load(model, side)).collect()
}

pub(super) fn act(model: &mut Model, action: &Action) -> Vec<Effect> {
    let half = (rows_on_screen(model.size.1) / 2).max(1).cast_signed();
    match *action {
        Action::Move(rows) => select(model, |at| at.saturating_add_signed(rows)),
        Action::MoveHalfScreens(halves) => select(model, |at| at.saturating_add_signed(halves * half)),
        Action::Top => select(model, |_| 0),
        Action::Bottom => select(model, |_| usize::MAX),
        Action::Open => open_row(model),
        Action::Back => back(model),
        Action::Refresh => again(model, |comparison| comparison.location().clone()),
        Action::SwitchSession(steps) => other_session(model, steps),
        Action::Renew => session::renew_in_use(model),
        Action::ChooseRenewal => fulfil(model, vec![Wish::AskRenewal(None)]),
        Action::Dismiss | Action::Compare => close(model),
        _ => vec![],
    }
}

pub(super) fn close(model: &mut Model) -> Vec<Effect> {
    model.comparison = None;
    model.screen = Screen::Browser;
    cancel()
}

fn select(model: &mut Model, to: impl FnOnce(usize) -> usize) -> Vec<Effect> {
    let Some(comparison) = &mut model.comparison else { return vec![] };
    comparison.selected = to(comparison.selected).min(comparison.len().saturating_sub(1));
    read_ahead(model)
}

fn open_row(model: &mut Model) -> Vec<Effect> {
    let Some(comparison) = &model.comparison else { return vec![] };
    match comparison.row(comparison.selected) {
        Some((entry @ (Entry::Bucket(_) | Entry::Prefix(_)), _)) => {
            let location = comparison.location().of(&entry);
            again(model, |_| location)
        }
        _ => vec![],
    }
}

fn back(model: &mut Model) -> Vec<Effect> {
    match model.comparison.as_ref().and_then(|comparison| comparison.location().parent()) {
        Some(parent) => again(model, |_| parent),
        None => vec![],
    }
}

/// Both sides look at another location, or anew at this one.
fn again(model: &mut Model, at: impl FnOnce(&Comparison) -> Location) -> Vec<Effect> {
    let Some(comparison) = &model.comparison else { return vec![] };
    let (sessions, location) = ([0, 1].map(|side| comparison.sides[side].session), at(comparison));
    begin(model, sessions, &location)
}

/// Another session on the right; never the one on the left.
fn other_session(model: &mut Model, steps: isize) -> Vec<Effect> {
    let Some(comparison) = &model.comparison else { return vec![] };
    let [left, right] = [0, 1].map(|side| comparison.sides[side].session);
    let location = comparison.location().clone();
    let others: Vec<SessionId> =
        model.sessions().map(|(current, _)| current.session.id).filter(|id| *id != left).collect();
    let at = others.iter().position(|id| *id == right).unwrap_or(0).cast_signed();
    let to = (at + steps).rem_euclid(others.len().max(1).cast_signed()).cast_unsigned();
    match others.get(to) {
        Some(other) if *other != right => begin(model, [left, *other], &location),
        _ => vec![],
    }
}

/// A renewed session goes on in its predecessor's place here too. A page that was asked for with the old one is asked for
/// again: its refusal would be taken for one of the new session.
pub(super) fn renewed(model: &mut Model, old: SessionId, new: SessionId) -> Vec<Effect> {
    let Some(comparison) = &mut model.comparison else { return vec![] };
    let Some(side) = comparison.sides.iter().position(|side| side.session == old) else { return vec![] };
    comparison.sides[side].session = new;
    let listing = &mut comparison.sides[side].listing;
    let again = match &listing.rest {
        Rest::Failed { failure, .. } => failure.kind == FailureKind::Expired,
        rest => matches!(rest, Rest::Loading { .. }),
    };
    listing.pause();
    if again { load(model, side).into_iter().collect() } else { read_ahead(model) }
}

/// Keeps the selected row on screen.
pub(super) fn scroll_into_view(model: &mut Model) {
    // Two lines tell the sides.
    let rows = rows_on_screen(model.size.1).saturating_sub(2).max(1);
    let Some(comparison) = &mut model.comparison else { return };
    let count = comparison.len();
    comparison.selected = comparison.selected.min(count.saturating_sub(1));
    comparison.offset = comparison.offset.clamp((comparison.selected + 1).saturating_sub(rows), comparison.selected);
    comparison.offset = comparison.offset.min(count.saturating_sub(rows));
}
