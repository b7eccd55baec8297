//! What a part of the state wants of others.
//!
//! Invariant: a wish is plain data and names no other part; [`update`](super::update) alone turns it into a call.

use super::{Action, KeptText, TextInput, effect::Effect, notice::Tone};
use crate::domain::{
    credentials::SessionId,
    iam::OfferedRole,
    location::Location,
    mint::{MfaCode, MintRequest, Wishes},
    policy::Verbs,
    profile::{ProfileChoice, SourceOptions},
};

/// One wish. A part answers an action with several, which are fulfilled in their order. A row is one of the list of
/// sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Work outside the state.
    Do(Effect),
    /// A line in the status bar.
    Say(Tone, String),
    /// The screen below the dialogs does this.
    Below(Action),

    /// Explain what went wrong.
    Explain,
    /// Show everything about the selected row.
    ShowDetails,
    /// Ask where to go, beginning with this.
    AskWhereToGo(Location),
    /// Ask for a prefix, here.
    AskPrefix(Location),
    /// List the sessions.
    ListSessions,
    /// Offer the credentials of the session in use.
    ExportCredentials,
    /// Ask how the session in this row is renewed, or else the one in use.
    AskRenewal(Option<usize>),
    /// Ask for the code with which this session is renewed by this request.
    AskCode { session: SessionId, request: MintRequest },
    /// List recent requests.
    ListRecents,
    /// Offer the account's roles, asked for with these credentials.
    OfferRoles(SourceOptions),
    /// Say whether IAM has this user, asked for with these credentials.
    FindUser { source: SourceOptions, name: String },
    /// Say whether IAM has the user that the form names.
    LookForUser,
    /// Build a session policy, beginning with this.
    BuildPolicy { location: TextInput, verbs: Option<Verbs>, own: Option<String>, kept: Option<KeptText> },

    /// Browse here.
    GoTo(Location),
    /// Use the session in this row.
    UseSession(usize),
    /// Renew the session in this row.
    RenewSession(usize),
    /// Drop the session in this row, and its credentials.
    ForgetSession(usize),
    /// Fill in the form as for the session in this row.
    VarySession(usize),
    /// Compare the session in this row with the one in use.
    CompareSession(usize),
    /// Renew this session with the code.
    RenewWithCode { session: SessionId, request: MintRequest, code: MfaCode },
    /// Renew this session automatically from now on, or no longer.
    ChooseRenewal { id: SessionId, automatic: bool },
    /// Fill in the form with what was typed for a session, and choose this profile.
    FillForm { wishes: Wishes, profile: ProfileChoice },
    /// Assume this role.
    TakeRole(OfferedRole),
    /// Narrow the session to this.
    TakePolicy { location: TextInput, verbs: Verbs, own: Option<String> },
    /// Keep JSON that was typed and not accepted.
    KeepPolicyText(Option<KeptText>),
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
