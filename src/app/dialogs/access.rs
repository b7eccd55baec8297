//! May I? What the session's policies say to each thing that can be done with what is selected, beside what S3 really
//! answered.
//!
//! Invariant: no request is sent but by the key that says so, and its price is told before. Nothing is written, tagged or
//! deleted to find out whether it could be.

use jiff::Timestamp;

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::{Action, DialogAction, ListAction, SessionAction},
        cx::Cx,
        effect::{Effect, Generation},
        key_row::KeyRow,
        row_target::RowTarget,
        wish::{RowWish, Wish},
    },
    domain::{
        credentials::SessionId,
        object::ObjectAction,
        policy::{Verb, Verbs},
    },
};

/// The panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPanel {
    /// Whose rights.
    pub session: SessionId,
    /// On what.
    pub target: RowTarget,
    /// Which row is selected.
    pub selected: usize,
    /// The question that is under way, and since when.
    pub asked: Option<(Generation, Timestamp)>,
}

const PROBE: Action = Action::Dialog(DialogAction::Own("probe"));
const MINT: Action = Action::Sessions(SessionAction::NewForLocation);

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["t", "Enter"], "test it", PROBE),
    KeyRow::hinted(&["p"], "session that may", MINT),
    KeyRow::listed(&["R"], "renew", Action::Sessions(SessionAction::Renew)),
    KeyRow::listed(&["a"], "close", Action::Dismiss),
];

impl AccessPanel {
    pub(in crate::app) const fn of(session: SessionId, target: RowTarget) -> Self {
        Self { session, target, selected: 0, asked: None }
    }

    /// What is told of it: in the list of buckets only listing means anything.
    pub fn actions(&self) -> &'static [ObjectAction] {
        match &self.target {
            RowTarget::Place { location, .. } if location.bucket.is_none() => &ObjectAction::PREDICTED[..1],
            _ => &ObjectAction::PREDICTED,
        }
    }

    pub(super) fn answered(&mut self, generation: Generation) {
        self.asked.take_if(|(asked, _)| *asked == generation);
    }

    fn probe(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if self.asked.is_some() {
            return Outcome::STAY;
        }
        if cx.live_session() != Some(self.session) {
            return Outcome::Stay(vec![Wish::warn("no request was sent: the session is over · R renews it")]);
        }
        let generation = cx.next_generation();
        self.asked = Some((generation, cx.now()));
        let (session, target) = (self.session, self.target.clone());
        Outcome::Stay(vec![Effect::ProbeAccess { generation, session, target }.into()])
    }

    /// The form for a session that may do what is selected there.
    fn mint(&self) -> Outcome {
        let location = self.target.scope();
        if location.bucket.is_none() {
            return Outcome::pass(Action::Sessions(SessionAction::New));
        }
        let verbs = self.actions().get(self.selected).map_or(Verbs::READ, |action| verbs_for(*action));
        Outcome::Close(vec![Wish::Row(RowWish::MintFor { location, verbs })])
    }
}

/// The least that allows an action, besides listing and reading, without which nothing can be browsed.
const fn verbs_for(action: ObjectAction) -> Verbs {
    match action {
        ObjectAction::List => Verbs::LIST,
        ObjectAction::ReadVersion | ObjectAction::ListVersions => Verbs::READ.toggle_verb(Verb::GetVersion),
        ObjectAction::ReadTags => Verbs::READ.toggle_verb(Verb::Tags),
        ObjectAction::Write => Verbs::READ.toggle_verb(Verb::Put),
        ObjectAction::Delete => Verbs::READ.toggle_verb(Verb::Delete),
        _ => Verbs::READ,
    }
}

impl DialogPart for AccessPanel {
    fn title(&self) -> &'static str {
        "may I?"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Select
    }

    fn busy_since(&self) -> Option<Timestamp> {
        self.asked.map(|(_, since)| since)
    }

    fn can(&self, action: &Action) -> bool {
        *action != PROBE || self.asked.is_none()
    }

    /// What the old one was asked is not the new one's answer.
    fn renewed(&mut self, old: SessionId, new: SessionId) {
        if self.session == old {
            (self.session, self.asked) = (new, None);
        }
    }

    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            PROBE => return self.probe(cx),
            MINT => return self.mint(),
            Action::Sessions(SessionAction::Renew) => return Outcome::Stay(vec![Wish::Below(action)]),
            Action::List(ListAction::Click(row)) => self.selected = row.min(self.actions().len() - 1),
            action => self.selected = super::selected(self.selected, self.actions().len() - 1, &action),
        }
        Outcome::STAY
    }
}
