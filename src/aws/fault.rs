//! Why a profile's section leads to no credentials.
//!
//! Invariant: a fault names the section and the line of it that has to be changed, and quotes no key.

use std::fmt;

use super::{lines::Kind, sections::Section};

/// Why there is no route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// In which section.
    pub(super) section: (Kind, String),
    /// Which line of it.
    pub(super) key: Option<&'static str>,
    pub(super) text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A fault of a profile's section.
pub(super) fn fault(section: Section<'_>, key: Option<&'static str>, text: impl Into<String>) -> Fault {
    Fault { section: (Kind::Profile, section.name().to_owned()), key, text: text.into() }
}
