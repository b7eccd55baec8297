//! What was current below a prefix at a time, one level of it, page by page.
//!
//! The versions of a key may be on two pages. What was current of it is told once a row behind it has come.
//!
//! Invariant: rows ascend over all pages. A common prefix tells only that there is or was something below it: whether that
//! was so at the time is not known.

use jiff::Timestamp;

use super::{
    as_of::{AsOf, CurrentThen},
    version::ObjectVersion,
    version_listing::{VersionListing, VersionTarget, VersionsPage},
};
use crate::domain::{
    listing::{Block, Entry, ListRequest, PageFault},
    location::Location,
    name_text::bytes_of,
};

/// A listing as of a time, while its pages arrive. Keeps one key at most.
#[derive(Debug, Clone)]
pub struct PastListing {
    versions: VersionListing,
    as_of: AsOf,
    /// The key that is not finished.
    pending: Option<String>,
    behind: Option<String>,
}

/// Rows that were current, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastRows {
    /// Objects as they were, and common prefixes.
    pub rows: Block,
    /// The version of each row; `None` for a common prefix, and where the service has no versions.
    pub version_ids: Vec<Option<String>>,
}

impl PastListing {
    /// Of one level at a location, behind this row.
    pub fn new(location: &Location, at: Timestamp, behind: Option<String>) -> Self {
        let bucket = location.bucket.clone().unwrap_or_default();
        let request =
            ListRequest { location: location.clone(), delimited: true, last: behind.clone(), ..ListRequest::default() };
        let versions = VersionListing::new(bucket, VersionTarget::Prefix(location.prefix.clone()))
            .one_level()
            .behind_key(request.start_after());
        Self { versions, as_of: AsOf::at_time(at), pending: None, behind }
    }

    /// The pages to ask for.
    pub const fn versions_mut(&mut self) -> &mut VersionListing {
        &mut self.versions
    }

    /// Whether everything has come.
    pub const fn is_complete(&self) -> bool {
        self.versions.is_complete()
    }

    /// How many versions came without a time: they were left out.
    pub const fn undated(&self) -> u64 {
        self.as_of.undated()
    }

    /// Takes a page as the listing of versions gave it.
    ///
    /// # Errors
    /// If the rows cannot be put in order.
    pub fn take_page(&mut self, page: VersionsPage) -> Result<PastRows, PageFault> {
        let VersionsPage { versions, prefixes, .. } = page;
        let mut found: Vec<(Entry, Option<String>)> = vec![];
        for version in versions {
            self.pending = Some(version.key.clone());
            found.extend(self.as_of.take_version(version)?.and_then(row_of));
        }
        let is_passed = |key: &String| prefixes.iter().any(|prefix| *bytes_of(prefix) > *bytes_of(key));
        if self.is_complete() || self.pending.as_ref().is_some_and(is_passed) {
            self.pending = None;
            found.extend(self.as_of.finish_key().and_then(row_of));
        }
        found.extend(prefixes.into_iter().map(|prefix| (Entry::Prefix(prefix), None)));
        if let Some(behind) = &self.behind {
            // Some services begin at the marker, not behind it.
            found.retain(|(entry, _)| *bytes_of(entry.name()) > *bytes_of(behind));
        }
        found.sort_by(|(one, _), (other, _)| bytes_of(one.name()).cmp(&bytes_of(other.name())));
        let (entries, version_ids): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        Ok(PastRows { rows: Block::from_entries(entries)?, version_ids })
    }
}

/// The row of a key, if it had content then.
fn row_of(then: CurrentThen) -> Option<(Entry, Option<String>)> {
    let CurrentThen::Version(version) = then else { return None };
    let row = version.as_row()?;
    let ObjectVersion { version_id, .. } = version;
    Some((Entry::Object(row), version_id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{version::VersionKind, version_listing::VersionMarker},
        *,
    };

    fn version(key: &str, second: i64, id: &str) -> ObjectVersion {
        let kind = if id.starts_with('x') {
            VersionKind::DeleteMarker
        } else {
            VersionKind::Content { size: Some(1), etag: None, storage_class: None }
        };
        let last_modified = Timestamp::from_second(second).ok();
        ObjectVersion { key: key.into(), version_id: Some(id.into()), is_latest: false, last_modified, kind }
    }

    fn page(versions: Vec<ObjectVersion>, prefixes: &[&str], next: Option<&str>) -> VersionsPage {
        let prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        let next = next.map(|key| VersionMarker { key: key.into(), version_id: Some("v".into()) });
        VersionsPage { versions, prefixes, next }
    }

    /// What is listed at second 20 of these pages: names, each with its version.
    fn listed(behind: Option<&str>, pages: Vec<VersionsPage>) -> Vec<(String, Option<String>)> {
        let at = Timestamp::from_second(20).unwrap();
        let mut listing = PastListing::new(&Location::new("b", ""), at, behind.map(str::to_owned));
        let mut rows = vec![];
        for page in pages {
            let page = listing.versions_mut().take_page(page).unwrap();
            let came = listing.take_page(page).unwrap();
            let names = came.rows.iter().map(|entry| entry.name().to_owned());
            rows.extend(names.zip(came.version_ids));
        }
        rows
    }

    fn row(name: &str, version: Option<&str>) -> (String, Option<String>) {
        (name.into(), version.map(str::to_owned))
    }

    #[test]
    fn a_key_on_two_pages_is_told_once_and_in_its_place() {
        let first = page(vec![version("a", 10, "a1"), version("m", 30, "m3")], &["b/"], Some("m"));
        let second = page(vec![version("m", 20, "m2"), version("m", 10, "m1"), version("z", 30, "z3")], &["n/"], None);
        let expected = [row("a", Some("a1")), row("b/", None), row("m", Some("m2")), row("n/", None)];
        assert_eq!(listed(None, vec![first, second]), expected);
    }

    #[test]
    fn a_prefix_behind_a_key_does_not_come_before_it() {
        let first = page(vec![version("a", 10, "a1")], &["b/"], Some("b/"));
        let second = page(vec![version("c", 20, "x2"), version("c", 10, "c1")], &[], None);
        assert_eq!(listed(None, vec![first, second]), [row("a", Some("a1")), row("b/", None)]);
    }

    #[test]
    fn a_listing_goes_on_behind_its_last_row_and_brings_none_twice() {
        let rest = page(vec![version("a", 10, "a1"), version("c", 10, "c1")], &["b/"], None);
        assert_eq!(listed(Some("b/"), vec![rest]), [row("c", Some("c1"))]);
        let at = Timestamp::UNIX_EPOCH;
        let mut listing = PastListing::new(&Location::new("b", ""), at, Some("a".into()));
        assert_eq!(listing.versions_mut().next_request().unwrap().after.as_ref().unwrap().key, "a");
    }

    proptest! {
        #[test]
        fn it_does_not_matter_where_pages_are_cut(
            times in prop::collection::vec((0usize..4, 0i64..40), 1..20), cut in 0usize..20,
        ) {
            let keys = ["a", "b", "c", "d"];
            let mut versions: Vec<_> = times.iter().enumerate()
                .map(|(n, (key, time))| version(keys[*key], *time, &format!("v{n}"))).collect();
            versions.sort_by(|one, other| one.key.cmp(&other.key).then(other.last_modified.cmp(&one.last_modified)));
            let whole = listed(None, vec![page(versions.clone(), &[], None)]);
            let cut = cut.min(versions.len() - 1);
            let rest = versions.split_off(cut);
            let parts = vec![page(versions, &[], Some("m")), page(rest, &[], None)];
            prop_assert_eq!(listed(None, parts), whole);
        }
    }
}
