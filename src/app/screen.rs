//! The screens.
//!
//! Invariant: one is in front at a time.

/// Which screen is in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Choosing what to mint.
    MintForm,
    /// Looking at buckets and objects.
    Browser,
    /// Looking at one object.
    Object,
    /// Looking at one location as two sessions see it.
    Compare,
}
