//! Questions about an object, and their answers.
//!
//! Invariant: what is known already is said instead of a request. A question is asked once; an answer to another one changes
//! nothing.

use super::{LookRefusal, LookState, ObjectSubject, ObjectViewer};
use crate::{
    app::{
        action::ObjectTab,
        cx::Cx,
        effect::{Effect, Generation},
        message::Message,
        object_calls::{DetailReply, LookReply, LookRequest, LookTarget},
        wish::Wish,
    },
    domain::{
        failure::Failure,
        object::{ObjectAction, ObjectAddress, ObjectVersion},
    },
};

/// What the session's own policies say, before S3 is asked.
pub(in crate::app) trait OwnRights {
    /// Why they surely refuse something on an object; `None` where it may be allowed. Safe to print.
    fn refusal(&self, action: ObjectAction, address: &ObjectAddress) -> Option<String>;

    /// What they leave to be done with it, in words; `None` where nothing narrows the session. Foreign text.
    fn words(&self, address: &ObjectAddress) -> Option<String>;
}

impl ObjectViewer {
    /// Asks about what is in front, if it is time.
    pub(in crate::app) fn ask_due(&mut self, cx: &mut Cx, rights: &dyn OwnRights) -> Vec<Wish> {
        if self.due.is_none_or(|due| due > cx.now()) {
            return vec![];
        }
        self.due = None;
        match self.tab {
            ObjectTab::Look => self.ask_for_content(cx, rights),
            ObjectTab::Details => self.ask_for_details(cx, rights),
            ObjectTab::Versions => self.ask_for_versions(cx, rights),
        }
    }

    fn ask_for_content(&mut self, cx: &mut Cx, rights: &dyn OwnRights) -> Vec<Wish> {
        let Some(subject) = self.subject.clone() else { return vec![] };
        if self.look.state != LookState::NotAsked {
            return vec![];
        }
        let (fresh, forced) = (std::mem::take(&mut self.look.fresh), std::mem::take(&mut self.look.forced));
        let is_over = cx.live_session() != Some(subject.session);
        let action = match (&self.look.target, &subject.address.version_id) {
            (LookTarget::Annotation(_), _) => ObjectAction::ReadAnnotation,
            (_, Some(_)) => ObjectAction::ReadVersion,
            (_, None) => ObjectAction::Read,
        };
        let own = || rights.refusal(action, &subject.address).map(LookRefusal::OwnPolicy);
        let known = LookRefusal::of_content(&subject).filter(|_| self.look.target == LookTarget::Content);
        // Content that is here already is shown in another way without asking anybody.
        let is_here = self.look.shown.is_some();
        let why_not = if is_over && (fresh || !is_here) {
            Some(LookRefusal::SessionOver)
        } else if is_over || is_here {
            None
        } else {
            known.or_else(own).filter(|why| !(forced && why.can_be_tried()))
        };
        if let Some(why_not) = why_not {
            self.look.state = LookState::Refused(why_not);
            return vec![];
        }
        let generation = cx.next_generation();
        self.look.state = LookState::Asked { generation, since: cx.now() };
        let request = Box::new(LookRequest { offline: is_over, ..self.look_request(cx, &subject, fresh) });
        vec![Effect::Look { generation, session: subject.session, request }.into()]
    }

    /// The look that is wanted. What was read once says more than the listing.
    pub(super) fn look_request(&self, cx: &Cx, subject: &ObjectSubject, fresh: bool) -> LookRequest {
        let look = &self.look;
        let mut source = subject.source();
        if fresh {
            (source.etag, source.size) = (None, None);
        }
        if let Some(shown) = look.shown.as_ref().filter(|_| !fresh && look.target == LookTarget::Content) {
            let etag = shown.reply.etag.clone().or(source.etag.clone());
            // The listing knows the size of what it listed, and of nothing that took its place.
            let listed = source.size.filter(|_| etag == source.etag);
            (source.etag, source.size) = (etag, shown.reply.size.or(listed));
        }
        LookRequest {
            source,
            target: look.target.clone(),
            part: look.part,
            steps: look.steps,
            view: look.view,
            encoding: look.encoding,
            long_footer: look.long_footer,
            fresh,
            offline: false,
            asked_at: cx.now(),
        }
    }

    /// A question about it was answered.
    pub(in crate::app) fn take_reply(&mut self, cx: &Cx, message: Message) -> Vec<Wish> {
        match message {
            Message::Looked { generation, outcome } => self.looked(cx, generation, outcome),
            Message::DetailArrived { generation, reply } => self.detail_arrived(cx, generation, reply),
            Message::VersionsArrived { generation, outcome } => self.versions_arrived(cx, generation, outcome),
            _ => vec![],
        }
    }

    /// The content is here, or why not.
    fn looked(&mut self, cx: &Cx, generation: Generation, outcome: Result<Box<LookReply>, Failure>) -> Vec<Wish> {
        if !matches!(self.look.state, LookState::Asked { generation: asked, .. } if asked == generation) {
            return vec![];
        }
        match outcome {
            Ok(reply) => {
                self.look.take_reply(*reply);
                self.hold_scroll(cx);
                vec![]
            }
            Err(failure) => {
                let worked = self.look.shown.is_some();
                self.look.state = LookState::Failed(Box::new(failure.clone()));
                self.refused(failure, worked)
            }
        }
    }

    fn ask_for_details(&mut self, cx: &mut Cx, rights: &dyn OwnRights) -> Vec<Wish> {
        let Some(subject) = &self.subject else { return vec![] };
        let own = |action| rights.refusal(action, &subject.address);
        self.details.policy = rights.words(&subject.address);
        let is_over = cx.live_session() != Some(subject.session);
        let Some((generation, calls)) = self.details.begin(cx, is_over, &own) else { return vec![] };
        self.details.tell_rows(subject, &cx.setup.time_zone);
        if calls.is_empty() {
            return vec![];
        }
        let (session, address) = (subject.session, subject.address.clone());
        vec![Effect::ReadDetails { generation, session, address, calls }.into()]
    }

    /// One part of the details is here, or why not.
    fn detail_arrived(&mut self, cx: &Cx, generation: Generation, reply: DetailReply) -> Vec<Wish> {
        let Some(subject) = self.subject.as_ref().filter(|_| self.details.waits_for(generation)) else { return vec![] };
        let failure = self.details.take_reply(reply);
        self.details.tell_rows(subject, &cx.setup.time_zone);
        self.details.scroll_into_view(cx.size());
        failure.map(|failure| self.refused(failure, false)).unwrap_or_default()
    }

    fn ask_for_versions(&mut self, cx: &mut Cx, rights: &dyn OwnRights) -> Vec<Wish> {
        let Some(subject) = &self.subject else { return vec![] };
        let (session, address) = (subject.session, subject.address.clone());
        let is_over = cx.live_session() != Some(session);
        let why_not = rights.refusal(ObjectAction::ListVersions, &address);
        let Some(generation) = self.versions.begin(cx, is_over, why_not) else { return vec![] };
        vec![Effect::ListVersions { generation, session, bucket: address.bucket, key: address.key }.into()]
    }

    /// A page of versions is here, and whether it is the last; or why not.
    fn versions_arrived(
        &mut self,
        cx: &Cx,
        generation: Generation,
        outcome: Result<(Vec<ObjectVersion>, bool), Failure>,
    ) -> Vec<Wish> {
        let failure = self.versions.take_page(generation, outcome);
        self.versions.scroll_into_view(cx.size());
        failure.map(|failure| self.refused(failure, false)).unwrap_or_default()
    }

    /// The service refused the session.
    fn refused(&self, failure: Failure, worked: bool) -> Vec<Wish> {
        self.session().map(|session| Wish::Refused { session, failure, worked }).into_iter().collect()
    }
}
