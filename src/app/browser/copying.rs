//! The selected row's address, on the clipboard.
//!
//! Invariant: what is copied is the address itself; only what is said of it is made printable.

use crate::{
    app::{Effect, Model, Tone},
    domain::safe_text::printable,
    handover::{Delivery, Relay},
};

pub(super) fn copy_uri(model: &mut Model) -> Vec<Effect> {
    let place = &model.browser.place;
    let here = &place.listing.location;
    let uri = place.entry().map_or_else(|| here.clone(), |entry| here.of(&entry));
    vec![Effect::Copy(uri.to_string())]
}

pub(in crate::app) fn copied(model: &mut Model, outcome: Result<(String, Delivery), String>) {
    let (text, delivery) = match outcome {
        Ok(copied) => copied,
        Err(reason) => return model.say(Tone::Warning, format!("not copied: {}", printable(&reason))),
    };
    let what = if text.starts_with('{') { "the policy, as it is sent".into() } else { printable(&text) };
    match delivery {
        Delivery::Taken => model.say(Tone::Good, format!("copied {what}")),
        Delivery::Sent(Relay::Tmux) => model.say(Tone::Good, format!("sent to the terminal{}", delivery.needs())),
        Delivery::Sent(_) => model.say(Tone::Good, format!("sent to the terminal, to be copied: {what}")),
    }
}
