//! Three-valued truth: yes, no, or unknown with what it depends on.
//!
//! Invariant: a doubt names what the policy depends on and is unknown here, in the policy's own spelling.

use std::fmt;

/// Whether a part of a statement holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth<'p> {
    No,
    Unclear(Doubt<'p>),
    Yes,
}

/// Why something is unclear. Every text in it is foreign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt<'p> {
    /// The value of this condition key is not known.
    Key(&'p str),
    /// Something in the policy cannot be evaluated; which, in a sentence.
    Element(&'p str),
    /// Who asks is not known.
    Principal,
    /// It is for some places below this one, and not for all.
    PartOfPlace,
    /// The text of the managed policy with this ARN is not known.
    Policy(&'p str),
}

impl fmt::Display for Doubt<'_> {
    /// To stand after "depends on". Foreign text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Element(what) => write!(f, "{what}, which ebbtide cannot evaluate"),
            Self::Principal => f.write_str("the identity of the caller"),
            Self::PartOfPlace => f.write_str("the place below"),
            Self::Policy(arn) => write!(f, "the managed policy {}", arn.rsplit('/').next().unwrap_or(arn)),
        }
    }
}

impl From<bool> for Truth<'_> {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

impl Truth<'_> {
    pub(super) fn negate(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
            unclear @ Self::Unclear(_) => unclear,
        }
    }

    pub(super) fn negated_if(self, negated: bool) -> Self {
        if negated { self.negate() } else { self }
    }

    /// Whether all hold; the first doubt is returned.
    pub(super) fn all_of(of: impl IntoIterator<Item = Self>) -> Self {
        let mut together = Self::Yes;
        for one in of {
            match (one, together) {
                (Self::No, _) => return Self::No,
                (Self::Unclear(_), Self::Yes) => together = one,
                _ => {}
            }
        }
        together
    }

    /// Whether any holds; the first doubt is returned.
    pub(super) fn any_of(of: impl IntoIterator<Item = Self>) -> Self {
        let mut together = Self::No;
        for one in of {
            match (one, together) {
                (Self::Yes, _) => return Self::Yes,
                (Self::Unclear(_), Self::No) => together = one,
                _ => {}
            }
        }
        together
    }
}
