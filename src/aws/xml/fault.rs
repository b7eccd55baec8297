//! Why bytes are no XML document.
//!
//! Invariant: nothing of the document is quoted.

/// Why bytes are no XML document, or none that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::aws) enum XmlFault {
    /// They stop before the root is closed.
    CutOff,
    /// What is wrong with them.
    Malformed(&'static str),
}
