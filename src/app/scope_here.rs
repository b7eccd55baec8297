//! The session's own policy and where one stands: a session for here, and the way to where this one may go.
//!
//! Invariant: the form never names more than where one stands without saying so.

use super::{Browser, Effect, Model, Screen, TextInput, Tone};
use crate::domain::{
    location::Location,
    mint::{Field, Mode},
    policy::{SessionRights, Verbs},
    profile::Profile,
};

/// Opens the form for a session that is narrowed to the prefix on screen: in the mode of the form or else of the session
/// in use, where that takes a policy, and as far as was chosen, where something was.
pub(super) fn scope_here(model: &mut Model) -> Vec<Effect> {
    let Some(here) = model.browser().map(Browser::location).filter(|here| here.bucket.is_some()) else {
        model.say(Tone::Warning, "open a bucket first: p mints a session for this location alone");
        return vec![];
    };
    let input = TextInput::of(here);
    let whole = input.text() == here.to_string();
    let in_use = model.in_use().map(|held| held.session.request.mode());
    let form = &mut model.form;
    let chosen = Some(form.mode).filter(|_| form.is_typed(Field::Mode));
    let narrows = [chosen, in_use, Some(form.mode)].into_iter().flatten().find(|mode| mode.takes_policy());
    let is_temporary = form.chosen().is_some_and(Profile::is_temporary);
    let mode = narrows.unwrap_or(if is_temporary { Mode::Role } else { Mode::Federation });
    form.choose_mode(mode, &model.setup.source);
    form.choose_location(input);
    form.choose_scope(Some(form.verbs.unwrap_or(Verbs::READ)));
    form.focus = Field::Scope;
    model.screen = Screen::MintForm;
    if !whole {
        model.say(Tone::Warning, "the prefix cannot be typed: this is its whole bucket");
    }
    vec![]
}

/// What the go-to line begins with: where one stands; or, where the session's own policy shuts that out, the one place
/// that it lets be listed.
pub(super) fn go_to_from(model: &Model) -> Location {
    let buckets = Location::buckets();
    let here = model.browser().map_or(&buckets, Browser::location);
    let rights = model.rights();
    let shut_out = rights.as_ref().filter(|rights| rights.may_list(here).is_refused());
    shut_out.and_then(SessionRights::only_listable).unwrap_or_else(|| here.clone())
}
