//! What is selected, for the keys that copy its names, link to it, or tell what the session may do with it.
//!
//! Invariant: it names one object, one version, or one place, and holds what a listing told of it. Foreign text.

use crate::domain::{
    failure::Failure,
    listing::{Entry, Object},
    location::Location,
    object::ObjectAddress,
};

/// An object, a version of it, or a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowTarget {
    /// An object, in a version where one is named.
    Object {
        /// Which.
        address: ObjectAddress,
        /// What a listing told of it.
        row: Option<Object>,
    },
    /// A prefix, a bucket, or the list of buckets.
    Place {
        /// Which.
        location: Location,
        /// What a listing told of it.
        row: Option<Entry>,
    },
}

impl RowTarget {
    /// A row of a location's listing, in this version.
    pub fn of_row(here: &Location, entry: Entry, version_id: Option<String>) -> Self {
        match (entry, &here.bucket) {
            (Entry::Object(row), Some(bucket)) => {
                let address = ObjectAddress::new(bucket, &row.key).in_version(version_id);
                Self::Object { address, row: Some(row) }
            }
            (entry, _) => Self::Place { location: here.of_entry(&entry), row: Some(entry) },
        }
    }

    /// A place of which no row tells.
    pub const fn of_place(location: Location) -> Self {
        Self::Place { location, row: None }
    }

    /// The place itself, or the one that the object is in: a session's scope ends at a `/`.
    pub fn scope(&self) -> Location {
        match self {
            Self::Object { address: ObjectAddress { bucket, key, .. }, .. } => {
                Location::new(bucket, Location::new(bucket, key).directory())
            }
            Self::Place { location, .. } => location.clone(),
        }
    }

    /// For sentences. Foreign text.
    pub fn in_words(&self) -> String {
        match self {
            Self::Object { address, .. } => address.to_string(),
            Self::Place { location, .. } => location.in_words(),
        }
    }

    /// How many requests tell what is really allowed.
    pub const fn probe_price(&self) -> &'static str {
        match self {
            Self::Object { .. } => "3 requests: HeadObject, one byte, a listing of one row",
            Self::Place { .. } => "1 request: a listing of one row",
        }
    }
}

/// How a service answered the requests that tell what is really allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessReply {
    /// To `HeadObject` and to a read of one byte; `None` for a place.
    pub read: Option<Result<(), Failure>>,
    /// To a listing of one row.
    pub list: Result<(), Failure>,
}
