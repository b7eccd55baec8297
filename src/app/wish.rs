//! What a part of the state wants of others.
//!
//! Invariant: a wish is plain data and names no other part; [`update`](super::update) alone turns it into a call.

use super::{effect::Effect, notice::Tone};

/// One wish. A part answers an action with several, which are fulfilled in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Work outside the state.
    Do(Effect),
    /// A line in the status bar.
    Say(Tone, String),
}

impl Wish {
    /// Says that something went as wished.
    pub(super) fn say(text: impl Into<String>) -> Self {
        Self::Say(Tone::Good, text.into())
    }

    /// Says something that a person should know.
    pub(super) fn warn(text: impl Into<String>) -> Self {
        Self::Say(Tone::Warning, text.into())
    }
}

impl From<Effect> for Wish {
    fn from(effect: Effect) -> Self {
        Self::Do(effect)
    }
}
