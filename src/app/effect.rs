//! Work that `update` wants done: plain data, so that tests compare it and the worker carries it out.
//!
//! Invariant: an effect holds no secret but a masked MFA code, and nothing that runs; equal effects want the same.

use jiff::Timestamp;

use super::{
    object_calls::{DetailCall, LookRequest},
    row_target::RowTarget,
};
use crate::domain::{
    console::ConsolePage,
    credentials::SessionId,
    listing::{Arranging, ContinuationToken},
    location::Location,
    mint::{MfaCode, MintRequest},
    object::{ObjectAddress, PresignRequest},
    profile::SourceOptions,
    recent::Recent,
};
use crate::handover::Offer;

/// Numbers a question, so that the answer to an abandoned one is known for what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Generation(pub u64);

/// Text for the clipboard: no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyText {
    /// The text.
    pub text: String,
    /// What it is called where it is told that it was copied; `None` shows the text.
    pub called: Option<&'static str>,
}

impl CopyText {
    /// Text that is too long to be shown.
    pub fn called(text: impl Into<String>, called: &'static str) -> Self {
        Self { text: text.into(), called: Some(called) }
    }
}

impl<T: Into<String>> From<T> for CopyText {
    fn from(text: T) -> Self {
        Self { text: text.into(), called: None }
    }
}

/// What rows are for; each asks for one page at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// The browser.
    Browser,
    /// The first session of a comparison.
    Left,
    /// The second.
    Right,
}

/// One piece of work outside the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Read the shared config files.
    LoadProfiles,
    /// Call STS. Runs to its end even if nobody waits any more: the credentials may already be issued.
    Mint {
        /// Comes back with the answer.
        generation: Generation,
        /// Whose credentials, and where.
        source: SourceOptions,
        /// What to ask for.
        request: MintRequest,
        /// What the MFA device shows, where the request names one.
        code: Option<MfaCode>,
    },
    /// Ask STS whose credentials would mint, to know what they may.
    IdentifySource {
        /// Comes back with the answer.
        generation: Generation,
        /// Whose credentials, and where.
        source: SourceOptions,
    },
    /// Ask STS who a session is. Needs no permission, so it also tells whether the session is still accepted, and
    /// measures the service's clock.
    Identify(SessionId),
    /// Ask S3 for one page. Abandons the page that was being asked for before, for the same view.
    List {
        /// For what is looked at.
        view: View,
        /// Comes back with the answer.
        generation: Generation,
        /// With whose credentials: exactly these, never wider ones.
        session: SessionId,
        /// Of what.
        location: Location,
        /// Where to go on; `None` is the beginning.
        after: Option<ContinuationToken>,
        /// The last row that came, for a service that refuses the token.
        last: Option<String>,
    },
    /// Find the rows to show and their order, off the loop. Stops whatever was being arranged before.
    Arrange {
        /// Comes back with the answer.
        generation: Generation,
        /// Of which rows, which and how.
        arranging: Arranging,
    },
    /// Ask S3 for all that follows the last row in the browser, many requests at a time. Abandons what was being asked for
    /// before.
    ListEverything {
        /// Comes back with each answer.
        generation: Generation,
        /// With whose credentials: exactly these, never wider ones.
        session: SessionId,
        /// Of what.
        location: Location,
        /// The last row that came.
        behind: Option<String>,
        /// Bytes of rows to bring at most.
        most_memory: usize,
    },
    /// Go on asking for everything, with another session.
    ResumeListing {
        /// With whose credentials.
        session: SessionId,
    },
    /// Ask S3 for what was current at a time, behind this row, page after page, each an answer of its own. Abandons what was
    /// being asked for before in the browser.
    ListPast {
        /// Comes back with each answer.
        generation: Generation,
        /// With whose credentials: exactly these, never wider ones.
        session: SessionId,
        /// Of what.
        location: Location,
        /// As of when, by the services' clock.
        at: Timestamp,
        /// The last row that came.
        behind: Option<String>,
    },
    /// Abandon what is being asked for, for this view.
    CancelListing(View),
    /// Read content of an object and decode it. Abandons the look before.
    Look {
        /// Comes back with the answer.
        generation: Generation,
        /// With whose credentials: exactly these, never wider ones.
        session: SessionId,
        /// At what.
        request: Box<LookRequest>,
    },
    /// Ask for parts of what is known about an object, each an answer of its own. Abandons those before.
    ReadDetails {
        /// Comes back with each answer.
        generation: Generation,
        /// With whose credentials.
        session: SessionId,
        /// Of which object.
        address: ObjectAddress,
        /// Which parts.
        calls: Vec<DetailCall>,
    },
    /// Ask for all versions of exactly this key, each page an answer of its own. Abandons those before.
    ListVersions {
        /// Comes back with each page.
        generation: Generation,
        /// With whose credentials.
        session: SessionId,
        /// In which bucket.
        bucket: String,
        /// Of which key.
        key: String,
    },
    /// Abandon whatever is being asked about an object.
    StopLooking,
    /// Ask IAM for every role, page after page, each an answer of its own. Abandons the roles that were being asked for.
    ListRoles {
        /// Comes back with each page.
        generation: Generation,
        /// Whose credentials, and where.
        source: SourceOptions,
    },
    /// Abandon the roles that are being asked for.
    CancelRoles,
    /// Ask IAM for one role.
    FindRole {
        /// Whose credentials, and where.
        source: SourceOptions,
        /// Which.
        role_arn: String,
    },
    /// Ask IAM for the MFA devices of whose credentials these are.
    FindMfaDevices {
        /// Whose credentials, and where.
        source: SourceOptions,
    },
    /// Ask IAM for a user.
    FindUser {
        /// Comes back with the answer.
        generation: Generation,
        /// Whose credentials, and where.
        source: SourceOptions,
        /// Which.
        name: String,
    },
    /// Read what requests were made before.
    LoadRecents,
    /// Remember a request for the next run.
    Remember(Recent),
    /// Drop a session's credentials.
    Forget(SessionId),
    /// Put text on the clipboard.
    Copy(CopyText),
    /// Put what is offered of a session on the clipboard; a sign-in URL once it is there.
    HandOver {
        /// Whose.
        session: SessionId,
        /// What.
        offer: Offer,
    },
    /// Ask for an address that signs in to the web console. It stays with the worker until it is handed over.
    SignIn {
        /// As whom.
        session: SessionId,
        /// What the console shows first.
        page: ConsolePage,
    },
    /// Sign a link. Nothing is sent. It stays with the worker until it is handed over.
    SignLink {
        /// With whose credentials: exactly these.
        session: SessionId,
        /// To what, and for how long.
        request: PresignRequest,
    },
    /// Ask what is really allowed, by requests that change nothing.
    ProbeAccess {
        /// Comes back with the answer.
        generation: Generation,
        /// With whose credentials: exactly these.
        session: SessionId,
        /// With what.
        target: RowTarget,
    },
    /// Give the terminal to a shell that has a session's credentials and no others, until it ends.
    Shell(SessionId),
    /// Bring a session's credentials to be looked at.
    Reveal(SessionId),
    /// Give the terminal back and stop, until continued.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Go on with the interface over the sandbox.
    StartDemo,
    /// Leave the loop.
    Quit,
}
