//! Why an object is not asked about: what is known before any request.
//!
//! Invariant: only what surely makes a request useless is said here. Each is one line, and says that nothing was requested.

use std::fmt;

use super::ObjectSubject;
use crate::domain::safe_text::printable;

/// Classes whose objects must be restored before they can be read.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
const ARCHIVES: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// Why nothing is requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookRefusal {
    /// The session is over.
    SessionOver,
    /// Its own policy refuses; in a sentence that is safe to print.
    OwnPolicy(String),
    /// The object is archived, in this class.
    Archived(String),
    /// It has no bytes.
    Empty,
    /// It has no bytes and stands for a folder.
    FolderMarker,
}

impl LookRefusal {
    /// What the listing says against reading an object.
    pub(super) fn of_content(subject: &ObjectSubject) -> Option<Self> {
        if subject.size == Some(0) {
            return Some(if subject.address.is_folder_marker() { Self::FolderMarker } else { Self::Empty });
        }
        let class = subject.storage_class.as_deref().filter(|class| ARCHIVES.contains(class))?;
        Some(Self::Archived(class.to_owned()))
    }

    /// Whether a request that is sent all the same might be answered.
    pub const fn can_be_tried(&self) -> bool {
        matches!(self, Self::OwnPolicy(_) | Self::Archived(_))
    }

    /// Whether it is no trouble at all.
    pub const fn is_harmless(&self) -> bool {
        matches!(self, Self::Empty | Self::FolderMarker)
    }
}

impl fmt::Display for LookRefusal {
    /// Safe to print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SessionOver => f.write_str("the session has expired · no request was sent"),
            Self::OwnPolicy(why) => write!(f, "{why} · no request was sent"),
            Self::Archived(class) => {
                write!(f, "archived: {}, restore it first · no request was sent", printable(class))
            }
            Self::Empty => f.write_str("empty: 0 bytes"),
            Self::FolderMarker => f.write_str("a folder marker: 0 bytes, its name ends in /"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{credentials::SessionId, listing::Object};

    #[test]
    fn what_the_listing_says_is_said_before_any_request() {
        for (key, size, class, said) in [
            ("a", Some(1), Some("STANDARD"), None),
            ("a", None, None, None),
            ("a", Some(1), Some("GLACIER_IR"), None),
            ("a", Some(1), Some("GLACIER"), Some("archived: GLACIER, restore it first · no request was sent")),
            ("a", Some(0), Some("GLACIER"), Some("empty: 0 bytes")),
            ("a/", Some(0), None, Some("a folder marker: 0 bytes, its name ends in /")),
            ("a/", Some(1), None, None),
        ] {
            let object =
                Object { key: key.into(), size, modified: None, storage_class: class.map(Into::into), etag: None };
            let subject = ObjectSubject::of_row(SessionId(1), "b", object);
            let refusal = LookRefusal::of_content(&subject).map(|refusal| refusal.to_string());
            assert_eq!(refusal.as_deref(), said, "{key} {size:?} {class:?}");
        }
    }
}
