//! The session's own policy and where one stands: a session for here, and the way to where this one may go.
//!
//! Invariant: the form never names more than where one stands without saying so.

use super::{Effect, Model, Screen, Tone};
use crate::domain::{location::Location, policy::SessionRights};

/// Opens the form for a session that is narrowed to the prefix on screen.
pub(super) fn scope_here(model: &mut Model) -> Vec<Effect> {
    let here = &model.browser.place.listing.location;
    if here.bucket.is_none() {
        model.say(Tone::Warning, "go into a bucket first: p narrows a session to where you stand");
        return vec![];
    }
    let in_use = model.current.as_ref().map(|current| current.session.request.mode());
    let whole = model.form.narrow_to(here, in_use);
    model.screen = Screen::MintForm;
    if !whole {
        model.say(Tone::Warning, "the prefix cannot be typed: this is its whole bucket");
    }
    vec![]
}

/// What the go-to line begins with: where one stands; or, where the session's own policy shuts that out, the one place
/// that it lets be listed.
pub(super) fn go_to_from(model: &Model) -> Location {
    let here = &model.browser.place.listing.location;
    let rights = model.rights();
    let shut_out = rights.as_ref().filter(|rights| rights.may_list(here).is_refused());
    shut_out.and_then(SessionRights::only_listable).unwrap_or_else(|| here.clone())
}
