//! What is wrong with the world's description.
//!
//! Invariant: it names the file.

/// What is wrong with the world's description, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("assets/sandbox/{file}: {what}")]
pub struct WorldError {
    /// The file, below `assets/sandbox`.
    pub file: String,
    /// What is wrong in it.
    pub what: String,
}
