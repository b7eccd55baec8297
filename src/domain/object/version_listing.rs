//! The versions of one key, or of everything below a prefix, page by page.
//!
//! S3 lists versions by prefix alone, so the versions of `a` come before those of `ab`, `a/b` and all other keys that
//! begin so. A listing of one key ends as soon as another key comes, of a service that keeps to that order: some list
//! delete markers behind all versions, perhaps on a later page.
//!
//! Invariant: a listing of one key has all versions of exactly that key. A page that brings nothing new ends the listing
//! in a fault, and nothing looks complete that is not.

use std::collections::HashSet;

use super::version::ObjectVersion;
use crate::domain::{
    listing::{MOST_FRUITLESS, PageFault},
    name_text::bytes_of,
};

/// Of what versions are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionTarget {
    /// Of exactly this key.
    Key(String),
    /// Of every key that begins so.
    Prefix(String),
}

impl VersionTarget {
    /// What is sent as prefix.
    pub fn prefix(&self) -> &str {
        match self {
            Self::Key(text) | Self::Prefix(text) => text,
        }
    }
}

/// Where a page begins: behind this version of this key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionMarker {
    /// The key, as [`name_text`](crate::domain::name_text) writes it.
    pub key: String,
    /// Some services go on by the key alone.
    pub version_id: Option<String>,
}

/// One page to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionsRequest {
    /// In which bucket.
    pub bucket: String,
    /// Of what.
    pub target: VersionTarget,
    /// Whether to roll keys up to the next `/`.
    pub delimited: bool,
    /// Where the last page ended.
    pub after: Option<VersionMarker>,
    /// Rows at most; S3 gives 1,000 at most.
    pub max_keys: Option<u32>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionsPage {
    /// In the service's order: by key, and within a key newest first.
    pub versions: Vec<ObjectVersion>,
    /// Common prefixes, of a request that rolls keys up.
    pub prefixes: Vec<String>,
    /// `None`: the service said that this is all.
    pub next: Option<VersionMarker>,
}

/// A listing of versions while its pages arrive. Keeps no version.
#[derive(Debug, Clone)]
pub struct VersionListing {
    request: VersionsRequest,
    seen: HashSet<VersionMarker>,
    empty_pages: u32,
    is_complete: bool,
    order: ListingOrder,
}

/// What the pages have shown of the service's order.
#[derive(Debug, Clone, Default)]
struct ListingOrder {
    is_broken: bool,
    /// The last key of the page before.
    last_key: Option<String>,
    /// Whether a version of the listed key has come.
    has_key: bool,
    /// Whether the current one of them has.
    has_latest: bool,
}

impl ListingOrder {
    /// Takes a page as it came.
    fn take_versions(&mut self, versions: &[ObjectVersion]) {
        let begins_before = match (versions.first(), &self.last_key) {
            (Some(first), Some(last)) => bytes_of(&first.key) < bytes_of(last),
            _ => false,
        };
        self.is_broken |= begins_before || !is_in_order(versions);
        self.last_key = versions.last().map(|version| version.key.clone()).or(self.last_key.take());
    }

    /// Whether there can be nothing more of a key where one behind it has come: of a key that has versions, one is
    /// current, and comes first.
    fn is_over(&mut self, key: &str, versions: &[ObjectVersion]) -> bool {
        let of_key = || versions.iter().filter(|version| version.key == key);
        self.has_key |= of_key().next().is_some();
        self.has_latest |= of_key().any(|version| version.is_latest);
        let has_passed = versions.iter().any(|version| bytes_of(&version.key) > bytes_of(key));
        has_passed && !self.is_broken && (self.has_latest || !self.has_key)
    }
}

impl VersionListing {
    /// Of every version that the target has.
    pub fn new(bucket: impl Into<String>, target: VersionTarget) -> Self {
        let request = VersionsRequest { bucket: bucket.into(), target, delimited: false, after: None, max_keys: None };
        Self { request, seen: HashSet::new(), empty_pages: 0, is_complete: false, order: ListingOrder::default() }
    }

    /// The same, with keys rolled up to the next `/`.
    #[must_use]
    pub fn one_level(mut self) -> Self {
        self.request.delimited = true;
        self
    }

    /// The same, of the keys behind this one.
    #[must_use]
    pub fn behind_key(mut self, key: Option<String>) -> Self {
        self.request.after = key.map(|key| VersionMarker { key, version_id: None });
        self
    }

    /// The next page to ask for; `None` once everything has come.
    pub fn next_request(&self) -> Option<&VersionsRequest> {
        (!self.is_complete).then_some(&self.request)
    }

    /// Whether everything has come.
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Takes the page that was asked for last. Returns what it has of the target.
    ///
    /// # Errors
    /// If the page does not go on behind the one before.
    pub fn take_page(&mut self, page: VersionsPage) -> Result<VersionsPage, PageFault> {
        let VersionsPage { mut versions, prefixes, next } = page;
        self.order.take_versions(&versions);
        if !is_in_order(&versions) {
            put_in_order(&mut versions);
        }
        let mut is_over = false;
        if let VersionTarget::Key(key) = &self.request.target {
            is_over = self.order.is_over(key, &versions);
            versions.retain(|version| version.key == *key);
        }
        self.is_complete = is_over || next.is_none();
        if let Some(next) = next.filter(|_| !self.is_complete) {
            if !self.seen.insert(next.clone()) {
                return Err(PageFault::RepeatedToken);
            }
            self.empty_pages = if versions.is_empty() && prefixes.is_empty() { self.empty_pages + 1 } else { 0 };
            if self.empty_pages > MOST_FRUITLESS {
                return Err(PageFault::Endless);
            }
            self.request.after = Some(next);
        }
        Ok(VersionsPage { versions, prefixes, next: self.request.after.clone().filter(|_| !self.is_complete) })
    }
}

/// Whether keys ascend, and the current version of each comes first. Some services list all delete markers behind all
/// versions.
fn is_in_order(versions: &[ObjectVersion]) -> bool {
    versions.windows(2).all(|pair| {
        let [one, next] = pair else { return true };
        if one.key == next.key { !next.is_latest } else { bytes_of(&one.key) < bytes_of(&next.key) }
    })
}

/// As S3 does. Of a page that is in order nothing is moved: the service knows better than the times which version is
/// newer.
fn put_in_order(versions: &mut [ObjectVersion]) {
    versions.sort_by(|one, other| {
        let by_key = bytes_of(&one.key).cmp(&bytes_of(&other.key));
        by_key.then(other.is_latest.cmp(&one.is_latest)).then(other.last_modified.cmp(&one.last_modified))
    });
}

#[cfg(test)]
mod tests {
    use super::{super::version::VersionKind, *};

    fn version(key: &str) -> ObjectVersion {
        ObjectVersion {
            key: key.into(),
            version_id: Some("v".into()),
            is_latest: false,
            last_modified: None,
            kind: VersionKind::DeleteMarker,
        }
    }

    fn page(keys: &[&str], next: Option<&str>) -> VersionsPage {
        let next = next.map(|key| VersionMarker { key: key.into(), version_id: Some("v".into()) });
        VersionsPage { versions: keys.iter().map(|key| version(key)).collect(), prefixes: vec![], next }
    }

    #[test]
    fn a_listing_of_one_key_ends_where_another_key_comes() {
        let mut listing = VersionListing::new("b", VersionTarget::Key("a".into()));
        let mut first = page(&["a", "a"], Some("a"));
        first.versions[0].is_latest = true;
        assert_eq!(listing.take_page(first).unwrap().versions.len(), 2);
        assert_eq!(listing.next_request().unwrap().after.as_ref().unwrap().key, "a");
        assert_eq!(listing.take_page(page(&["a", "ab", "ab"], Some("ab"))).unwrap().versions.len(), 1);
        assert!(listing.is_complete() && listing.next_request().is_none());
    }

    #[test]
    fn a_listing_of_one_key_reads_on_where_its_current_version_may_still_come() {
        let marker_later = [page(&["a", "ab"], Some("ab")), page(&["a"], None)];
        let mut back = page(&["ab", "a"], Some("b"));
        back.versions[1].is_latest = true;
        let not_in_order = [back, page(&["b"], Some("c")), page(&["a"], None)];
        let mut first = page(&["a", "ab"], Some("ab"));
        first.versions[0].is_latest = true;
        let in_order = [first];
        let never_there = [page(&["ab"], Some("ab"))];
        for (pages, found) in
            [(&marker_later[..], 2), (&not_in_order[..], 2), (&in_order[..], 1), (&never_there[..], 0)]
        {
            let mut listing = VersionListing::new("b", VersionTarget::Key("a".into()));
            let mut count = 0;
            for page in pages {
                assert!(!listing.is_complete(), "{pages:?}");
                count += listing.take_page(page.clone()).unwrap().versions.len();
            }
            assert_eq!((count, listing.is_complete()), (found, true), "{pages:?}");
        }
    }

    #[test]
    fn a_key_that_sorts_before_ends_nothing() {
        let mut listing = VersionListing::new("b", VersionTarget::Key("a".into()));
        assert_eq!(listing.take_page(page(&["A", "a"], Some("a"))).unwrap().versions.len(), 1);
        assert!(!listing.is_complete());
        assert_eq!(listing.take_page(page(&["a"], None)).unwrap().versions.len(), 1);
        assert!(listing.is_complete());
    }

    #[test]
    fn a_page_with_its_delete_markers_at_the_end_is_put_in_order_and_no_other_is_touched() {
        let row = |key: &str, is_latest: bool, second: i64| ObjectVersion {
            is_latest,
            last_modified: jiff::Timestamp::from_second(second).ok(),
            ..version(key)
        };
        let listed = |versions: Vec<ObjectVersion>| {
            let mut listing = VersionListing::new("b", VersionTarget::Prefix(String::new()));
            let page = VersionsPage { versions, ..VersionsPage::default() };
            let told = |row: ObjectVersion| (row.key, row.last_modified.unwrap().as_second());
            listing.take_page(page).unwrap().versions.into_iter().map(told).collect::<Vec<_>>()
        };
        let (a, b) = ("a".to_owned(), "b".to_owned());
        let apart = vec![row("a", false, 1), row("a", false, 3), row("b", true, 2), row("a", true, 4)];
        assert_eq!(listed(apart), [(a.clone(), 4), (a.clone(), 3), (a.clone(), 1), (b.clone(), 2)]);
        let as_it_is = vec![row("a", true, 1), row("a", false, 2), row("b", true, 2)];
        assert_eq!(listed(as_it_is), [(a.clone(), 1), (a, 2), (b, 2)]);
    }

    #[test]
    fn a_marker_that_comes_again_and_empty_pages_without_end_are_faults() {
        let mut listing = VersionListing::new("b", VersionTarget::Prefix("a/".into()));
        listing.take_page(page(&["a/1"], Some("a/1"))).unwrap();
        listing.take_page(page(&["a/2"], Some("a/2"))).unwrap();
        assert_eq!(listing.take_page(page(&["a/1"], Some("a/1"))), Err(PageFault::RepeatedToken));
        let mut listing = VersionListing::new("b", VersionTarget::Prefix("a/".into()));
        let fault = (0..100).find_map(|n| listing.take_page(page(&[], Some(&format!("a/{n}")))).err());
        assert_eq!(fault, Some(PageFault::Endless));
    }
}
