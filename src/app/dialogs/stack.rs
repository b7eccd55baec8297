//! The dialogs that are open, one upon the other.
//!
//! Invariant: keys go to the one in front. What lies below it is kept as it was, and takes in what arrives for it.

use jiff::Timestamp;

use super::{AskCode, Dialog, Export, Help, Outcome, PolicyBuilder, SessionList};
use crate::{
    app::{
        action::{Action, DialogAction},
        cx::Cx,
        effect::Generation,
        wish::Wish,
    },
    domain::{
        credentials::{RevealedCredentials, SessionId},
        failure::Failure,
        iam::{OfferedRole, User},
    },
};

/// One of them, and how far its text is scrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Open {
    dialog: Dialog,
    scrolled: usize,
}

/// All of them, the one in front last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialogs(Vec<Open>);

/// Goes through the open dialogs of one kind.
macro_rules! each {
    ($dialogs:expr, $kind:ident) => {
        $dialogs.0.iter_mut().filter_map(|open| match &mut open.dialog {
            Dialog::$kind(part) => Some(part),
            _ => None,
        })
    };
}

impl Dialogs {
    /// The one in front.
    pub fn front(&self) -> Option<&Dialog> {
        self.0.last().map(|open| &open.dialog)
    }

    /// The one below that.
    pub fn below_front(&self) -> Option<&Dialog> {
        self.0.iter().rev().nth(1).map(|open| &open.dialog)
    }

    /// Lines of the one in front that are scrolled away.
    pub fn scrolled(&self) -> usize {
        self.0.last().map_or(0, |open| open.scrolled)
    }

    /// Whether none is open.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The policy builder, if it is in front.
    pub fn builder(&self) -> Option<&PolicyBuilder> {
        match self.front() {
            Some(Dialog::PolicyBuilder(builder)) => Some(builder),
            _ => None,
        }
    }

    /// Whether the code of an MFA device is being asked for.
    pub fn ask_for_code(&self) -> bool {
        matches!(self.front(), Some(Dialog::AskCode(AskCode { .. })))
    }

    /// Whether every session's remaining time is on screen.
    pub fn list_sessions(&self) -> bool {
        self.0.iter().any(|open| matches!(open.dialog, Dialog::SessionList(SessionList { .. })))
    }

    /// Since when the one in front has been waiting for an answer.
    pub fn busy_since(&self) -> Option<Timestamp> {
        self.front()?.part().busy_since()
    }

    /// Puts one in front of all.
    pub fn open(&mut self, dialog: impl Into<Dialog>) {
        self.0.push(Open { dialog: dialog.into(), scrolled: 0 });
    }

    /// What an action does to the one in front, and what that wants of others.
    pub(in crate::app) fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Vec<Wish> {
        let Some(front) = self.0.last_mut() else { return vec![] };
        if let Action::Dialog(DialogAction::ScrollTo(line)) = action
            && front.dialog.moves().scrolls()
        {
            front.scrolled = line;
            return vec![];
        }
        if action == Action::Help && !matches!(front.dialog, Dialog::Help(_)) {
            self.open(Help);
            return vec![];
        }
        match front.dialog.act(cx, action) {
            Outcome::Stay(wishes) => wishes,
            Outcome::Close(wishes) => {
                self.0.pop();
                wishes
            }
        }
    }

    /// IAM answered with roles.
    pub(in crate::app) fn roles_arrived(
        &mut self,
        generation: Generation,
        outcome: Result<(Vec<OfferedRole>, bool), Failure>,
    ) {
        if let Some(picker) = each!(self, RolePicker).next() {
            picker.arrived(generation, outcome);
        }
    }

    /// IAM answered about a user.
    pub(in crate::app) fn user_found(&mut self, generation: Generation, outcome: Result<Option<User>, Failure>) {
        if let Some(panel) = each!(self, UserPanel).next() {
            panel.found(generation, outcome);
        }
    }

    /// Another session has taken the place of one.
    pub(in crate::app) fn renewed(&mut self, old: SessionId, new: SessionId) {
        self.0.iter_mut().for_each(|open| open.dialog.part_mut().renewed(old, new));
    }

    /// Credentials were brought to be looked at; too late where the panel is not in front any more.
    pub(in crate::app) fn revealed(&mut self, session: SessionId, credentials: RevealedCredentials, now: Timestamp) {
        if let Some(Dialog::Export(export)) = self.0.last_mut().map(|open| &mut open.dialog) {
            export.show(session, credentials, now);
        }
    }

    /// What is known of whether a session may be carried into the web console has changed.
    pub(in crate::app) fn identified(&mut self, session: SessionId, no_console: Option<&'static str>) {
        each!(self, Export).for_each(|export| export.identified(session, no_console));
        each!(self, CopyMenu).filter(|menu| menu.session == session).for_each(|menu| menu.no_console = no_console);
    }

    /// A sign-in URL has come, or why not.
    pub(in crate::app) fn signed_in(&mut self, session: SessionId) {
        each!(self, Export).for_each(|export| export.signed_in(session));
    }

    /// A service has answered what is really allowed.
    pub(in crate::app) fn probed(&mut self, generation: Generation) {
        each!(self, AccessPanel).for_each(|panel| panel.answered(generation));
    }

    /// When credentials that are on screen are to be masked.
    pub(in crate::app) fn masked_at(&self) -> Option<Timestamp> {
        self.0.iter().find_map(|open| match &open.dialog {
            Dialog::Export(export) => export.revealed.as_ref().map(|revealed| revealed.until),
            _ => None,
        })
    }

    /// Masks what is being looked at; what was asked for once has to be asked for again.
    pub(in crate::app) fn mask(&mut self) {
        each!(self, Export).for_each(Export::mask);
    }
}
