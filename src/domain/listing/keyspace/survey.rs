//! Requests besides pages that find out where the keys are: how far they go, and which directories there are.
//!
//! Invariant: the results only suggest where to cut. A request that fails is dropped.

use std::collections::VecDeque;

use crate::domain::{
    listing::{ListRequest, Page, RowKind},
    location::Location,
    name_text::text_of,
};

/// Questions at a time in the search for the last keys: each answer narrows it to an eighth.
const ABREAST: usize = 7;

/// Levels of directories that are looked at.
const DEEPEST: u32 = 4;

/// After every key that begins with what is before it.
pub(super) const LAST: char = char::MAX;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Probe {
    /// Is there a key above all that share so many of the example's characters?
    Above(usize),
    /// Which directories are below this prefix?
    Below(String),
}

/// Questions and what they brought.
#[derive(Debug, Default)]
pub(super) struct Survey {
    location: Location,
    delimited: bool,
    queue: VecDeque<Probe>,
    /// A key that exists, and where its characters end after the prefix.
    example: String,
    ends: Vec<usize>,
    /// Nothing is above what shares so many characters; something is above what shares so many.
    nothing_above: usize,
    something_above: usize,
    searching: usize,
    level: u32,
    looking: usize,
    directories: Vec<String>,
    /// At most so many directories are worth knowing.
    enough: usize,
    /// Directories in order: where to cut.
    pub(super) hints: Vec<String>,
}

impl Survey {
    pub(super) fn new(location: &Location, delimited: bool, enough: usize) -> Self {
        Self { location: location.clone(), delimited, enough, ..Self::default() }
    }

    /// Begins with the last key of the first page.
    pub(super) fn begin_with(&mut self, example: &str) {
        let Some(rest) = example.strip_prefix(&self.location.prefix) else { return };
        // A cut of a delimited listing may not lie below a common prefix.
        let rest = if self.delimited { rest.split('/').next().unwrap_or_default() } else { rest };
        let base = self.location.prefix.len();
        self.ends = rest.char_indices().map(|(at, c)| base + at + c.len_utf8()).collect();
        self.ends.insert(0, base);
        example.clone_into(&mut self.example);
        self.something_above = self.ends.len();
        self.search_on();
        if !self.delimited && rest.contains('/') {
            self.directories.push(self.location.prefix.clone());
            self.look_further();
        }
    }

    /// Whether it is too early to cut.
    pub(super) fn is_young(&self) -> bool {
        self.searching > 0 || self.level == 1 && self.looking > 0
    }

    /// What estimates are made with: how many directories are known, and how far the end of the keys has been narrowed
    /// down.
    pub(super) fn known_so_far(&self) -> (usize, usize, bool) {
        (self.hints.len(), self.nothing_above, self.is_young())
    }

    /// After this key nothing is known to be.
    pub(super) fn upper_bound(&self) -> String {
        let end = self.ends.get(self.nothing_above).copied().unwrap_or_default();
        let shared = self.example.get(..end).filter(|_| !self.ends.is_empty()).unwrap_or(&self.location.prefix);
        format!("{shared}{LAST}")
    }

    /// The next question.
    pub(super) fn next_probe(&mut self) -> Option<(Probe, ListRequest)> {
        let probe = self.queue.pop_front()?;
        let request = match &probe {
            Probe::Above(shared) => ListRequest {
                location: self.location.clone(),
                delimited: self.delimited,
                last: Some(format!("{}{LAST}", &self.example[..self.ends[*shared]])),
                max_keys: Some(1),
                ..ListRequest::default()
            },
            Probe::Below(prefix) => ListRequest {
                location: Location { prefix: prefix.clone(), ..self.location.clone() },
                delimited: true,
                last: self.directory_of_example(prefix),
                ..ListRequest::default()
            },
        };
        Some((probe, request))
    }

    /// Takes an answer; `None` if there was none.
    pub(super) fn take_reply(&mut self, probe: &Probe, page: Option<&Page>) {
        match probe {
            Probe::Above(shared) => self.found_above(*shared, page),
            Probe::Below(prefix) => self.found_below(prefix, page),
        }
    }

    /// Takes back a question: its request was not sent.
    pub(super) fn put_back(&mut self, probe: Probe) {
        self.queue.push_front(probe);
    }

    fn found_above(&mut self, shared: usize, page: Option<&Page>) {
        self.searching -= 1;
        match page {
            Some(page) if !page.rows.is_empty() => self.something_above = self.something_above.min(shared),
            Some(page) if page.next.is_none() => self.nothing_above = self.nothing_above.max(shared),
            // Not known: what is known has to do.
            _ => self.something_above = self.something_above.min(self.nothing_above + 1),
        }
        if self.searching == 0 {
            self.search_on();
        }
    }

    fn search_on(&mut self) {
        let (from, to) = (self.nothing_above, self.something_above);
        let width = to.saturating_sub(from);
        let steps = ABREAST.min(width.saturating_sub(1));
        for step in 1..=steps {
            self.queue.push_back(Probe::Above(from + step * width / (steps + 1)));
        }
        self.searching = steps;
    }

    fn found_below(&mut self, prefix: &str, page: Option<&Page>) {
        self.looking -= 1;
        self.directories.extend(self.directory_of_example(prefix));
        for at in page.map_or(0..0, |page| 0..page.rows.len()) {
            let row = page.map(|page| &page.rows).filter(|rows| rows.kind(at) == RowKind::Prefix);
            self.directories.extend(row.map(|rows| text_of(&rows.name(at)).into_owned()));
        }
        if self.looking == 0 {
            self.hints.extend_from_slice(&self.directories);
            self.hints.sort_unstable();
            self.hints.dedup();
            self.look_further();
        }
    }

    /// Goes down a level where the directories of this one are few.
    fn look_further(&mut self) {
        let directories = std::mem::take(&mut self.directories);
        let few = directories.len() <= (self.enough / 4).max(1);
        if self.level < DEEPEST && self.hints.len() < self.enough && few {
            self.level += 1;
            self.looking = directories.len();
            self.queue.extend(directories.into_iter().map(Probe::Below));
        }
    }

    /// The directory directly below a prefix that the example is in.
    fn directory_of_example(&self, prefix: &str) -> Option<String> {
        let rest = self.example.strip_prefix(prefix)?;
        rest.find('/').map(|slash| self.example[..=prefix.len() + slash].to_owned())
    }
}
