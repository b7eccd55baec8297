//! Asking S3 itself for names that begin with something: one request, also among millions that are not loaded.
//!
//! Invariant: what is asked for is where the names on screen begin and what was typed, byte for byte.

use super::{
    Place,
    places::{enter, leave},
};
use crate::{
    app::{Action, Effect, Model, Overlay, TextInput, Tone},
    domain::location::Location,
};

/// Opens the line. In the answer to such a question it begins with what was asked for.
pub(super) fn open_line(model: &mut Model) -> Vec<Effect> {
    let here = &model.browser.place.listing.location;
    if here.bucket.is_none() {
        model.say(Tone::Warning, "go into a bucket first: P asks S3 for keys · / filters the buckets");
        return vec![];
    }
    let asked = &here.prefix[here.directory().len()..];
    let line = Some(TextInput::new(asked)).filter(|line| line.text() == asked);
    model.overlay = Some(Overlay::AskPrefix(line.unwrap_or_default()));
    vec![]
}

/// What a key does in the line, which stays open until it is submitted.
pub(in crate::app) fn act(model: &mut Model, mut line: TextInput, action: &Action) -> Vec<Effect> {
    match action {
        Action::Submit => return ask(model, line.text()),
        Action::Edit(edit) => line.edit(*edit),
        Action::Paste(text) => line.paste(text),
        _ => {}
    }
    model.overlay = Some(Overlay::AskPrefix(line));
    vec![]
}

/// Goes to where names begin so; asking for what is on screen anyway only closes the line.
fn ask(model: &mut Model, text: &str) -> Vec<Effect> {
    let here = &model.browser.place.listing.location;
    let wanted = Location { prefix: format!("{}{text}", here.directory()), ..here.clone() };
    if wanted == *here {
        return vec![];
    }
    leave(model);
    enter(model, Place::new(wanted))
}
