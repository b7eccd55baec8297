//! The sessions that are held at once, in one list: one is in use, the others keep what they show.
//!
//! Invariant: as soon as a session is held, one is in use. Another session sends no request and keeps its rows; it leaves
//! the list only by the person's own key, and its credentials with it.

use super::{held::HeldSession, minting::Minting};
use crate::domain::{credentials::SessionId, location::Location};

/// What a session shows. The list moves it and knows nothing else of it.
pub trait Shows {
    /// Shows a location, of which nothing has been read.
    fn at(location: Location) -> Self;
    /// Abandons whatever is being requested.
    fn pause(&mut self);
}

/// A session and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession<V> {
    /// The session.
    pub held: HeldSession,
    /// What it shows, as it was left.
    pub view: V,
}

/// The sessions in the order in which they were minted, and the calls to STS that bring more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions<V> {
    list: Vec<StoredSession<V>>,
    in_use: usize,
    /// The calls to STS.
    pub minting: Minting,
}

impl<V> Default for Sessions<V> {
    /// None is held, and none is on its way.
    fn default() -> Self {
        Self { list: vec![], in_use: 0, minting: Minting::default() }
    }
}

impl<V> Sessions<V> {
    /// Every session with what it shows, in order.
    pub fn iter(&self) -> impl Iterator<Item = &StoredSession<V>> {
        self.list.iter()
    }

    /// Every session, in order.
    pub fn held(&self) -> impl Iterator<Item = &HeldSession> {
        self.list.iter().map(|stored| &stored.held)
    }

    /// How many are held.
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether none is held.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The row of the one in use, from zero.
    pub const fn row_in_use(&self) -> usize {
        self.in_use
    }

    /// The one in use.
    pub fn in_use(&self) -> Option<&StoredSession<V>> {
        self.list.get(self.in_use)
    }

    /// The one in use, to be changed.
    pub fn in_use_mut(&mut self) -> Option<&mut StoredSession<V>> {
        self.list.get_mut(self.in_use)
    }

    /// The row so many further on from the one in use, around the ends; `None` where there is no other.
    pub fn neighbour(&self, steps: isize) -> Option<usize> {
        let count = self.list.len();
        let row = || (self.in_use.cast_signed() + steps).rem_euclid(count.cast_signed()).cast_unsigned();
        (count > 1).then(row)
    }

    /// The session in a row.
    pub fn row(&self, row: usize) -> Option<&HeldSession> {
        self.list.get(row).map(|stored| &stored.held)
    }

    /// The session of this number, if it is held.
    pub fn find(&self, id: SessionId) -> Option<&HeldSession> {
        self.held().find(|held| held.session.id == id)
    }

    pub(in crate::app) fn find_mut(&mut self, id: SessionId) -> Option<&mut HeldSession> {
        self.list.iter_mut().map(|stored| &mut stored.held).find(|held| held.session.id == id)
    }
}

impl<V: Shows> Sessions<V> {
    /// Adds a session that was minted: in use at once if the person waited for it, or if there is no other.
    pub(super) fn add(&mut self, held: HeldSession, location: Location, use_it: bool) {
        self.list.push(StoredSession { held, view: V::at(location) });
        if use_it {
            self.use_row(self.list.len() - 1);
        }
    }

    /// Uses the session in a row, if there is one and it is another; says whether.
    pub(in crate::app) fn use_row(&mut self, row: usize) -> bool {
        if row == self.in_use || row >= self.list.len() {
            return false;
        }
        self.list[self.in_use].view.pause();
        self.in_use = row;
        true
    }

    /// Removes a session; if it was in use, the next one is, or else the last.
    pub(in crate::app) fn remove(&mut self, row: usize) -> Option<HeldSession> {
        if row >= self.list.len() {
            return None;
        }
        let removed = self.list.remove(row).held;
        self.in_use -= usize::from(row < self.in_use);
        self.in_use = self.in_use.min(self.list.len().saturating_sub(1));
        Some(removed)
    }
}
