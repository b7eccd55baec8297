//! What a part of the state wants of others.
//!
//! Invariant: a wish is plain data and names no other part; [`update`](super::update) alone turns it into a call.

use jiff::Timestamp;

use super::{
    action::{Action, ObjectTab},
    code_input::CodeInput,
    effect::Effect,
    notice::Tone,
    text_area::KeptText,
    text_input::TextInput,
};
use crate::domain::{
    credentials::SessionId,
    failure::Failure,
    iam::OfferedRole,
    location::Location,
    mint::{Draft, MintRequest, RequestedSession},
    object::ObjectAddress,
    policy::Verbs,
    profile::{ProfileChoice, SourceOptions},
};

/// One wish. A part answers an action with several, which are fulfilled in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Work outside the state.
    Do(Effect),
    /// What a dialog about a row wants.
    Row(RowWish),
    /// A line in the status bar.
    Say(Tone, String),
    /// Good news, unless a warning is shown.
    SayIfQuiet(String),
    /// The details of the selected row.
    ShowDetails,
    /// The screen of the selected object, at this side of it.
    ShowObject(ObjectTab),
    /// The object so many objects further on in the list.
    StepObject(isize),
    /// The list instead of the object's screen.
    CloseObject,
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
    /// The list of recent requests.
    ShowRecents,
    /// The builder of the session policy.
    BuildPolicy,
    /// The account's roles, to choose one.
    PickRole,
    /// Whether there is an IAM user of the form's name.
    LookUpUser,
    /// Back to the session in use.
    BrowseOn,
    /// The same from the screen below the dialogs.
    Below(Action),
    /// This location.
    GoTo(Location),
    /// The keys with this prefix, below the location on screen.
    ListPrefix(String),
    /// The session in this row, used.
    UseSession(usize),
    /// The session in this row, renewed.
    RenewSession(usize),
    /// The session in this row dropped, and its credentials with it.
    ForgetSession(usize),
    /// The form, filled in as for the session in this row.
    VarySession(usize),
    /// The session in this row, compared with the one in use.
    CompareSession(usize),
    /// A session renewed with the code that was typed.
    RenewWithCode {
        /// Which session.
        session: SessionId,
        /// What is minted.
        request: Box<MintRequest>,
        /// The code.
        code: CodeInput,
    },
    /// The question how the session in this row is renewed.
    AskForRenewal(usize),
    /// Another way for a session to be renewed.
    ChooseRenewal {
        /// Which session.
        session: SessionId,
        /// Whether automatically.
        automatic: bool,
    },
    /// The form, filled in with what was typed for another session.
    FillForm {
        /// What was typed.
        wishes: Box<RequestedSession>,
        /// For which profile.
        profile: ProfileChoice,
    },
    /// A role, assumed.
    TakeRole(OfferedRole),
    /// A session policy.
    TakePolicy {
        /// Bucket and prefix.
        location: TextInput,
        /// What is allowed there.
        verbs: Verbs,
        /// Its JSON, where it says anything else.
        own: Option<String>,
    },
    /// Typed JSON, kept until the policy builder opens again.
    KeepPolicyText(Option<KeptText>),
}

/// What is asked of STS, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MintOrder {
    /// With whose credentials, and where.
    pub(super) source: SourceOptions,
    /// What for.
    pub(super) request: MintRequest,
    /// What was typed as the MFA device's code, where the request names a device.
    pub(super) code: Option<CodeInput>,
    /// What was filled in, to be remembered.
    pub(super) draft: Draft,
    /// What of it a person typed or chose.
    pub(super) wishes: RequestedSession,
    /// Where browsing begins.
    pub(super) location: Location,
}

/// What a dialog about a row wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowWish {
    /// The dialog that makes a link to an object.
    Link(ObjectAddress),
    /// A location as of a time.
    ListPast {
        /// Which.
        location: Location,
        /// By the services' clock.
        at: Timestamp,
    },
    /// The form for a session that may do this there.
    MintFor {
        /// Where.
        location: Location,
        /// What.
        verbs: Verbs,
    },
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
