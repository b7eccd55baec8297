//! Names that hold what is searched for.
//!
//! Invariant: a row is found if and only if its name, without what is not shown, holds the needle: byte for byte if the needle
//! has a capital letter; else in any case, by ASCII's rules for an ASCII needle and by Unicode's for another.

use memchr::memmem::Finder;

use super::super::Block;

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
    shared: Vec<u8>,
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
        Self { needle: needle.into(), finder, case, unshown, shared: vec![], tails: vec![], folded: String::new() }
    }

    /// Calls `found` with each row of `block` that matches, in order.
    pub(super) fn block(&mut self, block: &Block, mut found: impl FnMut(usize)) {
        let shared = block.shared().get(self.unshown..);
        let Some(shared) = shared.filter(|shared| self.case != Case::Unicode || needs_no_folding(shared, block)) else {
            return (0..block.len()).filter(|row| self.row(block, *row)).for_each(found);
        };
        match self.case {
            Case::Exact => self.scan(shared, block.tails(), block, found),
            Case::Ascii => {
                let (mut lower_shared, mut lower) = (std::mem::take(&mut self.shared), std::mem::take(&mut self.tails));
                lower_shared.clear();
                lower_shared.extend(shared.iter().map(u8::to_ascii_lowercase));
                lower.clear();
                lower.extend(block.tails().iter().map(u8::to_ascii_lowercase));
                self.scan(&lower_shared, &lower, block, &mut found);
                (self.shared, self.tails) = (lower_shared, lower);
            }
            // Nothing in ASCII folds to anything else.
            Case::Unicode => {}
        }
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

    /// Searches all tails in one go, as they lie back to back: what is found across two of them does not count. What begins
    /// in the shared part and ends in a tail is looked for at the tails' beginnings.
    fn scan(&self, shared: &[u8], tails: &[u8], block: &Block, mut found: impl FnMut(usize)) {
        if self.finder.find(shared).is_some() {
            return (0..block.len()).for_each(found);
        }
        let needle = &self.needle;
        let halves: Vec<&[u8]> =
            (1..needle.len()).filter(|cut| shared.ends_with(&needle[..*cut])).map(|cut| &needle[cut..]).collect();
        let from = |at: usize| Some(at + self.finder.find(tails.get(at..)?)?);
        let (mut hit, mut start) = (from(0), 0);
        for row in 0..block.len() {
            if hit.is_none() && halves.is_empty() {
                break;
            }
            let end = block.end(row);
            let mut matches = false;
            while let Some(at) = hit.filter(|at| *at < end) {
                matches = at + needle.len() <= end;
                hit = from(if matches { end } else { at + 1 });
            }
            if matches || halves.iter().any(|half| tails[start..end].starts_with(half)) {
                found(row);
            }
            start = end;
        }
    }
}

/// Whether no name of a block folds to anything but itself in lower case, so that only an ASCII needle can be in it.
fn needs_no_folding(shared: &[u8], block: &Block) -> bool {
    shared.is_ascii() && block.tails().is_ascii()
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
