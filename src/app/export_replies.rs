//! What became of credentials that were exported, as it is said; and what is known before.
//!
//! Invariant: whoever reads it knows where a secret lies now, and for how long.

use super::{effect::Effect, model::Model, notice::Tone, sessions::HeldSession};
use crate::{
    domain::{console::Console, credentials::SessionId, failure::Failure, safe_text::printable},
    handover::{Delivery, Offer, Relay},
};

/// Why a session cannot be carried into the web console, as far as that is known without asking.
pub(super) fn no_console(held: &HeldSession) -> Option<&'static str> {
    match &held.session.identity {
        Some(identity) => Console::for_identity(identity).err(),
        None => Some("the session's identity is not known yet"),
    }
}

/// The address is with the worker, and was asked for to be copied, wherever the person is by now.
pub(super) fn sign_in_url_came(model: &mut Model, session: SessionId, outcome: Result<(), Failure>) -> Vec<Effect> {
    model.dialogs.signed_in(session);
    match outcome {
        Ok(()) => vec![Effect::HandOver { session, offer: Offer::SignInUrl }],
        Err(failure) => {
            handed_over(model, Offer::SignInUrl, Err(failure));
            vec![]
        }
    }
}

/// Says what is now in the clipboard, for whoever may read it.
pub(super) fn handed_over(model: &mut Model, offer: Offer, outcome: Result<Delivery, Failure>) {
    let text = match (outcome, offer) {
        (Ok(delivery @ Delivery::Sent(Relay::Tmux)), _) => format!("sent to the terminal{}", delivery.setting_needed()),
        (Ok(Delivery::Taken), Offer::Credentials(_)) => {
            "the secret is in the clipboard until you copy something else".into()
        }
        (Ok(Delivery::Sent(_)), Offer::Credentials(_)) => {
            "sent to the terminal: the secret is in its clipboard until you copy something else".into()
        }
        (Ok(Delivery::Taken), Offer::SignInUrl) => {
            "URL copied: anyone who opens it within 15 minutes is signed in as this session".into()
        }
        (Ok(Delivery::Sent(_)), Offer::SignInUrl) => {
            "URL sent to the terminal: anyone who opens it within 15 minutes is signed in as this session".into()
        }
        (Err(failure), _) => format!("not copied: {}", printable(&failure.in_one_line())),
    };
    model.say(Tone::Warning, text);
}

/// Says how the shell ended.
pub(super) fn shell_ended(model: &mut Model, outcome: Result<i32, Failure>) {
    match outcome {
        Ok(0) => model.say(Tone::Good, "the shell ended with exit code 0"),
        Ok(code) => model.say(Tone::Warning, format!("the shell ended with exit code {code}")),
        Err(failure) => model.say(Tone::Warning, format!("no shell: {}", printable(&failure.in_one_line()))),
    }
}

/// What was copied, and where it is now.
pub(super) fn copied(model: &mut Model, outcome: Result<(String, Delivery), String>) {
    let (text, delivery) = match outcome {
        Ok(copied) => copied,
        Err(reason) => return model.say(Tone::Warning, format!("not copied: {}", printable(&reason))),
    };
    let what = match text.as_str() {
        text if text.starts_with('{') => "the policy, as it is sent".into(),
        text if text.starts_with("aws sts ") => "the AWS CLI command".into(),
        text => printable(text),
    };
    match delivery {
        Delivery::Taken => model.say(Tone::Good, format!("copied {what}")),
        Delivery::Sent(Relay::Tmux) => {
            model.say(Tone::Good, format!("sent to the terminal{}", delivery.setting_needed()));
        }
        Delivery::Sent(_) => model.say(Tone::Good, format!("sent to the terminal, to be copied: {what}")),
    }
}
