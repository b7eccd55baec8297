//! The session's own policy and where one stands: a session for here, and the way to where this one may go.
//!
//! Invariant: the form never names more than where one stands without saying so.

use super::{browser::Browser, effect::Effect, model::Model, notice::Tone, screen::Screen};
use crate::domain::{
    location::Location,
    policy::{SessionRights, Verb, Verbs},
};

/// Opens the form for a session that is narrowed to the prefix on screen; one that may list versions, where a time is
/// on screen.
pub(super) fn scope_here(model: &mut Model) -> Vec<Effect> {
    let Some(browser) = model.browser().filter(|browser| browser.location().bucket.is_some()) else {
        model.say(Tone::Warning, "open a bucket first: p makes a session for one location");
        return vec![];
    };
    let verbs = browser.place.past.is_some().then(|| Verbs::READ.toggle_verb(Verb::GetVersion));
    let here = browser.location().clone();
    scope_at(model, &here, verbs);
    vec![]
}

/// The same at this location; `verbs` is what it is to allow, where that is known.
pub(super) fn scope_at(model: &mut Model, here: &Location, verbs: Option<Verbs>) {
    let in_use = model.in_use().map(|held| held.session.request.mode());
    let whole = model.form.narrow_to(here, in_use, verbs);
    model.screen = Screen::MintForm;
    if !whole {
        model.say(Tone::Warning, "the prefix has characters that cannot be typed: the whole bucket instead");
    }
}

/// What the go-to line begins with: where one stands; or, where the session's own policy shuts that out, the one place
/// that it lets be listed.
pub(super) fn go_to_from(model: &Model) -> Location {
    let buckets = Location::all_buckets();
    let here = model.browser().map_or(&buckets, Browser::location);
    let rights = model.rights();
    let shut_out = rights.as_ref().filter(|rights| rights.may_list(here).is_refused());
    shut_out.and_then(SessionRights::only_listable).unwrap_or_else(|| here.clone())
}
