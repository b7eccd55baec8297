//! Sessions: minted, identified, renewed, over.
//!
//! Invariant: nothing is minted without the person's key or choice, and one call at a time is waited for: it ends in a session or a
//! failure on screen, or the person stops waiting. A session that comes all the same is taken into the ledger; one that
//! nobody knows of is forgotten.

use super::{
    Browser, Current, Effect, Generation, Minting, Model, Screen, Then, Tone, browser, compare, fulfil, ledger,
    mint_form, recents, renewal, wish::Wish,
};
use crate::domain::{
    credentials::SessionId,
    failure::{Failure, FailureKind},
    identity::Identity,
    mint::{MfaCode, MintRequest, Mode, shorter},
    safe_text::printable,
    session::Session,
};

/// Renews the session in use.
pub(super) fn renew_in_use(model: &mut Model) -> Vec<Effect> {
    let Some(current) = &model.current else { return vec![] };
    renew(model, current.session.id)
}

/// Mints again with the same request; the session stays until the answer. An attempt that is under way is waited for.
pub(super) fn renew(model: &mut Model, id: SessionId) -> Vec<Effect> {
    if model.minting.is_some() {
        return vec![];
    }
    model.mint_failure = None;
    if let Some(at) = model.unattended.iter().position(|minting| minting.then == Then::Replace(id)) {
        model.minting = Some(model.unattended.remove(at));
        return vec![];
    }
    let Some(request) = model.session(id).map(|current| current.session.request.clone()) else { return vec![] };
    renew_as(model, id, request)
}

/// Replaces a session by what `request` mints, after asking for a code where it names an MFA device.
fn renew_as(model: &mut Model, id: SessionId, request: MintRequest) -> Vec<Effect> {
    if request.mfa_serial().is_some() {
        return fulfil(model, vec![Wish::AskCode { session: id, request }]);
    }
    replace(model, id, request, None)
}

/// Replaces a session; it stays until the answer.
pub(super) fn replace(model: &mut Model, id: SessionId, request: MintRequest, code: Option<MfaCode>) -> Vec<Effect> {
    if model.minting.is_some() {
        return vec![];
    }
    let Some((minting, effect)) = renewal::ask(model, id, request, code) else { return vec![] };
    model.mint_failure = None;
    model.minting = Some(minting);
    vec![effect]
}

/// Mints for the hour that every role grants, where STS refused to mint for longer.
pub(super) fn ask_for_less(model: &mut Model) -> Vec<Effect> {
    let Some(less) = model.mint_failure.as_ref().and_then(shorter) else { return vec![] };
    match (model.screen, &model.current) {
        (Screen::MintForm, _) => mint_form::submit_for(model, less),
        (Screen::Browser, Some(current)) => {
            let (id, request) = (current.session.id, current.session.request.clone().lasting(less));
            renew_as(model, id, request)
        }
        (Screen::Browser | Screen::Compare, _) => vec![],
    }
}

/// Waits no longer for the call to STS. It runs to its end all the same; a session that comes of it is kept.
pub(super) fn stop_waiting(model: &mut Model) {
    model.unattended.extend(model.minting.take());
    model.say(Tone::Warning, "not waiting any more; a session that still comes is kept");
}

pub(super) fn minted(model: &mut Model, generation: Generation, outcome: Result<Session, Failure>) -> Vec<Effect> {
    let attended = model.minting.take_if(|minting| minting.generation == generation);
    let waited_for = attended.is_some();
    let unattended = || {
        let at = model.unattended.iter().position(|minting| minting.generation == generation)?;
        Some(model.unattended.remove(at))
    };
    match (attended.or_else(unattended), outcome) {
        (Some(minting), Ok(session)) => take_over(model, session, minting, waited_for),
        // Nobody knows of this one: its credentials must not lie about unseen.
        (None, Ok(session)) => vec![Effect::Forget(session.id)],
        (Some(minting), Err(failure)) => {
            if let Then::Replace(id) = minting.then {
                renewal::failed(model, id, &failure);
            }
            if waited_for {
                model.mint_failure = Some(failure);
            }
            vec![]
        }
        (None, Err(_)) => vec![],
    }
}

fn take_over(model: &mut Model, session: Session, minting: Minting, waited_for: bool) -> Vec<Effect> {
    say_what_came(model, &session, &minting.then, waited_for);
    let Minting { source, draft, wishes, then, .. } = minting;
    let id = session.id;
    let current = Current::new(session, source, wishes);
    match then {
        Then::Replace(old) => {
            let dropped = ledger::replace(model, old, current);
            let mut effects = vec![];
            if model.current.as_ref().is_some_and(|current| current.session.id == id) {
                effects.extend(browser::resume(model));
            }
            effects.extend(compare::renewed(model, old, id));
            // Last: what goes on does so with the new one by then.
            effects.extend(dropped);
            effects
        }
        Then::StartAt(location) => {
            let mut effects = draft.map_or(vec![], |draft| recents::note(model, &current.source.profile, &draft));
            ledger::take_in(model, current, Browser::at(location.clone()), waited_for);
            if waited_for {
                model.screen = Screen::Browser;
                effects.extend(browser::start_at(model, location));
            }
            effects
        }
    }
}

fn say_what_came(model: &mut Model, session: &Session, then: &Then, waited_for: bool) {
    if let Some(text) = other_than_asked(session) {
        return model.say(Tone::Warning, text);
    }
    match then {
        Then::Replace(_) if session.request.mode() == Mode::Direct => {
            model.say(Tone::Good, "read the profile's credentials again");
        }
        Then::Replace(_) => model.say(Tone::Good, "renewed: the same rights, a new lifetime"),
        Then::StartAt(_) if waited_for => {}
        Then::StartAt(_) if model.current.is_some() => {
            model.say(Tone::Warning, "the session that was late has come · S lists the sessions");
        }
        Then::StartAt(_) => model.say(Tone::Warning, "the session that was late has come · Esc browses with it"),
    }
}

/// A service may grant another length than was asked for; that is said, once, and stays visible in the header.
fn other_than_asked(session: &Session) -> Option<String> {
    let asked = session.request.duration()?;
    let granted = session.lifetime?.granted_instead(Some(asked))?;
    Some(format!("asked for {asked}, granted {granted}"))
}

pub(super) fn identified(model: &mut Model, session: SessionId, outcome: Result<Identity, Failure>) {
    let now = model.now;
    let Some(current) = model.session_mut(session) else { return };
    match outcome {
        Ok(identity) => {
            current.session.identity = Some(identity);
            if let Some(contradiction) = current.session.contradiction() {
                model.say(Tone::Warning, printable(&contradiction).into_owned());
            }
        }
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

/// A service refused a session. One that is over is over, whatever the clock says. One that is denied what it was allowed
/// before may have been revoked: STS is asked, once, whether it still accepts it; nothing is minted. One that is not held any
/// more was replaced meanwhile: its successor was not refused.
pub(super) fn refused(model: &mut Model, session: SessionId, failure: &Failure) -> Vec<Effect> {
    let (now, worked) = (model.now, model.standing(failure).worked);
    let Some(current) = model.session_mut(session) else { return vec![] };
    current.note_refusal(failure, now);
    let doubtful = failure.kind == FailureKind::Denied && worked && !std::mem::replace(&mut current.doubted, true);
    if doubtful { vec![Effect::Identify(session)] } else { vec![] }
}
