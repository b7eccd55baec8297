//! Handing the session's credentials over from the interface: one explicit key for each form, and a look at them.
//!
//! Invariant: the model knows no secret but those that are being looked at, for ten seconds at most, in a type that masks
//! itself; they are gone when the panel closes, help opens, the program is suspended or the window loses its focus.

use jiff::{SignedDuration, Timestamp};

use super::{Action, Effect, Model, Overlay, Tone, iam};
use crate::{
    domain::{
        credentials::{SessionId, Shown},
        failure::Failure,
        safe_text::printable,
    },
    handover::Form,
};

/// The panel that offers the forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Whose credentials.
    pub session: SessionId,
    /// The credentials, while they are looked at.
    pub revealed: Option<Revealed>,
}

/// Credentials on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    /// What is shown.
    pub credentials: Shown,
    /// When they are masked again, by this machine's clock.
    pub until: Timestamp,
}

/// How long credentials stay on screen.
const LOOK: SignedDuration = SignedDuration::from_secs(10);

/// Opens the panel for the session in use.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(current) = &model.current {
        let panel = HandOver { session: current.session.id, revealed: None };
        model.overlay = Some(Overlay::HandOver(panel));
    }
    vec![]
}

pub(super) fn act(model: &mut Model, mut panel: HandOver, action: &Action) -> Vec<Effect> {
    let session = panel.session;
    let effects = match action {
        Action::HandOverAs(form) => vec![Effect::HandOver { session, form: *form }],
        Action::Reveal if panel.revealed.is_none() => vec![Effect::Reveal(session)],
        _ => vec![],
    };
    if matches!(action, Action::Reveal) {
        panel.revealed = None;
    }
    model.overlay = Some(Overlay::HandOver(panel));
    effects
}

/// A renewed session's credentials are handed over in its predecessor's place; those on screen are no longer its own.
pub(super) fn renewed(model: &mut Model, old: SessionId, new: SessionId) {
    if let Some(Overlay::HandOver(panel)) = iam::in_front(&mut model.overlay)
        && panel.session == old
    {
        *panel = HandOver { session: new, revealed: None };
    }
}

/// Masks what is being looked at.
pub(super) fn hide(model: &mut Model) {
    if let Some(Overlay::HandOver(panel)) = &mut model.overlay {
        panel.revealed = None;
    }
}

/// Masks it when its time is up.
pub(super) fn hide_when_due(model: &mut Model) {
    if next_change(model).is_some_and(|until| until <= model.now) {
        hide(model);
    }
}

/// When what is being looked at is masked.
pub(super) fn next_change(model: &Model) -> Option<Timestamp> {
    match &model.overlay {
        Some(Overlay::HandOver(HandOver { revealed: Some(revealed), .. })) => Some(revealed.until),
        _ => None,
    }
}

/// The worker brings what was asked to be seen; too late where the panel is gone.
pub(super) fn revealed(model: &mut Model, session: SessionId, credentials: Shown) {
    let until = model.now + LOOK;
    if let Some(Overlay::HandOver(panel)) = &mut model.overlay
        && panel.session == session
    {
        panel.revealed = Some(Revealed { credentials, until });
    }
}

/// Says what is now in the clipboard, for whoever may read it.
pub(super) fn handed_over(model: &mut Model, form: Form, outcome: Result<(), Failure>) {
    match outcome {
        Ok(()) => {
            let text = format!("the secret is in the clipboard now: {} · copy something else afterwards", form.name());
            model.say(Tone::Warning, text);
        }
        Err(failure) => {
            let why = printable(&failure.reason()).into_owned();
            model.say(Tone::Warning, format!("not copied: {why}"));
        }
    }
}
