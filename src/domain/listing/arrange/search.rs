//! Names that contain a search text.
//!
//! Invariant: a row is found if and only if the visible part of its name contains the text: byte for byte if the text
//! has a capital letter; else ignoring case, by ASCII rules for an ASCII text and by Unicode rules for others.

use memchr::memmem::Finder;

use crate::domain::listing::rows::Block;

/// How letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Exact,
    Ascii,
    Unicode,
}

/// A needle, and room to work in.
pub(super) struct Search {
    needle: Vec<u8>,
    finder: Finder<'static>,
    case: Case,
    unshown: usize,
    tails: Vec<u8>,
    folded: String,
}

impl Search {
    pub(super) fn new(filter: &str, unshown: usize) -> Self {
        let case = match filter {
            _ if filter.chars().any(char::is_uppercase) => Case::Exact,
            _ if filter.is_ascii() => Case::Ascii,
            _ => Case::Unicode,
        };
        let mut needle = filter.to_owned();
        if case == Case::Unicode {
            fold(filter.as_bytes(), &mut needle);
        }
        let finder = Finder::new(&needle).into_owned();
        Self { needle: needle.into(), finder, case, unshown, tails: vec![], folded: String::new() }
    }

    /// Calls `found` with each row of `block` that matches, in order.
    pub(super) fn block(&mut self, block: &Block, found: impl FnMut(usize)) {
        let shared = block.shared().get(self.unshown..);
        let Some(shared) = shared.filter(|shared| self.case != Case::Unicode || folds_in_parts(shared, block)) else {
            return (0..block.len()).filter(|row| self.row(block, *row)).for_each(found);
        };
        if self.case == Case::Exact {
            return self.scan(shared, block.tails(), block, found);
        }
        let mut tails = std::mem::take(&mut self.tails);
        tails.clear();
        tails.extend(block.tails().iter().map(u8::to_ascii_lowercase));
        if self.case == Case::Unicode {
            let mut folded = std::mem::take(&mut self.folded);
            fold(shared, &mut folded);
            self.scan(folded.as_bytes(), &tails, block, found);
            self.folded = folded;
        } else {
            self.scan(&shared.to_ascii_lowercase(), &tails, block, found);
        }
        self.tails = tails;
    }

    /// Whether one row matches.
    pub(super) fn row(&mut self, block: &Block, at: usize) -> bool {
        let name = &mut self.tails;
        name.clear();
        name.extend_from_slice(block.shared());
        name.extend_from_slice(block.tail(at));
        let name = name.get_mut(self.unshown..).unwrap_or_default();
        match self.case {
            Case::Exact => {}
            Case::Ascii => name.make_ascii_lowercase(),
            Case::Unicode => {
                fold(name, &mut self.folded);
                return self.finder.find(self.folded.as_bytes()).is_some();
            }
        }
        self.finder.find(name).is_some()
    }

    /// Searches all tails in one go, as they lie back to back: what is found across two of them does not count. What
    /// begins in the shared part and ends in a tail is looked for at the tails' beginnings.
    fn scan(&self, shared: &[u8], tails: &[u8], block: &Block, mut found: impl FnMut(usize)) {
        if self.finder.find(shared).is_some() {
            return (0..block.len()).for_each(found);
        }
        let needle = &self.needle;
        let halves: Vec<&[u8]> =
            (1..needle.len()).filter(|cut| shared.ends_with(&needle[..*cut])).map(|cut| &needle[cut..]).collect();
        let from = |at: usize| Some(at + self.finder.find(tails.get(at..)?)?);
        let (mut hit, mut start) = (from(0), 0);
        // How far before the end of its row the last one was: names are alike, so the next row is looked at there first.
        let mut before_end = 0;
        for row in 0..block.len() {
            if hit.is_none() && halves.is_empty() {
                break;
            }
            let end = block.end(row);
            let same_place = end.checked_sub(before_end).filter(|at| *at >= start && before_end > 0);
            let mut matches = same_place.is_some_and(|at| tails[at..end].starts_with(needle));
            if !matches && hit.is_some_and(|at| at < start) {
                hit = from(start);
            }
            while !matches && let Some(at) = hit.filter(|at| *at < end) {
                matches = at + needle.len() <= end;
                if matches { before_end = end - at } else { hit = from(at + 1) }
            }
            if matches || halves.iter().any(|half| tails[start..end].starts_with(half)) {
                found(row);
            }
            start = end;
        }
    }
}

/// Whether every name of a block folds to its shared part folded, and its tail in lower case: no letter begins in one
/// and ends in the other, and the tails have none that folds to something longer or shorter.
fn folds_in_parts(shared: &[u8], block: &Block) -> bool {
    block.tails().is_ascii() && str::from_utf8(shared).is_ok()
}

/// Letter by letter, each without regard to its neighbours; bytes that are no text match nothing.
fn fold(name: &[u8], folded: &mut String) {
    folded.clear();
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            // Most letters are ASCII, even where not all are.
            if c.is_ascii() { folded.push(c.to_ascii_lowercase()) } else { folded.extend(c.to_lowercase()) }
        }
        if !chunk.invalid().is_empty() {
            folded.push(char::REPLACEMENT_CHARACTER);
        }
    }
}
