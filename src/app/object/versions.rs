//! Every version of one key, newest first, delete markers among them.
//!
//! Invariant: a list that is not complete says so; versions that came stay, whatever becomes of the rest.

use jiff::Timestamp;

use crate::{
    app::{cx::Cx, effect::Generation, layout::object_content},
    domain::{failure::Failure, object::ObjectVersion},
};

/// How far the list has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum VersionsState {
    /// Nobody has asked.
    #[default]
    NotAsked,
    /// Nothing is requested, and why: safe to print.
    Refused(String),
    /// Pages are on their way.
    Loading {
        /// Of the question.
        generation: Generation,
        /// When it was asked.
        since: Timestamp,
    },
    /// These are all.
    Complete,
    /// A page was refused, or could not be used.
    Failed(Box<Failure>),
}

/// The versions, and the person's place among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionsTab {
    /// How far it is.
    pub state: VersionsState,
    /// In the service's order.
    pub versions: Vec<ObjectVersion>,
    /// Which row is selected.
    pub selected: usize,
    /// The first row on screen.
    pub offset: usize,
    /// The rows that are marked, at most two, in the order in which they were.
    pub marked: Vec<usize>,
    /// How many requests were answered.
    pub requests: u32,
    /// Whether they are asked for whatever the session's own policies say.
    pub(super) forced: bool,
}

impl VersionsTab {
    /// Nothing yet; `forced` asks whatever the session's own policies say.
    pub(super) fn asked_by(forced: bool) -> Self {
        Self { forced, ..Self::default() }
    }

    /// Begins to ask, unless that was done or is of no use.
    pub(super) fn begin(&mut self, cx: &mut Cx, is_over: bool, why_not: Option<String>) -> Option<Generation> {
        if self.state != VersionsState::NotAsked {
            return None;
        }
        let over = is_over.then(|| "the session has expired".to_owned());
        if let Some(why) = over.or(why_not.filter(|_| !self.forced)) {
            self.state = VersionsState::Refused(format!("{why} · no request was sent"));
            return None;
        }
        let generation = cx.next_generation();
        self.state = VersionsState::Loading { generation, since: cx.now() };
        Some(generation)
    }

    /// Takes a page; says why it is none, if it is none.
    pub(super) fn take_page(
        &mut self,
        generation: Generation,
        outcome: Result<(Vec<ObjectVersion>, bool), Failure>,
    ) -> Option<Failure> {
        if !matches!(self.state, VersionsState::Loading { generation: asked, .. } if asked == generation) {
            return None;
        }
        self.requests += 1;
        match outcome {
            Ok((versions, complete)) => {
                self.versions.extend(versions);
                if complete {
                    self.state = VersionsState::Complete;
                }
                None
            }
            Err(failure) => {
                self.state = VersionsState::Failed(Box::new(failure.clone()));
                Some(failure)
            }
        }
    }

    /// Since when pages are waited for.
    pub(super) const fn loading_since(&self) -> Option<Timestamp> {
        match self.state {
            VersionsState::Loading { since, .. } => Some(since),
            _ => None,
        }
    }

    /// Why the list is not complete, if it is not.
    pub(super) fn failure(&self) -> Option<&Failure> {
        match &self.state {
            VersionsState::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// A list that has not come to its end is asked for again when it is looked at again.
    pub(super) fn abandon(&mut self) {
        if self.loading_since().is_some() {
            *self = Self::default();
        }
    }

    /// The version that is selected.
    pub fn selected_version(&self) -> Option<&ObjectVersion> {
        self.versions.get(self.selected)
    }

    /// Marks the selected row, or takes its mark; of three the first loses its own.
    pub(super) fn toggle_mark(&mut self) {
        let row = self.selected;
        if self.marked.contains(&row) {
            self.marked.retain(|marked| *marked != row);
            return;
        }
        if self.marked.len() == 2 {
            self.marked.remove(0);
        }
        self.marked.push(row);
    }

    /// The two versions to be compared, the older one first: those that are marked, or the marked one and the selected.
    pub(super) fn compared(&self) -> Option<[&ObjectVersion; 2]> {
        let (one, other) = match *self.marked.as_slice() {
            [one, other] => (one, other),
            [one] if one != self.selected => (one, self.selected),
            _ => return None,
        };
        Some([self.versions.get(one.max(other))?, self.versions.get(one.min(other))?])
    }

    pub(super) fn select(&mut self, size: (u16, u16), to: impl FnOnce(usize) -> usize) {
        self.selected = to(self.selected);
        self.scroll_into_view(size);
    }

    /// Keeps the selected row on screen. One line is the table's head.
    pub(super) fn scroll_into_view(&mut self, size: (u16, u16)) {
        let rows = object_content(size).1.saturating_sub(1).max(1);
        let count = self.versions.len();
        self.selected = self.selected.min(count.saturating_sub(1));
        self.offset = self.offset.clamp((self.selected + 1).saturating_sub(rows), self.selected);
        self.offset = self.offset.min(count.saturating_sub(rows));
    }
}
