//! Handing the session over from the interface: one explicit key for each form, pressed twice, and a look at it; at keys
//! that do not expire by a second press too.
//!
//! Invariant: the model knows no secret but those that are being looked at, for ten seconds at most, in a type that masks
//! itself; they are gone when the panel closes, help opens, the program is suspended or the window loses its focus.
//!
//! What was copied is not cleared from the clipboard later. Whether it has changed since could only be told by having the
//! clipboard's content sent back, which terminals refuse, and which would bring whatever lies there into this process.
//! Overwriting it unseen would destroy what the person copied meanwhile. So it is said before and after that it stays there
//! until something else is copied.

use jiff::{SignedDuration, Timestamp};

use super::{Action, Effect, HeldSession, Model, Overlay, Tone, iam};
use crate::{
    domain::{
        console::Console,
        credentials::{SessionId, Shown},
        failure::Failure,
        location::Location,
        safe_text::printable,
    },
    handover::{Delivery, Offer, Relay},
};

/// The panel that offers the forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Whose credentials.
    pub session: SessionId,
    /// The credentials, while they are looked at.
    pub revealed: Option<Revealed>,
    /// What was asked for once; the same again copies it.
    pub asked: Option<Offer>,
    /// Whether a look was asked for once, at keys that do not expire; the same again shows them.
    pub asked_to_look: bool,
    /// Whether a sign-in URL is on its way.
    pub signing_in: bool,
}

impl HandOver {
    fn of(session: SessionId) -> Self {
        Self { session, revealed: None, asked: None, asked_to_look: false, signing_in: false }
    }
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
    if let Some(held) = model.in_use() {
        model.overlay = Some(Overlay::HandOver(HandOver::of(held.session.id)));
    }
    vec![]
}

pub(super) fn act(model: &mut Model, mut panel: HandOver, action: &Action) -> Vec<Effect> {
    let session = panel.session;
    let asked = panel.asked.take();
    let asked_to_look = std::mem::take(&mut panel.asked_to_look);
    let looking = panel.revealed.is_some();
    let effects = match action {
        Action::Shell => return vec![Effect::Shell(session)],
        Action::Copy(_) if looking => vec![],
        Action::Copy(offer) => copy(model, &mut panel, *offer, asked),
        Action::Reveal if !looking && !asked_to_look && is_lasting(model, session) => {
            panel.asked_to_look = true;
            vec![]
        }
        Action::Reveal if !looking => vec![Effect::Reveal(session)],
        _ => vec![],
    };
    if matches!(action, Action::Reveal) {
        panel.revealed = None;
    }
    model.overlay = Some(Overlay::HandOver(panel));
    effects
}

/// Whether these are a profile's own keys that do not expire.
pub fn is_lasting(model: &Model, session: SessionId) -> bool {
    model.sessions.find(session).is_some_and(|held| !held.session.temporary)
}

/// A renewed session's credentials are handed over in its predecessor's place; those on screen are no longer its own.
pub(super) fn renewed(model: &mut Model, old: SessionId, new: SessionId) {
    if let Some(Overlay::HandOver(panel)) = iam::in_front(&mut model.overlay)
        && panel.session == old
    {
        *panel = HandOver::of(new);
    }
}

/// A secret goes to the clipboard only if the same key is pressed twice; one that cannot be had is refused at once.
fn copy(model: &mut Model, panel: &mut HandOver, offer: Offer, asked: Option<Offer>) -> Vec<Effect> {
    let session = panel.session;
    if offer == Offer::SignInUrl {
        if let Some(why) = model.sessions.find(session).and_then(no_console) {
            model.say(Tone::Warning, format!("no sign-in URL: {why}"));
            return vec![];
        }
        if panel.signing_in {
            return vec![];
        }
    }
    if asked != Some(offer) {
        panel.asked = Some(offer);
        return vec![];
    }
    match offer {
        Offer::Credentials(_) => vec![Effect::HandOver { session, offer }],
        Offer::SignInUrl => {
            panel.signing_in = true;
            let location = model.browser().map_or_else(Location::buckets, |browser| browser.location().clone());
            vec![Effect::SignIn { session, location }]
        }
    }
}

/// Why a session cannot be carried into the web console, as far as that is known without asking.
pub fn no_console(held: &HeldSession) -> Option<&'static str> {
    match &held.session.identity {
        Some(identity) => Console::of(identity).err(),
        None => Some("who the session is, is not known yet"),
    }
}

/// The address is with the worker, and was asked for to be copied, wherever the person is by now.
pub(super) fn sign_in_url_came(model: &mut Model, session: SessionId, outcome: Result<(), Failure>) -> Vec<Effect> {
    if let Some(Overlay::HandOver(panel)) = &mut model.overlay
        && panel.session == session
    {
        panel.signing_in = false;
    }
    match outcome {
        Ok(()) => vec![Effect::HandOver { session, offer: Offer::SignInUrl }],
        Err(failure) => {
            handed_over(model, Offer::SignInUrl, Err(failure));
            vec![]
        }
    }
}

/// Masks what is being looked at; what was asked for once has to be asked for again.
pub(super) fn hide(model: &mut Model) {
    if let Some(Overlay::HandOver(panel)) = &mut model.overlay {
        *panel = HandOver { signing_in: panel.signing_in, ..HandOver::of(panel.session) };
    }
}

/// Masks it when its time is up.
pub(super) fn hide_when_due(model: &mut Model) {
    if next_change(model).is_some_and(|until| until <= model.now) {
        hide(model);
    }
}

impl Model {
    /// Whether what is drawn of it shows a secret.
    pub fn shows_secret(&self) -> bool {
        next_change(self).is_some()
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
pub(super) fn handed_over(model: &mut Model, offer: Offer, outcome: Result<Delivery, Failure>) {
    let text = match (outcome, offer) {
        (Ok(delivery @ Delivery::Sent(Relay::Tmux)), _) => format!("sent to the terminal{}", delivery.needs()),
        (Ok(Delivery::Taken), Offer::Credentials(_)) => {
            "the secret is in the clipboard until you copy something else".into()
        }
        (Ok(Delivery::Sent(_)), Offer::Credentials(_)) => {
            "sent to the terminal: the secret is in its clipboard until you copy something else".into()
        }
        (Ok(Delivery::Taken), Offer::SignInUrl) => {
            "URL copied: whoever opens it within 15 minutes is signed in as this session".into()
        }
        (Ok(Delivery::Sent(_)), Offer::SignInUrl) => {
            "URL sent to the terminal: whoever opens it within 15 minutes is signed in as this session".into()
        }
        (Err(failure), _) => format!("not copied: {}", printable(&failure.reason())),
    };
    model.say(Tone::Warning, text);
}

/// Says how the shell ended.
pub(super) fn shell_ended(model: &mut Model, outcome: Result<i32, Failure>) {
    match outcome {
        Ok(0) => model.say(Tone::Good, "the shell ended with exit code 0"),
        Ok(code) => model.say(Tone::Warning, format!("the shell ended with exit code {code}")),
        Err(failure) => model.say(Tone::Warning, format!("no shell: {}", printable(&failure.reason()))),
    }
}
