//! Exporting a session's credentials: one key for each form, pressed twice, and a look at them; at keys that do not expire
//! by a second press too.
//!
//! Invariant: the model knows no secret but those that are being looked at, for ten seconds at most, in a type that masks
//! itself; they are gone when the panel closes, help opens, the program is suspended or the window loses its focus.
//!
//! What was copied is not cleared from the clipboard later. Whether it has changed since could only be told by having the
//! clipboard's content sent back, which terminals refuse, and which would bring whatever lies there into this process.
//! Overwriting it unseen would destroy what the person copied meanwhile. So it is said before and after that it stays there
//! until something else is copied.

use jiff::{SignedDuration, Timestamp};

use super::{DialogPart, Outcome};
use crate::{
    app::{
        action::{Action, DialogAction},
        cx::Cx,
        effect::Effect,
        key_row::KeyRow,
        wish::Wish,
    },
    domain::{
        console::ConsolePage,
        credentials::{RevealedCredentials, SessionId},
        location::Location,
    },
    handover::{Dialect, ExportForm, Offer},
};

/// The panel that offers the forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Whose credentials.
    pub session: SessionId,
    /// Whether these are a profile's own keys that do not expire.
    pub lasting: bool,
    /// Why the session cannot be carried into the web console, as far as that is known without asking.
    pub no_console: Option<&'static str>,
    /// The credentials, while they are looked at.
    pub revealed: Option<Revealed>,
    /// What was asked for once; the same again copies it.
    pub asked: Option<Offer>,
    /// Whether a look was asked for once, at keys that do not expire; the same again shows them.
    pub asked_to_look: bool,
    /// Whether a sign-in URL is on its way.
    pub signing_in: bool,
    /// Where the console begins.
    pub location: Location,
}

/// Credentials on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    /// What is shown.
    pub credentials: RevealedCredentials,
    /// When they are masked again, by this machine's clock.
    pub until: Timestamp,
}

/// How long credentials stay on screen.
const LOOK: SignedDuration = SignedDuration::from_secs(10);

const SHELL: Action = Action::Dialog(DialogAction::Own("shell"));
const REVEAL: Action = Action::Dialog(DialogAction::Own("reveal"));

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(
        &["e"],
        "sh",
        Action::Dialog(DialogAction::Copy(Offer::Credentials(ExportForm::Variables(Dialect::Posix)))),
    ),
    KeyRow::hinted(
        &["f"],
        "fish",
        Action::Dialog(DialogAction::Copy(Offer::Credentials(ExportForm::Variables(Dialect::Fish)))),
    ),
    KeyRow::hinted(
        &["p"],
        "PowerShell",
        Action::Dialog(DialogAction::Copy(Offer::Credentials(ExportForm::Variables(Dialect::PowerShell)))),
    ),
    KeyRow::hinted(&["i"], "profile", Action::Dialog(DialogAction::Copy(Offer::Credentials(ExportForm::Profile)))),
    KeyRow::hinted(&["j"], "JSON", Action::Dialog(DialogAction::Copy(Offer::Credentials(ExportForm::Json)))),
    KeyRow::hinted(&["w"], "console", Action::Dialog(DialogAction::Copy(Offer::SignInUrl))),
    KeyRow::hinted(&["v"], "show", REVEAL),
    KeyRow::hinted(&["s"], "shell", SHELL),
    KeyRow::listed(&["x"], "close", Action::Dismiss),
];

impl Export {
    /// Opens the panel for a session; a sign-in begins at `location`.
    pub const fn of(session: SessionId, lasting: bool, no_console: Option<&'static str>, location: Location) -> Self {
        Self {
            session,
            lasting,
            no_console,
            revealed: None,
            asked: None,
            asked_to_look: false,
            signing_in: false,
            location,
        }
    }

    pub(super) fn mask(&mut self) {
        (self.revealed, self.asked, self.asked_to_look) = (None, None, false);
    }

    pub(super) fn show(&mut self, session: SessionId, credentials: RevealedCredentials, now: Timestamp) {
        if self.session == session {
            self.revealed = Some(Revealed { credentials, until: now + LOOK });
        }
    }

    pub(super) fn identified(&mut self, session: SessionId, no_console: Option<&'static str>) {
        if self.session == session {
            self.no_console = no_console;
        }
    }

    pub(super) fn signed_in(&mut self, session: SessionId) {
        if self.session == session {
            self.signing_in = false;
        }
    }

    /// A secret goes to the clipboard only if the same key is pressed twice; one that cannot be had is refused at once.
    fn copy(&mut self, offer: Offer, asked: Option<Offer>) -> Vec<Wish> {
        let session = self.session;
        if offer == Offer::SignInUrl {
            if let Some(why) = self.no_console {
                return vec![Wish::warn(format!("no sign-in URL: {why}"))];
            }
            if self.signing_in {
                return vec![];
            }
        }
        if asked != Some(offer) {
            self.asked = Some(offer);
            return vec![];
        }
        match offer {
            Offer::Credentials(_) => vec![Effect::HandOver { session, offer }.into()],
            // A link is made in a dialog of its own.
            Offer::Link(_) => vec![],
            Offer::SignInUrl => {
                self.signing_in = true;
                vec![Effect::SignIn { session, page: ConsolePage::Location(self.location.clone()) }.into()]
            }
        }
    }

    fn reveal(&mut self, looking: bool, asked: bool) -> Vec<Wish> {
        if looking {
            self.revealed = None;
            return vec![];
        }
        if self.lasting && !asked {
            self.asked_to_look = true;
            return vec![];
        }
        vec![Effect::Reveal(self.session).into()]
    }
}

impl DialogPart for Export {
    fn title(&self) -> &'static str {
        "export credentials"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    /// Those on screen are no longer its own.
    fn renewed(&mut self, old: SessionId, new: SessionId) {
        if self.session == old {
            self.mask();
            (self.session, self.signing_in) = (new, false);
        }
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        let asked = self.asked.take();
        let asked_to_look = std::mem::take(&mut self.asked_to_look);
        let looking = self.revealed.is_some();
        match action {
            SHELL => Outcome::Close(vec![Effect::Shell(self.session).into()]),
            REVEAL => Outcome::Stay(self.reveal(looking, asked_to_look)),
            Action::Dialog(DialogAction::Copy(offer)) if !looking => Outcome::Stay(self.copy(offer, asked)),
            _ => Outcome::STAY,
        }
    }
}
