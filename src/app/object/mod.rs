//! One object: its content, its details, its versions; on a screen of its own, or beside the list.
//!
//! Invariant: nothing is requested while the cursor moves, and before a request goes out what is known already is said
//! instead: no right to read, an archive, nothing in it. Leaving abandons what is under way, and a reply to an abandoned
//! request changes nothing. What is on screen says which part of the object it is, what it cost, and of when it is.

mod acting;
mod asking;
mod detail_rows;
mod details;
mod find_line;
mod finding;
mod look;
mod reading;
mod refusal;
mod scroll;
mod subject;
mod versions;

pub(super) use asking::OwnRights;
pub use detail_rows::{DetailRow, RowState};
pub use details::DetailsTab;
pub use finding::Finding;
pub use look::{Look, LookState, ShownLook};
pub use refusal::LookRefusal;
pub use scroll::{ContentScroll, gutter};
pub use subject::ObjectSubject;
pub use versions::{VersionsState, VersionsTab};

use jiff::{SignedDuration, Timestamp};

use super::{action::ObjectTab, cx::Cx, effect::Effect, object_calls::LookTarget, wish::Wish};
use crate::domain::{credentials::SessionId, failure::Failure};

/// How long the cursor rests on an object before it is asked about.
const REST: SignedDuration = SignedDuration::from_millis(150);

/// What is looked at, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectViewer {
    /// Whether a pane beside the list is wanted, where there is room for one.
    pub pane: bool,
    /// Which of its sides the screen shows.
    pub tab: ObjectTab,
    /// The object, or the version of it.
    pub subject: Option<ObjectSubject>,
    /// Where the person came from to what is looked at, step by step.
    came_from: Vec<ViewerStep>,
    /// Its content.
    pub look: Look,
    /// Everything about it.
    pub details: DetailsTab,
    /// Every version of its key.
    pub versions: VersionsTab,
    /// When it is asked about.
    due: Option<Timestamp>,
}

/// What was looked at before: a side of an object, or of a version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ViewerStep {
    tab: ObjectTab,
    subject: Option<ObjectSubject>,
}

impl ObjectViewer {
    /// Looks at what the list says is there, at once.
    pub(super) fn open(&mut self, cx: &Cx, subject: ObjectSubject, tab: ObjectTab) -> Vec<Wish> {
        let wishes = self.take_subject(subject);
        (self.tab, self.due) = (tab, Some(cx.now()));
        wishes
    }

    /// Follows the cursor: what it is on is asked about once it rests there.
    pub(super) fn follow(&mut self, cx: &Cx, subject: Option<ObjectSubject>) -> Vec<Wish> {
        let Some(subject) = subject else { return self.leave() };
        if self.subject.as_ref() == Some(&subject) {
            return vec![];
        }
        let wishes = self.take_subject(subject);
        self.due = Some(cx.now().checked_add(REST).unwrap_or(cx.now()));
        wishes
    }

    /// Goes to another object at the same side of it, which is asked about once the person rests there.
    pub(super) fn step_to(&mut self, cx: &Cx, subject: Option<ObjectSubject>) -> Vec<Wish> {
        let tab = self.tab;
        let wishes = subject.map(|subject| self.follow(cx, Some(subject))).unwrap_or_default();
        self.tab = tab;
        wishes
    }

    /// What was looked at before is left; the same object stays as it is.
    fn take_subject(&mut self, subject: ObjectSubject) -> Vec<Wish> {
        if self.subject.as_ref() == Some(&subject) {
            return vec![];
        }
        let wishes = self.abandon();
        let kept = Self { pane: self.pane, tab: self.tab, look: self.look.of_another_object(), ..Self::default() };
        *self = Self { subject: Some(subject), ..kept };
        wishes
    }

    /// Nothing is looked at any more.
    pub(super) fn leave(&mut self) -> Vec<Wish> {
        if self.subject.is_none() {
            return vec![];
        }
        let wishes = self.abandon();
        *self = Self { pane: self.pane, look: self.look.of_another_object(), ..Self::default() };
        wishes
    }

    /// Abandons what is under way; what is on screen stays.
    fn abandon(&mut self) -> Vec<Wish> {
        let busy = self.busy_since().is_some();
        self.due = None;
        self.look.abandon();
        self.details.abandon();
        self.versions.abandon();
        if busy { vec![Effect::StopLooking.into()] } else { vec![] }
    }

    /// With which session it is looked at.
    pub(super) fn session(&self) -> Option<SessionId> {
        self.subject.as_ref().map(|subject| subject.session)
    }

    /// When something is asked about, if nothing else happens.
    pub(super) const fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// Since when an answer is waited for.
    pub fn busy_since(&self) -> Option<Timestamp> {
        let look = match self.look.state {
            LookState::Asked { since, .. } => Some(since),
            _ => None,
        };
        look.or_else(|| self.details.loading_since()).or_else(|| self.versions.loading_since())
    }

    /// Why the newest request of what is in front has failed.
    pub fn failure(&self) -> Option<&Failure> {
        match self.tab {
            ObjectTab::Look => match &self.look.state {
                LookState::Failed(failure) => Some(failure),
                _ => None,
            },
            ObjectTab::Details => self.details.failure(),
            ObjectTab::Versions => self.versions.failure(),
        }
    }

    /// Whether what is typed goes into the line that finds.
    pub const fn is_finding(&self) -> bool {
        self.look.finding.line.is_some()
    }

    /// Whether how two versions differ is looked at.
    pub fn compares(&self) -> bool {
        matches!(self.look.target, LookTarget::Difference(_))
    }

    /// A session was renewed: what was read with the old one stays on screen, and is read again.
    pub(super) fn renewed(&mut self, cx: &Cx, old: SessionId, new: SessionId) -> Vec<Wish> {
        let below = self.came_from.iter_mut().filter_map(|step| step.subject.as_mut());
        let mut changed = false;
        for subject in self.subject.iter_mut().chain(below).filter(|subject| subject.session == old) {
            (subject.session, changed) = (new, true);
        }
        if !changed {
            return vec![];
        }
        let wishes = self.abandon();
        self.forget_answers();
        self.ask_again(cx, false);
        wishes
    }

    /// What was answered, or refused, with a session that is replaced: each side is asked about anew once it is in front. Content
    /// stays until then.
    fn forget_answers(&mut self) {
        if self.look.state != LookState::NotAsked {
            self.look.ask_anew(false);
        }
        (self.details, self.versions) = (DetailsTab::default(), VersionsTab::default());
    }

    /// What is in front is asked about anew; by the person's own key also where something is known against it.
    fn ask_again(&mut self, cx: &Cx, forced: bool) {
        match self.tab {
            ObjectTab::Look => self.look.ask_anew(forced),
            ObjectTab::Details => self.details = DetailsTab::asked_by(forced),
            ObjectTab::Versions => self.versions = VersionsTab::asked_by(forced),
        }
        self.due = Some(cx.now());
    }
}
