//! Sessions: minted, identified, renewed, refused, over.
//!
//! Invariant: nothing is minted without the person's key or choice. A session that comes although the person waits no longer
//! is added to the list; one whose call is unknown is forgotten, and its credentials with it.

mod held;
mod list;
mod minting;
mod renewal;
mod renewing;

pub use held::HeldSession;
pub use list::{Sessions, Shows, StoredSession};
pub use minting::{MintCall, Minting, Then};
pub use renewal::{Renewal, RenewalChoice};
pub(super) use renewing::other_choice;

use jiff::Timestamp;

use super::{
    cx::Cx,
    effect::{Effect, Generation},
    wish::{MintOrder, Wish},
};
use crate::domain::{
    credentials::SessionId,
    failure::{Failure, FailureKind},
    identity::Identity,
    lifetime::format_countdown,
    mint::{MfaCode, MintRequest, Mode},
    moment::Moment,
    safe_text::printable,
    session::Session,
};

impl<V: Shows> Sessions<V> {
    /// Mints what the form asks for, unless a call is waited for. A code is sent once.
    ///
    /// # Errors
    ///
    /// Says why the code cannot be sent.
    pub(super) fn mint(&mut self, cx: &mut Cx, order: MintOrder) -> Result<Vec<Wish>, String> {
        if self.minting.waiting().is_some() {
            return Ok(vec![]);
        }
        let MintOrder { source, request, code, draft, wishes, location } = order;
        let code = match request.mfa_serial() {
            Some(serial) => {
                let typed = code.and_then(|input| input.code());
                Some(self.minting.spend_code(serial, typed, cx.service_now())?)
            }
            None => None,
        };
        let (generation, since) = (cx.next_generation(), cx.now());
        let (draft, then) = (Some(draft), Then::StartAt(location));
        self.minting.wait_for(MintCall { generation, since, source: source.clone(), draft, wishes, then });
        Ok(vec![Effect::Mint { generation, source, request, code }.into()])
    }

    /// Mints again with the same request; the session stays until the reply. A renewal under way is waited for.
    pub(super) fn renew(&mut self, cx: &mut Cx, id: SessionId) -> Vec<Wish> {
        if self.minting.waiting().is_some() {
            return vec![];
        }
        self.minting.dismiss_failure();
        if self.minting.attend(id) {
            return vec![];
        }
        let Some(request) = self.find(id).map(|held| held.session.request.clone()) else { return vec![] };
        self.renew_as(cx, id, request)
    }

    /// Replaces a session by what `request` mints, after a code has been typed where it names an MFA device.
    pub(super) fn renew_as(&mut self, cx: &mut Cx, id: SessionId, request: MintRequest) -> Vec<Wish> {
        if request.mfa_serial().is_some() {
            return vec![Wish::AskForCode { session: id, request: Box::new(request) }];
        }
        self.replace(cx, id, request, None)
    }

    /// Replaces a session with the code that was typed.
    ///
    /// # Errors
    ///
    /// Says why the code cannot be sent.
    pub(super) fn renew_with_code(
        &mut self,
        cx: &mut Cx,
        id: SessionId,
        request: MintRequest,
        code: Option<MfaCode>,
    ) -> Result<Vec<Wish>, String> {
        let serial = request.mfa_serial().unwrap_or_default().to_owned();
        let code = self.minting.spend_code(&serial, code, cx.service_now())?;
        Ok(self.replace(cx, id, request, Some(code)))
    }

    fn replace(&mut self, cx: &mut Cx, id: SessionId, request: MintRequest, code: Option<MfaCode>) -> Vec<Wish> {
        if self.minting.waiting().is_some() {
            return vec![];
        }
        let Some((call, effect)) = self.call_for_successor(cx, id, request, code) else { return vec![] };
        self.minting.wait_for(call);
        vec![effect.into()]
    }

    /// The call that mints a session's successor.
    fn call_for_successor(
        &mut self,
        cx: &mut Cx,
        id: SessionId,
        request: MintRequest,
        code: Option<MfaCode>,
    ) -> Option<(MintCall, Effect)> {
        let held = self.find_mut(id)?;
        held.renewal.ends_early = renewing::ends_early(held, cx.moment());
        let (source, wishes) = (held.source.clone(), held.wishes.clone());
        let (generation, since) = (cx.next_generation(), cx.now());
        let call = MintCall { generation, since, source: source.clone(), draft: None, wishes, then: Then::Replace(id) };
        Some((call, Effect::Mint { generation, source, request, code }))
    }

    /// Waits no longer for the call to STS. It runs to its end all the same; a session that comes of it is kept.
    pub(super) fn stop_waiting(&mut self) -> Vec<Wish> {
        if !self.minting.stop_waiting() {
            return vec![];
        }
        vec![Wish::warn("cancelled; if STS still answers, the session is kept")]
    }

    /// STS has answered.
    pub(super) fn minted(
        &mut self,
        cx: &mut Cx,
        generation: Generation,
        outcome: Result<Session, Failure>,
    ) -> Vec<Wish> {
        match (self.minting.answered(generation), outcome) {
            (Some((call, waited_for)), Ok(session)) => self.take_over(cx, session, call, waited_for),
            // No row of the list would show this one: its credentials must not stay.
            (None, Ok(session)) => vec![Effect::Forget(session.id).into()],
            (Some((call, waited_for)), Err(failure)) => {
                let said = match call.then {
                    Then::Replace(id) => {
                        self.find_mut(id).and_then(|held| renewing::note_failure(held, &failure, cx.moment()))
                    }
                    Then::StartAt(_) => None,
                };
                if waited_for {
                    self.minting.fail(failure);
                }
                said.map(Wish::warn).into_iter().collect()
            }
            (None, Err(_)) => vec![],
        }
    }

    fn take_over(&mut self, cx: &Cx, session: Session, call: MintCall, waited_for: bool) -> Vec<Wish> {
        let (mut wishes, said) = (vec![], self.what_came(&session, &call.then, waited_for));
        let MintCall { source, draft, wishes: typed, then, .. } = call;
        let new = session.id;
        let held = HeldSession::new(session, source, typed);
        match then {
            Then::Replace(old) if self.find(old).is_some() => {
                self.replace_held(old, held, cx.moment());
                wishes.extend(said);
                // Forgotten last: what goes on does so with the new one by then.
                wishes.extend([Wish::GoOnWith { old, new }, Effect::Forget(old).into()]);
            }
            // The predecessor is not held any more.
            Then::Replace(_) => wishes.extend(said.into_iter().chain([Effect::Forget(new).into()])),
            Then::StartAt(location) => {
                let profile = held.source.profile.clone();
                wishes.extend(draft.map(|draft| Wish::Remember { profile, draft: Box::new(draft) }));
                self.add(held, location.clone(), waited_for);
                wishes.extend(waited_for.then_some(Wish::Browse(location)));
                // What is said is said of the screen that is in front by then.
                wishes.extend(said);
            }
        }
        wishes
    }

    /// Puts a renewed session in its predecessor's place.
    fn replace_held(&mut self, old: SessionId, new: HeldSession, at: Moment) {
        if let Some(held) = self.find_mut(old) {
            let renewal = renewing::of_successor(held, at);
            *held = new.in_place_of(held, renewal);
        }
    }

    fn what_came(&self, session: &Session, then: &Then, waited_for: bool) -> Option<Wish> {
        if let Some(text) = other_than_asked(session) {
            return Some(Wish::warn(text));
        }
        match then {
            Then::Replace(_) if session.request.mode() == Mode::Direct => {
                Some(Wish::say("the profile's credentials were reloaded"))
            }
            Then::Replace(_) => Some(Wish::say("renewed: the same rights, a new lifetime")),
            Then::StartAt(_) if waited_for => None,
            Then::StartAt(_) if self.is_empty() => Some(Wish::warn("the delayed session has arrived · Esc uses it")),
            Then::StartAt(_) => Some(Wish::warn("the delayed session has arrived · S lists the sessions")),
        }
    }

    /// `GetCallerIdentity` has answered a session about itself.
    pub(super) fn identified(&mut self, cx: &Cx, id: SessionId, outcome: Result<Identity, Failure>) -> Vec<Wish> {
        let Some(held) = self.find_mut(id) else { return vec![] };
        match outcome {
            Ok(identity) => {
                held.session.identity = Some(identity);
                let contradiction = held.session.identity_contradiction();
                contradiction.map(|text| Wish::warn(printable(&text))).into_iter().collect()
            }
            Err(failure) => {
                held.note_refusal(&failure, cx.now());
                held.unidentified = Some(failure);
                vec![]
            }
        }
    }

    /// What is left is counted by time that passes, whatever the clock is set to; the service's clock is read once more all
    /// the same, since a machine whose clock is set may have been suspended unnoticed.
    pub(super) fn wall_clock_set(&self) -> Vec<Wish> {
        let Some(stored) = self.in_use() else { return vec![] };
        let id = stored.held.session.id;
        let said = Wish::warn("this machine's clock was changed; the session's end was not");
        vec![said, Effect::Identify(id).into()]
    }

    /// A service refused a session. One that is over is over, whatever the clock says. One that is denied what it was
    /// allowed before (`worked`) may have been revoked: one `GetCallerIdentity` tells whether STS still accepts it; nothing is
    /// minted. One that is not held any more was replaced meanwhile: its successor was not refused.
    pub(super) fn refused(&mut self, cx: &Cx, id: SessionId, failure: &Failure, worked: bool) -> Vec<Wish> {
        let Some(held) = self.find_mut(id) else { return vec![] };
        held.note_refusal(failure, cx.now());
        let doubtful = failure.kind == FailureKind::Denied && worked && !std::mem::replace(&mut held.doubted, true);
        if doubtful { vec![Effect::Identify(id).into()] } else { vec![] }
    }

    /// When the next session is to be renewed automatically, by this machine's clock.
    pub(super) fn next_renewal(&self, at: Moment) -> Option<Timestamp> {
        self.held()
            .filter(|held| !self.minting.is_renewing(held.session.id))
            .filter_map(|held| renewing::due(held, at))
            .min()
    }

    /// Begins the renewals that are due; the person does not wait for them.
    pub(super) fn renew_due(&mut self, cx: &mut Cx) -> Vec<Wish> {
        let at = cx.moment();
        let is_due = |held: &&HeldSession| {
            renewing::due(held, at).is_some_and(|due| due <= at.local) && !self.minting.is_renewing(held.session.id)
        };
        let due: Vec<SessionId> = self.held().filter(is_due).map(|held| held.session.id).collect();
        due.into_iter().filter_map(|id| self.renew_early(cx, id)).collect()
    }

    /// Renews a session in the background; where that takes a code, tells the person, who goes on browsing meanwhile.
    fn renew_early(&mut self, cx: &mut Cx, id: SessionId) -> Option<Wish> {
        let at = cx.moment();
        let held = self.find_mut(id)?;
        if renewing::needs_code(held) {
            held.renewal.asked = true;
            let left = format_countdown(held.session.lifetime?.remaining(at));
            return Some(Wish::warn(format!("the session ends in {left} · R renews it with an MFA code")));
        }
        let request = held.session.request.clone();
        let (call, effect) = self.call_for_successor(cx, id, request, None)?;
        self.minting.run_in_background([call]);
        Some(effect.into())
    }

    /// Takes another choice of how a session is renewed.
    pub(super) fn choose_renewal(&mut self, id: SessionId, choice: RenewalChoice) -> Vec<Wish> {
        self.find_mut(id).map(|held| Wish::say(renewing::choose(held, choice))).into_iter().collect()
    }
}

/// A service may grant another length than was asked for; that is said, once, and stays visible in the header.
fn other_than_asked(session: &Session) -> Option<String> {
    let asked = session.request.duration()?;
    let granted = session.lifetime?.granted_instead(Some(asked))?;
    Some(format!("asked for {asked}, granted {granted}"))
}
