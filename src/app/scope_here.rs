//! "Scope this session to where I stand": from the browser to a form that is filled in.
//!
//! Invariant: the form never names more than where one stands without saying so.

use super::{Effect, Model, Screen, TextInput, Tone};
use crate::domain::{
    mint::{Field, Mode},
    policy::Verbs,
};

/// Opens the form for a session that is narrowed to the prefix on screen. The mode stays if it takes a policy.
pub(super) fn scope_here(model: &mut Model) -> Vec<Effect> {
    let here = &model.browser.place.listing.location;
    if here.bucket.is_none() {
        model.say(Tone::Warning, "go into a bucket first: p narrows a session to where you stand");
        return vec![];
    }
    let input = TextInput::of(here);
    let whole = input.text() == here.to_string();
    let mode = model.current.as_ref().map(|current| current.session.request.mode());
    let form = &mut model.form;
    form.mode = mode.filter(|mode| mode.takes_policy()).unwrap_or(Mode::Federation);
    form.location = input;
    form.verbs = Some(form.verbs.unwrap_or(Verbs::READ));
    form.policy = None;
    form.focus = Field::Scope;
    model.screen = Screen::MintForm;
    if !whole {
        model.say(Tone::Warning, "the prefix cannot be typed: this is its whole bucket");
    }
    vec![]
}
