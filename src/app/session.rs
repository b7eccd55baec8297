//! The session in use: minted, identified, renewed, over.
//!
//! Invariant: nothing is minted without the person's key, and one call at a time is waited for: it ends in a session or a
//! failure on screen, or the person stops waiting. A session that is replaced or comes too late is forgotten.

use jiff::Timestamp;

use super::{CodeEntry, Current, Effect, Generation, Minting, Model, Overlay, Screen, Then, Tone, browser, mint_form};
use crate::domain::{
    credentials::SessionId,
    failure::{Failure, FailureKind},
    identity::Identity,
    mint::{MfaCode, MintRequest, Mode, shorter},
    session::Session,
};

/// Mints again with the same request; the session in use stays until the answer.
pub(super) fn renew(model: &mut Model) -> Vec<Effect> {
    let Some(current) = &model.current else { return vec![] };
    let request = current.session.request.clone();
    renew_as(model, request)
}

/// Mints `request` in place of the session in use, after asking for a code where it names an MFA device.
fn renew_as(model: &mut Model, request: MintRequest) -> Vec<Effect> {
    if model.minting.is_some() {
        return vec![];
    }
    if request.mfa_serial().is_some() {
        model.overlay = Some(Overlay::Code(CodeEntry::of(request)));
        return vec![];
    }
    mint_again(model, request, None)
}

/// The same for the hour that every role grants, if STS refused a longer one.
pub(super) fn ask_for_less(model: &mut Model) -> Vec<Effect> {
    let Some(less) = model.mint_failure.as_ref().and_then(shorter) else { return vec![] };
    match (model.screen, &model.current) {
        (Screen::MintForm, _) => mint_form::submit_for(model, less),
        (Screen::Browser, Some(current)) => {
            let request = current.session.request.clone().lasting(less);
            renew_as(model, request)
        }
        (Screen::Browser, None) => vec![],
    }
}

/// Mints from what the session in use was minted from; its rows and its place stay.
pub(super) fn mint_again(model: &mut Model, request: MintRequest, code: Option<MfaCode>) -> Vec<Effect> {
    let (Some(current), None) = (&model.current, &model.minting) else { return vec![] };
    let source = current.source.clone();
    let generation = model.next_generation();
    model.mint_failure = None;
    model.minting = Some(Minting { generation, since: model.now, source: source.clone(), then: Then::GoOn });
    vec![Effect::Mint { generation, source, request, code }]
}

/// Waits no longer for the call to STS. It runs to its end all the same; a session that comes of it is forgotten.
pub(super) fn stop_waiting(model: &mut Model) {
    model.minting = None;
    model.say(Tone::Warning, "not waiting any more; a session that still comes is dropped");
}

pub(super) fn minted(model: &mut Model, generation: Generation, outcome: Result<Session, Failure>) -> Vec<Effect> {
    let Some(minting) = model.minting.take_if(|minting| minting.generation == generation) else {
        // Nobody waits for this one: its credentials must not lie about unseen.
        return outcome.map(|session| vec![Effect::Forget(session.id)]).unwrap_or_default();
    };
    match outcome {
        Ok(session) => take_over(model, session, minting),
        Err(failure) => {
            model.mint_failure = Some(failure);
            vec![]
        }
    }
}

fn take_over(model: &mut Model, session: Session, minting: Minting) -> Vec<Effect> {
    if let Some(text) = shorter_than_asked(&session) {
        model.say(Tone::Warning, text);
    } else if minting.then == Then::GoOn {
        let minted = session.request.mode() != Mode::Direct;
        let done =
            if minted { "renewed: the same rights, a new lifetime" } else { "read the profile's credentials again" };
        model.say(Tone::Good, done);
    }
    let current = Current { session, source: minting.source, refused_at: None, doubted: false, unidentified: None };
    let mut effects: Vec<Effect> =
        model.current.replace(current).map(|old| Effect::Forget(old.session.id)).into_iter().collect();
    effects.extend(match minting.then {
        Then::GoOn => browser::resume(model),
        Then::StartAt(location) => {
            model.screen = Screen::Browser;
            browser::start_at(model, location)
        }
    });
    effects
}

/// A service may grant less than was asked; that is said, once, and stays visible in the header.
fn shorter_than_asked(session: &Session) -> Option<String> {
    let asked = session.request.duration()?;
    let granted = session.lifetime?.granted_less(Some(asked))?;
    Some(format!("asked for {asked}, granted {granted}"))
}

pub(super) fn identified(model: &mut Model, session: SessionId, outcome: Result<Identity, Failure>) {
    let now = model.service_now();
    let Some(current) = model.current.as_mut().filter(|current| current.session.id == session) else { return };
    match outcome {
        Ok(identity) => current.session.identity = Some(identity),
        Err(failure) => {
            current.note_refusal(&failure, now);
            current.unidentified = Some(failure);
        }
    }
}

/// What is left is counted by time that passes, which nobody has set; the service's clock is read once more all the same,
/// since a machine whose clock is set may have stood still unnoticed.
pub(super) fn wall_clock_set(model: &mut Model) -> Vec<Effect> {
    let Some(current) = &model.current else { return vec![] };
    let session = current.session.id;
    model.say(Tone::Warning, "this machine's clock was set; the session ends when it did before");
    vec![Effect::Identify(session)]
}

/// A service refused the session in use. One that is over is over, whatever the clock says. One that is denied what it
/// was allowed before may have been revoked: STS is asked, once, whether it still accepts it; nothing is minted.
pub(super) fn refused(model: &mut Model, failure: &Failure) -> Vec<Effect> {
    let (now, worked) = (model.service_now(), model.standing(failure).worked);
    let Some(current) = &mut model.current else { return vec![] };
    current.note_refusal(failure, now);
    let doubtful = failure.kind == FailureKind::Denied && worked && !std::mem::replace(&mut current.doubted, true);
    if doubtful { vec![Effect::Identify(current.session.id)] } else { vec![] }
}

impl Current {
    fn note_refusal(&mut self, failure: &Failure, service_now: Timestamp) {
        if failure.kind == FailureKind::Expired {
            self.refused_at.get_or_insert(service_now);
        }
    }
}
