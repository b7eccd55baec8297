//! What a part of the state wants of others.
//!
//! Invariant: a wish is plain data and names no other part; [`update`](super::update) alone turns it into a call.

use super::{effect::Effect, notice::Tone};
use crate::domain::{
    credentials::SessionId,
    failure::Failure,
    location::Location,
    mint::{Draft, MfaCode, MintRequest, Wishes},
    profile::{ProfileChoice, SourceOptions},
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
    /// A session.
    Mint(Box<MintOrder>),
    /// Not to be told of the newest refusal any more: something else would be asked for now.
    DismissRefusal,
    /// The panel that explains what went wrong, if something did.
    Explain,
    /// The panel with the role chain.
    ShowRoleChain,
    /// The list of recent requests.
    ShowRecents,
    /// The builder of the session policy.
    BuildPolicy,
    /// The account's roles, to choose one.
    PickRole,
    /// Whether there is an IAM user of the form's name.
    LookUpUser,
    /// The session in use instead of the form.
    BrowseOn,
}

/// What the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MintOrder {
    /// Whose credentials, and where.
    pub(super) source: SourceOptions,
    /// What is sent.
    pub(super) request: MintRequest,
    /// What the MFA device shows, where the request names one.
    pub(super) code: Option<MfaCode>,
    /// What is filled in, to be remembered.
    pub(super) draft: Draft,
    /// What a person typed or chose.
    pub(super) wishes: Wishes,
    /// Where browsing begins.
    pub(super) location: Location,
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
