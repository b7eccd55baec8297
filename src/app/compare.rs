//! One location as two sessions see it, side by side: what a session policy hides, and what it leaves.
//!
//! Invariant: each side sends requests with its own credentials. A row is said to be missing from a side only where that
//! side's pages reach beyond it or are complete; what was refused or is not loaded yet is never shown as missing.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::{
    action::{Action, ListAction, SessionAction},
    cx::Cx,
    effect::{Effect, Generation, View},
    layout::rows_on_screen,
    sessions::Sessions,
    wish::Wish,
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
    pub(super) fn new(sessions: [SessionId; 2], location: &Location) -> Self {
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
        !matches!(other.rest, Rest::Next(_) | Rest::Loading { .. })
            || self.sides[side].listing.last_name() <= other.last_name()
    }

    /// Requests the first page of both sides, and abandons what was requested for any before.
    pub(super) fn begin(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let mut wishes = abandon();
        wishes.extend(self.load(cx, 0));
        wishes.extend(self.load(cx, 1));
        wishes
    }

    /// Requests a side's next page.
    fn load(&mut self, cx: &mut Cx, side: usize) -> Option<Wish> {
        let generation = cx.next_generation();
        let Side { session, listing, generation: newest } = &mut self.sides[side];
        let after = listing.wanted_token()?;
        *newest = generation;
        listing.start_loading(cx.now());
        let (location, last, session) = (listing.location.clone(), listing.last_name(), *session);
        let view = [View::Left, View::Right][side];
        Some(Effect::List { view, generation, session, location, after, last }.into())
    }

    /// Whether a page of this number was requested here.
    pub(super) fn requested(&self, generation: Generation) -> bool {
        self.sides.iter().any(|side| side.generation == generation)
    }

    /// A page was answered that was requested here.
    pub(super) fn page_arrived<V>(
        &mut self,
        cx: &mut Cx,
        sessions: &Sessions<V>,
        generation: Generation,
        outcome: Result<Page, Failure>,
    ) -> Vec<Wish> {
        let Some(side) = self.sides.iter_mut().find(|side| side.generation == generation) else { return vec![] };
        let (listing, session) = (&mut side.listing, side.session);
        let outcome = outcome.and_then(|page| {
            listing.add_page(page, cx.now()).map_err(|fault| {
                Failure::local(FailureKind::Malformed, "list", listing.location.in_words(), fault.to_string())
            })
        });
        if let Err(failure) = outcome {
            listing.record_failure(failure.clone());
            return vec![Wish::Refused { session, failure, worked: false }];
        }
        self.merge();
        self.read_ahead(cx, sessions)
    }

    /// Requests more before the person reaches the last row: the side that lags behind first, so that both go in step.
    fn read_ahead<V>(&mut self, cx: &mut Cx, sessions: &Sessions<V>) -> Vec<Wish> {
        let near_the_end = self.selected + 2 * rows_on_screen(cx.size().1) >= self.len();
        let moment = cx.moment();
        let wanted = |side: &usize| {
            let Side { session, listing, .. } = &self.sides[*side];
            let is_live = sessions.find(*session).is_some_and(|held| held.phase(moment) != Phase::Expired);
            near_the_end && is_live && matches!(listing.rest, Rest::Next(_)) && self.lags(*side)
        };
        let sides: Vec<usize> = [0, 1].into_iter().filter(wanted).collect();
        sides.into_iter().filter_map(|side| self.load(cx, side)).collect()
    }

    /// What a key does in the comparison.
    pub(super) fn act<V>(&mut self, cx: &mut Cx, sessions: &Sessions<V>, action: &Action) -> Vec<Wish> {
        let half = (rows_on_screen(cx.size().1) / 2).max(1).cast_signed();
        match *action {
            Action::List(ListAction::Move(rows)) => self.select(cx, sessions, |at| at.saturating_add_signed(rows)),
            Action::List(ListAction::MoveHalfScreens(halves)) => {
                self.select(cx, sessions, |at| at.saturating_add_signed(halves * half))
            }
            Action::List(ListAction::Top) => self.select(cx, sessions, |_| 0),
            Action::List(ListAction::Bottom) => self.select(cx, sessions, |_| usize::MAX),
            Action::List(ListAction::Click(row)) => match self.offset + row {
                at if at >= self.len() => vec![],
                at if at == self.selected => self.open_row(cx),
                at => self.select(cx, sessions, |_| at),
            },
            Action::List(ListAction::Open) => self.open_row(cx),
            Action::List(ListAction::Back) => match self.location().parent() {
                Some(parent) => self.restart(cx, &parent),
                None => vec![],
            },
            Action::Refresh => {
                let location = self.location().clone();
                self.restart(cx, &location)
            }
            Action::Sessions(SessionAction::Switch(steps)) => self.compare_with_other(cx, sessions, steps),
            Action::Dismiss | Action::Sessions(SessionAction::Compare) => {
                let mut wishes = abandon();
                wishes.push(Wish::CloseComparison);
                wishes
            }
            _ => vec![],
        }
    }

    fn select<V>(&mut self, cx: &mut Cx, sessions: &Sessions<V>, to: impl FnOnce(usize) -> usize) -> Vec<Wish> {
        self.selected = to(self.selected).min(self.len().saturating_sub(1));
        self.read_ahead(cx, sessions)
    }

    fn open_row(&mut self, cx: &mut Cx) -> Vec<Wish> {
        match self.row(self.selected) {
            Some((entry @ (Entry::Bucket(_) | Entry::Prefix(_)), _)) => {
                let location = self.location().of_entry(&entry);
                self.restart(cx, &location)
            }
            _ => vec![],
        }
    }

    /// Both sides look at another location, or anew at this one.
    fn restart(&mut self, cx: &mut Cx, location: &Location) -> Vec<Wish> {
        let sessions = [0, 1].map(|side| self.sides[side].session);
        *self = Self::new(sessions, location);
        self.begin(cx)
    }

    /// Another session on the right; never the one on the left.
    fn compare_with_other<V>(&mut self, cx: &mut Cx, sessions: &Sessions<V>, steps: isize) -> Vec<Wish> {
        let [left, right] = [0, 1].map(|side| self.sides[side].session);
        let others: Vec<SessionId> = sessions.held().map(|held| held.session.id).filter(|id| *id != left).collect();
        let at = others.iter().position(|id| *id == right).unwrap_or(0).cast_signed();
        let to = (at + steps).rem_euclid(others.len().max(1).cast_signed()).cast_unsigned();
        match others.get(to) {
            Some(other) if *other != right => {
                *self = Self::new([left, *other], &self.location().clone());
                self.begin(cx)
            }
            _ => vec![],
        }
    }

    /// A renewed session goes on in its predecessor's place. A page that was requested with the old one is requested again:
    /// its refusal would be taken for one of the new session.
    pub(super) fn renewed<V>(
        &mut self,
        cx: &mut Cx,
        sessions: &Sessions<V>,
        old: SessionId,
        new: SessionId,
    ) -> Vec<Wish> {
        let Some(side) = self.sides.iter().position(|side| side.session == old) else { return vec![] };
        self.sides[side].session = new;
        let listing = &mut self.sides[side].listing;
        let again = match &listing.rest {
            Rest::Failed { failure, .. } => failure.kind == FailureKind::Expired,
            rest => matches!(rest, Rest::Loading { .. }),
        };
        listing.pause_request();
        if again { self.load(cx, side).into_iter().collect() } else { self.read_ahead(cx, sessions) }
    }

    /// Keeps the selected row on screen.
    pub(super) fn scroll_into_view(&mut self, size: (u16, u16)) {
        // Two lines tell the sides.
        let rows = rows_on_screen(size.1).saturating_sub(2).max(1);
        let count = self.len();
        self.selected = self.selected.min(count.saturating_sub(1));
        self.offset = self.offset.clamp((self.selected + 1).saturating_sub(rows), self.selected);
        self.offset = self.offset.min(count.saturating_sub(rows));
    }
}

fn abandon() -> Vec<Wish> {
    vec![Effect::CancelListing(View::Left).into(), Effect::CancelListing(View::Right).into()]
}
