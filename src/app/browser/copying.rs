//! The selected row's address, on the clipboard.
//!
//! Invariant: what is copied is the address itself; only what is said of it is made printable.

use crate::{
    app::{Effect, Model, Tone},
    domain::safe_text::printable,
};

pub(super) fn copy_uri(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let here = &place.listing.location;
    let uri = place.entry().map_or_else(|| here.clone(), |entry| here.of(&entry));
    vec![Effect::Copy(uri.to_string())]
}

pub(in crate::app) fn copied(model: &mut Model, outcome: Result<String, String>) {
    match outcome {
        Ok(text) if text.starts_with('{') => model.say(Tone::Good, "copied the policy, as it is sent"),
        Ok(text) => model.say(Tone::Good, format!("copied {}", printable(&text))),
        Err(reason) => model.say(Tone::Warning, format!("not copied: {}", printable(&reason))),
    }
}
