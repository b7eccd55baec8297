//! Why a profile's section leads to no credentials.
//!
//! Invariant: a fault names the section and the line of it that has to be changed, and quotes no key.

use std::fmt;

use super::{lines::SectionKind, sections::Section};

/// Why there is no route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainFault {
    /// In which section.
    pub(super) section: (SectionKind, String),
    /// Which line of it.
    pub(super) key: Option<&'static str>,
    pub(super) text: String,
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A fault of a profile's section.
pub(super) fn section_fault(section: Section<'_>, key: Option<&'static str>, text: impl Into<String>) -> ChainFault {
    ChainFault { section: (SectionKind::Profile, section.name().to_owned()), key, text: text.into() }
}
