//! Keeps in mind what services answered, as it is seen on screen: the listing, and the object that is looked at.
//!
//! Invariant: an answer is noted once, when it is first seen. What was refused before a request went out is no answer.

use jiff::Timestamp;

use super::{answers::AskedAccess, model::Model, object::LookState, object_calls::LookTarget};
use crate::domain::{
    credentials::SessionId,
    failure::Failure,
    listing::Rest,
    object::{DetailPart, ObjectAction},
};

/// An answer that is on screen.
type ShownAnswer = (AskedAccess, Option<Failure>, Timestamp);

/// Notes what is on screen. Called after everything that happens.
pub(super) fn note_seen(model: &mut Model) {
    let Some(session) = model.in_use().map(|held| held.session.id) else { return };
    let mut shown = vec![];
    shown.extend(of_listing(model, session));
    shown.extend(of_content(model, session));
    shown.extend(of_details(model, session));
    for (asked, failure, at) in shown {
        // The same answer is still on screen: it came when it was first seen there.
        let is_known = model.answers.find_answer(&asked).is_some_and(|known| known.failure == failure);
        if !is_known {
            model.answers.note(asked, failure.as_ref(), at);
        }
    }
}

fn of_listing(model: &Model, session: SessionId) -> Option<ShownAnswer> {
    let place = &model.browser()?.place;
    let listing = Some(&place.listing).filter(|_| place.past.is_none())?;
    let asked = || AskedAccess::of_place(session, ObjectAction::List, &listing.location);
    match (&listing.rest, listing.read_at) {
        (Rest::Failed { failure, .. }, _) => Some((asked(), Some(failure.clone()), model.now)),
        (_, at) => Some((asked(), None, at?)),
    }
}

fn of_content(model: &Model, session: SessionId) -> Option<ShownAnswer> {
    let subject = model.object.subject.as_ref().filter(|subject| subject.session == session)?;
    let look = Some(&model.object.look).filter(|look| look.target == LookTarget::Content)?;
    let asked = || AskedAccess::of_object(session, ObjectAction::Read, &subject.address);
    match &look.state {
        LookState::Answered => Some((asked(), None, look.shown.as_ref()?.reply.read_at)),
        LookState::Failed(failure) => Some((asked(), Some((**failure).clone()), model.now)),
        LookState::NotAsked | LookState::Refused(_) | LookState::Asked { .. } => None,
    }
}

fn of_details(model: &Model, session: SessionId) -> Vec<ShownAnswer> {
    let subject = model.object.subject.as_ref().filter(|subject| subject.session == session);
    let Some(subject) = subject else { return vec![] };
    let (look, details) = (&model.object.look, &model.object.details);
    let is_unread = matches!(look.state, LookState::NotAsked | LookState::Refused(_));
    let head = told(&details.head).filter(|_| is_unread).map(|answer| (ObjectAction::Read, answer));
    let tags = told(&details.tags).map(|answer| (ObjectAction::ReadTags, answer));
    let asked = |action| AskedAccess::of_object(session, action, &subject.address);
    [head, tags].into_iter().flatten().map(|(action, answer)| (asked(action), answer.err(), model.now)).collect()
}

/// How a part was answered, if it was.
fn told<T>(part: &DetailPart<T>) -> Option<Result<(), Failure>> {
    match part {
        DetailPart::Read(_) | DetailPart::Absent => Some(Ok(())),
        DetailPart::Failed(failure) => Some(Err((**failure).clone())),
        DetailPart::NotRead | DetailPart::Loading => None,
    }
}
