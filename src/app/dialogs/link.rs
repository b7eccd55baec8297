//! A link to one object that works without credentials: for how long, why no longer, and what it will answer.
//!
//! Invariant: nothing is signed before Enter, and nothing at all by a session that is over. The link itself never comes
//! here: it goes from the worker to the clipboard.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::{Action, FieldAction, SessionAction},
        cx::Cx,
        effect::Effect,
        key_row::KeyRow,
        proposed_text::ProposedText,
        text_input::TextInput,
        wish::Wish,
    },
    domain::{
        credentials::SessionId,
        duration::{NotADuration, SessionDuration},
        lifetime::Phase,
        object::{LinkMethod, ObjectAddress, PresignRequest},
    },
};

/// The dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkDialog {
    /// Which session signs.
    pub session: SessionId,
    /// To which object.
    pub address: ObjectAddress,
    /// How long it should work; a choice is a proposal too.
    pub input: ProposedText,
    /// What the link does.
    pub method: LinkMethod,
}

/// Lifetimes to choose from.
pub const LIFETIMES: [&str; 4] = ["15m", "1h", "12h", "7d"];

const METHOD: Action = Action::Fields(FieldAction::Next);

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "copy the link", Action::Submit),
    KeyRow::hinted(&["→"], "longer", Action::Fields(FieldAction::Choose(1))),
    KeyRow::hinted(&["←"], "shorter", Action::Fields(FieldAction::Choose(-1))),
    KeyRow::hinted(&["Tab"], "GET or HEAD", METHOD),
    // No lifetime has this letter.
    KeyRow::listed(&["R"], "renew the session", Action::Sessions(SessionAction::Renew)),
];

impl LinkDialog {
    pub(in crate::app) fn of(session: SessionId, address: ObjectAddress) -> Self {
        let input = ProposedText::new(TextInput::new(LIFETIMES[1]));
        Self { session, address, input, method: LinkMethod::Get }
    }

    /// How long the link should work.
    ///
    /// # Errors
    /// If what is typed is no duration.
    pub fn asked(&self) -> Result<SessionDuration, NotADuration> {
        self.input.text().parse()
    }

    /// The next lifetime to choose that is longer, or shorter; around the ends.
    fn choose(&mut self, steps: isize) {
        let last = LIFETIMES.len() - 1;
        let seconds = |text: &str| text.parse().map_or(0, SessionDuration::as_secs);
        let now = self.asked().map_or(0, SessionDuration::as_secs);
        let at = if steps > 0 {
            LIFETIMES.iter().position(|choice| seconds(choice) > now).unwrap_or(0)
        } else {
            LIFETIMES.iter().rposition(|choice| seconds(choice) < now).unwrap_or(last)
        };
        self.input = ProposedText::new(TextInput::new(LIFETIMES[at]));
    }

    fn sign(&self, cx: &Cx<'_>) -> Outcome {
        let Ok(asked) = self.asked() else { return Outcome::STAY };
        if cx.facts.session == Some(self.session) && cx.facts.phase == Phase::Expired {
            return Outcome::Stay(vec![Wish::warn("no link: the session is over · R renews it")]);
        }
        let request = PresignRequest { address: self.address.clone(), method: self.method, asked };
        Outcome::Close(vec![Effect::SignLink { session: self.session, request }.into()])
    }
}

impl DialogPart for LinkDialog {
    fn title(&self) -> &'static str {
        "link"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::TypeAndScroll
    }

    fn holds_text(&self) -> bool {
        !self.input.is_untouched()
    }

    fn can(&self, action: &Action) -> bool {
        *action != Action::Submit || self.asked().is_ok()
    }

    fn renewed(&mut self, old: SessionId, new: SessionId) {
        if self.session == old {
            self.session = new;
        }
    }

    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => return self.sign(cx),
            Action::Sessions(SessionAction::Renew) => return Outcome::Stay(vec![Wish::Below(action)]),
            Action::Fields(FieldAction::Choose(steps)) => self.choose(steps),
            METHOD => {
                self.method = match self.method {
                    LinkMethod::Get => LinkMethod::Head,
                    LinkMethod::Head => LinkMethod::Get,
                };
            }
            Action::Text(action) => self.input.act(&action),
            _ => {}
        }
        Outcome::STAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_chosen_by_length_from_whatever_is_typed() {
        for (typed, longer, shorter) in [
            ("15m", "1h", "7d"),
            ("1h", "12h", "15m"),
            ("7d", "15m", "12h"),
            ("30m", "1h", "15m"),
            ("1s", "15m", "7d"),
            ("nonsense", "15m", "7d"),
        ] {
            for (steps, chosen) in [(1, longer), (-1, shorter)] {
                let mut dialog = LinkDialog::of(SessionId(1), ObjectAddress::new("b", "a"));
                dialog.input = ProposedText::new(TextInput::new(typed));
                dialog.choose(steps);
                assert_eq!(dialog.input.text(), chosen, "{typed} {steps}");
            }
        }
    }
}
