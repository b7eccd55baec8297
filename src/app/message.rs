//! What can happen to the model.
//!
//! Invariant: an answer carries what it answers (a generation, a session), so that one that comes too late is known.

use jiff::SignedDuration;

use super::{
    action::Action,
    effect::{CopyText, Generation},
    object_calls::{DetailReply, LookReply},
    row_target::{AccessReply, RowTarget},
};
use crate::domain::{
    clock_doubt::ClockDoubt,
    credentials::{RevealedCredentials, SessionId},
    failure::Failure,
    iam::{OfferedRole, Role, User},
    identity::{Caller, Identity},
    listing::{Block, Page},
    object::{ObjectVersion, PastRows, PresignPlan},
    patience::Wait,
    profile::{Profile, SourceOptions},
    recent::Recent,
    session::Session,
};
use crate::handover::{Delivery, Offer};

/// How asking for everything ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// The service said that this is all.
    Everything,
    /// The rows take as much memory as they may.
    AsMuchAsFits,
}

/// One thing that happened: a wish, an answer, or time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The person wants something.
    Action(Action),
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// Nothing but time has passed.
    Tick,
    /// The shared config files were read.
    ProfilesLoaded(Result<Vec<Profile>, Failure>),
    /// STS answered.
    Minted {
        /// Of the question.
        generation: Generation,
        /// The session, without its secrets.
        outcome: Result<Session, Failure>,
    },
    /// `GetCallerIdentity` answered the credentials that would mint.
    SourceIdentified {
        /// Of the question.
        generation: Generation,
        /// Who would mint.
        outcome: Result<Caller, Failure>,
    },
    /// `GetCallerIdentity` answered a session about itself.
    Identified {
        /// Which session.
        session: SessionId,
        /// Who it is.
        outcome: Result<Identity, Failure>,
    },
    /// S3 answered.
    PageArrived {
        /// Of the question.
        generation: Generation,
        /// The page.
        outcome: Result<Page, Failure>,
    },
    /// Rows were filtered and sorted.
    Arranged {
        /// Of the wish.
        generation: Generation,
        /// Positions of the rows to show, in their order.
        outcome: Result<Vec<u32>, Failure>,
    },
    /// Rows came of everything that was asked for, in the order of keys.
    RowsArrived {
        /// Of the question.
        generation: Generation,
        /// They follow those before.
        rows: Vec<Block>,
        /// How many were found so far, also those that wait for others before them.
        found: u64,
        /// By how many requests.
        requests: u64,
    },
    /// Asking for everything waits for another session.
    ListingPaused {
        /// Of the question.
        generation: Generation,
        /// Which session was refused: by now another one may be in use.
        session: SessionId,
        /// Why.
        failure: Failure,
    },
    /// Asking for everything has ended.
    EverythingArrived {
        /// Of the question.
        generation: Generation,
        /// Which session signed what ended it.
        session: SessionId,
        /// How.
        outcome: Result<Loaded, Failure>,
    },
    /// Content of an object was read and decoded.
    Looked {
        /// Of the question.
        generation: Generation,
        /// What is shown, or why not.
        outcome: Result<Box<LookReply>, Failure>,
    },
    /// A part of what is known about an object came.
    DetailArrived {
        /// Of the question.
        generation: Generation,
        /// The part.
        reply: DetailReply,
    },
    /// What was current at a time, a page of it.
    PastRowsArrived {
        /// Of the question.
        generation: Generation,
        /// They follow those before.
        came: PastRows,
        /// Versions without a time so far.
        undated: u64,
        /// Requests so far.
        requests: u64,
    },
    /// A service has answered what is really allowed.
    Probed {
        /// Of the question.
        generation: Generation,
        /// Which session asked.
        session: SessionId,
        /// About what.
        target: Box<RowTarget>,
        /// How.
        reply: Box<AccessReply>,
    },
    /// The worker holds a signed link, or why not.
    LinkSigned {
        /// Which session signed it.
        session: SessionId,
        /// How long it works.
        outcome: Result<PresignPlan, Failure>,
    },
    /// A page of versions came, and whether it is the last.
    VersionsArrived {
        /// Of the question.
        generation: Generation,
        /// The page.
        outcome: Result<(Vec<ObjectVersion>, bool), Failure>,
    },
    /// IAM answered with roles, and whether more follow.
    RolesArrived {
        /// Of the question.
        generation: Generation,
        /// The page.
        outcome: Result<(Vec<OfferedRole>, bool), Failure>,
    },
    /// IAM answered about the role in the form.
    RoleFound {
        /// Whose credentials asked, and where.
        source: SourceOptions,
        /// Which role was asked about.
        role_arn: String,
        /// The role; `None` if IAM has none such there.
        outcome: Result<Option<Role>, Failure>,
    },
    /// IAM answered with the serial numbers of somebody's MFA devices.
    MfaDevicesFound {
        /// Whose credentials asked, and where.
        source: SourceOptions,
        /// ARNs, or numbers printed on the device; perhaps none.
        outcome: Result<Vec<String>, Failure>,
    },
    /// IAM answered about a user; `None` if it has none such.
    UserFound {
        /// Of the question.
        generation: Generation,
        /// The user.
        outcome: Result<Option<User>, Failure>,
    },
    /// Calls wait before they are made again: all that do now. Told when one begins to, each second, and when one has ended.
    Waiting(Vec<Wait>),
    /// The services' clock was read off a reply: that much ahead of this machine's.
    ClockMeasured(SignedDuration),
    /// A reply contradicts what is known of the services' clock.
    ClockDoubted(ClockDoubt),
    /// Somebody set this machine's wall clock. The time that the program goes by has not jumped.
    WallClockSet,
    /// What requests were made before, or why that is not known.
    Remembered(Result<Vec<Recent>, Failure>),
    /// The worker holds an address that signs in to the web console, or why not.
    SignInUrlCame {
        /// As whom.
        session: SessionId,
        /// Why not.
        outcome: Result<(), Failure>,
    },
    /// What was offered went to the clipboard, or why not.
    HandedOver {
        /// What.
        offer: Offer,
        /// How, or why not.
        outcome: Result<Delivery, Failure>,
    },
    /// The shell ended with this exit code, or why there was none. After a signal the code is 128 and its number.
    ShellEnded(Result<i32, Failure>),
    /// A session's credentials, to be looked at. The only secret that a message carries; it masks itself.
    Revealed {
        /// Whose.
        session: SessionId,
        /// They themselves.
        credentials: RevealedCredentials,
    },
    /// The text went to the clipboard, and how; or why not.
    Copied(Result<(CopyText, Delivery), String>),
}
