//! The rule for everything that comes in pages with tokens: objects, buckets, roles, devices.
//!
//! Invariant: no token is followed twice, and at most [`MOST_FRUITLESS`] pages in a row that bring nothing new are
//! followed. [`NextPage::Stop`] is not [`NextPage::Next`]: code that cannot ask a person whether to go on ends there, with a
//! failure.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::PageFault;

/// A service may send pages without rows, each with a token; but not without end.
pub const MOST_FRUITLESS: u32 = 20;

/// What has been followed so far. A default one has followed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paging {
    /// Hashes of the tokens: those of some services have kilobytes.
    followed: HashSet<u64>,
    fruitless: u32,
}

/// What comes after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextPage {
    /// Nothing: the service said that this is all.
    End,
    /// The next page.
    Next,
    /// There is more, but the service sends nothing but pages that bring nothing.
    Stop,
}

impl Paging {
    /// What comes after a page of so many rows that were not there before and this token.
    ///
    /// # Errors
    /// [`PageFault::RepeatedToken`] for a token that was given before.
    pub fn next_page(&self, new_rows: usize, next: Option<&str>) -> Result<NextPage, PageFault> {
        match next {
            None => Ok(NextPage::End),
            Some(next) if self.followed.contains(&hash_token(next)) => Err(PageFault::RepeatedToken),
            Some(_) if self.fruitless_with(new_rows) >= MOST_FRUITLESS => Ok(NextPage::Stop),
            Some(_) => Ok(NextPage::Next),
        }
    }

    /// Takes that page into account.
    pub fn record_page(&mut self, new_rows: usize, next: Option<&str>) {
        self.fruitless = self.fruitless_with(new_rows);
        self.followed.extend(next.map(hash_token));
    }

    fn fruitless_with(&self, new_rows: usize) -> u32 {
        if new_rows == 0 { self.fruitless.saturating_add(1) } else { 0 }
    }
}

fn hash_token(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came after each of these pages, up to the first fault.
    fn after(pages: impl IntoIterator<Item = (usize, Option<String>)>) -> (Vec<NextPage>, Option<PageFault>) {
        let (mut paging, mut seen) = (Paging::default(), vec![]);
        for (rows, next) in pages {
            match paging.next_page(rows, next.as_deref()) {
                Ok(onward) => seen.push(onward),
                Err(fault) => return (seen, Some(fault)),
            }
            paging.record_page(rows, next.as_deref());
        }
        (seen, None)
    }

    #[test]
    fn a_token_that_comes_again_is_not_followed_however_long_ago_it_came() {
        for (tokens, followed) in [("aa", 1), ("aba", 2), ("abcdefga", 7), ("abb", 2)] {
            let (seen, fault) = after(tokens.chars().map(|token| (1, Some(token.to_string()))));
            assert_eq!((seen.len(), fault), (followed, Some(PageFault::RepeatedToken)), "{tokens}");
        }
    }

    #[test]
    fn pages_that_bring_nothing_are_followed_twenty_times_in_a_row_and_a_row_begins_the_count_anew() {
        let empty = |from: usize, count: usize| (from..from + count).map(|token| (0, Some(token.to_string())));
        let (seen, fault) = after(empty(0, 25));
        assert_eq!((seen.iter().position(|onward| *onward == NextPage::Stop), fault), (Some(19), None));
        let (seen, _) = after(empty(0, 19).chain([(1, Some("row".into()))]).chain(empty(100, 19)).chain([(0, None)]));
        assert!(!seen.contains(&NextPage::Stop));
        assert_eq!(seen.last(), Some(&NextPage::End));
    }
}
