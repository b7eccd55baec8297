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

impl WorldError {
    /// Something in `world.toml`.
    pub(super) fn of_world(what: impl Into<String>) -> Self {
        Self { file: "world.toml".into(), what: what.into() }
    }
}
