//! What was current at a time.
//!
//! Of each key that is the newest version which was written no later; if that is a delete marker, there was no object.
//!
//! Invariant: a version that has been removed since is not listed by any service, so it cannot be known: whoever shows a
//! result says so. A version without a time counts for no time at all. What was current of a key is told once: where a
//! service goes back to a key that is over, that is a fault and no second answer.

use jiff::Timestamp;

use super::version::ObjectVersion;
use crate::domain::{listing::PageFault, name_text::bytes_of};

/// What goes with every result.
pub const CANNOT_BE_KNOWN: &str =
    "versions that were removed since then, by a person or by a lifecycle rule, cannot be known";

/// Picks the version of each key that was current at a time, out of versions in the order of a listing.
#[derive(Debug, Clone)]
pub struct AsOf {
    at: Timestamp,
    /// Of the key that is being read.
    key: Option<String>,
    newest: Option<ObjectVersion>,
    undated: u64,
    /// The last key that was told of.
    told: Option<String>,
}

/// One key, once all of its versions have been seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrentThen {
    /// This version was current.
    Version(ObjectVersion),
    /// It was deleted, by this delete marker.
    Deleted(ObjectVersion),
    /// All of its versions are newer.
    NotYet,
}

impl AsOf {
    /// At this time, by the service's clock.
    pub const fn at_time(at: Timestamp) -> Self {
        Self { at, key: None, newest: None, undated: 0, told: None }
    }

    /// Takes the next version. Once it is of another key than the one before, tells what was current of that one.
    ///
    /// # Errors
    /// [`PageFault::Order`] if the key is not behind those that were told of.
    pub fn take_version(&mut self, version: ObjectVersion) -> Result<Option<CurrentThen>, PageFault> {
        let is_same_key = self.key.as_deref() == Some(version.key.as_str());
        let finished = if is_same_key { None } else { self.finish_key() };
        if self.told.as_ref().is_some_and(|told| bytes_of(&version.key) <= bytes_of(told)) {
            return Err(PageFault::Order);
        }
        if !is_same_key {
            self.key = Some(version.key.clone());
        }
        let Some(written) = version.last_modified else {
            self.undated += 1;
            return Ok(finished);
        };
        // Times have whole seconds: of two versions of one second the one that is listed first is newer.
        let is_newer = |newest: &ObjectVersion| newest.last_modified.is_some_and(|newest| newest < written);
        if written <= self.at && self.newest.as_ref().is_none_or(is_newer) {
            self.newest = Some(version);
        }
        Ok(finished)
    }

    /// What was current of the key that was read last.
    pub fn finish_key(&mut self) -> Option<CurrentThen> {
        self.told = Some(self.key.take()?);
        Some(match self.newest.take() {
            Some(version) if version.is_delete_marker() => CurrentThen::Deleted(version),
            Some(version) => CurrentThen::Version(version),
            None => CurrentThen::NotYet,
        })
    }

    /// How many versions came without a time.
    pub const fn undated(&self) -> u64 {
        self.undated
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::version::VersionKind, *};

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn version(key: &str, at: Option<i64>, id: &str) -> ObjectVersion {
        let kind = if id.starts_with('x') {
            VersionKind::DeleteMarker
        } else {
            VersionKind::Content { size: Some(1), etag: None, storage_class: None }
        };
        ObjectVersion {
            key: key.into(),
            version_id: Some(id.into()),
            is_latest: false,
            last_modified: at.map(second),
            kind,
        }
    }

    fn current(at: i64, versions: &[ObjectVersion]) -> Vec<String> {
        let mut picked = AsOf::at_time(second(at));
        let mut found: Vec<_> =
            versions.iter().filter_map(|version| picked.take_version(version.clone()).unwrap()).collect();
        found.extend(picked.finish_key());
        let id = |version: ObjectVersion| version.version_id.unwrap();
        let told = |then| match then {
            CurrentThen::Version(version) => id(version),
            CurrentThen::Deleted(marker) => format!("deleted {}", id(marker)),
            CurrentThen::NotYet => "not yet".into(),
        };
        found.into_iter().map(told).collect()
    }

    #[test]
    fn the_newest_version_that_was_there_then_was_current() {
        let versions = [
            version("a", Some(30), "a3"),
            version("a", Some(20), "x2"),
            version("a", Some(10), "a1"),
            version("ab", Some(10), "twin2"),
            version("ab", Some(10), "twin1"),
            version("b", None, "undated"),
            version("b", Some(15), "b1"),
        ];
        for (at, expected) in [
            (9, ["not yet", "not yet", "not yet"]),
            (10, ["a1", "twin2", "not yet"]),
            (19, ["a1", "twin2", "b1"]),
            (20, ["deleted x2", "twin2", "b1"]),
            (30, ["a3", "twin2", "b1"]),
            (1_000_000, ["a3", "twin2", "b1"]),
        ] {
            assert_eq!(current(at, &versions), expected, "{at}");
        }
        assert_eq!(current(9, &[]), Vec::<String>::new());
    }

    #[test]
    fn a_key_that_comes_back_is_a_fault_and_not_told_twice() {
        for (keys, is_in_order) in [(["a", "a", "ab"], true), (["a", "ab", "a"], false), (["ab", "b", "a"], false)] {
            let mut picked = AsOf::at_time(second(20));
            let taken: Result<Vec<_>, _> =
                keys.iter().map(|key| picked.take_version(version(key, Some(10), "v"))).collect();
            assert_eq!(taken.is_ok(), is_in_order, "{keys:?}");
        }
        let mut picked = AsOf::at_time(second(20));
        picked.take_version(version("a", Some(10), "v")).unwrap();
        picked.finish_key();
        assert_eq!(picked.take_version(version("a", Some(15), "x")), Err(PageFault::Order));
    }

    proptest! {
        #[test]
        fn the_order_within_a_key_does_not_matter_where_times_differ(
            times in prop::collection::hash_set(0i64..100, 1..12), at in 0i64..100,
        ) {
            let mut versions: Vec<_> = times.iter().map(|time| version("k", Some(*time), &format!("v{time}"))).collect();
            let expected = times.iter().filter(|time| **time <= at).max();
            let expected = expected.map_or("not yet".to_owned(), |time| format!("v{time}"));
            prop_assert_eq!(current(at, &versions), vec![expected.clone()]);
            versions.reverse();
            prop_assert_eq!(current(at, &versions), vec![expected]);
        }
    }
}
