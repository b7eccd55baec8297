//! What became of credentials that were exported, as it is said; and what is known before.
//!
//! Invariant: whoever reads it knows where a secret lies now, and for how long.

use super::{
    effect::{CopyText, Effect},
    model::Model,
    notice::Tone,
    sessions::HeldSession,
};
use crate::{
    domain::{console::Console, credentials::SessionId, failure::Failure, safe_text::printable},
    handover::{Delivery, LinkTicket, Offer, Relay},
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
    let delivery = match outcome {
        Ok(delivery) => delivery,
        Err(failure) => {
            return model.say(Tone::Warning, format!("not copied: {}", printable(&failure.in_one_line())));
        }
    };
    if let Offer::Link(ticket) = offer {
        link_delivered(model, ticket);
    }
    let sent = matches!(delivery, Delivery::Sent(_));
    let text = match offer {
        _ if delivery == Delivery::Sent(Relay::Tmux) => format!("sent to the terminal{}", delivery.setting_needed()),
        Offer::Credentials(_) if sent => {
            "sent to the terminal: the secret is in its clipboard until you copy something else".into()
        }
        Offer::Credentials(_) => "the secret is in the clipboard until you copy something else".into(),
        Offer::SignInUrl => {
            let copied = if sent { "URL sent to the terminal" } else { "URL copied" };
            format!("{copied}: anyone who opens it within 15 minutes is signed in as this session")
        }
        Offer::Link(LinkTicket { ends_at, .. }) => {
            let copied = if sent { "link sent to the terminal" } else { "link copied" };
            let until = ends_at.to_zoned(model.setup.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z");
            format!("{copied}: works for anyone who has it, until {until}")
        }
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
pub(super) fn copied(model: &mut Model, outcome: Result<(CopyText, Delivery), String>) {
    let (CopyText { text, called }, delivery) = match outcome {
        Ok(copied) => copied,
        Err(reason) => return model.say(Tone::Warning, format!("not copied: {}", printable(&reason))),
    };
    let what = called.map_or_else(|| printable(&text), Into::into);
    match delivery {
        Delivery::Taken => model.say(Tone::Good, format!("copied {what}")),
        Delivery::Sent(Relay::Tmux) => {
            model.say(Tone::Good, format!("sent to the terminal{}", delivery.setting_needed()));
        }
        Delivery::Sent(_) => model.say(Tone::Good, format!("sent to the terminal, to be copied: {what}")),
    }
}

/// A link is in the clipboard: the session that signed it is marked with it until it ends.
fn link_delivered(model: &mut Model, ticket: LinkTicket) {
    let now = model.service_now();
    if let Some(held) = model.sessions.find_mut(ticket.session) {
        held.add_link(ticket.ends_at, now);
    }
}
