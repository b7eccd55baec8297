//! What a part of the state wants of others.
//!
//! Invariant: a wish is plain data and names no other part; [`update`](super::update) alone turns it into a call.

use super::{effect::Effect, notice::Tone};
use crate::domain::{
    credentials::SessionId,
    failure::Failure,
    location::Location,
    mint::{Draft, MintRequest},
    profile::ProfileChoice,
};

/// One wish. A part answers an action with several, which are fulfilled in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Work outside the state.
    Do(Effect),
    /// A line in the status bar.
    Say(Tone, String),
    /// Good news, unless a warning is shown.
    SayIfQuiet(String),
    /// The details of the selected row.
    ShowDetails,
    /// A line that asks for a prefix and begins with this.
    AskForPrefix(String),
    /// A line that asks for the code of an MFA device, to renew a session.
    AskForCode {
        /// Which session.
        session: SessionId,
        /// What is minted with it.
        request: Box<MintRequest>,
    },
    /// The screen of a session that has just been minted, at this location.
    Browse(Location),
    /// A minted request, for the list of recent ones.
    Remember {
        /// Of which profile.
        profile: ProfileChoice,
        /// What was filled in.
        draft: Box<Draft>,
    },
    /// A session was renewed: what the old one did goes on with the new one.
    GoOnWith {
        /// It is not held any more.
        old: SessionId,
        /// It is in its place.
        new: SessionId,
    },
    /// A service refused a session.
    Refused {
        /// Which signed the request.
        session: SessionId,
        /// Why.
        failure: Failure,
        /// Whether the session was allowed the same before.
        worked: bool,
    },
    /// The browser instead of the comparison.
    CloseComparison,
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
